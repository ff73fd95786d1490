package spec

import (
	"strconv"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/tree"
)

// top decodes a step that keeps the greatest rows. A bare column means the greatest first, as in speech: "the top ten by
// answered"; so does a minus, as in sort; a plus means the least first.
func (d *decoder) top(s *Step, n *tree.Node) table.Step {
	out := table.Top{N: int(d.whole(n.Get("n"))), Locale: d.config.Settings.Locale}
	for i, name := range d.partsUnder(s, "by", n.Get("by")) {
		if m := sortWords.FindStringSubmatch(name); m != nil {
			d.fault(s.Parts["by."+strconv.Itoa(i)], "wrong-sort", "Not a column to sort by", "The greatest come first, and a plus before a column makes it the least. No words stand behind it. Write: %s", m[1])
			continue
		}
		name, least := strings.CutPrefix(name, "+")
		if !least {
			name = strings.TrimPrefix(name, "-")
		}
		out.By = append(out.By, table.SortKey{Name: name, Desc: !least})
	}
	others := n.Get("others")
	if others == nil {
		return out
	}
	s.Parts["others"] = others.At
	if wanted, ok := others.Boolean(); !ok {
		out.Others = d.text(others)
	} else if wanted {
		out.Others = table.OthersLabel(d.config.Settings.Locale)
	}
	return out
}
