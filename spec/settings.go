package spec

import (
	"time"

	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/tree"
)

// settings decodes what holds for all reports.
func (d *decoder) settings(n *tree.Node) {
	defer d.in("settings")()
	s := &d.config.Settings
	s.Project, s.Locale, s.Timezone = "default", "en", "UTC"
	s.Calendar = calendar.Calendar{Location: time.UTC, WeekStart: time.Monday}
	if n == nil {
		return
	}
	s.Range = n.At
	s.Project = d.textOr(n.Get("project"), s.Project)
	s.Locale = d.textOr(n.Get("locale"), s.Locale)
	s.Calendar = d.calendar(n, s.Calendar)
	s.Timezone = s.Calendar.Location.String()
	s.Theme = d.theme(n.Get("theme"))
}

// calendar reads the keys that ranges depend on, where they are there, over what holds without them.
func (d *decoder) calendar(n *tree.Node, c calendar.Calendar) calendar.Calendar {
	if zone := n.Get("timezone"); zone != nil {
		if loc := d.zone(zone); loc != nil {
			c.Location = loc
		}
	}
	if day, ok := d.literal(n.Get("week_start")); ok {
		c.WeekStart = weekdays[day]
	}
	if day, ok := d.literal(n.Get("fiscal_year_start")); ok {
		// 29 February would begin a year in one of four.
		t, err := time.Parse("2006-01-02", "2025-"+day)
		if err != nil {
			d.fault(n.Get("fiscal_year_start").At, "bad-fiscal-year", "Not a day of every year",
				"%q is no day that every year has. Write month and day in quotes: \"04-01\".", day)
		} else {
			c.FiscalMonth, c.FiscalDay = t.Month(), t.Day()
		}
	}
	return c
}

var weekdays = map[string]time.Weekday{
	"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
}

// state decodes where deliveries are remembered. A state that others may share needs a project of its own:
// two configurations that both are "default" would take each other's deliveries for their own.
func (d *decoder) state(n *tree.Node, project *tree.Node) {
	defer d.in("state")()
	d.config.State.Location = "file:.reportform"
	if n == nil {
		return
	}
	d.config.State.Range = n.At
	given := n.Get("location")
	location, ok := d.literal(given)
	if !ok {
		return
	}
	d.config.State.Location, d.config.State.Range = location, given.At
	parts, err := ParseLocation(location)
	switch {
	case err != nil:
		d.fault(given.At, "bad-state-location", "State location is not understood", "The %s.", err)
	case parts.Kind != "file" && project == nil && !d.partial:
		d.fault(given.At, "project-missing", "Shared state needs a project",
			"The state %q can be shared by several configurations. Say under which name this one's deliveries are remembered:\n    settings:\n      project: support-reports", location)
	}
}
