package source

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// Shape is what the rows of a source are like, as one page shows it.
type Shape struct {
	// URL is what was asked for, without secrets.
	URL string
	// Rows is how many rows the page has; it may be none.
	Rows int
	// Records is where the rows are: what the source says, or where they were found.
	Records string
	// Columns are those with a value, in the order of their first one.
	Columns []ShapeColumn
	// Absent are the declared columns without a value.
	Absent []*spec.SourceColumn
}

// ShapeColumn is a column with a value in the data.
type ShapeColumn struct {
	// Path is where the value is in a record; Name what the column is called.
	Path, Name string
	// Type is what a fetch makes of the values where nothing is declared. Reads is what they could be declared as: more
	// exact where all texts are dates, moments or durations, and else the same.
	Type, Reads expr.Type
	// Declared is the declaration; nil where there is none.
	Declared *spec.SourceColumn
	// Misfit is the first value that does not fit the declaration; nil where all do.
	Misfit *CellError
	// Example is the first value, without secrets. It may be personal data.
	Example string
}

// Discover asks for one row of r, or for the smallest page that the API gives, and says what is in it. Where the source
// does not say where its rows are, and the answer has one list, they are there. An error of the API is an [*Error].
func (c *Client) Discover(ctx context.Context, r Request) (*Shape, error) {
	small := *r.Source
	small.Paging = onePage(small.Paging, 1)
	shape, err := c.shape(ctx, r, &small)
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == KindParameters {
		// Some APIs have a least number of rows.
		small.Paging = r.Source.Paging
		shape, err = c.shape(ctx, r, &small)
	}
	if e, ok := errors.AsType[*shapeError](err); ok && small.Records == "" {
		if small.Records = e.guess(); small.Records != "" {
			return c.shape(ctx, r, &small)
		}
	}
	return shape, err
}

// onePage is a way of paging with another number of rows a page, where that can be asked for.
func onePage(p spec.Paging, size int) spec.Paging {
	small := func(pages spec.Pages) spec.Pages {
		if pages.Limit != "" {
			pages.Size = size
		}
		return pages
	}
	switch {
	case p.Offset != nil:
		p.Offset = &spec.OffsetPaging{Offset: p.Offset.Offset, Pages: small(p.Offset.Pages)}
	case p.Page != nil:
		p.Page = &spec.PagePaging{Page: p.Page.Page, First: p.Page.First, Pages: small(p.Page.Pages)}
	case p.Cursor != nil:
		p.Cursor = &spec.CursorPaging{Parameter: p.Cursor.Parameter, Next: p.Cursor.Next, Pages: small(p.Cursor.Pages)}
	case p.Link != nil:
		p.Link = &spec.LinkPaging{Pages: small(p.Link.Pages)}
	case p.NextURL != nil:
		p.NextURL = &spec.NextURLPaging{Path: p.NextURL.Path, Pages: small(p.NextURL.Pages)}
	}
	return p
}

// shape asks for the first page as s says, with every column found rather than declared.
func (c *Client) shape(ctx context.Context, r Request, s *spec.Source) (*Shape, error) {
	declared := r.Source.Columns
	r.Source, r.Columns = s, []*spec.SourceColumn{}
	f, err := c.prepare(r)
	if err != nil {
		return nil, err
	}
	at := f.paging.number(0, f.paging.Size)
	pg, err := f.page(ctx, at)
	if err != nil {
		return nil, err
	}
	shape := &Shape{URL: f.shown(at), Rows: pg.rows, Records: s.Records}
	for i, found := range pg.found {
		texts := valuesOf(pg, i)
		column := ShapeColumn{
			Path: found.path, Name: shape.free(found.name), Example: f.secrets.excerpt([]byte(texts[0]), 80),
			Type: found.seen.typeOf(found.name),
		}
		column.Reads = f.layout.readsAs(column.Type, texts)
		for _, d := range declared {
			if d.Path == found.path || d.Path == "" && d.Field.Name == found.name {
				column.Declared, column.Name = d, d.Field.Name
				column.Misfit = f.layout.misfit(d, texts)
				break
			}
		}
		shape.Columns = append(shape.Columns, column)
	}
	for _, d := range declared {
		there := func(c ShapeColumn) bool { return c.Declared == d }
		if len(d.SumOf) == 0 && !slices.ContainsFunc(shape.Columns, there) {
			shape.Absent = append(shape.Absent, d)
		}
	}
	return shape, nil
}

// free is a column's name, with a number where another has it.
func (s *Shape) free(name string) string {
	out := name
	taken := func(c ShapeColumn) bool { return c.Name == out }
	for n := 2; slices.ContainsFunc(s.Columns, taken); n++ {
		out = name + "_" + strconv.Itoa(n)
	}
	return out
}

// valuesOf are the values of a page's found column, as they were written. There is at least one.
func valuesOf(pg *page, column int) []string {
	var out []string
	for _, b := range pg.batches {
		if column >= len(b.Cols) {
			continue
		}
		for i, valid := range b.Cols[column].Valid {
			if valid {
				out = append(out, b.Cols[column].Strs[i])
			}
		}
	}
	return out
}

// readsAs is the most exact type that texts have all, where inference leaves them text.
func (l *layout) readsAs(inferred expr.Type, texts []string) expr.Type {
	if inferred != expr.Text {
		return inferred
	}
	for _, t := range []expr.Type{expr.Date, expr.DateTime, expr.Duration} {
		as := &spec.SourceColumn{Field: table.Field{Type: t}}
		if l.misfit(as, texts) == nil {
			return t
		}
	}
	return inferred
}

// misfit is the first value that a declaration does not hold; nil where there is none.
func (l *layout) misfit(d *spec.SourceColumn, texts []string) *CellError {
	c := column{Vector: table.NewVector(d.Field, len(texts)), field: d.Field, unit: d.Unit}
	for i, text := range texts {
		if why, ok := l.set(&c, jsontext.Kind('"'), []byte(text)); !ok {
			return &CellError{Row: i + 1, Column: d.Field.Name, Type: d.Field.Type, Value: strconv.Quote(l.secrets.excerpt([]byte(text), 80)), Why: why}
		}
	}
	return nil
}
