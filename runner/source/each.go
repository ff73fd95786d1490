package source

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// Each asks for each of several values of a parameter by itself.
type Each struct {
	Parameter *spec.Parameter
	// Field is the column that tells the rows apart, a text; without a name there is none.
	Field table.Field
	// Values are asked for in order; where there are none, nothing is asked for.
	Values []EachValue
}

// EachValue is one value with what stands in the column.
type EachValue struct {
	Value expr.Value
	Label string
}

// argument is the parameter with one of the values: of a list its only item.
func (e *Each) argument(v EachValue) Argument {
	if e.Parameter.List {
		return Argument{e.Parameter, expr.ListValue(v.Value)}
	}
	return Argument{e.Parameter, v.Value}
}

// whole is a dataset whose rows come by several requests, which make one table in their order.
type whole struct {
	r     Request
	parts []*fetch
	// label is of each part what stands in the column of r.Each, and group the number of its value: slices of one value
	// are stretches of the same list of records.
	label []string
	group []int
	// layout is that of all parts, and tally counts what they give.
	layout *layout
	tally  *tally
}

// divide prepares the requests: for each value, and within it for each slice.
func (c *Client) divide(r Request) (*whole, error) {
	if r.Columns == nil {
		r.Columns = r.Source.Columns
	}
	w := &whole{r: r, layout: newLayout(r)}
	values := []EachValue{{}}
	if r.Each != nil {
		values = r.Each.Values
	}
	ranges := r.Slices
	if ranges == nil {
		ranges = []calendar.Range{r.Range}
	}
	w.tally = &tally{several: len(values)*len(ranges) > 1}
	for group, v := range values {
		for _, rng := range ranges {
			one := r
			one.Range = rng
			var name []string
			if r.Each != nil {
				one.Arguments = append(slices.Clone(r.Arguments), r.Each.argument(v))
				name = append(name, r.Each.named(v))
			}
			if r.Slices != nil {
				name = append(name, rng.Key())
			}
			f, err := c.prepare(one)
			if err != nil {
				return nil, inPart(err, strings.Join(name, ", "))
			}
			f.layout.nesting = w.layout.nesting
			f.tally, f.part = w.tally, f.secrets.Replace(strings.Join(name, ", "))
			w.parts, w.label, w.group = append(w.parts, f), append(w.label, v.Label), append(w.group, group)
		}
	}
	return w, nil
}

// named is a value as errors call it.
func (e *Each) named(v EachValue) string {
	text := written(v.Value)
	if v.Label != text {
		return fmt.Sprintf("%s %s (%s)", e.Parameter.Name, text, v.Label)
	}
	return e.Parameter.Name + " " + text
}

// inPart says of which of a dataset's requests an error is. What is wrong with the whole connection is no matter of one.
func inPart(err error, name string) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.wide || name == "" {
		return err
	}
	of := *e // it may be another request's, too
	of.Part = name
	return &of
}

// key is what makes two wholes the same.
func (w *whole) key() ([sha256.Size]byte, error) {
	var others []any
	if w.r.Each != nil {
		others = append(others, w.r.Each.Field)
	}
	for i, f := range w.parts {
		others = append(others, f.target.base.String(), f.sent(), w.group[i], w.label[i])
	}
	return w.parts[0].key(others...)
}

// table asks for all parts and puts their rows behind each other.
func (w *whole) table(ctx context.Context) (*table.Table, error) {
	fields := w.layout.fields
	if w.labelled() {
		fields = append([]table.Field{w.r.Each.Field}, fields...)
	}
	get := func() (*collector, error) {
		w.tally.reset()
		return collect(ctx, fields, w.r.Spool, w.watched(ctx))
	}
	if len(w.parts) == 0 {
		c, err := get()
		if err != nil {
			return nil, err
		}
		return c.kept, nil
	}
	c, err := steady(w.parts[0], get)
	if err != nil {
		return nil, err
	}
	return c.typed(ctx, w.layout)
}

// watched yields the rows of the parts in order, looked at for records that a slice repeats of an earlier one.
func (w *whole) watched(ctx context.Context) iter.Seq2[*page, error] {
	return func(yield func(*page, error) bool) {
		if len(w.parts) == 0 {
			return
		}
		var watch *integrity
		i := -1
		for rows, err := range inOrder(ctx, 0, len(w.parts), cap(w.parts[0].conn.slots), w.part) {
			if i++; err != nil {
				yield(nil, inPart(err, w.parts[i].part))
				return
			}
			if i == 0 || w.group[i] != w.group[i-1] {
				watch = newIntegrity(w.parts[i])
			}
			watch.f = w.parts[i]
			for pg, err := range w.handed(i, rows, watch) {
				if !yield(pg, inPart(err, w.parts[i].part)) || err != nil {
					return
				}
			}
		}
		if err := w.parts[0].agreed(); err != nil {
			yield(nil, err)
		}
	}
}

// part asks for the rows of one part.
func (w *whole) part(ctx context.Context, i int) (*collector, error) { return w.parts[i].steady(ctx) }

// handed are the rows of a part as pages, with its label.
func (w *whole) handed(i int, rows *collector, watch *integrity) iter.Seq2[*page, error] {
	return func(yield func(*page, error) bool) {
		defer rows.kept.Close()
		for b, err := range rows.kept.Rows().Seq {
			if err == nil && w.r.Slices != nil {
				err = watch.slice(b)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			cols := b.Cols
			if w.labelled() {
				cols = append([]table.Vector{labels(w.label[i], b.N)}, cols...)
			}
			if !yield(&page{batches: []*table.Batch{{Cols: cols, N: b.N}}, found: rows.found, rows: b.N, seen: rows.seen}, nil) {
				return
			}
		}
		watch.next()
	}
}

// labelled reports whether the rows have a column that tells them apart.
func (w *whole) labelled() bool { return w.r.Each != nil && w.r.Each.Field.Name != "" }

// labels is a column that says the same in n rows.
func labels(text string, n int) table.Vector {
	v := table.Vector{Valid: make([]bool, n), Strs: make([]string, n)}
	for i := range n {
		v.Valid[i], v.Strs[i] = true, text
	}
	return v
}
