package spec

import (
	"regexp"

	"github.com/reportform/reportform/spec/tree"
)

// recordsPattern is keys joined by dots, each of which may be a list whose items are gone through: days[].orders.
var recordsPattern = regexp.MustCompile(`^(?:\[\])*[^.\[\]]*(?:\[\])*(?:\.[^.\[\]]+(?:\[\])*)*$`)

// answered decodes what a source's responses are like, apart from the columns.
func (d *decoder) answered(n *tree.Node, s *Source) {
	s.Format = d.textOr(n.Get("format"), s.Format)
	s.Delimiter = d.textOr(n.Get("delimiter"), s.Delimiter)
	s.Records = d.textOr(n.Get("records"), s.Records)
	if p := n.Get("paging"); p != nil {
		s.Paging = d.paging(p)
	}
	s.Drifts = d.flag(n.Get("drifts"), s.Drifts)
	if at := n.Get("records"); at != nil && !recordsPattern.MatchString(s.Records) {
		d.fault(at.At, "bad-records", "Not a path to rows", "%q is no path to rows. Write keys joined by dots, and [] behind a list whose items are gone through: result, data.items, days[].orders.", s.Records)
	}
	if at := n.Get("delimiter"); at != nil && s.Format != "csv" {
		d.fault(at.At, "no-delimiter", "Only CSV has a delimiter", "What stands between values is said of CSV alone:\n\n    format: csv")
	}
	if s.Format == "" || s.Format == "json" {
		return
	}
	told := func(n *tree.Node) {
		if n != nil {
			d.fault(n.At, "path-without-json", "Path where there is no JSON object", "A response of the format %s has nothing but rows: there is no path in it. Pages can be followed by offset, page and link.", s.Format)
		}
	}
	told(n.Get("records"))
	for _, way := range n.Get("paging").All() {
		for _, key := range []string{"total", "more", "next", "path"} {
			told(way.Value.Get(key))
		}
	}
}
