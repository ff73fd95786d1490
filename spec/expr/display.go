package expr

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// missingText is what a reader sees in place of a missing value outside workbooks, whose cells stay empty: a dash,
// since an empty place in a sentence or a figure reads like a mistake.
const missingText = "–"

// Display shows a value as a reader sees it in mail, terminal and subject lines. format is a number format in Excel's
// notation (one that cannot be read counts as none); empty means the type's own: that of [DefaultFormat], except that
// dates are ISO's in every locale, without the time at midnight, and a decimal shows at most two digits after the point,
// and none that are 0: there is no column to align with.
// Numbers are scaled as in a workbook: percent points and ratios become 93.5% under 0.0%, a duration under 0.0 is in days.
// A missing value is "–", a boolean yes or no, a list its items with commas, a sensitive value "(sensitive)".
func Display(v Value, format, locale string) string {
	if format == "" {
		return displayPlain(v, locale)
	}
	f, err := ParseFormat(format)
	if err != nil {
		return displayPlain(v, locale)
	}
	return f.Display(v, locale)
}

var (
	integerFormat  = mustFormat("#,##0")
	percentFormat  = mustFormat("0.0%")
	durationFormat = mustFormat("[h]:mm:ss")
)

func mustFormat(text string) *Format {
	f, err := ParseFormat(text)
	if err != nil {
		panic(err)
	}
	return f
}

// displayPlain shows a value in its type's own way.
func displayPlain(v Value, locale string) string {
	switch {
	case v.Sensitive:
		return sensitive
	case !v.Valid:
		return missingText
	}
	switch v.Type {
	case Integer:
		return integerFormat.Display(v, locale)
	case Decimal:
		n := digitsOf(v).round(2)
		point, group := separators(locale)
		whole, fraction := n.split()
		return signed(n, joinNumber(grouped(padded(whole, 1), group), fraction, point))
	case Percent, Ratio:
		return percentFormat.Display(v, locale)
	case Duration:
		return durationFormat.Display(v, locale)
	case Boolean:
		return yesNo(locale, v.Int == 1)
	case List:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = displayPlain(item, locale)
		}
		return strings.Join(parts, ", ")
	default:
		return Plain(v)
	}
}

// Display shows a value in this format; see the function [Display].
func (f *Format) Display(v Value, locale string) string {
	switch {
	case v.Sensitive || !v.Valid || v.Type == Boolean || v.Type == List || v.Type == Map:
		return displayPlain(v, locale)
	case v.Type == Text || timeless(&v):
		return f.displayText(v.Str)
	}
	n := cellNumber(v)
	s, bare := f.choose(n)
	if bare {
		n.neg = false
	}
	switch {
	case s.general && figures.has(v.Type):
		point, _ := separators(locale)
		return strings.Replace(n.plain(), ".", point, 1)
	case s.general:
		return displayPlain(v, locale)
	case s.time:
		return s.displayTime(v, bare, locale)
	default:
		return s.displayNumber(n, locale)
	}
}

// cellNumber is the number that the value's cell in a workbook holds.
func cellNumber(v Value) digits {
	n := digitsOf(v)
	if v.Type == Percent {
		return n.shift(-2)
	}
	return n
}

// choose picks the section for a number; bare says that the section itself shows that it is negative.
func (f *Format) choose(n digits) (s *section, bare bool) {
	switch {
	case n.neg && len(f.sections) > 1:
		return &f.sections[1], true
	case n.ds == "" && len(f.sections) > 2:
		return &f.sections[2], false
	default:
		return &f.sections[0], false
	}
}

func (f *Format) displayText(text string) string {
	s := &f.sections[0]
	if len(f.sections) == 4 {
		s = &f.sections[3]
	}
	if len(f.sections) < 4 && !s.has(atSign) {
		return text
	}
	var b strings.Builder
	for _, t := range s.tokens {
		if t.kind == atSign {
			b.WriteString(text)
		} else {
			b.WriteString(t.text)
		}
	}
	return b.String()
}

func (s *section) has(kind tokenKind) bool {
	for _, t := range s.tokens {
		if t.kind == kind {
			return true
		}
	}
	return false
}

func (s *section) displayNumber(n digits, locale string) string {
	n = n.shift(2*s.percents - 3*s.divides).round(len(s.fraction))
	var b strings.Builder
	if n.neg && n.ds != "" {
		b.WriteByte('-')
	}
	for _, t := range s.tokens {
		if t.kind == digitsPart {
			b.WriteString(s.number(n, locale))
		} else {
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// number fills the placeholders: 0 always shows a digit, # only one that counts, ? a space in its place.
func (s *section) number(n digits, locale string) string {
	whole, fraction := n.split()
	point, group := separators(locale)
	for len(whole) < len(s.whole) {
		switch s.whole[len(s.whole)-1-len(whole)] {
		case '0':
			whole = "0" + whole
			continue
		case '?':
			whole = " " + whole
			continue
		}
		break
	}
	if s.grouped {
		whole = grouped(whole, group)
	}
	for len(fraction) < len(s.fraction) {
		switch s.fraction[len(fraction)] {
		case '0':
			fraction += "0"
			continue
		case '?':
			fraction += " "
			continue
		}
		break
	}
	return joinNumber(whole, fraction, point)
}

func padded(whole string, least int) string {
	return strings.Repeat("0", max(0, least-len(whole))) + whole
}

func joinNumber(whole, fraction, point string) string {
	if fraction == "" {
		return whole
	}
	return whole + point + fraction
}

func signed(n digits, text string) string {
	if n.neg {
		return "-" + text
	}
	return text
}

// grouped puts a mark between thousands.
func grouped(whole, mark string) string {
	var b strings.Builder
	for i, r := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 && whole[i-1] != ' ' {
			b.WriteString(mark)
		}
		b.WriteByte(r)
	}
	return b.String()
}

// displayTime shows a date, a moment or a length of time. Numbers are read as Excel's days.
func (s *section) displayTime(v Value, bare bool, locale string) string {
	const (
		epoch = 25569 * day   // from Excel's day 0 to 1970-01-01
		last  = 2958466 * day // the day after Excel's last, 9999-12-31
	)
	us := v.Int
	switch {
	case times.has(v.Type):
		us += epoch
	case v.Type != Duration:
		n, _ := strconv.ParseFloat(cellNumber(v).plain(), 64)
		us = int64(max(-float64(last), min(float64(last), n*float64(day))))
	}
	if us <= -last || us >= last {
		return Plain(v)
	}
	sign := ""
	if us < 0 && !times.has(v.Type) { // a day before Excel's first is one, all the same
		us = -us
		if !bare {
			sign = "-"
		}
	}
	us = s.rounded(us)
	clock := FromCivil(us - epoch)
	var b strings.Builder
	b.WriteString(sign)
	for _, t := range s.tokens {
		if t.kind == timePart {
			b.WriteString(s.timePart(t.text, us, clock, locale))
		} else {
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// rounded is a time to the last digit of a second that is shown. Where no seconds are shown it is to whole ones, after
// which the clock is cut, as Excel does; a day without its clock is left as it is.
func (s *section) rounded(us int64) int64 {
	if !s.clock() {
		return us
	}
	unit := int64(1e6)
	for range max(0, s.seconds) {
		unit /= 10
	}
	rest := (us%unit + unit) % unit
	if rest*2 >= unit {
		return us - rest + unit
	}
	return us - rest
}

// clock reports whether the section shows more of a time than its day.
func (s *section) clock() bool {
	for _, t := range s.tokens {
		if t.kind == timePart && strings.Contains("[hns0", t.text[:1]) {
			return true
		}
	}
	return false
}

func (s *section) timePart(part string, us int64, t time.Time, locale string) string {
	names := namesOf(locale)
	hour := t.Hour()
	if s.twelve {
		hour = (hour+11)%12 + 1
	}
	if elapsed, ok := strings.CutPrefix(part, "["); ok {
		unit := map[byte]int64{'h': 3600e6, 'm': 60e6, 's': 1e6}[elapsed[0]]
		return fmt.Sprintf("%0*d", len(elapsed), us/unit)
	}
	switch part {
	case "y", "yy":
		return fmt.Sprintf("%02d", t.Year()%100)
	case "yyy", "yyyy":
		return fmt.Sprintf("%04d", t.Year())
	case "m", "mm":
		return fmt.Sprintf("%0*d", len(part), t.Month())
	case "mmm":
		return names.shortMonths[t.Month()-1]
	case "mmmm":
		if s.dayNumber {
			return names.monthsOfDay[t.Month()-1]
		}
		return names.months[t.Month()-1]
	case "d", "dd":
		return fmt.Sprintf("%0*d", len(part), t.Day())
	case "ddd":
		return names.shortDays[t.Weekday()]
	case "dddd":
		return names.days[t.Weekday()]
	case "h", "hh":
		return fmt.Sprintf("%0*d", len(part), hour)
	case "n", "nn":
		return fmt.Sprintf("%0*d", len(part), t.Minute())
	case "s", "ss":
		return fmt.Sprintf("%0*d", len(part), t.Second())
	case "am/pm":
		return t.Format("PM")
	default: // zeros: a fraction of a second
		point, _ := separators(locale)
		return point + fmt.Sprintf("%06d", t.Nanosecond()/1000)[:len(part)]
	}
}
