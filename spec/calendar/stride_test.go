package calendar

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseStride(t *testing.T) {
	for _, text := range []string{"1hour", "12hours", "1day", "7days", "1week", "1month", "1quarter", "2years"} {
		if s, fault := ParseStride(text); fault != nil || s.Text != text || s.IsZero() {
			t.Errorf("%s: %+v, %v", text, s, fault)
		}
	}
	for text, want := range map[string]string{
		"":                        "is no length of a slice",
		"day":                     "such as 1day",
		"1 day":                   "such as 1day",
		"-1day":                   "such as 1day",
		"0days":                   "1 to",
		"9999999999999999999days": "1 to",
		"1dayz":                   `Did you mean "day"?`,
		"1d":                      `Did you mean "days"?`,
		"30min":                   "whole hours",
		"5minutes":                "whole hours",
	} {
		if _, fault := ParseStride(text); fault == nil || !strings.Contains(fault.Detail, want) {
			t.Errorf("%q: %v", text, fault)
		}
	}
}

// sliced are the starts of a range's slices.
func sliced(text string, r Range, c Calendar) (starts []string) {
	s, fault := ParseStride(text)
	if fault != nil {
		panic(fault)
	}
	for slice := range s.Slices(r, c, c.Location) {
		starts = append(starts, slice.From.Format("01-02 15:04 MST"))
	}
	return starts
}

func TestSlices(t *testing.T) {
	c := warsaw(t)
	at := func(text string) time.Time { return readMoment(t, c.Location, text) }
	for _, test := range []struct {
		stride, from, until string
		want                string
	}{
		{"1day", "2026-11-09T00:00", "2026-11-12T00:00", "11-09 00:00 CET, 11-10 00:00 CET, 11-11 00:00 CET"},
		{"1day", "2026-11-09T12:00", "2026-11-11T12:00", "11-09 12:00 CET, 11-10 00:00 CET, 11-11 00:00 CET"},
		// 25 hours, then 23.
		{"1day", "2026-10-24T00:00", "2026-10-27T00:00", "10-24 00:00 CEST, 10-25 00:00 CEST, 10-26 00:00 CET"},
		{"1day", "2026-03-28T00:00", "2026-03-31T00:00", "03-28 00:00 CET, 03-29 00:00 CET, 03-30 00:00 CEST"},
		// 2:00 comes twice: neither is a cut, and the slice has three hours.
		{"1hour", "2026-10-25T00:00", "2026-10-25T05:00", "10-25 00:00 CEST, 10-25 01:00 CEST, 10-25 03:00 CET, 10-25 04:00 CET"},
		// 2:00 does not come.
		{"1hour", "2026-03-29T00:00", "2026-03-29T05:00", "03-29 00:00 CET, 03-29 01:00 CET, 03-29 03:00 CEST, 03-29 04:00 CEST"},
		{"1week", "2026-11-04T00:00", "2026-11-18T00:00", "11-04 00:00 CET, 11-09 00:00 CET, 11-16 00:00 CET"},
		{"7days", "2026-11-04T00:00", "2026-11-18T00:00", "11-04 00:00 CET, 11-11 00:00 CET"},
		{"1month", "2026-01-31T00:00", "2026-04-01T00:00", "01-31 00:00 CET, 02-01 00:00 CET, 03-01 00:00 CET"},
		{"1quarter", "2026-02-01T00:00", "2026-08-01T00:00", "02-01 00:00 CET, 04-01 00:00 CEST, 07-01 00:00 CEST"},
		{"1year", "2025-12-31T00:00", "2026-01-02T00:00", "12-31 00:00 CET, 01-01 00:00 CET"},
		{"1month", "2026-11-09T00:00", "2026-11-16T00:00", "11-09 00:00 CET"},
	} {
		if got := strings.Join(sliced(test.stride, Range{From: at(test.from), Until: at(test.until)}, c), ", "); got != test.want {
			t.Errorf("%s from %s until %s: %s", test.stride, test.from, test.until, got)
		}
	}
}

// Slices are the range without gaps or overlaps, whatever the clocks of its zone do.
func TestSlicesAreTheRange(t *testing.T) {
	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, seed))
	for range 2000 {
		c := randomCalendar(t, r)
		from := randomMoment(r, c.Location)
		rng := Range{From: from, Until: from.Add(time.Duration(1 + r.Int64N(int64(40*24*time.Hour)))).In(c.Location), Partial: true}
		zone := load(t, zones[r.IntN(len(zones))])
		for _, text := range []string{"1hour", "5hours", "1day", "3days", "1week", "1month", "1quarter"} {
			s, _ := ParseStride(text)
			all := slices.Collect(s.Slices(rng, c, zone))
			if !all[0].From.Equal(rng.From) || !all[len(all)-1].Until.Equal(rng.Until) || !all[len(all)-1].Partial {
				t.Fatalf("%s of %v: from %v until %v", text, rng, all[0], all[len(all)-1])
			}
			for i, slice := range all {
				if !slice.From.Before(slice.Until) || i > 0 && !slice.From.Equal(all[i-1].Until) {
					t.Fatalf("%s of %v in %s: %v behind %v", text, rng, c.Location, slice, all[max(i-1, 0)])
				}
				if _, twice := repeated(slice.From.In(zone)); i > 0 && twice {
					t.Fatalf("%s of %v: %v comes twice in %s", text, rng, slice.From, zone)
				}
				if longest := 2*time.Duration(s.count)*s.unit.longest() + 48*time.Hour; slice.Until.Sub(slice.From) > longest {
					t.Fatalf("%s of %v in %s: %v is long", text, rng, c.Location, slice)
				}
			}
		}
	}
}

// A grain whose buckets a slice keeps whole has none that a cut lies within.
func TestSlicesKeepBuckets(t *testing.T) {
	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, seed))
	for range 300 {
		c := randomCalendar(t, r)
		c.WeekStart = time.Monday
		from := randomMoment(r, c.Location)
		rng := Range{From: from, Until: from.AddDate(0, 3, r.IntN(30))}
		for _, text := range []string{"1hour", "1day", "3days", "1week", "2weeks", "1month", "1quarter", "1year"} {
			s, _ := ParseStride(text)
			for _, grain := range []string{"minute", "hour", "day", "week", "month", "quarter", "year", "of_their_own"} {
				if !s.Keeps(grain) {
					continue
				}
				for cut := range s.cuts(rng, c) {
					if !BeginsBucket(grain, cut) {
						t.Fatalf("%s of %v in %s: %v is within a bucket of a %s", text, rng, c.Location, cut, grain)
					}
				}
			}
		}
	}
	for text, not := range map[string]string{
		"1hour": "day week month hour_of_day", "1day": "week month hour_of_day", "7days": "week month", "1week": "month year",
		"1month": "week year quarter", "1quarter": "week year", "1year": "week",
	} {
		s, _ := ParseStride(text)
		for grain := range strings.FieldsSeq(not) {
			if s.Keeps(grain) {
				t.Errorf("%s keeps a %s whole", text, grain)
			}
		}
	}
	noon := readMoment(t, load(t, "Europe/Warsaw"), "2026-11-11T12:00")
	for _, grain := range []string{"day", "week", "month", "quarter", "year"} {
		if BeginsBucket(grain, noon) {
			t.Errorf("a %s begins at noon", grain)
		}
	}
	if BeginsBucket("hour", noon.Add(time.Minute)) || !BeginsBucket("hour", noon) {
		t.Error("an hour begins at another time")
	}
}
