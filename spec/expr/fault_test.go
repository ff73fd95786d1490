package expr

import (
	"errors"
	"strings"
	"testing"
)

// TestFaults: each expression's fault by code, the words it points at and a part of what it says.
func TestFaults(t *testing.T) {
	cases := []struct{ text, code, at, says string }{
		// syntax; places count characters, whatever stands before them
		{`zażółć + `, "bad-expression", `+`, "ends here"},
		{`zażółć + "ąę" = 1`, "bad-expression", `=`, "write =="},
		{`(incoming`, "bad-expression", `g`, "ends here"},
		{`incoming)`, "bad-expression", `)`, "not expected"},
		{`"ąę" + "źle`, "bad-expression", `"`, "not closed"},
		{`1 <> 2`, "bad-expression", `>`, "write !="},
		{`user & "x"`, "bad-expression", `&`, "write +"},
		{`sure AND sure`, "bad-expression", `AND`, "small letters: and"},
		{`NOT sure`, "bad-expression", `sure`, "small letters: not"},
		{`user LIKE "x%"`, "bad-expression", `LIKE`, `contains "part"`},
		{`gap is null`, "bad-expression", `is`, "missing(x)"},
		{`${incoming > 10}`, "bad-expression", `${`, "leave out the ${"},
		{`var.limist > 10`, "unknown-variable", `limist`, `"limits"`},
		{`var.queues > 10`, "unknown-variable", `queues`, `variables: {queues:`},
		{`sum(averaged)`, "wrong-total", `averaged`, `total(averaged)`},
		{`avg(averaged)`, "wrong-total", `averaged`, `total(averaged)`},
		{`averaged`, "wrong-type", `averaged`, `use total(averaged)`},
		{`was > 1`, "unknown-name", `was`, `renamed to "now"`},
		{`zażółć § 1`, "bad-expression", `§`, `"§"`},
		{`wait > 5min`, "bad-expression", `m`, "duration"},
		{`"\q"`, "bad-expression", ``, "backslash"},
		{`99999999999999999999 + 1`, "bad-expression", `99999999999999999999`, "number"},
		{`0.12345678901234567890123456789012345678901e-40 + 123456789012345678901234.5`, "bad-expression", `123456789012345678901234.5`, "19 digits"},
		{`gap ?? 1 > 2 or gap ?? 1 + 1`, "bad-expression", `>`, "needs brackets"},
		{``, "bad-expression", ``, "empty"},
		{`  `, "bad-expression", `  `, "empty"},
		{`incoming.`, "bad-expression", ``, ""},
		// what the library has beyond our language
		{`{a: 1}`, "bad-expression", `{`, "braces"},
		{`let x = 1; x`, "bad-expression", ``, "let"},
		{`1; 2`, "bad-expression", ``, "one value"},
		{`user?.name`, "bad-expression", ``, "?."},
		{`queues[0:1]`, "bad-expression", ``, "do not exist"},
		{`1..3`, "bad-expression", `1..3`, "x >= a"},
		{`2 ^ 3`, "bad-expression", `2 ^ 3`, "**"},
		{`queues | length()`, "bad-expression", ``, "Pipes"},
		{`$env`, "bad-expression", `$env`, "$env"},
		{`$env.PATH`, "bad-expression", `$env`, "$env"},
		{`user.upper()`, "bad-expression", `user.upper()`, "function(value)"},
		{`::len(user)`, "bad-expression", ``, "without the colons"},
		{`b"abc"`, "bad-expression", `b"abc"`, "without the b"},
		{`filter(queues, # > 1)`, "bad-expression", `#`, "over rows"},
		{`if incoming > 1 { 1 } else { 2 }`, "bad-expression", ``, ""},
		{`answered // incoming`, "bad-expression", `//`, "floor(a / b)"},
		{`1 /* one */`, "bad-expression", `/*`, "Comments"},
		{`1 < incoming < 5`, "bad-expression", `1 < incoming < 5`, "write both"},
		{`+incoming`, "bad-expression", `+incoming`, "leave it out"},
		{`(1 + 2).x`, "bad-expression", `x`, "Only names"},
		// functions
		{`zażółć + uper(user)`, "unknown-function", `uper`, `"upper"`},
		{`len(user)`, "unknown-function", `len`, "length(x)"},
		{`if(sure, 1, 2)`, "unknown-function", `if`, "? one : other"},
		{`toJSON(user)`, "unknown-function", `toJSON`, `"toJSON"`},
		{`rond(1.5)`, "unknown-function", `rond`, `"round"`},
		{`ratio(answered)`, "wrong-arguments", `ratio(answered)`, "ratio(a, b)"},
		{`ratio(1, 2, 3)`, "wrong-arguments", `ratio(1, 2, 3)`, "3 arguments"},
		{`sum()`, "wrong-arguments", `sum()`, "sum(dataset.column)"},
		{`sum(by_day.incoming * 2)`, "wrong-arguments", `by_day.incoming * 2`, "derive"},
		{`round(user)`, "wrong-type", `user`, "round takes"},
		{`upper((incoming))`, "wrong-type", `incoming`, "a text here"},
		{`max(wait, 5)`, "wrong-type", `5`, "one kind"},
		{`strftime(user, "%Y")`, "wrong-type", `user`, "a date"},
		{`date("1.11.2026")`, "bad-value", `"1.11.2026"`, `Write it as "2026-11-01"`},
		{`duration("5 minut")`, "bad-value", `"5 minut"`, `"5m"`},
		{`int("pięć")`, "bad-value", `"pięć"`, `"pięć" is not a number`},
		{`file(user)`, "wrong-arguments", `user`, "in quotes"},
		// names
		{`zażółć + usr`, "unknown-name", `usr`, `"user"`},
		{`range.label + range.iso_wek`, "unknown-name", `iso_wek`, `"iso_week"`},
		{`range["ląbel"]`, "unknown-name", `"ląbel"`, `"label"`},
		{`user.name`, "unknown-name", `name`, "is a text and has no fields"},
		{`sum(by_day.incomming)`, "unknown-name", `incomming`, `The dataset by_day has no column "incomming". Did you mean "incoming"?`},
		{`var.token`, "name-unavailable", `var.token`, "is secret"},
		{`range`, "wrong-type", `range`, "range.days"},
		{`by_day`, "wrong-type", `by_day`, "rows(by_day)"},
		{`incoming + by_day.incoming`, "wrong-type", `by_day.incoming`, "by_day.incoming is a column: use sum(by_day.incoming)."},
		{`datasets["by-day"].incoming > 1`, "wrong-type", `datasets["by-day"].incoming`, `use sum(datasets["by-day"].incoming)`},
		{`by_day.sla`, "wrong-type", `by_day.sla`, "total(by_day.sla)"},
		{`by_day.user_name`, "wrong-type", `by_day.user_name`, "last(by_day.user_name)"},
		{`measured + 1`, "wrong-type", `measured`, "sum(measured)"},
		{`sum(by_day.user_name)`, "wrong-type", `by_day.user_name`, "sum takes"},
		{`avg(by_day.sla)`, "wrong-type", `by_day.sla`, "total(by_day.sla)"},
		{`sum(incoming)`, "wrong-type", `incoming`, "whole column"},
		{`sum(by_day)`, "wrong-type", `by_day`, "sum(by_day.column)"},
		{`count(by_day)`, "wrong-type", `by_day`, "rows(by_day)"},
		{`rows(incoming)`, "wrong-type", `incoming`, "rows of a dataset"},
		{`count > 1`, "unknown-name", `count`, `row["count"]`},
		{`gap == null`, "unknown-name", `null`, "missing(x)"},
		{`gap == nil`, "wrong-type", `gap == nil`, "missing(x)"},
		// types
		{`wait > 300`, "wrong-type", `300`, `duration("5m")`},
		{`"ąę" + user == "x" or 5400 < wait`, "wrong-type", `5400`, `duration("1h30m")`},
		{`wait < answered`, "wrong-type", `answered`, `duration("5m")`},
		{`wait + 60`, "wrong-type", `60`, `duration("1m")`},
		{`user == 5`, "wrong-type", `5`, `"5"`},
		{`incoming > "5"`, "wrong-type", `"5"`, "without quotes: 5"},
		{`user > incoming`, "wrong-type", `user > incoming`, "text(x)"},
		{`user + incoming`, "wrong-type", `user + incoming`, "text(x)"},
		{`born > "2026-11-01"`, "wrong-type", `"2026-11-01"`, `date("2026-11-01")`},
		{`born + 1`, "wrong-type", ``, `duration("1d")`},
		{`born + born`, "wrong-type", `born + born`, "added"},
		{`level * level`, "wrong-type", `level * level`, "/ 100"},
		{`sure + 1`, "wrong-type", `sure + 1`, "boolean"},
		{`sure > true`, "wrong-type", `sure > true`, "no order"},
		{`not answered > 5`, "wrong-type", `answered`, "true or false"},
		{`incoming and sure`, "wrong-type", `incoming`, "x > 0"},
		{`incoming ? 1 : 2`, "wrong-type", `incoming`, "true or false"},
		{`sure ? 1 : "ą"`, "wrong-type", `"ą"`, "other branch"},
		{`gap ?? "brak"`, "wrong-type", `"brak"`, "one type"},
		{`incoming contains "1"`, "wrong-type", `incoming`, "text(x)"},
		{`user matches user`, "wrong-type", `user`, "in quotes"},
		{`user matches "(ą"`, "bad-value", `"(ą"`, "( is not closed"},
		{`incoming in 5`, "wrong-type", `5`, "[1, 2]"},
		{`incoming in ["a"]`, "wrong-type", `incoming in ["a"]`, "never"},
		{`"a" in user`, "wrong-type", `user`, "contains"},
		{`[1, "a"]`, "wrong-type", `"a"`, "Item 2"},
		{`[[1]]`, "wrong-type", `[1]`, "single values"},
		{`queues["a"]`, "unknown-name", `"a"`, "has no fields"},
		{`queues[1.5]`, "wrong-type", `1.5`, "integer"},
		{`-user`, "wrong-type", `-user`, "opposite"},
		// values
		{`9223372036854775807 + 1`, "overflow", `9223372036854775807 + 1`, "too large"},
		{`incoming * 9223372036854775807`, "overflow", `incoming * 9223372036854775807`, "too large"},
		{`3037000500 * 3037000500`, "overflow", ``, "too large"},
		{`2 ** 63`, "overflow", `2 ** 63`, "too large"},
		{`2 ** -1`, "bad-value", `2 ** -1`, "decimal(x)"},
		{`9e18 * 10.5`, "overflow", `9e18 * 10.5`, "too large"},
		{`born + duration("1h")`, "bad-value", `born + duration("1h")`, "whole days"},
		{`0.0 ** -1`, "bad-value", `0.0 ** -1`, "no value"},
		{`format(incoming, "0.0 q")`, "bad-value", `"0.0 q"`, `"q"`},
		{`strftime(born, "%Q")`, "bad-value", `"%Q"`, "%Q"},
		{`replace(user, "", "x")`, "bad-value", `""`, "empty"},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			f := faultOf(c.text)
			if f == nil {
				t.Fatal("there is no fault")
			}
			src := []rune(c.text)
			if f.Offset < 0 || f.Length < 0 || f.Offset+f.Length > len(src) {
				t.Fatalf("place %d+%d is outside the text", f.Offset, f.Length)
			}
			at := string(src[f.Offset : f.Offset+f.Length])
			if f.Code != c.code || c.at != "" && at != c.at || !strings.Contains(strings.ToLower(f.Detail), strings.ToLower(c.says)) {
				t.Errorf("got %s at %q: %s", f.Code, at, f.Detail)
			}
			sentence, _, _ := strings.Cut(f.Detail, ":\n\n    ") // what is to be copied stands on a line of its own
			if f.Summary == "" || sentence == f.Detail && !strings.ContainsAny(f.Detail[len(f.Detail)-1:], ".?)") {
				t.Errorf("not a sentence with a summary: %q, %q", f.Summary, f.Detail)
			}
			for _, foreign := range []string{"EOF", "node", "literal", "Operator(", "unexpected"} {
				if strings.Contains(f.Detail, foreign) {
					t.Errorf("a library's word %q: %s", foreign, f.Detail)
				}
			}
		})
	}
}

// faultOf is what is wrong with an expression, whoever finds it.
func faultOf(text string) *Fault {
	e, f := Parse(text)
	if f != nil {
		return f
	}
	if _, f := e.Check(sampleNames); f != nil {
		return f
	}
	_, err := e.Eval(sample)
	_ = errors.As(err, &f)
	return f
}

// TestDecidedAtEvaluation: what the check cannot know faults when the value is there.
func TestDecidedAtEvaluation(t *testing.T) {
	for _, text := range []string{`some + "x"`, `some > "x"`, `some and true`, `some contains "x"`, `upper(some)`, `1 in some`, `-(some == 5)`, `some ? 1 : 2`} {
		e := mustParse(t, text)
		if strings.HasPrefix(text, "-") {
			continue
		}
		if _, f := e.Check(sampleNames); f != nil {
			t.Errorf("%s: check: %s", text, f.Detail)
		}
		_, err := e.Eval(sample)
		var f *Fault
		if !errors.As(err, &f) || f.Code != "wrong-type" {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := mustParse(t, "nobody + 1").Eval(sample); err == nil || errors.As(err, new(*Fault)) {
		t.Errorf("an error of the surroundings is %v", err)
	}
}

// TestBounds: a hostile expression is refused, quickly and without a deep stack.
func TestBounds(t *testing.T) {
	for name, text := range map[string]string{
		"long":       strings.Repeat("1+", 10000) + "1",
		"parts":      strings.Repeat("1+", 3000) + "1",
		"brackets":   strings.Repeat("(", 4000) + "1" + strings.Repeat(")", 4000),
		"unclosed":   strings.Repeat("[", 8000),
		"negations":  strings.Repeat("!", 8000) + "true",
		"chain":      strings.Repeat("(1<", 60) + "1" + strings.Repeat("<1)", 60),
		"pattern":    `user matches "` + strings.Repeat("a", 2000) + `"`,
		"repeats":    `user matches "((a{1000}){1000})"`,
		"power":      "10 ** 10 ** 10 ** 10",
		"text":       `replace(replace(replace("` + strings.Repeat("a", 2000) + `", "a", "` + strings.Repeat("b", 2000) + `"), "b", "cc"), "c", "dd")`,
		"list":       `split(replace("` + strings.Repeat("a", 2000) + `", "a", "bbbbbbbb"), "b")`,
		"conditions": strings.Repeat("true ? 1 : ", 1500) + "1",
	} {
		if f := faultOf(text); f == nil && name != "conditions" {
			t.Errorf("%s: no fault", name)
		}
	}
}

func TestReferencesAndRatio(t *testing.T) {
	e := mustParse(t, `ratio(sum(by_day.answered) + gap, sum(by_day["in, coming"]) * max(answered, 1)) `)
	var paths []string
	for _, p := range e.References() {
		paths = append(paths, strings.Join(p, "."))
	}
	if got := strings.Join(paths, " "); got != "by_day.answered gap by_day.in, coming answered" {
		t.Errorf("references: %s", got)
	}
	num, den, ok := e.Ratio()
	if !ok || num.Text() != "sum(by_day.answered) + gap" || den.Text() != `sum(by_day["in, coming"]) * max(answered, 1)` {
		t.Errorf("ratio: %v, %q over %q", ok, num.Text(), den.Text())
	}
	if num, _, ok := mustParse(t, `(ratio( (zażółć), b ))`).Ratio(); !ok || num.Text() != "(zażółć)" {
		t.Errorf("a ratio in brackets: %v", ok)
	}
	for _, text := range []string{`ratio(1, 2)`, `ratio(a, b) * 2`, `1 - ratio(a, b)`, `a`, `round(ratio(a, b))`} {
		if _, _, ok := mustParse(t, text).Ratio(); ok != (text == `ratio(1, 2)`) {
			t.Errorf("%s: ratio is %v", text, ok)
		}
	}
}

// TestFunctionTable: each function is described once, by a signature that calls it and a sentence.
func TestFunctionTable(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Functions() {
		if seen[f.Name] || !strings.HasPrefix(f.Signature, f.Name+"(") || !strings.HasSuffix(f.Doc, ".") {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
		entry := byName[f.Name]
		if !entry.aggregate && entry.call == nil && f.Name != "coalesce" && f.Name != "file" {
			t.Errorf("%s does nothing", f.Name)
		}
	}
	for name := range elsewhere {
		if seen[name] {
			t.Errorf("%s exists and is said not to", name)
		}
	}
}
