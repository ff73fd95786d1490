package reporttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// safe is a text that YAML reads as text without quotes, wherever it stands.
var safe = regexp.MustCompile(`^[\p{L}_/][\p{L}\p{N}_./@ +%()-]*$`)

// words are texts that YAML or its readers take for something else.
var words = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

// text writes a text into YAML.
func text(s string) string {
	if safe.MatchString(s) && !strings.HasSuffix(s, " ") && !slices.Contains(words, strings.ToLower(s)) {
		return s
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a text always has a JSON, which is YAML too
	var out strings.Builder
	for _, c := range strings.TrimSuffix(b.String(), "\n") {
		if c >= 0x7F && !unicode.IsPrint(c) { // what JSON may hold, and YAML not
			fmt.Fprintf(&out, `\U%08x`, c)
		} else {
			out.WriteRune(c)
		}
	}
	return out.String()
}

// flow writes a list into YAML, on one line.
func flow(items []string) string {
	quoted := make([]string, len(items))
	for i, item := range items {
		quoted[i] = text(item)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// block writes a list into YAML with a line for each item, where the first stands at a column. Items that were there
// before keep their lines, with what is said behind them.
func block(items, before []string, written []byte, lineEnd string, column int) string {
	var old []string
	for line := range strings.Lines(string(written)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "-") {
			old = append(old, line)
		}
	}
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = "- " + text(item)
		if at := slices.Index(before, item); at >= 0 && len(old) == len(before) {
			lines[i] = old[at]
		}
	}
	return strings.Join(lines, lineEnd+strings.Repeat(" ", column-1))
}

// Update returns a test file with what came out in the place of what was expected, and how many values that were.
// All else stays as it is, comments and layout too. What could not be compared stays: there is nothing to write.
func Update(file *spec.TestFile, failures []Failure) (data []byte, changed int) {
	lines := bytes.SplitAfter(file.Data, []byte("\n"))
	begin := make([]int, len(lines)+1)
	for i, line := range lines {
		begin[i+1] = begin[i] + len(line)
	}
	offset := func(p diag.Pos) int {
		line := lines[p.Line-1]
		if p.Line == 1 {
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		at := begin[p.Line] - len(line)
		for range p.Column - 1 {
			_, size := utf8.DecodeRune(file.Data[at:])
			at += size
		}
		return at
	}
	type change struct {
		from, to int
		text     string
	}
	lineEnd := "\n"
	if bytes.Contains(file.Data, []byte("\r\n")) {
		lineEnd = "\r\n"
	}
	var changes []change
	for _, f := range failures {
		at := f.Want.Range
		if f.Why != "" || at.File != file.Name {
			continue
		}
		c := change{offset(at.Start), offset(at.End), f.written}
		if f.Want.Form == spec.WantList && file.Data[c.from] == '-' {
			if c.text = block(f.items, f.Want.Items, file.Data[c.from:c.to], lineEnd, at.Start.Column); c.text == "" {
				// Lines may begin where their key does, and what is behind a key may not.
				c.text = " []"
				if key := bytes.TrimRight(file.Data[:c.from], " \r\n"); bytes.HasSuffix(key, []byte(":")) {
					c.from = len(key)
				}
			}
		}
		if c.from == c.to { // a key without a value
			c.text = " " + c.text
		}
		// By an alias one value is expected at several places: the first says what it is.
		if !slices.ContainsFunc(changes, func(o change) bool { return o.from < c.to && c.from < o.to || o.from == c.from }) {
			changes = append(changes, c)
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return b.from - a.from })
	data = slices.Clone(file.Data)
	for _, c := range changes {
		data = slices.Concat(data[:c.from], []byte(c.text), data[c.to:])
	}
	return data, len(changes)
}
