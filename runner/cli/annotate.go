package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/reportform/reportform/spec/diag"
)

// mostAnnotations is how many errors, and how many warnings, GitHub shows of a step; it drops the rest without a word.
const mostAnnotations = 10

// annotator writes annotations for GitHub's runner, as many of a run as GitHub shows.
type annotator struct {
	// place names a file as GitHub knows it.
	place            func(diag.List) diag.List
	errors, warnings int
}

// write annotates the first, errors before warnings, and says how many more there are.
func (a *annotator) write(w io.Writer, list diag.List) {
	var rest []string
	for _, k := range []struct {
		severity diag.Severity
		used     *int
		what     string
	}{{diag.Error, &a.errors, "error"}, {diag.Warning, &a.warnings, "warning"}} {
		var some diag.List
		for _, d := range list.Sorted() {
			if d.Severity == k.severity {
				some = append(some, d)
			}
		}
		n := min(len(some), mostAnnotations-*k.used)
		*k.used += n
		_ = diag.GitHub(w, a.place(some[:n]))
		if more := len(some) - n; more > 0 {
			rest = append(rest, count(more, k.what))
		}
	}
	if len(rest) > 0 {
		_, _ = fmt.Fprintf(w, "::notice title=Not all is shown here::%s more: the step's log has all of them\n", strings.Join(rest, " and "))
	}
}

// checkedOut names the files of diagnostics from the top of the checkout, whose folder a CI system says in the environment:
// that is how it knows them, wherever the program was started.
func (p *program) checkedOut(list diag.List, top string) diag.List {
	folder, ok := p.Env(top)
	if !ok || folder == "" {
		return list
	}
	out := append(diag.List{}, list...)
	for i := range out {
		if d := &out[i]; d.Subject.File != "" {
			d.Subject.File = within(folder, p.path(d.Subject.File), d.Subject.File)
		}
	}
	return out
}

// within is a path from a folder, with slashes; as it was written where it is not in there, or none.
func within(folder, path, written string) string {
	if strings.HasPrefix(written, diag.Argument) || strings.HasPrefix(written, diag.Environment) {
		return written
	}
	// A runner may name the folder by a link.
	for _, at := range []*string{&folder, &path} {
		if real, err := filepath.EvalSymlinks(*at); err == nil {
			*at = real
		}
	}
	rel, err := filepath.Rel(folder, path)
	if err != nil || !filepath.IsLocal(rel) {
		return written
	}
	return filepath.ToSlash(rel)
}

// writeQuality writes a report on code quality for GitLab.
func (p *program) writeQuality(path string, problems diag.List) error {
	var b bytes.Buffer
	err := diag.CodeQuality(&b, p.checkedOut(problems, "CI_PROJECT_DIR"))
	if err == nil {
		err = os.WriteFile(path, p.redact.hide(b.Bytes()), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write --code-quality: %w", err)
	}
	return nil
}

// onGitHub reports whether a runner of GitHub Actions reads what is printed.
func (p *program) onGitHub() bool {
	on, _ := p.Env("GITHUB_ACTIONS")
	return on == "true"
}

// shortestMask is the length from which the runner is told to mask a secret, in bytes: it masks that text in all that the
// job prints, and a shorter one stands in every second word.
const shortestMask = 6

// masking tells GitHub's runner of a secret, line by line as it masks, so that neither this step's log shows it nor that of
// a later one. The runner reads commands from both streams. They go to standard error, since standard output is often
// piped into a file or a program, where a line of it must not hold a secret and with --json has to be an object.
func masking(write func([]byte)) func(secret string) {
	return func(secret string) {
		var b bytes.Buffer
		for line := range strings.FieldsFuncSeq(secret, func(c rune) bool { return c == '\n' || c == '\r' }) {
			if line = strings.TrimSpace(line); len(line) >= shortestMask {
				_, _ = fmt.Fprintf(&b, "::add-mask::%s\n", strings.ReplaceAll(line, "%", "%25"))
			}
		}
		write(b.Bytes())
	}
}
