package expr

import (
	"math"
	"strings"

	"github.com/govalues/decimal"
)

// argError is what is wrong with one argument of a function.
type argError struct {
	index  int
	detail string
}

func (e *argError) Error() string { return e.detail }

var ratioFunction = &function{
	name: "ratio", signature: "ratio(a, b)", doc: "a divided by b as a ratio, shown as a percent; missing where b is 0.",
	params: []set{figures | types(Duration), figures | types(Duration)}, result: Ratio, call: ratio,
}

func ratio(_ *machine, args []Value) (Value, error) {
	a, b := &args[0], &args[1]
	x, y := asFloat(a), asFloat(b)
	switch {
	case a.Type != b.Type && (a.Type == Duration || b.Type == Duration):
		return Value{}, problem("A duration and a number have no ratio: both must be of one kind.")
	case a.Type != b.Type && shares.has(a.Type) && shares.has(b.Type):
		x, y = asPoints(a), asPoints(b)
	}
	if y == 0 {
		return Missing(Ratio), nil
	}
	return floatValue(Ratio, x/y)
}

var numberFunctions = []*function{
	{name: "round", signature: "round(x, digits)", doc: "x rounded half away from zero, to whole numbers or to as many digits after the point.",
		params: []set{figures, types(Integer)}, optional: 1, call: round},
	{name: "floor", signature: "floor(x)", doc: "The greatest whole number that is not above x.",
		params: []set{numbers | types(Ratio)}, result: Integer, call: towards(decimal.Decimal.Floor, math.Floor)},
	{name: "ceil", signature: "ceil(x)", doc: "The least whole number that is not below x.",
		params: []set{numbers | types(Ratio)}, result: Integer, call: towards(decimal.Decimal.Ceil, math.Ceil)},
	{name: "abs", signature: "abs(x)", doc: "x without its sign.", params: []set{negatable}, call: abs},
	{name: "int", signature: "int(x)", doc: "The whole number that a text names, or a number without its fraction.",
		params: []set{figures | types(Text, Boolean)}, result: Integer, call: toInteger},
	{name: "decimal", signature: "decimal(x)", doc: "The decimal number that a text names; percents in points, durations in seconds.",
		params: []set{figures | types(Text, Duration)}, result: Decimal, call: toDecimal},
	{name: "missing", signature: "missing(x)", doc: "Whether x is missing.",
		params: []set{anything}, result: Boolean, seesMissing: true,
		call: func(_ *machine, args []Value) (Value, error) { return BooleanValue(!args[0].Valid), nil }},
}

func round(_ *machine, args []Value) (Value, error) {
	v, n := args[0], int64(0)
	if len(args) == 2 {
		if n = args[1].Int; n < -19 || n > 19 {
			return Value{}, &argError{1, "The digits are a number from -19 to 19."}
		}
	}
	switch v.Type {
	case Integer:
		i, ok := wholeDecimal(roundDecimal(asDecimal(&v), int(n)))
		if !ok {
			return Value{}, errTooLarge
		}
		v.Int = i
	case Decimal:
		v.Dec = roundDecimal(v.Dec, int(n))
	default:
		v.Float = roundFloat(v.Float, int(n))
	}
	return v, nil
}

// towards rounds to a whole number in one direction.
func towards(exact func(decimal.Decimal, int) decimal.Decimal, float func(float64) float64) func(*machine, []Value) (Value, error) {
	return func(_ *machine, args []Value) (Value, error) {
		return whole(args[0], func(d decimal.Decimal) decimal.Decimal { return exact(d, 0) }, float)
	}
}

// whole makes an integer of a figure.
func whole(v Value, exact func(decimal.Decimal) decimal.Decimal, float func(float64) float64) (Value, error) {
	i, ok := v.Int, true
	switch v.Type {
	case Decimal:
		i, ok = wholeDecimal(exact(v.Dec))
	case Percent, Ratio:
		i, ok = wholeFloat(float(v.Float))
	}
	if !ok {
		return Value{}, errTooLarge
	}
	return IntegerValue(i), nil
}

func abs(_ *machine, args []Value) (Value, error) {
	v := args[0]
	switch {
	case v.Type == Decimal:
		v.Dec = v.Dec.Abs()
	case v.Type != Percent && v.Type != Ratio && v.Int == math.MinInt64:
		return Value{}, errTooLarge
	default:
		v.Int, v.Float = max(v.Int, -v.Int), math.Abs(v.Float)
	}
	return v, nil
}

func toInteger(m *machine, args []Value) (Value, error) {
	v := args[0]
	switch v.Type {
	case Boolean:
		return IntegerValue(v.Int), nil
	case Text:
		d, err := toDecimal(m, args)
		if err != nil || !d.Valid {
			return Missing(Integer), err
		}
		i, ok := wholeDecimal(d.Dec)
		if !ok {
			return Value{}, &argError{0, shown(v) + " is not a whole number that fits an integer. Write floor(decimal(x)) or round."}
		}
		return IntegerValue(i), nil
	default:
		return whole(v, func(d decimal.Decimal) decimal.Decimal { return d.Trunc(0) }, math.Trunc)
	}
}

func toDecimal(_ *machine, args []Value) (Value, error) {
	switch v := args[0]; v.Type {
	case Integer, Decimal:
		return DecimalValue(asDecimal(&v)), nil
	case Duration:
		return DecimalValue(decimal.MustNew(v.Int, 6).Trim(0)), nil
	case Percent, Ratio:
		return floatValue(Decimal, v.Float)
	default:
		text := strings.TrimSpace(v.Str)
		if text == "" {
			return Missing(Decimal), nil // an empty text is a gap, as in the sources
		}
		d, err := decimal.Parse(text)
		if err != nil {
			return Value{}, &argError{0, shown(v) + " is not a number of at most 19 digits."}
		}
		return DecimalValue(d), nil
	}
}

// least picks the value that stands at one end: -1 the least, 1 the greatest.
func least(end int) func(*machine, []Value) (Value, error) {
	return func(_ *machine, args []Value) (Value, error) {
		best := args[0]
		for i, v := range args[1:] {
			order, ok := Compare(v, best)
			if !ok {
				return Value{}, &argError{i + 1, "This is " + an(v.Type) + " and cannot be compared with " + an(best.Type) + "."}
			}
			if order == end {
				best = v
			}
		}
		return best, nil
	}
}
