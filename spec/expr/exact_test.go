package expr

import (
	"errors"
	"testing"
)

// TestExactOrOverflow: a decimal that has no room for its digits is an error, and not another figure.
func TestExactOrOverflow(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"1234567890123456.789 + 0.0009", "overflow"},
		{"1234567890123456.789 - 0.0009", "overflow"},
		{"999999999999999999.9 + 0.05", "overflow"},
		{"9999999999999999999.0 + 1", "overflow"},
		{"123456789012.3456 * 12345.6789", "overflow"},
		{"9223372036854775807 + 1", "overflow"},
		{"-9223372036854775807 - 2", "overflow"},
		{"9223372036854775807 * 2", "overflow"},
		{"1234567890123456.789 + 0.011", "1234567890123456.8"},
		{"999999999999999999.9 + 0.10", "1000000000000000000"},
		{"1000000000000000000 - 0.5 - 999999999999999999", "0.5"},
		{"200000000000000000.5 * 2", "400000000000000001"},
		{"0.1 + 0.2", "0.3"},
		{"0.0000000005 * 0.0000000002", "0.0000000000000000001"},
		// A quotient fills all digits there are, and can be computed with.
		{"41 / 47 + 1", "1.872340425531914894"},
		{"41 / 47 * 12345.67", "10769.62702127659574"},
		{"41 / 47 * (1000 / 7)", ""},
		{"2000000 / 3 + 1234567.89", ""},
	} {
		e, f := Parse(test.text)
		if f != nil {
			if f.Code != test.want {
				t.Errorf("%s: %s: %v, want %s", test.text, f.Code, f, test.want)
			}
			continue
		}
		v, err := e.Eval(nil)
		if err != nil || test.want == "overflow" || test.want != "" && Plain(v) != test.want {
			t.Errorf("%s is %s, %v; want %s", test.text, Plain(v), err, test.want)
		}
	}
}

// TestOverflowOfValues: what is known only with the values has the same code.
func TestOverflowOfValues(t *testing.T) {
	for _, text := range []string{"x + 0.0009", "x * 1.00001", "-least", "round(x * 10000, 1)", "least - 1"} {
		e, f := Parse(text)
		if f != nil {
			t.Fatal(f)
		}
		_, err := e.Eval(row{"x": DecimalValue(dec("1234567890123456.789")), "least": IntegerValue(-1 << 63)})
		if f, ok := errors.AsType[*Fault](err); !ok || f.Code != "overflow" {
			t.Errorf("%s: %v", text, err)
		}
	}
}
