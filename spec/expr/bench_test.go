package expr

import "testing"

// benchRow is a row as a table would hold it: found by name without a map of values.
type benchRow struct{ answered, incoming, wait Value }

func (r *benchRow) Lookup(path []string) (Value, error) {
	switch path[0] {
	case "answered":
		return r.answered, nil
	case "incoming":
		return r.incoming, nil
	default:
		return r.wait, nil
	}
}

func (r *benchRow) Aggregate(string, []string) (Value, error) { return Value{}, nil }

func BenchmarkEval(b *testing.B) {
	r := &benchRow{sample["answered"], sample["incoming"], sample["wait"]}
	for _, text := range []string{
		`ratio(answered, incoming) > 0.9 and wait_avg < duration("5m")`,
		`ratio(answered, incoming)`,
		`answered + incoming * 2`,
		`answered / 3`,
		`wait_avg > duration("5m") ? "late" : "in time"`,
		`coalesce(answered, 0) in [1, 2, 93]`,
	} {
		e, f := Parse(text)
		if f != nil {
			b.Fatal(f.Detail)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, f := Parse(`ratio(answered, incoming) > 0.9 and wait_avg < duration("5m")`); f != nil {
			b.Fatal(f.Detail)
		}
	}
}

func BenchmarkDisplay(b *testing.B) {
	v := DecimalValue(dec("1234567.891"))
	b.ReportAllocs()
	for b.Loop() {
		_ = Display(v, "#,##0.00", "pl")
	}
}

// TestEvalAllocatesNothing: rows are many.
func TestEvalAllocatesNothing(t *testing.T) {
	r := &benchRow{sample["answered"], sample["incoming"], sample["wait"]}
	e := mustParse(t, `ratio(answered, incoming) > 0.9 and wait_avg < duration("5m")`)
	if n := testing.AllocsPerRun(1000, func() {
		if _, err := e.Eval(r); err != nil {
			t.Fatal(err)
		}
	}); n >= 1 { // the race detector makes the pool forget now and then
		t.Errorf("%v allocations a row", n)
	}
}
