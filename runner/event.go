package runner

import (
	"time"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec/diag"
)

// Event is something that happened during a run. Text and JSON views observe the same events.
type Event interface{ event() }

// Observer is told of events, from several goroutines at once.
type Observer interface{ Observe(Event) }

// DiagnosticEvent reports what is wrong with the user's files or data.
type DiagnosticEvent struct{ Diagnostic diag.Diagnostic }

// RequestStart begins the fetch of a dataset; RequestComplete and RequestErrored follow it.
type RequestStart struct {
	Report, Dataset, Source string
	// URL has no secrets in it.
	URL string
}

// RequestComplete reports a page that arrived.
type RequestComplete struct {
	Report, Dataset string
	Page, Rows      int // rows so far
	// Total is the number of rows the API announced; -1 where it tells none.
	Total int
	// Done: the dataset is whole.
	Done bool
	// Cached is when the rows were asked for that came from the cache; zero where they did not.
	Cached time.Time
}

// RequestErrored reports a failed request; Retry says that it will be tried again after Wait.
type RequestErrored struct {
	Report, Dataset string
	Err             string
	Retry           bool
	Wait            time.Duration
}

// CheckResult reports an assertion.
type CheckResult struct {
	Report, Check, Message string
	Passed                 bool
	Severity               diag.Severity
}

// PlannedChange reports one delivery's decision.
type PlannedChange struct{ Change *Change }

// PlanSummary closes a plan.
type PlanSummary struct{ Counts Counts }

// ApplySummary closes an apply.
type ApplySummary struct{ Result Result }

// DeliverWait reports that another run holds a delivery; this one waits for it, until then at the latest.
type DeliverWait struct {
	Key   state.Key
	Until time.Time
}

// DeliverStart begins a delivery; DeliverComplete or DeliverErrored ends it.
type DeliverStart struct{ Change *Change }

// RetryWait says that what a server refused for the moment is tried again after a while.
type RetryWait struct {
	Deliveries int
	Wait       time.Duration
}

// DeliverComplete reports a delivery that was made.
type DeliverComplete struct {
	Change *Change
	// Where says where it went; Path is the file, absolute, where it is one; Unchanged: it was there already.
	Where     string
	Path      string
	Unchanged bool
}

// OwnersTold reports that a report's owners were told what kept it from being delivered.
type OwnersTold struct {
	Report string
	// Where says who, for people: "1 recipient".
	Where string
}

// DeliverErrored reports a delivery that failed or is in doubt.
type DeliverErrored struct {
	Change  *Change
	InDoubt bool
	Err     string
}

func (DiagnosticEvent) event() {}
func (RequestStart) event()    {}
func (RequestComplete) event() {}
func (RequestErrored) event()  {}
func (CheckResult) event()     {}
func (PlannedChange) event()   {}
func (PlanSummary) event()     {}
func (ApplySummary) event()    {}
func (DeliverWait) event()     {}
func (DeliverStart) event()    {}
func (RetryWait) event()       {}
func (DeliverComplete) event() {}
func (DeliverErrored) event()  {}
func (OwnersTold) event()      {}
