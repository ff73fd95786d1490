package source

import (
	"hash/maphash"
	"strings"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
)

// layout is how a source's records become columns. It is shared by the pages of a fetch, which are decoded at once.
type layout struct {
	columns []*spec.SourceColumn
	fields  []table.Field
	// byPath finds a column by the place of its value in a record, "amount.gross"; byName those without a stated
	// place, by its keys joined with "_".
	byPath, byName map[string]int
	nesting        *nesting
	// format is what answers are: formatJSON, formatLines or formatCSV, whose values delimiter parts.
	format    string
	delimiter rune
	// records is where the rows are in the response; nil where they are the response.
	records []string
	// single: an object in the place of the rows is the only one, since nothing is said of pages.
	single bool
	// marks are the other places in the response that say something.
	marks []mark
	// size is how many rows a page is expected to have.
	size int
	// zone is that of stamps without an offset, report the one they are wanted in.
	zone, report *time.Location
	// seed is that of the pages' digests.
	seed maphash.Seed
	// secrets must not come back in an error's words.
	secrets redactor
}

func newLayout(r Request) *layout {
	l := &layout{
		columns: r.Columns, byPath: map[string]int{}, byName: map[string]int{}, nesting: newNesting(),
		format: r.Source.Format, delimiter: ',',
		records: recordsPath(r.Source.Records), zone: r.Zone, report: r.ReportZone,
		size: table.BatchRows, seed: maphash.MakeSeed(), secrets: newRedactor(r),
	}
	if l.format == "json" {
		l.format = formatJSON
	}
	for _, c := range r.Source.Delimiter {
		l.delimiter = c
	}
	p := newPaging(r.Source.Paging)
	l.single = p.nextIs == nothingNext
	for _, m := range []mark{{keyTotal, segments(p.Total)}, {keyMore, segments(p.More)}, {keyNext, segments(p.next)}} {
		if m.path != nil {
			l.marks = append(l.marks, m)
		}
	}
	if p.Size > 0 {
		l.size = min(p.Size, table.BatchRows)
	}
	for i, c := range r.Columns {
		field := c.Field
		if g := r.Source.Grain; g != nil && g.Column == field.Name && field.Grain == "" {
			field.Grain = r.Grain
		}
		l.fields = append(l.fields, field)
		switch {
		case len(c.SumOf) > 0: // made of others, not read
		case c.Path != "":
			l.byPath[c.Path] = i
		default:
			l.byName[field.Name] = i
		}
	}
	return l
}

// segments splits a path at its dots; an empty one has none.
func segments(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}

// The formats of answers.
const (
	formatJSON  = ""
	formatLines = "ndjson"
	formatCSV   = "csv"
)

// recordsPath splits the path to the rows; "days[].orders" has the part [each] between its keys. The last list is the
// rows' own, with or without it.
func recordsPath(path string) []string {
	path = strings.TrimSuffix(path, each)
	return segments(strings.TrimPrefix(strings.ReplaceAll(path, each, "."+each), "."))
}

// node is a place in the records: a key beneath other keys. Nodes are made when a page first shows them.
type node struct {
	key string
	// path joins the keys from the record down with dots, name with "_".
	path, name string
	// column is where its value goes; none where there is no column for it, so far.
	column   int
	children []*node
	byKey    map[string]*node
	// next is the child expected next: records keep their keys in one order.
	next int
	// gap: a missing value stood here, so that what may be beneath it is missing, too, and not absent.
	gap bool
}

const none = -1

// child returns the place of key beneath n.
func (d *decoder) child(n *node, key []byte) *node {
	if n.next < len(n.children) && n.children[n.next].key == string(key) {
		n.next++
		return n.children[n.next-1]
	}
	if c, ok := n.byKey[string(key)]; ok {
		return c
	}
	c := &node{key: string(key), path: string(key), name: string(key), column: none}
	if n.path != "" {
		c.path, c.name = n.path+"."+c.key, n.name+"_"+c.key
	}
	if i, ok := d.byPath[c.path]; ok {
		c.column = i
	} else if i, ok := d.byName[c.name]; ok {
		c.column = d.claim(c, i)
	}
	if n.byKey == nil {
		n.byKey = map[string]*node{}
	}
	n.byKey[c.key] = c
	n.children = append(n.children, c)
	n.next = len(n.children)
	d.nodes++
	return c
}
