package calendar

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPrevious(t *testing.T) {
	c := warsaw(t)
	for _, test := range []struct {
		text, at string
		n        int
		want     string
	}{
		{"last_week", "2026-11-22T10:00", 2, `
			2026-11-09T00:00+01:00 2026-11-02..2026-11-08
			2026-11-02T00:00+01:00 2026-10-26..2026-11-01`},
		// At the very moment at which a range falls due, the one before it is past.
		{"last_week", "2026-11-23T00:00", 1, `
			2026-11-16T00:00+01:00 2026-11-09..2026-11-15`},
		{"previous 2 weeks", "2026-11-22T10:00", 1, `
			2026-11-09T00:00+01:00 2026-10-26..2026-11-08 repeats 7 days of the range before`},
		{"week_to_date", "2026-11-24T10:00", 2, `
			2026-11-22T00:00+01:00 2026-11-16..2026-11-21 repeats 5 days of the range before
			2026-11-21T00:00+01:00 2026-11-16..2026-11-20 repeats 4 days of the range before`},
		// On its first day a week to date means nothing: all that came is past.
		{"week_to_date", "2026-11-23T10:00", 1, `
			2026-11-22T00:00+01:00 2026-11-16..2026-11-21 repeats 5 days of the range before`},
		{"month_to_date", "2026-11-03T10:00", 2, `
			2026-11-02T00:00+01:00 2026-11-01 leaves out 1 day since the range before
			2026-10-31T00:00+01:00 2026-10-01..2026-10-30 repeats 29 days of the range before`},
		{"last_fiscal_year", "2026-11-22", 2, `
			2025-04-01T00:00+02:00 2024-04-01..2025-03-31
			2024-04-01T00:00+02:00 2023-04-01..2024-03-31`},
		{"previous 1 hour", "2026-10-25T03:30:00+01:00", 3, `
			2026-10-25T02:00+01:00 2026-10-25T02:00+02:00..2026-10-25T02:00+01:00
			2026-10-25T02:00+02:00 2026-10-25T01:00+02:00..2026-10-25T02:00+02:00
			2026-10-25T01:00+02:00 2026-10-25T00:00+02:00..2026-10-25T01:00+02:00`},
		{"previous 1 hour", "2026-03-29T03:30", 2, `
			2026-03-29T01:00+01:00 2026-03-29T00:00+01:00..2026-03-29T01:00+01:00
			2026-03-29T00:00+01:00 2026-03-28T23:00+01:00..2026-03-29T00:00+01:00`},
		{"today", "2026-11-22T10:00", 2, `
			2026-11-21T00:00+01:00 2026-11-21
			2026-11-20T00:00+01:00 2026-11-20`},
		{"this_month", "2026-11-22T10:00", 1, `
			2026-10-01T00:00+02:00 2026-10-01..2026-10-31`},
		// A range that lags behind.
		{"from start_of_week-2weeks until start_of_week-1week", "2026-11-22T10:00", 2, `
			2026-11-09T00:00+01:00 2026-10-26..2026-11-01
			2026-11-02T00:00+01:00 2026-10-19..2026-10-25`},
		// What ends long after it was first meant is due when it ends.
		{"from start_of_week through start_of_week+4days", "2026-11-18T10:00", 2, `
			2026-11-14T00:00+01:00 2026-11-09..2026-11-13 leaves out 2 days since the range before
			2026-11-07T00:00+01:00 2026-11-02..2026-11-06 leaves out 2 days since the range before`},
		{"from start_of_week through start_of_week+4days", "2026-11-21T00:00", 1, `
			2026-11-14T00:00+01:00 2026-11-09..2026-11-13 leaves out 2 days since the range before`},
		// In months of 30 days the 30th never was due.
		{"from start_of_month+29days through start_of_month+29days", "2026-11-22", 2, `
			2026-10-31T00:00+01:00 2026-10-30 leaves out 60 days since the range before
			2026-08-31T00:00+02:00 2026-08-30 leaves out 30 days since the range before`},
		{"from 2026-11-19 until today", "2026-11-22T10:00", 5, `
			2026-11-21T00:00+01:00 2026-11-19..2026-11-20 repeats 1 day of the range before
			2026-11-20T00:00+01:00 2026-11-19`},
		{"from 2026-01-01 through start_of_month+29days", "2026-04-05", 3, `
			2026-03-31T00:00+02:00 2026-01-01..2026-03-30 repeats 30 days of the range before
			2026-01-31T00:00+01:00 2026-01-01..2026-01-30`},
		// Three days mean the same, the first of which counts.
		{"from today-1month until today-1month+1day", "2026-04-01T10:00", 2, `
			2026-03-28T00:00+01:00 2026-02-28
			2026-03-27T00:00+01:00 2026-02-27`},
		{"from 2026-11-01 through 2026-11-15", "2026-11-22", 5, ""},
		{"from 2026-12-01 until today", "2026-12-02", 5, ""},
		{"from now-1day until now", "2026-11-22", 5, ""},
		{"last_week", "2026-11-22", 0, ""},
		{"last_year", "0004-05-06", 5, `
			0003-01-01T00:00+01:24 0002-01-01..0002-12-31
			0002-01-01T00:00+01:24 0001-01-01..0001-12-31`},
	} {
		t.Run(test.text, func(t *testing.T) {
			list, err := mustParse(t, test.text).Previous(readMoment(t, c.Location, test.at), c, test.n)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, u := range list {
				fmt.Fprintln(&b, strings.TrimSpace(u.At.Format("2006-01-02T15:04-07:00")+" "+u.Key()+" "+u.Note()))
			}
			want := strings.TrimLeft(strings.ReplaceAll(test.want+"\n", "\t", ""), "\n")
			if got := b.String(); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// What can never be is said, not passed over.
func TestPreviousSaysWhatIsWrong(t *testing.T) {
	c := warsaw(t)
	for _, text := range []string{"from start_of_week until start_of_week-1day", "from 2026-03-29T02:30 until 2026-04-01", "from 2026-12-01 until today"} {
		if list, err := mustParse(t, text).Previous(readMoment(t, c.Location, "2026-11-22"), c, 3); err == nil {
			t.Errorf("%s: %v", text, list)
		}
	}
}

// Who looks back sees what Next foresaw from before the first of it, up to what the words mean now.
func TestPreviousMirrorsNext(t *testing.T) {
	const seed = 31
	r := rand.New(rand.NewPCG(seed, seed))
	texts := append(Words(), "previous 1 hour", "previous 1 day", "previous 3 days", "previous 5 hours", "previous 2 weeks", "previous 2 months",
		"from start_of_week-2weeks until start_of_week-1week", "from start_of_month-2months through start_of_month-1month+2days",
		"from start_of_week through start_of_week+4days", "from today-6hours until today-90min", "from start_of_hour-1day until start_of_hour",
		"from start_of_week-1week+1day until start_of_hour-30min", "from start_of_month until today", "from start_of_month+29days through start_of_month+29days",
		"from 2011-12-30 until today", "from start_of_fiscal_year until start_of_quarter", "from start_of_month until 2011-12-30",
		"from today-1month until today-1month+1day")
	seen := map[string]int{}
	for range 1500 {
		c := randomCalendar(t, r)
		at := randomMoment(r, c.Location)
		text := texts[r.IntN(len(texts))]
		if r.IntN(4) == 0 { // beside a written date
			at = time.Date(2011, 12, 30, 0, 0, 0, 0, c.Location).Add(time.Duration(r.Int64N(int64(240*time.Hour))) - 120*time.Hour)
		}
		e, n := mustParse(t, text), 1+r.IntN(5)
		where := fmt.Sprintf("%s at %s, %v", text, at, c)
		past, err := e.Previous(at, c, n)
		if err != nil {
			if _, now := e.Resolve(at, c); now == nil {
				t.Fatalf("%s: %v", where, err)
			}
			continue
		}
		if len(past) > n {
			t.Fatalf("%s: %d of %d", where, len(past), n)
		}
		if len(past) == 0 {
			continue
		}
		seen[text] += len(past)
		slices.Reverse(past)
		// A few more, among which must come the one that is meant now, where there is one.
		ahead, err := e.Next(past[0].At.Add(-1), c, len(past)+1)
		if err != nil || len(ahead) < len(past) {
			t.Fatalf("%s: %d past, %d ahead, %v", where, len(past), len(ahead), err)
		}
		for i, u := range past {
			if !u.same(ahead[i].Range) || !u.At.Equal(ahead[i].At) || u.At.After(at) || u.Partial != ahead[i].Partial {
				t.Fatalf("%s: %d is %+v, ahead was %+v", where, i, u, ahead[i])
			}
			// The first of Next has none before it that was due, or has not seen it fall due.
			if i > 0 && (u.Gap != ahead[i].Gap || u.Overlap != ahead[i].Overlap || u.Note() != ahead[i].Note()) {
				t.Fatalf("%s: %d has %q, ahead was %q", where, i, u.Note(), ahead[i].Note())
			}
		}
		// Between the last of them and now, nothing fell due but what is meant now.
		if rest := ahead[len(past):]; len(rest) == 1 && !rest[0].At.After(at) {
			if now, err := e.Resolve(at, c); err != nil || !now.same(rest[0].Range) {
				t.Fatalf("%s: left out %+v", where, rest[0])
			}
		}
	}
	for _, text := range texts {
		if seen[text] == 0 {
			t.Errorf("%s never had a past", text)
		}
	}
}

func BenchmarkPrevious(b *testing.B) {
	c := warsaw(b)
	at := readMoment(b, c.Location, "2026-11-22T10:00")
	for _, text := range []string{"last_week", "month_to_date", "from 2026-11-01 until today"} {
		b.Run(text, func(b *testing.B) {
			e := mustParse(b, text)
			for b.Loop() {
				if _, err := e.Previous(at, c, 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
