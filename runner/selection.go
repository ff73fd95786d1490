package runner

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec"
)

// Takes reports whether a report is meant, as a whole or with one of its destinations.
func (s Selection) Takes(rep *spec.Report) bool {
	if len(s.Tags) > 0 && !slices.ContainsFunc(s.Tags, func(tag string) bool { return slices.Contains(rep.Tags, tag) }) {
		return false
	}
	return s.everything() || slices.ContainsFunc(s.named(), func(pattern string) bool { return couldFit(pattern, rep) })
}

// takesDestination reports whether a destination of a report that is taken is meant.
func (s Selection) takesDestination(rep *spec.Report, destination string) bool {
	return s.everything() ||
		slices.ContainsFunc(s.named(), func(pattern string) bool { return fits(pattern, rep) || fitsDestination(pattern, rep, destination) })
}

func (s Selection) everything() bool { return len(s.Patterns)+len(s.Targets) == 0 }

func (s Selection) named() []string { return slices.Concat(s.Patterns, s.Targets) }

// fits reports whether a pattern names a report, by its name or address.
func fits(pattern string, rep *spec.Report) bool {
	return Match(pattern, rep.Name) || Match(pattern, rep.Address)
}

// fitsDestination reports whether a pattern names a destination of a report, by its address with or without the instance.
func fitsDestination(pattern string, rep *spec.Report, destination string) bool {
	return Match(pattern, rep.Name+"."+destination) || Match(pattern, rep.Address+"."+destination)
}

// couldFit reports whether a pattern names a report or one of its destinations; one that is split may come to have the
// part that is named, which is not known before its rows are.
func couldFit(pattern string, rep *spec.Report) bool {
	if fits(pattern, rep) || slices.ContainsFunc(rep.Destinations, func(d *spec.Destination) bool { return fitsDestination(pattern, rep, d.Name) }) {
		return true
	}
	return rep.Split != nil && strings.HasPrefix(pattern, rep.Name+"[")
}

// Match reports whether a name fits a pattern, in which * stands for any run of characters and ? for any one of them.
// Brackets stand for themselves: addresses have them.
func Match(pattern, name string) bool {
	p, n := []rune(pattern), []rune(name)
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(n) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == n[j]):
			i++
			j++
		case star >= 0: // the last star takes one more
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
