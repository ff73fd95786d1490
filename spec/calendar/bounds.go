package calendar

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxOffsets bounds the steps from an anchor.
const maxOffsets = 4

// ParseBounds reads the mapping form of a range, {from: …, through: …} or {from: …, until: …}.
// Exactly one of through and until is given; the other is empty.
func ParseBounds(from, through, until string) (Expr, *SyntaxError) {
	e, part, end := Expr{form: throughForm}, "through", through
	switch {
	case through == "" && until == "":
		return Expr{}, (&SyntaxError{
			Code: "invalid-range", Summary: "Invalid range",
			Detail: "The range has no end. Write through with its last day, or until with an exclusive end.",
		}).in("from", from)
	case through != "" && until != "":
		return Expr{}, (&SyntaxError{
			Code: "invalid-range", Summary: "Invalid range",
			Detail: "The range has two ends. Keep through with its last day, or until with an exclusive end.",
		}).in("until", until)
	case through == "":
		e.form, part, end = untilForm, "until", until
	}
	var fault *SyntaxError
	if e.from, fault = parseMoment("from", from); fault != nil {
		return Expr{}, fault
	}
	if e.to, fault = parseMoment(part, end); fault != nil {
		return Expr{}, fault
	}
	if e.form == throughForm && e.to.finerThanDay() {
		return Expr{}, (&SyntaxError{
			Code: "invalid-range", Summary: "Invalid range",
			Detail: fmt.Sprintf("%q is not a day, and a whole day stands under through. For an end within a day write until, which is exclusive.", e.to.text),
		}).in("through", through)
	}
	e.Text = "from " + e.from.text + " " + part + " " + e.to.text
	if fault := e.checkOrder(); fault != nil {
		return Expr{}, fault.in(part, end)
	}
	return e, nil
}

// checkOrder refuses bounds that leave nothing between them whenever and wherever they are resolved.
func (e Expr) checkOrder() *SyntaxError {
	anyMoment, anywhere := time.Unix(0, 0).UTC(), Calendar{}
	days := !e.from.finerThanDay() && !e.to.finerThanDay()
	times := e.from.anchor == aTime && e.to.anchor == aTime && (e.from.zone == nil) == (e.to.zone == nil) &&
		e.from.offsets == nil && e.to.offsets == nil
	if e.from.isFixed() && e.to.isFixed() && (days || times) {
		_, fault := e.between(anyMoment, anywhere)
		return fault
	}
	if e.form == untilForm && e.from.anchor == startOf && e.to.anchor == startOf && e.from.unit == e.to.unit &&
		slices.Equal(e.from.offsets, e.to.offsets) {
		from, _, _ := e.from.resolve(anyMoment, anywhere)
		return e.empty(from, from)
	}
	return nil
}

// isFixed reports whether a moment is a day or a time that is the same in every run.
func (m moment) isFixed() bool { return m.anchor == aDay || m.anchor == aTime }

var (
	// writtenTime is a day, or a time of a day with or without its offset from UTC.
	writtenTime = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?)?`)
	anchorWord  = regexp.MustCompile(`^[^\s+-]+`)
	step        = regexp.MustCompile(`^\s*([+-])\s*(\d+)\s*([^\s+\d-]+)`)
)

// parseMoment reads an anchor with its steps.
func parseMoment(part, text string) (moment, *SyntaxError) {
	rest := strings.TrimLeft(text, " ")
	fail := func(length int, code, summary, detail string) (moment, *SyntaxError) {
		start := len(text) - len(rest)
		return moment{}, &SyntaxError{
			Part: part, Offset: utf8.RuneCountInString(text[:start]), Length: utf8.RuneCountInString(rest[:length]),
			Code: code, Summary: summary, Detail: detail,
		}
	}
	var m moment
	if literal := writtenTime.FindString(rest); literal != "" {
		var err error
		if m, err = parseTime(literal); err != nil {
			return fail(len(literal), "impossible-date", "Impossible date", impossibleDate(literal))
		}
		rest = rest[len(literal):]
	} else {
		word := anchorWord.FindString(rest)
		known, ok := anchors[word]
		if !ok {
			return fail(len(word), "unknown-moment", "Unknown moment", unknownMoment(part, strings.TrimSpace(rest), word))
		}
		m, rest = known, rest[len(word):]
		m.text = word
	}
	for rest = strings.TrimRight(rest, " "); rest != ""; {
		found := step.FindStringSubmatch(rest)
		if found == nil {
			return fail(len(rest), "invalid-offset", "Invalid offset",
				fmt.Sprintf("After %q there may be steps such as -1month, +2days or -30min, not %q.", m.text, strings.TrimSpace(rest)))
		}
		u, known := units[found[3]]
		if !known {
			list := names(units)
			return fail(len(found[0]), "unknown-unit", "Unknown unit",
				fmt.Sprintf("There is no unit %q. Known are %s.", found[3], strings.Join(list, ", "))+didYouMean(found[3], list))
		}
		count, err := strconv.Atoi(found[1] + found[2])
		if err != nil || count > maxCount || count < -maxCount || len(m.offsets) == maxOffsets {
			return fail(len(found[0]), "invalid-offset", "Invalid offset",
				fmt.Sprintf("There may be up to %d steps of up to %d units.", maxOffsets, maxCount))
		}
		m.offsets = append(m.offsets, offset{count: count, unit: u})
		m.text += found[1] + found[2] + found[3]
		rest = rest[len(found[0]):]
	}
	return m, nil
}

// parseTime reads what matches writtenTime.
func parseTime(text string) (moment, error) {
	m := moment{anchor: aDay, text: text}
	layout := time.DateOnly
	if len(text) > len(layout) {
		m.anchor, layout = aTime, "2006-01-02T15:04"
	}
	if len(text) > len(layout) {
		layout += "Z07:00"
	}
	t, err := time.Parse(layout, text)
	if err != nil || t.Year() < 1 {
		return moment{}, fmt.Errorf("read %s: no such day or time", text)
	}
	if strings.HasSuffix(layout, "Z07:00") {
		_, offset := t.Zone()
		m.zone = time.FixedZone("", offset)
	}
	m.literal = wallOf(t)
	return m, nil
}

// impossibleDate says what is wrong with a date that has the right shape.
func impossibleDate(text string) string {
	y, _ := strconv.Atoi(text[:4])
	month, _ := strconv.Atoi(text[5:7])
	d, _ := strconv.Atoi(text[8:10])
	if month >= 1 && month <= 12 && y >= 1 {
		first := wallDay(y, time.Month(month), 1)
		if last := addDays(addMonths(first, 1), -1).Day(); d < 1 || d > last {
			return fmt.Sprintf("%s does not exist: %s has %d days.", text[:10], first.Format("January 2006"), last)
		}
		return fmt.Sprintf("%s has an impossible time of day. Hours go from 00 to 23, minutes from 00 to 59.", text)
	}
	return fmt.Sprintf("%s does not exist. Dates are written as year-month-day, such as 2026-11-21.", text)
}

// unknownMoment answers what is neither a date nor an anchor.
func unknownMoment(part, text, word string) string {
	if text == "" {
		return fmt.Sprintf("There is nothing under %s. Write a date such as 2026-11-21, or a moment such as start_of_week-1week.", part)
	}
	list := names(anchors)
	if e, ok := words[text]; ok {
		return fmt.Sprintf("%q is a whole range, not a moment. For its parts write start_of_%s with steps such as -1%s.", text, e.unit, e.unit)
	}
	if word == "" || isDigits(word) {
		return fmt.Sprintf("%q is neither a date such as 2026-11-21 nor one of %s.", text, strings.Join(list, ", "))
	}
	return fmt.Sprintf("There is no moment %q. Known are dates such as 2026-11-21, and %s.", word, strings.Join(list, ", ")) + didYouMean(word, list)
}
