package source

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/reportform/reportform/spec/diag"
)

// The keys of a source that say where things are in an answer.
const (
	keyRecords = "records"
	keyTotal   = "total"
	keyMore    = "more"
	keyNext    = "next" // next of a cursor, path of a next_url
)

// shapeError is an answer whose rows, or their count, are not where the source says.
type shapeError struct {
	// key is of the source, and path what it says.
	key  string
	path []string
	// value is a total that is no count, or something else that does not say what it should.
	value string

	// depth is how many keys of path the answer has, and found what stands there.
	depth int
	found jsontext.Kind
	// row is what stands first in a list, where that is no object.
	row jsontext.Kind
	// keys are those of the object that stands there; fit are those among them that path could mean.
	keys, fit []string
}

// misplaced is the error for an answer that does not have what key of the source tells.
func (l *layout) misplaced(key string) *shapeError {
	e := &shapeError{key: key, path: l.records}
	for _, m := range l.marks {
		if m.key == key {
			e.path = m.path
		}
	}
	return e
}

// look follows the path through an answer, as far as it leads. It is done after the fact: most answers are as promised.
func (e *shapeError) look(body []byte, secrets redactor) {
	d := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
	for {
		e.found = d.PeekKind()
		if _, err := d.ReadToken(); err != nil {
			break
		}
		if e.found == '[' && e.depth < len(e.path) && e.path[e.depth] == each && d.PeekKind() != ']' {
			e.depth++ // the first item is as good as any other
			continue
		}
		if e.found != '{' {
			break
		}
		if !e.enter(d, secrets) {
			return
		}
	}
	if e.found == '[' && e.depth == len(e.path) {
		for d.PeekKind() == '{' && d.SkipValue() == nil {
		}
		if kind := d.PeekKind(); kind != ']' {
			e.row = kind
		}
	}
}

// enter reads an object up to the value that the path leads to, or else notes what keys there are.
func (e *shapeError) enter(d *jsontext.Decoder, secrets redactor) bool {
	fitting := map[string]jsontext.Kind{keyRecords: '[', keyTotal: '0', keyMore: 't', keyNext: '"'}[e.key]
	e.keys, e.fit = nil, nil
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return false
		}
		key := name.String()
		if e.depth < len(e.path) && key == e.path[e.depth] {
			e.depth++
			return true
		}
		if len(e.keys) < maxColumns {
			shown := secrets.excerpt([]byte(key), 60)
			e.keys = append(e.keys, shown)
			if d.PeekKind() == fitting {
				e.fit = append(e.fit, shown)
			}
		}
		if d.SkipValue() != nil {
			return false
		}
	}
	return false
}

// Error says what the source promises and what the answer has.
func (e *shapeError) Error() string {
	path := joinedPath(e.path)
	promise := fmt.Sprintf("the source's %s is %q, and ", e.key, path)
	if len(e.path) == 0 {
		promise = "the source has no records, so that the answer should be a list of rows, and "
	}
	place := "the answer"
	if e.depth > 0 {
		place = fmt.Sprintf("%q of the answer", joinedPath(e.path[:e.depth]))
	}
	switch {
	case e.row != 0:
		return promise + fmt.Sprintf("the list in %s holds %s where a row should be, an object", place, kindWords[e.row])
	case e.value != "":
		return promise + fmt.Sprintf("%s is %s, which is no %s", place, e.value, meanings[e.key])
	case e.found == '[' && e.depth == len(e.path) && slices.Contains(e.path, each):
		return promise + "one of the items on the way there is unlike the first"
	case e.found == '{' && e.depth < len(e.path) && e.path[e.depth] != each:
		return promise + fmt.Sprintf("%s has no %q: it has %s", place, e.path[e.depth], keysInWords(e.keys))
	case e.found == '{':
		return promise + fmt.Sprintf("%s is an object; it has %s", place, keysInWords(e.keys))
	default:
		return promise + fmt.Sprintf("%s is %s", place, kindWords[e.found])
	}
}

// meanings say what stands where the keys lead.
var meanings = map[string]string{keyTotal: "number of records", keyMore: "flag, true or false", keyNext: "text that leads to the next page"}

// advice names the key to correct, and how where that can be guessed.
func (e *shapeError) advice() string {
	if e.row != 0 {
		return "Correct the source's records: it is the path to the list of rows."
	}
	to := e.guess()
	if e.key == keyMore || e.key == keyNext {
		return fmt.Sprintf("Correct the %s of the source's paging: it is the path to the %s.", e.key, meanings[e.key])
	}
	if e.key == keyTotal {
		if to != "" {
			return fmt.Sprintf("Correct the total of the source's paging, the path to the number of all records. It may be meant so:\n\n    total: %s", to)
		}
		return "Correct the total of the source's paging: it is the path to the number of all records. Leave it out where the API tells none."
	}
	switch {
	case e.found == '[' && e.depth == len(e.path):
		return "Every item that [] stands for must be of one form: an object, or null, or a list."
	case e.found == '[' && e.depth == 0:
		return "Leave out the source's records: the rows are the answer itself."
	case e.found == '[':
		to = joinedPath(e.path[:e.depth])
	}
	if to != "" {
		return "Correct the source's records, the path to the list of rows. It may be meant so:\n\n    records: " + to
	}
	return "Correct the source's records: it is the path to the list of rows."
}

// guess is the path that may be meant; empty where none can be guessed.
func (e *shapeError) guess() string {
	var to string
	if e.depth < len(e.path) {
		to = diag.Nearest(e.path[e.depth], e.fit)
	}
	if to == "" && len(e.fit) == 1 {
		to = e.fit[0]
	}
	if to == "" {
		return ""
	}
	return joinedPath(append(slices.Clone(e.path[:e.depth]), to))
}

// joinedPath is a path as it is written.
func joinedPath(path []string) string {
	return strings.ReplaceAll(strings.Join(path, "."), "."+each, each)
}

// keysInWords lists the keys of an object.
func keysInWords(keys []string) string {
	const most = 12
	switch n := len(keys); {
	case n == 0:
		return "no keys"
	case n == 1:
		return "the key " + keys[0]
	case n > most:
		return fmt.Sprintf("the keys %s and %d more", strings.Join(keys[:most], ", "), n-most)
	default:
		return fmt.Sprintf("the keys %s and %s", strings.Join(keys[:n-1], ", "), keys[n-1])
	}
}
