package review

import (
	"strings"

	"github.com/reportform/reportform/runner/reporttest"
)

// inShort sums a review up in one line.
func (r *Review) inShort() string {
	var said []string
	tell := func(n int, text string) {
		if n > 0 {
			said = append(said, text)
		}
	}
	reports := map[Kind]int{}
	for _, one := range r.Reports {
		reports[one.Kind]++
	}
	for _, kind := range []Kind{Added, Removed, Renamed, Changed} {
		tell(reports[kind], count(reports[kind], "report")+" "+string(kind))
	}
	gains, losses := map[string]bool{}, map[string]bool{}
	for _, who := range r.People {
		if who.Gains {
			gains[strings.ToLower(who.Who)] = true
		} else {
			losses[strings.ToLower(who.Who)] = true
		}
	}
	tell(len(gains), count(len(gains), "recipient")+" gained")
	tell(len(losses), count(len(losses), "recipient")+" lost")
	differences := 0
	for _, c := range r.Cells {
		differences += len(c.Differences)
	}
	tell(differences, count(differences, "figure")+" otherwise")
	if len(said) == 0 {
		return "No report is another than before."
	}
	return strings.Join(said, ", ") + "."
}

func (p *page) people(list []Person) {
	if len(list) == 0 {
		return
	}
	p.heading("Who gets what")
	var rows [][]string
	domains := []string{}
	for _, who := range list {
		what := "no longer gets"
		switch {
		case who.Gains && who.Failures:
			what = "hears of failures of"
		case who.Failures:
			what = "no longer hears of failures of"
		case who.Gains:
			what = "gets"
		}
		note := ""
		if who.Later {
			note = "depends on the data"
		}
		if who.New {
			note = strings.TrimPrefix(note+", **new domain**", ", ")
			if d := code(who.domain()); !strings.Contains(strings.Join(domains, "\n")+"\n", d+"\n") {
				domains = append(domains, d)
			}
		}
		rows = append(rows, []string{code(who.Who), what, code(who.Report), note})
	}
	if len(domains) > 0 {
		p.say("**Nobody in %s got anything before.**", strings.Join(domains, ", "))
	}
	p.table([]string{"Who", "What", "Report", "Note"}, rows)
}

// cells shows the first figures that come out otherwise.
func (p *page) cells(list []Cells) {
	if len(list) == 0 {
		return
	}
	p.heading("Figures that come out otherwise from the recordings")
	total := 0
	var rows [][]string
	for _, c := range list {
		total += len(c.Differences)
		for _, d := range c.Differences {
			if len(rows) < mostCells {
				rows = append(rows, difference(d))
			}
		}
	}
	p.table([]string{"Report", "Where", "Before", "", "After"}, rows)
	if total > len(rows) {
		p.say("These are %d of %d.", len(rows), total)
	}
	for _, c := range list {
		if c.Changed {
			p.say("%s: the recording in %s has changed. Figures of both versions are from the new one.", code(c.Report), code(c.Recording))
		}
		switch {
		case c.Gone:
			p.say("%s: figures cannot be compared: the recording in %s is gone or damaged. To record it anew: %s", code(c.Report), code(c.Recording), code(c.Again))
		case c.Unrecorded:
			p.say("%s asks for what its recording in %s has no answer to. To record it anew: %s", code(c.Report), code(c.Recording), code(c.Again))
		case c.Outdated:
			p.say("%s cannot be compared: its recording in %s has no answer to what it asked before.", code(c.Report), code(c.Recording))
		}
	}
}

func difference(d reporttest.Difference) []string {
	var where []string
	for _, text := range []string{d.In, d.Row, d.What} {
		if text != "" {
			where = append(where, code(text))
		}
	}
	out := []string{code(d.Report), strings.Join(where, " · "), plain(d.Before), "→", plain(d.After)}
	if d.What == "" { // a row that came or went
		out[2], out[3], out[4] = "", "row added", ""
		if d.After == "" {
			out[3] = "row gone"
		}
	}
	return out
}
