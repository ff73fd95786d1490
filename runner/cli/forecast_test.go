package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/runner"
)

func TestLeftInWords(t *testing.T) {
	for left, want := range map[time.Duration]string{
		0:                                  "a few seconds left",
		5 * time.Second:                    "a few seconds left",
		5*time.Second + 1:                  "about 10 s left",
		38 * time.Second:                   "about 40 s left",
		90 * time.Second:                   "about 90 s left",
		91 * time.Second:                   "about 2 min left",
		90 * time.Minute:                   "about 90 min left",
		115 * time.Minute:                  "about 2 h left",
		121 * time.Minute:                  "about 2 h 10 min left",
		49*time.Hour + 59*time.Minute:      "about 50 h left",
		100*time.Second - time.Duration(1): "about 2 min left",
	} {
		if got := leftInWords(left); got != want {
			t.Errorf("%s is %q, not %q", left, got, want)
		}
	}
}

// pageAt is what has come of a fetch after some seconds.
type pageAt struct {
	seconds            float64
	pages, rows, total int
}

var begin = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func (p pageAt) at() time.Time { return begin.Add(time.Duration(p.seconds * float64(time.Second))) }

func TestForecast(t *testing.T) {
	for name, c := range map[string]struct {
		came  []pageAt
		left  time.Duration
		known bool
	}{
		"steady":         {[]pageAt{{0, 1, 100, 1100}, {4, 6, 600, 1100}}, 4 * time.Second, true},
		"its first late": {[]pageAt{{60, 1, 100, 1100}, {64, 6, 600, 1100}}, 4 * time.Second, true},
		"all there":      {[]pageAt{{0, 1, 100, 600}, {4, 6, 600, 600}}, 0, true},
		"no total":       {[]pageAt{{0, 1, 100, -1}, {4, 6, 600, -1}}, 0, false},
		"a total passed": {[]pageAt{{0, 1, 100, 500}, {4, 6, 600, 500}}, 0, false},
		"few pages":      {[]pageAt{{0, 1, 100, 1100}, {4, 5, 500, 1100}}, 0, false},
		"little time":    {[]pageAt{{0, 1, 100, 1100}, {1.9, 6, 600, 1100}}, 0, false},
		"empty pages":    {[]pageAt{{0, 1, 0, 1100}, {4, 6, 0, 1100}}, 0, false},
		"begun anew":     {[]pageAt{{0, 1, 100, 1100}, {50, 6, 600, 1100}, {51, 1, 100, 1100}, {52, 6, 600, 1100}}, 0, false},
		"and on":         {[]pageAt{{0, 1, 100, 1100}, {50, 6, 600, 1100}, {51, 1, 100, 1100}, {55, 6, 600, 1100}}, 4 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			var got course
			for _, p := range c.came {
				got.page(p.pages, p.rows, p.total, p.at())
			}
			if left, known := got.left(c.came[len(c.came)-1].at()); left != c.left || known != c.known {
				t.Errorf("forecast is %s, %v", left, known)
			}
		})
	}
}

func TestFetchingInWords(t *testing.T) {
	came := func(pages ...pageAt) *course {
		var c course
		for _, p := range pages {
			c.page(p.pages, p.rows, p.total, p.at())
		}
		return &c
	}
	quick, slow := came(pageAt{0, 1, 100, 1100}, pageAt{4, 6, 600, 1100}), came(pageAt{0, 1, 10, 500}, pageAt{4, 6, 60, 500})
	for want, courses := range map[string]map[string]*course{
		"fetching weekly > a: 600 of 1100 rows in 6 pages, a few seconds left": {"weekly > a": quick},
		"fetching 2 datasets: 660 of 1600 rows in 12 pages, about 40 s left":   {"weekly > a": quick, "weekly > b": slow},
		"fetching weekly > a: 100 of 500 rows in 1 page":                       {"weekly > a": came(pageAt{0, 1, 100, 500})},
		"fetching weekly > a: 1 row in 1 page":                                 {"weekly > a": came(pageAt{0, 1, 1, -1})},
		"fetching 2 datasets: 700 rows in 7 pages":                             {"weekly > a": quick, "weekly > b": came(pageAt{0, 1, 100, -1})},
	} {
		if got := fetchingInWords(courses, begin.Add(4*time.Second)); got != want {
			t.Errorf("says\n%s, not\n%s", got, want)
		}
	}
}

// On a terminal the forecast moves with the pages; elsewhere there is a line for each dataset when it is done.
func TestProgressForecasts(t *testing.T) {
	now := begin
	for _, terminal := range []bool{true, false} {
		var out bytes.Buffer
		now = begin
		p := newProgress(&out, terminal, func() time.Time { return now })
		page := func(dataset string, n int) {
			p.fetched(runner.RequestComplete{Report: "weekly", Dataset: dataset, Page: n, Rows: 100 * n, Total: 2000})
		}
		page("failed", 1)
		now = now.Add(silence + time.Second)
		for n := 1; n <= 6; n++ {
			page("chats", n)
			now = now.Add(4 * time.Second)
		}
		if says := strings.Contains(out.String(), "fetching weekly > chats: 600 of 2000 rows in 6 pages, about 60 s left"); says != terminal {
			t.Errorf("on a terminal %v:\n%q", terminal, out.String())
		}
		if !terminal && out.Len() > 0 {
			t.Errorf("says %q", out.String())
		}
		out.Reset()
		p.fetched(runner.RequestComplete{Report: "weekly", Dataset: "chats", Rows: 600, Total: -1, Done: true})
		if want := "weekly > chats: 600 rows in 6 pages\n"; !terminal && out.String() != want {
			t.Errorf("says %q, not %q", out.String(), want)
		}
		if len(p.under) > 0 && terminal {
			t.Errorf("%d are under way", len(p.under))
		}
	}
}
