package expr

import (
	"time"

	"github.com/govalues/decimal"
)

// Type is the type of a value and of a table's column. It decides how a value is compared, added up, scaled and shown.
type Type uint8

const (
	// Any is a value whose type is known only when it is there, such as a column that no source declares.
	Any Type = iota
	// Text is a string; ids are text.
	Text
	// Integer is a whole number of 64 bits.
	Integer
	// Decimal is an exact decimal number of up to 19 digits.
	Decimal
	// Percent is percent points as APIs give them, 0 to 100.
	Percent
	// Ratio is a number where 1 is the whole.
	Ratio
	// Duration is a length of time in whole microseconds; it may pass 24 hours.
	Duration
	// Date is a calendar day.
	Date
	// DateTime is a wall-clock moment without a zone: what a clock on the wall of the report's zone showed.
	DateTime
	// Period is a time bucket of a grain: a day, a week, an hour of day.
	Period
	// Boolean is true or false.
	Boolean
	// List is a list of values.
	List
	// Map is a mapping with text keys.
	Map
	// Column is a column of a dataset as an argument of an aggregate function.
	Column
	// Table is a dataset.
	Table
)

// Value is one value with its type. The zero Value is missing.
//
// Missing values follow SQL: a comparison with one is false, arithmetic with one is missing, aggregates skip it.
type Value struct {
	// Type is the value's type; it is kept for a missing value too.
	Type Type
	// Valid is false for a missing value.
	Valid bool
	// Sensitive marks a value computed from a secret: it may reach only fields that are secret, and is never shown.
	Sensitive bool
	// Int holds Integer, Boolean (0 or 1), Duration (microseconds), Date and DateTime and the start of a Period
	// (microseconds of civil time since 1970-01-01 00:00, as if the wall clock were UTC).
	// A Period that was not understood has NoTime here and its text in Str.
	Int int64
	// Float holds Percent (points) and Ratio.
	Float float64
	// Dec holds Decimal.
	Dec decimal.Decimal
	// Str holds Text, and for a Period the text as its source wrote it.
	Str string
	// Items holds a List; Fields a Map.
	Items  []Value
	Fields map[string]Value
}

// NoTime stands in Value.Int of a Period whose text names no moment.
const NoTime = int64(-1 << 63)

// Civil returns the civil microseconds of t's wall clock in its own location.
func Civil(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC).UnixMicro()
}

// FromCivil returns the wall clock of civil microseconds as a time in UTC.
func FromCivil(us int64) time.Time { return time.UnixMicro(us).UTC() }
