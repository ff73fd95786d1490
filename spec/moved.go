package spec

import (
	"fmt"
	"slices"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// rename is a Move with its addresses read.
type rename struct{ from, to address }

// renames reads the moves. Those that are no addresses were reported.
func renames(moved []Move) []rename {
	out := make([]rename, 0, len(moved))
	for _, m := range moved {
		from, ok := parseAddress(m.From)
		to, okTo := parseAddress(m.To)
		if ok && okTo {
			out = append(out, rename{from, to})
		}
	}
	return out
}

// wide: the rename names no instance, and so takes along all that there are.
func (m rename) wide() bool { return !m.from.keyed && !m.to.keyed }

func (m rename) reversed() rename { return rename{m.to, m.from} }

// apply is what an address becomes; false where the rename says nothing of it. A report's rename takes its destinations
// along, each under its own name.
func (m rename) apply(a address) (address, bool) {
	if m.from.destination != "" && a.destination != m.from.destination || a.report != m.from.report {
		return a, false
	}
	if !m.wide() {
		if a.keyed != m.from.keyed || a.key != m.from.key {
			return a, false
		}
		a.key, a.keyed = m.to.key, m.to.keyed
	}
	a.report = m.to.report
	if m.to.destination != "" {
		a.destination = m.to.destination
	}
	return a, true
}

// reach are the addresses that renames lead to from one, nearest first, without that one itself unless they lead back.
func reach(from address, moves []rename) []address {
	var out []address
	seen := map[address]bool{}
	queue := []address{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, m := range moves {
			if next, ok := m.apply(at); ok && !seen[next] {
				seen[next] = true
				out, queue = append(out, next), append(queue, next)
			}
		}
	}
	return out
}

// Formerly lists the addresses that a destination had before, nearest first: what was delivered under any of them was
// delivered. Address is that of a report's destination, weekly-chats.leads or weekly-chats["north"].leads; parts of a
// split are told by their key likewise. Renames that follow one another are followed.
func (c *Config) Formerly(address string) []string {
	at, ok := parseAddress(address)
	if len(c.Moved) == 0 || !ok {
		return nil
	}
	moves := renames(c.Moved)
	for i, m := range moves {
		moves[i] = m.reversed()
	}
	var out []string
	for _, before := range reach(at, moves) {
		if before != at {
			out = append(out, before.String())
		}
	}
	return out
}

// Renamed lists the addresses that a destination was given after the one that is asked for, the latest last.
func (c *Config) Renamed(address string) []string {
	at, ok := parseAddress(address)
	if !ok {
		return nil
	}
	var out []string
	for _, later := range reach(at, renames(c.Moved)) {
		out = append(out, later.String())
	}
	return out
}

// moved decodes the renames, and checks them against the reports that there are.
func (d *decoder) moved(n *tree.Node) {
	defer d.in("moved")()
	places := map[string]*tree.Node{} // of each entry's from, by its address
	for _, item := range n.List() {
		from, ok := d.movedAddress(item.Get("from"))
		to, okTo := d.movedAddress(item.Get("to"))
		if !ok || !okTo {
			continue
		}
		if (from.destination == "") != (to.destination == "") {
			d.fault(item.Get("to").At, "moved-across", "Report and destination mixed", "%s is a %s and %s a %s. A report is moved to a report, and takes its destinations along; a destination is moved to a destination.", from.name(), from.kind(), to.name(), to.kind())
			continue
		}
		if first := places[from.String()]; first != nil {
			found := d.diagnostic(item.Get("from").At, "moved-twice", "Moved twice", "%s is moved twice, and only one address can stand for it. Leave one entry out.", from.name())
			found.Related = []diag.Related{{Message: "the first is here", Range: first.Get("from").At}}
			d.diags.Add(found)
			continue
		}
		places[from.String()] = item
		d.config.Moved = append(d.config.Moved, Move{From: from.String(), To: to.String(), Range: item.At})
	}
	d.checkMoves(renames(d.config.Moved), places)
}

// checkMoves holds renames against the reports that there are. The places are each entry's, by what it is moved from.
func (d *decoder) checkMoves(moves []rename, places map[string]*tree.Node) {
	moves = slices.DeleteFunc(moves, func(m rename) bool {
		there := d.isThere(m.from, m.wide())
		if there {
			d.fault(places[m.from.String()].Get("from").At, "moved-from-here", "Moved from what is still there", "The %s %s is still there, and what was delivered under its name is its own. \"from\" is the address of before a rename: leave the entry out if nothing was renamed.", m.from.kind(), m.from.name())
		}
		return there
	})
	circle := map[address]bool{}
	for _, m := range moves {
		item := places[m.from.String()]
		ends := append([]address{m.to}, reach(m.to, moves)...)
		switch {
		case circle[m.from]:
		case slices.Contains(ends, m.from):
			for _, a := range ends {
				circle[a] = true
			}
			d.fault(item.At, "moved-in-circle", "Moves lead in a circle", "From %s the moves lead back to it, and to no address of today. Leave out the entry that undoes another.", m.from.name())
		case !slices.ContainsFunc(ends, func(a address) bool { return d.mayBeThere(a, m.wide()) }):
			d.fault(item.Get("to").At, "unknown-address", "Moved to nothing", "%s", d.nothingAt(m.to))
		}
	}
}

// movedAddress reads an address of a rename. False means that it was reported.
func (d *decoder) movedAddress(n *tree.Node) (address, bool) {
	text, ok := d.literal(n)
	if !ok {
		return address{}, false
	}
	a, ok := parseAddress(text)
	if !ok {
		d.fault(n.At, "bad-address", "Not an address of a report", "%q is no address of a report or a destination. Write REPORT, REPORT[\"KEY\"] for an instance, or REPORT.DESTINATION, the whole in quotes where a key stands:\n\n    from: 'weekly-chats[\"north\"].leads'", text)
	}
	return a, ok
}

// reportOf finds the report that an address is of, if it has the address's destination.
func (d *decoder) reportOf(a address) *Report {
	for _, r := range d.reports {
		if r.Name == a.report && (a.destination == "" || r.misfit || slices.ContainsFunc(r.Destinations, func(dest *Destination) bool { return dest.Name == a.destination })) {
			return r
		}
	}
	return nil
}

// isThere reports whether something is surely at an address; wide asks for a report with whatever instances it has.
// Which parts a split makes is not known.
func (d *decoder) isThere(a address, wide bool) bool {
	r := d.reportOf(a)
	switch {
	case r == nil || r.each.broken:
		return false
	case wide:
		return true
	case a.keyed:
		return slices.ContainsFunc(r.each.all, func(e *Each) bool { return e.Key == a.key })
	default:
		return !r.each.given && r.Split == nil
	}
}

// mayBeThere reports whether something is or may be at an address.
func (d *decoder) mayBeThere(a address, wide bool) bool {
	r := d.reportOf(a)
	return d.isThere(a, wide && !a.keyed) || r != nil && (r.each.broken || r.Split != nil && a.keyed)
}

// nothingAt says of an address that nothing is there, and what was meant.
func (d *decoder) nothingAt(a address) string {
	text := fmt.Sprintf("There is no %s %s.", a.kind(), a.name())
	switch r := d.reportOf(a); {
	case r == nil:
	case a.keyed && !r.each.given:
		return fmt.Sprintf("%s The report %q has no \"for_each\", and so no instances.", text, r.Name)
	case !a.keyed && len(r.each.all) > 0:
		a.key, a.keyed = r.each.all[0].Key, true
		return fmt.Sprintf("The report %q has instances: name the one that is meant, such as %s", r.Name, a)
	}
	var known []string
	for _, r := range d.reports {
		for _, one := range r.instances() {
			if a.destination == "" {
				known = append(known, one.Address)
				continue
			}
			for _, dest := range one.Destinations {
				known = append(known, one.Address+"."+dest.Name)
			}
		}
	}
	if near, ok := parseAddress(diag.Nearest(a.String(), known)); ok {
		text += fmt.Sprintf(" Did you mean %s?", near.name())
	}
	return text
}
