package thulium

import (
	"cmp"
	"slices"
	"time"
)

// data makes the chats of the demo up: those of one agent in one hour follow from the seed, the agents and the hour
// alone. A report only ever adds chats up, so its parts add up to the whole by whatever they are cut.
type data struct {
	seed   uint64
	agents []agent
}

func newData(seed uint64, count int) data { return data{seed: seed, agents: agents(count)} }

// chat is one chat.
type chat struct {
	second int // within its hour
	queue  int
	// empty: the customer wrote nothing; it counts as nothing else.
	empty bool
	// toBot: it began with the bot, which finished it or passed it on to the agent.
	toBot, byBot bool
	answered     bool
	wait, talk   int // seconds
	rating       rating
}

type rating uint8

const (
	unrated rating = iota
	sad
	neutral
	happy
)

// random is splitmix64: small, fast and the same everywhere.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 up to but without n.
func (r *random) below(n int) int { return int(r.next() >> 33 % uint64(n)) }

// chance is true in percent of 100 cases.
func (r *random) chance(percent int) bool { return r.below(100) < percent }

// share is from 0 to 1.
func (r *random) share() float64 { return float64(r.next()>>11) / (1 << 53) }

// How busy days and hours are, in percent of a usual one.
var (
	byWeekday = [7]int{time.Sunday: 40, time.Monday: 130, time.Tuesday: 115, time.Wednesday: 100, time.Thursday: 100, time.Friday: 90, time.Saturday: 55}
	byHour    = [24]int{6: 25, 7: 50, 8: 80, 9: 120, 10: 150, 11: 145, 12: 125, 13: 110, 14: 105, 15: 100, 16: 105, 17: 120, 18: 125, 19: 100, 20: 70, 21: 40}
)

// dayOf returns the random numbers of an agent's day.
func (d *data) dayOf(agent int, day time.Time) random {
	r := random(d.seed ^ uint64(agent+1)*0xd1342543de82ef95 ^ uint64(day.Unix()/86400)*0x2545f4914f6cdd1d)
	r.next()
	return r
}

// works reports whether an agent works on a day, and the random numbers that the day's hours come from.
func (d *data) works(agent int, day time.Time) (random, bool) {
	r := d.dayOf(agent, day)
	a := &d.agents[agent]
	switch day.Weekday() {
	case time.Saturday, time.Sunday:
		return r, a.weekends && (r.chance(60) || agent == d.standIn(day))
	}
	return r, r.chance(91)
}

// standIn is who works on a day of the weekend on which nobody else happens to: the shop is open every day. It is
// nobody where there are others.
func (d *data) standIn(day time.Time) int {
	var could []int
	for i := range d.agents {
		if !d.agents[i].weekends {
			continue
		}
		if r := d.dayOf(i, day); r.chance(60) {
			return nobody
		}
		could = append(could, i)
	}
	return could[int(day.Unix()/86400)%len(could)]
}

// nobody is no agent.
const nobody = -1

// hour appends the chats of an agent in an hour of a day.
func (d *data) hour(chats []chat, day random, agent, weekday, hour int) []chat {
	a := &d.agents[agent]
	r := random(uint64(day) + uint64(hour)*0x9fb21c651e98df25)
	busy := float64(byWeekday[weekday]*byHour[hour]) / 10_000
	count := int(4*busy*(0.5+r.share()) + r.share())
	for range count {
		c := chat{second: r.below(3600), queue: a.queues[r.below(len(a.queues))]}
		if r.chance(4) {
			c.empty = true
			chats = append(chats, c)
			continue
		}
		if c.toBot = r.chance(28); c.toBot && r.chance(55) {
			c.byBot = true
			chats = append(chats, c)
			continue
		}
		u := r.share()
		c.wait = int(3 + busy*60*u*u*u)
		if c.answered = !r.chance(3 + c.wait/4); c.answered {
			v := r.share()
			c.talk = 40 + int(3000*v*v) + r.below(120)
			if r.chance(32) {
				c.rating = [...]rating{sad, neutral, neutral, happy, happy, happy, happy, happy}[r.below(8)]
			}
		}
		chats = append(chats, c)
	}
	return chats
}

// report returns the rows of a query, by bucket and then by agent. Buckets without chats have none.
func (d *data) report(q query) []figures {
	q.from, q.to = latest(q.from, startOfDemo), earliest(q.to, endOfDemo)
	rows := map[[2]int]*figures{}
	var chats []chat
	for day := q.from.Truncate(24 * time.Hour); !day.After(q.to); day = day.AddDate(0, 0, 1) {
		for i, a := range d.agents {
			if q.logins != nil && !slices.Contains(q.logins, a.login) {
				continue
			}
			seed, works := d.works(i, day)
			if !works {
				continue
			}
			for hour := a.start; hour < a.start+8; hour++ {
				chats = d.hour(chats[:0], seed, i, int(day.Weekday()), hour)
				for _, c := range chats {
					at := day.Add(time.Duration(hour*3600+c.second) * time.Second)
					if at.Before(q.from) || at.After(q.to) || q.queues != nil && !slices.Contains(q.queues, c.queue) {
						continue
					}
					key := [2]int{bucketOf(at, q.grain), i}
					if q.sum {
						key[1] = everybody
					}
					row := rows[key]
					if row == nil {
						row = &figures{bucket: key[0], agent: key[1]}
						rows[key] = row
					}
					row.add(c, q.threshold)
				}
			}
		}
	}
	out := make([]figures, 0, len(rows))
	for _, row := range rows {
		out = append(out, *row)
	}
	slices.SortFunc(out, func(a, b figures) int { return cmp.Or(a.bucket-b.bucket, a.agent-b.agent) })
	return out
}

// everybody stands for the agent in rows that add agents up.
const everybody = -1

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
