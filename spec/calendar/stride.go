package calendar

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Stride is how long the slices are that a range is cut into: so many hours, days, weeks, months, quarters or years.
type Stride struct {
	// Text is what was written.
	Text  string
	count int
	unit  unit
}

// IsZero reports whether nothing was written.
func (s Stride) IsZero() bool { return s.unit == noUnit }

var stride = regexp.MustCompile(`^([0-9]+)([a-z_]+)$`)

// ParseStride reads a stride, such as 1day or 2weeks.
func ParseStride(text string) (Stride, *SyntaxError) {
	found := stride.FindStringSubmatch(text)
	fail := func(detail string) (Stride, *SyntaxError) {
		return Stride{}, &SyntaxError{Length: utf8.RuneCountInString(text), Code: "invalid-slice", Summary: "Invalid slice", Detail: detail}
	}
	if found == nil {
		return fail(fmt.Sprintf("%q is no length of a slice. Write a number with a unit, such as 1day, 7days, 1week or 1month.", text))
	}
	u, known := units[found[2]]
	list := slices.DeleteFunc(names(units), func(name string) bool { return name == "min" })
	switch count, err := strconv.Atoi(found[1]); {
	case u == minute || isMinutes(found[2]):
		return fail("A slice is of whole hours at least, such as 1hour.")
	case !known:
		return fail(fmt.Sprintf("There is no unit %q. Known are %s.", found[2], strings.Join(list, ", ")) + didYouMean(found[2], list))
	case err != nil || count < 1 || count > maxCount:
		return fail(fmt.Sprintf("A slice has 1 to %d units.", maxCount))
	default:
		return Stride{Text: text, count: count, unit: u}, nil
	}
}

// Slices cuts a range where units begin in its zone: every so many, counted from the unit that the range begins in, so
// that only the first and the last slice may be shorter. Days are calendar days, however long.
//
// A cut that clocks in zone show twice is left out, and the slice is longer: an API that is told the time of its wall
// clock would not know which moment is meant.
func (s Stride) Slices(r Range, c Calendar, zone *time.Location) iter.Seq[Range] {
	return func(yield func(Range) bool) {
		from := r.From
		for cut := range s.cuts(r, c) {
			if _, twice := repeated(cut.In(zone)); twice {
				continue
			}
			if !yield(Range{From: from, Until: cut}) {
				return
			}
			from = cut
		}
		yield(Range{From: from, Until: r.Until, Partial: r.Partial})
	}
}

// cuts are the moments within a range at which a slice ends and the next one begins.
func (s Stride) cuts(r Range, c Calendar) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		loc, last := r.From.Location(), r.From
		hours := startOfHour(r.From)
		start := c.startOf(s.unit, dayOf(r.From))
		for n := 1; ; n++ {
			var cut time.Time
			if s.unit == hour {
				for range s.count {
					hours = nextHour(hours)
				}
				cut = hours
			} else {
				cut = first(add(s.unit, start, n*s.count), loc)
			}
			if !cut.Before(r.Until) {
				return
			}
			// A day that a zone leaves out begins with its successor.
			if cut.After(last) {
				if !yield(cut) {
					return
				}
				last = cut
			}
		}
	}
}

// Keeps reports whether every bucket of a grain lies within one slice, where both begin alike. Grains that are not known
// here are believed to.
func (s Stride) Keeps(grain string) bool {
	switch grain {
	case "hour_of_day":
		return false // its buckets are of all days
	case "day":
		return s.unit >= day
	case "week":
		return s.unit == week
	case "month":
		return s.unit >= month
	case "quarter":
		return s.unit >= quarter
	case "year":
		return s.unit == year
	}
	return true
}

// BeginsBucket reports whether a bucket of a grain begins at a moment, in its zone; weeks begin on Mondays, as those of
// ISO 8601 do. At any moment one of a grain may that is not known here.
func BeginsBucket(grain string, t time.Time) bool {
	w := dayOf(t)
	switch grain {
	case "hour":
		return t.Equal(startOfHour(t))
	case "day":
	case "week":
		w = Calendar{WeekStart: time.Monday}.startOf(week, w)
	case "month":
		w = Calendar{}.startOf(month, w)
	case "quarter":
		w = Calendar{}.startOf(quarter, w)
	case "year":
		w = Calendar{}.startOf(year, w)
	default:
		return true
	}
	return t.Equal(first(w, t.Location()))
}
