package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
)

// upcomingObject is a range ahead as JSON has it.
type upcomingObject struct {
	Due time.Time `json:"due"`
	rangeObject
	// Gap and Overlap are seconds.
	Gap     float64 `json:"gap_seconds,omitempty"`
	Overlap float64 `json:"overlap_seconds,omitempty"`
}

func describeUpcoming(u calendar.Upcoming, notBefore time.Duration) upcomingObject {
	return upcomingObject{dueFrom(u, notBefore), describeRange(u.Range), u.Gap.Seconds(), u.Overlap.Seconds()}
}

// dueFrom is the first moment at which a report delivers a range. One that is wanted unfinished is not held back.
func dueFrom(u calendar.Upcoming, notBefore time.Duration) time.Time {
	if due := u.DueAt(notBefore); due.After(u.At) && !u.Partial {
		return due
	}
	return u.At
}

// upcomingText lists ranges ahead, each with what is odd about it.
func upcomingText(list []calendar.Upcoming, notBefore time.Duration) string {
	var rows [][]string
	for _, u := range list {
		notes := u.ClockNotes()
		if note := u.Note(); note != "" {
			notes = append([]string{note}, notes...)
		}
		rows = append(rows, []string{
			u.Key(), u.Label("en"), count(u.Days(), "day"),
			"due from " + dueFrom(u, notBefore).Format("Mon 2006-01-02 15:04 MST"), strings.Join(notes, "; "),
		})
	}
	return columns(rows)
}

// schedule is when a report is due, as JSON has it.
type schedule struct {
	Report    string `json:"report"`
	Range     string `json:"range"`
	Timezone  string `json:"timezone"`
	NotBefore string `json:"not_before,omitempty"`
	// Enabled: false, and nothing of it is delivered.
	Enabled bool `json:"enabled"`
	// Once: the range is written out, so that it does not come again.
	Once     bool             `json:"once"`
	Upcoming []upcomingObject `json:"upcoming"`
}

// showSchedules says when each report is due next, and for which ranges. It needs no state, secret or network.
func (p *program) showSchedules(reports []*spec.Report, at time.Time, n int) error {
	for i, rep := range reports {
		upcoming, err := ahead(rep, at, n)
		if err != nil {
			return fmt.Errorf("%s: %w", rep.Address, err)
		}
		s := schedule{
			Report: rep.Address, Range: rep.Window.Text, Timezone: rep.Calendar.Location.String(),
			Enabled: !rep.Disabled, Once: !rep.Window.Recurs(), Upcoming: []upcomingObject{},
		}
		heading := fmt.Sprintf(": %s in %s", s.Range, s.Timezone)
		if rep.NotBefore > 0 {
			s.NotBefore = time.Time{}.Add(rep.NotBefore).Format("15:04")
			heading += ", not before " + s.NotBefore
		}
		for _, u := range upcoming {
			s.Upcoming = append(s.Upcoming, describeUpcoming(u, rep.NotBefore))
		}
		p.view.object("schedule", s)
		if i > 0 {
			p.lines("\n")
		}
		p.lines("%s%s\n", p.text.color(color.Bold, rep.Address), heading)
		if rep.Disabled {
			p.lines("  The report has enabled: false. Nothing of it is delivered.\n")
		}
		p.lines("%s", upcomingText(upcoming, rep.NotBefore))
		switch {
		case s.Once && len(upcoming) == 0:
			p.lines("  Its range is written out, and has been due.\n")
		case s.Once:
			p.lines("  Its range is written out: it is due once.\n")
		case len(upcoming) == 0:
			p.lines("  No range of it falls due any more.\n")
		}
	}
	return nil
}

// ahead returns the next n ranges of a report that fall due after a moment.
func ahead(rep *spec.Report, at time.Time, n int) ([]calendar.Upcoming, error) {
	if rep.NotBefore == 0 {
		return rep.Window.Next(at, rep.Calendar, n)
	}
	// A range that is over already may wait for its time on the day after it, which for hours is some fifty hours away.
	const longest = 50
	list, err := rep.Window.Next(at.Add(-longest*time.Hour), rep.Calendar, n+longest)
	list = slices.DeleteFunc(list, func(u calendar.Upcoming) bool { return !dueFrom(u, rep.NotBefore).After(at) })
	return list[:min(n, len(list))], err
}
