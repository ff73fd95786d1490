package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Compact writes one line for each diagnostic, sorted, as compilers do:
//
//	reports/chats.yaml:24:11: error: Unknown filter: The source "…" has no filter "chat_queue_id". [unknown-filter]
func Compact(w io.Writer, l List) error {
	b := bufio.NewWriter(w)
	for _, d := range l.Sorted() {
		var line strings.Builder
		if !d.Subject.IsZero() {
			line.WriteString(d.Subject.String() + ": ")
		}
		line.WriteString(d.Severity.String() + ": " + visible(d.title()))
		if d.Detail != "" {
			line.WriteString(": " + strings.Join(strings.Fields(strings.Join(visibleLines(d.Detail), " ")), " "))
		}
		line.WriteString(" [" + visible(d.Code) + "]")
		fmt.Fprintln(b, notCommand(line.String()))
	}
	return b.Flush()
}

// GitHub writes workflow commands that make an annotation at the line of each diagnostic, sorted:
//
//	::error file=reports/chats.yaml,line=24,endLine=24,col=11,endColumn=24,title=Unknown filter::The source …
//
// Columns are given only within one line, as GitHub demands. File names are written as they stand in Subject:
// GitHub finds them when the program was started in the root of the checkout.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func GitHub(w io.Writer, l List) error {
	b := bufio.NewWriter(w)
	for _, d := range l.Sorted() {
		var properties []string
		set := func(name, value string) {
			properties = append(properties, name+"="+githubProperty.Replace(visible(value)))
		}
		if s := d.Subject; s.File != "" && !s.isGiven() {
			set("file", s.File)
			if s.Start.Line > 0 {
				set("line", fmt.Sprint(s.Start.Line))
				set("endLine", fmt.Sprint(max(s.Start.Line, s.End.Line)))
			}
			if s.Start.Line > 0 && s.Start.Column > 0 && s.End.Line == s.Start.Line {
				set("col", fmt.Sprint(s.Start.Column))
				set("endColumn", fmt.Sprint(max(s.Start.Column, s.End.Column)))
			}
		}
		set("title", d.title())
		fmt.Fprintf(b, "::%s %s::%s\n", d.Severity, strings.Join(properties, ","), githubData.Replace(githubMessage(d)))
	}
	return b.Flush()
}

// The escapes of the runner's own toolkit; data is what follows the second "::".
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// githubMessage is never empty: GitHub drops an annotation without a message.
func githubMessage(d Diagnostic) string {
	lines := []string{visible(d.title())}
	if d.Detail != "" {
		lines = visibleLines(d.Detail)
	}
	for _, r := range d.Related {
		lines = append(lines, r.Range.String()+": "+visible(r.Message))
	}
	return strings.Join(lines, "\n")
}

// JSON is a diagnostic for programs. Texts are as they are: whoever prints them escapes them.
type JSON struct {
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	// Context is said even where there is no snippet.
	Context string    `json:"context,omitempty"`
	Range   *Range    `json:"range,omitempty"`
	Snippet *Snippet  `json:"snippet,omitempty"`
	Related []Related `json:"related,omitempty"`
}

// Snippet is the first line of what is wrong, in the form that Terraform's users know.
type Snippet struct {
	Context string `json:"context,omitempty"`
	// Code is the whole line without its ending.
	Code      string `json:"code"`
	StartLine int    `json:"start_line"`
	// HighlightStartOffset and HighlightEndOffset count characters of Code from 0, the end exclusive.
	HighlightStartOffset int `json:"highlight_start_offset"`
	HighlightEndOffset   int `json:"highlight_end_offset"`
}

// JSON returns the diagnostic as it is written with --json; files may be nil.
func (d Diagnostic) JSON(files Files) JSON {
	j := JSON{
		Severity: d.Severity.String(), Code: d.Code, Summary: d.Summary, Detail: d.Detail,
		Context: d.Context, Related: d.Related,
	}
	if d.Subject.IsZero() {
		return j
	}
	j.Range = &d.Subject
	if line, ok := files.line(d.Subject.File, d.Subject.Start.Line); ok {
		start, end := offsets(line, d.Subject)
		j.Snippet = &Snippet{
			Context: d.Context, Code: line, StartLine: d.Subject.Start.Line,
			HighlightStartOffset: start, HighlightEndOffset: end,
		}
	}
	return j
}
