package xlsx

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"
	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// found is what a reader finds in a cell.
type found struct {
	kind, raw, format string
}

// cellAt reads a cell back: its kind, raw value and number format.
func cellAt(t testing.TB, f *excelize.File, sheet, at string) found {
	t.Helper()
	raw, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	typ, err := f.GetCellType(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[excelize.CellType]string{
		excelize.CellTypeUnset: "number", excelize.CellTypeNumber: "number", excelize.CellTypeBool: "boolean",
		excelize.CellTypeInlineString: "text", excelize.CellTypeSharedString: "text", excelize.CellTypeFormula: "text formula",
	}
	kind := kinds[typ]
	if raw == "" && kind == "number" {
		kind = "empty"
	}
	id, err := f.GetCellStyle(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	format := ""
	if style.CustomNumFmt != nil {
		format = strings.NewReplacer("_0_0_0", "", "_0_ ", "").Replace(*style.CustomNumFmt) // the room beside figures
	}
	return found{kind, raw, format}
}

func moment(s string) int64 {
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		panic(err)
	}
	return expr.Civil(t)
}

func TestCellsHoldWhatTheirTypeMeans(t *testing.T) {
	whole := func(i int64) expr.Value { return expr.Value{Type: expr.Integer, Valid: true, Int: i} }
	of := func(typ expr.Type, i int64) expr.Value { return expr.Value{Type: typ, Valid: true, Int: i} }
	dec := func(s string) expr.Value {
		return expr.Value{Type: expr.Decimal, Valid: true, Dec: decimal.MustParse(s)}
	}
	txt := func(s string) expr.Value { return expr.Value{Type: expr.Text, Valid: true, Str: s} }
	const day = int64(dayMicros)
	cases := []struct {
		name  string
		value expr.Value
		grain string
		want  found
	}{
		{"whole number", whole(1234567), "", found{"number", "1234567", "#,##0"}},
		{"largest exact number", whole(999_999_999_999_999), "", found{"number", "999999999999999", "#,##0"}},
		{"number of sixteen digits", whole(1_000_000_000_000_000), "", found{"text", "1000000000000000", ""}},
		{"beyond 2^53", whole(9_007_199_254_740_993), "", found{"text", "9007199254740993", ""}},
		{"below -2^53", whole(-9_007_199_254_740_993), "", found{"text", "-9007199254740993", ""}},
		{"decimal", dec("1234.56"), "", found{"number", "1234.56", "#,##0.00"}},
		{"decimal of many digits before the point", dec("1234567890123456.78"), "", found{"text", "1234567890123456.78", ""}},
		{"percent points", expr.Value{Type: expr.Percent, Valid: true, Float: 14.87}, "", found{"number", "0.1487", "0.0%"}},
		{"hundred percent", expr.Value{Type: expr.Percent, Valid: true, Float: 100}, "", found{"number", "1", "0.0%"}},
		{"ratio", expr.Value{Type: expr.Ratio, Valid: true, Float: 0.5}, "", found{"number", "0.5", "0.0%"}},
		{"no number", expr.Value{Type: expr.Ratio, Valid: true, Float: math.NaN()}, "", found{"text", "NaN", ""}},
		{"duration", of(expr.Duration, 48_000_000), "", found{"number", "0.0005555555555555556", "[h]:mm:ss"}},
		{"duration beyond a day", of(expr.Duration, (123*3600+33*60+44)*1_000_000), "", found{"number", "5.148425925925926", "[h]:mm:ss"}},
		{"negative duration", of(expr.Duration, -65_000_000), "", found{"text", "-0:01:05", ""}},
		{"date", of(expr.Date, moment("2026-11-09 00:00:00")), "", found{"number", "46335", "yyyy-mm-dd"}},
		{"first date that Excel counts right", of(expr.Date, moment("1900-03-01 00:00:00")), "", found{"number", "61", "yyyy-mm-dd"}},
		{"date before that", of(expr.Date, moment("1900-02-28 00:00:00")), "", found{"text", "1900-02-28", "yyyy-mm-dd"}},
		{"last moment of all", of(expr.DateTime, moment("9999-12-31 12:00:00")), "", found{"number", "2958465.5", "yyyy-mm-dd hh:mm"}},
		{"moment in the hour that a zone skips", of(expr.DateTime, moment("2026-03-29 02:30:00")), "", found{"number", "46110.10416666667", "yyyy-mm-dd hh:mm"}},
		{"day", of(expr.Period, moment("2026-11-09 00:00:00")), "day", found{"number", "46335", "yyyy-mm-dd"}},
		{"month", of(expr.Period, moment("2026-11-01 00:00:00")), "month", found{"number", "46327", "[$-409]mmm yyyy"}},
		{"year", of(expr.Period, moment("2026-01-01 00:00:00")), "year", found{"number", "46023", "yyyy"}},
		{"hour", of(expr.Period, moment("2026-11-09 13:00:00")), "hour", found{"number", "46335.54166666667", "yyyy-mm-dd hh:mm"}},
		{"hour of day", of(expr.Period, 13*day/24), "hour_of_day", found{"number", "0.5416666666666666", "hh:mm"}},
		{"week", of(expr.Period, moment("2026-12-28 00:00:00")), "week", found{"text", "2026-W53", "yyyy-mm-dd"}},
		{"week from Sunday", of(expr.Period, moment("2026-11-08 00:00:00")), "week", found{"number", "46334", "yyyy-mm-dd"}},
		{"period that was not understood", expr.Value{Type: expr.Period, Valid: true, Int: expr.NoTime, Str: "Q4?"}, "day", found{"text", "Q4?", "yyyy-mm-dd"}},
		{"true", of(expr.Boolean, 1), "", found{"boolean", "1", ""}},
		{"false", of(expr.Boolean, 0), "", found{"boolean", "0", ""}},
		{"an id", txt("00001"), "", found{"text", "00001", ""}},
		{"an id like a decimal", txt("1416225570.341"), "", found{"text", "1416225570.341", ""}},
		{"a formula from a name", txt(`=cmd|' /C calc'!A0`), "", found{"text", `=cmd|' /C calc'!A0`, ""}},
		{"other beginnings of formulas", txt("+1-2@x"), "", found{"text", "+1-2@x", ""}},
		{"Polish", txt("Zażółć gęślą jaźń"), "", found{"text", "Zażółć gęślą jaźń", ""}},
		{"markup", txt(`<b>&amp;"'</b>`), "", found{"text", `<b>&amp;"'</b>`, ""}},
		{"what Excel takes for an escape", txt("_x0041_"), "", found{"text", "_x0041_", ""}},
		{"spaces at the edges", txt("  two lines\n  "), "", found{"text", "  two lines\n  ", ""}},
		{"an emoji", txt("👍🏽"), "", found{"text", "👍🏽", ""}},
		{"a control character", txt("a\x0bb"), "", found{"text", "a\uFFFDb", ""}},
		{"missing", expr.Value{Type: expr.Integer}, "", found{"empty", "", "#,##0"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fields := []table.Field{{Name: "x", Type: c.value.Type, Grain: c.grain}}
			path, _ := render(t, Renderer{}, single(fields, []expr.Value{c.value}))
			got := cellAt(t, open(t, path), "Data", "A2")
			if got.format == "General" {
				got.format = ""
			}
			if got != c.want {
				t.Errorf("cell is %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestDurationsKeepEverySecond(t *testing.T) {
	rows := make([][]expr.Value, 5000)
	for i := range rows {
		rows[i] = []expr.Value{{Type: expr.Duration, Valid: true, Int: int64(i*97+1) * 1_000_000}}
	}
	path, _ := render(t, Renderer{}, single([]table.Field{column("x", expr.Duration, table.TotalNone)}, rows...))
	f := open(t, path)
	for i := range rows {
		shown, err := f.GetCellValue("Data", ref(0, i+2))
		if err != nil {
			t.Fatal(err)
		}
		if want := clock(rows[i][0].Int); strings.TrimSpace(shown) != want {
			t.Fatalf("row %d shows %s, want %s", i, shown, want)
		}
	}
}

func TestFormatsOfTheUserAreKept(t *testing.T) {
	fields := []table.Field{{Name: "x", Type: expr.Decimal, Format: "0.000"}}
	doc := single(fields, []expr.Value{{Type: expr.Decimal, Valid: true, Dec: decimal.MustParse("1.5")}})
	path, _ := render(t, Renderer{}, doc)
	if got := cellAt(t, open(t, path), "Data", "A2").format; got != "0.000" {
		t.Errorf("the column's format became %q", got)
	}
	block := doc.Sheets[0].Blocks[0].(outputs.TableBlock)
	block.Columns = []outputs.TableColumn{{Key: "x", Format: `0.0" zł"`, Label: "Koszt"}}
	doc.Sheets[0].Blocks[0] = block
	path, _ = render(t, Renderer{}, doc)
	f := open(t, path)
	if got := cellAt(t, f, "Data", "A2").format; got != `0.0" zł"` {
		t.Errorf("the block's format became %q", got)
	}
	if got := cellAt(t, f, "Data", "A1").raw; got != "Koszt" {
		t.Errorf("the block's label became %q", got)
	}
}

func TestFormatsThatExcelWouldRepairAreRefused(t *testing.T) {
	for _, good := range []string{"", "0", "#,##0.00", "0.0%", "[h]:mm:ss", "yyyy-mm-dd", `0" szt."`, `0\ \k`, "#,##0;[Red]-#,##0;-", "General", "h:mm AM/PM", "0.00E+00", "[$-415]d mmmm yyyy", "_-* #,##0_-", "[>=1000]0.0;0", `# ??/??`} {
		if err := checkFormat(good); err != nil {
			t.Errorf("%q is refused: %v", good, err)
		}
	}
	for _, bad := range []string{`0"`, "0 szt", "[h:mm", "0]", "0;0;0;0;0", `0\`, strings.Repeat("0", 256)} {
		if err := checkFormat(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	fields := []table.Field{{Name: "x", Type: expr.Integer, Format: "0 szt"}}
	_, err := Renderer{}.Render(t.Context(), single(fields, []expr.Value{{Type: expr.Integer, Valid: true, Int: 1}}), t.TempDir()+"/x.xlsx")
	if err == nil || !strings.Contains(err.Error(), `column "x"`) || !strings.Contains(err.Error(), "0 szt") {
		t.Errorf("error: %v", err)
	}
}

func TestFiguresKeepRoomAtTheirRight(t *testing.T) {
	for _, c := range []struct {
		code  string
		steps int
		want  string
	}{
		{"0.0%", 2, "0.0%_0_0_0"},
		{"0.0%", 1, "0.0%_0_ "},
		{`0;-0" ;x";"–"`, 2, `0_0_0_0;-0" ;x"_0_0_0;"–"_0_0_0`},
		{`0\;;[$;-415]0`, 1, `0\;_0_ ;[$;-415]0_0_ `},
		{"0;;", 1, "0_0_ ;;"},
		{"[h]:mm:ss", 0, "[h]:mm:ss"},
		{strings.Repeat("0", 253), 2, strings.Repeat("0", 253)},
	} {
		if got := padFormat(c.code, c.steps); got != c.want {
			t.Errorf("%q with %d steps is %q, want %q", c.code, c.steps, got, c.want)
		}
	}
}
