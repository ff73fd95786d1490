package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/diag"
)

// formatError is an answer that is not the promised CSV.
type formatError struct {
	text string
	// advice says what to do where that can be guessed.
	advice string
}

func (e *formatError) Error() string { return e.text }

// decodeCSV reads rows whose values are parted by the layout's delimiter, and the first of which names the columns.
// Values that are empty are missing.
func (l *layout) decodeCSV(body []byte) (*page, error) {
	switch {
	case !utf8.Valid(body):
		return nil, &formatError{text: "the answer is not UTF-8, which a CSV must be"}
	case bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")):
		return nil, &formatError{text: "the answer is no CSV: it begins like a page of HTML"}
	}
	d := &decoder{layout: l, page: &page{total: -1}, body: body}
	d.begin()
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma, r.ReuseRecord = l.delimiter, true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, &formatError{text: "the answer is empty, without even the names of columns"}
	}
	if err != nil {
		return nil, l.unreadable(err)
	}
	places, err := d.header(header)
	if err != nil {
		return nil, err
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, l.unreadable(err)
		}
		for i, text := range record {
			d.scratch = append(d.scratch[:0], text...)
			if err := d.put(places[i], '"', d.scratch, d.scratch); err != nil {
				return nil, err
			}
		}
		if err := d.endRow(); err != nil {
			return nil, err
		}
	}
	d.digest(body)
	if err := d.flush(); err != nil {
		return nil, err
	}
	return d.done()
}

// header finds the places of a CSV's columns. A declared column that is not there is an error: its values would all be
// missing.
func (d *decoder) header(names []string) ([]*node, error) {
	if most := maxColumns + len(d.fields); len(names) > most {
		return nil, fmt.Errorf("%w: the CSV has %d columns, more than %d", errBound, len(names), most)
	}
	places, there := make([]*node, len(names)), map[string]bool{}
	shown := make([]string, len(names))
	for i, name := range names {
		if name == "" {
			name = "column_" + strconv.Itoa(i+1)
		}
		shown[i] = d.secrets.excerpt([]byte(name), 60)
		if there[name] {
			return nil, &formatError{text: fmt.Sprintf("the CSV has two columns named %q", shown[i])}
		}
		there[name] = true
		places[i] = d.child(&d.root, []byte(name))
	}
	for i, c := range d.columns {
		name := c.Path
		if name == "" {
			name = d.fields[i].Name
		}
		if len(c.SumOf) > 0 || there[name] {
			continue
		}
		e := &formatError{text: fmt.Sprintf("the CSV has no column %q: it has %s", name, keysInWords(shown))}
		if near := diag.Nearest(name, names); near != "" {
			e.advice = fmt.Sprintf("Say under the source's columns what the column is called:\n\n    %s: {path: %q}", d.fields[i].Name, near)
		} else if len(names) == 1 {
			e.advice = "Say what stands between the values, such as\n\n    delimiter: \";\""
		}
		return nil, e
	}
	return places, nil
}

// unreadable says in our words what is wrong with a CSV.
func (l *layout) unreadable(err error) error {
	p, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return &formatError{text: "the answer is not CSV"}
	}
	switch {
	case errors.Is(p.Err, csv.ErrFieldCount):
		return &formatError{text: fmt.Sprintf("line %d of the CSV has more or fewer values than there are columns", p.Line)}
	default:
		return &formatError{text: fmt.Sprintf("line %d of the CSV has a quote that is not closed, or in the middle of a value", p.Line)}
	}
}
