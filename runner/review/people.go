package review

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec"
)

// Person is somebody who gets a report that they did not get before, or no longer gets it.
type Person struct {
	// Report is the address of the instance.
	Report string
	// Who is an address, or where it is known only when rows are, what is written in its place.
	Who   string
	Later bool
	Gains bool
	// Failures: they hear of failures, and do not get the report itself.
	Failures bool
	// New: nobody in the address's domain got anything before. Never set where nobody got anything at all.
	New bool
}

// mailing is a mail of a report; failures: the one that says that it could not be delivered.
type mailing struct {
	email    *spec.EmailDestination
	failures bool
}

func mails(rep *spec.Report) []mailing {
	var out []mailing
	for _, d := range rep.Destinations {
		if d.Email != nil {
			out = append(out, mailing{d.Email, false})
		}
	}
	if rep.OnFailure != nil && rep.OnFailure.Email != nil {
		out = append(out, mailing{rep.OnFailure.Email, true})
	}
	return out
}

// audience is everybody who gets a report or hears of its failures.
func (v Version) audience(rep *spec.Report) []Person {
	var out []Person
	if rep == nil || rep.Disabled {
		return nil
	}
	add := func(p Person) {
		if !slices.ContainsFunc(out, func(o Person) bool { return o.is(p) }) {
			out = append(out, p)
		}
	}
	for _, m := range mails(rep) {
		a := v.Audience(rep, m.email)
		for _, who := range a.Addresses {
			add(Person{Who: who, Failures: m.failures})
		}
		for _, who := range a.Later {
			add(Person{Who: who, Later: true, Failures: m.failures})
		}
	}
	return out
}

// is reports whether two are the same for a report.
func (p Person) is(o Person) bool {
	return strings.EqualFold(p.Who, o.Who) && p.Later == o.Later && p.Failures == o.Failures
}

// domain is that of an address; empty where it is not known before rows are.
func (p Person) domain() string {
	domain := strings.ToLower(p.Who[strings.LastIndexByte(p.Who, '@')+1:])
	if strings.ContainsAny(domain, "${} ") || domain == strings.ToLower(p.Who) {
		return ""
	}
	return strings.TrimSuffix(domain, ">")
}

// people are those who gain and lose, in the order of reports.
func people(before, after Version) []Person {
	known := map[string]bool{}
	for _, rep := range before.Config.Reports {
		for _, p := range before.audience(rep) {
			known[p.domain()] = true
		}
	}
	var out []Person
	for _, r := range pairs(before.Config, after.Config) {
		was, now := before.audience(r.Was), after.audience(r.After)
		for _, p := range now {
			if !slices.ContainsFunc(was, p.is) {
				p.Report, p.Gains = r.Address, true
				p.New = len(known) > 0 && p.domain() != "" && !known[p.domain()]
				out = append(out, p)
			}
		}
		for _, p := range was {
			if !slices.ContainsFunc(now, p.is) {
				p.Report = r.Address
				out = append(out, p)
			}
		}
	}
	return out
}
