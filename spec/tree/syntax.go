package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/spec/diag"
)

// syntaxFault says what breaks a file that is not YAML, and where. yaml.v3's own line is that of the enclosing map or
// list, one too few, or missing, so the place is found anew: the file is read without its last lines
// until it is whole, and what was taken away last is where it broke.
func (s *source) syntaxFault(err error) diag.Diagnostic {
	problem := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if rest, ok := strings.CutPrefix(problem, "line "); ok {
		_, _ = fmt.Sscanf(rest, "%d:", &line)
		_, problem, _ = strings.Cut(rest, ": ")
	}
	if name, ok := unknownAnchor(problem); ok {
		return s.anchorFault(name)
	}
	read := s.forLibrary()
	last := read.brokenAt()
	first := read.brokenFrom(last, max(1, line))
	if d, ok := s.trap(first, last); ok {
		return d
	}
	if odd, spaces := s.oddLine(problem, last); odd > 0 {
		return diag.Diagnostic{Code: "bad-yaml", Summary: "Not YAML", Subject: s.lineSpan(odd), Detail: oddDetail(spaces)}
	}
	if strings.Contains(problem, "expected ':'") {
		last = first // the line that lacks its colon is read on from
	}
	return diag.Diagnostic{Code: "bad-yaml", Summary: "Not YAML", Subject: s.lineSpan(last), Detail: syntaxDetail(problem)}
}

// brokenAt returns the line up to which yaml.v3 reads before it gives up.
func (s *source) brokenAt() int {
	counter := &byteReader{data: s.data}
	var ignored yaml.Node
	for decoder := yaml.NewDecoder(counter); decode(decoder, &ignored) == nil; {
	}
	read := max(0, min(counter.read, len(s.data))-1)
	line := s.line(read)
	for line > 1 && s.lineSpan(line).Start == s.lineSpan(line).End {
		line--
	}
	return line
}

// decode reads a document. A file comes from anybody: what makes the library panic is the file's fault to the user.
func decode(decoder *yaml.Decoder, into *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("yaml: %v", p)
		}
	}()
	return decoder.Decode(into)
}

// byteReader hands out one byte at a time, so that read is how far its reader has come.
type byteReader struct {
	data []byte
	read int
}

// Read implements io.Reader.
func (b *byteReader) Read(p []byte) (int, error) {
	if b.read >= len(b.data) {
		return 0, io.EOF
	}
	p[0] = b.data[b.read]
	b.read++
	return 1, nil
}

// brokenFrom returns the first line without which the text up to last is no longer broken. Within a list or quotes of many
// lines that is where they open. reported is used where the search would take long.
func (s *source) brokenFrom(last, reported int) int {
	const budget = 2 * MaxFile
	for line, spent := last, 0; line > 1; line-- {
		prefix := s.data[:s.lines[line-1]]
		if spent += len(prefix); spent > budget {
			return min(reported, last)
		}
		var ignored yaml.Node
		var err error
		for decoder := yaml.NewDecoder(bytes.NewReader(prefix)); err == nil; {
			err = decode(decoder, &ignored)
		}
		if errors.Is(err, io.EOF) {
			return line
		}
	}
	return 1
}

func unknownAnchor(problem string) (string, bool) {
	rest, ok := strings.CutPrefix(problem, "unknown anchor '")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, "' referenced")
}

// anchorFault finds the alias of an anchor that is not there.
func (s *source) anchorFault(name string) diag.Diagnostic {
	at := 0
	alias := regexp.MustCompile(`(?m)(?:^|[\s\[{,])(\*` + regexp.QuoteMeta(name) + `)(?:$|[^0-9A-Za-z_-])`)
	if found := alias.FindSubmatchIndex(s.data); found != nil {
		at = found[2]
	}
	return diag.Diagnostic{
		Code: "unknown-anchor", Summary: "Unknown anchor", Subject: s.span(at, min(at+1+len(name), len(s.data))),
		Detail: fmt.Sprintf("\"*%s\" stands for a value that is named \"&%s\" further up in this file, and there is none. Text that begins with an asterisk stands in quotes.", name, name),
	}
}

// syntaxDetail says in our words what yaml.v3 found, for what no trap explains.
func syntaxDetail(problem string) string {
	for _, known := range []struct{ theirs, ours string }{
		{"mapping values are not allowed", "A key stands here where none can be. Its line is likely indented deeper than the lines that it belongs to, or the line before lacks something."},
		{"did not find expected key", "This line does not fit the lines above it. Keys of one mapping begin in the same column."},
		{"did not find expected '-' indicator", "This line does not fit the list above it. All items of a list begin with \"-\" in the same column."},
		{"block sequence entries are not allowed", "A list item stands here where none can be. A list begins on a line of its own, below its key."},
		{"could not find expected ':'", "A key needs a colon and a space behind it, such as \"range: last_week\"."},
		{"did not find expected ',' or", "Values within \"[]\" and \"{}\" are separated by commas, and the bracket that opens is closed."},
		{"found character that cannot start any token", "Text that begins with this character stands in quotes."},
		{"did not find expected comment or line break", "Behind \"|\" or \">\" the text begins on the next line. Text that begins with one of them stands in quotes."},
		{"found unknown escape character", "Within double quotes a backslash begins an escape. Write it twice, or use single quotes."},
		{"did not find expected digit", "Within double quotes a backslash begins an escape. Write it twice, or use single quotes."},
		{"did not find expected hexdecimal number", "Within double quotes a backslash begins an escape. Write it twice, or use single quotes."},
		{"found undefined tag handle", "Text that begins with an exclamation mark stands in quotes."},
		{"exceeded max depth", "Values are nested too deep here."},
	} {
		if strings.Contains(problem, known.theirs) {
			return known.ours
		}
	}
	return "This line cannot be read as YAML. Look at its indentation, quotes, brackets and colons."
}
