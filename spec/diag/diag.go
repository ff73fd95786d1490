// Package diag holds diagnostics: what is wrong with the user's files or data, at the place where it is wrong.
//
// A diagnostic is not an error. The user's faults are collected as a [List] and shown together;
// failures of our own surroundings stay errors.
package diag

import (
	"cmp"
	"slices"
)

// Severity tells whether a diagnostic stops the work.
type Severity uint8

const (
	// Error stops the work.
	Error Severity = iota
	// Warning is shown and the work goes on.
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Pos is a place in a file. Lines and columns count from 1; columns count characters (runes), not bytes.
// The zero Pos means that the place is not known.
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Before reports whether p stands before q in the same file.
func (p Pos) Before(q Pos) bool {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column)) < 0
}

// Range is a stretch of a file, from Start up to but without End. File is the path as the user knows it:
// relative to the folder the program was started in.
type Range struct {
	File  string `json:"filename"`
	Start Pos    `json:"start"`
	End   Pos    `json:"end"`
}

// IsZero reports whether the range points nowhere.
func (r Range) IsZero() bool { return r == Range{} }

// Related is another place that a diagnostic speaks of, such as the first of two definitions.
type Related struct {
	Message string `json:"message"`
	Range   Range  `json:"range"`
}

// Diagnostic is one thing that is wrong, said once.
type Diagnostic struct {
	Severity Severity
	// Code is stable and lower-case with hyphens, such as "unknown-filter"; scripts may rely on it.
	Code string
	// Summary is a fixed phrase for the code, such as "Unknown filter", without names from the file.
	Summary string
	// Detail is one or more full sentences with the names at hand, the nearest known name, and,
	// on a line of its own, a command to copy where one helps.
	Detail string
	// Subject is where it is wrong.
	Subject Range
	// Context says where that is in the configuration, such as `report "weekly-chats" > datasets > by_day`.
	Context string
	Related []Related
}

// List collects diagnostics.
type List []Diagnostic

// Add appends d.
func (l *List) Add(d Diagnostic) { *l = append(*l, d) }

// Extend appends all of other.
func (l *List) Extend(other List) { *l = append(*l, other...) }

// HasErrors reports whether any diagnostic has severity Error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sorted returns the diagnostics by file, line, column and code, repeats removed.
func (l List) Sorted() List {
	out := slices.Clone(l)
	slices.SortStableFunc(out, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Subject.File, b.Subject.File),
			cmp.Compare(a.Subject.Start.Line, b.Subject.Start.Line),
			cmp.Compare(a.Subject.Start.Column, b.Subject.Start.Column),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Detail, b.Detail),
		)
	})
	return slices.CompactFunc(out, func(a, b Diagnostic) bool {
		return a.Subject == b.Subject && a.Code == b.Code && a.Detail == b.Detail
	})
}
