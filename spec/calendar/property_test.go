package calendar

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"
)

// zones have what makes days odd: missing midnights and days, half hours, changes of clocks at any time.
var zones = []string{
	"Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "America/Sao_Paulo",
	"America/St_Johns", "Asia/Kathmandu", "America/Havana", "Africa/Monrovia", "Pacific/Kwajalein", "UTC",
}

// randomCalendar and randomMoment are where anything may go wrong: a third of the moments are near a change of clocks.
func randomCalendar(t testing.TB, r *rand.Rand) Calendar {
	return Calendar{
		Location: load(t, zones[r.IntN(len(zones))]), WeekStart: time.Weekday(r.IntN(7)),
		FiscalMonth: time.Month(r.IntN(13)), FiscalDay: r.IntN(30),
	}
}

func randomMoment(r *rand.Rand, loc *time.Location) time.Time {
	const from, until = -2_000_000_000, 2_500_000_000 // 1906 to 2049
	t := time.Unix(from+r.Int64N(until-from), r.Int64N(1e9)).In(loc)
	if change, _ := t.ZoneBounds(); r.IntN(3) == 0 && !change.IsZero() {
		t = change.Add(time.Duration(r.Int64N(int64(96*time.Hour))) - 48*time.Hour)
	}
	return t
}

func TestProperties(t *testing.T) {
	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, seed))
	texts := append(Words(), "previous 1 day", "previous 3 days", "previous 5 hours", "previous 2 weeks", "previous 2 months",
		"from start_of_week-1week+1day until start_of_hour-30min", "from start_of_month-1month until today+1day")
	for range 3000 {
		c := randomCalendar(t, r)
		at := randomMoment(r, c.Location)
		keys := map[string]Range{}
		for _, text := range texts {
			got, err := mustParse(t, text).Resolve(at, c)
			var fault *SyntaxError
			switch {
			case errors.Is(err, ErrNothing) || errors.As(err, &fault) && fault.Code == "empty-range":
				continue
			case err != nil:
				t.Fatalf("%s at %s, %v: %v", text, at, c, err)
			case !got.From.Before(got.Until):
				t.Fatalf("%s at %s, %v: from %s is not before until %s", text, at, c, got.From, got.Until)
			case got.Partial != got.Until.After(at):
				t.Fatalf("%s at %s, %v: partial %v until %s", text, at, c, got.Partial, got.Until)
			case got.DueAt(0) != got.Until || got.DueAt(time.Minute).Before(got.Until):
				t.Fatalf("%s at %s, %v: until %s, due at %s", text, at, c, got.Until, got.DueAt(time.Minute))
			case got.Days() < 1 || got.Through().Before(startOfDay(got.From)):
				t.Fatalf("%s at %s, %v: %s to %s has %d days through %s", text, at, c, got.From, got.Until, got.Days(), got.Through())
			}
			back, err := ParseKey(got.Key(), c.Location)
			if err != nil || !back.same(got) {
				t.Fatalf("%s at %s, %v: key %s is read as %s to %s, %v", text, at, c, got.Key(), back.From, back.Until, err)
			}
			if other, ok := keys[got.Key()]; ok && !other.same(got) {
				t.Fatalf("%s at %s, %v: the key %s has two ranges", text, at, c, got.Key())
			}
			keys[got.Key()] = got
		}
	}
}

// What is complete ends where what runs begins, and each range ends where the next begins.
func TestRangesAbut(t *testing.T) {
	const seed = 53
	r := rand.New(rand.NewPCG(seed, seed))
	for range 2000 {
		c := randomCalendar(t, r)
		at := randomMoment(r, c.Location)
		resolve := func(text string, at time.Time) Range {
			got, err := mustParse(t, text).Resolve(at, c)
			if err != nil {
				t.Fatalf("%s at %s, %v: %v", text, at, c, err)
			}
			return got
		}
		for _, period := range []string{"week", "month", "quarter", "year", "fiscal_year"} {
			last, this := resolve("last_"+period, at), resolve("this_"+period, at)
			if !last.Until.Equal(this.From) || at.Before(this.From) || !at.Before(this.Until) {
				t.Fatalf("%s at %s, %v: last until %s, this from %s until %s", period, at, c, last.Until, this.From, this.Until)
			}
			if toDate, err := mustParse(t, period+"_to_date").Resolve(at, c); err == nil {
				if !toDate.From.Equal(last.Until) || !toDate.Until.Equal(startOfDay(at)) {
					t.Fatalf("%s at %s, %v: to date %s to %s", period, at, c, toDate.From, toDate.Until)
				}
			}
			if next := resolve("last_"+period, this.Until); !next.same(this) {
				t.Fatalf("%s at %s, %v: this is %v, and later last is %v", period, at, c, this, next)
			}
		}
		if yesterday, today := resolve("yesterday", at), resolve("today", at); !yesterday.Until.Equal(today.From) ||
			at.Before(today.From) || !at.Before(today.Until) || yesterday.Days() != 1 || today.Days() != 1 {
			t.Fatalf("at %s, %v: yesterday %v, today %v", at, c, yesterday, today)
		}
		for _, text := range []string{"previous 1 hour", "yesterday", "last_week", "last_month"} {
			list, err := mustParse(t, text).Next(at, c, 4)
			if err != nil || len(list) != 4 {
				t.Fatalf("%s at %s, %v: %v, %v", text, at, c, list, err)
			}
			for i, u := range list {
				if u.Gap != 0 || u.Overlap != 0 || u.Note() != "" || !u.At.Equal(u.Until) || !u.At.After(at) {
					t.Fatalf("%s at %s, %v: next %d is %+v", text, at, c, i, u)
				}
			}
		}
	}
}

func FuzzRange(f *testing.F) {
	for _, text := range append(Words(), "previous 4 weeks", "last 7 days", "from 2026-10-25T02:30 until now",
		"from start_of_month - 1month+2days until 2026-11-22T08:00Z", "from 0001-01-01 through 9999-12-31") {
		f.Add(text, text, text, int64(1_795_338_000), uint8(3))
	}
	f.Add("from", "today-1day", "start_of_hour+1hour", int64(-62_135_596_800), uint8(0))
	f.Fuzz(func(t *testing.T, text, from, end string, unix int64, zone uint8) {
		c := Calendar{Location: load(t, zones[int(zone)%len(zones)]), WeekStart: time.Weekday(zone % 7), FiscalMonth: 2, FiscalDay: 29}
		at := time.Unix(unix, 0)
		for part, parse := range map[string]func() (Expr, *SyntaxError){
			"":        func() (Expr, *SyntaxError) { return Parse(text) },
			"through": func() (Expr, *SyntaxError) { return ParseBounds(from, end, "") },
			"until":   func() (Expr, *SyntaxError) { return ParseBounds(from, "", end) },
		} {
			e, fault := parse()
			if fault != nil {
				written := map[string]string{"": text, "from": from, "through": end, "until": end}[fault.Part]
				if fault.Code == "" || fault.Summary == "" || fault.Detail == "" || fault.Offset < 0 || fault.Length < 0 ||
					fault.Offset+fault.Length > len([]rune(written)) {
					t.Errorf("%s %q: bad fault %+v", part, written, fault)
				}
				continue
			}
			again, fault := Parse(e.Text)
			if fault != nil || again.Text != e.Text {
				t.Fatalf("%q is read again as %q, %v", e.Text, again.Text, fault)
			}
			r, err := e.Resolve(at, c)
			if err != nil {
				continue
			}
			if !r.From.Before(r.Until) {
				t.Errorf("%q at %d: from %s until %s", e.Text, unix, r.From, r.Until)
			}
			if second, err := again.Resolve(at, c); err != nil || !second.same(r) {
				t.Errorf("%q means %v, and written again %v, %v", e.Text, r, second, err)
			}
			if back, err := ParseKey(r.Key(), c.Location); err != nil || !back.same(r) {
				t.Errorf("%q at %d: key %s is read as %v, %v", e.Text, unix, r.Key(), back, err)
			}
			r.Label("pl")
			r.ClockNotes()
			if _, err := e.Next(at, c, 2); err != nil {
				t.Logf("%q: %v", e.Text, err)
			}
		}
	})
}
