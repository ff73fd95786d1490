package table

import (
	"fmt"
	"math/big"

	"github.com/reportform/reportform/spec/expr"
)

// The change of a figure: this one less the one before, and what share of the one before that is. A row's change and that
// of a total are computed in one way.

// microsecondsAMinute is what the change of a duration is divided by: Excel has no negative time, so that it is shown as a
// number of minutes.
const microsecondsAMinute = 60_000_000

// changeType is the type of the difference of two figures of type t.
func changeType(t expr.Type) expr.Type {
	if t == expr.Duration {
		return expr.Decimal
	}
	return t
}

// difference is this less before; missing where either is.
func difference(this, before expr.Value) (expr.Value, error) {
	x := expr.Value{Type: changeType(this.Type), Valid: this.Valid && before.Valid}
	if !x.Valid {
		return x, nil
	}
	switch this.Type {
	case expr.Integer:
		x.Int = this.Int - before.Int
		if (this.Int < before.Int) != (x.Int < 0) {
			return x, errTooLarge
		}
		return x, nil
	case expr.Percent, expr.Ratio:
		x.Float = this.Float - before.Float
		return x, nil
	case expr.Duration:
		var err error
		minutes := big.NewRat(1, microsecondsAMinute)
		x.Dec, err = parseRat(minutes.Mul(minutes, new(big.Rat).Sub(exactly(this), exactly(before))))
		return x, err
	default:
		var err error
		x.Dec, err = this.Dec.Sub(before.Dec)
		if err != nil {
			err = errTooLarge
		}
		return x, err
	}
}

// growth is the difference divided by what was before, as a ratio; missing where either is, or it was 0 before.
func growth(this, before expr.Value) expr.Value {
	x := expr.Value{Type: expr.Ratio, Valid: this.Valid && before.Valid}
	if !x.Valid {
		return x
	}
	was := exactly(before)
	if x.Valid = was.Sign() != 0; x.Valid {
		// A share of what was there: from -2 to 1 is a rise.
		x.Float, _ = new(big.Rat).Quo(new(big.Rat).Sub(exactly(this), was), new(big.Rat).Abs(was)).Float64()
	}
	return x
}

// exactly is a figure as a fraction.
func exactly(v expr.Value) *big.Rat {
	switch storageOf(v.Type) {
	case floats:
		r := new(big.Rat)
		r.SetFloat64(v.Float)
		return r
	case decimals:
		n := new(big.Int).SetUint64(v.Dec.Coef())
		if v.Dec.IsNeg() {
			n.Neg(n)
		}
		return new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(v.Dec.Scale())), nil))
	default:
		return new(big.Rat).SetInt64(v.Int)
	}
}

// compareConflict says why two columns have no difference; "" where they have.
func compareConflict(this, before Field) string {
	for _, f := range []Field{this, before} {
		if !addable(f.Type) {
			return fmt.Sprintf("%q is of type %s, which has no difference", f.Name, expr.TypeName(f.Type))
		}
	}
	if this.Type != before.Type && this.Type != expr.Any && before.Type != expr.Any {
		return fmt.Sprintf("%q is of type %s and %q of type %s", this.Name, expr.TypeName(this.Type), before.Name, expr.TypeName(before.Type))
	}
	return ""
}

// Recomputed reports whether the column's rows are averages or shares, or changes of such, and so do not add up. Of are the
// columns that it stands among.
func (f Field) Recomputed(of []Field) bool {
	if f.Total.Kind == TotalDifference {
		if i := index(of, f.Total.Num); i >= 0 {
			return of[i].Total.Recomputed()
		}
	}
	return f.Total.Recomputed()
}

// compared returns the change of the totals of two columns, each by its own rule.
func (l *ledger) compared(f Field) (figure, error) {
	var sides [2]figure
	for i, name := range f.Total.names() {
		var err error
		if sides[i], err = l.total(index(l.fields, name)); err != nil {
			return nil, err
		}
	}
	return func(g int) (expr.Value, error) {
		this, err := sides[0](g)
		if err != nil {
			return this, err
		}
		before, err := sides[1](g)
		if err != nil {
			return before, err
		}
		if f.Total.Kind == TotalGrowth {
			return growth(this, before), nil
		}
		return difference(this, before)
	}, nil
}
