package table

import (
	"errors"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

func TestExactSums(t *testing.T) {
	field := func(t expr.Type) []Field { return []Field{{Name: "x", Type: t, Total: Total{Kind: TotalSum}}} }
	one := func(values ...expr.Value) [][]expr.Value {
		var rows [][]expr.Value
		for _, v := range values {
			rows = append(rows, []expr.Value{v})
		}
		return rows
	}
	const most = 1<<63 - 1
	for _, c := range []struct {
		typ    expr.Type
		values []expr.Value
		want   string
	}{
		{expr.Decimal, []expr.Value{dec("0.1"), dec("0.2"), dec("-0.30")}, "0"},
		{expr.Decimal, []expr.Value{dec("0.3333333333333333333"), dec("9000000000000000000"), dec("-9000000000000000000")}, "0.3333333333333333333"},
		{expr.Decimal, []expr.Value{dec("0.3333333333333333333"), dec("12")}, "12.33333333333333333"},
		{expr.Decimal, []expr.Value{dec("-0.0000000000000000001"), dec("-9999999999999999998")}, "overflow"},
		{expr.Decimal, []expr.Value{dec("1234567890123456.789"), dec("0.0009")}, "overflow"},
		{expr.Decimal, []expr.Value{dec("1234567890123456.789"), dec("0.011")}, "1234567890123456.8"},
		{expr.Decimal, []expr.Value{dec("999999999999999999.9"), dec("0.05")}, "overflow"},
		{expr.Decimal, []expr.Value{dec("999999999999999999.9"), dec("0.10")}, "1000000000000000000"},
		{expr.Decimal, []expr.Value{dec("9223372036854775807"), dec("1.00")}, "9223372036854775808"},
		{expr.Decimal, []expr.Value{dec("-9999999999999.123456"), dec("-0.0000001")}, "-9999999999999.123456"},
		{expr.Decimal, []expr.Value{dec("99999999999999.12345"), dec("0.000001")}, "overflow"},
		{expr.Decimal, []expr.Value{dec("9999999999999999999"), dec("1")}, "overflow"},
		{expr.Integer, []expr.Value{num(most), num(1), num(-1)}, "9223372036854775807"},
		{expr.Integer, []expr.Value{num(-most), num(-2)}, "overflow"},
		{expr.Integer, []expr.Value{num(most), num(1)}, "overflow"},
	} {
		in := FromValues(field(c.typ), one(c.values...))
		got, err := in.Totals()
		switch {
		case c.want == "overflow":
			var f *Fault
			if !errors.As(err, &f) || f.Code != "overflow" {
				t.Errorf("%v: %v, %v; want an overflow", c.values, got, err)
			}
			if _, err := apply(in, Group{}); !errors.As(err, &f) || f.Code != "overflow" {
				t.Errorf("group of %v: %v", c.values, err)
			}
		case err != nil || plain(got[0]) != c.want:
			t.Errorf("%v: %v, %v; want %s", c.values, got, err, c.want)
		}
	}
}

func TestWeightedDecimalsAreExact(t *testing.T) {
	fields := []Field{
		{Name: "price", Type: expr.Decimal, Total: Total{Kind: TotalWeighted, Weight: "n"}},
		{Name: "n", Type: expr.Integer, Total: Total{Kind: TotalSum}},
		{Name: "age", Type: expr.Integer, Total: Total{Kind: TotalWeighted, Weight: "n"}},
	}
	in := FromValues(fields, [][]expr.Value{{dec("0.1"), num(3), num(30)}, {dec("0.7"), num(1), num(45)}, {none, num(1000), num(45)}, {dec("5"), none, none}})
	equal(t, totals(t, in), "0.25 | 1004 | 44.9551792828685259")
	equal(t, totals(t, steps(t, in, Group{By: []string{"age"}}, Select{Names: []string{"price"}})), "0.25")

	const most = 1<<63 - 1
	for _, other := range []string{"9999999999999999999", "0.0000000000000000001"} {
		large := [][]expr.Value{{dec("9999999999999999999"), num(most), none}, {dec(other), num(most), none}}
		var f *Fault
		if _, err := FromValues(fields, large).Aggregate("total", "price"); !errors.As(err, &f) || f.Code != "overflow" {
			t.Errorf("products beyond 128 bits: %v", err)
		}
	}
}

// TestQuotientsOfNegatives: small negative sums are not taken for zero.
func TestQuotientsOfNegatives(t *testing.T) {
	fields := []Field{
		{Name: "a", Type: expr.Integer, Total: Total{Kind: TotalSum}}, {Name: "b", Type: expr.Integer, Total: Total{Kind: TotalSum}},
		{Name: "share", Type: expr.Ratio, Total: Total{Kind: TotalRatio, Num: "a", Den: "b"}},
		{Name: "level", Type: expr.Decimal, Total: Total{Kind: TotalWeighted, Weight: "b"}},
	}
	in := FromValues(fields, [][]expr.Value{{num(-5), num(10), none, dec("2.5")}, {num(2), num(-14), none, dec("1.5")}})
	equal(t, totals(t, in), "-3 | -4 | 0.75 | -1")
}
