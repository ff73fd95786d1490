package thulium

import (
	"fmt"
	"slices"
	"strings"
)

// agent is somebody who chats and calls.
type agent struct {
	login, name string
	// queues are the numbers of those that reach the agent.
	queues []int
	// start is the first hour of the agent's eight; weekends says that the agent works on them.
	start    int
	weekends bool
}

// dozen are the agents of the demo; the names are made up.
var dozen = []string{
	"Łukasz Żółkiewski", "Małgorzata Dąbrowska", "Piotr Wiśniewski", "Agnieszka Świątek", "Grzegorz Brzęczyszczykiewicz",
	"Zofia Ćwiklińska", "Jan Kowalski", "Anna Nowak", "Stanisław Gęś", "Katarzyna Źrebiec", "Michał Piątkowski", "Ewa Jaśkiewicz",
}

// queueCount is the number of the demo's queues.
const queueCount = 3

// agents returns count agents: the dozen, then numbered ones.
func agents(count int) []agent {
	if count == 0 {
		count = len(dozen)
	}
	out := make([]agent, count)
	for i := range out {
		var name string
		login := fmt.Sprintf("agent%05d", i+1)
		if i < len(dozen) {
			name = dozen[i]
			login = loginOf(name)
		} else {
			name = fmt.Sprintf("%s %05d", dozen[i%len(dozen)], i+1)
		}
		first := i%queueCount + 1
		a := agent{login: login, name: name, queues: []int{first}, start: 6 + i*5%9, weekends: i%3 == 0}
		if i%2 == 0 {
			a.queues = append(a.queues, first%queueCount+1)
		}
		out[i] = a
	}
	return out
}

// group is the number of the agent's group: that of the first queue.
func (a *agent) group() int { return a.queues[0] }

// names are the first name and the surname.
func (a *agent) names() (first, last string) {
	first, last, _ = strings.Cut(a.name, " ")
	return first, last
}

// agent finds one by login, or nobody.
func (d *data) agent(login string) int {
	return slices.IndexFunc(d.agents, func(a agent) bool { return a.login == login })
}

var ascii = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z")

// loginOf makes lzolkiewski of Łukasz Żółkiewski.
func loginOf(name string) string {
	first, last, _ := strings.Cut(ascii.Replace(strings.ToLower(name)), " ")
	return first[:1] + last
}
