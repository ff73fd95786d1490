package spec

import "strings"

// theme decodes how the reports look.
func (d *decoder) theme(n *node) Theme {
	if n == nil {
		return Theme{}
	}
	defer d.in("theme")()
	t := Theme{
		Accent: d.colour(n.get("accent")), Good: d.colour(n.get("good")), Warning: d.colour(n.get("warning")), Bad: d.colour(n.get("bad")),
		Font: d.text(n.get("font")),
	}
	for _, item := range n.get("palette").list() {
		t.Palette = append(t.Palette, d.colour(item))
	}
	if logo := n.get("logo"); logo != nil {
		t.Logo = d.picture(logo)
	}
	return t
}

// colour reads six hex digits, which the schema has checked.
func (d *decoder) colour(n *node) string {
	return strings.ToUpper(strings.TrimPrefix(d.text(n), "#"))
}
