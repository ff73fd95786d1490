package expr

import (
	"errors"
	"testing"
	"unicode/utf8"
)

// FuzzExpression: whatever is written, it is read, checked and evaluated, or refused with a place within the text.
func FuzzExpression(f *testing.F) {
	for _, text := range []string{
		`ratio(answered, incoming) > 0.9 and wait < duration("5m")`, `sum(by_day.incoming) / rows(by_day)`,
		`user matches "^Ł" ? upper(user) : coalesce(none, "–")`, `row["count"] not in [1, 2.5, nil]`, `1 < 2 < 3`, `a // b`,
		`file("x") + env.TOKEN`, `strftime(born, "%-d.%m")`, `split(user, " ")[0]`, "`a``b`", `::len(x)`, `x | f()`, `"\u{105}"`, `((`,
		`format(level, "0.0%;-0;\"x\"")`, `2 ** 63`, `b'a'`, `#`, `if a {1} else {2}`, `let a = 1; a`, `a?.b[1:2]`, `{"a": 1}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		within := func(fault *Fault) {
			if fault != nil && (fault.Offset < 0 || fault.Length < 0 || fault.Offset+fault.Length > utf8.RuneCountInString(text)) {
				t.Fatalf("%q: %s at %d+%d", text, fault.Detail, fault.Offset, fault.Length)
			}
		}
		e, fault := Parse(text)
		if within(fault); fault != nil {
			return
		}
		checked, fault := e.Check(sampleNames)
		within(fault)
		v, err := e.Eval(sample)
		var wrong *Fault
		if errors.As(err, &wrong) {
			within(wrong)
		}
		if fault == nil && err == nil {
			if _, ok := Convert(v, checked); !ok && v.Type != Any {
				t.Fatalf("%q: checked as %s, is %s", text, checked, v)
			}
			if again, err := e.Eval(sample); err != nil || again.String() != v.String() {
				t.Fatalf("%q: %s, then %s", text, v, again)
			}
		}
		if num, den, ok := e.Ratio(); ok && (num.Text() == "" || den.Text() == "") {
			t.Fatalf("%q: an empty part of a ratio", text)
		}
	})
}

// FuzzTemplate: segments come in order and their expressions are where their offsets say.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{`a ${b} c`, `$${a}`, `${"}"}`, `${`, `${}`, `Zażółć ${ user + "ą" }`, "${`}`}", `$$${{}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		segments, fault := ParseTemplate(text)
		src := []rune(text)
		if fault != nil {
			if fault.Offset < 0 || fault.Length < 0 || fault.Offset+fault.Length > len(src) {
				t.Fatalf("%q: %s at %d+%d", text, fault.Detail, fault.Offset, fault.Length)
			}
			return
		}
		last := -1
		for _, s := range segments {
			if s.Offset <= last {
				t.Fatalf("%q: a segment at %d after one at %d", text, s.Offset, last)
			}
			last = s.Offset
			if s.Expr == nil {
				continue
			}
			expr := []rune(s.Expr.Text())
			if got := string(src[s.Offset : s.Offset+len(expr)]); got != s.Expr.Text() {
				t.Fatalf("%q: %q is not at %d", text, s.Expr.Text(), s.Offset)
			}
		}
	})
}

// FuzzDisplay: any format shows any value, and a secret never.
func FuzzDisplay(f *testing.F) {
	for _, format := range []string{"", "#,##0.00", "0.0%", "[h]:mm:ss.000", "yyyy-mm-dd hh:mm AM/PM", `0;-0;"–";@`, "General", "0.0,,", "?/?"} {
		f.Add(format, int64(123456789), 93.5, "ąę")
	}
	f.Fuzz(func(t *testing.T, format string, i int64, x float64, s string) {
		values := []Value{
			IntegerValue(i), PercentValue(x), RatioValue(x), durationValue(i), TextValue(s),
			{Type: DateTime, Valid: true, Int: i}, {Type: Date, Valid: true, Int: midnight(i % (1 << 60))}, {Type: Period, Valid: true, Int: i, Str: s},
			Missing(Date), DecimalValue(dec("-1234.5")),
		}
		for _, v := range values {
			_ = Display(v, format, "en")
			_ = Display(v, format, "pl")
			v.Sensitive = true
			if got := Display(v, format, "en"); got != "(sensitive)" {
				t.Fatalf("%q shows %q", format, got)
			}
		}
		_, _ = ParseDuration(s)
	})
}
