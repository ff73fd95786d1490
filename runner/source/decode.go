package source

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// Bounds of what an answer may be like, so that a hostile one costs no more than a few times its bytes.
const (
	maxDepth   = 32        // objects within a record
	maxNodes   = 10000     // different places in the records of a page
	maxPath    = 1024      // bytes of the keys that lead to a place, joined
	maxColumns = 1000      // columns found in the data
	maxRows    = 2_000_000 // as many as all pages of a source have that does not bound itself
	// The rows of an answer take no more than maxHeld bytes of memory and heldOfBytes for each of its own. Only
	// where most values are missing, of columns that each have some, can they take more than the latter.
	maxHeld     = 256 << 20
	heldOfBytes = 4
)

// errBound is the cause of an [*Error] for an answer past those bounds.
var errBound = errors.New("answer passes a bound")

// byteOrderMark begins some answers.
var byteOrderMark = []byte("\xef\xbb\xbf")

// page is the rows of one answer.
type page struct {
	// batches have the layout's columns and then those of found, as many as were found by then.
	batches []*table.Batch
	found   []foundColumn
	rows    int
	// total is how many records the answer says there are; -1 where it says nothing. more is whether it says that
	// further ones follow.
	total int64
	more  answered
	// next leads to the next page; empty where nothing does. hasNext: the answer says so, rather than nothing. from is
	// where the answer came from.
	next    string
	hasNext bool
	from    *url.URL
	// digest is of the rows as they were written.
	digest uint64
	// seen says of each declared column whether a record had a place for it, if only for a null.
	seen []bool
	// quoted are the columns whose texts had a credential in them.
	quoted []string
}

// answered is a flag that an answer may leave out.
type answered uint8

const (
	unsaid answered = iota
	no
	yes
)

// foundColumn is a column that the layout does not have, with what its values were like.
type foundColumn struct {
	path, name string
	seen       evidence
}

// decoder turns one answer into columns, token by token.
type decoder struct {
	*layout
	json *jsontext.Decoder
	body []byte
	root node
	// nodes counts the places seen. holders are those that fill declared columns by their names; torn: one of them does
	// so wrongly.
	nodes   int
	holders map[int]*node
	torn    bool
	page    *page
	cols    []column
	row     int // within the batch
	scratch []byte
	// gaps are columns without a value, by type, which batches share.
	gaps map[expr.Type]table.Vector
	// held is how many bytes the batches take at most.
	held int
	// misfits are told when all of the answer was read: what is wrong with its form comes first.
	misfits Misfits
	// listed: a list of rows was found; lacking: an item that may have one had none.
	listed, lacking bool
	// watch is told of each value of a record before it is taken in, and where it ends; nil tells nobody.
	watch func(n *node, raw []byte, end int64)
}

// column gathers the values of one column of a batch.
type column struct {
	// Vector has no rows until the first value comes, and none behind the last one.
	table.Vector
	field table.Field
	unit  string
	// Periods come in runs of the same text.
	lastText string
	last     expr.Value
	// words keeps texts that come again.
	words map[string]string
}

// decode reads one answer. Its error is a [*Misfits], a [*shapeError] or a [*formatError], wraps [errBound] or
// [io.ErrUnexpectedEOF], or says why the answer is not JSON.
func (l *layout) decode(body []byte) (*page, error) {
	body = bytes.TrimPrefix(body, byteOrderMark)
	if l.format == formatCSV {
		return l.decodeCSV(body)
	}
	if len(bytes.TrimSpace(body)) == 0 && l.format == formatJSON {
		return nil, errors.New("the answer is empty")
	}
	for {
		pg, err := l.decodeJSON(body, nil)
		if !errors.Is(err, errBeside) {
			return pg, err
		}
	}
}

// decodeJSON is decode for JSON, with who watches it. Its error is [errBeside], too.
func (l *layout) decodeJSON(body []byte, watch func(n *node, raw []byte, end int64)) (*page, error) {
	d := &decoder{
		layout: l, page: &page{total: -1}, body: body, watch: watch,
		// Keys that stand twice are found where a column gets two values.
		json: jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true)),
	}
	d.begin()
	read := func() error { return d.envelope(l.records, l.marks) }
	if l.format == formatLines {
		read = d.lines
	}
	if err := read(); err != nil {
		return nil, plain(err)
	}
	if err := d.flush(); err != nil {
		return nil, err
	}
	if _, err := d.json.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows behind the JSON's end")
	}
	for _, m := range l.marks {
		if m.key == keyTotal && d.page.total < 0 || m.key == keyMore && d.page.more == unsaid {
			return nil, l.misplaced(m.key)
		}
	}
	if d.lacking && !d.listed {
		return nil, l.misplaced(keyRecords)
	}
	d.settle()
	return d.done()
}

// done is the page that was read, or what on it does not fit.
func (d *decoder) done() (*page, error) {
	if len(d.misfits.Cells) > 0 {
		misfits := d.misfits // by itself, so that it does not hold on to the answer
		return nil, &misfits
	}
	d.page.seen = d.seen()
	return d.page, nil
}

// plain leaves out the library's own words.
func plain(err error) error {
	if _, ok := errors.AsType[*jsontext.SyntacticError](err); ok && !errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the answer is not JSON")
	}
	return err
}

// expect reads the beginning of an object or a list on the way to what key of the source tells.
func (d *decoder) expect(kind jsontext.Kind, key string) error {
	t, err := d.json.ReadToken()
	if err != nil {
		return err
	}
	if t.Kind() != kind {
		return d.misplaced(key)
	}
	return nil
}

// kindWords name what stands in a JSON.
var kindWords = map[jsontext.Kind]string{
	'n': "null", 't': "true", 'f': "false", '"': "a text", '0': "a number", '{': "an object", '[': "a list",
}

// rows reads the list of records, or where there are no pages the only one.
func (d *decoder) rows() error {
	if d.single && d.json.PeekKind() == '{' {
		return d.only()
	}
	if err := d.expect('[', keyRecords); err != nil {
		return err
	}
	begin := d.json.InputOffset()
	for d.json.PeekKind() != ']' {
		if err := d.expect('{', keyRecords); err != nil {
			return err
		}
		if err := d.object(&d.root, 1); err != nil {
			return err
		}
		if err := d.endRow(); err != nil {
			return err
		}
	}
	_, err := d.json.ReadToken()
	d.listed = true
	d.digest(d.body[begin:d.json.InputOffset()])
	return err
}

// lines reads records that stand one behind the other without a list around them.
func (d *decoder) lines() error {
	for {
		switch t, err := d.json.ReadToken(); {
		case errors.Is(err, io.EOF):
			d.digest(d.body)
			return nil
		case err != nil:
			return err
		case t.Kind() != '{':
			return d.misplaced(keyRecords)
		}
		if err := d.object(&d.root, 1); err != nil {
			return err
		}
		if err := d.endRow(); err != nil {
			return err
		}
	}
}

// digest takes rows as they were written into the page's digest.
func (d *decoder) digest(rows []byte) {
	const odd = 0x9e3779b97f4a7c15 // so that the order of lists counts
	d.page.digest = d.page.digest*odd + maphash.Bytes(d.seed, rows)
}

// object reads the members of a record, or of an object within one, whose beginning was read.
func (d *decoder) object(n *node, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%w: a record is nested more than %d deep", errBound, maxDepth)
	}
	n.next = 0
	for {
		if d.json.PeekKind() == '}' {
			_, err := d.json.ReadToken()
			return err
		}
		raw, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		c := d.child(n, d.unquote(raw))
		switch {
		case d.torn:
			return errBeside
		case d.nodes > maxNodes:
			return fmt.Errorf("%w: the records have more than %d different keys", errBound, maxNodes)
		case len(c.path) > maxPath:
			return fmt.Errorf("%w: the records have a key of more than %d bytes", errBound, maxPath)
		}
		switch kind := d.json.PeekKind(); {
		case kind == '{' && c.column == none:
			if _, err = d.json.ReadToken(); err == nil {
				err = d.object(c, depth+1)
			}
		default:
			if raw, err = d.json.ReadValue(); err == nil {
				err = d.value(c, kind, raw)
			}
		}
		if err != nil {
			return err
		}
	}
}

// unquote returns what a JSON string says, valid until the next call.
func (d *decoder) unquote(raw []byte) []byte {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	// The error is for an invalid string, which the decoder has refused before.
	d.scratch, _ = jsontext.AppendUnquote(d.scratch[:0], raw)
	return d.scratch
}

// value puts a value into its column. null, "" and an empty list are missing; a missing value makes no column.
func (d *decoder) value(n *node, kind jsontext.Kind, raw []byte) error {
	if d.watch != nil {
		d.watch(n, raw, d.json.InputOffset())
	}
	text := raw
	switch kind {
	case 'n':
		n.gap = true
		return nil
	case '"':
		text = d.unquote(raw)
	case '[':
		var err error
		if text, err = joined(raw); err != nil {
			return err
		}
	}
	return d.put(n, kind, text, raw)
}

// put is value for a text without its quotes.
func (d *decoder) put(n *node, kind jsontext.Kind, text, raw []byte) error {
	if len(text) == 0 {
		n.gap = true
		return nil
	}
	if n.column == none {
		if len(d.page.found) == maxColumns {
			return fmt.Errorf("%w: the records have more than %d columns", errBound, maxColumns)
		}
		n.column = len(d.cols)
		d.page.found = append(d.page.found, foundColumn{path: n.path, name: n.name})
		d.cols = append(d.cols, column{field: table.Field{Name: n.name, Type: expr.Text}})
	}
	c := &d.cols[n.column]
	if len(c.Valid) > d.row {
		d.misfit(c, raw, secondValue)
		return nil
	}
	d.pad(c, d.row)
	if found := n.column - len(d.fields); found >= 0 {
		d.page.found[found].seen.add(kind, text)
	}
	if why, ok := d.set(c, kind, text); !ok {
		d.misfit(c, raw, why)
	}
	return nil
}

// joined writes a list's values with ", " between them; what is no plain value stays JSON.
func joined(raw []byte) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	var out []byte
	for dec.PeekKind() != ']' {
		item, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		if item.Kind() == 'n' {
			continue
		}
		if len(out) > 0 {
			out = append(out, ", "...)
		}
		if item.Kind() != '"' {
			out = append(out, item...)
		} else if out, err = jsontext.AppendUnquote(out, item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// misfit notes a value that does not fit its column, and leaves it missing.
func (d *decoder) misfit(c *column, raw []byte, why string) {
	d.misfits.add(c.field.Name, func() *CellError {
		if len(bytes.TrimSpace(raw)) < len(raw) {
			raw = slices.Concat([]byte{'"'}, raw, []byte{'"'}) // a CSV's blanks would not be seen
		}
		return &CellError{
			Row: d.page.rows + d.row + 1, Column: d.secrets.excerpt([]byte(c.field.Name), 100), Type: c.field.Type,
			Value: d.secrets.excerpt(raw, 80), Why: why,
		}
	})
}
