package runner

import (
	"fmt"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

// mostSlices bounds the requests that a range is cut into: an hour each of more than a year.
const mostSlices = 10_000

// slicesOf cuts a dataset's range. Time buckets are the API's, in its zone: where they do not begin with a slice they would
// come twice, each time in part.
func slicesOf(s *scope, d *spec.Dataset, rng calendar.Range) ([]calendar.Range, *diag.Diagnostic) {
	at := place{subject: d.SliceRange, context: fmt.Sprintf("report %q > datasets > %s > slice", s.report.Address, d.Name)}
	zone := d.Connection.API.Timezone
	var out []calendar.Range
	for slice := range d.Slice.Slices(rng, s.report.Calendar, zone) {
		from := slice.From.In(zone)
		switch {
		case len(out) == mostSlices:
			return nil, at.problem("too-many-slices", "Too many slices", fmt.Sprintf(
				"Slices of %s make more than %d requests of the range %s. Make them longer.", d.Slice.Text, mostSlices, rng.Key()))
		case len(out) > 0 && d.Source.Grain != nil && !calendar.BeginsBucket(d.Grain, from):
			return nil, at.problem("slice-cuts-buckets", "Slice cuts time buckets", fmt.Sprintf(
				"A slice begins at %s in %s, the zone of the API, where no %s begins: the API's row of that %s would come twice, each time in part. "+
					"Choose a slice of whole %ss of the API, or give the report its zone.",
				from.Format("2006-01-02 15:04"), zone, d.Grain, d.Grain, d.Grain))
		}
		out = append(out, slice)
	}
	return out, nil
}
