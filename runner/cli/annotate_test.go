package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/diag"
)

// The runner masks by lines, in all that the job prints: a short line would hide half of it.
func TestMasking(t *testing.T) {
	for secret, want := range map[string]string{
		"tajne-hasło":                   "::add-mask::tajne-hasło\n",
		"-----BEGIN-----\r\nabcdef\nok": "::add-mask::-----BEGIN-----\n::add-mask::abcdef\n",
		"100%-sure\n::error::no":        "::add-mask::100%25-sure\n::add-mask::::error::no\n",
		"  token-1  \n\n":               "::add-mask::token-1\n",
		"short":                         "",
		"a\nb\nc\nd\ne\nf":              "",
	} {
		var b bytes.Buffer
		masking(func(line []byte) { b.Write(line) })(secret)
		if b.String() != want {
			t.Errorf("%q: %q, want %q", secret, b.String(), want)
		}
	}
}

// A secret is told once, and before it is hidden; one that is too short to be hidden is not told.
func TestAnnounce(t *testing.T) {
	r := &redactor{}
	var told []string
	r.announce = func(secret string) { told = append(told, string(r.hide([]byte(secret)))) }
	for _, secret := range []string{"first-secret", "abc", "second-secret", "first-secret"} {
		r.add(secret)
	}
	if want := []string{"first-secret", "second-secret"}; !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
}

// GitHub shows ten errors and ten warnings of a step, however many times the program tells of some.
func TestAnnotationsOfAStep(t *testing.T) {
	a := &annotator{place: func(l diag.List) diag.List { return l }}
	list := func(errors, warnings int) (out diag.List) {
		for i := range errors {
			out.Add(diag.Diagnostic{Subject: diag.Range{File: "a.yaml", Start: diag.Pos{Line: i + 1, Column: 1}}, Code: "e", Summary: "Wrong"})
		}
		for i := range warnings {
			out.Add(diag.Diagnostic{Subject: diag.Range{File: "a.yaml", Start: diag.Pos{Line: i + 1, Column: 1}}, Severity: diag.Warning, Code: "w", Summary: "Odd"})
		}
		return out
	}
	for _, c := range []struct {
		list             diag.List
		errors, warnings int
		rest             string
	}{
		{list(4, 1), 4, 1, ""},
		{list(8, 0), 6, 0, "2 errors more"},
		{list(1, 12), 0, 9, "1 error and 3 warnings more"},
	} {
		var b bytes.Buffer
		a.write(&b, c.list)
		text := b.String()
		if e, w := strings.Count(text, "::error "), strings.Count(text, "::warning "); e != c.errors || w != c.warnings {
			t.Errorf("%d errors and %d warnings, want %d and %d", e, w, c.errors, c.warnings)
		}
		if strings.Contains(text, "::notice") != (c.rest != "") || !strings.Contains(text, c.rest) {
			t.Errorf("of the rest it says %q, want %q", text, c.rest)
		}
	}
}

// Links of a commit are followed within it, and nothing of it is taken from the work tree.
func TestRevision(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "--quiet", "--initial-branch=main")
	write("secret.yaml", "outside")
	write("conf/żółw a.yaml", "then")
	write("conf/[x].yaml", "brackets")
	write("conf/sub/deep.yaml", "deep")
	for link, to := range map[string]string{"in.yaml": "sub/deep.yaml", "out.yaml": "../secret.yaml", "abs.yaml": "/etc/passwd", "one.yaml": "two.yaml", "two.yaml": "one.yaml"} {
		if err := os.Symlink(to, filepath.Join(dir, "conf", link)); err != nil {
			t.Skip(err)
		}
	}
	git("add", ".")
	git("commit", "--quiet", "-m", "then")
	write("conf/żółw a.yaml", "now")

	rev, err := openRevision(t.Context(), filepath.Join(dir, "conf"), "conf", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"żółw a.yaml": "then", "[x].yaml": "brackets", "sub/deep.yaml": "deep", "in.yaml": "deep"} {
		if data, err := rev.ReadFile(name); err != nil || string(data) != want {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	for _, name := range []string{"out.yaml", "abs.yaml", "one.yaml", "sub", "missing.yaml", "../secret.yaml", "*.yaml", "x.yaml"} {
		if data, err := rev.ReadFile(name); err == nil {
			t.Errorf("%s is read: %q", name, data)
		}
	}
	list, err := rev.ReadDir(".")
	if err != nil || len(list) != 8 {
		t.Errorf("%d names, want 8: %v, %v", len(list), list, err)
	}
	if _, err := rev.ReadDir("in.yaml"); err == nil {
		t.Error("a file is read as a folder")
	}
	for name, want := range map[string]string{
		"nowhere": "is no commit that this clone has", "HEAD:conf": "is no commit that this clone has", "": "is no commit that this clone has",
		"--all": "is no revision of git",
	} {
		if _, err := openRevision(t.Context(), dir, ".", name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}
