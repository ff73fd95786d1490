package thulium

import (
	"fmt"
	"slices"
	"time"
)

// callQuery is what the lists of calls and recordings are asked for.
type callQuery struct {
	from, to             time.Time
	src, dst, id         string
	login                string
	queue, topic         int // 0 is any
	customer             int
	tags                 []string // nil means any
	withTags, withTopics bool
}

// connectionRow is a row of connections.
type connectionRow struct {
	Date           string    `json:"date"`
	Src            string    `json:"src"`
	Dst            string    `json:"dst"`
	Disposition    string    `json:"disposition"`
	Duration       int       `json:"duration"`
	Billsec        int       `json:"billsec"`
	Operator       string    `json:"operator"`
	Filename       string    `json:"filename"`
	User           string    `json:"user"`
	UserLogin      orNull    `json:"user_login"`
	ConnectionID   string    `json:"connection_id"`
	Type           string    `json:"type"`
	QueueID        orNull    `json:"queue_id"`
	TopicID        orNull    `json:"topic_id"`
	CustomerID     orNull    `json:"customer_id"`
	Tags           *[]string `json:"tags,omitempty"`
	TopicName      string    `json:"topic_name,omitempty"` // made up: what include_topics adds is not documented
	DisconnectedBy string    `json:"disconnected_by"`
	TransferredTo  orNull    `json:"transferred_to"`
	TicketID       orNull    `json:"ticket_id"`
	OutboundResult orNull    `json:"outbound_result"`
}

// recordingRow is a row of recordings.
type recordingRow struct {
	Date         string `json:"date"`
	CreatedAt    string `json:"created_at"`
	Disposition  string `json:"disposition"`
	Duration     int    `json:"duration"`
	Billsec      int    `json:"billsec"`
	Src          string `json:"src"`
	Dst          string `json:"dst"`
	Filename     string `json:"filename"`
	User         string `json:"user"`
	ConnectionID string `json:"connection_id"`
	Type         string `json:"type"`
}

// connections answers with the calls.
func (d *demo) connections(_ string, r *reader) func() any {
	q, p := d.callQuery(r), r.page()
	q.login, q.queue, q.topic, q.customer = r.values.Get("user_login"), r.id("queue_id"), r.id("topic_id"), r.id("customer_id")
	q.tags, q.withTags, q.withTopics = r.list("tags"), r.boolean("include_tags"), r.boolean("include_topics")
	return func() any {
		return answer(d, d.callsOf("connections", q, func(c *call) time.Time { return c.at() }), p, func(c call) connectionRow {
			return d.connectionRow(c, q)
		})
	}
}

// recordings answers with those of the answered calls, by when the call was over.
func (d *demo) recordings(_ string, r *reader) func() any {
	q, p := d.callQuery(r), r.page()
	return func() any {
		l := d.callsOf("recordings", q, func(c *call) time.Time {
			if c.outcome != answered {
				return time.Time{}
			}
			return c.at().Add(time.Duration(c.length()) * time.Second)
		})
		return answer(d, l, p, func(c call) recordingRow {
			row := d.connectionRow(c, q)
			return recordingRow{
				Date: row.Date, CreatedAt: c.at().Add(time.Duration(c.length()) * time.Second).Format("2006-01-02 15:04:05.000"),
				Disposition: row.Disposition, Duration: row.Duration, Billsec: row.Billsec, Src: row.Src, Dst: row.Dst,
				Filename: row.Filename, User: row.User, ConnectionID: row.ConnectionID, Type: row.Type,
			}
		})
	}
}

func (d *demo) callQuery(r *reader) callQuery {
	from, to := r.span("date_from", "date_to", false)
	get := r.values.Get
	return callQuery{from: from, to: earliest(to, d.until()), src: get("src"), dst: get("dst"), id: get("connection_id")}
}

// callsOf lists the calls whose moment lies in the query's stretch; the zero time lies in none.
func (d *demo) callsOf(path string, q callQuery, moment func(*call) time.Time) listing[call] {
	return listing[call]{
		query: fmt.Sprintf("%s %#v", path, q), from: q.from, to: q.to,
		of: func(day int) []call {
			return slices.DeleteFunc(d.data.calls(day), func(c call) bool {
				at := moment(&c)
				return at.IsZero() || at.Before(q.from) || at.After(q.to) || !d.fits(&c, q)
			})
		},
	}
}

// fits reports whether a call is one of those that the filters leave.
func (d *demo) fits(c *call, q callQuery) bool {
	src, dst := d.numbers(c)
	return (q.src == "" || q.src == src) && (q.dst == "" || q.dst == dst) && (q.id == "" || q.id == d.connectionID(c)) &&
		(q.login == "" || c.reached && q.login == d.data.agents[c.agent].login) && (q.queue == 0 || q.queue == c.queue) &&
		(q.topic == 0 || q.topic == c.topic) && (q.customer == 0 || c.known && q.customer == c.caller.number()) &&
		(q.tags == nil || slices.ContainsFunc(c.tags.words(), func(t string) bool { return slices.Contains(q.tags, t) }))
}

// at is when the call began.
func (c *call) at() time.Time { return clock(c.day, c.second) }

// numbers are the telephone numbers at both ends.
func (d *demo) numbers(c *call) (src, dst string) {
	if c.outgoing {
		return extension(c.agent), c.caller.phone()
	}
	return c.caller.phone(), fmt.Sprintf("48401%06d", c.queue)
}

// connectionID looks like the API's: seconds since 1970, and a number.
func (d *demo) connectionID(c *call) string {
	at := c.at()
	local := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, d.zone)
	return fmt.Sprintf("%d.%d", local.Unix(), (c.agent+1)*1000+c.number)
}

func (d *demo) connectionRow(c call, q callQuery) connectionRow {
	id := d.connectionID(&c)
	row := connectionRow{
		Date: stamp(c.at()), Disposition: c.outcome, Duration: c.talk, Operator: "Demo Telekom", ConnectionID: id, Type: "INBOUND",
		QueueID: numbered(c.queue), TopicID: numbered(c.topic), OutboundResult: orNull(c.result),
	}
	row.Src, row.Dst = d.numbers(&c)
	if c.outgoing {
		row.Type = "OUTBOUND"
	}
	if c.reached {
		a := d.data.agents[c.agent]
		row.User, row.UserLogin = a.name, orNull(a.login)
	}
	if c.known {
		row.CustomerID = c.caller.id()
	}
	if c.outcome == answered {
		row.Billsec = c.talk
		if !c.outgoing {
			row.Billsec += c.wait // the queue picks up at once
		}
		row.Filename = c.at().Format("20060102-150405-") + id + ".mp3"
		row.DisconnectedBy = "Customer"
		if c.byAgent {
			row.DisconnectedBy = "Agent"
		}
	}
	if c.passedTo != nobody {
		row.TransferredTo = orNull(extension(c.passedTo))
	}
	if c.ticket > 0 {
		row.TicketID = numbered(ticketID(c.day, c.ticket))
	}
	if q.withTags {
		tags := c.tags.words()
		row.Tags = &tags
	}
	if q.withTopics && c.topic > 0 {
		row.TopicName = topics[c.topic-1]
	}
	return row
}

// extension is the telephone number of an agent within the house.
func extension(agent int) string { return fmt.Sprint(201 + agent) }
