package thulium

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ticket is one ticket with all that ever happens to it.
type ticket struct {
	id                         int
	created, responded, closed time.Time // the last is zero where it stays open
	source                     string
	queue, category, agent     int
	customer                   customer
}

// The statuses of the demo, by what has happened.
const (
	ticketNew = iota
	ticketOpen
	ticketClosed
)

var (
	ticketStatuses   = []string{"Nowe", "W toku", "Zamknięte"}
	ticketCategories = []string{"Zamówienie", "Faktura", "Zwrot", "Reklamacja", "Inne"}
	ticketSubjects   = []string{"Status zamówienia", "Prośba o korektę faktury", "Zwrot towaru", "Uszkodzona przesyłka", "Pytanie o ofertę"}
)

// oldestTicket is after how many days nothing happens to a ticket any more.
const oldestTicket = 16

// ticketID names the n-th ticket of a day, from 1.
func ticketID(day, n int) int { return (day-dayOf(startOfDemo)+1)*10_000 + n }

// tickets returns those that were created on a day: first those of calls, which know them by that order.
func (d *data) tickets(day int) []ticket {
	var out []ticket
	r := random(d.seed ^ uint64(day)*0xd6e8feb86659fd93)
	add := func(t ticket, soon bool) {
		t.id = ticketID(day, len(out)+1)
		delay := time.Duration(1+r.below(2)) * time.Minute
		if !soon {
			delay = time.Duration(5+r.below(50)*r.below(12)) * time.Minute
		}
		t.responded = inOffice(t.created.Add(delay))
		if !r.chance(6) {
			u := r.share()
			t.closed = inOffice(t.responded.Add(time.Duration(10+u*u*u*12*24*60) * time.Minute))
		}
		t.category = 1 + r.below(len(ticketCategories))
		out = append(out, t)
	}
	for _, c := range d.calls(day) {
		if c.ticket > 0 {
			over := c.at().Add(time.Duration(c.length()) * time.Second).Truncate(time.Minute)
			add(ticket{created: over, source: "PHONE", queue: c.queue, agent: c.agent, customer: c.caller}, true)
		}
	}
	for range 12 * byWeekday[midnight(day).Weekday()] / 100 * len(d.agents) / len(dozen) {
		t := ticket{created: clock(day, 6*3600+r.below(16*60)*60), source: "EMAIL", agent: r.below(len(d.agents)), customer: customer(r.below(customerCount))}
		if r.chance(20) {
			t.source = "FORM"
		}
		queues := d.agents[t.agent].queues
		t.queue = queues[r.below(len(queues))]
		add(t, false)
	}
	return out
}

// inOffice is the moment, or the next morning where nobody is in.
func inOffice(t time.Time) time.Time {
	switch {
	case t.Hour() < 7:
		return t.Add(time.Duration(7-t.Hour()) * time.Hour)
	case t.Hour() >= 21:
		return t.Add(time.Duration(24+7-t.Hour()) * time.Hour)
	}
	return t
}

// status is what has happened by a moment, and when the last of it did.
func (t *ticket) status(by time.Time) (status int, updated time.Time) {
	switch {
	case !t.closed.IsZero() && !t.closed.After(by):
		return ticketClosed, t.closed
	case !t.responded.After(by):
		return ticketOpen, t.responded
	}
	return ticketNew, t.created
}

// ticketQuery is what tickets are asked for.
type ticketQuery struct {
	from, to, createdFrom, createdTo time.Time // last modification, and creation
	company, customer                int
	login, source                    string
	queue, category                  int
	message                          string
	statuses                         []string // nil means any
	// region is a custom field, the only one that the demo has; none is one that it lacks.
	region []string
	none   bool
	// until is how far time has gone.
	until time.Time
}

// ticketRow is a row of tickets.
type ticketRow struct {
	TicketID          int       `json:"ticket_id"`
	From              string    `json:"from"`
	Subject           string    `json:"subject"`
	Source            string    `json:"source"`
	TicketQueueID     int       `json:"ticket_queue_id"`
	TicketQueueName   string    `json:"ticket_queue_name"`
	StatusID          string    `json:"status_id"`
	FullStatusName    string    `json:"full_status_name"`
	CustomerID        orNull    `json:"customer_id"`
	CategoryID        orNull    `json:"category_id"`
	UserLogin         orNull    `json:"user_login"`
	CreatedAt         string    `json:"created_at"`
	UpdatedAt         string    `json:"updated_at"`
	ClosedAt          orNull    `json:"closed_at"`
	CloseTime         *talkTime `json:"close_time"`
	FirstRespondedAt  orNull    `json:"first_agent_responded_at"`
	FirstResponseTime *talkTime `json:"first_agent_response_time"`
}

// tickets answers with the tickets, the last modified first.
func (d *demo) tickets(_ string, r *reader) func() any {
	q, p := ticketQuery{
		company: r.id("company_id"), customer: r.id("customer_id"), login: r.values.Get("user_login"), source: r.values.Get("source"),
		queue: r.id("ticket_queue_id"), category: r.id("category_id"), message: r.values.Get("message_id"), statuses: r.list("status_id"),
		until: d.until(),
	}, r.page()
	q.from, q.to = r.span("date_from", "date_to", false)
	q.createdFrom, q.createdTo = r.span("create_date_from", "create_date_to", false)
	for name, values := range r.values {
		switch {
		case name == "custom_fields[Region][0]":
			q.region = values
		case strings.HasPrefix(name, "custom_fields["):
			q.none = true
		}
	}
	return func() any {
		return answer(d, d.ticketsOf(q), p, func(t ticket) ticketRow { return d.ticketRow(t, q.until) })
	}
}

func (d *demo) ticketsOf(q ticketQuery) listing[ticket] {
	// What was created up to a day was modified for the last time soon after.
	to := earliest(earliest(q.to, q.until), q.createdTo.AddDate(0, 0, oldestTicket))
	// Each day's are looked at again for each of the days on which they may have been modified.
	made := map[int][]ticket{}
	return listing[ticket]{
		query: fmt.Sprintf("tickets %#v", q), from: latest(q.from, q.createdFrom), to: to, newest: true,
		of: func(day int) (out []ticket) {
			for created := day - oldestTicket; created <= day; created++ {
				of, ok := made[created]
				if !ok {
					if len(made) > 4*oldestTicket {
						clear(made)
					}
					of = d.data.tickets(created)
					made[created] = of
				}
				for _, t := range of {
					if _, updated := t.status(q.until); dayOf(updated) == day && d.asked(&t, q) {
						out = append(out, t)
					}
				}
			}
			slices.SortFunc(out, func(a, b ticket) int {
				_, ua := a.status(q.until)
				_, ub := b.status(q.until)
				return cmp.Or(ub.Compare(ua), b.id-a.id)
			})
			return out
		},
	}
}

// asked reports whether a ticket is one of those that the filters leave.
func (d *demo) asked(t *ticket, q ticketQuery) bool {
	within := func(t, from, to time.Time) bool { return !t.Before(from) && !t.After(to) }
	status, updated := t.status(q.until)
	return !q.none && !t.created.After(q.until) && within(updated, q.from, q.to) && within(t.created, q.createdFrom, q.createdTo) &&
		(q.company == 0 || q.company == t.customer.company()) && (q.customer == 0 || q.customer == t.customer.number()) &&
		(q.login == "" || status != ticketNew && q.login == d.data.agents[t.agent].login) && (q.source == "" || q.source == t.source) &&
		(q.queue == 0 || q.queue == t.queue) && (q.category == 0 || q.category == t.category) &&
		(q.message == "" || q.message == fmt.Sprintf("%d@example.com", t.id)) &&
		(q.statuses == nil || slices.Contains(q.statuses, fmt.Sprint(status+1))) &&
		(q.region == nil || slices.Contains(q.region, t.customer.region()))
}

func (d *demo) ticketRow(t ticket, until time.Time) ticketRow {
	const minutes = "2006-01-02 15:04"
	status, updated := t.status(until)
	row := ticketRow{
		TicketID: t.id, From: t.customer.email(), Subject: ticketSubjects[t.category-1], Source: t.source, TicketQueueID: t.queue,
		TicketQueueName: queueNames[t.queue-1], StatusID: fmt.Sprint(status + 1), FullStatusName: ticketStatuses[status],
		CustomerID: t.customer.id(), CategoryID: numbered(t.category),
		CreatedAt: t.created.Format(minutes), UpdatedAt: updated.Format(minutes),
	}
	if t.source == "PHONE" {
		row.From = t.customer.phone()
	}
	since := func(later time.Time) *talkTime {
		s := talkTime(later.Sub(t.created) / time.Second)
		return &s
	}
	if status != ticketNew {
		row.UserLogin = orNull(d.data.agents[t.agent].login)
		row.FirstRespondedAt, row.FirstResponseTime = orNull(t.responded.Format(minutes)), since(t.responded)
	}
	if status == ticketClosed {
		row.ClosedAt, row.CloseTime = orNull(t.closed.Format(minutes)), since(t.closed)
	}
	return row
}
