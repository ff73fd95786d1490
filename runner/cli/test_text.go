package cli

import (
	"bytes"
	"fmt"
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
	Where    string `json:"where,omitempty"`
	Expected string `json:"expected"`
	Got      string `json:"got,omitempty"`
	Shown    string `json:"shown,omitempty"`
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
		run.Failures = append(run.Failures, testFailure{
			File: r.File.Name, Line: f.Want.Range.Start.Line, Column: f.Want.Range.Start.Column,
			About: string(f.About), Where: where(f.Expectation), Expected: expected(f.Want), Got: f.Got, Shown: f.Shown, Why: f.Why,
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
		p.lines("\n%s\n", styled(diag.Printable(unlike(r.Failures))))
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
		got := f.Why
		if got == "" {
			got = "is " + f.Got + beside(f)
		}
		found.Add(diag.Diagnostic{
			Code: "test-failed", Summary: "Test failed", Subject: f.Want.Range, Context: fmt.Sprintf("test %q", r.Test.Name),
			Detail: fmt.Sprintf("%s: expected %s, %s.", strings.TrimSpace(string(f.About)+" "+where(f.Expectation)), expected(f.Want), got),
		})
	}
	var b bytes.Buffer
	_ = diag.GitHub(&b, found)
	p.lines("%s", styled(b.String()))
}

// unlike lays out what came out otherwise in columns: where it is, what was expected and what came.
func unlike(failures []reporttest.Failure) string {
	rows := [][]string{{"", "", "expected", "got", ""}}
	for _, f := range failures {
		got, note := f.Got, strings.TrimSpace(beside(f))
		if f.Why != "" {
			got, note = "–", f.Why
		}
		rows = append(rows, []string{string(f.About), where(f.Expectation), expected(f.Want), got, note})
	}
	for _, row := range rows {
		row[0] = "  " + row[0]
	}
	return columns(rows)
}

// beside is what a value is beside how it is written: what readers see, or what it is exactly.
func beside(f reporttest.Failure) string {
	if f.Shown == "" || f.Shown == f.Got {
		return ""
	}
	return " (" + f.Shown + ")"
}

// where names what an expectation is about: dataset, row and column, a label or a destination.
func where(x spec.Expectation) string {
	parts := []string{x.Of}
	switch {
	case x.Row > 0:
		parts = append(parts, fmt.Sprintf("row %d", x.Row))
	case len(x.Where) > 0:
		var held []string
		for _, c := range x.Where {
			held = append(held, c.Column+": "+expected(c.Want))
		}
		parts = append(parts, strings.Join(held, ", "))
	}
	if x.Column != "" {
		parts = append(parts, x.Column)
	}
	return strings.Join(parts, " > ")
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
