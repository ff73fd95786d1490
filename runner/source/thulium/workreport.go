package thulium

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// workQuery is what the agents' work report is asked for.
type workQuery struct {
	from, to       time.Time
	grain          string
	logins         []string
	groups, queues []int // no queues means all
	threshold      int   // seconds
}

// workRow is a row of the report. Of inbound all but two keys are made up, and so is outbound: what the API has there is
// not documented.
type workRow struct {
	Period string `json:"period"`
	Agent  struct {
		Login   string `json:"login"`
		Name    string `json:"name"`
		Surname string `json:"surname"`
	} `json:"agent"`
	Inbound  workFigures `json:"inbound"`
	Outbound workFigures `json:"outbound"`

	bucket, agent int
}

type workFigures struct {
	Count    int      `json:"count"`
	Answered int      `json:"answered_count"`
	Missed   int      `json:"missed_count"`
	TalkTime talkTime `json:"talk_time"`
}

// talkTime is a number of seconds, written HH:MM:SS.
type talkTime int

// MarshalJSON implements [json.Marshaler].
func (t talkTime) MarshalJSON() ([]byte, error) { return appendDuration(nil, int(t)), nil }

func (f *workFigures) add(c *call, threshold int) {
	f.Count++
	if c.outcome != answered || c.talk < threshold {
		f.Missed++
		return
	}
	f.Answered++
	f.TalkTime += talkTime(c.talk)
}

// workReport answers with the sums of what connections lists.
func (d *demo) workReport(_ string, r *reader) func() any {
	from, to := r.span("date_from", "date_to", true)
	q, p := workQuery{
		from: from, to: earliest(to, d.until()), grain: r.grain(), logins: r.list("agent_logins"), groups: r.integers("agent_group_ids"),
		queues: r.integers("queues_ids"), threshold: r.integer("outbound_threshold", 0, 0, 1<<40),
	}, r.page()
	if q.logins == nil && q.groups == nil {
		r.faults = append(r.faults, fault{code: 100001, en: "Parameter %s is required where %s is absent.", pl: "Parametr %s jest wymagany, gdy nie ma %s.", about: []any{"agent_logins", "agent_group_ids"}})
	}
	return func() any {
		return of(p, keep(d, fmt.Sprintf("agents_work_report %#v", q), func() []workRow { return d.data.work(q) }))
	}
}

// work returns the rows of a query, by bucket and then by agent. Buckets without calls have none.
func (d *data) work(q workQuery) []workRow {
	rows := map[[2]int]*workRow{}
	for day := dayOf(latest(q.from, startOfDemo)); day <= dayOf(q.to); day++ {
		for _, c := range d.calls(day) {
			at, a := c.at(), &d.agents[c.agent]
			if !c.reached || at.Before(q.from) || at.After(q.to) || !slices.Contains(q.logins, a.login) && !slices.Contains(q.groups, a.group()) ||
				q.queues != nil && !slices.Contains(q.queues, c.queue) {
				continue
			}
			key := [2]int{bucketOf(at, q.grain), c.agent}
			row := rows[key]
			if row == nil {
				row = &workRow{Period: bucketText(key[0], q.grain), bucket: key[0], agent: key[1]}
				row.Agent.Login = a.login
				row.Agent.Name, row.Agent.Surname = a.names()
				rows[key] = row
			}
			if c.outgoing {
				row.Outbound.add(&c, q.threshold)
			} else {
				row.Inbound.add(&c, 0)
			}
		}
	}
	out := make([]workRow, 0, len(rows))
	for _, row := range rows {
		out = append(out, *row)
	}
	slices.SortFunc(out, func(a, b workRow) int { return cmp.Or(a.bucket-b.bucket, a.agent-b.agent) })
	return out
}
