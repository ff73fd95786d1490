package editor

import (
	"strings"
	"time"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
)

// ranges offers the words for a range, each with what it means on one day, and refuses what is none.
func (m *maker) ranges() {
	words := calendar.Words()
	day := time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC)
	var forms []any
	for _, word := range words {
		e, _ := calendar.Parse(word)
		about := "Needs `partial: true`, since the running period belongs to it."
		if !e.NeedsPartial() {
			about = ""
		}
		if r, err := e.Resolve(day, calendar.Calendar{WeekStart: time.Monday}); err == nil {
			about = join("On Sunday, "+day.Format("2 January 2006")+", weeks from Monday: "+r.Label("en")+".", about)
		}
		forms = append(forms, object{"const": word, "title": word, "description": about})
	}
	others := `^\s*(?:` + strings.Join(words, "|") + `|previous\s.*|from\s.*|\{.*)\s*$|` + template
	forms = append(forms,
		object{"type": "string", "pattern": others, "errorMessage": `This is no range. Write a word such as last_week, or "previous 4 weeks".`},
		object{"type": "object"})
	behind(m.definitions["range"].(object))
	before(m.definitions["range"].(object), object{"anyOf": forms})
}

// zones offers the names of time zones.
func (m *maker) zones() {
	var snippets []any
	for _, zone := range spec.Zones() {
		snippets = append(snippets, object{"label": zone, "body": zone})
	}
	m.define("zone", object{"defaultSnippets": snippets})
	eachPart(m.root, func(part object) {
		properties, _ := part["properties"].(object)
		if zone, ok := properties["timezone"].(object); ok {
			zone["allOf"] = []any{reference("zone")}
		}
	})
}
