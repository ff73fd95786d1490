package review

import (
	"bytes"
	"reflect"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// words say what a key of a report is about; several may be about one thing.
var words = map[string]string{
	"range": "range", "timezone": "range", "week_start": "range", "fiscal_year_start": "range", "partial": "range",
	"not_before": "when it is due", "catch_up": "when it is due", "enabled": "whether it is delivered at all",
	"datasets": "datasets", "split": "split",
	"checks": "checks", "when": "checks", "empty": "checks",
	"title": "look", "workbook": "look", "description": "look",
	"on_failure": "who hears of failures", "owner": "owner", "tags": "tags",
	"to": "recipients", "cc": "recipients", "bcc": "recipients", "individually": "recipients",
	"file": "file", "email": "mail",
}

// changes says what of a report has changed, in the order of a definition.
func changes(was, now *spec.Report, before, after Version) []Part {
	c := &changed{}
	keys := differing(was.Parts, now.Parts)
	if !sameCalendar(was.Calendar, now.Calendar) || was.Window.Text != now.Window.Text {
		keys = append(keys, "range")
	}
	for _, key := range keys {
		c.key(key, was, now)
	}
	for _, name := range pictures(was, now) {
		if !sameFile(name, before, after) {
			c.add("files", name)
		}
	}
	if len(c.parts) == 0 && !slices.Equal(digests(was), digests(now)) {
		c.add("values of variables or of for_each", "")
	}
	order := []string{
		"destinations added", "destinations removed", "range", "when it is due", "whether it is delivered at all",
		"datasets", "split", "checks", "look", "files", "recipients", "mail", "file", "who hears of failures",
	}
	slices.SortStableFunc(c.parts, func(a, b Part) int {
		place := func(p Part) int {
			if i := slices.Index(order, p.Words); i >= 0 {
				return i
			}
			return len(order)
		}
		return place(a) - place(b)
	})
	return c.parts
}

// changed gathers parts, each of its words once.
type changed struct{ parts []Part }

func (c *changed) add(words, name string) {
	i := slices.IndexFunc(c.parts, func(p Part) bool { return p.Words == words })
	if i < 0 {
		i = len(c.parts)
		c.parts = append(c.parts, Part{Words: words})
	}
	if name != "" && !slices.Contains(c.parts[i].Names, name) {
		c.parts[i].Names = append(c.parts[i].Names, name)
	}
}

// key adds what a key is about: range, datasets.by_day, destinations.leads.email.to.
func (c *changed) key(key string, was, now *spec.Report) {
	first, rest, _ := strings.Cut(key, ".")
	switch {
	case first == "destinations":
		name, kind, _ := strings.Cut(rest, ".")
		kind, part, _ := strings.Cut(kind, ".")
		switch {
		case destination(was, name) == nil:
			c.add("destinations added", name)
		case destination(now, name) == nil:
			c.add("destinations removed", name)
		case words[part] == "recipients":
			c.add("recipients", name)
		case kind == "when":
			c.add("checks", name)
		default:
			c.add(words[kind], name)
		}
	case words[first] == "":
		c.add(first, "")
	default:
		c.add(words[first], rest)
	}
}

func destination(rep *spec.Report, name string) *spec.Destination {
	for _, d := range rep.Destinations {
		if d.Name == name {
			return d
		}
	}
	return nil
}

func sameCalendar(a, b calendar.Calendar) bool {
	if a.Location.String() != b.Location.String() {
		return false
	}
	a.Location, b.Location = nil, nil
	return a == b
}

// pictures are the files beneath the configuration's folder that both versions of a report look like.
func pictures(was, now *spec.Report) []string {
	older := files(was)
	return slices.DeleteFunc(files(now), func(name string) bool { return !slices.Contains(older, name) })
}

func files(rep *spec.Report) []string {
	var blocks []*spec.Block
	var out []string
	if w := rep.Workbook; w != nil {
		if w.Template != "" {
			out = append(out, w.Template)
		}
		for _, s := range w.Sheets {
			blocks = append(blocks, s.Blocks...)
		}
	}
	for _, m := range mails(rep) {
		blocks = append(blocks, m.email.Body...)
	}
	for _, b := range blocks {
		if b.Image != nil && !slices.Contains(out, b.Image.Path) {
			out = append(out, b.Image.Path)
		}
	}
	return out
}

// sameFile reports whether both versions have the same bytes, or neither can be read.
func sameFile(name string, before, after Version) bool {
	a, fault := before.File(name)
	b, otherFault := after.File(name)
	return (fault == nil) == (otherFault == nil) && bytes.Equal(a, b)
}

// settings are the keys of settings that have changed and that all reports look like. What they say of ranges is a report's.
func settings(before, after Version) []string {
	a, b := before.Config.Settings, after.Config.Settings
	var out []string
	for _, s := range []struct {
		name string
		same bool
	}{
		{"project", a.Project == b.Project}, {"timezone", a.Calendar.Location.String() == b.Calendar.Location.String()},
		{"locale", a.Locale == b.Locale},
		{"theme", reflect.DeepEqual(a.Theme, b.Theme) && (b.Theme.Logo == "" || sameFile(b.Theme.Logo, before, after))},
		{"state", before.Config.State.Location == after.Config.State.Location},
	} {
		if !s.same {
			out = append(out, s.name)
		}
	}
	return out
}

// variables are the names of those that have another value, are new or are gone. Values of secrets are not looked at.
func variables(before, after *spec.Config) []string {
	value := func(c *spec.Config, name string) (string, bool) {
		for _, v := range c.Variables {
			if v.Name == name {
				if v.Secret {
					return "secret", true
				}
				return expr.Plain(v.Value), true
			}
		}
		return "", false
	}
	var out []string
	for _, v := range slices.Concat(before.Variables, after.Variables) {
		a, there := value(before, v.Name)
		b, still := value(after, v.Name)
		if (a != b || there != still) && !slices.Contains(out, v.Name) {
			out = append(out, v.Name)
		}
	}
	return out
}
