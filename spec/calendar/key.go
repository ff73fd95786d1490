package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Key names the range in a delivery's key: 2026-11-09..2026-11-15, a single day 2026-11-21, and hours with their offset
// from UTC, so that an hour that comes twice has two keys: 2026-11-21T08:00+01:00..2026-11-21T09:00+01:00.
// The zone is not in it.
func (r Range) Key() string {
	from, until := r.From, r.end()
	if !r.wholeDays() {
		return keyTime(from) + ".." + keyTime(until)
	}
	day, last := dayOf(from).Format(time.DateOnly), dayOf(r.Through()).Format(time.DateOnly)
	if day == last {
		return day
	}
	return day + ".." + last
}

// keyTime shows seconds only where there are some.
func keyTime(t time.Time) string {
	layout := "2006-01-02T15:04"
	if t.Second() != 0 || t.Nanosecond() != 0 {
		layout += ":05.999999999"
	}
	if _, offset := t.Zone(); offset%60 != 0 {
		return t.Format(layout + "-07:00:00") // local mean time, before there were zones
	}
	return t.Format(layout + "-07:00")
}

// keyLayouts are what keyTime writes; parsing takes a fraction of seconds by itself.
var keyLayouts = []string{"2006-01-02T15:04-07:00", "2006-01-02T15:04:05-07:00", "2006-01-02T15:04-07:00:00", "2006-01-02T15:04:05-07:00:00"}

// ParseKey finds the range of a [Range.Key] in the zone that it was made in, which the key does not name.
func ParseKey(key string, loc *time.Location) (Range, error) {
	start, last, long := strings.Cut(key, "..")
	if !long {
		last = start
	}
	var r Range
	from, err1 := time.Parse(time.DateOnly, start)
	through, err2 := time.Parse(time.DateOnly, last)
	if err1 == nil && err2 == nil {
		r = Range{From: first(wall{from}, loc), Until: first(addDays(wall{through}, 1), loc)}
	} else {
		r = Range{From: parseKeyTime(start, loc), Until: parseKeyTime(last, loc)}
	}
	if !r.From.Before(r.Until) || r.Key() != key {
		return Range{}, fmt.Errorf("%q is not the key of a range in %s", key, loc)
	}
	return r, nil
}

// parseKeyTime returns the zero time for what keyTime did not write.
func parseKeyTime(text string, loc *time.Location) time.Time {
	for _, layout := range keyLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.In(loc)
		}
	}
	return time.Time{}
}
