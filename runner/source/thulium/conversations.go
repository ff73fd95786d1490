package thulium

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// conversation is a chat with its place: the list of chats has what the chat report adds up.
type conversation struct {
	chat
	agent int
	begun time.Time
	id    string
	with  customer
}

// conversations returns the chats of a day, in the order of time.
func (d *data) conversations(day int) []conversation {
	var out []conversation
	var chats []chat
	date := midnight(day)
	for i, a := range d.agents {
		seed, works := d.works(i, date)
		if !works {
			continue
		}
		for hour := a.start; hour < a.start+8; hour++ {
			chats = d.hour(chats[:0], seed, i, int(date.Weekday()), hour)
			r := random(uint64(seed) ^ uint64(hour)*0xe7037ed1a0b428db)
			for n, c := range chats {
				talk := conversation{
					chat: c, agent: i, begun: clock(day, hour*3600+c.second), id: fmt.Sprintf("%d%05d%02d%02d", day, i+1, hour, n), with: nobody,
				}
				if with := r.below(customerCount); !c.empty {
					talk.with = customer(with)
				}
				out = append(out, talk)
			}
		}
	}
	slices.SortFunc(out, func(a, b conversation) int { return cmp.Or(a.begun.Compare(b.begun), cmp.Compare(a.id, b.id)) })
	return out
}

// over is when the chat ended.
func (c *conversation) over() time.Time {
	seconds := c.wait + c.talk
	if seconds == 0 {
		seconds = 60 // nobody wrote, or the bot did
	}
	return c.begun.Add(time.Duration(seconds) * time.Second)
}

func (c *conversation) status(by time.Time) string {
	if c.over().After(by) {
		return "ACTIVE"
	}
	return "CLOSED"
}

// conversationRow is a row of chats. Behind customer_id its keys are made up, since what else the API has is not documented.
type conversationRow struct {
	ChatQueueID    int         `json:"chat_queue_id"`
	ClientEmail    string      `json:"client_email"`
	ClientName     string      `json:"client_name"`
	CustomerID     orNull      `json:"customer_id"`
	ConversationID string      `json:"conversation_id"`
	CreatedAt      string      `json:"created_at"`
	ClosedAt       orNull      `json:"closed_at"`
	Status         string      `json:"status"`
	UserLogin      orNull      `json:"user_login"`
	Messages       []message   `json:"messages,omitempty"`
	Files          []string    `json:"files,omitempty"`
	ClientData     *clientData `json:"client_data,omitempty"`
}

type message struct {
	Author string `json:"author"`
	Date   string `json:"date"`
	Text   string `json:"text"`
}

type clientData struct {
	Region string `json:"region"`
	Page   string `json:"page"`
}

// chats answers with the chats.
func (d *demo) chats(_ string, r *reader) func() any {
	type query struct {
		from, to, until       time.Time
		status                string
		queue                 int
		messages, files, data bool
	}
	from, to := r.span("date_from", "date_to", false)
	q, p := query{
		from: from, to: earliest(to, d.until()), until: d.until(), status: r.values.Get("status"), queue: r.id("chat_queue_id"),
		messages: r.boolean("include_messages"), files: r.boolean("include_files"), data: r.boolean("include_client_data"),
	}, r.page()
	return func() any {
		l := listing[conversation]{
			query: fmt.Sprintf("chats %#v", q), from: q.from, to: q.to,
			of: func(day int) []conversation {
				return slices.DeleteFunc(d.data.conversations(day), func(c conversation) bool {
					return c.begun.Before(q.from) || c.begun.After(q.to) || q.queue != 0 && q.queue != c.queue ||
						q.status != "" && q.status != c.status(q.until)
				})
			},
		}
		return answer(d, l, p, func(c conversation) conversationRow {
			row := conversationRow{
				ChatQueueID: c.queue, ClientEmail: c.with.email(), ClientName: c.with.name(), CustomerID: c.with.id(), ConversationID: c.id,
				CreatedAt: stamp(c.begun), Status: c.status(q.until),
			}
			if row.Status == "CLOSED" {
				row.ClosedAt = orNull(stamp(c.over()))
			}
			if c.answered {
				row.UserLogin = orNull(d.data.agents[c.agent].login)
			}
			if q.messages && !c.empty {
				row.Messages = []message{{Author: "CLIENT", Date: row.CreatedAt, Text: "Dzień dobry, gdzie jest moja paczka?"}}
			}
			if q.files && c.talk > 1500 {
				row.Files = []string{"zdjecie.jpg"}
			}
			if q.data && c.with != nobody {
				row.ClientData = &clientData{c.with.region(), "https://shop.example.com/"}
			}
			return row
		})
	}
}
