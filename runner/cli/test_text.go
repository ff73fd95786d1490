package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"github.com/reportform/reportform/runner/reporttest"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// testRun is the result of a test as JSON has it.
type testRun struct {
	Name     string        `json:"name"`
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Report   string        `json:"report"`
	Passed   bool          `json:"passed"`
	Seconds  float64       `json:"seconds"`
	Failures []testFailure `json:"failures"`
}

// testFailure is one thing that came out otherwise.
type testFailure struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	About    string `json:"about"`
	Of       string `json:"of,omitempty"`
	Row      string `json:"row,omitempty"`
	Field    string `json:"field,omitempty"`
	Expected string `json:"expected"`
	Got      string `json:"got,omitempty"`
	Beside   string `json:"beside,omitempty"`
	Why      string `json:"why,omitempty"`
}

// showResult tells what became of a test: one line, and beneath it what came out otherwise.
func (p *program) showResult(r reporttest.Result, s *suite, update bool) {
	v := p.text
	run := testRun{
		Name: r.Test.Name, File: r.File.Name, Line: r.Test.Range.Start.Line, Report: r.Test.Report,
		Passed: r.Passed(), Seconds: r.Took.Seconds(), Failures: []testFailure{},
	}
	for _, f := range r.Failures {
		at := place(f.Expectation)
		run.Failures = append(run.Failures, testFailure{
			File: r.File.Name, Line: f.Want.Range.Start.Line, Column: f.Want.Range.Start.Column,
			About: at[0], Of: at[1], Row: at[2], Field: at[3], Expected: expected(f.Want), Got: f.Got, Beside: f.Beside, Why: f.Why,
		})
	}
	p.view.object("test_run", run)
	switch {
	case r.Passed():
		p.lines("%s %s: %s\n", v.color(color.FgGreen, "✓"), r.Test.Report, r.Test.Name)
	case update && updatable(r):
		p.lines("%s %s: %s\n", v.color(color.FgYellow, "~"), r.Test.Report, r.Test.Name)
	default:
		p.lines("%s %s: %s\n", v.color(color.FgRed, "✗"), r.Test.Report, r.Test.Name)
	}
	if len(r.Failures) > 0 {
		p.lines("\n%s", styled(diag.Printable(unlike(r.Failures))))
	}
	p.view.diagnostics(r.Problems, s.with(s.configOf(r)))
	p.annotate(r, update)
}

func (s *suite) configOf(r reporttest.Result) *configuration {
	return s.configs[strings.Join(r.Test.Vars, "\n")]
}

// annotate says on GitHub Actions at the line of the file what came out otherwise there.
func (p *program) annotate(r reporttest.Result, update bool) {
	if on, _ := p.Env("GITHUB_ACTIONS"); on != "true" || p.flags.json || update {
		return
	}
	var found diag.List
	for _, f := range r.Failures {
		got := strings.TrimSpace(f.Got + " " + beside(f))
		named := strings.Join(slices.DeleteFunc(place(f.Expectation), func(s string) bool { return s == "" }), " > ")
		found.Add(diag.Diagnostic{
			Code: "test-failed", Summary: "Test failed", Subject: f.Want.Range, Context: fmt.Sprintf("test %q", r.Test.Name),
			Detail: fmt.Sprintf("%s: expected %s, got %s", named, expected(f.Want), got),
		})
	}
	var b bytes.Buffer
	p.text.annotator.write(&b, found)
	p.lines("%s", styled(b.String()))
}

// unlike lays out what came out otherwise: where it is in the file and in the report, what was expected and what came.
func unlike(failures []reporttest.Failure) string {
	rows := [][]string{{"line", "", "", "", "", "expected", "got", ""}}
	for _, f := range failures {
		got := f.Got
		if f.Why != "" {
			got = "–"
		}
		row := append([]string{strconv.Itoa(f.Want.Range.Start.Line)}, place(f.Expectation)...)
		rows = append(rows, append(row, expected(f.Want), got, beside(f)))
	}
	// What is nowhere said takes no room.
	for i := len(rows[0]) - 1; i >= 0; i-- {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[i] != "" }) {
			for r := range rows {
				rows[r] = slices.Delete(rows[r], i, i+1)
			}
		}
	}
	return columns(rows)
}

// beside is what is said of a difference behind it: why there is nothing, or the value in its other form.
func beside(f reporttest.Failure) string {
	switch {
	case f.Why != "":
		return f.Why
	case f.Beside != "":
		return "(" + f.Beside + ")"
	}
	return ""
}

// place names what an expectation is about: its key; the dataset, label or destination; the row; the column.
func place(x spec.Expectation) []string {
	row := ""
	if x.Row > 0 {
		row = fmt.Sprintf("row %d", x.Row)
	}
	var held []string
	for _, c := range x.Where {
		held = append(held, c.Column+": "+expected(c.Want))
	}
	return []string{string(x.About), x.Of, row + strings.Join(held, ", "), x.Column}
}

// expected is a value as the file has it.
func expected(w spec.Want) string {
	switch w.Form {
	case spec.WantList:
		return "[" + strings.Join(w.Items, ", ") + "]"
	case spec.WantMissing:
		return "null"
	default:
		return w.Text
	}
}

// explained is a result in words, for who reads it elsewhere.
func explained(r reporttest.Result, s *suite) string {
	var b bytes.Buffer
	if len(r.Failures) > 0 {
		b.WriteString(unlike(r.Failures))
	}
	if len(r.Problems) > 0 {
		_ = diag.Text(&b, r.Problems, s.with(s.configOf(r)), diag.TextOptions{})
	}
	return b.String()
}
