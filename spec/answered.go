package spec

import "regexp"

// recordsPattern is keys joined by dots, each of which may be a list whose items are gone through: days[].orders.
var recordsPattern = regexp.MustCompile(`^(?:\[\])*[^.\[\]]*(?:\[\])*(?:\.[^.\[\]]+(?:\[\])*)*$`)

// answered decodes what a source's responses are like, apart from the columns.
func (d *decoder) answered(n *node, s *Source) {
	s.Format = d.textOr(n.get("format"), s.Format)
	s.Delimiter = d.textOr(n.get("delimiter"), s.Delimiter)
	s.Records = d.textOr(n.get("records"), s.Records)
	if p := n.get("paging"); p != nil {
		s.Paging = d.paging(p)
	}
	s.Drifts = d.flag(n.get("drifts"), s.Drifts)
	if at := n.get("records"); at != nil && !recordsPattern.MatchString(s.Records) {
		d.fault(at.at, "bad-records", "Not a path to rows", "%q is no path to rows. Write keys joined by dots, and [] behind a list whose items are gone through: result, data.items, days[].orders.", s.Records)
	}
	if at := n.get("delimiter"); at != nil && s.Format != "csv" {
		d.fault(at.at, "no-delimiter", "Only CSV has a delimiter", "What stands between values is said of CSV alone:\n\n    format: csv")
	}
	if s.Format == "" || s.Format == "json" {
		return
	}
	told := func(n *node) {
		if n != nil {
			d.fault(n.at, "path-without-json", "Path where there is no JSON object", "A response of the format %s has nothing but rows: there is no path in it. Pages can be followed by offset, page and link.", s.Format)
		}
	}
	told(n.get("records"))
	for _, way := range n.get("paging").all() {
		for _, key := range []string{"total", "more", "next", "path"} {
			told(way.value.get(key))
		}
	}
}
