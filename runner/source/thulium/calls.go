package thulium

import (
	"cmp"
	"slices"
)

// call is one telephone call.
type call struct {
	day, second int
	// agent is whose it is; reached is false where the caller gave up before an agent's telephone rang.
	agent   int
	reached bool
	// number tells it from others of the agent's day.
	number   int
	outgoing bool
	queue    int // 0 for outgoing ones
	caller   customer
	// known: the system recognised the customer.
	known      bool
	outcome    string
	wait, talk int // seconds
	topic      int // 0 is none
	tags       tagSet
	byAgent    bool // who hung up
	passedTo   int  // an agent, or nobody
	// ticket is the place, from 1, among the tickets that calls of the day were made into; 0 is none.
	ticket int
	result string
}

const (
	answered = "ANSWERED"
	noAnswer = "NO ANSWER"
)

var (
	topics   = []string{"Zamówienie", "Faktura", "Zwrot", "Reklamacja", "Dostawa", "Inne"}
	tagWords = []string{"pilne", "vip", "zwrot", "faktura"}
)

// tagSet has a bit for each of tagWords.
type tagSet uint8

func (s tagSet) words() []string {
	out := []string{}
	for i, word := range tagWords {
		if s&(1<<i) != 0 {
			out = append(out, word)
		}
	}
	return out
}

// calls returns those of a day, in the order of time.
func (d *data) calls(day int) []call {
	date := midnight(day)
	type shift struct {
		agent, made int
		seed        random
	}
	var shifts []shift
	for i := range d.agents {
		if seed, works := d.works(i, date); works {
			shifts = append(shifts, shift{agent: i, seed: seed})
		}
	}
	out := make([]call, 0, 48*len(shifts))
	for hour := range 24 {
		begin := len(out)
		busy := float64(byWeekday[date.Weekday()]*byHour[hour]) / 10_000
		for i := range shifts {
			s := &shifts[i]
			if start := d.agents[s.agent].start; hour < start || hour >= start+8 {
				continue
			}
			r := random(uint64(s.seed)*0xbf58476d1ce4e5b9 + uint64(hour)*0x94d049bb133111eb)
			for range int(6*busy*(0.5+r.share()) + r.share()) {
				s.made++
				c := d.call(&r, s.agent, busy)
				c.day, c.second, c.number = day, hour*3600+r.below(3600), s.made
				out = append(out, c)
			}
		}
		slices.SortFunc(out[begin:], func(a, b call) int { return cmp.Or(a.second-b.second, a.agent-b.agent, a.number-b.number) })
	}
	tickets := 0
	for i := range out {
		if c := &out[i]; c.ticket > 0 {
			tickets++
			c.ticket = tickets
		}
	}
	return out
}

// call makes one up.
func (d *data) call(r *random, agent int, busy float64) call {
	c := call{
		agent: agent, reached: true, outgoing: r.chance(25), passedTo: nobody, outcome: answered,
		caller: customer(r.below(customerCount)), known: r.chance(80), byAgent: r.chance(40),
	}
	v := r.share()
	c.talk = 25 + int(1100*v*v) + r.below(60)
	if c.outgoing {
		c.wait = 4 + r.below(24)
		switch p := r.below(100); {
		case p < 24:
			c.outcome = noAnswer
		case p < 36:
			c.outcome = "BUSY"
		case p < 38:
			c.outcome = "FAILED"
		case p < 60:
			c.result = []string{"Umówiony", "Odmowa", "Brak decyzji"}[r.below(3)]
		}
	} else {
		queues := d.agents[agent].queues
		c.queue = queues[r.below(len(queues))]
		u := r.share()
		c.wait = int(4 + busy*90*u*u*u)
		switch p := r.below(100); {
		case p < 3+c.wait/6:
			c.outcome, c.reached = noAnswer, false
		case p < 7+c.wait/6:
			c.outcome = noAnswer
		}
	}
	if c.outcome != answered {
		c.talk = 0
		return c
	}
	if r.chance(70) {
		c.topic = 1 + r.below(len(topics))
	}
	for i := range tagWords {
		if r.chance(8) {
			c.tags |= 1 << i
		}
	}
	if !c.outgoing {
		if r.chance(10) {
			c.ticket = 1
		}
		if r.chance(5) && len(d.agents) > 1 {
			c.passedTo = (agent + 1 + r.below(len(d.agents)-1)) % len(d.agents)
		}
	}
	return c
}

// length is how long a call takes from its beginning.
func (c *call) length() int { return c.wait + c.talk }
