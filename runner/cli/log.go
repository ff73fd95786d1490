package cli

import (
	"fmt"
	"log/slog"

	"github.com/reportform/reportform/runner"
)

// startLog opens the log on standard error, where --log-level asks for one.
func (p *program) startLog() error {
	p.log = slog.New(slog.DiscardHandler)
	if p.flags.logLevel == "" {
		return nil
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(p.flags.logLevel)); err != nil {
		return fmt.Errorf("--log-level %q is not one of debug, info, warn, error", p.flags.logLevel)
	}
	p.log = slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: level}))
	return nil
}

// logged writes what happens to the log before a view shows it.
type logged struct {
	view
	log    *slog.Logger
	flight *inFlight
}

func (l logged) Observe(e runner.Event) {
	l.flight.observe(e)
	switch e := e.(type) {
	case runner.RequestStart:
		l.log.Debug("request", "report", e.Report, "dataset", e.Dataset, "url", e.URL)
	case runner.RequestComplete:
		l.log.Debug("response", "report", e.Report, "dataset", e.Dataset, "page", e.Page, "rows", e.Rows)
	case runner.RequestErrored:
		l.log.Warn("request failed", "report", e.Report, "dataset", e.Dataset, "error", e.Err, "retry", e.Retry)
	case runner.DeliverStart:
		l.log.Info("deliver", "key", e.Change.Key.String())
	case runner.DeliverComplete:
		l.log.Info("delivered", "key", e.Change.Key.String(), "where", e.Where)
	case runner.DeliverErrored:
		l.log.Error("not delivered", "key", e.Change.Key.String(), "in_doubt", e.InDoubt, "error", e.Err)
	}
	l.view.Observe(e)
}
