package spec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/reportform/reportform/schema"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/schemacheck"
	"github.com/reportform/reportform/spec/tree"
)

// TestFile is a file of tests, NAME.test.yaml.
type TestFile struct {
	// Name is the file's, as its diagnostics have it.
	Name  string
	Data  []byte
	Tests []*Test
}

// Test is one run of a report from a recording, and what must come out.
type Test struct {
	Name string
	// Report is an address.
	Report   string
	ReportAt diag.Range
	// Recording is the folder with the answers, from the file's own; empty means the report's own place.
	Recording   string
	RecordingAt diag.Range
	// Moment is the run's, as it is written.
	Moment   string
	MomentAt diag.Range
	// Vars are values of variables, name=value, and VarsAt where each stands, by its name.
	Vars   []string
	VarsAt map[string]diag.Range
	// Expect is what must come out, in the order of the file.
	Expect []Expectation
	Range  diag.Range
}

// About is what an expectation looks at.
type About string

// What there is to look at. The words are the keys of the language of tests.
const (
	AboutRange       About = "range"
	AboutOutcome     About = "outcome"
	AboutReason      About = "reason"
	AboutRows        About = "rows"
	AboutCell        About = "cells"
	AboutTotal       About = "totals"
	AboutKPI         About = "kpis"
	AboutSubject     About = "subject"
	AboutRecipients  About = "recipients"
	AboutFile        About = "files"
	AboutDiagnostics About = "diagnostics"
)

// Expectation is one thing that must come out.
type Expectation struct {
	About About
	// Of is the dataset, the label of a figure, or the destination; empty where any will do.
	Of   string
	OfAt diag.Range
	// Column is that of a cell or total; a cell's row is the one where all of Where holds, or the number Row.
	Column string
	Where  []Condition
	Row    int
	// RowAt is where the row is named.
	RowAt diag.Range
	Want  Want
}

// Condition is what a row holds in a column.
type Condition struct {
	Column string
	Want   Want
}

// Form is how an expected value is written.
type Form uint8

// The forms. A number is compared with the value, a text with the value and with what is shown.
const (
	WantText Form = iota
	WantNumber
	WantBoolean
	WantMissing
	WantList
)

// Want is an expected value.
type Want struct {
	Form Form
	// Text is a scalar as it is written, without quotes.
	Text string
	// Items are those of a list.
	Items []string
	// Value: the value itself is meant; Shown: what readers see. Neither: either will do.
	Value, Shown bool
	// Range is where it stands, so that it can be written anew.
	Range diag.Range
}

// outcomes are the words for what becomes of a delivery.
var outcomes = []string{"sent", "skipped", "blocked", "waiting"}

// testLanguage is that of test files.
var testLanguage = sync.OnceValue(func() *schemacheck.Schema { return schemacheck.New(schema.Test1) })

// IsTestFile reports whether a file of that name in a configuration's folder holds tests.
func IsTestFile(name string) bool {
	stem, ok := cutYAML(name)
	return ok && !isHidden(name) && strings.HasSuffix(stem, ".test")
}

// ParseTests reads a file of tests. Whatever is wrong with it is in the list, all of it at once; the file may be used
// where the list has no errors.
func ParseTests(name string, data []byte) (*TestFile, diag.List) {
	file := &TestFile{Name: name, Data: data}
	root, list := tree.Parse(name, data)
	if root == nil {
		return file, list
	}
	list.Extend(testLanguage().Check(root, ""))
	t := testReader{list: &list}
	for _, n := range root.Get("tests").List() {
		file.Tests = append(file.Tests, t.test(n))
	}
	names := map[string]*Test{}
	for _, test := range file.Tests {
		if first := names[test.Name]; first != nil && test.Name != "" {
			list.Add(diag.Diagnostic{
				Code: "duplicate-name", Summary: "Name defined twice", Subject: test.Range,
				Detail:  fmt.Sprintf("There are two tests with the name %q. Give one of them another.", test.Name),
				Related: []diag.Related{{Message: fmt.Sprintf("%q stands here first.", test.Name), Range: first.Range}},
			})
			continue
		}
		names[test.Name] = test
	}
	return file, list.Sorted()
}

// testReader reads tests from values whose shape was checked: what does not fit is passed over, since it was told.
type testReader struct{ list *diag.List }

func (t *testReader) test(n *tree.Node) *Test {
	test := &Test{Range: n.At, VarsAt: map[string]diag.Range{}}
	text := func(key string) (string, diag.Range) {
		if v := n.Get(key); v.IsScalar() {
			return v.Text, v.At
		}
		return "", diag.Range{}
	}
	test.Name, test.Range = text("name")
	test.Report, test.ReportAt = text("report")
	test.Recording, test.RecordingAt = text("recording")
	test.Moment, test.MomentAt = text("at")
	if test.Recording != "" && !isBeneath(test.Recording) {
		t.list.Add(diag.Diagnostic{
			Code: "outside-folder", Summary: "Path leads outside", Subject: test.RecordingAt,
			Detail: fmt.Sprintf("%q is not beneath the folder of the configuration: tests reach no other files. Put the recording there and name it from there.", test.Recording),
		})
	}
	for _, e := range n.Get("vars").All() {
		test.Vars = append(test.Vars, e.Key+"="+inFlow(e.Value))
		test.VarsAt[e.Key] = e.KeyAt
	}
	for _, e := range n.Get("expect").All() {
		t.expect(test, e)
	}
	return test
}

// inFlow writes a value as --var takes it.
func inFlow(n *tree.Node) string {
	if n.Kind != tree.List {
		return n.Text
	}
	items := make([]string, len(n.Items))
	for i, item := range n.Items {
		items[i] = item.Text
		if item.Kind == tree.String {
			quoted, _ := json.Marshal(item.Text) // a text always has a JSON
			items[i] = string(quoted)
		}
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// expect reads one key of what is expected.
func (t *testReader) expect(test *Test, e tree.Entry) {
	add := func(x Expectation) { test.Expect = append(test.Expect, x) }
	about := About(e.Key)
	switch about {
	case AboutRows, AboutKPI:
		for _, of := range e.Value.All() {
			for _, w := range wants(of.Value) {
				add(Expectation{About: about, Of: of.Key, OfAt: of.KeyAt, Want: w})
			}
		}
	case AboutTotal:
		for _, of := range e.Value.All() {
			for _, column := range of.Value.All() {
				for _, w := range wants(column.Value) {
					add(Expectation{About: about, Of: of.Key, OfAt: of.KeyAt, Column: column.Key, RowAt: column.KeyAt, Want: w})
				}
			}
		}
	case AboutCell:
		for _, of := range e.Value.All() {
			for _, row := range of.Value.List() {
				t.row(of, row, add)
			}
		}
	default:
		if e.Value.Kind != tree.Map {
			t.outcome(about, e.Value)
			for _, w := range wants(e.Value) {
				add(Expectation{About: about, OfAt: e.KeyAt, Want: w})
			}
			return
		}
		for _, of := range e.Value.Entries {
			for _, w := range wants(of.Value) {
				add(Expectation{About: about, Of: of.Key, OfAt: of.KeyAt, Want: w})
			}
		}
	}
}

// outcome tells of a word that is none. Beside a mapping the schema cannot say so.
func (t *testReader) outcome(about About, n *tree.Node) {
	if about != AboutOutcome || n.Kind != tree.String || slices.Contains(outcomes, n.Text) {
		return
	}
	t.list.Add(diag.Diagnostic{
		Code: "not-allowed", Summary: "Value not allowed", Subject: n.At,
		Detail: fmt.Sprintf("\"outcome\" must be one of %s or a mapping of destinations to them, but is %q.%s", diag.Listed(outcomes, "and"), n.Text, suggest(n.Text, outcomes)),
	})
}

// row reads a row of cells.
func (t *testReader) row(of tree.Entry, n *tree.Node, add func(Expectation)) {
	x := Expectation{About: AboutCell, Of: of.Key, OfAt: of.KeyAt, RowAt: n.FirstKey()}
	number, where := n.Get("row"), n.Get("where")
	if (number == nil) == (where == nil) {
		t.list.Add(diag.Diagnostic{
			Code: "one-of", Summary: "Row is not named", Subject: x.RowAt,
			Detail: "A row is named by what it holds or by its number, by one of the two:\n\n    - where: {user_name: Agent 1}\n      answered: 41",
		})
		return
	}
	if i, ok := number.Integer(); ok {
		x.Row, x.RowAt = int(i), number.At
	}
	for _, e := range where.All() {
		for _, w := range wants(e.Value) {
			x.Where = append(x.Where, Condition{Column: e.Key, Want: w})
		}
	}
	if where != nil {
		x.RowAt = where.At
	}
	for _, e := range n.Entries {
		if e.Value == number || e.Value == where {
			continue
		}
		x.Column = e.Key
		for _, w := range wants(e.Value) {
			x.Want = w
			add(x)
		}
	}
}

// wants reads an expected value, which may say two things: what it is and how it is shown.
func wants(n *tree.Node) []Want {
	if n.Kind != tree.Map {
		return []Want{want(n)}
	}
	var out []Want
	for _, e := range n.Entries {
		w := want(e.Value)
		w.Value, w.Shown = e.Key == "value", e.Key == "shown"
		out = append(out, w)
	}
	return out
}

func want(n *tree.Node) Want {
	w := Want{Text: n.Text, Range: n.At}
	switch n.Kind {
	case tree.Null:
		w.Form = WantMissing
	case tree.Bool:
		w.Form = WantBoolean
	case tree.Int, tree.Float:
		w.Form = WantNumber
	case tree.List:
		w.Form = WantList
		for _, item := range n.Items {
			w.Items = append(w.Items, item.Text)
		}
	}
	return w
}
