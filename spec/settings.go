package spec

import (
	"time"

	"github.com/reportform/reportform/spec/calendar"
)

// settings decodes what holds for all reports.
func (d *decoder) settings(n *node) {
	defer d.in("settings")()
	s := &d.config.Settings
	s.Project, s.Locale, s.Timezone = "default", "en", "UTC"
	s.Calendar = calendar.Calendar{Location: time.UTC, WeekStart: time.Monday}
	if n == nil {
		return
	}
	s.Range = n.at
	s.Project = d.textOr(n.get("project"), s.Project)
	s.Locale = d.textOr(n.get("locale"), s.Locale)
	s.Calendar = d.calendar(n, s.Calendar)
	s.Timezone = s.Calendar.Location.String()
	s.Theme = d.theme(n.get("theme"))
}

// calendar reads the keys that ranges depend on, where they are there, over what holds without them.
func (d *decoder) calendar(n *node, c calendar.Calendar) calendar.Calendar {
	if zone := n.get("timezone"); zone != nil {
		if loc := d.zone(zone); loc != nil {
			c.Location = loc
		}
	}
	if day, ok := d.literal(n.get("week_start")); ok {
		c.WeekStart = weekdays[day]
	}
	if day, ok := d.literal(n.get("fiscal_year_start")); ok {
		// 29 February would begin a year in one of four.
		t, err := time.Parse("2006-01-02", "2025-"+day)
		if err != nil {
			d.fault(n.get("fiscal_year_start").at, "bad-fiscal-year", "Not a day of every year",
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
func (d *decoder) state(n *node, project *node) {
	defer d.in("state")()
	d.config.State.Location = "file:.reportform"
	if n == nil {
		return
	}
	d.config.State.Range = n.at
	given := n.get("location")
	location, ok := d.literal(given)
	if !ok {
		return
	}
	d.config.State.Location, d.config.State.Range = location, given.at
	parts, err := ParseLocation(location)
	switch {
	case err != nil:
		d.fault(given.at, "bad-state-location", "State location is not understood", "The %s.", err)
	case parts.Kind != "file" && project == nil && !d.partial:
		d.fault(given.at, "project-missing", "Shared state needs a project",
			"The state %q can be shared by several configurations. Say under which name this one's deliveries are remembered:\n    settings:\n      project: support-reports", location)
	}
}
