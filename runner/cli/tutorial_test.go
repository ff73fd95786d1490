package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A new user does what the tutorial says, from nothing to a scheduled report, and sees what the tutorial shows. What it ends
// with stands beside it, where UPDATE=1 puts it.
func TestTutorial(t *testing.T) {
	const folder = "../../examples/tutorial"
	t.Parallel()
	r := newReader(t)
	r.follow(folder + "/README.md")
	// In this repository the schema lies elsewhere.
	made := strings.Replace(r.read("my-reports/reports.yaml"), "$schema=reportform.v1.", "$schema=../../schema/reportform.editor.v1.", 1)
	if end := folder + "/reports.yaml"; os.Getenv("UPDATE") != "" {
		check(t, os.WriteFile(end, []byte(made), 0o644))
	} else if made != string(must(os.ReadFile(end))) {
		t.Errorf("the tutorial ends with another configuration than %s has:\n%s", end, made)
	}
}

// The cookbook's reports come to what its page shows.
func TestCookbook(t *testing.T) {
	const folder = "../../examples/cookbook"
	t.Parallel()
	r := newReader(t)
	for _, file := range must(filepath.Glob(folder + "/*.yaml")) {
		check(t, os.WriteFile(filepath.Join(r.dir, filepath.Base(file)), must(os.ReadFile(file)), 0o644))
	}
	r.follow(folder + "/README.md")
}

// reader does what a page says.
type reader struct {
	t *testing.T
	// dir is the folder that the reader is in by now.
	dir string
	env []string
}

func newReader(t *testing.T) *reader {
	t.Helper()
	for _, program := range []string{"sh", "git"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	home := t.TempDir()
	return &reader{t: t, dir: home, env: slices.Concat(os.Environ(), pipelines, []string{
		"NOW=2026-11-23T08:00:00Z", "HOME=" + home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_AUTHOR_NAME=Reader", "GIT_AUTHOR_EMAIL=reader@example.com", "GIT_COMMITTER_NAME=Reader", "GIT_COMMITTER_EMAIL=reader@example.com",
	})}
}

// fence is a fenced block of a page: its language, what stands behind that, and its lines.
var fence = regexp.MustCompile("(?ms)^```(sh|text|yaml|diff)( [^\n]*)?\n(.*?)^```$")

// follow does what a page says, block by block:
//
//   - sh is run in a shell, in one folder after the other as cd says, and must succeed; "sh fails" must not;
//   - text is what the block of commands above it prints, … on a line of its own standing for any lines,
//     sizes and seconds aside;
//   - "yaml FILE" is a part of that file as it is by then, and "diff FILE" changes it.
//
// UPDATE=1 writes the texts anew where they differ.
func (r *reader) follow(page string) {
	r.t.Helper()
	text := string(must(os.ReadFile(page)))
	var printed string
	var updated strings.Builder
	after := 0
	for _, at := range fence.FindAllStringSubmatchIndex(text, -1) {
		language, rest, body := text[at[2]:at[3]], "", text[at[6]:at[7]]
		if at[4] >= 0 {
			rest = strings.TrimSpace(text[at[4]:at[5]])
		}
		where := fmt.Sprintf("%s:%d", page, 1+strings.Count(text[:at[0]], "\n"))
		switch language {
		case "sh":
			printed = r.run(where, body, rest == "fails")
		case "text":
			if like(body, printed) {
				continue
			}
			updated.WriteString(text[after:at[6]] + printed)
			after = at[7]
			if os.Getenv("UPDATE") == "" {
				r.t.Errorf("%s: the page shows\n%s\nand what is printed is\n%s", where, body, printed)
			}
		case "yaml":
			if !strings.Contains(r.read(rest), body) {
				r.t.Errorf("%s: this does not stand in %s", where, rest)
			}
		case "diff":
			r.change(where, rest, body)
		}
	}
	if os.Getenv("UPDATE") != "" {
		check(r.t, os.WriteFile(page, []byte(updated.String()+text[after:]), 0o644))
	}
}

// run runs a block of commands, and returns what it prints; where it fails, what it says of that, too.
func (r *reader) run(where, commands string, fails bool) string {
	r.t.Helper()
	stays := filepath.Join(r.t.TempDir(), "dir")
	var stdout, stderr strings.Builder
	cmd := exec.CommandContext(r.t.Context(), "sh", "-e", "-c", commands+"pwd > "+stays+"\n")
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = r.dir, r.env, &stdout, &stderr
	if err := cmd.Run(); (err != nil) != fails {
		r.t.Fatalf("%s: %v\n%s%s", where, err, stdout.String(), stderr.String())
	}
	if fails {
		return stdout.String() + stderr.String()
	}
	r.dir = strings.TrimSpace(string(must(os.ReadFile(stays))))
	return stdout.String()
}

func (r *reader) read(file string) string {
	return string(must(os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(file)))))
}

// change puts the lines of a diff that begin with + into the place of those that begin with -, which stand there once
// between those that begin with a space.
func (r *reader) change(where, file, diff string) {
	r.t.Helper()
	var before, after strings.Builder
	for line := range strings.Lines(diff) {
		if line == "\n" {
			line = " \n" // as editors leave it
		}
		if line[0] != '+' {
			before.WriteString(line[1:])
		}
		if line[0] != '-' {
			after.WriteString(line[1:])
		}
	}
	text := r.read(file)
	if n := strings.Count(text, before.String()); n != 1 {
		r.t.Fatalf("%s: the lines before the change stand in %s %d times:\n%s", where, file, n, text)
	}
	text = strings.Replace(text, before.String(), after.String(), 1)
	check(r.t, os.WriteFile(filepath.Join(r.dir, filepath.FromSlash(file)), []byte(text), 0o644))
}

// about are sizes, which follow every change of how reports look, and seconds of the clock.
var about = regexp.MustCompile(`[0-9]+ kB|:[0-9]{2}Z`)

// like compares what is printed with what a page shows of it, in which … stands for any lines.
func like(shown, printed string) bool {
	shown, printed = about.ReplaceAllString(shown, "about"), about.ReplaceAllString(printed, "about")
	parts := strings.Split("\n"+strings.TrimRight(shown, "\n")+"\n", "\n…\n")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(`(?s)\A` + strings.Join(parts, "(?:\n.*)?\n") + `\z`).MatchString("\n" + strings.TrimRight(printed, "\n") + "\n")
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
