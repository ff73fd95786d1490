package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec/diag"
)

// store opens the state of a configuration. One that others share must have been begun: where it is missing, something
// may be wrong with the location or the place, and an empty state would send everything again.
func (p *program) store(ctx context.Context, c *configuration) (state.Store, error) {
	store, err := p.openStore(c)
	if err != nil || !state.Shared(c.State.Location) {
		return store, err
	}
	if _, err = store.Root(ctx); errors.Is(err, state.ErrNoRoot) {
		return nil, fmt.Errorf(`there is no state at %s. If there was one, find out what became of it: a new one knows of no delivery, and everything is sent again

To begin one:
    %s state init`, c.State.Location, p.calling(c.folder))
	}
	return store, err
}

// openStore opens the state of a configuration, whether or not it has been begun.
func (p *program) openStore(c *configuration) (state.Store, error) {
	if err := p.staysInside(c); err != nil {
		return nil, err
	}
	store, err := state.Open(c.State.Location, state.Options{Dir: c.folder})
	if closer, ok := store.(io.Closer); ok {
		p.closed = append(p.closed, func() { _ = closer.Close() })
	}
	if err == nil && p.Store != nil {
		store = p.Store(store)
	}
	return store, err
}

// staysInside refuses a state in a folder outside the configuration's: a definition from anybody must not choose where
// on this machine the program writes. The operator's policy may name such a place.
func (p *program) staysInside(c *configuration) error {
	folder, ok := strings.CutPrefix(c.State.Location, "file:")
	if !ok || c.policy != nil && c.policy.StateLocations != nil {
		return nil
	}
	why := ""
	if !filepath.IsLocal(filepath.FromSlash(folder)) {
		why = "leads out of the configuration's folder"
	} else {
		passed := c.folder
		for part := range strings.SplitSeq(filepath.ToSlash(filepath.Clean(folder)), "/") {
			passed = filepath.Join(passed, part)
			if info, err := os.Lstat(passed); err == nil && info.Mode()&os.ModeSymlink != 0 {
				why = "leads through a symbolic link, " + p.relative(passed)
			}
		}
	}
	if why == "" {
		return nil
	}
	return p.shown(diag.List{{
		Code: "state-outside", Summary: "State lies outside the configuration",
		Detail:  fmt.Sprintf("The state's location %q %s. A policy that names it allows it:\n    state_locations: [%q]", c.State.Location, why, c.State.Location),
		Subject: c.State.Range, Context: "state > location",
	}}, c.Files)
}

// keepsState refuses to send mail from a pipeline whose memory is a folder: it goes with the job, and the next job
// would send the same mail again. Rehearsals and files are no matter.
func (p *program) keepsState(cmd *cobra.Command, c *configuration, plan *runner.Plan) error {
	if !p.losesState(c.State.Location) || !slices.ContainsFunc(plan.Changes, func(c *runner.Change) bool {
		return c.Due() && c.Destination.Email != nil && !c.Rehearsal
	}) {
		return nil
	}
	return fmt.Errorf(`nothing is sent: the state %s goes with this job, and the next one would send the same mails again

Keep it in a branch of the repository:
    state:
      location: git:reportform-state

Begin it there once:
    %s state init

Where that folder does outlive the job:
    %s`, c.State.Location, p.calling(c.folder), commandLine(cmd.CommandPath()+" --ephemeral-state", given(cmd)...))
}

// losesState reports whether the state goes with a pipeline's job.
func (p *program) losesState(location string) bool { return !state.Shared(location) && p.inPipeline() }

// inPipeline reports whether a CI system runs this program.
func (p *program) inPipeline() bool {
	ci, _ := p.Env("CI")
	github, _ := p.Env("GITHUB_ACTIONS")
	gitlab, _ := p.Env("GITLAB_CI")
	return ci == "true" || ci == "1" || github != "" || gitlab != ""
}
