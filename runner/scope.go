package runner

import (
	"fmt"
	"strings"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// scope gives expressions their values: those of a report, or with a nil report those of a connection.
type scope struct {
	r      *Runner
	report *spec.Report
	rng    calendar.Range
	// at is the moment that the report's ranges are computed for.
	at    time.Time
	title string
	// part is the value of a split, for ${split.key}.
	part string
	// earlier: it is that of the rows that a dataset is compared with.
	earlier bool
	// path: a file is named, and a value that was found in rows must not name a folder.
	path   bool
	tables map[string]*table.Table
	// origins say where the rows of the datasets are from; the parts of a split share them.
	origins *origins
}

var (
	_ expr.Env       = (*scope)(nil)
	_ expr.Localizer = (*scope)(nil)
	_ expr.Zoned     = (*scope)(nil)
)

// Locale implements expr.Localizer: format and strftime speak the report's language.
func (s *scope) Locale() string { return s.r.Config.Settings.Locale }

// Location implements expr.Zoned: the report's zone.
func (s *scope) Location() *time.Location { return s.location() }

// Lookup implements expr.Env. Names were checked when the configuration was loaded,
// so a path that is not known here is our own mistake.
func (s *scope) Lookup(path []string) (expr.Value, error) {
	unknown := fmt.Errorf("no value for %q", path)
	if len(path) < 2 {
		return expr.Value{}, unknown
	}
	switch path[0] {
	case "var":
		for _, v := range s.r.Config.Variables {
			if v.Name == path[1] {
				if v.Secret && s.r.Recorded {
					return placeholder(), nil
				}
				if v.Secret {
					s.r.Secret(v.Value.Str)
				}
				return member(v.Value, path[2:])
			}
		}
	case "each":
		if path[1] == "key" {
			return expr.TextValue(s.report.Each.Key), nil
		}
		return member(s.report.Each.Value, path[2:])
	case "split":
		if s.path {
			return expr.TextValue(fileName(s.part)), nil
		}
		return expr.TextValue(s.part), nil
	case "env", "file":
		if s.r.Recorded {
			return placeholder(), nil
		}
		if path[0] == "file" {
			return s.file(path[1])
		}
		return s.environment(path[1])
	case "range":
		return s.rangeValue(path[1])
	case "report":
		if path[1] == "title" {
			return expr.TextValue(s.title), nil
		}
		return expr.TextValue(s.report.Name), nil
	case "run":
		if path[1] == "at" {
			return expr.DateTimeValue(s.r.At.In(s.location())), nil
		}
		if s.r.Commit == "" {
			return expr.Missing(expr.Text), nil
		}
		return expr.TextValue(s.r.Commit), nil
	}
	return expr.Value{}, unknown
}

// naming is the scope in which a file is named.
func (s *scope) naming() *scope {
	return &scope{r: s.r, report: s.report, rng: s.rng, at: s.at, title: s.title, part: s.part, path: true}
}

// Aggregate implements expr.Env over the report's datasets.
func (s *scope) Aggregate(fn string, path []string) (expr.Value, error) {
	if len(path) > 1 && path[0] == "datasets" {
		path = path[1:]
	}
	t := s.tables[path[0]]
	if t == nil {
		return expr.Value{}, fmt.Errorf("no rows for %q", path)
	}
	column := ""
	if len(path) > 1 {
		column = path[1]
	}
	return t.Aggregate(fn, column)
}

// member walks into a map-valued variable.
func member(v expr.Value, path []string) (expr.Value, error) {
	for _, name := range path {
		field, ok := v.Fields[name]
		if !ok {
			return expr.Value{}, fmt.Errorf("no value for %q", name)
		}
		v = field
	}
	return v, nil
}

func (s *scope) location() *time.Location {
	if s.report != nil {
		return s.report.Calendar.Location
	}
	return s.r.Config.Settings.Calendar.Location
}

// environment reads a name of the environment, which is a secret wherever it goes.
func (s *scope) environment(name string) (expr.Value, error) {
	if !s.r.Policy.AllowsEnv(name) {
		return expr.Value{}, &expr.Fault{
			Code: "policy-environment", Summary: "Environment name is not allowed",
			Detail: fmt.Sprintf("The policy does not let definitions read %q from the environment.", name),
		}
	}
	value, ok := s.r.Env(name)
	if !ok || value == "" {
		return expr.Value{}, &expr.Fault{
			Code: "missing-environment", Summary: "Environment variable is not set",
			Detail: fmt.Sprintf("%q is not set in the environment, and this run needs it. Set it and run again:\n    export %s=…", name, name),
		}
	}
	if len(value) >= shortestHidden {
		s.r.Secret(value)
	}
	// One line with its break is a file's or a paste's; texts of many lines, such as a key's PEM, end so by right.
	if line := strings.TrimRight(value, "\r\n"); line != value && !strings.Contains(line, "\n") {
		return expr.Value{}, &expr.Fault{
			Code: "line-break-in-environment", Summary: "Environment variable ends in a line break",
			Detail: fmt.Sprintf("The value of %q in the environment ends in a line break, which is no part of a password or a token: it comes with a file's content or a paste. Set it without one and run again:\n    export %s=\"$(printf %%s \"$%s\" | tr -d '\\r\\n')\"", name, name, name),
		}
	}
	v := expr.TextValue(value)
	v.Sensitive = true
	return v, nil
}

// shortestHidden is the length from which a value of the environment is hidden wherever it shows up, whatever field
// takes it: an API's key may well stand in for a user's name. A shorter one, such as "bob", would hide half of all words;
// what fields of their own take as a secret is hidden at any length.
const shortestHidden = 8

func (s *scope) rangeValue(name string) (expr.Value, error) {
	switch r := s.rng; name {
	case "from":
		return rangeMoment(r.From), nil
	case "until":
		return rangeMoment(r.Until), nil
	case "through":
		return expr.DateValue(r.Through()), nil
	case "label":
		return expr.TextValue(r.Label(s.r.Config.Settings.Locale)), nil
	case "iso_week":
		week, err := r.ISOWeek()
		if err != nil {
			return expr.Value{}, &expr.Fault{Code: "not-one-week", Summary: "Range is not one ISO week", Detail: err.Error()}
		}
		return expr.TextValue(week), nil
	case "days":
		return expr.IntegerValue(int64(r.Days())), nil
	case "timezone":
		return expr.TextValue(s.location().String()), nil
	default:
		return expr.Value{}, fmt.Errorf("no value for range.%s", name)
	}
}

// rangeMoment is a date where its day begins, so that ${range.from} in a path reads 2026-11-09; else a moment. A day may
// begin at 01:00, where clocks go forward at midnight.
func rangeMoment(t time.Time) expr.Value {
	if before := t.Add(-time.Nanosecond); before.Day() != t.Day() {
		return expr.DateValue(t)
	}
	return expr.DateTimeValue(t)
}
