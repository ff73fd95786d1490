package reporttest

import (
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// Values are compared by what they are and by what is shown, as they are written.
func TestMatches(t *testing.T) {
	number := func(s string) spec.Want { return spec.Want{Form: spec.WantNumber, Text: s} }
	words := func(s string) spec.Want { return spec.Want{Text: s} }
	minutes := expr.DurationValue(330_400 * time.Millisecond)
	for _, c := range []struct {
		w    spec.Want
		f    figure
		want bool
	}{
		{number("419"), figure{value: expr.IntegerValue(419)}, true},
		{number("419.0"), figure{value: expr.IntegerValue(419)}, true},
		{number("420"), figure{value: expr.IntegerValue(419)}, false},
		{words("2,083"), figure{value: expr.IntegerValue(2083), shown: "2,083"}, true},
		{number("0.3333333333"), figure{value: expr.RatioValue(1.0 / 3), shown: "33.3%"}, true},
		{number("0.333"), figure{value: expr.RatioValue(1.0 / 3), shown: "33.3%"}, false},
		{words("33.3%"), figure{value: expr.RatioValue(1.0 / 3), shown: "33.3%"}, true},
		{spec.Want{Text: "33.3%", Value: true}, figure{value: expr.RatioValue(1.0 / 3), shown: "33.3%"}, false},
		{spec.Want{Form: spec.WantNumber, Text: "0.25", Shown: true}, figure{value: expr.RatioValue(0.25), shown: "25.0%"}, false},
		{number("330.4"), figure{value: minutes, shown: "0:05:30"}, true},
		{words("0:05:30"), figure{value: minutes, shown: "0:05:30"}, true},
		{number("00001"), figure{value: expr.TextValue("00001")}, true},
		{number("1"), figure{value: expr.TextValue("00001")}, false},
		{spec.Want{Form: spec.WantMissing}, figure{value: expr.Missing(expr.Integer)}, true},
		{spec.Want{Form: spec.WantMissing}, figure{value: expr.IntegerValue(0)}, false},
		{number("0"), figure{value: expr.Missing(expr.Integer)}, false},
		{words(""), figure{value: expr.Missing(expr.Text)}, false},
		{spec.Want{Form: spec.WantBoolean, Text: "True"}, figure{value: expr.BooleanValue(true)}, true},
		{words("true"), figure{value: expr.TextValue("true")}, true},
		{spec.Want{Form: spec.WantList, Items: []string{"b", "a"}}, figure{list: true, items: []string{"a", "b"}}, true},
		{spec.Want{Form: spec.WantList}, figure{list: true, items: []string{"a"}}, false},
		{words("a"), figure{list: true, items: []string{"a"}}, true},
	} {
		if got := matches(c.w, c.f); got != c.want {
			t.Errorf("%+v against %+v: %v", c.w, c.f, got)
		}
	}
}

// Whatever came out can be written into a file and is read there as the same.
func FuzzUpdate(f *testing.F) {
	for _, s := range []string{"Chats, 2,083", "yes", "0:05:30", "- a", "a: b", "#1", "ż\u2028\x01\"", " ", "", "93.3%", "{a}", "2026-11-09", "null", "%", "@a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		const before = "version: 1\ntests:\n  - name: żółw\n    report: r\n    at: 2026-11-16 # then\n    expect: {subject: {ł: b}, recipients: [c], kpis: {A: {shown: d}}} # ż\n"
		file, list := spec.ParseTests("a.test.yaml", []byte(before))
		if len(list) > 0 {
			t.Fatal(list)
		}
		var failures []Failure
		for _, x := range file.Tests[0].Expect {
			came := figure{value: expr.TextValue(s), shown: s}
			if x.About == spec.AboutRecipients {
				came = figure{list: true, items: []string{s}}
			}
			failures = append(failures, came.failure(x))
		}
		data, changed := Update(file, failures)
		after, list := spec.ParseTests("a.test.yaml", data)
		if changed != 3 || list.HasErrors() || !strings.HasSuffix(string(data), "# ż\n") {
			t.Fatalf("%d changed, %v:\n%s", changed, list, data)
		}
		for _, x := range after.Tests[0].Expect {
			if x.Want.Text != s && !(len(x.Want.Items) == 1 && x.Want.Items[0] == s) {
				t.Errorf("%q is read as %+v from\n%s", s, x.Want, data)
			}
		}
		if again, n := Update(after, nil); n != 0 || string(again) != string(data) {
			t.Error("nothing to change changes it")
		}
	})
}

// A list with a line for each item goes on being one.
func TestUpdateOfLines(t *testing.T) {
	const before = "version: 1\r\ntests:\r\n  - name: a\r\n    report: r\r\n    at: 2026-11-16\r\n    expect:\r\n      recipients:\r\n        - a@example.com # first\r\n        - b@example.com\r\n      diagnostics:\r\n      - x\r\n"
	file, list := spec.ParseTests("a.test.yaml", []byte(before))
	if len(list) > 0 {
		t.Fatal(list)
	}
	var failures []Failure
	for _, x := range file.Tests[0].Expect {
		items := []string{"a@example.com", "c@example.com"}
		if x.About == spec.AboutDiagnostics {
			items = []string{}
		}
		failures = append(failures, figure{list: true, items: items}.failure(x))
	}
	data, _ := Update(file, failures)
	want := "version: 1\r\ntests:\r\n  - name: a\r\n    report: r\r\n    at: 2026-11-16\r\n    expect:\r\n      recipients:\r\n        - a@example.com # first\r\n        - c@example.com\r\n      diagnostics: []\r\n"
	if string(data) != want {
		t.Errorf("it becomes\n%q\nand not\n%q", data, want)
	}
	if _, list := spec.ParseTests("a.test.yaml", data); list.HasErrors() {
		t.Error(list)
	}
}
