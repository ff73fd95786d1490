package source

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// mark is a place in an answer, beside the rows, that says something: the total, a flag, the way to the next page.
type mark struct {
	key  string // of the source
	path []string
}

// beneath returns those of marks that are at key or beneath it, without that key.
func beneath(marks []mark, key string) []mark {
	var out []mark
	for _, m := range marks {
		if m.path[0] == key {
			out = append(out, mark{m.key, m.path[1:]})
		}
	}
	return out
}

// each stands in a path for every item of a list.
const each = "[]"

// envelope reads the value that holds the rows under the keys of records, and marks beside them.
func (d *decoder) envelope(records []string, marks []mark) error {
	if len(records) == 0 {
		return d.rows()
	}
	if records[0] == each {
		return d.items(records[1:])
	}
	if err := d.expect('{', keyRecords); err != nil {
		return err
	}
	found := false
	err := d.members(func(key string) error {
		inner := beneath(marks, key)
		if records[0] == key {
			if found {
				return twice(key)
			}
			found = true
			return d.envelope(records[1:], inner)
		}
		return d.aside(inner)
	})
	if err == nil && !found {
		return d.misplaced(keyRecords)
	}
	return err
}

// twice is the error for an object with the key on the way to the rows two times: either may hold what is meant.
func twice(key string) error {
	return &failure{
		text:   fmt.Sprintf("the answer has the key %q twice in one object, on the way to the rows", key),
		advice: "Which of them is meant, nobody can tell: whoever runs the API must mend it.",
	}
}

// items reads a list whose items each hold rows, or lack what leads to them.
func (d *decoder) items(records []string) error {
	if err := d.expect('[', keyRecords); err != nil {
		return err
	}
	for d.json.PeekKind() != ']' {
		if err := d.item(records); err != nil {
			return err
		}
	}
	_, err := d.json.ReadToken()
	return err
}

// item reads one item of a list, which may lack rows.
func (d *decoder) item(records []string) error {
	switch {
	case d.json.PeekKind() == 'n':
		d.lacking = true
		return d.json.SkipValue()
	case len(records) == 0:
		return d.rows()
	case records[0] == each:
		return d.items(records[1:])
	}
	if err := d.expect('{', keyRecords); err != nil {
		return err
	}
	found := false
	err := d.members(func(key string) error {
		if records[0] != key {
			return d.json.SkipValue()
		}
		if found {
			return twice(key)
		}
		found = true
		return d.item(records[1:])
	})
	d.lacking = d.lacking || !found
	return err
}

// members calls read for each member of an object whose beginning was read; read takes in the value.
func (d *decoder) members(read func(key string) error) error {
	for d.json.PeekKind() != '}' {
		name, err := d.json.ReadToken()
		if err != nil {
			return err
		}
		if err := read(name.String()); err != nil {
			return err
		}
	}
	_, err := d.json.ReadToken()
	return err
}

// aside reads marks from a value that does not hold the rows.
func (d *decoder) aside(marks []mark) error {
	switch {
	case len(marks) == 0:
		return d.json.SkipValue()
	case len(marks[0].path) == 0:
		return d.say(marks[0].key)
	case d.json.PeekKind() == 'n' && marks[0].key == keyNext:
		d.page.hasNext = true // {"paging": null} on the last page
		return d.json.SkipValue()
	}
	if err := d.expect('{', marks[0].key); err != nil {
		return err
	}
	return d.members(func(key string) error { return d.aside(beneath(marks, key)) })
}

// say takes in what a mark says.
func (d *decoder) say(key string) error {
	raw, err := d.json.ReadValue()
	if err != nil {
		return err
	}
	unread := func() error {
		e := d.misplaced(key)
		e.value = d.secrets.excerpt(raw, 40)
		return e
	}
	switch key {
	case keyTotal:
		// It may come as a string.
		n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
		if err != nil || n < 0 {
			return unread()
		}
		d.page.total = n
	case keyMore:
		switch string(raw) {
		case "true", "1", `"true"`:
			d.page.more = yes
		case "false", "0", `"false"`, "null":
			d.page.more = no
		default:
			return unread()
		}
	case keyNext:
		d.page.hasNext = true
		switch raw.Kind() {
		case 'n', 'f':
		case '0':
			d.page.next = string(raw)
		case '"':
			text, err := jsontext.AppendUnquote(nil, raw)
			if err != nil {
				return errors.New("the answer is not JSON")
			}
			d.page.next = string(text)
		default:
			return unread()
		}
	}
	return nil
}
