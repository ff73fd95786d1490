package spec

import (
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

// theme decodes how the reports look.
func (d *decoder) theme(n *tree.Node) Theme {
	if n == nil {
		return Theme{}
	}
	defer d.in("theme")()
	t := Theme{
		Accent: d.colour(n.Get("accent")), Good: d.colour(n.Get("good")), Warning: d.colour(n.Get("warning")), Bad: d.colour(n.Get("bad")),
		Font: d.text(n.Get("font")),
	}
	for _, item := range n.Get("palette").List() {
		t.Palette = append(t.Palette, d.colour(item))
	}
	if logo := n.Get("logo"); logo != nil {
		t.Logo = d.picture(logo)
	}
	return t
}

// colour reads six hex digits, which the schema has checked.
func (d *decoder) colour(n *tree.Node) string {
	return strings.ToUpper(strings.TrimPrefix(d.text(n), "#"))
}
