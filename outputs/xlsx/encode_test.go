package xlsx

import (
	"bytes"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// TestEncodersSayWhatPutSays writes values of every type, most of them at the edges of what Excel can keep, by the way
// for many rows and by the plain one.
func TestEncodersSayWhatPutSays(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 24))
	fields := []table.Field{
		{Name: "integer", Type: expr.Integer}, {Name: "decimal", Type: expr.Decimal}, {Name: "percent", Type: expr.Percent},
		{Name: "ratio", Type: expr.Ratio}, {Name: "duration", Type: expr.Duration}, {Name: "date", Type: expr.Date},
		{Name: "moment", Type: expr.DateTime}, {Name: "boolean", Type: expr.Boolean}, {Name: "text", Type: expr.Text},
	}
	for _, grain := range []string{"minute", "hour", "hour_of_day", "day", "week", "month", "year"} {
		fields = append(fields, table.Field{Name: grain, Type: expr.Period, Grain: grain})
	}
	rows := make([][]expr.Value, 5000)
	for i := range rows {
		for _, f := range fields {
			x := randomValue(random, f.Type)
			if random.IntN(10) == 0 {
				x = expr.Missing(f.Type)
			}
			rows[i] = append(rows[i], x)
		}
	}
	data := table.FromValues(fields, rows)
	w := &workbook{words: outputs.Words("en"), styles: must(newStyles(excelize.NewFile(), outputs.DefaultTheme()))}
	section := must(w.prepare(t.Context(), outputs.TableBlock{Dataset: "d", Table: data}, true, 0))
	var got, want bytes.Buffer
	fast, plain := &rowWriter{out: &got}, &rowWriter{out: &want}
	if err := section.write(t.Context(), fast, strip{first: 7, table: section, until: len(rows)}); err != nil {
		t.Fatal(err)
	}
	high := regexp.MustCompile(` ht="[^"]*" customHeight="1"`) // [TestTextsOfSeveralLines] has the heights
	for i, row := range rows {
		plain.begin(7+i, 0)
		for j, s := range section.columns {
			c := cell{style: s.style}
			put(&c, row[j], s.grain)
			if c.kind == text {
				c.text, _ = legalText(c.text)
				c.style = s.textStyle
			}
			plain.cell(columnName(j), c)
		}
		if err := plain.end(); err != nil {
			t.Fatal(err)
		}
	}
	_, _ = fast.flush(), plain.flush()
	// A zero has no sign where it is written from its digits.
	wanted := strings.ReplaceAll(want.String(), "<v>-0</v>", "<v>0</v>")
	gots, wants := strings.Split(high.ReplaceAllString(got.String(), ""), "</c>"), strings.Split(wanted, "</c>")
	for i := range min(len(gots), len(wants)) {
		if gots[i] != wants[i] {
			t.Fatalf("cell %d is\n%s\nwant\n%s", i, gots[i], wants[i])
		}
	}
	if len(gots) != len(wants) || len(gots) < len(rows)*len(fields)/2 {
		t.Errorf("%d cells, want %d", len(gots), len(wants))
	}
}

func randomValue(random *rand.Rand, typ expr.Type) expr.Value {
	near := func(x int64) int64 { return x + random.Int64N(5) - 2 }
	whole := func() int64 {
		switch random.IntN(6) {
		case 0:
			return near(exact) * (random.Int64N(2)*2 - 1)
		case 1:
			return random.Int64() - random.Int64()
		case 2:
			return near(0)
		default:
			return random.Int64N(1_000_000) - 500_000
		}
	}
	float := func() float64 {
		switch random.IntN(8) {
		case 0:
			return random.NormFloat64() * math.Pow10(random.IntN(40)-20)
		case 1:
			return []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e11, 1e-5, 99999999999.9999, math.MaxFloat64}[random.IntN(8)]
		case 2:
			return float64(random.IntN(100_000)) / 10_000
		default:
			return float64(random.IntN(30_000)-10_000) / 100 // also those whose product is a hair too small
		}
	}
	x := expr.Value{Type: typ, Valid: true}
	switch typ {
	case expr.Integer:
		x.Int = whole()
	case expr.Decimal:
		x.Dec = decimal.MustNew(whole(), random.IntN(decimal.MaxScale+1))
	case expr.Percent, expr.Ratio:
		x.Float = float()
	case expr.Duration:
		x.Int = (random.Int64N(1_000_000) - 1000) * 1_000_000
	case expr.Boolean:
		x.Int = random.Int64N(2)
	case expr.Text:
		pieces := []string{"a", " ", "<", "&", ">", "_x0041_", "_x00zz_", "_", "ż", "\n", "\r", "\t", "\x00", "👍", "\xff", `"`, "'", "=1+1", "]]>", "_x005F_"}
		for range random.IntN(4) {
			x.Str += pieces[random.IntN(len(pieces))]
		}
	default:
		days := []int64{near(firstSerial - unixSerial), near(lastSerial - unixSerial), 20_000 + random.Int64N(700)}[random.IntN(3)]
		x.Int = days*dayMicros + []int64{0, 0, 8 * 3600 * 1_000_000, random.Int64N(dayMicros)}[random.IntN(4)]
		if typ == expr.Period && random.IntN(20) == 0 {
			x.Int, x.Str = expr.NoTime, "Q4?"
		}
	}
	return x
}
