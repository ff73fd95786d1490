package csv_test

import (
	"context"
	stdcsv "encoding/csv"
	"errors"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/csv"
	"github.com/reportform/reportform/outputs/outputstest"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func TestFiles(t *testing.T) {
	for name, format := range map[string]outputs.DataFormat{
		"types.csv":  {Dataset: "types"},
		"polish.csv": {Dataset: "types", Separator: ";", DecimalComma: true, Header: outputs.HeaderKeys, BOM: true},
		"agents.csv": {Dataset: "agents"},
		"by_day.csv": {Dataset: "by_day", Separator: "\t", Header: outputs.HeaderNone},
	} {
		t.Run(name, func(t *testing.T) {
			text, said := outputstest.Render(t, csv.Renderer{Format: format}, outputstest.Full("pl"))
			english, _ := outputstest.Render(t, csv.Renderer{Format: format}, outputstest.Full("en"))
			if text != english {
				t.Error("the file depends on the locale")
			}
			if lines := strings.Count(text, "\r\n"); said.Rows != lines && said.Rows != lines-1 {
				t.Errorf("%d rows are said, in %d lines", said.Rows, lines)
			}
			outputstest.Golden(t, name, text)
		})
	}
}

// one renders a dataset of one column of texts.
func one(t *testing.T, format outputs.DataFormat, texts ...string) string {
	t.Helper()
	var rows [][]expr.Value
	for _, s := range texts {
		rows = append(rows, []expr.Value{expr.TextValue(s)})
	}
	doc := outputs.Document{Datasets: []outputs.Dataset{{Name: "d", Table: table.FromValues([]table.Field{{Name: "c", Type: expr.Text}}, rows)}}}
	text, _ := outputstest.Render(t, csv.Renderer{Format: format}, doc)
	return text
}

func TestTextsRunNowhere(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"plain":                  "plain",
		"Łódź":                   "Łódź",
		"=1+1":                   "'=1+1",
		" \u00a0=1+1":            "' \u00a0=1+1",
		"\ufeff=1+1":             "'\ufeff=1+1",
		"@SUM(A1)":               "'@SUM(A1)",
		"+cmd|' /C calc'!A0":     "'+cmd|' /C calc'!A0",
		"-2+3+cmd|' /C calc'!A0": "'-2+3+cmd|' /C calc'!A0",
		"＝1+1":                   "'＝1+1",
		"－1+1":                   "'－1+1",
		"\t=1":                   "'\t=1",
		"\rx":                    "'\rx",
		// A spreadsheet with another separator begins a cell within the text.
		"x;=cmd|' /C calc'!A0": "x;'=cmd|' /C calc'!A0",
		"x,\t=SUM(A1)":         "x,'\t'=SUM(A1)",
		"x\n@SUM(A1)":          "x\n'@SUM(A1)",
		// These do nothing and stay what they are.
		"+48 600 100 200":            "+48 600 100 200",
		"-5":                         "-5",
		"-5,25":                      "-5,25",
		"-":                          "-",
		"a=b":                        "a=b",
		"x@example.com":              "x@example.com",
		"list:\n- one\n- two, three": "list:\n- one\n- two, three",
	} {
		read, err := stdcsv.NewReader(strings.NewReader(one(t, outputs.DataFormat{Header: outputs.HeaderNone}, text))).ReadAll()
		if err != nil || len(read) != 1 || len(read[0]) != 1 || read[0][0] != want {
			t.Errorf("%q is read as %q (%v), want %q", text, read, err, want)
		}
	}
}

// TestNoDialectFindsAFormula reads files as spreadsheets of all countries would at worst, without heed of quotes.
func TestNoDialectFindsAFormula(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable
	pieces := []string{"=", "+", "-", "@", "＝", `"`, "'", ",", ";", "\t", "\n", "\r", " ", "\u00a0", "cmd|' /C calc'!A0", "SUM(A1)", "x", "ą", "1"}
	var texts []string
	for range 20_000 {
		text := ""
		for range 1 + random.IntN(7) {
			text += pieces[random.IntN(len(pieces))]
		}
		texts = append(texts, text)
	}
	for line := range strings.FieldsFuncSeq(one(t, outputs.DataFormat{Header: outputs.HeaderNone}, texts...), func(r rune) bool { return strings.ContainsRune(",;\t\r\n", r) }) {
		found := strings.TrimLeftFunc(strings.TrimLeft(line, `"`), unicode.IsSpace)
		if first, _ := utf8.DecodeRuneInString(found); strings.ContainsRune("=+-@＝", first) && strings.ContainsAny(found, "(|!") {
			t.Fatalf("a spreadsheet could run %q", line)
		}
	}
}

func TestWholeTexts(t *testing.T) {
	for _, text := range []string{`say "no"`, "a,b", "a;b", "a\tb", "two\nlines", " around ", `"`, "a\rb", "ends "} {
		got := one(t, outputs.DataFormat{Header: outputs.HeaderNone}, text)
		if want := `"` + strings.ReplaceAll(text, `"`, `""`) + "\"\r\n"; got != want {
			t.Errorf("%q is written as %q, want %q", text, got, want)
		}
	}
}

func TestWhichDataset(t *testing.T) {
	for name, want := range map[string]string{"": "by_day, agents, types", "other": `no dataset "other"`} {
		_, err := csv.Renderer{Format: outputs.DataFormat{Dataset: name}}.Render(t.Context(), outputstest.Full("en"), filepath.Join(t.TempDir(), "x.csv"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("dataset %q: %v, want %s", name, err, want)
		}
	}
}

func TestNothingIsLeftOfAHalfFile(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "x.csv")
	_, err := csv.Renderer{Format: outputs.DataFormat{Dataset: "types"}}.Render(ctx, outputstest.Full("en"), path)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Render after cancel: %v", err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file is left: %v", err)
	}
}

func BenchmarkRows(b *testing.B) {
	doc := outputstest.Full("pl")
	agents := doc.Datasets[1].Table
	batches, fields := slices.Collect(seq(agents)), agents.Fields()
	const times = 20_000
	all, err := table.Collect(b.Context(), table.Rows{Fields: fields, Seq: func(yield func(*table.Batch, error) bool) {
		for range times {
			for _, batch := range batches {
				if !yield(batch, nil) {
					return
				}
			}
		}
	}}, table.Spool{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = all.Close() })
	doc = outputs.Document{Datasets: []outputs.Dataset{{Name: "d", Table: all}}}
	b.ReportAllocs()
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "x.csv")
		if _, err := (csv.Renderer{}).Render(b.Context(), doc, path); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(all.Len()*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func seq(t *table.Table) iter.Seq[*table.Batch] {
	return func(yield func(*table.Batch) bool) {
		for batch := range t.Rows().Seq {
			if !yield(batch) {
				return
			}
		}
	}
}
