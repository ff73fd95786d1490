package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/outputstest"
	"github.com/reportform/reportform/outputs/xlsx"
)

func formats() map[string]outputs.Renderer {
	return map[string]outputs.Renderer{".xlsx": xlsx.Renderer{}, ".fake": fake("hello")}
}

// fake renders its own text.
type fake string

func (f fake) Render(_ context.Context, _ outputs.Document, path string) (outputs.Rendered, error) {
	return outputs.Rendered{Rows: 3, Sheets: 1, Content: "sha256:content", Notices: []string{"a notice"}}, os.WriteFile(path, []byte(f), 0o600)
}
func (fake) MediaType() string { return "text/fake" }

func made(t *testing.T, root, path string) (outputs.Output, outputs.Artifact) {
	t.Helper()
	o, err := New(outputs.FileTarget{Root: root, Path: path}, formats())
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	a, err := o.Render(t.Context(), outputs.Document{}, outputstest.Key(), t.TempDir())
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	return o, a
}

// files lists everything beneath a folder, hidden files too.
func files(t *testing.T, root string) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestContract(t *testing.T) {
	root := t.TempDir()
	outputstest.Run(t, outputstest.Kind{
		Make: func(t *testing.T) outputs.Output {
			t.Helper()
			o, err := New(outputs.FileTarget{Root: root, Path: "out/weekly-chats-2026-11-09.xlsx"}, formats())
			if err != nil {
				t.Fatalf("New: %v", err)
			}
			return o
		},
		Delivered: func(t *testing.T) int { t.Helper(); return len(files(t, root)) },
		Repeats:   true,
	})
}

func TestDeliverWritesTheFile(t *testing.T) {
	root := t.TempDir()
	o, a := made(t, root, "a/b/c.fake")
	if a.Name != "c.fake" || a.Rows != 3 || a.Sheets != 1 || len(a.Notices) != 1 || a.MediaType != "text/fake" {
		t.Errorf("artifact: %+v", a)
	}
	r, err := o.Deliver(t.Context(), a, outputstest.Key())
	if err != nil {
		t.Fatalf("Deliver: %v", err)
	}
	if r.Where != "a/b/c.fake" || r.Path != filepath.Join(root, "a", "b", "c.fake") {
		t.Errorf("receipt: %+v", r)
	}
	if got := files(t, root); len(got) != 1 || got[0] != "a/b/c.fake" {
		t.Errorf("files: %q", got)
	}
	data, err := os.ReadFile(r.Path)
	if err != nil || string(data) != "hello" {
		t.Errorf("content %q, %v", data, err)
	}
	if info, err := os.Stat(r.Path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestDeliverLeavesAnotherFile(t *testing.T) {
	root := t.TempDir()
	o, a := made(t, root, "c.fake")
	if err := os.WriteFile(filepath.Join(root, "c.fake"), []byte("by hand"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := o.Deliver(t.Context(), a, outputstest.Key())
	var different *Different
	if !errors.As(err, &different) || different.Wanted != a.Digest || different.Found == a.Digest {
		t.Fatalf("Deliver onto another file: %v", err)
	}
	if data, _ := os.ReadFile(filepath.Join(root, "c.fake")); string(data) != "by hand" {
		t.Errorf("the other file became %q", data)
	}
	if got := files(t, root); len(got) != 1 {
		t.Errorf("files: %q", got)
	}
}

func TestPathsThatAreRefused(t *testing.T) {
	for _, path := range []string{"", "/etc/x.fake", "../x.fake", "a/../../x.fake", "a/../x.fake", "..", ".", "a/", `a\x.fake`, "x\x00.fake", "x.docx", "x"} {
		if _, err := New(outputs.FileTarget{Root: t.TempDir(), Path: path}, formats()); err == nil {
			t.Errorf("the path %q was taken", path)
		}
	}
}

func TestUnknownEndingNamesTheKnown(t *testing.T) {
	_, err := New(outputs.FileTarget{Root: ".", Path: "out/x.xslx"}, formats())
	if err == nil || !strings.Contains(err.Error(), ".fake, .xlsx") {
		t.Errorf("error: %v", err)
	}
}

func TestSymbolicLinksAreRefused(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "there.fake"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]func(root string) error{
		"a folder that leads out": func(root string) error { return os.Symlink(outside, filepath.Join(root, "out")) },
		"a folder that stays inside": func(root string) error {
			return errors.Join(os.Mkdir(filepath.Join(root, "in"), 0o700), os.Symlink("in", filepath.Join(root, "out")))
		},
		"a link to nowhere": func(root string) error { return os.Symlink("nowhere", filepath.Join(root, "out")) },
		"the file itself": func(root string) error {
			return errors.Join(os.Mkdir(filepath.Join(root, "out"), 0o700), os.Symlink(filepath.Join(outside, "there.fake"), filepath.Join(root, "out", "c.fake")))
		},
		"the file itself, within": func(root string) error {
			return errors.Join(os.Mkdir(filepath.Join(root, "out"), 0o700), os.WriteFile(filepath.Join(root, "out", "same"), []byte("hello"), 0o600), os.Symlink("same", filepath.Join(root, "out", "c.fake")))
		},
		"a file for a folder": func(root string) error { return os.WriteFile(filepath.Join(root, "out"), nil, 0o600) },
		"a folder for a file": func(root string) error { return os.MkdirAll(filepath.Join(root, "out", "c.fake"), 0o700) },
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			if err := prepare(root); err != nil {
				t.Skipf("no symbolic links here: %v", err)
			}
			o, a := made(t, root, "out/c.fake")
			if r, err := o.Deliver(t.Context(), a, outputstest.Key()); err == nil {
				t.Fatalf("delivered: %+v", r)
			}
			if got := files(t, outside); len(got) != 1 {
				t.Errorf("outside: %q", got)
			}
		})
	}
}

func TestAFailureLeavesNothing(t *testing.T) {
	t.Run("the artifact changed", func(t *testing.T) {
		root := t.TempDir()
		o, a := made(t, root, "out/c.fake")
		if err := os.WriteFile(a.Path, []byte("tampered"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Deliver(t.Context(), a, outputstest.Key()); err == nil || outputs.IsInDoubt(err) {
			t.Fatalf("error: %v", err)
		}
		if got := files(t, root); len(got) != 0 {
			t.Errorf("files: %q", got)
		}
	})
	t.Run("the artifact is gone", func(t *testing.T) {
		root := t.TempDir()
		o, a := made(t, root, "out/c.fake")
		if err := os.Remove(a.Path); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Deliver(t.Context(), a, outputstest.Key()); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("error: %v", err)
		}
		if got := files(t, root); len(got) != 0 {
			t.Errorf("files: %q", got)
		}
	})
}
