package cli

import (
	"fmt"
	"math"
	"time"
)

// What a forecast needs: with fewer pages, or in less time, chance says more than the server's speed.
const (
	forecastPages = 5
	forecastAfter = 2 * time.Second
)

// silence is after how long without a page a fetch is no longer counted among those under way.
const silence = 30 * time.Second

// course is how the fetch of a dataset gets on.
type course struct {
	pages, rows int
	// total is how many rows the API announced; -1 where it tells none.
	total int
	// What had come at the moment that speed is measured from: the first page, before which much else is waited for.
	began                 time.Time
	beganPages, beganRows int
	// last is when the latest page came.
	last time.Time
}

// page takes in what has come by now, which is less than before where the fetch begins anew.
func (c *course) page(pages, rows, total int, now time.Time) {
	if c.began.IsZero() || rows < c.rows {
		c.began, c.beganPages, c.beganRows = now, pages, rows
	}
	c.pages, c.rows, c.total, c.last = pages, rows, total, now
}

// left is how long the rest will take at the speed so far. Known is false where the API tells no total, or too little has
// come.
func (c *course) left(now time.Time) (left time.Duration, known bool) {
	took, came := now.Sub(c.began), c.rows-c.beganRows
	if c.total < c.rows || took < forecastAfter || c.pages-c.beganPages < forecastPages || came <= 0 {
		return 0, false
	}
	return time.Duration(float64(took) * float64(c.total-c.rows) / float64(came)), true
}

// leftInWords says how long something will take, as exactly as a forecast can be.
func leftInWords(left time.Duration) string {
	up := func(unit time.Duration) int { return int(math.Ceil(float64(left) / float64(unit))) }
	switch {
	case left <= 5*time.Second:
		return "a few seconds left"
	case left <= 90*time.Second:
		return fmt.Sprintf("about %d s left", 5*up(5*time.Second))
	case left <= 90*time.Minute:
		return fmt.Sprintf("about %d min left", up(time.Minute))
	}
	minutes := 10 * up(10*time.Minute)
	if minutes%60 == 0 {
		return fmt.Sprintf("about %d h left", minutes/60)
	}
	return fmt.Sprintf("about %d h %d min left", minutes/60, minutes%60)
}

// fetchingInWords says how the fetches under way get on, by report and dataset: rows and pages so far, of how many where
// each API tells, and when the last will be done once that can be told. Several run at the same time.
func fetchingInWords(courses map[string]*course, now time.Time) string {
	var name, end string
	var sum course
	var longest time.Duration
	told, foreseen := true, true
	for one, c := range courses {
		name = one
		sum.pages, sum.rows, sum.total = sum.pages+c.pages, sum.rows+c.rows, sum.total+c.total
		told = told && c.total >= c.rows
		left, known := c.left(now)
		foreseen, longest = foreseen && known, max(longest, left)
	}
	if len(courses) > 1 {
		name = count(len(courses), "dataset")
	}
	rows := count(sum.rows, "row")
	if told {
		rows = fmt.Sprintf("%d of %s", sum.rows, count(sum.total, "row"))
	}
	if foreseen {
		end = ", " + leftInWords(longest)
	}
	return fmt.Sprintf("fetching %s: %s in %s%s", name, rows, count(sum.pages, "page"), end)
}
