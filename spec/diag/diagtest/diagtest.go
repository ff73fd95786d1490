// Package diagtest compares what tests expect to be said of a file with what is said.
package diagtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/diag"
)

// Said writes a diagnostic as one line: its code, its place, and the text of the file that it marks.
func Said(data string, d diag.Diagnostic) string {
	return fmt.Sprintf("%s %d:%d %q", d.Code, d.Subject.Start.Line, d.Subject.Start.Column, Marked(data, d.Subject))
}

// Marked returns the text of a stretch of a file, found by counting characters as an editor does.
func Marked(data string, at diag.Range) string {
	lines := strings.Split(strings.TrimPrefix(data, "\uFEFF"), "\n")
	offset := func(p diag.Pos) int {
		before := 0
		for _, line := range lines[:p.Line-1] {
			before += len(line) + 1
		}
		return before + len(string([]rune(lines[p.Line-1])[:p.Column-1]))
	}
	return strings.TrimPrefix(data, "\uFEFF")[offset(at.Start):offset(at.End)]
}

// Check compares diagnostics with what should have been said, and looks for cures in their details.
func Check(t *testing.T, data string, got diag.List, want []string, cure string) {
	t.Helper()
	var lines []string
	var details strings.Builder
	for _, d := range got {
		lines = append(lines, Said(data, d))
		details.WriteString(d.Detail + "\n")
		if d.Summary == "" || d.Detail == "" || d.Subject.File != "reports.yaml" {
			t.Errorf("diagnostic without summary, detail or file: %+v", d)
		}
	}
	if !slices.Equal(lines, want) {
		t.Errorf("said:\n  %s\nwant:\n  %s", strings.Join(lines, "\n  "), strings.Join(want, "\n  "))
	}
	if !strings.Contains(details.String(), cure) {
		t.Errorf("no %q in:\n%s", cure, details.String())
	}
}
