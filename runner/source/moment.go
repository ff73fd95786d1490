package source

import (
	"strconv"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

const microsecond = int64(1)
const second = 1_000_000 * microsecond

// parseDuration reads HH:MM:SS, where hours may pass 24 and 99, into microseconds; or a number of the unit, "s" or
// "ms". Without a unit only the number 0 is understood, which is none in any.
func parseDuration(text []byte, unit string) (us int64, why string, ok bool) {
	if n, ok := numeral(text); ok {
		per := map[string]int64{"s": second, "ms": second / 1000}[unit]
		if per == 0 && n.digits > 0 {
			return 0, withoutUnit, false
		}
		if whole, ok := parseInteger(text); ok && n.digits < 13 {
			return whole * per, "", true
		}
		x, ok := parseFloat(text)
		return int64(x*float64(per) + 0.5), "", ok && x >= 0 && x < 1e12
	}
	rest := text
	negative := len(rest) > 0 && rest[0] == '-'
	if negative {
		rest = rest[1:]
	}
	hours, rest, ok1 := digits(rest, 1, 7)
	rest, ok2 := skip(rest, ':')
	minutes, rest, ok3 := digits(rest, 2, 2)
	rest, ok4 := skip(rest, ':')
	seconds, rest, ok5 := digits(rest, 2, 2)
	fraction, rest, ok6 := fractionOf(rest)
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || len(rest) > 0 || minutes > 59 || seconds > 59 {
		return 0, "", false
	}
	us = (int64(hours)*3600+int64(minutes)*60+int64(seconds))*second + fraction
	if negative {
		us = -us
	}
	return us, "", true
}

// moment is what a clock on the wall shows.
type moment struct {
	year, month, day, hour, minute, second int
	micro                                  int64
}

// civil returns the moment as civil microseconds.
func (m moment) civil() int64 {
	return time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, 0, time.UTC).Unix()*second + m.micro
}

// parseDate reads YYYY-MM-DD, a day that exists.
func parseDate(text []byte) (m moment, rest []byte, ok bool) {
	year, rest, ok1 := digits(text, 4, 4)
	rest, ok2 := skip(rest, '-')
	month, rest, ok3 := digits(rest, 2, 2)
	rest, ok4 := skip(rest, '-')
	day, rest, ok5 := digits(rest, 2, 2)
	if !(ok1 && ok2 && ok3 && ok4 && ok5) || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return m, text, false
	}
	return moment{year: year, month: month, day: day}, rest, true
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// clock reads HH:MM[:SS[.fff]] into m.
func (m *moment) clock(text []byte) (rest []byte, ok bool) {
	var ok1, ok2, ok3 bool
	m.hour, rest, ok1 = digits(text, 2, 2)
	rest, ok2 = skip(rest, ':')
	m.minute, rest, ok3 = digits(rest, 2, 2)
	if !(ok1 && ok2 && ok3) || m.hour > 23 || m.minute > 59 {
		return text, false
	}
	if after, more := skip(rest, ':'); more {
		if m.second, rest, ok = digits(after, 2, 2); !ok || m.second > 59 {
			return text, false
		}
		m.micro, rest, ok = fractionOf(rest)
		return rest, ok
	}
	return rest, true
}

// parseStamp reads a date with a time as civil microseconds of the report's zone. One without an offset is what the
// API's clock showed; the hour that a clock shows twice is taken for the first of the two.
func (l *layout) parseStamp(text []byte) (us int64, ok bool) {
	m, rest, ok := parseDate(text)
	if !ok || len(rest) == 0 || rest[0] != ' ' && rest[0] != 'T' {
		return 0, false
	}
	if rest, ok = m.clock(rest[1:]); !ok {
		return 0, false
	}
	if len(rest) == 0 {
		if l.zone == l.report || l.zone.String() == l.report.String() {
			return m.civil(), true
		}
		t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, 0, l.zone)
		return expr.Civil(t.In(l.report)) + m.micro, true
	}
	seconds, ok := parseOffset(rest)
	if !ok {
		return 0, false
	}
	t := time.UnixMicro(m.civil() - int64(seconds)*second)
	return expr.Civil(t.In(l.report)), true
}

// parseOffset reads Z, +01:00 or +0100 as seconds east.
func parseOffset(text []byte) (seconds int, ok bool) {
	if string(text) == "Z" {
		return 0, true
	}
	sign := 1
	switch text[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false
	}
	hours, rest, ok1 := digits(text[1:], 2, 2)
	if after, colon := skip(rest, ':'); colon {
		rest = after
	}
	minutes, rest, ok2 := digits(rest, 2, 2)
	return sign * (hours*3600 + minutes*60), ok1 && ok2 && len(rest) == 0 && hours < 24 && minutes < 60
}

// parsePeriod reads a time bucket leniently, since no document says how each is written: 2021, 2021-12, 2021-12-05,
// 2021-12-05 13:00[:00], 2021-49 (a week where weeks were asked for), 2021-W49, 13 and 13:00 (an hour of day).
// What fits nothing stays text.
func parsePeriod(text, grain string) expr.Value {
	v := expr.Value{Type: expr.Period, Valid: true, Int: expr.NoTime, Str: text}
	if m, ok := bucket(text, grain); ok {
		v.Int = m.civil()
	}
	return v
}

func bucket(text, grain string) (m moment, ok bool) {
	raw := []byte(text)
	if m, rest, ok := parseDate(raw); ok {
		if len(rest) == 0 {
			return m, true
		}
		if rest[0] != ' ' && rest[0] != 'T' {
			return m, false
		}
		rest = rest[1:]
		if hour, after, ok := digits(rest, 2, 2); ok && len(after) == 0 {
			m.hour = hour
			return m, hour < 24
		}
		rest, ok = m.clock(rest)
		return m, ok && len(rest) == 0
	}
	if year, week, ok := strings.Cut(text, "-W"); ok {
		return isoWeek(year, week)
	}
	if year, part, ok := strings.Cut(text, "-"); ok {
		if grain == "week" {
			return isoWeek(year, part)
		}
		y, _, ok1 := digits([]byte(year), 4, 4)
		month, rest, ok2 := digits([]byte(part), 2, 2)
		return moment{year: y, month: month, day: 1}, ok1 && ok2 && len(year) == 4 && len(rest) == 0 && month >= 1 && month <= 12
	}
	if year, rest, ok := digits(raw, 4, 4); ok && len(rest) == 0 {
		return moment{year: year, month: 1, day: 1}, true
	}
	m = moment{year: 1970, month: 1, day: 1}
	if hour, rest, ok := digits(raw, 1, 2); ok && len(rest) == 0 {
		m.hour = hour
		return m, hour < 24
	}
	rest, ok := m.clock(raw)
	return m, ok && len(rest) == 0
}

// isoWeek returns the Monday of a week.
func isoWeek(year, week string) (m moment, ok bool) {
	y, err1 := strconv.Atoi(year)
	w, err2 := strconv.Atoi(week)
	if err1 != nil || err2 != nil || len(year) != 4 || len(week) > 2 || y < 1 {
		return m, false
	}
	fourth := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(w-1))
	if iy, iw := monday.ISOWeek(); iy != y || iw != w {
		return m, false
	}
	return moment{year: monday.Year(), month: int(monday.Month()), day: monday.Day()}, true
}

// digits reads a number of at least and at most so many digits.
func digits(text []byte, least, most int) (n int, rest []byte, ok bool) {
	i := 0
	for ; i < len(text) && i < most && text[i] >= '0' && text[i] <= '9'; i++ {
		n = n*10 + int(text[i]-'0')
	}
	return n, text[i:], i >= least
}

// skip drops b from the front.
func skip(text []byte, b byte) ([]byte, bool) {
	if len(text) == 0 || text[0] != b {
		return text, false
	}
	return text[1:], true
}

// fractionOf reads an optional fraction of a second as microseconds; digits beyond those are dropped.
func fractionOf(text []byte) (us int64, rest []byte, ok bool) {
	rest, point := skip(text, '.')
	if !point {
		return 0, text, true
	}
	_, after, ok := digits(rest, 1, 9)
	unit := second
	for _, b := range rest[:len(rest)-len(after)] {
		unit /= 10
		us += int64(b-'0') * unit
	}
	return us, after, ok
}
