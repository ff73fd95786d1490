package source

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/reportform/reportform/spec/expr"
)

// pseudonyms are the made-up values of a recording. The same value has the same one in all of it, whatever column it
// stands in, so that rows still belong together.
type pseudonyms struct {
	known map[string]string
	// count says how many there are of a kind.
	count map[string]int
	// values are the different ones of each column: those that were replaced, and those that were not and look personal.
	replaced, suspected map[recordedColumn]map[string]bool
	// everywhere replaces what is known in texts, without takes it out; nil while values are still gathered.
	everywhere, without *strings.Replacer
}

// recordedColumn is a column of a source.
type recordedColumn struct{ source, column string }

func newPseudonyms() *pseudonyms {
	return &pseudonyms{
		known: map[string]string{}, count: map[string]int{},
		replaced: map[recordedColumn]map[string]bool{}, suspected: map[recordedColumn]map[string]bool{},
	}
}

func (p *pseudonyms) made() []Made     { return counted(p.replaced) }
func (p *pseudonyms) doubtful() []Made { return counted(p.suspected) }

// counted says of how many different values columns are, in an order that stays.
func counted(columns map[recordedColumn]map[string]bool) []Made {
	var out []Made
	for c, values := range columns {
		out = append(out, Made{Source: c.source, Column: c.column, Values: len(values)})
	}
	slices.SortFunc(out, func(a, b Made) int {
		return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Column, b.Column))
	})
	return out
}

// note counts a value of a column.
func note(into map[recordedColumn]map[string]bool, c recordedColumn, value string) {
	if into[c] == nil {
		into[c] = map[string]bool{}
	}
	into[c][value] = true
}

var (
	mailLike  = regexp.MustCompile(`^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$`)
	phoneLike = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]*$`)
)

// shortestPhone is the number of digits from which a number is taken for a telephone's.
const shortestPhone = 7

// of returns what stands for a value; word is the name of such things, as in Agent 1.
func (p *pseudonyms) of(word, value string) string {
	if made, ok := p.known[value]; ok {
		return made
	}
	kind, digits := word, 0
	for _, c := range value {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	switch {
	case mailLike.MatchString(value):
		kind = "@"
	case phoneLike.MatchString(value) && digits >= shortestPhone:
		kind = "0"
	}
	p.count[kind]++
	n := p.count[kind]
	made := strings.TrimLeft(fmt.Sprintf("%s %d", word, n), " ")
	switch kind {
	case "@":
		made = fmt.Sprintf("person%d@example.com", n)
	case "0":
		made = otherDigits(value, digits, n)
	}
	p.known[value] = made
	return made
}

// otherDigits writes the telephone number n in the form of another.
func otherDigits(value string, digits, n int) string {
	number := []byte(fmt.Sprintf("5%0*d", digits-1, n))
	number = number[len(number)-digits:]
	out := []byte(value)
	for i, c := range out {
		if c >= '0' && c <= '9' {
			out[i], number = number[0], number[1:]
		}
	}
	return string(out)
}

// replace returns an answer with made-up values in the columns that are personal, and how many rows it has.
func (p *pseudonyms) replace(f *fetch, status int, body []byte) ([]byte, int, error) {
	if status < 200 || status >= 300 {
		// A rule says what it means, by its text: nothing of it is a column.
		if p.everywhere == nil {
			return body, 0, nil
		}
		if out, err := p.echoes(f, body, nil, ""); err == nil {
			return out, 0, nil
		}
		return []byte(p.within(recordedColumn{f.r.Connection + "." + f.r.Source.Name, ""}, string(body))), 0, nil
	}
	bare := bytes.TrimPrefix(body, byteOrderMark)
	if f.layout.format == formatCSV {
		return p.replaceCSV(f, bare)
	}
	for {
		w := &watching{p: p, f: f, body: bare}
		pg, err := f.layout.decodeJSON(bare, w.watch)
		if errors.Is(err, errBeside) {
			continue
		}
		if err != nil {
			return nil, 0, fmt.Errorf("the answer of %s.%s without secrets is no longer what it was: %w", f.r.Connection, f.r.Source.Name, err)
		}
		out := append(w.out, bare[w.done:]...)
		if p.everywhere == nil {
			return out, pg.rows, nil
		}
		out, err = p.echoes(f, out, w.spans, pg.next)
		return out, pg.rows, err
	}
}

// watching replaces values while an answer is decoded.
type watching struct {
	p    *pseudonyms
	f    *fetch
	body []byte
	// out is what was written for body up to done.
	out  []byte
	done int64
	// spans are of the values, as they stand in what was written.
	spans []span
}

// watch takes in a value that ends at an offset.
func (w *watching) watch(n *node, raw []byte, end int64) {
	begin := end - int64(len(raw))
	at := span{begin: int64(len(w.out)) + begin - w.done}
	at.end = at.begin + int64(len(raw))
	c, word, personal := columnAt(w.f, n)
	at.column, at.typed = c, word == ""
	if personal {
		if made := w.p.value(c, word, raw); made != nil {
			w.out = append(append(w.out, w.body[w.done:begin]...), made...)
			w.done, at.end, at.made = end, int64(len(w.out)), true
		}
	}
	w.spans = append(w.spans, at)
}

// columnAt says which column a place in a record is, what its values are called, and whether they are personal. No word
// is for numbers.
func columnAt(f *fetch, n *node) (c recordedColumn, word string, personal bool) {
	c = recordedColumn{f.r.Connection + "." + f.r.Source.Name, n.name}
	if n.column < 0 || n.column >= len(f.layout.columns) {
		return c, n.name, slices.ContainsFunc(f.r.Source.Personal, func(path string) bool {
			return n.path == path || strings.HasPrefix(n.path, path+".")
		})
	}
	of := f.layout.columns[n.column]
	c.column = of.Field.Name
	if of.Field.Type != expr.Text {
		return c, "", of.Personal
	}
	return c, cmp.Or(of.Labels["en"], of.Field.Label, strings.ReplaceAll(of.Field.Name, "_", " ")), of.Personal
}

// value returns the JSON that stands for another one of a personal column; nil where that stays.
func (p *pseudonyms) value(c recordedColumn, word string, raw jsontext.Value) []byte {
	switch kind := raw.Kind(); kind {
	case 'n', 't', 'f':
		return nil
	case '[':
		return p.list(c, word, raw)
	case '"', '0':
		text := string(raw)
		if kind == '"' {
			unquoted, err := jsontext.AppendUnquote(nil, raw)
			if err != nil || len(unquoted) == 0 {
				return nil
			}
			text = string(unquoted)
		}
		note(p.replaced, c, text)
		made := p.of(word, text)
		if _, err := strconv.ParseFloat(made, 64); kind == '0' && err == nil {
			return []byte(made)
		}
		return quoted(made)
	default:
		note(p.replaced, c, string(raw))
		return quoted(p.of(word, string(raw)))
	}
}

// list replaces each value of a list by itself: one of them may stand in another column alone.
func (p *pseudonyms) list(c recordedColumn, word string, raw jsontext.Value) []byte {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	var items [][]byte
	for dec.PeekKind() != ']' {
		item, err := dec.ReadValue()
		if err != nil {
			return nil
		}
		text := string(item)
		if item.Kind() == '"' {
			if unquoted, err := jsontext.AppendUnquote(nil, item); err == nil {
				text = string(unquoted)
			}
		}
		note(p.replaced, c, text)
		items = append(items, quoted(p.of(word, text)))
	}
	return slices.Concat([]byte{'['}, bytes.Join(items, []byte{','}), []byte{']'})
}

func quoted(text string) []byte {
	out, _ := jsontext.AppendQuote(nil, text) // the error is for what is not UTF-8, which is replaced
	return out
}

// replaceCSV is replace for a CSV.
func (p *pseudonyms) replaceCSV(f *fetch, body []byte) ([]byte, int, error) {
	d := &decoder{layout: f.layout, page: &page{total: -1}, body: body}
	d.begin()
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma = f.layout.delimiter
	header, err := r.Read()
	if err != nil {
		return nil, 0, f.layout.unreadable(err)
	}
	places, err := d.header(header)
	if err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = f.layout.delimiter
	rows := 0
	for record := header; ; rows++ {
		if err := w.Write(record); err != nil {
			return nil, 0, err
		}
		record, err = r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, f.layout.unreadable(err)
		}
		for i, text := range record {
			c, word, personal := columnAt(f, places[i])
			switch {
			case text == "":
			case personal:
				note(p.replaced, c, text)
				record[i] = p.of(word, text)
			case word == "":
				record[i] = p.number(text)
			default:
				record[i] = p.within(c, text)
			}
		}
	}
	w.Flush()
	return out.Bytes(), rows, w.Error()
}
