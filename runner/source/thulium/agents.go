package thulium

import (
	"fmt"
	"strings"
)

// agent is somebody who chats.
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

// The queues of the demo: sales, orders, complaints.
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

var ascii = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z")

// loginOf makes lzolkiewski of Łukasz Żółkiewski.
func loginOf(name string) string {
	first, last, _ := strings.Cut(ascii.Replace(strings.ToLower(name)), " ")
	return first[:1] + last
}
