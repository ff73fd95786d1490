package calendar

import (
	"fmt"
	"time"
)

// months names the months of a locale.
type months struct {
	// alone stands without a day ("październik 2026"), dated behind one ("9–15 października 2026").
	alone, dated [12]string
	// quarters are a quarter's names.
	quarters [4]string
	// soFar stands behind a range whose last period is unfinished.
	soFar string
}

// inEnglish is what labels are written in unless the locale is known.
var inEnglish = months{
	alone:    [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	dated:    [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	quarters: [4]string{"Q1", "Q2", "Q3", "Q4"},
	soFar:    "so far",
}

// inPolish writes months out, as a Polish reader expects in a subject or a title: the usual short forms, such as lis for
// November (also a fox), belong into tables.
var inPolish = months{
	alone: [12]string{
		"styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec",
		"lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień",
	},
	dated: [12]string{
		"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
		"lipca", "sierpnia", "września", "października", "listopada", "grudnia",
	},
	quarters: [4]string{"I kwartał", "II kwartał", "III kwartał", "IV kwartał"},
	soFar:    "do tej pory",
}

// Label names the range for a reader, in English or, for "pl", in Polish: "9–15 Nov 2026", "28 Dec 2026 – 3 Jan 2027",
// "21 Nov 2026", whole months "Oct 2026", "Aug–Oct 2026", a quarter "Q3 2026", years "2025", hours
// "21 Nov 2026, 08:00–09:00". Where clocks change in a range of hours, or an hour comes twice, the offsets from UTC are shown.
// An unfinished range is not taken for the whole: "Nov 2026, so far".
func (r Range) Label(locale string) string {
	in := inEnglish
	if locale == "pl" {
		in = inPolish
	}
	if r.Partial {
		return in.name(r) + ", " + in.soFar
	}
	return in.name(r)
}

// name names the whole range.
func (in months) name(r Range) string {
	if !r.wholeDays() {
		return in.hours(r)
	}
	from, until := dayOf(r.From), dayOf(r.end())
	if from.Day() == 1 && until.Day() == 1 {
		return in.wholeMonths(from, addMonths(until, -1))
	}
	return in.days(from, dayOf(r.Through()))
}

// wholeMonths names the months from the first through the last.
func (in months) wholeMonths(from, last wall) string {
	n := (last.Year()-from.Year())*12 + int(last.Month()-from.Month()) + 1
	name := func(w wall) string { return in.alone[w.Month()-1] }
	switch {
	case n == 1:
		return fmt.Sprintf("%s %d", name(from), from.Year())
	case n == 3 && from.Month()%3 == 1:
		return fmt.Sprintf("%s %d", in.quarters[from.Month()/3], from.Year())
	case n == 12 && from.Month() == time.January:
		return fmt.Sprint(from.Year())
	case n%12 == 0 && from.Month() == time.January:
		return fmt.Sprintf("%d–%d", from.Year(), last.Year())
	case from.Year() == last.Year():
		return fmt.Sprintf("%s–%s %d", name(from), name(last), last.Year())
	}
	return fmt.Sprintf("%s %d – %s %d", name(from), from.Year(), name(last), last.Year())
}

// days names the days from the first through the last.
func (in months) days(from, last wall) string {
	switch {
	case from == last:
		return in.day(from)
	case from.Year() == last.Year() && from.Month() == last.Month():
		return fmt.Sprintf("%d–%s", from.Day(), in.day(last))
	case from.Year() == last.Year():
		return fmt.Sprintf("%d %s – %s", from.Day(), in.dated[from.Month()-1], in.day(last))
	}
	return in.day(from) + " – " + in.day(last)
}

func (in months) day(w wall) string {
	return fmt.Sprintf("%d %s %d", w.Day(), in.dated[w.Month()-1], w.Year())
}

// hours names a range that does not begin and end with days. One that ends with a day ends at 24:00.
func (in months) hours(r Range) string {
	from, until := r.From, r.end()
	first, last := dayOf(from), dayOf(r.Through())
	start, end := from.Format("15:04"), until.Format("15:04")
	if until.Equal(startOfDay(until)) {
		end = "24:00"
	}
	_, fromTwice := repeated(from)
	_, untilTwice := repeated(until)
	_, before := from.Zone()
	_, after := until.Zone()
	if fromTwice || untilTwice || before != after {
		start, end = start+from.Format("-07:00"), end+until.Format("-07:00")
	}
	if first == last {
		return fmt.Sprintf("%s, %s–%s", in.day(first), start, end)
	}
	return fmt.Sprintf("%s, %s – %s, %s", in.day(first), start, in.day(last), end)
}
