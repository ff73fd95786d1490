package spec

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/reportform/reportform/spec/diag"
)

var update = flag.Bool("update", false, "write the expected outputs of testdata/err")

// catalog is what the cases know as the sources of a thulium or demo connection.
func catalog(t testing.TB) map[string]map[string]*Source {
	t.Helper()
	data, err := os.ReadFile("testdata/catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sources, diags := ParseSources(data, "catalog.yaml")
	if len(diags) > 0 {
		t.Fatalf("catalog: %+v", diags)
	}
	return map[string]map[string]*Source{"thulium": sources, "demo": sources}
}

// loadCase loads a file or folder beneath testdata. Lines "# --var name=value" and "# env NAME=value" at the top of
// its first file say what is given from outside.
func loadCase(t testing.TB, path string) (*Config, diag.List) {
	t.Helper()
	o := Options{Catalogs: catalog(t)}
	fsys, name := os.DirFS(filepath.Dir(path)), filepath.Base(path)
	first := path
	if info, err := os.Stat(path); err != nil {
		t.Fatal(err)
	} else if info.IsDir() {
		fsys, name = os.DirFS(path), "."
		files, err := filepath.Glob(filepath.Join(path, "*.y*ml"))
		if err != nil {
			t.Fatal(err)
		}
		first = ""
		if len(files) > 0 {
			first = files[0]
		}
	}
	given := map[string]string{}
	if first != "" {
		data, err := os.ReadFile(first)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if arg, ok := strings.CutPrefix(strings.TrimSpace(line), "# --var "); ok {
				o.Vars = append(o.Vars, arg)
			}
			if arg, ok := strings.CutPrefix(strings.TrimSpace(line), "# env "); ok {
				key, value, _ := strings.Cut(arg, "=")
				given[key] = value
			}
		}
	}
	o.Env = func(name string) (string, bool) {
		value, ok := given[name]
		return value, ok
	}
	c, diags, err := Load(fsys, name, o)
	if err != nil {
		t.Fatal(err)
	}
	return c, diags
}

// cases are the files and folders of a folder of testdata.
func cases(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) == ".yaml" {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out
}

func TestSoundConfigurationsAreSilent(t *testing.T) {
	t.Parallel()
	for _, path := range cases(t, "testdata/ok") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			c, diags := loadCase(t, path)
			if len(diags) > 0 {
				t.Error("\n" + shown(t, diags, c.Files))
			}
		})
	}
}

func TestFaultsAreSaid(t *testing.T) {
	t.Parallel()
	for _, path := range cases(t, "testdata/err") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			c, diags := loadCase(t, path)
			if !diags.HasErrors() {
				t.Fatal("loaded without an error")
			}
			for _, d := range diags {
				checkCaret(t, d, c.Files)
			}
			out := shown(t, diags, c.Files)
			if strings.Contains(out, "hunter2") {
				t.Errorf("a secret is shown:\n%s", out)
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".txt", out)
		})
	}
}

// checkCaret wants every diagnostic to point into a file; only a folder without files has nothing to point at.
func checkCaret(t *testing.T, d diag.Diagnostic, files diag.Files) {
	t.Helper()
	if d.Code == "no-configuration" {
		return
	}
	data, ok := files[d.Subject.File]
	lines := bytes.Split(data, []byte("\n"))
	if !ok || d.Subject.Start.Line < 1 || d.Subject.Start.Line > len(lines) || d.Subject.Start.Column < 1 {
		t.Errorf("no place for a caret: %+v", d)
	}
}

func shown(t *testing.T, diags diag.List, files diag.Files) string {
	t.Helper()
	var out strings.Builder
	if err := diag.Text(&out, diags, files, diag.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s", path, got)
	}
}

func TestReadErrorsAreErrors(t *testing.T) {
	t.Parallel()
	if _, _, err := Load(fstest.MapFS{}, "absent.yaml", Options{}); err == nil {
		t.Error("a file that is not there is no diagnostic, and no error either")
	}
}

// thousand is a folder of n files with one report each, and one with what they share.
func thousand(n int) fs.FS {
	files := fstest.MapFS{"shared.yaml": {Data: []byte(`version: 1
settings: {timezone: Europe/Warsaw}
connections:
  demo: {type: demo}
  out: {type: outbox, directory: out, from: reports@example.com}
`)}}
	for i := range n {
		files[fmt.Sprintf("r%04d.yaml", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, `version: 1
reports:
  weekly-%d:
    title: Chats, ${range.label}
    range: last_week
    not_before: "07:00"
    datasets:
      by_day:
        source: demo.chats_summary
        filters: {chat_queue_ids: [1, 3], sum_users: true}
        aggregate_by: day
      by_agent:
        source: demo.chats_summary
        aggregate_by: week
        transform:
          - derive: {answer_rate: "ratio(answered, incoming)"}
          - sort: [-answered, user_name]
    checks:
      - assert: rows(by_day) > 0
        message: The API returned no chats at all.
    destinations:
      archive:
        file: {path: "out/${report.name}-${range.from}.xlsx"}
      leads:
        email:
          via: out
          to: [leads@example.com]
          subject: Chats ${range.iso_week}, ${sum(by_day.answered)} answered
          attach: [workbook]
`, i)}
	}
	return files
}

func BenchmarkLoad1000(b *testing.B) {
	o := Options{Catalogs: catalog(b)}
	fsys := thousand(1000)
	b.ReportAllocs()
	for b.Loop() {
		c, diags, err := Load(fsys, ".", o)
		if err != nil || diags.HasErrors() || len(c.Reports) != 1000 {
			b.Fatalf("%d reports, %v, %+v", len(c.Reports), err, diags)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, dir := range []string{"testdata/ok", "testdata/err"} {
		paths, err := filepath.Glob(dir + "/*.yaml")
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	o := Options{Catalogs: catalog(f)}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, diags, err := Load(fstest.MapFS{"a.yaml": {Data: data}}, "a.yaml", o)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diags {
			if d.Subject.Start.Line < 1 || d.Summary == "" || d.Detail == "" {
				t.Errorf("a diagnostic without place or words: %+v", d)
			}
		}
		if len(diags) > 0 {
			shown(t, diags, c.Files)
		}
	})
}
