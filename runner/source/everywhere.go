package source

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/reportform/reportform/spec"
)

// shortestPersonal is the number of characters from which a personal value is replaced in columns that are not personal, too.
// Shorter ones would be found in every second word.
const shortestPersonal = 4

var (
	mailWithin = regexp.MustCompile(`[^\s@<>"'(),;]+(?:@|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}`)
	// phoneWithin is a number with its country, or one in the groups that nobody writes a date, an amount or an id in.
	phoneWithin = regexp.MustCompile(`(?:^|[^\p{L}\p{N}.,-])(?:(?:\+|%2B)[0-9](?:[ ()./-]{0,2}[0-9]){7,14}|00[1-9](?:[ ()./-]{0,2}[0-9]){8,12}` +
		`|\(?[0-9]{3}\)?[ -][0-9]{3}[ -][0-9]{3,4}|\(?[0-9]{2,3}\)?[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2})(?:$|[^\p{L}\p{N}-])`)
)

// looksPersonal reports whether a text has in it what nobody writes who does not mean a person.
func looksPersonal(text string) bool {
	return mailWithin.MatchString(text) || phoneWithin.MatchString(text)
}

// gather makes what replaces, from now on, each known value wherever it stands.
func (p *pseudonyms) gather() {
	var values, made, blank []string
	for value := range p.known {
		if utf8.RuneCountInString(value) >= shortestPersonal && (!onlyDigits(value) || len(value) >= shortestPhone) {
			values = append(values, value)
		}
	}
	// What stands first is tried first: a value that begins another must not leave its end behind.
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	for _, value := range values {
		inJSON := func(s string) string { q := quoted(s); return string(q[1 : len(q)-1]) }
		for i, form := range []func(string) string{strings.Clone, url.QueryEscape, url.PathEscape, inJSON} {
			if written := form(value); i == 0 || written != value {
				made = append(made, written, form(p.known[value]))
				blank = append(blank, written, " ")
			}
		}
	}
	p.everywhere, p.without = strings.NewReplacer(made...), strings.NewReplacer(blank...)
}

func onlyDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// within returns a text of a column that is not personal with what is known in it made up, and notes what else looks personal.
func (p *pseudonyms) within(c recordedColumn, text string) string {
	if p.everywhere == nil {
		return text
	}
	if looksPersonal(p.without.Replace(text)) {
		note(p.suspected, c, text)
	}
	if made, ok := p.known[text]; ok && utf8.RuneCountInString(text) >= shortestPersonal {
		return made
	}
	return p.everywhere.Replace(text)
}

// number returns what stands for a number, or for the text of a column that is none of texts: such a one is personal as a
// whole or not at all, and goes on being a number.
func (p *pseudonyms) number(text string) string {
	if made, ok := p.known[text]; ok && p.everywhere != nil && len(text) >= shortestPhone && onlyDigits(text) && onlyDigits(made) {
		return made
	}
	return text
}

// span is where a value of a record stands, whose column is known.
type span struct {
	begin, end int64
	column     recordedColumn
	// made: it is made up. typed: it is no text.
	made, typed bool
}

// echoes replaces in a JSON what is known in all texts and keys, beside the rows as well. Of columns' own keys, and of the way
// to the next page, none is changed: by these the answer is read.
func (p *pseudonyms) echoes(f *fetch, body []byte, spans []span, next string) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
	var out []byte
	done := int64(0)
	for {
		kind := dec.PeekKind()
		if kind != '"' && kind != '0' {
			if _, err := dec.ReadToken(); errors.Is(err, io.EOF) {
				return append(out, body[done:]...), nil
			} else if err != nil {
				return nil, err
			}
			continue
		}
		raw, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		end := dec.InputOffset()
		begin := end - int64(len(raw))
		for len(spans) > 0 && spans[0].end <= begin {
			spans = spans[1:]
		}
		at := span{column: recordedColumn{f.r.Connection + "." + f.r.Source.Name, dec.StackPointer().LastToken()}, typed: kind == '0'}
		if len(spans) > 0 && spans[0].begin <= begin {
			typed := at.typed
			at = spans[0]
			at.typed = at.typed || typed
		}
		text := string(raw)
		if kind == '"' {
			unquoted, _ := jsontext.AppendUnquote(nil, raw) // the decoder has refused what is invalid
			text = string(unquoted)
		}
		parent, n := dec.StackIndex(dec.StackDepth())
		isKey := parent == '{' && n%2 == 1
		if at.made || text == next || isKey && f.layout.reads(text) {
			continue
		}
		made := p.number(text)
		if !at.typed {
			made = p.within(at.column, text)
		}
		if made == text {
			continue
		}
		out = append(out, body[done:begin]...)
		if kind == '"' {
			out = append(out, quoted(made)...)
		} else {
			out = append(out, made...)
		}
		done = end
	}
}

// reads reports whether an answer is read by a key: on the way to the rows or to what stands beside them, or in a column's
// place or name, which has keys with "_" between them.
func (l *layout) reads(key string) bool {
	return slices.Contains(l.records, key) ||
		slices.ContainsFunc(l.marks, func(m mark) bool { return slices.Contains(m.path, key) }) ||
		slices.ContainsFunc(l.columns, func(c *spec.SourceColumn) bool {
			return strings.Contains("."+c.Path+".", "."+key+".") || strings.Contains("_"+c.Field.Name+"_", "_"+key+"_")
		})
}
