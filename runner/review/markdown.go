package review

import (
	"fmt"
	"strings"

	"github.com/reportform/reportform/spec/diag"
)

// Summary is all that a reviewer is shown. Texts are as they are: Markdown makes them safe.
type Summary struct {
	// Title names the command, such as "plan --offline"; Commit the version it is of, empty where it is not known.
	Title, Commit string
	// Base names the revision that the configuration is compared with, BaseCommit its commit; empty for none.
	Base, BaseCommit string
	// Review is what has changed since; nil where nothing is compared.
	Review *Review
	// Absent: there is no configuration at the base. Broken says why the one there cannot be compared.
	Absent bool
	Broken string
	// Ahead are the next ranges of reports that are new or have changed.
	Ahead []Ahead
	// Plan are the deliveries, Sum what they come to in words.
	Plan []Delivery
	Sum  string
	// Problems are all that was said of the configuration. Failure is why the command ended, where it is none of them.
	Problems diag.List
	Failure  string
}

// Ahead is a range to come.
type Ahead struct {
	Report, Range, Label, Due, Notes string
}

// Delivery is a line of a plan.
type Delivery struct {
	Mark, Key, Verb, Target, Detail string
}

// mostCells is how many cells that come out otherwise are shown.
const mostCells = 20

// Markdown writes the summary for GitHub's and GitLab's comments and job summaries, within [Limit].
func (s Summary) Markdown() string {
	p := &page{}
	p.add("### reportform " + s.Title + "\n\n")
	errors, warnings := countOf(s.Problems, diag.Error), countOf(s.Problems, diag.Warning)
	switch {
	case s.Failure != "":
		what, rest, _ := strings.Cut(s.Failure, "\n")
		p.say("**It failed:** %s", code(what))
		p.add(block(rest))
	case errors > 0 && s.Sum == "":
		p.say("**The configuration is not valid:** %s.", count(errors, "error"))
	case errors > 0:
		p.say("**%s.** %s", count(errors, "error"), s.Sum)
	case s.Sum != "":
		p.say("**%s**", s.Sum)
	}
	p.problems(s.Problems, errors, warnings)
	s.since(p)
	p.deliveries(s.Plan)
	if s.Commit != "" {
		p.say("Of %s.", code(s.Commit))
	}
	return p.String()
}

// since shows what has changed since the base.
func (s Summary) since(p *page) {
	if s.Base == "" || s.Broken == "" && s.Review == nil {
		return
	}
	p.heading(s.heading())
	switch {
	case s.Broken != "":
		p.say("The configuration as it stood there cannot be compared: %s", code(s.Broken))
		return
	case s.Absent:
		p.say("There was no configuration here.")
	case s.Review.Empty() && len(s.Review.Cells) == 0:
		p.say("Nothing has changed of what is delivered, when and to whom.")
	default:
		p.say("%s", s.Review.inShort())
	}
	p.reports(s.Review.Reports)
	p.surroundings(s.Review)
	p.people(s.Review.People)
	p.cells(s.Review.Cells)
	if len(s.Ahead) > 0 {
		p.heading("Next ranges")
		var rows [][]string
		for _, a := range s.Ahead {
			rows = append(rows, []string{code(a.Report), code(a.Range), a.Label, a.Due, a.Notes})
		}
		p.table([]string{"Report", "Range", "Days", "Due from", "Note"}, rows)
	}
}

// heading says since when.
func (s Summary) heading() string {
	const short = 10 // digits of a commit, as people write it
	if s.BaseCommit == "" || strings.HasPrefix(s.BaseCommit, s.Base) {
		return "Since " + code(s.Base)
	}
	return "Since " + code(s.Base) + " (" + code(s.BaseCommit[:min(short, len(s.BaseCommit))]) + ")"
}

func (p *page) reports(list []Report) {
	var rows [][]string
	var unmoved []Report
	for _, r := range list {
		what := ""
		switch r.Kind {
		case Added:
			what = title(r)
		case Renamed:
			what = "was " + code(r.Before)
			if r.Unmoved {
				unmoved = append(unmoved, r)
			}
			if len(r.Parts) > 0 {
				what += "; changed: " + parts(r.Parts)
			}
		case Changed:
			what = parts(r.Parts)
		}
		rows = append(rows, []string{"**" + string(r.Kind) + "**", code(r.Address), what})
	}
	p.table([]string{"What", "Report", "How"}, rows)
	for _, r := range unmoved {
		p.say("%s says the same as %s did, and nothing says that it is the same report: what is due is delivered once more under the new name. Where it was renamed, write:", code(r.Address), code(r.Before))
		p.add(fenced(fmt.Sprintf("moved:\n  - {from: %s, to: %s}", quoted(r.Before), quoted(r.Address))))
	}
}

// quoted writes an address into YAML.
func quoted(address string) string {
	if strings.Contains(address, "[") {
		return "'" + strings.ReplaceAll(address, "'", "''") + "'"
	}
	return address
}

// fenced is a block of code.
func fenced(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "yaml\n" + diag.Printable(text) + "\n" + fence + "\n\n"
}

func title(r Report) string {
	if r.After == nil || r.After.Title == nil {
		return ""
	}
	return code(r.After.Title.Text)
}

func parts(list []Part) string {
	out := make([]string, len(list))
	for i, p := range list {
		if out[i] = p.Words; len(p.Names) > 0 {
			out[i] += " " + codes(p.Names)
		}
	}
	return strings.Join(out, "; ")
}

// surroundings shows what has changed of connections, settings and variables.
func (p *page) surroundings(r *Review) {
	var rows [][]string
	for _, c := range r.Connections {
		what := codes(c.Keys)
		if c.Kind != Removed {
			what = strings.TrimPrefix(what+", used by "+count(c.Reports, "report"), ", ")
		}
		rows = append(rows, []string{"**" + string(c.Kind) + "**", "connection " + code(c.Name), what})
	}
	if len(r.Settings) > 0 {
		rows = append(rows, []string{"**changed**", "settings", codes(r.Settings)})
	}
	if len(r.Variables) > 0 {
		rows = append(rows, []string{"**changed**", "variables", codes(r.Variables)})
	}
	p.table([]string{"What", "Beside the reports", "How"}, rows)
}

func (p *page) problems(list diag.List, errors, warnings int) {
	if len(list) == 0 {
		return
	}
	var said []string
	if errors > 0 {
		said = append(said, count(errors, "error"))
	}
	if warnings > 0 {
		said = append(said, count(warnings, "warning"))
	}
	p.heading(strings.Join(said, ", "))
	var rows [][]string
	for _, d := range list.Sorted() {
		place := ""
		if !d.Subject.IsZero() {
			place = code(d.Subject.String())
		}
		rows = append(rows, []string{d.Severity.String(), place, plain(d.Summary), code(d.Detail)})
	}
	p.table([]string{"Severity", "Where", "What", "Why"}, rows)
}

func (p *page) deliveries(list []Delivery) {
	if len(list) == 0 {
		return
	}
	p.heading("Plan")
	var rows [][]string
	for _, d := range list {
		rows = append(rows, []string{code(d.Mark), code(d.Key), d.Verb, plain(d.Target), plain(d.Detail)})
	}
	p.table([]string{"", "Delivery", "What", "Where", "How"}, rows)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func countOf(list diag.List, severity diag.Severity) int {
	n := 0
	for _, d := range list {
		if d.Severity == severity {
			n++
		}
	}
	return n
}
