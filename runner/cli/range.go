package cli

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/spec/calendar"
)

func (p *program) rangeCommand() *cobra.Command {
	var at, zone, week, fiscal string
	var next int
	cmd := &cobra.Command{
		Use:   "range WORDS",
		Short: "Say what a range means",
		Example: `  reportform range last_week
  reportform range "previous 4 weeks" --at 2026-11-22T10:00 --timezone Europe/Warsaw
  reportform range last_month --next 6
  reportform range from start_of_month-1month until start_of_month`,
		Args: arguments(1, math.MaxInt, "the words of a range, such as last_week"),
		RunE: func(_ *cobra.Command, args []string) error {
			cal, err := newCalendar(zone, week, fiscal)
			if err != nil {
				return err
			}
			moment := p.Now().In(cal.Location)
			if at != "" {
				if moment, err = parseMoment(at, cal.Location); err != nil {
					return err
				}
			}
			words := strings.Join(args, " ")
			e, fault := calendar.Parse(words)
			if fault != nil {
				return fmt.Errorf("%s\n%s", fault.Summary, fault.Detail)
			}
			if next > 0 {
				return p.showNext(e, moment, cal, next)
			}
			r, err := e.Resolve(moment, cal)
			if errors.Is(err, calendar.ErrNothing) {
				p.view.object("range", nil)
				p.lines("%s has no complete day yet at %s.\n", words, moment.In(cal.Location).Format("Mon 2006-01-02 15:04 MST"))
				return nil
			}
			if err != nil {
				return err
			}
			p.view.object("range", describeRange(r))
			p.lines("%s", rangeText(r))
			if e.NeedsPartial() {
				p.lines("\nIt takes in the running period, whose figures still change: a report of it needs `partial: true`.\n")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&at, "at", "", "the moment instead of now: 2026-11-22 or 2026-11-22T10:00")
	cmd.Flags().StringVar(&zone, "timezone", "Europe/Warsaw", "the zone in which days begin")
	cmd.Flags().StringVar(&week, "week-start", "monday", "the first day of a week")
	cmd.Flags().StringVar(&fiscal, "fiscal-year-start", "01-01", "the first day of a fiscal year, MM-DD")
	cmd.Flags().IntVar(&next, "next", 0, "print that many ranges from the next one on, with gaps, overlaps and clock changes")
	return cmd
}

func newCalendar(zone, week, fiscal string) (calendar.Calendar, error) {
	var c calendar.Calendar
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		return c, fmt.Errorf("--timezone %q is not a zone of the IANA database, such as Europe/Warsaw", zone)
	}
	day := -1
	for d := range 7 {
		if strings.EqualFold(time.Weekday(d).String(), week) {
			day = d
		}
	}
	if day < 0 {
		return c, fmt.Errorf("--week-start %q is not a weekday, such as monday", week)
	}
	start, err := time.Parse("2006-01-02", "2000-"+fiscal) // a leap year: 02-29 is a day
	if err != nil {
		return c, fmt.Errorf("--fiscal-year-start %q is not a day, such as 04-01", fiscal)
	}
	return calendar.Calendar{Location: location, WeekStart: time.Weekday(day), FiscalMonth: start.Month(), FiscalDay: start.Day()}, nil
}

// rangeObject is a range as JSON has it.
type rangeObject struct {
	From         time.Time   `json:"from"`
	Until        time.Time   `json:"until"`
	Timezone     string      `json:"timezone"`
	Key          string      `json:"key"`
	Label        string      `json:"label"`
	Days         int         `json:"days"`
	ISOWeek      string      `json:"iso_week,omitempty"`
	ClockChanges []time.Time `json:"clock_changes,omitempty"`
}

func describeRange(r calendar.Range) rangeObject {
	week, _ := r.ISOWeek() // most ranges are not one ISO week
	return rangeObject{r.From, r.Until, r.From.Location().String(), r.Key(), r.Label("en"), r.Days(), week, r.ClockChanges()}
}

func rangeText(r calendar.Range) string {
	const layout = "Mon 2006-01-02 15:04:05 -07:00"
	o := describeRange(r)
	rows := [][]string{
		{"from", o.From.Format(layout)},
		{"until", o.Until.Format(layout) + ", which does not belong to it"},
		{"timezone", o.Timezone},
		{"days", fmt.Sprint(o.Days)},
		{"label", o.Label},
		{"key", o.Key},
	}
	if o.ISOWeek != "" {
		rows = append(rows, []string{"ISO week", o.ISOWeek})
	}
	for _, note := range r.ClockNotes() {
		rows = append(rows, []string{"clocks", note})
	}
	return columns(rows)
}

func (p *program) showNext(e calendar.Expr, at time.Time, c calendar.Calendar, n int) error {
	upcoming, err := e.Next(at, c, n)
	if err != nil {
		return err
	}
	for _, u := range upcoming {
		p.view.object("range", describeRange(u.Range))
	}
	p.lines("%s", upcomingText(upcoming, 0))
	return nil
}
