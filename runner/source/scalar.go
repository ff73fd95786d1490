package source

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// set appends a value that is not missing. text is a string's content, else the JSON itself; numbers may come as
// strings. Where it does not fit the column's type, ok is false and why may say more.
func (l *layout) set(c *column, kind jsontext.Kind, text []byte) (why string, ok bool) {
	if kind == '{' {
		return anObject, false
	}
	if c.field.Type != expr.Text && c.field.Type != expr.Any && kind == '[' {
		return "is a list", false
	}
	switch c.field.Type {
	case expr.Integer:
		var n int64
		if n, ok = parseInteger(text); ok {
			c.Ints = append(c.Ints, n)
		} else if whole := bytes.TrimPrefix(text, []byte("-")); len(whole) > 18 && len(bytes.Trim(whole, "0123456789")) == 0 {
			why = tooLarge
		}
	case expr.Percent, expr.Ratio:
		var x float64
		if x, ok = parseFloat(text); ok {
			c.Floats = append(c.Floats, x)
		}
	case expr.Decimal:
		var d decimal.Decimal
		if d, ok = parseDecimal(text); ok {
			c.Decs = append(c.Decs, d)
		}
	case expr.Duration:
		var us int64
		if us, why, ok = parseDuration(text, c.unit); ok {
			c.Ints = append(c.Ints, us)
		}
	case expr.Boolean:
		var b int64
		if b, ok = parseBoolean(text); ok {
			c.Ints = append(c.Ints, b)
		}
	case expr.Date:
		m, rest, good := parseDate(text)
		if ok = good && len(rest) == 0; ok {
			c.Ints = append(c.Ints, m.civil())
		}
	case expr.DateTime:
		var us int64
		if us, ok = l.parseStamp(text); ok {
			c.Ints = append(c.Ints, us)
		}
	case expr.Period:
		if c.lastText != string(text) {
			c.lastText = string(text)
			c.last = parsePeriod(c.lastText, c.field.Grain)
		}
		// A period that is not understood stays text, for which Append finds the place.
		c.Append(c.field, c.last)
		return "", true
	default:
		c.Strs = append(c.Strs, c.word(text))
		ok = true
	}
	if ok {
		c.Valid = append(c.Valid, true)
		if c.Strs != nil && c.Ints != nil {
			c.Strs = append(c.Strs, "")
		}
	}
	return why, ok
}

// word returns text as a string; names that come again and again are kept once.
func (c *column) word(text []byte) string {
	const most = 256
	if s, ok := c.words[string(text)]; ok {
		return s
	}
	s := string(text)
	if len(c.words) < most && len(s) <= 64 {
		if c.words == nil {
			c.words = map[string]string{}
		}
		c.words[s] = s
	}
	return s
}

// parseInteger reads a whole number; 5.0 and 1e3 are whole too.
func parseInteger(text []byte) (n int64, ok bool) {
	digits := text
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) > 0 && len(digits) <= 18 {
		for _, b := range digits {
			if b < '0' || b > '9' {
				return wholeDecimal(text)
			}
			n = n*10 + int64(b-'0')
		}
		if text[0] == '-' {
			n = -n
		}
		return n, true
	}
	if _, ok := numeral(text); !ok {
		return 0, false
	}
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return n, true
	}
	return wholeDecimal(text)
}

func wholeDecimal(text []byte) (int64, bool) {
	d, ok := parseDecimal(text)
	if !ok || !d.IsInt() {
		return 0, false
	}
	whole, _, ok := d.Int64(0)
	return whole, ok
}

// parseFloat reads a number of JSON's form: neither NaN nor hexadecimal.
func parseFloat(text []byte) (float64, bool) {
	if _, ok := numeral(text); !ok {
		return 0, false
	}
	x, err := strconv.ParseFloat(string(text), 64)
	return x, err == nil
}

// parseDecimal reads a number that a decimal holds exactly, to its last digit.
func parseDecimal(text []byte) (decimal.Decimal, bool) {
	n, ok := numeral(text)
	if !ok {
		return decimal.Decimal{}, false
	}
	scale := n.fraction - n.exponent
	if n.digits+max(0, -scale) > decimal.MaxPrec || scale > decimal.MaxScale {
		return decimal.Decimal{}, false
	}
	d, err := decimal.Parse(string(text))
	return d, err == nil
}

// number is the measure of a written number.
type number struct {
	// digits counts from the first that is not 0 to the last written; fraction those behind the point.
	digits, fraction, exponent int
	// plain: neither point nor exponent.
	plain bool
}

// numeral measures text, a number as in JSON but that zeros may lead it.
func numeral(text []byte) (n number, ok bool) {
	i := 0
	if i < len(text) && text[i] == '-' {
		i++
	}
	run := func() (count int) {
		for ; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
			count++
			if n.digits > 0 || text[i] != '0' {
				n.digits++
			}
		}
		return count
	}
	if run() == 0 {
		return n, false
	}
	n.plain = true
	if i < len(text) && text[i] == '.' {
		i++
		n.plain = false
		if n.fraction = run(); n.fraction == 0 {
			return n, false
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		n.plain = false
		exponent, err := strconv.ParseInt(string(text[i+1:]), 10, 16)
		if err != nil {
			return n, false
		}
		n.exponent = int(exponent)
		i = len(text)
	}
	return n, i == len(text)
}

func parseBoolean(text []byte) (int64, bool) {
	switch string(text) {
	case "true", "1":
		return 1, true
	case "false", "0":
		return 0, true
	}
	return 0, false
}
