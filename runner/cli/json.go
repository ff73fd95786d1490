package cli

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec/diag"
)

// jsonView writes one object a line, as schema/ui.v1.schema.json says.
type jsonView struct {
	p    *program
	mu   sync.Mutex
	enc  *json.Encoder
	once sync.Once
}

func newJSONView(p *program, w io.Writer) *jsonView {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &jsonView{p: p, enc: enc}
}

// line is what every object begins with.
type line struct {
	Type string    `json:"type"`
	At   time.Time `json:"at"`
}

func (v *jsonView) line(kind string) line { return line{kind, v.p.Now().UTC()} }

func (v *jsonView) write(o any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.enc.Encode(o) // a reader that went away has nothing to be told
}

func (v *jsonView) start(command string) {
	v.once.Do(func() {
		v.write(struct {
			line
			Version string `json:"reportform"`
			UI      int    `json:"ui"`
			Command string `json:"command"`
		}{v.line("version"), v.p.Version, 1, command})
	})
}

func (v *jsonView) close() {}

func (v *jsonView) diagnostics(l diag.List, files diag.Files) {
	for _, d := range l {
		v.write(struct {
			line
			Diagnostic any `json:"diagnostic"`
		}{v.line("diagnostic"), d.JSON(files)})
	}
}

func (v *jsonView) failure(err error) {
	v.start("") // a failure before the command began is still a line after the first
	v.diagnostics(diag.List{failure(err)}, nil)
}

func (v *jsonView) object(kind string, o any) {
	v.write(struct {
		line
		Object any `json:"value"`
	}{v.line(kind), o})
}

// change is a delivery as JSON has it.
type change struct {
	Key       string `json:"key"`
	Action    string `json:"action"`
	Report    string `json:"report"`
	Target    string `json:"target,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Rehearsal bool   `json:"rehearsal,omitempty"`
	From      string `json:"from,omitempty"`
	Until     string `json:"until,omitempty"`
	Zone      string `json:"timezone,omitempty"`
	Digest    string `json:"digest,omitempty"`
}

func jsonChange(c *runner.Change) change {
	o := change{
		Key: c.Key.String(), Action: string(c.Action), Report: c.Report.Address,
		Target: c.Target, Detail: c.Detail, Reason: c.Reason, Rehearsal: c.Rehearsal,
	}
	if !c.Range.From.IsZero() {
		o.From, o.Until = c.Range.From.Format(time.RFC3339), c.Range.Until.Format(time.RFC3339)
		o.Zone = c.Range.From.Location().String()
	}
	if c.Artifact != nil {
		o.Digest = string(c.Artifact.Content)
	}
	return o
}

// Observe writes an event.
func (v *jsonView) Observe(e runner.Event) {
	switch e := e.(type) {
	case runner.RequestStart:
		v.write(struct {
			line
			Report  string `json:"report"`
			Dataset string `json:"dataset"`
			Source  string `json:"source"`
			URL     string `json:"url"`
		}{v.line("request_start"), e.Report, e.Dataset, e.Source, e.URL})
	case runner.RequestComplete:
		v.write(struct {
			line
			Report  string     `json:"report"`
			Dataset string     `json:"dataset"`
			Page    int        `json:"page"`
			Rows    int        `json:"rows"`
			Total   *int       `json:"total,omitempty"`
			Done    bool       `json:"done"`
			Cached  *time.Time `json:"cached_at,omitempty"`
		}{v.line("request_complete"), e.Report, e.Dataset, e.Page, e.Rows, known(e.Total), e.Done, moment(e.Cached)})
	case runner.RequestErrored:
		v.write(struct {
			line
			Report  string  `json:"report"`
			Dataset string  `json:"dataset"`
			Error   string  `json:"error"`
			Retry   bool    `json:"retry"`
			Wait    float64 `json:"wait_seconds"`
		}{v.line("request_errored"), e.Report, e.Dataset, e.Err, e.Retry, e.Wait.Seconds()})
	case runner.CheckResult:
		v.write(struct {
			line
			Report   string `json:"report"`
			Check    string `json:"check"`
			Message  string `json:"message"`
			Passed   bool   `json:"passed"`
			Severity string `json:"severity"`
		}{v.line("check_result"), e.Report, e.Check, e.Message, e.Passed, e.Severity.String()})
	case runner.PlannedChange:
		v.write(struct {
			line
			Change change `json:"change"`
		}{v.line("planned_change"), jsonChange(e.Change)})
	case runner.PlanSummary:
		c := e.Counts
		v.write(struct {
			line
			Operation string         `json:"operation"`
			Changes   map[string]int `json:"changes"`
		}{v.line("change_summary"), "plan", map[string]int{
			"write": c.Write, "send": c.Send, "again": c.Again, "changed": c.Changed, "in_doubt": c.InDoubt,
			"blocked": c.Blocked, "skip": c.Skip, "wait": c.Wait, "up_to_date": c.UpToDate,
		}})
	case runner.ApplySummary:
		r := e.Result
		v.write(struct {
			line
			Operation string         `json:"operation"`
			Changes   map[string]int `json:"changes"`
		}{v.line("change_summary"), "apply", map[string]int{
			"written": r.Written, "unchanged": r.Unchanged, "sent": r.Sent, "skipped": r.Skipped, "elsewhere": r.Elsewhere,
			"failed": r.Failed, "in_doubt": r.InDoubt, "blocked": r.Blocked, "refused": r.Refused, "held": r.Held, "left": r.Left,
		}})
	case runner.DeliverWait:
		v.write(struct {
			line
			Key   string    `json:"key"`
			Until time.Time `json:"until"`
		}{v.line("deliver_wait"), e.Key.String(), e.Until.UTC()})
	case runner.RetryWait:
		v.write(struct {
			line
			Deliveries int     `json:"deliveries"`
			Wait       float64 `json:"wait_seconds"`
		}{v.line("retry_wait"), e.Deliveries, e.Wait.Seconds()})
	case runner.OwnersTold:
		v.write(struct {
			line
			Report string `json:"report"`
			Where  string `json:"where"`
		}{v.line("owners_told"), e.Report, e.Where})
	case runner.DeliverStart:
		v.write(struct {
			line
			Change change `json:"change"`
		}{v.line("deliver_start"), jsonChange(e.Change)})
	case runner.DeliverComplete:
		v.write(struct {
			line
			Change    change `json:"change"`
			Where     string `json:"where"`
			Unchanged bool   `json:"unchanged"`
		}{v.line("deliver_complete"), jsonChange(e.Change), e.Where, e.Unchanged})
	case runner.DeliverErrored:
		v.write(struct {
			line
			Change  change `json:"change"`
			InDoubt bool   `json:"in_doubt"`
			Error   string `json:"error"`
		}{v.line("deliver_errored"), jsonChange(e.Change), e.InDoubt, e.Err})
	}
}

// moment is nil for one that is not set.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// known is nil for a number that is not known.
func known(n int) *int {
	if n < 0 {
		return nil
	}
	return &n
}
