// Package runner is plan and apply: what is due, what it will be, and its delivery, once for each key.
package runner

import (
	"context"
	"net/http"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// Runner holds what a run needs of its surroundings. Every effect is handed in.
type Runner struct {
	Config *spec.Config
	// Clock is the real time; At the run's moment, Clock's unless --at says otherwise.
	Clock func() time.Time
	At    time.Time
	// Env looks up an environment name.
	Env func(name string) (string, bool)
	// Transport carries requests to real APIs; nil means the package's own guarded dialler.
	Transport http.RoundTripper
	Store     state.Store
	Kinds     outputs.Kinds
	Observer  Observer
	// Policy is the operator's; nil allows all that the configuration says.
	Policy *spec.Policy
	// Dir is a private temporary folder of this run.
	Dir string
	// ID names this run in claims: random.
	ID string
	// Parallel is how many reports are built at once; 0 means 2.
	Parallel int
}

// PlanOptions choose what is planned.
type PlanOptions struct {
	// Offline plans without secrets, network and remote state.
	Offline bool
	// Build renders everything whatever the state, for preview; nothing of the state is read.
	Build bool
	// Select keeps reports whose name or address matches one of the globs; empty keeps all.
	Select []string
}

// Action is what a plan decided for a delivery.
type Action string

// The actions, with the symbols of COMMANDS.md.
const (
	Write    Action = "write"      // + a file
	Send     Action = "send"       // + a mail
	Changed  Action = "changed"    // ~ delivered before, with another definition or other figures
	Doubt    Action = "in_doubt"   // ?
	Blocked  Action = "blocked"    // !
	Skip     Action = "skip"       // -
	Wait     Action = "wait"       // …
	UpToDate Action = "up_to_date" // =
)

// Change is one delivery and what is to become of it.
type Change struct {
	Key         state.Key
	Action      Action
	Report      *spec.Report
	Destination *spec.Destination
	// Target is the path or "3 recipients" or "(after fetch)"; Detail "2 sheets, 419 rows".
	Target, Detail string
	// Reason says why it is skipped, blocked, waiting or in doubt, in a sentence without a full stop.
	Reason    string
	Rehearsal bool
	// Artifact is what would be delivered; nil unless Action is Write or Send and the plan is not offline.
	Artifact *outputs.Artifact
	output   outputs.Output
}

// Counts sums up a plan or an apply.
type Counts struct {
	Write, Send, Skip, Blocked, InDoubt, Wait, UpToDate, Changed int
	// Of an apply.
	Written, Sent, Failed int
}

// Plan is the reviewed decision.
type Plan struct {
	At      time.Time
	Offline bool
	Changes []*Change
	// Documents are the built reports by address, for preview.
	Documents map[string]outputs.Document
	Counts    Counts
}

// Result is what an apply did.
type Result struct {
	Counts Counts
}

// Plan decides and builds. Diagnostics with errors mean that some deliveries are blocked; an error that nothing could be decided.
func (r *Runner) Plan(ctx context.Context, o PlanOptions) (*Plan, diag.List, error) {
	panic("not yet")
}

// Apply delivers what the plan says is due.
func (r *Runner) Apply(ctx context.Context, p *Plan) (Result, diag.List, error) { panic("not yet") }
