package runner

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec/diag"
)

// former is how a delivery that is due seems to have been made before.
type former struct {
	address string
	record  state.Record
}

// renamed warns of deliveries that are due and seem to have been made under another address, which is no longer in the
// configuration: they would be sent again.
func (pl *planning) renamed(ctx context.Context, p *Plan, problems *diag.List) error {
	if pl.options.Offline || pl.options.stateless() {
		return nil
	}
	due := map[string][]*Change{} // by range
	for _, c := range p.Changes {
		if c.Due() && c.Action != Again && c.seen == 0 {
			due[c.Key.Range] = append(due[c.Key.Range], c)
		}
	}
	if len(due) == 0 {
		return nil
	}
	known, err := pl.known()
	if err != nil {
		return err
	}
	here := pl.here(p)
	names := map[*Change]former{} // the last, where there were several
	for _, address := range slices.Sorted(maps.Keys(known)) {
		for _, rng := range known[address] {
			if here(address) || len(due[rng]) == 0 {
				continue
			}
			records, err := pl.r.Store.Records(ctx, state.Key{Project: pl.r.Config.Settings.Project, Address: address, Range: rng})
			if err != nil {
				return err
			}
			for _, c := range due[rng] {
				s := state.Fold(records, c.Rehearsal)
				if s.Kind == state.Delivered && seemsToBe(c, address, s.Record) && s.Record.At.After(names[c].record.At) {
					names[c] = former{address, s.Record}
				}
			}
		}
	}
	problems.Extend(sentAgain(p, names, pl.r.Call))
	return nil
}

// here reports whether an address is one of the configuration's, by its own name or one that it had; of a split, whatever
// its part.
func (pl *planning) here(p *Plan) func(address string) bool {
	names, splits := map[string]bool{}, map[string]bool{}
	for _, rep := range pl.r.Config.Reports {
		into := names
		if rep.Split != nil {
			into = splits
		}
		for _, d := range rep.Destinations {
			into[rep.Address+"."+d.Name] = true
			for _, old := range pl.r.Config.Formerly(rep.Address + "." + d.Name) {
				into[old] = true
			}
		}
	}
	for _, c := range p.Changes {
		names[c.Key.Address] = true
		for _, old := range pl.r.Config.Formerly(c.Key.Address) {
			names[old] = true
		}
	}
	return func(address string) bool {
		whole, instance := undivided(address)
		return names[address] || instance != "" && splits[whole]
	}
}

// undivided is the address of a destination without the instance of its report, and that instance: chats["north"].leads
// is chats.leads and ["north"].
func undivided(address string) (whole, instance string) {
	from, until := strings.IndexByte(address, '['), strings.LastIndexByte(address, ']')
	if from < 0 || until < from {
		return address, ""
	}
	return address[:from] + address[until+1:], address[from : until+1]
}

// seemsToBe reports whether a record is of what a change would deliver: of the same definition and instance, or of the same
// content; or of a report that was not divided then and is now, or the other way round.
func seemsToBe(c *Change, address string, r state.Record) bool {
	whole, instance := undivided(c.Key.Address)
	then, part := undivided(address)
	return r.Definition != "" && r.Definition == c.Destination.Digest && instance == part ||
		c.Artifact != nil && r.Content != "" && r.Content == string(c.Artifact.Content) ||
		whole == then && (instance == "") != (part == "")
}

// sentAgain warns once of each rename, and once of each report that was divided.
func sentAgain(p *Plan, names map[*Change]former, call string) diag.List {
	var problems diag.List
	told := map[[2]string]bool{}
	for _, c := range p.Changes {
		name, ok := names[c]
		if !ok {
			continue
		}
		from, part := undivided(name.address)
		to, instance := undivided(c.Key.Address)
		code, summary := "looks-renamed", "This looks like a rename"
		var detail string
		switch {
		case from == to && (instance == "") != (part == ""):
			code, summary = "looks-divided", "This was delivered in another division"
			detail = fmt.Sprintf("What is due as %s was delivered as %s, before the report was divided as it is now: its recipients would get the range again. To leave it at that, here and for each other part, say that it was sent:\n    %s state import %s",
				c.Key, name.address, call, ShellWord(c.Key.String()))
		case instance != part:
			from, to = name.address, c.Key.Address
			fallthrough
		default: // a rename of the whole takes its instances along
			detail = fmt.Sprintf("What is due as %s was delivered as %s, which is no longer in the configuration: it would be delivered again. If it was renamed, say so:\n    moved:\n      - {from: %s, to: %s}",
				c.Key, name.address, quoteYAML(from), quoteYAML(to))
		}
		if told[[2]string{from, to}] {
			continue
		}
		told[[2]string{from, to}] = true
		warning := changePlace(c).problem(code, summary, detail)
		warning.Severity = diag.Warning
		problems.Add(*warning)
	}
	return problems
}

// quoteYAML writes an address as it stands in a mapping between braces.
func quoteYAML(address string) string {
	if strings.ContainsAny(address, `["]`) {
		return "'" + address + "'"
	}
	return address
}
