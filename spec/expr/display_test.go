package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestDisplay(t *testing.T) {
	at := func(s string) Value {
		tm, err := time.Parse("2006-01-02 15:04:05.000", s)
		if err != nil {
			t.Fatal(err)
		}
		return DateTimeValue(tm)
	}
	length := func(s string) Value {
		d, ok := ParseDuration(s)
		if !ok {
			t.Fatal(s)
		}
		return DurationValue(d)
	}
	moment := at("2026-11-09 08:05:09.500")
	cases := []struct {
		v              Value
		format, en, pl string
	}{
		// the type's own
		{IntegerValue(1234567), "", "1,234,567", "1 234 567"},
		{IntegerValue(-1234), "", "-1,234", "-1 234"},
		{IntegerValue(math.MinInt64), "", "-9,223,372,036,854,775,808", "-9 223 372 036 854 775 808"},
		{DecimalValue(dec("1234.50")), "", "1,234.5", "1 234,5"},
		{DecimalValue(dec("-0.05")), "", "-0.05", "-0,05"},
		{DecimalValue(dec("78.83107626514611547")), "", "78.83", "78,83"},
		{DecimalValue(dec("2.995")), "", "3", "3"},
		{DecimalValue(dec("-0.004")), "", "0", "0"},
		{PercentValue(93.45), "", "93.5%", "93,5%"},
		{RatioValue(0.935), "", "93.5%", "93,5%"},
		{RatioValue(0), "", "0.0%", "0,0%"},
		{length("27:46:40"), "", "27:46:40", "27:46:40"},
		{length("-0:00:05"), "", "-0:00:05", "-0:00:05"},
		{length("1.6s"), "", "0:00:02", "0:00:02"},
		{DateValue(FromCivil(moment.Int)), "", "2026-11-09", "2026-11-09"},
		{at("2026-11-09 00:00:00.000"), "", "2026-11-09", "2026-11-09"},
		{at("2026-11-09 08:05:00.000"), "", "2026-11-09 08:05:00", "2026-11-09 08:05:00"},
		{BooleanValue(true), "", "yes", "tak"},
		{BooleanValue(false), "0", "no", "nie"},
		{TextValue("=1+1 ąę"), "", "=1+1 ąę", "=1+1 ąę"},
		{ListValue(IntegerValue(1000), TextValue("ą")), "", "1,000, ą", "1 000, ą"},
		{Missing(Integer), "0.0", "–", "–"},
		{Value{}, "", "–", "–"},
		{Value{Type: Text, Valid: true, Sensitive: true, Str: "hunter2"}, "@", "(sensitive)", "(sensitive)"},
		{Value{Type: Period, Valid: true, Int: NoTime, Str: "tydzień 47"}, "yyyy-mm", "tydzień 47", "tydzień 47"},
		// numbers
		{IntegerValue(5), "0", "5", "5"},
		{IntegerValue(5), "000", "005", "005"},
		{IntegerValue(0), "#", "", ""},
		{IntegerValue(12345), "#,##0", "12,345", "12 345"},
		{IntegerValue(7), "0,000", "0,007", "0 007"},
		{IntegerValue(1234567), "0.0,,", "1.2", "1,2"},
		{IntegerValue(5), "0%", "500%", "500%"},
		{IntegerValue(math.MaxInt64), "0%", "922337203685477580700%", "922337203685477580700%"},
		{DecimalValue(dec("2.345")), "0.00", "2.35", "2,35"},
		{DecimalValue(dec("-2.345")), "0.00", "-2.35", "-2,35"},
		{DecimalValue(dec("999.995")), "0.00", "1000.00", "1000,00"},
		{DecimalValue(dec("-0.004")), "0.00", "0.00", "0,00"},
		{DecimalValue(dec("0.5")), "#.##", ".5", ",5"},
		{DecimalValue(dec("1.5")), "0.0##", "1.5", "1,5"},
		{DecimalValue(dec("1234.5")), "#,##0.00 \"zł\"", "1,234.50 zł", "1 234,50 zł"},
		{DecimalValue(dec("1234.5")), "[$zł-415] #,##0.00", "zł 1,234.50", "zł 1 234,50"},
		{DecimalValue(dec("-1234.5")), "0.0;[Red](0.0);\"–\"", "(1234.5)", "(1234,5)"},
		{IntegerValue(0), "0.0;(0.0);\"–\"", "–", "–"},
		{DecimalValue(dec("1.5")), "General", "1.5", "1,5"},
		{PercentValue(93.5), "0.0", "0.9", "0,9"},
		{PercentValue(93.45), "0.00%", "93.45%", "93,45%"},
		{PercentValue(0.285), "0.0%", "0.3%", "0,3%"},
		{RatioValue(1.005), "0%", "101%", "101%"},
		{RatioValue(-0.005), "+0.0%;-0.0%", "-0.5%", "-0,5%"},
		{IntegerValue(3), `\x0 "a;b"`, "x3 a;b", "x3 a;b"},
		{TextValue("abc"), `0;0;0;"<"@">"`, "<abc>", "<abc>"},
		{TextValue("abc"), `0.0`, "abc", "abc"},
		// durations
		{length("27:46:40"), "[h]:mm", "27:46", "27:46"},
		{length("27:46:40"), "h:mm:ss", "3:46:40", "3:46:40"},
		{length("27:46:40"), "[mm]:ss", "1666:40", "1666:40"},
		{length("27:46:40"), "[s]", "100000", "100000"},
		{length("0:00:01.25"), "[h]:mm:ss.00", "0:00:01.25", "0:00:01,25"},
		{length("1:52:59.6"), "[h]:mm", "1:53", "1:53"},
		{length("36h"), "0.0", "1.5", "1,5"},
		{length("59:59:59.7"), "[h]:mm:ss", "60:00:00", "60:00:00"},
		// dates
		{moment, "yyyy-mm-dd hh:mm", "2026-11-09 08:05", "2026-11-09 08:05"},
		{moment, "dd.mm.yyyy", "09.11.2026", "09.11.2026"},
		{moment, "d mmm yyyy", "9 Nov 2026", "9 lis 2026"},
		{moment, "d mmmm yy", "9 November 26", "9 listopada 26"},
		{moment, "mmmm yyyy", "November 2026", "listopad 2026"},
		{moment, "dddd, ddd", "Monday, Mon", "poniedziałek, pon."},
		{moment, "h:mm AM/PM", "8:05 AM", "8:05 AM"},
		{moment, "mm:ss.000", "05:09.500", "05:09,500"},
		{at("2026-11-09 23:59:59.600"), "yyyy-mm-dd", "2026-11-09", "2026-11-09"},
		{at("2026-11-09 23:59:59.600"), "yyyy-mm-dd hh:mm", "2026-11-10 00:00", "2026-11-10 00:00"},
		{moment, "hh:mm:ss", "08:05:10", "08:05:10"},
		{moment, `yyyy"r."`, "2026r.", "2026r."},
		{at("1969-12-31 23:00:00.000"), "yyyy-mm-dd hh:mm", "1969-12-31 23:00", "1969-12-31 23:00"},
		{at("1850-03-01 08:05:00.000"), "yyyy-mm-dd hh:mm", "1850-03-01 08:05", "1850-03-01 08:05"},
		{at("0001-01-01 00:00:00.000"), "dd.mm.yyyy hh:mm", "01.01.0001 00:00", "01.01.0001 00:00"},
		{DecimalValue(dec("46335.5")), "yyyy-mm-dd hh:mm", "2026-11-09 12:00", "2026-11-09 12:00"},
		{DecimalValue(dec("0.5")), "h:mm", "12:00", "12:00"},
		{IntegerValue(math.MaxInt64), "yyyy", "9223372036854775807", "9223372036854775807"},
		// what cannot be read counts as no format
		{IntegerValue(1234), "0.0 q", "1,234", "1 234"},
	}
	for _, c := range cases {
		if got := Display(c.v, c.format, "en"); got != c.en {
			t.Errorf("%s under %q in en: got %q, want %q", c.v, c.format, got, c.en)
		}
		pl := strings.ReplaceAll(c.pl, " ", "\u00a0")
		if got := Display(c.v, c.format, "pl"); strings.ReplaceAll(got, " ", "\u00a0") != pl {
			t.Errorf("%s under %q in pl: got %q, want %q", c.v, c.format, got, pl)
		}
	}
}

func TestFormatFaults(t *testing.T) {
	for _, text := range []string{"0.0 q", `"abc`, `\`, "[>5]0", "[h", "0 0", "0.0 yyyy", "ddddd", "hhh", "0E+00", "0;0;0;0;0", "ss.0000", "_", strings.Repeat("0", 256)} {
		if f, err := ParseFormat(text); err == nil {
			t.Errorf("%q is read as %+v", text, f.sections)
		}
	}
}

// TestDefaultFormats: each can be read, so that workbooks and readers see the same.
func TestDefaultFormats(t *testing.T) {
	for typ := Any; typ <= Table; typ++ {
		for _, grain := range []string{"", "minute", "hour", "hour_of_day", "day", "week", "month", "year"} {
			for _, locale := range []string{"en", "pl"} {
				if _, err := ParseFormat(DefaultFormat(typ, grain, locale)); err != nil {
					t.Errorf("%s %s %s: %v", typ, grain, locale, err)
				}
			}
		}
	}
	november := Value{Type: Period, Valid: true, Int: Civil(time.Date(2026, 11, 1, 13, 0, 0, 0, time.UTC))}
	for grain, want := range map[string][2]string{
		"minute": {"2026-11-01 13:00", "01.11.2026 13:00"}, "hour": {"2026-11-01 13:00", "01.11.2026 13:00"}, "hour_of_day": {"13:00", "13:00"},
		"day": {"2026-11-01", "01.11.2026"}, "week": {"2026-11-01", "01.11.2026"}, "month": {"Nov 2026", "listopad 2026"}, "year": {"2026", "2026"},
	} {
		if en, pl := DisplayPeriod(november, grain, "en"), DisplayPeriod(november, grain, "pl"); en != want[0] || pl != want[1] {
			t.Errorf("%s: got %q and %q, want %q", grain, en, pl, want)
		}
	}
}

func TestWeeksAreISOs(t *testing.T) {
	for day, want := range map[string]string{
		"2026-10-05": "2026-W41", "2026-12-28": "2026-W53", "2027-01-04": "2027-W01", "2024-12-30": "2025-W01", "0001-01-01": "0001-W01",
		"2026-11-08": "2026-11-08", // from a Sunday: none of ISO's
	} {
		monday, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := DisplayPeriod(Value{Type: Period, Valid: true, Int: Civil(monday)}, "week", "en"); got != want {
			t.Errorf("%s: got %q, want %q", day, got, want)
		}
	}
	for _, v := range []Value{{Type: Period, Valid: true, Int: NoTime, Str: "tydzień 47"}, Missing(Period)} {
		if got := DisplayPeriod(v, "week", "pl"); got != "tydzień 47" && got != missingText {
			t.Errorf("%s: got %q", v, got)
		}
	}
}

// TestCellFloat: the point is moved, not divided.
func TestCellFloat(t *testing.T) {
	for points, want := range map[float64]float64{
		61.15: 0.6115, 0: 0, 100: 1, -12.5: -0.125, 29: 0.29, 33.333333333333336: 0.33333333333333336, 1e-7: 1e-9, 1e300: 1e298, math.Inf(1): math.Inf(1),
		5.15: math.Nextafter(0.0515, 1), -5.15: math.Nextafter(-0.0515, -1), // which LibreOffice would show as 5.1%
	} {
		if got := CellFloat(PercentValue(points)); got != want {
			t.Errorf("%v points: got %v, want %v", points, got, want)
		}
	}
	for i := range 100_000 {
		number := func(exponent int) float64 {
			f, err := strconv.ParseFloat(fmt.Sprintf("%de%d", i, exponent), 64)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		points, want := number(-3), number(-5)
		percent, ratio := CellFloat(PercentValue(points)), CellFloat(RatioValue(want))
		if percent != ratio || percent != want && (i%10 != 5 && i%100 != 50 && i%1000 != 500 || percent != math.Nextafter(want, 2)) {
			t.Fatalf("%v points: got %v and %v, want %v", points, percent, ratio, want)
		}
		if i%10 == 5 && percent*100 < points {
			t.Fatalf("%v points: the cell's %v gives %v", points, percent, percent*100)
		}
	}
	if !math.IsNaN(CellFloat(PercentValue(math.NaN()))) {
		t.Error("what is no number became one")
	}
}

func TestLocaleOfReaders(t *testing.T) {
	for text, want := range map[string]string{
		`format(1234.5, "#,##0.0")`: "1\u00a0234,5", `strftime(born, "%-d %b, %A")`: "9 lis, poniedziałek", `text(1234.5)`: "1234.5",
	} {
		if v, err := mustParse(t, text).Eval(polishRow{sample}); err != nil || v.Str != want {
			t.Errorf("%s: got %q, %v", text, v.Str, err)
		}
	}
}

// TestNeverPrinted: no verb and no encoder shows a secret, or what is computed from one.
func TestNeverPrinted(t *testing.T) {
	v := Value{Type: Text, Valid: true, Sensitive: true, Str: "hunter2", Items: []Value{TextValue("hunter2")}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, v); got != "(sensitive)" {
			t.Errorf("%s: %s", verb, got)
		}
		if got := fmt.Sprintf(verb, []Value{v}); strings.Contains(got, "hunter2") {
			t.Errorf("%s in a list: %s", verb, got)
		}
	}
	if text, _ := v.MarshalText(); string(text) != "(sensitive)" {
		t.Errorf("encoded: %s", text)
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5m": 5 * time.Minute, "1h30m": 90 * time.Minute, "00:05:00": 5 * time.Minute, "123:33:44": 123*time.Hour + 33*time.Minute + 44*time.Second,
		"90s": 90 * time.Second, "1d 2h": 26 * time.Hour, "1.5h": 90 * time.Minute, "30min": 30 * time.Minute, "250ms": 250 * time.Millisecond,
		"-0:00:01.5": -1500 * time.Millisecond, " 5m ": 5 * time.Minute, "0s": 0,
	} {
		if got, ok := ParseDuration(text); !ok || got != want {
			t.Errorf("%q: got %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "5", "m", "5 minut", "00:61:00", "00:00:60", "1:2:3", "00:05", "--5m", "5mm", "1e3s", "9999999999h", "99999999:00:00", "2562047:59:59", "0:00:00.", "1..5h"} {
		if got, ok := ParseDuration(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestTypes(t *testing.T) {
	for _, name := range []string{"text", "integer", "decimal", "percent", "ratio", "duration", "date", "datetime", "period", "boolean", "any", "map", "list"} {
		if typ, list, ok := ParseType(name); !ok || list || TypeName(typ) != name {
			t.Errorf("%s: %v %v %v", name, typ, list, ok)
		}
	}
	if typ, list, ok := ParseType("list(text)"); !ok || !list || typ != Text {
		t.Errorf("list(text): %v %v %v", typ, list, ok)
	}
	for _, name := range []string{"", "string", "list(", "list(text", "list()", "list(list(text))", "column", "table", "Text"} {
		if typ, _, ok := ParseType(name); ok {
			t.Errorf("%q is read as %s", name, typ)
		}
	}
}
