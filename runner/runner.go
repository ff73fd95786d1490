// Package runner is plan and apply: what is due, what it will be, and its delivery, once for each key.
package runner

import (
	"context"
	"net/mail"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
)

// Runner holds what a run needs of its surroundings. Every effect is handed in.
type Runner struct {
	Config *spec.Config
	// Clock is the real time; At the run's moment, Clock's unless --at says otherwise.
	Clock func() time.Time
	At    time.Time
	// Commit is the version of the definitions, for ${run.commit}; empty where it is not known.
	Commit string
	// Env looks up an environment name.
	Env func(name string) (string, bool)
	// Root is the configuration's folder, for files that it names.
	Root string
	// Secret is told of every secret that is used, so that streams can hide it.
	Secret func(value string)
	// Redact hides those secrets in a text that leaves the program.
	Redact func(text string) string
	// Client fetches rows.
	Client *source.Client
	Store  state.Store
	Kinds  outputs.Kinds
	// Observer is told what happens.
	Observer Observer
	// Recorded: rows come from a recording, so that nobody is asked who wants to know who asks. What secrets would say is
	// said by a placeholder, and no environment and no file with a secret is read.
	Recorded bool
	// Policy is the operator's; nil allows all that the configuration says.
	Policy *spec.Policy
	// Dir is a private temporary folder of this run.
	Dir string
	// Call is how the program is called on this configuration's state, for commands that a user may copy: reportform, or
	// reportform --chdir FOLDER.
	Call string
	// ID names this run in claims, and makes a root when there is none: random.
	ID string
	// Random fills a slice with random bytes.
	Random func([]byte)
	// Budget is how long an apply waits in all: for deliveries that another run holds, and before it tries again what a
	// mail server refused for the moment.
	Budget time.Duration
	// Sleep waits, or returns the context's error; nil waits by the real clock.
	Sleep func(ctx context.Context, d time.Duration) error
}

// PlanOptions choose what is planned.
type PlanOptions struct {
	// Offline plans without secrets, network and state.
	Offline bool
	// Alone decides as if nothing had ever been delivered: no state is read, no file that stands at a destination, and no
	// earlier range is due. Tables stay open, of what is skipped or blocked too, so that a test can look at them.
	Alone bool
	// Preview builds everything whatever the state, and reads none.
	Preview bool
	// SendTo has a preview make its mails ready for this address alone (see [Runner.SendTrials]); nil mails nothing.
	SendTo *mail.Address
	// Selection narrows what is planned; the zero value takes everything.
	Selection Selection
	// Again are patterns of addresses that are delivered once more though they were delivered.
	Again []string
	// From and Through, both set by a backfill, take the ranges of these days instead of the one that is due now;
	// Through belongs to them.
	From, Through time.Time
	// Claim takes what is due for this run before it is fetched, so that many runs share the work.
	Claim bool
}

// stateless reports whether no state is read, and nothing that an earlier delivery has left.
func (o PlanOptions) stateless() bool { return o.Preview || o.Alone }

// Selection names what of a configuration is meant. A report is taken when one of Patterns or Targets fits (or there are
// none) and it has one of Tags (or there are none).
type Selection struct {
	// Patterns fit a report by its name or address: * is any run of characters, ? any one.
	Patterns []string
	// Targets fit a report as patterns do, or one of its destinations by its address.
	Targets []string
	Tags    []string
}
