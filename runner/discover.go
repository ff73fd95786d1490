package runner

import (
	"context"
	"fmt"

	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

// Discovery is what a source is asked for to see what its rows are like.
type Discovery struct {
	Connection *spec.Connection
	Source     *spec.Source
	Arguments  []source.Argument
	// Range is asked for where the source takes one.
	Range calendar.Range
}

// Discover asks a live API for one row. What is wrong with the connection or the API's answer is a diagnostic.
func (r *Runner) Discover(ctx context.Context, d Discovery) (*source.Shape, diag.List, error) {
	c := d.Connection
	req := source.Request{
		Connection: c.Name, Kind: c.Type, Zone: c.API.Timezone, ReportZone: r.Config.Settings.Calendar.Location,
		Transport: c.API.Transport, Source: d.Source, Arguments: d.Arguments, Range: d.Range,
		Locale: r.Config.Settings.Locale, Spool: table.Spool{Dir: r.Dir},
		Report: "discover", Dataset: fmt.Sprintf("%s.%s", c.Name, d.Source.Name),
	}
	if c.Type != "demo" {
		if problems := r.endpoint(c, &req); len(problems) > 0 {
			return nil, problems, nil
		}
	}
	shape, err := r.Client.Discover(ctx, req)
	if err != nil {
		at := connectionPlace(c)
		if _, own := r.Config.Files[d.Source.Range.File]; own {
			at = place{subject: d.Source.Range, context: fmt.Sprintf("connections > %s > sources > %s", c.Name, d.Source.Name)}
		}
		return nil, sourceProblem(ctx, &spec.Dataset{Connection: c}, at, err), ctx.Err()
	}
	return shape, nil, nil
}
