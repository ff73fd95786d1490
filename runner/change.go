package runner

import (
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

// Action is what a plan decided for a delivery.
type Action string

// The actions, with the symbols of a plan.
const (
	Write    Action = "write"      // + a file
	Send     Action = "send"       // + a mail
	Again    Action = "again"      // ± delivered before, and asked for once more
	Changed  Action = "changed"    // ~ delivered, and its definition has changed since
	Doubt    Action = "in_doubt"   // ?
	Blocked  Action = "blocked"    // !
	Skip     Action = "skip"       // - when, empty, disabled
	Wait     Action = "wait"       // … not_before
	UpToDate Action = "up_to_date" // =
)

// Change is one delivery and what is to become of it.
type Change struct {
	Key         state.Key
	Action      Action
	Report      *spec.Report
	Destination *spec.Destination
	Range       calendar.Range
	// Target is the path, or "3 recipients", or "(after fetch)"; Detail is "2 sheets, 419 rows".
	Target, Detail string
	// Reason says why it is skipped, blocked, waiting or in doubt: a clause without a full stop.
	Reason    string
	Rehearsal bool
	// Artifact is what will be delivered; nil unless Action is Write or Send and the plan is not offline.
	Artifact *outputs.Artifact
	// Body is what a mail says; nil for a file, and where it was not built.
	Body []outputs.Block
	// Held: another run is handing it over right now; apply waits for that run and looks again.
	// Left: that run has given it back undone, so that a new plan can take it.
	Held, Left bool

	// whole is the report, or the one that it is a part of by a split.
	whole  *spec.Report
	output outputs.Output
	// trial is its mail for whoever looks at a preview.
	trial *trial
	// claim is this run's, where the plan has claimed what it builds.
	claim *state.Claim
	// returned: the last run that claimed it gave it back.
	returned bool
	attempt  int
	// last is the attempt before, whose mail is repeated where it says the same.
	last *outputs.Attempt
	// anew: what was delivered before, or whom it was for, no longer counts.
	anew bool
	// recipients are the salted digests of everybody the delivery is for, frozen by the first attempt; nil before that.
	// known says of each what is known.
	recipients []string
	known      []state.Reply
	// lost were refused for good by this run.
	lost []outputs.Reply
	// seen is how many records the plan has read.
	seen int
	// under is the key whose records say what is known: its own or, where there are none, one that it had before a rename.
	// former are those that it had, with how many records the plan has read of each.
	under  state.Key
	former []formerKey
	// replaces is the record of a rehearsal, or of a run that died, whose file may be written over.
	replaces state.Record
	// problem is why it was not delivered, for its owners.
	problem *diag.Diagnostic
	// refusal is why it was not taken, where it is tried again; plan the id of the saved plan that it comes from.
	refusal, plan string
	// skip is recorded by apply when the decision to skip is for good.
	skip bool
}

// formerKey is one that a delivery had before a rename, and of which seen records were read.
type formerKey struct {
	key  state.Key
	seen int
}

// due is the action of a delivery that is due.
func (c *Change) due() Action {
	if c.Destination.File != nil {
		return Write
	}
	return Send
}

// block ends a change with a problem of severity error.
func (c *Change) block(problem *diag.Diagnostic, reason string) {
	c.Action, c.Reason, c.problem = Blocked, reason, problem
}

// open reports whether nothing has ended it yet.
func (c *Change) open() bool { return c.Action == "" || c.Due() }

// Due reports whether apply has something to do for it.
func (c *Change) Due() bool { return c.Action == Write || c.Action == Send || c.Action == Again }

// Plan is the reviewed decision.
type Plan struct {
	At      time.Time
	Offline bool
	Changes []*Change
	// Documents are the reports that were built, by address.
	Documents map[string]outputs.Document
	// Older are deliveries of earlier ranges that the state knows nothing of or that are in doubt.
	Older []Older
	// Settled are reports whose known parts are delivered, so that nobody has looked for parts that came since.
	Settled []*spec.Report
	// splits are the values that splits found, to be recorded before anything is delivered.
	splits []*splitRecord
}

// Older is a delivery of an earlier range that was never made, or that is in doubt.
type Older struct {
	Key     state.Key
	Report  *spec.Report
	Range   calendar.Range
	InDoubt bool
}

// Counts sums up a plan.
type Counts struct {
	Write, Send, Again, Changed, InDoubt, Blocked, Skip, Wait, UpToDate int
}

// Counts counts the plan's changes by action.
func (p *Plan) Counts() Counts {
	var n Counts
	for _, c := range p.Changes {
		switch c.Action {
		case Write:
			n.Write++
		case Send:
			n.Send++
		case Again:
			n.Again++
		case Changed:
			n.Changed++
		case Doubt:
			n.InDoubt++
		case Blocked:
			n.Blocked++
		case Skip:
			n.Skip++
		case Wait:
			n.Wait++
		case UpToDate:
			n.UpToDate++
		}
	}
	return n
}

// Result sums up an apply.
type Result struct {
	Written, Sent, Skipped, Failed, InDoubt, Blocked int
	// Unchanged are files that stood there already, as they would have been written.
	Unchanged int
	// Refused were delivered, but not to everybody: a recipient was refused for good.
	Refused int
	// Elsewhere were delivered by another run meanwhile; Held are in the hands of one that this run has waited for in vain;
	// Left were given back undone by another run, so that a new plan can take them.
	Elsewhere, Held, Left int
}

// OK reports whether every due key was delivered or skipped.
func (r Result) OK() bool { return r.Failed+r.InDoubt+r.Blocked+r.Refused+r.Held+r.Left == 0 }

// Add sums up two applies.
func (r Result) Add(o Result) Result {
	return Result{
		Written: r.Written + o.Written, Unchanged: r.Unchanged + o.Unchanged, Sent: r.Sent + o.Sent, Skipped: r.Skipped + o.Skipped, Failed: r.Failed + o.Failed,
		InDoubt: r.InDoubt + o.InDoubt, Blocked: r.Blocked + o.Blocked, Refused: r.Refused + o.Refused,
		Elsewhere: r.Elsewhere + o.Elsewhere, Held: r.Held + o.Held, Left: r.Left + o.Left,
	}
}
