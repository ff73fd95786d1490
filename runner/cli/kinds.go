package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/csv"
	"github.com/reportform/reportform/outputs/email"
	"github.com/reportform/reportform/outputs/file"
	"github.com/reportform/reportform/outputs/html"
	"github.com/reportform/reportform/outputs/json"
	"github.com/reportform/reportform/outputs/markdown"
	"github.com/reportform/reportform/outputs/xlsx"
	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/source/thulium"
	"github.com/reportform/reportform/runner/state"
)

// formats are the file formats by ending; data says how the ones for programs are written.
func formats(data outputs.DataFormat) map[string]outputs.Renderer {
	return map[string]outputs.Renderer{
		".xlsx": xlsx.Renderer{}, ".csv": csv.Renderer{Format: data}, ".json": json.Renderer{Format: data},
		".html": html.Renderer{}, ".md": markdown.Renderer{},
	}
}

// kinds makes the output for a destination.
func (p *program) kinds() outputs.Kinds {
	return func(t outputs.Target) (outputs.Output, error) {
		switch {
		case t.File != nil:
			return file.New(*t.File, formats(t.File.Data))
		case t.Mail != nil:
			options := email.Options{Now: p.Now}
			if t.Mail.Server != nil {
				options.Dial = source.Dialer(t.Mail.Server.Host)
			}
			return email.New(*t.Mail, formats, options)
		}
		return nil, errors.New("the destination has no kind")
	}
}

// runner puts everything together. The store is nil for what needs none.
func (p *program) runner(c *configuration, store state.Store, at time.Time) (*runner.Runner, error) {
	dir, err := os.MkdirTemp("", "reportform-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	p.closed = append(p.closed, func() { _ = os.RemoveAll(dir) })
	p.call = p.calling(c.folder)
	id := make([]byte, 8)
	p.Random(id)
	return &runner.Runner{
		Config: c.Config, Clock: p.Now, At: at, Commit: p.commit(), Env: p.Env, Root: c.folder,
		Secret: p.redact.add, Redact: func(text string) string { return string(p.redact.hide([]byte(text))) }, Store: store, Kinds: p.kinds(), Observer: p.view, Policy: c.policy,
		Client: source.New(source.Options{
			Demo: thulium.Demo(thulium.DemoOptions{Now: p.Now}), Observe: p.fetched, Now: p.Now,
			AllowPrivate: c.policy.NamesHost, UserAgent: "reportform/" + p.Version, Cache: p.cache,
		}),
		Sleep: p.Sleep, Dir: dir, Call: p.call, ID: fmt.Sprintf("%x", id), Random: p.Random,
	}, nil
}

// commit is the version of the definitions as the pipeline names it; empty elsewhere.
func (p *program) commit() string {
	for _, name := range []string{"GITHUB_SHA", "CI_COMMIT_SHA"} {
		if v, _ := p.Env(name); v != "" {
			return v
		}
	}
	return ""
}
