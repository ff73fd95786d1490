// Package review compares two versions of a configuration for whoever reviews the change: which reports come and go, what
// of each has changed, who gets what that they did not get before, and which figures come out otherwise.
package review

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/reporttest"
	"github.com/reportform/reportform/spec"
)

// Version is a configuration as it stood at some time.
type Version struct {
	Config *spec.Config
	// Audience says who gets a mail.
	Audience func(*spec.Report, *spec.EmailDestination) runner.Audience
	// File reads a file beneath the configuration's folder; an error where there is none.
	File func(name string) ([]byte, error)
}

// Kind is what has become of a report or a connection.
type Kind string

// The kinds.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Renamed Kind = "renamed"
	Changed Kind = "changed"
)

// Report is what has become of a report's instance.
type Report struct {
	Kind    Kind
	Address string
	// Before is the address that it had; After the report, Was what it was. Nil where there is none.
	Before     string
	After, Was *spec.Report
	// Unmoved: it has another name and says the same, and no moved says that it is the same report.
	Unmoved bool
	// Parts are what has changed of it.
	Parts []Part
}

// Part is something that has changed: words of ours, and names from the configuration.
type Part struct {
	Words string
	Names []string
}

// Connection is what has become of a connection, with how many of today's reports use it.
type Connection struct {
	Kind    Kind
	Name    string
	Keys    []string
	Reports int
}

// Review is what has changed between two versions.
type Review struct {
	Reports     []Report
	Connections []Connection
	// Settings are keys of settings, and names of variables, whose values have changed.
	Settings, Variables []string
	People              []Person
	Cells               []Cells
}

// Cells are the figures of a report that come out otherwise from a recording.
type Cells struct {
	// Report is the name, Recording the folder.
	Report, Recording string
	Differences       []reporttest.Difference
	// Unrecorded: it asks for what the recording has no answer to, and Again is the command that records it anew. Outdated:
	// it asked before for what the recording has no answer to now.
	Unrecorded, Outdated bool
	// Gone: the recording was there before, and is not now or cannot be read. Changed: both versions are compared by another one
	// than was there before.
	Gone, Changed bool
	Again         string
}

// Compare says what has changed since before, but for the cells.
func Compare(before, after Version) *Review {
	r := &Review{Settings: settings(before, after), Variables: variables(before.Config, after.Config)}
	for _, p := range pairs(before.Config, after.Config) {
		if p.Kind == Changed || p.Kind == Renamed {
			p.Parts = changes(p.Was, p.After, before, after)
		}
		if p.Kind != Changed || len(p.Parts) > 0 {
			r.Reports = append(r.Reports, p)
		}
	}
	r.Connections = connections(before.Config, after.Config)
	r.People = people(before, after)
	return r
}

// Empty reports whether nothing has changed that is known of.
func (r *Review) Empty() bool {
	return len(r.Reports)+len(r.Connections)+len(r.Settings)+len(r.Variables)+len(r.People) == 0
}

// Former says what an address was before: itself, where nothing was renamed.
func Former(before, after *spec.Config) func(address string) string {
	was := map[string]string{}
	for _, p := range pairs(before, after) {
		if p.Kind == Renamed {
			was[p.Address] = p.Before
		}
	}
	return func(address string) string {
		// A part of a split bears the report's name before its own.
		name, key, keyed := strings.Cut(address, "[")
		if old, ok := was[address]; ok {
			return old
		} else if old, ok := was[name]; ok && keyed {
			return old + "[" + key
		}
		return address
	}
}

// pairs puts each report beside what it was, Changed where both are there under one address.
func pairs(before, after *spec.Config) []Report {
	gone := map[string]*spec.Report{}
	for _, rep := range before.Reports {
		gone[rep.Address] = rep
	}
	for _, rep := range after.Reports {
		delete(gone, rep.Address)
	}
	var all []Report
	for _, rep := range after.Reports {
		p := Report{Kind: Added, Address: rep.Address, After: rep}
		if was := at(before, rep.Address); was != nil {
			p.Kind, p.Before, p.Was = Changed, rep.Address, was
		} else if was, moved := formerly(after, rep, gone); was != nil {
			p.Kind, p.Before, p.Was, p.Unmoved = Renamed, was.Address, was, !moved
			delete(gone, was.Address)
		}
		all = append(all, p)
	}
	for _, rep := range before.Reports {
		if gone[rep.Address] != nil {
			all = append(all, Report{Kind: Removed, Address: rep.Address, Before: rep.Address, Was: rep})
		}
	}
	return all
}

func at(c *spec.Config, address string) *spec.Report {
	for _, rep := range c.Reports {
		if rep.Address == address {
			return rep
		}
	}
	return nil
}

// formerly finds what a report was among those that are gone: by a moved, or because it says the very same.
func formerly(c *spec.Config, rep *spec.Report, gone map[string]*spec.Report) (was *spec.Report, moved bool) {
	for _, d := range rep.Destinations {
		for _, address := range c.Formerly(rep.Address + "." + d.Name) {
			if was := gone[address[:strings.LastIndexByte(address, '.')]]; was != nil {
				return was, true
			}
		}
	}
	for _, address := range slices.Sorted(maps.Keys(gone)) {
		if slices.Equal(digests(gone[address]), digests(rep)) {
			return gone[address], false
		}
	}
	return nil, false
}

func digests(rep *spec.Report) []string {
	var out []string
	for _, d := range rep.Destinations {
		out = append(out, d.Digest)
	}
	slices.Sort(out)
	return out
}

// connections compares connections by their names.
func connections(before, after *spec.Config) []Connection {
	was, now := map[string]spec.Parts{}, map[string]spec.Parts{}
	for _, c := range before.Connections {
		was[c.Name] = c.Parts
	}
	var all []Connection
	for _, c := range after.Connections {
		now[c.Name] = c.Parts
		old, there := was[c.Name]
		one := Connection{Kind: Changed, Name: c.Name, Keys: differing(old, c.Parts), Reports: users(after, c.Name)}
		if !there {
			one.Kind, one.Keys = Added, nil
		}
		if !there || len(one.Keys) > 0 {
			all = append(all, one)
		}
	}
	for _, c := range before.Connections {
		if now[c.Name] == nil {
			all = append(all, Connection{Kind: Removed, Name: c.Name})
		}
	}
	return all
}

// users counts the reports that ask a connection or send by it.
func users(c *spec.Config, name string) int {
	n := 0
	for _, rep := range c.Reports {
		if slices.ContainsFunc(rep.Datasets, func(d *spec.Dataset) bool { return d.Connection != nil && d.Connection.Name == name }) ||
			slices.ContainsFunc(mails(rep), func(m mailing) bool { return m.email.Via != nil && m.email.Via.Name == name }) {
			n++
		}
	}
	return n
}

// differing are the keys of which only one has a part, or each another.
func differing(before, after spec.Parts) []string {
	var out []string
	for key, digest := range after {
		if before[key] != digest {
			out = append(out, key)
		}
	}
	for key := range before {
		if _, ok := after[key]; !ok {
			out = append(out, key)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(a, b) })
	return out
}
