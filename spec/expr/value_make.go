package expr

import (
	"fmt"
	"strings"
	"time"

	"github.com/govalues/decimal"
)

// sensitive stands where a secret is not shown.
const sensitive = "(sensitive)"

// Missing is a missing value of type t.
func Missing(t Type) Value { return Value{Type: t} }

// TextValue is a text.
func TextValue(s string) Value { return Value{Type: Text, Valid: true, Str: s} }

// IntegerValue is a whole number.
func IntegerValue(i int64) Value { return Value{Type: Integer, Valid: true, Int: i} }

// DecimalValue is an exact decimal number.
func DecimalValue(d decimal.Decimal) Value { return Value{Type: Decimal, Valid: true, Dec: d} }

// PercentValue is percent points, 0 to 100.
func PercentValue(points float64) Value { return Value{Type: Percent, Valid: true, Float: points} }

// RatioValue is a number where 1 is the whole.
func RatioValue(f float64) Value { return Value{Type: Ratio, Valid: true, Float: f} }

// BooleanValue is true or false.
func BooleanValue(b bool) Value {
	v := Value{Type: Boolean, Valid: true}
	if b {
		v.Int = 1
	}
	return v
}

// DurationValue is a length of time; what is below a microsecond is dropped.
func DurationValue(d time.Duration) Value { return durationValue(d.Microseconds()) }

func durationValue(us int64) Value { return Value{Type: Duration, Valid: true, Int: us} }

// DateValue is the calendar day of t in t's own location.
func DateValue(t time.Time) Value { return Value{Type: Date, Valid: true, Int: midnight(Civil(t))} }

// DateTimeValue is the wall clock of t in t's own location.
func DateTimeValue(t time.Time) Value { return Value{Type: DateTime, Valid: true, Int: Civil(t)} }

// ListValue is a list; it is sensitive when one of its items is.
func ListValue(items ...Value) Value {
	v := Value{Type: List, Valid: true, Items: items}
	for _, item := range items {
		v.Sensitive = v.Sensitive || item.Sensitive
	}
	return v
}

// IsTrue reports whether v is the value true. A missing value is not: this is what a condition asks.
func (v Value) IsTrue() bool { return v.Valid && v.Type == Boolean && v.Int == 1 }

const day = 24 * int64(time.Hour/time.Microsecond)

// midnight is the beginning of the civil day that us falls on.
func midnight(us int64) int64 {
	rest := us % day
	if rest < 0 {
		rest += day
	}
	return us - rest
}

// String describes the value with its type for people who look for a fault, such as `integer 5`.
// A sensitive value says only that.
func (v Value) String() string {
	switch {
	case v.Sensitive:
		return sensitive
	case !v.Valid:
		return "missing " + TypeName(v.Type)
	default:
		return TypeName(v.Type) + " " + Plain(v)
	}
}

// Format prints as String, whatever the verb, so that no verb shows a secret.
func (v Value) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(v.String())) }

// MarshalText encodes as String, so that a value which reaches a log by mistake shows no secret.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Plain writes a value as text for machines, the same in every locale: what the function text gives and what stands in
// paths, addresses and requests. Integers have no separators, percents are points, durations are 27:46:40, dates
// 2026-11-09, moments 2026-11-09 08:00:00 (only the day at midnight), lists are joined by ", ". A missing value is empty.
//
// Plain reveals a sensitive value: its caller owes it to a field that is secret.
func Plain(v Value) string {
	if !v.Valid {
		return ""
	}
	switch v.Type {
	case List:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = Plain(item)
		}
		return strings.Join(parts, ", ")
	case Map:
		return "(map)"
	case Boolean:
		if v.Int == 1 {
			return "true"
		}
		return "false"
	case Integer, Decimal, Percent, Ratio:
		return digitsOf(v).plain()
	case Duration:
		return plainDuration(v.Int)
	case Date, DateTime, Period:
		return plainTime(v)
	default:
		return v.Str
	}
}

func plainTime(v Value) string {
	if v.Type == Period && (v.Str != "" || v.Int == NoTime) {
		return v.Str
	}
	t := FromCivil(v.Int)
	switch {
	case v.Type == Date || v.Int == midnight(v.Int):
		return t.Format("2006-01-02")
	case t.Nanosecond() != 0:
		return t.Format("2006-01-02 15:04:05.999999")
	default:
		return t.Format("2006-01-02 15:04:05")
	}
}

func plainDuration(us int64) string {
	sign := ""
	rest := uint64(us)
	if us < 0 {
		sign, rest = "-", -rest
	}
	seconds, micros := rest/1e6, rest%1e6
	text := fmt.Sprintf("%s%d:%02d:%02d", sign, seconds/3600, seconds/60%60, seconds%60)
	if micros != 0 {
		text += strings.TrimRight(fmt.Sprintf(".%06d", micros), "0")
	}
	return text
}
