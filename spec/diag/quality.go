package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// issue is a diagnostic as GitLab's code quality reports have it, in a part of Code Climate's format.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type issue struct {
	Description string   `json:"description"`
	CheckName   string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"`
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

type location struct {
	Path  string `json:"path"`
	Lines lines  `json:"lines"`
}

type lines struct {
	Begin int `json:"begin"`
}

// CodeQuality writes the diagnostics that have a place in a file, sorted, as a report that GitLab shows beside the lines of a
// merge request. A fingerprint is of what is said and of what it is said about, and not of the line: what was there before
// is known again where lines have been put in above it.
func CodeQuality(w io.Writer, l List) error {
	issues := []issue{} // GitLab takes no null
	seen := map[string]int{}
	for _, d := range l.Sorted() {
		if d.Subject.File == "" || d.Subject.isGiven() {
			continue
		}
		i := issue{
			Description: strings.Join(strings.Fields(visible(d.title())+". "+strings.Join(visibleLines(d.Detail), " ")), " "),
			CheckName:   d.Code, Severity: "major",
			Location: location{d.Subject.File, lines{max(1, d.Subject.Start.Line)}},
		}
		if d.Severity == Warning {
			i.Severity = "minor"
		}
		said := strings.Join([]string{d.Code, d.Subject.File, d.Context, d.Summary, d.Detail}, "\x00")
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", said, seen[said]))
		seen[said]++
		i.Fingerprint = hex.EncodeToString(sum[:16])
		issues = append(issues, i)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(issues)
}
