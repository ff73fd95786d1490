package expr

import (
	"fmt"
	"strings"
	"time"
)

var oneTime = []set{times}

var timeFunctions = []*function{
	{name: "duration", signature: `duration("5m")`, doc: "A length of time: 5m, 1h30m, 90s, 1d or 00:05:00; a number is in seconds.",
		params: []set{numbers | types(Text, Duration)}, result: Duration, call: toDuration},
	{name: "date", signature: `date("2026-11-01")`, doc: "The day that a text names, or the day of a moment.",
		params: []set{times | types(Text)}, result: Date, call: toDate},
	{name: "datetime", signature: `datetime("2026-11-01 08:00")`, doc: "The moment that a text names, or the beginning of a day.",
		params: []set{times | types(Text)}, result: DateTime, call: toDateTime},
	{name: "strftime", signature: `strftime(t, "%d.%m.%Y")`, doc: "A date or moment as text by the directives of C's strftime, names in the configuration's locale.",
		params: []set{times, types(Text)}, result: Text, localized: true, call: strftime},
	{name: "year", signature: "year(t)", doc: "The year of a date or moment.", params: oneTime, result: Integer,
		call: part(func(t time.Time) int { return t.Year() })},
	{name: "month", signature: "month(t)", doc: "The month of a date or moment, 1 to 12.", params: oneTime, result: Integer,
		call: part(func(t time.Time) int { return int(t.Month()) })},
	{name: "day", signature: "day(t)", doc: "The day of the month, 1 to 31.", params: oneTime, result: Integer,
		call: part(time.Time.Day)},
	{name: "weekday", signature: "weekday(t)", doc: "The day of the week, 1 for Monday to 7 for Sunday.", params: oneTime, result: Integer,
		call: part(isoWeekday)},
	{name: "hour", signature: "hour(t)", doc: "The hour of a moment, 0 to 23.", params: oneTime, result: Integer,
		call: part(time.Time.Hour)},
}

func toDuration(_ *machine, args []Value) (Value, error) {
	v := args[0]
	switch v.Type {
	case Duration:
		return v, nil
	case Integer, Decimal:
		second := durationValue(1e6)
		return mul.durations(&second, &v, Duration)
	}
	d, ok := ParseDuration(v.Str)
	if !ok {
		return Value{}, &argError{0, shown(v) + ` is not a length of time. Write it as "5m", "1h30m", "90s", "1d" or "00:05:00".`}
	}
	return DurationValue(d), nil
}

var momentLayouts = []string{"2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"}

// moment reads a text or a time as a moment; the result is missing for a period that was not understood.
func moment(v Value) (Value, error) {
	if v.Type != Text {
		v.Valid = v.Int != NoTime
		return Value{Type: DateTime, Valid: v.Valid, Int: v.Int}, nil
	}
	for _, layout := range momentLayouts {
		if t, err := time.Parse(layout, strings.TrimSpace(v.Str)); err == nil {
			return DateTimeValue(t), nil
		}
	}
	return Value{}, &argError{0, shown(v) + ` is not a date. Write it as "2026-11-01" or "2026-11-01 08:00".`}
}

func toDate(_ *machine, args []Value) (Value, error) {
	v, err := moment(args[0])
	if err == nil && v.Valid {
		v.Int = midnight(v.Int)
	}
	v.Type = Date
	return v, err
}

func toDateTime(_ *machine, args []Value) (Value, error) { return moment(args[0]) }

func part(of func(time.Time) int) func(*machine, []Value) (Value, error) {
	return func(_ *machine, args []Value) (Value, error) {
		if args[0].Int == NoTime {
			return Missing(Integer), nil
		}
		return IntegerValue(int64(of(FromCivil(args[0].Int)))), nil
	}
}

func isoWeekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

func strftime(m *machine, args []Value) (Value, error) {
	if args[0].Int == NoTime {
		return Missing(Text), nil
	}
	t, names := FromCivil(args[0].Int), namesOf(m.locale())
	var b strings.Builder
	format := args[1].Str
	afterDay := false
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			afterDay = afterDay && (format[i] == ' ' || format[i] == '.')
			b.WriteByte(format[i])
			continue
		}
		i++
		bare := i < len(format) && format[i] == '-'
		if bare {
			i++
		}
		if i >= len(format) {
			return Value{}, &argError{1, "The format ends in a lone %. For a percent sign write %%."}
		}
		text, ok := directive(format[i], t, names)
		if !ok {
			return Value{}, &argError{1, fmt.Sprintf("There is no directive %%%c. The usual ones are %%Y %%m %%d %%H %%M %%S, %%b and %%B for the month's name, %%a and %%A for the day's, %%V for the week.",
				[]rune(format[i:])[0])}
		}
		if format[i] == 'B' && afterDay {
			text = names.monthsOfDay[t.Month()-1] // 9 listopada, but listopad 2026
		}
		afterDay = format[i] == 'd' || format[i] == 'e'
		if bare {
			text = unpadded(text)
		}
		b.WriteString(text)
		if b.Len() > maxText {
			return Value{}, errLongText
		}
	}
	return TextValue(b.String()), nil
}

// unpadded drops what fills a number up: %-d.
func unpadded(text string) string {
	short := strings.TrimLeft(text, "0 ")
	if short == "" && text != "" {
		return "0"
	}
	return short
}

func directive(c byte, t time.Time, n *timeNames) (string, bool) {
	isoYear, week := t.ISOWeek()
	switch c {
	case 'Y':
		return fmt.Sprintf("%04d", t.Year()), true
	case 'y':
		return fmt.Sprintf("%02d", t.Year()%100), true
	case 'm':
		return fmt.Sprintf("%02d", t.Month()), true
	case 'd':
		return fmt.Sprintf("%02d", t.Day()), true
	case 'e':
		return fmt.Sprintf("%2d", t.Day()), true
	case 'j':
		return fmt.Sprintf("%03d", t.YearDay()), true
	case 'H':
		return fmt.Sprintf("%02d", t.Hour()), true
	case 'I':
		return fmt.Sprintf("%02d", (t.Hour()+11)%12+1), true
	case 'p':
		return t.Format("PM"), true
	case 'M':
		return fmt.Sprintf("%02d", t.Minute()), true
	case 'S':
		return fmt.Sprintf("%02d", t.Second()), true
	case 'f':
		return fmt.Sprintf("%06d", t.Nanosecond()/1000), true
	case 'b':
		return n.shortMonths[t.Month()-1], true
	case 'B':
		return n.months[t.Month()-1], true
	case 'a':
		return n.shortDays[t.Weekday()], true
	case 'A':
		return n.days[t.Weekday()], true
	case 'u':
		return fmt.Sprint(isoWeekday(t)), true
	case 'w':
		return fmt.Sprint(int(t.Weekday())), true
	case 'G':
		return fmt.Sprintf("%04d", isoYear), true
	case 'V':
		return fmt.Sprintf("%02d", week), true
	case 'F':
		return t.Format("2006-01-02"), true
	case 'T':
		return t.Format("15:04:05"), true
	case 'R':
		return t.Format("15:04"), true
	case '%':
		return "%", true
	}
	return "", false
}
