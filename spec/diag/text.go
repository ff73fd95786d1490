package diag

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// TextOptions say how a terminal is written to. The zero value suits a log file.
type TextOptions struct {
	// Color paints the heads, the rule and the carets.
	Color bool
	// Rule draws a line at the left of each diagnostic, which sets it apart from other output.
	Rule bool
}

// The few sequences that are written; texts of the user never hold one (see visible).
const (
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	bold   = "\x1b[1m"
	reset  = "\x1b[0m"
)

// Text writes the diagnostics for people, sorted, each with the line it speaks of:
//
//	Error: Unknown filter
//
//	  on reports/chats.yaml:24:11, in report "weekly-chats" > datasets > by_day
//	  23:         filters:
//	  24:           chat_queue_id: [1, 3]
//	                ^~~~~~~~~~~~~
//
//	The source "thulium.chats_summary" has no filter "chat_queue_id". Did you mean "chat_queue_ids"?
//
// A file that files does not hold is named without its line.
func Text(w io.Writer, l List, files Files, o TextOptions) error {
	b := bufio.NewWriter(w)
	for i, d := range l.Sorted() {
		if i > 0 && !o.Rule {
			_ = b.WriteByte('\n')
		}
		p := printer{w: b, o: o, tone: red}
		if d.Severity == Warning {
			p.tone = yellow
		}
		p.diagnostic(d, files)
	}
	return b.Flush()
}

// printer writes one diagnostic.
type printer struct {
	w    *bufio.Writer
	o    TextOptions
	tone string
}

func (p printer) diagnostic(d Diagnostic, files Files) {
	head := "Error: "
	if d.Severity == Warning {
		head = "Warning: "
	}
	p.rule("╷")
	p.line(p.paint(p.tone, head) + p.paint(bold, visible(d.title())))
	if !d.Subject.IsZero() || d.Context != "" {
		p.line("")
		p.line("  " + place(d))
		p.excerpt(files, d.Subject)
	}
	for _, r := range d.Related {
		p.line("  " + place(Diagnostic{Subject: r.Range}) + ": " + visible(r.Message))
		p.excerpt(files, r.Range)
	}
	if d.Detail != "" {
		p.line("")
		for _, line := range visibleLines(d.Detail) {
			p.line(line)
		}
	}
	p.rule("╵")
}

// rule draws an end of the line at the left.
func (p printer) rule(end string) {
	if p.o.Rule {
		fmt.Fprintln(p.w, p.paint(p.tone, end))
	}
}

// line writes one line, behind the rule where there is one.
func (p printer) line(text string) {
	switch {
	case !p.o.Rule:
		text = notCommand(text)
	case text == "":
		text = p.paint(p.tone, "│")
	default:
		text = p.paint(p.tone, "│") + " " + text
	}
	fmt.Fprintln(p.w, text)
}

// excerpt writes the line of a range and the one before it, and a caret below the place.
func (p printer) excerpt(files Files, r Range) {
	e, ok := files.excerpt(r)
	if !ok {
		return
	}
	number := strconv.Itoa(r.Start.Line)
	if e.before != "" {
		p.line(fmt.Sprintf("  %*d: %s", len(number), r.Start.Line-1, e.before))
	}
	p.line(strings.TrimRight("  "+number+": "+e.code, " "))
	caret := "^" + strings.Repeat("~", e.span-1)
	p.line(strings.Repeat(" ", len("  ")+len(number)+len(": ")+e.indent) + p.paint(p.tone, caret))
}

// paint colours a text, where colour is wanted.
func (p printer) paint(tone, text string) string {
	if !p.o.Color {
		return text
	}
	return tone + text + reset
}

// place says where a diagnostic is: "on chats.yaml:24:11, in report …".
func place(d Diagnostic) string {
	var parts []string
	switch {
	case d.Subject.isGiven():
		parts = append(parts, "in "+d.Subject.String())
	case !d.Subject.IsZero():
		parts = append(parts, "on "+d.Subject.String())
	}
	if d.Context != "" {
		parts = append(parts, "in "+visible(d.Context))
	}
	return strings.Join(parts, ", ")
}

// Argument and Environment begin the name of what is no file, and shows its one line all the same: the value of an
// argument on the command line, and that of a name in the environment.
const (
	Argument    = "--var "
	Environment = "REPORTFORM_VAR_"
)

// isGiven reports whether the range is within a value that was given from outside the files, where no editor goes.
func (r Range) isGiven() bool {
	return strings.HasPrefix(r.File, Argument) || strings.HasPrefix(r.File, Environment)
}

// String is the range's start as editors and terminals make a link of it: chats.yaml:24:11.
func (r Range) String() string {
	s := visible(r.File)
	if r.Start.Line > 0 && !r.isGiven() {
		s += fmt.Sprintf(":%d:%d", r.Start.Line, max(1, r.Start.Column))
	}
	return s
}

// title is the summary; a diagnostic that was given none still says which it is.
func (d Diagnostic) title() string {
	if d.Summary != "" {
		return d.Summary
	}
	return d.Code
}
