package source

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strconv"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// collector makes a table of pages whose columns may become more on the way.
type collector struct {
	f *fetch
	// fields are the layout's and the found ones, which are text until all is known.
	fields []table.Field
	// at finds a found column in fields by its path; seen tells what its values were like.
	at   map[string]int
	seen map[string]*evidence
	// pending is a page that brought new columns; kept are the rows before it.
	pending *page
	kept    *table.Table
}

// steady reads all pages into a table, and once more where what came does not fit together in a way that rows which
// change meanwhile bring about.
func (f *fetch) steady(ctx context.Context) (*table.Table, error) {
	t, err := f.collect(ctx)
	first, ok := errors.AsType[*Error](err)
	if !ok || !first.unsteady {
		return t, err
	}
	again := f.event(Retried)
	again.Err = first
	f.o.Observe(again)
	t, err = f.collect(ctx)
	if second, ok := errors.AsType[*Error](err); ok && second.unsteady {
		second.Messages = append(second.Messages, "All pages were fetched twice. The first time:")
		second.Messages = append(second.Messages, first.Messages...)
	}
	return t, err
}

// collect reads all pages into a table.
//
// A table's columns are fixed. When a page brings new ones, the table so far is closed, and a wider one begins with
// its rows: that happens with the first page, before there are any, and seldom later.
func (f *fetch) collect(ctx context.Context) (*table.Table, error) {
	c := &collector{f: f, fields: slices.Clone(f.layout.fields), at: map[string]int{}, seen: map[string]*evidence{}}
	next, stop := iter.Pull2(f.watched(ctx))
	defer stop()
	for first := true; first || c.pending != nil; first = false {
		if c.pending != nil {
			c.widen(c.pending)
		} else if pg, err, ok := next(); ok && err == nil {
			c.widen(pg)
			c.pending = pg
		} else if err != nil {
			return nil, err
		}
		if err := c.grow(ctx, next); err != nil {
			return nil, err
		}
	}
	return c.typed(ctx)
}

// grow collects the kept rows, the pending page, and what follows until a page brings new columns.
func (c *collector) grow(ctx context.Context, next func() (*page, error, bool)) error {
	before, pending := c.kept, c.pending
	c.pending = nil
	rows := table.Rows{Fields: slices.Clone(c.fields), Seq: func(yield func(*table.Batch, error) bool) {
		if before != nil {
			for b, err := range before.Rows().Seq {
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(c.widened(b.Cols, nil, b.N), nil) {
					return
				}
			}
		}
		for pg, ok := pending, pending != nil; ; {
			if !ok {
				var err error
				if pg, err, ok = next(); !ok {
					return
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if c.news(pg) {
					c.pending = pg
					return
				}
			}
			ok = false
			for _, b := range pg.batches {
				if !yield(c.widened(b.Cols, pg.found, b.N), nil) {
					return
				}
			}
			c.learn(pg)
		}
	}}
	kept, err := table.Collect(ctx, rows, c.f.r.Spool)
	if before != nil {
		// What cannot be removed lies in the run's own folder, which goes as a whole.
		_ = before.Close()
	}
	c.kept = kept
	return err
}

// news reports whether a page has columns that the table lacks.
func (c *collector) news(pg *page) bool {
	return slices.ContainsFunc(pg.found, func(f foundColumn) bool { _, ok := c.at[f.path]; return !ok })
}

// widen adds a page's new columns to the fields. A name that is taken gets a number.
func (c *collector) widen(pg *page) {
	for _, found := range pg.found {
		if _, ok := c.at[found.path]; ok {
			continue
		}
		name := found.name
		taken := func(f table.Field) bool { return f.Name == name }
		for n := 2; slices.ContainsFunc(c.fields, taken); n++ {
			name = found.name + "_" + strconv.Itoa(n)
		}
		c.at[found.path] = len(c.fields)
		c.seen[found.path] = &evidence{}
		c.fields = append(c.fields, table.Field{Name: name, Type: expr.Text})
	}
}

// learn takes a page's values into account for the types of found columns.
func (c *collector) learn(pg *page) {
	for _, found := range pg.found {
		c.seen[found.path].merge(found.seen)
	}
}

// widened puts a batch's columns where the table has them: first those of the layout, or of an earlier, narrower table,
// in their order, then found ones by path. Columns that the batch lacks are missing.
func (c *collector) widened(cols []table.Vector, found []foundColumn, n int) *table.Batch {
	out := &table.Batch{Cols: make([]table.Vector, len(c.fields)), N: n}
	known := len(cols)
	if found != nil {
		known = len(c.f.layout.fields)
	}
	copy(out.Cols, cols[:known])
	for i, v := range cols[known:] {
		out.Cols[c.at[found[i].path]] = v
	}
	for i := range out.Cols {
		if out.Cols[i].Valid == nil {
			out.Cols[i] = table.Vector{Valid: make([]bool, n), Strs: make([]string, n)}
		}
	}
	return out
}

// typed gives the found columns their types.
func (c *collector) typed(ctx context.Context) (*table.Table, error) {
	fields, changed := slices.Clone(c.fields), false
	for path, i := range c.at {
		fields[i].Type = c.seen[path].typeOf(fields[i].Name)
		changed = changed || fields[i].Type != expr.Text
	}
	if !changed {
		return c.kept, nil
	}
	defer c.kept.Close()
	return table.Collect(ctx, c.f.layout.retype(c.kept.Rows(), fields), c.f.r.Spool)
}

// watched yields the pages, each looked at for whether it fits to those before, and told to the observer.
func (f *fetch) watched(ctx context.Context) iter.Seq2[*page, error] {
	return func(yield func(*page, error) bool) {
		watch := newIntegrity(f)
		for pg, err := range f.pages(ctx) {
			if err == nil {
				err = watch.page(pg)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			received := f.event(Received)
			received.Page, received.Rows, received.Total = watch.pages, watch.rows, int(watch.total)
			f.o.Observe(received)
			if !yield(pg, nil) {
				return
			}
		}
		err := watch.end()
		if err == nil && f.r.Source.Drifts && watch.pages > 1 {
			var pg *page
			if pg, err = f.page(ctx, f.paging.number(0, f.paging.Size)); err == nil {
				err = watch.again(pg)
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}
