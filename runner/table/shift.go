package table

import (
	"time"

	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// Shift says which time bucket of a range one of an earlier range stands against.
type Shift struct {
	// this and before are the two ranges as the wall clock shows them.
	this, before stretch
	// dates: a day stands against the same date of another year, 1 March against 1 March after a 29 February too.
	dates bool
}

// stretch is a time of the wall clock, without its end.
type stretch struct{ from, until time.Time }

// NewShift returns how the buckets of an earlier range stand against those of this: those of a year before by their dates
// unless weekdays says otherwise, others by their place in the range, the first against the first. A range may cut its
// first week, month, quarter or year, so that these stand against each other where they have as much of it.
func NewShift(this, before calendar.Range, weekdays bool) Shift {
	loc := this.From.Location()
	wall := func(t time.Time) time.Time { return expr.FromCivil(expr.Civil(t.In(loc))) }
	s := Shift{this: stretch{wall(this.From), wall(this.Until)}, before: stretch{wall(before.From), wall(before.Until)}}
	s.dates = !weekdays && s.before.from.AddDate(1, 0, 0).Equal(s.this.from)
	return s
}

// of returns the bucket of a column against which one of the earlier range stands, in civil microseconds; ok is false where
// this range has none, such as a 31st.
func (s Shift) of(f Field) func(bucket int64) (moved int64, ok bool) {
	grain := f.Grain
	if f.Type == expr.Date {
		grain = "day"
	}
	first := startOf(grain, s.this.from)
	by := first.Sub(startOf(grain, s.before.from))
	move := func(t time.Time) (time.Time, bool) { return t.Add(by), true }
	switch {
	case isLong(grain):
		n := s.apart(grain)
		move = func(t time.Time) (time.Time, bool) { return after(grain, t, n), true }
	case s.dates:
		move = func(t time.Time) (time.Time, bool) {
			next := t.AddDate(1, 0, 0)
			return next, next.Day() == t.Day() // there is no other 29 February
		}
	}
	return func(bucket int64) (int64, bool) {
		t, ok := move(expr.FromCivil(bucket))
		return expr.Civil(t), ok && !t.Before(first) && t.Before(s.this.until)
	}
}

// Uneven reports whether weeks stand against each other of which one range has more days than the other.
func (s Shift) Uneven() bool {
	const grain = "week"
	by := s.apart(grain)
	before := map[time.Time]time.Duration{}
	for _, b := range s.before.buckets(grain) {
		before[after(grain, b.start, by)] = b.length
	}
	for _, b := range s.this.buckets(grain) {
		if length, ok := before[b.start]; ok && length != b.length {
			return true
		}
	}
	return false
}

// isLong: a range may begin and end within such a bucket.
func isLong(grain string) bool {
	return grain == "week" || grain == "month" || grain == "quarter" || grain == "year"
}

// apart is how many buckets lie between two that stand against each other: the first of both ranges, or the neighbour of
// one of them, so that as much as can be has its like. A whole week behind a Sunday stands against the first whole one.
func (s Shift) apart(grain string) int {
	these, earlier := s.this.buckets(grain), s.before.buckets(grain)
	n := bucketsFrom(grain, startOf(grain, s.before.from), startOf(grain, s.this.from))
	best, least := 0, unlike(these, earlier, 0)
	for _, by := range []int{-1, 1} {
		if d := unlike(these, earlier, by); d < least {
			best, least = by, d
		}
	}
	return n + best
}

// unlike is what two ranges have no like of, where each bucket stands against the one so many places before it.
func unlike(these, earlier []part, places int) time.Duration {
	at := func(list []part, i int) time.Duration {
		if i < 0 || i >= len(list) {
			return 0
		}
		return list[i].length
	}
	var sum time.Duration
	for i := min(0, places); i < max(len(these), len(earlier)+places); i++ {
		sum += (at(these, i) - at(earlier, i-places)).Abs()
	}
	return sum
}

// part is what a range has of a time bucket: its start, and how much of it belongs to the range.
type part struct {
	start  time.Time
	length time.Duration
}

// buckets are those of a grain that is long, in order.
func (s stretch) buckets(grain string) []part {
	var out []part
	for start := startOf(grain, s.from); start.Before(s.until); {
		next := after(grain, start, 1)
		from, until := start, next
		if from.Before(s.from) {
			from = s.from
		}
		if until.After(s.until) {
			until = s.until
		}
		out = append(out, part{start, until.Sub(from)})
		start = next
	}
	return out
}

// monthsOf are the months of a bucket; a week has none.
var monthsOf = map[string]int{"month": 1, "quarter": 3, "year": 12}

// after is the bucket n ones behind that of a long grain which begins at t.
func after(grain string, t time.Time, n int) time.Time {
	if grain == "week" {
		return t.AddDate(0, 0, 7*n)
	}
	return t.AddDate(0, n*monthsOf[grain], 0)
}

// bucketsFrom is how many buckets of a long grain lie from one start to another.
func bucketsFrom(grain string, from, to time.Time) int {
	if grain == "week" {
		return int(to.Sub(from).Hours()) / (7 * 24)
	}
	return ((to.Year()-from.Year())*12 + int(to.Month()-from.Month())) / monthsOf[grain]
}

// startOf is the beginning of the bucket that a time of the wall clock lies in; of a grain that is not known, itself.
func startOf(grain string, t time.Time) time.Time {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	switch grain {
	case "minute":
		return t.Truncate(time.Minute)
	case "hour":
		return t.Truncate(time.Hour)
	case "day":
		return day
	case "week":
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case "month":
		return day.AddDate(0, 0, 1-day.Day())
	case "quarter":
		return time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	case "year":
		return time.Date(t.Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	return t
}
