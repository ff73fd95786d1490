package expr

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/govalues/decimal"
)

func dec(s string) decimal.Decimal { return decimal.MustParse(s) }

// TestValues: expression → value with its type. Each is checked first, and the checked type holds the value's.
func TestValues(t *testing.T) {
	cases := []struct{ text, want string }{
		// numbers
		{`1 + 2 * 3`, "integer 7"},
		{`-2 ** 2`, "integer -4"},
		{`2 ** 3 ** 2`, "integer 512"},
		{`7 / 2`, "decimal 3.5"},
		{`6 / 2`, "decimal 3"},
		{`7 % 3`, "integer 1"},
		{`-7 % 3`, "integer -1"},
		{`7.5 % 2`, "decimal 1.5"},
		{`-9223372036854775807 - 1`, "integer -9223372036854775808"},
		{`(-9223372036854775807 - 1) % -1`, "integer 0"},
		{`3037000499 * 3037000499`, "integer 9223372030926249001"},
		{`0.1 + 0.2`, "decimal 0.3"},
		{`1_000 + 0x10 + .5`, "decimal 1016.5"},
		{`1e3`, "decimal 1000"},
		{`9007199254740993.1 - 0.1`, "decimal 9007199254740993"},
		{`2.5 ** 2`, "decimal 6.25"},
		{`4 ** 0.5`, "decimal 2"},
		{`price * incoming`, "decimal 1250"},
		{`-price`, "decimal -12.5"},
		{`incoming / zero`, "missing decimal"},
		{`incoming % zero`, "missing integer"},
		{`1.5 / 0`, "missing decimal"},
		{`gap + 1`, "missing integer"},
		{`gap * 2.5`, "missing decimal"},
		{`-gap`, "missing integer"},
		{`nil + 1`, "missing any"},
		// percents and ratios are one quantity in two units
		{`level + 1`, "percent 94.5"},
		{`level - rate`, "percent 0"},
		{`1 - ratio(1, 4)`, "ratio 0.75"},
		{`rate * 2`, "ratio 1.87"},
		{`rate * rate`, "ratio 0.874225"},
		{`level * 0.5`, "percent 46.75"},
		{`level * rate`, "percent 87.4225"},
		{`level / level`, "decimal 1"},
		{`level / rate`, "decimal 1"},
		{`level / 2`, "percent 46.75"},
		{`answered / ratio(1, 2)`, "decimal 186"},
		{`rate / zero`, "missing ratio"},
		{`level == rate`, "boolean true"},
		{`level > 93 and rate > 0.93`, "boolean true"},
		{`decimal(rate) * 100`, "decimal 93.5"},
		{`ratio(answered, incoming)`, "ratio 0.93"},
		{`ratio(answered, zero)`, "missing ratio"},
		{`ratio(gap, incoming)`, "missing ratio"},
		{`ratio(wait, long)`, "ratio 0.0024"},
		{`ratio(level, rate)`, "ratio 1"},
		// durations and dates
		{`wait + duration("1m")`, "duration 0:05:00"},
		{`wait - long`, "duration -27:42:40"},
		{`wait * 2`, "duration 0:08:00"},
		{`2.5 * wait`, "duration 0:10:00"},
		{`wait * rate`, "duration 0:03:44.4"},
		{`long / wait`, "decimal 416.6666666666666667"},
		{`wait / 3`, "duration 0:01:20"},
		{`wait / zero`, "missing duration"},
		{`wait / duration("0s")`, "missing decimal"},
		{`wait / rate`, "duration 0:04:16.684492"},
		{`-wait`, "duration -0:04:00"},
		{`wait < duration("5m")`, "boolean true"},
		{`duration("1h30m") == duration("01:30:00") and duration("90s") == duration(90)`, "boolean true"},
		{`duration("1d") == duration("24h") and duration("1.5h") == duration("90min")`, "boolean true"},
		{`born + duration("1d")`, "date 2026-11-10"},
		{`born - duration("9d")`, "date 2026-10-31"},
		{`duration("1h") + opened`, "datetime 2026-11-22 09:30:00"},
		{`opened - born`, "duration 320:30:00"},
		{`opened > born and born < opened`, "boolean true"},
		{`series < born`, "boolean true"},
		{`odd < born`, "missing boolean"},
		{`date(opened) == date("2026-11-22")`, "boolean true"},
		{`datetime("2026-11-22 08:30") == opened`, "boolean true"},
		{`datetime(born) - duration("1s")`, "datetime 2026-11-08 23:59:59"},
		{`[year(opened), month(opened), day(opened), weekday(opened), hour(opened)]`, "list 2026, 11, 22, 7, 8"},
		{`strftime(opened, "%d.%m.%Y %H:%M %-d %B %a %j %V %%")`, "text 22.11.2026 08:30 22 November Sun 326 47 %"},
		{`hour(odd)`, "missing integer"},
		// texts
		{`user + ", " + zażółć`, "text Łukasz Żółw, gęślą jaźń"},
		{`upper(zażółć)`, "text GĘŚLĄ JAŹŃ"},
		{`length(zażółć)`, "integer 10"},
		{`shorten(zażółć, 10)`, "text " + "gęślą jaźń"}, {`shorten(zażółć, 4)`, "text gęś…"}, {`shorten(zażółć, 1)`, "text …"}, {`shorten("", 1)`, "text "},
		{`user startsWith "Łuk" and user endsWith "ółw" and user contains " "`, "boolean true"},
		{`user matches "^\\p{Lu}"`, "boolean true"},
		{`user not matches "^[A-Z]"`, "boolean true"},
		{`replace(user, "Żółw", "Lis")`, "text Łukasz Lis"},
		{`split("a,b,c", ",")[1]`, "text b"},
		{`split("a,b,c", ",")[9]`, "missing any"},
		{`join(["a", "b"], " / ")`, "text a / b"},
		{`join(queues, ";")`, "text 1;3"},
		{`trim("  x ") + lower("Ś")`, "text xś"},
		{`none + "x"`, "missing text"},
		{`text(price) + text(long) + text(born) + text(sure)`, "text 12.527:46:402026-11-09true"},
		{`"ż" > "z" and "Z" < "a"`, "boolean true"},
		{`"a" + "b" == "ab"`, "boolean true"},
		{`format(rate, "0.0%")`, "text 93.5%"},
		// logic and lists
		{`incoming in [1, 100]`, "boolean true"},
		{`incoming not in queues`, "boolean true"},
		{`1.0 in queues`, "boolean true"},
		{`gap in [1]`, "missing boolean"},
		{`gap in []`, "boolean false"},
		{`1 in [nil, 1]`, "boolean true"},
		{`2 in [nil, 1]`, "missing boolean"},
		{`sure ? 1 : 2.5`, "integer 1"},
		{`unknown ? 1 : 2`, "integer 2"},
		{`incoming > 5 ? nil : wait`, "missing any"},
		{`gap ?? 5`, "integer 5"},
		{`coalesce(gap, nil, 7, incoming)`, "integer 7"},
		{`missing(gap) and not missing(incoming)`, "boolean true"},
		{`!sure || sure && true`, "boolean true"},
		{`sure == true and sure != false`, "boolean true"},
		{`queues[1]`, "integer 3"},
		// functions of numbers
		{`round(2.5)`, "decimal 3"},
		{`round(-2.5)`, "decimal -3"},
		{`round(2.345, 2)`, "decimal 2.35"},
		{`round(1250, -2)`, "integer 1300"},
		{`round(rate, 2)`, "ratio 0.94"},
		{`floor(-1.5)`, "integer -2"},
		{`ceil(1.2)`, "integer 2"},
		{`abs(-5) + abs(-2.5)`, "decimal 7.5"},
		{`abs(-wait)`, "duration 0:04:00"},
		{`min(3, 1, 2) + max(1, 2)`, "integer 3"},
		{`max(wait, long)`, "duration 27:46:40"},
		{`min(1, gap)`, "missing integer"},
		{`int("42") + int(2.9) + int(" 7 ")`, "integer 51"},
		{`int("")`, "missing integer"},
		{`decimal("1.50")`, "decimal 1.5"},
		{`decimal(wait)`, "decimal 240"},
		// names
		{`row["count"] + row.in`, "integer 15"},
		{`range["from"] == born`, "boolean true"},
		{`var.limits.x`, "integer 3"},
		{`some + 1`, "integer 6"},
		{`sum(by_day.incoming)`, "integer 419"},
		{`sum(datasets["by-day"].incoming)`, "integer 419"},
		{`rows(by_day) > 0`, "boolean true"},
		{`total(by_day.sla)`, "percent 88"},
		{`max(by_day.wait)`, "duration 0:01:00"},
		{`count()`, "integer 31"},
		{`sum(measured)`, "integer 12"},
		{`avg(by_day.incoming)`, "decimal 59.857"},
		{`sum(loose.anything)`, "integer 1"},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			e, f := Parse(c.text)
			if f != nil {
				t.Fatalf("parse: %s at %d", f.Detail, f.Offset)
			}
			checked, f := e.Check(sampleNames)
			if f != nil {
				t.Fatalf("check: %s at %d", f.Detail, f.Offset)
			}
			v, err := e.Eval(sample)
			if err != nil {
				t.Fatalf("eval: %v", err)
			}
			if v.String() != c.want {
				t.Errorf("got %s, want %s", v, c.want)
			}
			if wider, ok := Convert(v, checked); !ok || v.Type != Any && checked != Any && wider.Type != checked {
				t.Errorf("checked as %s, but is %s", checked, v)
			}
		})
	}
}

// TestTruthTables are SQL's: T, F and U are true, false and unknown.
func TestTruthTables(t *testing.T) {
	tables := map[string][3]string{ // rows and columns T, F, U
		"a and b": {"TFU", "FFF", "UFU"},
		"a && b":  {"TFU", "FFF", "UFU"},
		"a or b":  {"TTT", "TFU", "TUU"},
		"a || b":  {"TTT", "TFU", "TUU"},
		"a == b":  {"TFU", "FTU", "UUU"},
		"a != b":  {"FTU", "TFU", "UUU"},
		"not a":   {"FFF", "TTT", "UUU"},
		"! a":     {"FFF", "TTT", "UUU"},
	}
	values := []Value{BooleanValue(true), BooleanValue(false), Missing(Boolean)}
	letter := func(v Value) byte {
		switch {
		case v.Type != Boolean:
			return '?'
		case !v.Valid:
			return 'U'
		case v.IsTrue():
			return 'T'
		}
		return 'F'
	}
	for text, want := range tables {
		e, f := Parse(text)
		if f != nil {
			t.Fatalf("%s: %s", text, f.Detail)
		}
		for i, a := range values {
			for j, b := range values {
				v, err := e.Eval(row{"a": a, "b": b})
				if err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				if letter(v) != want[i][j] {
					t.Errorf("%s with a = %s, b = %s: got %c, want %c", text, a, b, letter(v), want[i][j])
				}
			}
		}
	}
}

// TestComparisonsWithMissing: each comparison is unknown, in both directions.
func TestComparisonsWithMissing(t *testing.T) {
	for _, op := range []string{"==", "!=", "<", "<=", ">", ">="} {
		for _, text := range []string{"gap " + op + " 1", "1 " + op + " gap", "gap " + op + " gap"} {
			e, f := Parse(text)
			if f != nil {
				t.Fatal(f.Detail)
			}
			if v, err := e.Eval(sample); err != nil || v.Valid || v.Type != Boolean || v.IsTrue() {
				t.Errorf("%s: got %s, %v", text, v, err)
			}
		}
	}
}

// TestSensitive: whatever is computed from a secret is one, whichever way it goes in.
func TestSensitive(t *testing.T) {
	secret := []string{
		`env.TOKEN`, `file("key.pem")`, `env.TOKEN + "x"`, `"x" + env.TOKEN`, `upper(env.TOKEN)`, `length(env.TOKEN)`,
		`env.TOKEN == "hunter2"`, `not (env.TOKEN == "a")`, `env.TOKEN == "hunter2" ? 1 : 2`, `[env.TOKEN]`, `[env.TOKEN][0]`,
		`[1, 2][length(env.TOKEN)]`, `env.TOKEN in ["a"]`, `"a" in [env.TOKEN]`, `env.TOKEN contains "h"`, `env.TOKEN matches "h"`,
		`env.TOKEN ?? "x"`, `env.EMPTY ?? "x"`, `coalesce(env.EMPTY, 1)`, `coalesce(none, env.TOKEN)`, `missing(env.TOKEN)`, `-length(env.TOKEN)`, `length(env.TOKEN) + gap`,
		`join([env.TOKEN], "")`, `split(env.TOKEN, "u")`, `format(env.TOKEN, "@")`, `text(env.TOKEN)`, `min(length(env.TOKEN), 1)`,
		`sure and env.TOKEN == "a"`, `env.TOKEN == "a" or sure`, `replace("a", "a", env.TOKEN)`, `duration(length(env.TOKEN))`,
	}
	for _, text := range secret {
		e, f := Parse(text)
		if f != nil {
			t.Fatalf("%s: %s", text, f.Detail)
		}
		v, err := e.Eval(sample)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !v.Sensitive {
			t.Errorf("%s is not sensitive", text)
		}
	}
	if v, _ := mustParse(t, `user + text(incoming)`).Eval(sample); v.Sensitive {
		t.Error("a value without secrets is sensitive")
	}
	for _, text := range []string{`int(env.TOKEN)`, `date(env.TOKEN)`, `duration(env.TOKEN)`} {
		_, err := mustParse(t, text).Eval(sample)
		if err == nil || err.Error() == "" || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func mustParse(t *testing.T, text string) *Expr {
	t.Helper()
	e, f := Parse(text)
	if f != nil {
		t.Fatalf("%s: %s", text, f.Detail)
	}
	return e
}

// TestDecimalFloat: the short way from a decimal to a float is as exact as the standard library's way through its text.
func TestDecimalFloat(t *testing.T) {
	w := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		d, err := decimal.New(w.Int64()>>w.IntN(60), w.IntN(20))
		if err != nil {
			continue
		}
		want, err := strconv.ParseFloat(d.String(), 64)
		if got := decimalFloat(d); err != nil || got != want {
			t.Fatalf("%s: got %v, want %v", d, got, want)
		}
	}
}
