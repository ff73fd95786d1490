package cli

import (
	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/source"
)

// fetched shows what happens in the request engine as an event of the run.
func (p *program) fetched(e source.Event) {
	switch e.Kind {
	case source.Started:
		p.view.Observe(runner.RequestStart{Report: e.Report, Dataset: e.Dataset, Source: e.Source, URL: e.URL})
	case source.Received, source.Finished:
		p.view.Observe(runner.RequestComplete{Report: e.Report, Dataset: e.Dataset, Page: e.Page, Rows: e.Rows, Total: e.Total, Done: e.Kind == source.Finished, Cached: e.Cached})
	case source.Retried:
		p.view.Observe(runner.RequestErrored{Report: e.Report, Dataset: e.Dataset, Err: e.Err.Error(), Retry: true, Wait: e.Wait})
	}
}
