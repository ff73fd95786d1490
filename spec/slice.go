package spec

import (
	"time"

	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/tree"
)

// slice decodes how a long range is asked for in several requests, and checks that no time bucket would be cut in two.
func (d *decoder) slice(ds *Dataset, n *tree.Node, r *Report) {
	text, ok := d.literal(n)
	if !ok || d.misfit(n) {
		return
	}
	s, fault := calendar.ParseStride(text)
	if fault != nil {
		d.fault(n.Span(fault.Offset, fault.Length), fault.Code, fault.Summary, "%s", fault.Detail)
		return
	}
	ds.Slice, ds.SliceRange = s, n.At
	switch {
	case ds.Source.Window == nil:
		d.fault(n.At, "no-range-to-slice", "Source has no range", "The source %q is not asked for a range, so every slice would have all of its rows. Leave \"slice\" out.", d.sourceName(ds))
	case ds.Source.Grain == nil:
	case ds.Grain == "hour_of_day":
		d.fault(n.At, "slice-cuts-buckets", "Slice cuts time buckets", "With aggregate_by: hour_of_day a row is of all days of the range, and would come once for each slice. Leave \"slice\" out, or aggregate by hour.")
	case !s.Keeps(ds.Grain):
		d.fault(n.At, "slice-cuts-buckets", "Slice cuts time buckets", "A row is of a whole %s, and slices of %s would cut it: it would come more than once, each time in part. Make the slice of whole %ss, or aggregate by what fits into it:\n\n    slice: 1%s", ds.Grain, text, ds.Grain, ds.Grain)
	case ds.Grain == "week" && r.Calendar.WeekStart != time.Monday:
		d.fault(n.At, "slice-cuts-buckets", "Slice cuts time buckets", "Weeks of the API begin on Mondays, and those of the report on %ss: a slice would cut the API's weeks in two. Aggregate by day, or leave \"slice\" out.", r.Calendar.WeekStart)
	}
}
