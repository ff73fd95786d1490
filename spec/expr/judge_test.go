package expr

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	judge "github.com/expr-lang/expr"
)

// writer writes random expressions without missing values. Fractions are halves and quarters and divisors powers of two,
// so that the judge's floats are exact.
type writer struct{ *rand.Rand }

func (w writer) pick(options ...func() string) string { return options[w.IntN(len(options))]() }

func (w writer) infix(a, op, b string) string {
	if w.IntN(2) == 0 {
		return a + " " + op + " " + b
	}
	return "(" + a + ") " + op + " (" + b + ")"
}

func (w writer) one(of ...string) string { return of[w.IntN(len(of))] }

func (w writer) integer(depth int) string {
	literal := func() string { return fmt.Sprint(w.IntN(20)) }
	if depth == 0 {
		return literal()
	}
	return w.pick(literal,
		func() string { return w.infix(w.integer(depth-1), w.one("+", "-", "*"), w.integer(depth-1)) },
		func() string { return "((" + w.integer(depth-1) + ") % " + w.one("2", "3", "7") + ")" },
		func() string { return "-(" + w.integer(depth-1) + ")" },
		func() string {
			return "(" + w.boolean(depth-1) + " ? " + w.integer(depth-1) + " : " + w.integer(depth-1) + ")"
		})
}

func (w writer) number(depth int) string {
	literal := func() string { return fmt.Sprintf("%d.%s", w.IntN(20), w.one("0", "25", "5", "75")) }
	if depth == 0 {
		return literal()
	}
	return w.pick(literal,
		func() string { return w.integer(depth - 1) },
		func() string { return w.infix(w.number(depth-1), w.one("+", "-", "*"), w.number(depth-1)) },
		func() string { return "(" + w.number(depth-1) + ") / " + w.one("2", "4", "0.5") },
		func() string { return w.one("2", "3", "0.5") + " ** " + w.one("2", "3") })
}

func (w writer) boolean(depth int) string {
	if depth == 0 {
		return w.one("true", "false")
	}
	return w.pick(
		func() string {
			return "(" + w.number(depth-1) + ") " + w.one("<", "<=", ">", ">=", "==", "!=") + " (" + w.number(depth-1) + ")"
		},
		func() string {
			return w.infix(w.boolean(depth-1), w.one("and", "or", "&&", "||", "==", "!="), w.boolean(depth-1))
		},
		func() string { return w.one("not ", "!") + "(" + w.boolean(depth-1) + ")" },
		func() string {
			return "(" + w.integer(depth-1) + ") " + w.one("in", "not in") + " [" + w.integer(0) + ", " + w.integer(0) + "]"
		})
}

// TestJudge compares arithmetic and logic with the machine of the library whose reader we share, which nobody here wrote.
func TestJudge(t *testing.T) {
	w := writer{rand.New(rand.NewPCG(20261122, 7))}
	compared := 0
	for range 5000 {
		text := w.pick(func() string { return w.integer(4) }, func() string { return w.number(4) }, func() string { return w.boolean(4) })
		e, f := Parse(text)
		if f != nil {
			if f.Code == badValue.name {
				continue // beyond 64 bits or 19 digits, where the judge wraps or rounds
			}
			if _, err := judge.Compile(text); err == nil {
				t.Fatalf("%s: %s", text, f.Detail)
			}
			continue
		}
		v, err := e.Eval(nil)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		want, err := judge.Eval(text, nil)
		if err != nil {
			t.Fatalf("judge: %s: %v", text, err)
		}
		compared++
		ok := false
		switch want := want.(type) {
		case bool:
			ok = v.Type == Boolean && v.IsTrue() == want
		case int:
			ok = v.Type == Integer && v.Int == int64(want)
		case float64:
			ok = numbers.has(v.Type) && math.Abs(asFloat(&v)-want) <= 1e-9*math.Max(1, math.Abs(want))
		}
		if !ok || !v.Valid {
			t.Fatalf("%s: got %s, the judge says %T %v", text, v, want, want)
		}
	}
	if compared < 4000 {
		t.Errorf("only %d expressions were compared", compared)
	}
}
