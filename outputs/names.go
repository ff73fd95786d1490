package outputs

import (
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// Names are short names of the points, for where there is little room: beside an axis, in a sentence. Days lose their
// year, and weeks and hours what they have in common, unless the points are of several years.
func (p *Points) Names(locale string) []string {
	format, week := p.shortFormat()
	names := make([]string, len(p.X))
	for i, x := range p.XValues {
		names[i] = p.X[i]
		switch {
		case !x.Valid || x.Int == expr.NoTime || p.XField.Format != "":
		case week:
			if name, ok := expr.Week(x.Int); ok {
				_, names[i], _ = strings.Cut(name, "-")
			}
		case format != "":
			names[i] = expr.Display(x, format, locale)
		}
	}
	return names
}

// shortFormat is the shortest format that tells the points apart, or that their weeks' numbers do.
func (p *Points) shortFormat() (format string, week bool) {
	grain := p.XField.Grain
	switch {
	case p.XField.Type == expr.Date:
		grain = "day"
	case p.XField.Type == expr.DateTime:
		grain = "hour"
	case p.XField.Type != expr.Period:
		return "", false
	}
	years, days := p.spread()
	switch {
	case grain == "week":
		return "", years == 1
	case grain == "day" && years > 1:
		return "d mmm yy", false
	case grain == "day":
		return "d mmm", false
	case (grain == "hour" || grain == "minute") && days == 1:
		return "hh:mm", false
	case grain == "hour" || grain == "minute":
		return "d mmm hh:mm", false
	case grain == "month" && years == 1:
		return "mmm", false
	case grain == "month":
		return "mmm yyyy", false
	default:
		return "", false
	}
}

// spread is in how many years and on how many days the points lie. A week is of the year that its number counts in.
func (p *Points) spread() (years, days int) {
	seenYears, seenDays := map[int]bool{}, map[int64]bool{}
	for _, x := range p.XValues {
		if !x.Valid || x.Int == expr.NoTime {
			continue
		}
		t := expr.FromCivil(x.Int)
		year := t.Year()
		if p.XField.Grain == "week" {
			year, _ = t.ISOWeek()
		}
		const day = 24 * 60 * 60
		seenYears[year], seenDays[t.Unix()/day] = true, true
	}
	return len(seenYears), len(seenDays)
}

// NameFormat is the number format of Names, in Excel's notation; empty where they are shown otherwise.
func (p *Points) NameFormat() string {
	if p.XField.Format != "" {
		return p.XField.Format
	}
	format, _ := p.shortFormat()
	return format
}
