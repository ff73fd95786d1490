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
	spool table.Spool
	// fields are the declared ones and then the found ones, which are text until all is known.
	fields []table.Field
	// found are those behind the declared fields, in their order, with what their values were like. at finds them by path.
	found []foundColumn
	at    map[string]int
	// seen says of each column that the source declares whether a record had a place for it.
	seen []bool
	// quoted are the columns in which the answers had a credential, each once.
	quoted []string
	// pending is a page that brought new columns; kept are the rows before it.
	pending *page
	kept    *table.Table
}

// table reads all pages into a table.
func (f *fetch) table(ctx context.Context) (*table.Table, error) {
	c, err := f.steady(ctx)
	if err != nil {
		return nil, err
	}
	return c.typed(ctx, f.layout)
}

// steady reads all pages, and once more where what came does not fit together in a way that rows which change meanwhile
// bring about.
func (f *fetch) steady(ctx context.Context) (*collector, error) {
	return steady(f, func() (*collector, error) {
		return remembered(f, func() (*collector, error) { return collect(ctx, f.layout.fields, f.r.Spool, f.watched(ctx)) })
	})
}

// steady gets what f is to tell of, a second time where the first one is unsteady.
func steady[T any](f *fetch, get func() (T, error)) (T, error) {
	out, err := get()
	first, ok := errors.AsType[*Error](err)
	if !ok || !first.unsteady {
		return out, err
	}
	again := f.event(Retried)
	again.Err = first
	f.o.Observe(again)
	out, err = get()
	if second, ok := errors.AsType[*Error](err); ok && second.unsteady {
		second.Messages = append(second.Messages, "All pages were fetched twice. The first time:")
		second.Messages = append(second.Messages, first.Messages...)
	}
	return out, err
}

// collect reads all pages, whose columns are the declared ones and what they found.
//
// A table's columns are fixed. When a page brings new ones, the table so far is closed, and a wider one begins with
// its rows: that happens with the first page, before there are any, and seldom later.
func collect(ctx context.Context, declared []table.Field, spool table.Spool, pages iter.Seq2[*page, error]) (*collector, error) {
	c := &collector{spool: spool, fields: slices.Clone(declared), at: map[string]int{}}
	next, stop := iter.Pull2(pages)
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
	return c, nil
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
	kept, err := table.Collect(ctx, rows, c.spool)
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
		c.at[found.path] = len(c.found)
		c.found = append(c.found, foundColumn{path: found.path, name: found.name})
		c.fields = append(c.fields, table.Field{Name: name, Type: expr.Text, Unasked: true})
	}
}

// learn takes a page's values into account for the types of found columns, and for which of the declared ones there are.
func (c *collector) learn(pg *page) {
	for _, found := range pg.found {
		c.found[c.at[found.path]].seen.merge(found.seen)
	}
	c.seen = either(c.seen, pg.seen)
	for _, name := range pg.quoted {
		if !slices.Contains(c.quoted, name) {
			c.quoted = append(c.quoted, name)
		}
	}
}

// declared is how many fields were not found.
func (c *collector) declared() int { return len(c.fields) - len(c.found) }

// widened puts a batch's columns where the table has them: first the declared ones, or those of an earlier, narrower
// table, in their order, then found ones by path. Columns that the batch lacks are missing.
func (c *collector) widened(cols []table.Vector, found []foundColumn, n int) *table.Batch {
	out := &table.Batch{Cols: make([]table.Vector, len(c.fields)), N: n}
	known := len(cols)
	if found != nil {
		known = c.declared()
	}
	copy(out.Cols, cols[:known])
	for i, v := range cols[known:] {
		out.Cols[c.declared()+c.at[found[i].path]] = v
	}
	for i := range out.Cols {
		if out.Cols[i].Valid == nil {
			out.Cols[i] = table.Vector{Valid: make([]bool, n), Strs: make([]string, n)}
		}
	}
	return out
}

// typed gives the found columns their types. What was kept belongs to the table from then on.
func (c *collector) typed(ctx context.Context, l *layout) (*table.Table, error) {
	fields, changed := slices.Clone(c.fields), false
	for i := range c.found {
		f := &fields[c.declared()+i]
		f.Type = c.found[i].seen.typeOf(c.found[i].name) // without a number behind it
		changed = changed || f.Type != expr.Text
	}
	if !changed {
		c.kept.Absent, c.kept.Quoted = l.absent(c), slices.Sorted(slices.Values(c.quoted))
		return c.kept, nil
	}
	defer c.kept.Close()
	t, err := table.Collect(ctx, l.retype(c.kept.Rows(), fields), c.spool)
	if err != nil {
		return nil, err
	}
	t.Absent, t.Quoted = l.absent(c), slices.Sorted(slices.Values(c.quoted))
	return t, nil
}

// watched yields the pages, each looked at for whether it fits to those before, and told to the observer.
func (f *fetch) watched(ctx context.Context) iter.Seq2[*page, error] {
	return func(yield func(*page, error) bool) {
		watch := newIntegrity(f)
		told, rows := 0, 0
		for pg, err := range f.pages(ctx) {
			if err == nil {
				err = watch.page(pg)
			}
			if err != nil {
				f.tally.forget(told, rows)
				yield(nil, err)
				return
			}
			told, rows = told+1, rows+pg.rows
			f.tally.received(f, pg.rows, watch.total)
			if !yield(pg, nil) {
				return
			}
		}
		err := watch.end()
		if err == nil && f.part == "" { // else the whole does
			err = f.agreed()
		}
		if err == nil && f.r.Source.Drifts && watch.pages > 1 {
			var pg *page
			if pg, err = f.page(ctx, f.paging.number(0, f.paging.Size)); err == nil {
				err = watch.again(pg)
			}
		}
		if err != nil {
			f.tally.forget(told, rows)
			yield(nil, err)
		}
	}
}
