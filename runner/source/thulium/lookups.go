package thulium

import (
	"fmt"
	"time"
)

// queueNames are those of the chats, the calls and the tickets alike, and of the groups of agents.
var queueNames = []string{"Sprzedaż", "Zamówienia", "Reklamacje"}

// named is what a look-up is taken to have.
type named struct {
	ID   any    `json:"id"`
	Name string `json:"name"`
}

// names answers with things numbered from 1.
func names(r *reader, all []string) func() any {
	p := r.page()
	return func() any {
		out := []named{}
		for i, name := range all {
			out = append(out, named{i + 1, name})
		}
		return of(p, out)
	}
}

func (d *demo) queues(_ string, r *reader) func() any     { return names(r, queueNames) }
func (d *demo) groups(_ string, r *reader) func() any     { return names(r, queueNames) }
func (d *demo) statuses(_ string, r *reader) func() any   { return names(r, ticketStatuses) }
func (d *demo) categories(_ string, r *reader) func() any { return names(r, ticketCategories) }

// agentRow is a row of agents.
type agentRow struct {
	AgentID      int    `json:"agent_id"`
	Login        string `json:"login"`
	Name         string `json:"name"`
	Surname      string `json:"surname"`
	Email        string `json:"email"`
	Active       bool   `json:"active"`
	Number       string `json:"number"`
	OutboundMode string `json:"outbound_mode"`
	GroupID      int    `json:"group_id"`
}

func (d *demo) agentRow(i int) agentRow {
	a := d.data.agents[i]
	row := agentRow{
		AgentID: i + 1, Login: a.login, Email: a.login + "@example.com", Active: true, Number: extension(i),
		OutboundMode: []string{"PREVIEW", "PROGRESSIVE", "OFF"}[i%3], GroupID: a.group(),
	}
	row.Name, row.Surname = a.names()
	return row
}

// agents answers with all agents.
func (d *demo) agents(_ string, r *reader) func() any {
	p := r.page()
	return func() any {
		out := []agentRow{}
		for i := range d.data.agents {
			out = append(out, d.agentRow(i))
		}
		return of(p, out)
	}
}

// agent answers with one.
func (d *demo) agent(login string, _ *reader) func() any {
	i := d.data.agent(login)
	if i == nobody {
		return nil
	}
	return func() any { return d.agentRow(i) }
}

// agentStatus answers with what an agent is doing.
func (d *demo) agentStatus(login string, _ *reader) func() any {
	type status struct {
		Login      string `json:"login"`
		Status     string `json:"status"`
		PauseID    orNull `json:"pause_id"`
		LastChange string `json:"last_change"`
	}
	i := d.data.agent(login)
	if i == nobody {
		return nil
	}
	return func() any {
		now := d.moment()
		r, works := d.data.works(i, midnight(dayOf(now)))
		r += random(now.Hour())
		s := status{Login: login, Status: "OFF", LastChange: stamp(now.Add(-time.Duration(1+r.below(600)) * time.Second))}
		if start := d.data.agents[i].start; works && now.Hour() >= start && now.Hour() < start+8 {
			s.Status = []string{"FREE", "FREE", "RINGING", "INBOUND_CALL", "INBOUND_CALL", "OUTBOUND_CALL", "PAUSED"}[r.below(7)]
		}
		if s.Status == "PAUSED" {
			s.PauseID = numbered(1 + r.below(3))
		}
		return s
	}
}

// waiting answers with who waits in a queue.
func (d *demo) waiting(queue string, _ *reader) func() any {
	type caller struct {
		PhoneNumber   string `json:"phone_number"`
		StartedAt     string `json:"started_at"`
		CustomerID    orNull `json:"customer_id"`
		CustomerLabel string `json:"customer_label"`
	}
	number := 0
	for i := range queueNames {
		if queue == fmt.Sprint(i+1) {
			number = i + 1
		}
	}
	if number == 0 {
		return nil
	}
	return func() any {
		now, out := d.moment(), []caller{}
		r := random(d.data.seed ^ uint64(now.Unix()) ^ uint64(number)*0xe7037ed1a0b428db)
		if byHour[now.Hour()] == 0 {
			return out
		}
		for range 1 + r.below(4) {
			c := customer(r.below(customerCount))
			out = append(out, caller{c.phone(), stamp(now.Add(-time.Duration(1+r.below(180)) * time.Second)), c.id(), c.name()})
		}
		return out
	}
}
