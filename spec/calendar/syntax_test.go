package calendar

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write the goldens")

// What is refused, and in which words. Of each the golden shows the place, the code and the whole message.
func TestRefusals(t *testing.T) {
	c := warsaw(t)
	at := readMoment(t, c.Location, "2026-11-22T10:00")
	var b strings.Builder
	show := func(parts map[string]string, fault *SyntaxError) {
		text, ok := parts[fault.Part]
		if !ok {
			t.Errorf("%v: fault in the unknown part %q", parts, fault.Part)
		}
		if end := fault.Offset + fault.Length; fault.Offset < 0 || fault.Length < 0 || end > utf8.RuneCountInString(text) {
			t.Errorf("%v: place %d to %d is beyond the text", parts, fault.Offset, end)
		}
		head := strings.TrimSpace(fault.Part + " ")
		if head != "" {
			head += ": "
		}
		fmt.Fprintf(&b, "%s%s\n%s%s\n%s [%s]\n%s\n\n---\n", head, text,
			strings.Repeat(" ", len(head)+fault.Offset), strings.Repeat("~", max(1, fault.Length)), fault.Summary, fault.Code, fault.Detail)
	}
	for _, text := range []string{
		"", "last week", "Last_Week", "last_wek", "lastmonth", "weektodate", "nonsense", "now", "start_of_week", "start_of_weak", "yesterdy", "last_day", "last_hour",
		"last 7 days", "last 1 day", "last_7_days", "past 24 hours", "last 3 months", "last 1 week", "last 7 fortnights", "last 0 days",
		"previous week", "previous", "previous four weeks", "previous 0 days", "previous -1 days", "previous 10000 days",
		"previous 2 fortnights", "previous 30 min", "previous 4 weks", "previous 4 weeks and more", "  previous  x  days",
		"from 2026-11-01", "from 2026-11-01 to 2026-11-15", "from 2026-11-01 until 2026-13-01", "from żółw through today",
		"previous 90 minutes", "{from: today-6days}", "{from: today-6days, to: today}", "{from: today-6days, through: tomorow}", "{from: today", "{from: today-6days, from: today}",
	} {
		_, fault := Parse(text)
		if fault == nil {
			t.Errorf("Parse(%q) is taken", text)
			continue
		}
		show(map[string]string{"": text}, fault)
	}
	for _, bounds := range []struct{ from, through, until string }{
		{from: "2026-11-01"},
		{from: "2026-11-01", through: "2026-11-15", until: "2026-11-16"},
		{through: "2026-11-15"},
		{from: "2026-11-1", through: "2026-11-15"},
		{from: "1 Nov 2026", through: "2026-11-15"},
		{from: "2026-02-29", through: "2026-11-15"},
		{from: "2026-11-01T25:00", until: "2026-11-15"},
		{from: "2026-11-01T08:00+99:00", until: "2026-11-15"},
		{from: "0000-01-01", until: "2026-11-15"},
		{from: "last_week", until: "today"},
		{from: "start_of_mont", until: "today"},
		{from: "start_of_month", until: "tomorrow"},
		{from: "start_of_month-1mont", until: "today"},
		{from: "start_of_month-1h", until: "today"},
		{from: "start_of_month-month", until: "today"},
		{from: "start_of_month 1month", until: "today"},
		{from: "start_of_month-99999days", until: "today"},
		{from: "today-1day-1day-1day-1day-1day", until: "today"},
		{from: "start_of_day", through: "now"},
		{from: "start_of_day", through: "start_of_hour"},
		{from: "start_of_day", through: "today+30min"},
		{from: "start_of_day", through: "2026-11-01T08:00"},
		{from: "2026-11-15", through: "2026-11-01"},
		{from: "2026-11-15", until: "2026-11-15"},
		{from: "2026-11-15", until: "2026-11-01"},
		{from: "2026-11-15T08:00", until: "2026-11-15T07:00"},
		{from: "today", until: "start_of_day"},
		{from: "start_of_week-1week", until: "start_of_week-1week"},
		// Only a moment, or a zone, shows these.
		{from: "start_of_week", through: "start_of_week-1week"},
		{from: "today+6hours", until: "today+5hours"},
		{from: "2026-11-25", until: "today"},
		{from: "2026-03-29T02:30", until: "today"},
		{from: "2026-10-25", until: "2026-10-25T02:30"},
		{from: "today-9999years", until: "today"},
	} {
		e, fault := ParseBounds(bounds.from, bounds.through, bounds.until)
		if fault == nil {
			_, err := e.Resolve(at, c)
			if !errors.As(err, &fault) {
				t.Errorf("%v is taken: %v", bounds, err)
				continue
			}
		}
		show(map[string]string{"": e.Text, "from": bounds.from, "through": bounds.through, "until": bounds.until}, fault)
	}
	golden := filepath.Join("testdata", "refusals.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("differs from %s; run go test -update and look at the difference:\n%s", golden, b.String())
	}
}

func TestWhatIsTaken(t *testing.T) {
	for text, want := range map[string]string{
		"  previous   4  weeks ": "previous 4 weeks",
		"last_week\n":            "last_week",
		"from start_of_month - 1month until start_of_month": "from start_of_month-1month until start_of_month",
		"from  2026-11-01  through  2026-11-15 ":            "from 2026-11-01 through 2026-11-15",
		"from today+1day-30min until 2026-11-01T08:00Z":     "from today+1day-30min until 2026-11-01T08:00Z",
		"from 2026-11-01-1month until 2026-11-01":           "from 2026-11-01-1month until 2026-11-01",
		"{from: today-6days, through: today}":               "from today-6days through today",
		` {until: "2026-11-02T08:00", from: '2026-11-01'} `: "from 2026-11-01 until 2026-11-02T08:00",
	} {
		e, fault := Parse(text)
		if fault != nil || e.Text != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", text, e.Text, fault, want)
		}
	}
}

func TestWhatARangeNeeds(t *testing.T) {
	for text, want := range map[string]struct{ partial, now bool }{
		"last_week": {}, "previous 4 weeks": {}, "week_to_date": {}, "yesterday": {},
		"today": {partial: true}, "this_week": {partial: true}, "this_fiscal_year": {partial: true},
		"from 2026-11-01 through 2099-11-15":                {},
		"from today-6days through today-1day":               {},
		"from today-6days until today":                      {},
		"from today-6days through today":                    {partial: true},
		"from today-6days until today+1day":                 {partial: true},
		"from start_of_week until start_of_week+1week":      {partial: true},
		"from start_of_week until start_of_week+6days":      {},
		"from start_of_week through start_of_week+6days":    {partial: true},
		"from start_of_month until start_of_month+1month":   {partial: true},
		"from start_of_month until start_of_month+28days":   {},
		"from start_of_month until start_of_month+31days":   {partial: true},
		"from start_of_year until start_of_quarter":         {},
		"from start_of_year until start_of_quarter+3months": {partial: true},
		"from start_of_hour until start_of_hour+60min":      {partial: true},
		"from start_of_hour until start_of_hour+59min":      {},
		"from now-1day until now":                           {now: true},
		"from now-1day until today+1day":                    {now: true, partial: true},
	} {
		e := mustParse(t, text)
		if e.NeedsPartial() != want.partial || e.UsesNow() != want.now || e.IsZero() {
			t.Errorf("%s: needs partial %v, uses now %v; want %v", text, e.NeedsPartial(), e.UsesNow(), want)
		}
	}
	if !(Expr{}).IsZero() {
		t.Error("the zero Expr is not zero")
	}
	if _, err := (Expr{}).Resolve(time.Unix(0, 0), Calendar{}); !errors.Is(err, ErrNothing) {
		t.Errorf("the zero Expr resolves: %v", err)
	}
}

// On the first day of its period a to-date range holds no complete day, and so do bounds that meet.
func TestNothingYet(t *testing.T) {
	c := warsaw(t)
	for at, texts := range map[string][]string{
		"2026-11-23": {"week_to_date"},
		"2026-11-01": {"month_to_date", "from start_of_month until today", "from start_of_month through today-1day"},
		"2026-10-01": {"quarter_to_date", "month_to_date"},
		"2027-01-01": {"year_to_date", "quarter_to_date"},
		"2026-04-01": {"fiscal_year_to_date"},
	} {
		for _, text := range texts {
			if r, err := mustParse(t, text).Resolve(readMoment(t, c.Location, at+"T10:00"), c); !errors.Is(err, ErrNothing) {
				t.Errorf("%s on %s: %v, %v", text, at, r, err)
			}
		}
	}
}

func TestCanBeISOWeek(t *testing.T) {
	monday, sunday := warsaw(t), warsaw(t)
	monday.WeekStart, sunday.WeekStart = time.Monday, time.Sunday
	for text, want := range map[string]struct{ monday, sunday bool }{
		"last_week": {true, false}, "this_week": {true, false}, "previous 1 weeks": {true, false}, "previous 7 days": {true, true},
		"yesterday": {}, "last_month": {}, "week_to_date": {}, "this_month": {}, "previous 2 weeks": {}, "previous 24 hours": {},
		"month_to_date": {true, true}, "from 2026-11-09 through 2026-11-15": {true, true}, "from 2026-11-10 through 2026-11-16": {},
		"from today-7days until today": {true, true}, "from start_of_week-1week until start_of_week": {true, false},
		"from start_of_week+1day until start_of_week+8days": {false, true}, "from start_of_month until start_of_month+1month": {},
		"from start_of_year through start_of_year+6days": {true, true},
	} {
		e := mustParse(t, text)
		if got := e.CanBeISOWeek(monday); got != want.monday {
			t.Errorf("%s, weeks from Monday: %v", text, got)
		}
		if got := e.CanBeISOWeek(sunday); got != want.sunday {
			t.Errorf("%s, weeks from Sunday: %v", text, got)
		}
	}
}
