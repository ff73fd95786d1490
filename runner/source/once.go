package source

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
)

// What is kept of tables that were fetched, for datasets that ask for the same: the latest, and older ones within these
// bounds. A table that is let go is fetched again.
const (
	mostKept   = 64
	keptMemory = 64 << 20
	keptDisk   = 1 << 30
)

// once fetches what several datasets of a run ask for one time: they get the same rows, which an API that changes in
// between would not give.
type once struct {
	mu      sync.Mutex
	flights map[[sha256.Size]byte]*flight
	// kept are those flights whose table is there, the oldest first.
	kept         [][sha256.Size]byte
	memory, disk int64
}

// flight is a fetch under way, or one that has ended well.
type flight struct {
	done chan struct{}
	// table and err are set before done is closed; table is nil again once it was let go.
	table *table.Table
	err   error
}

// do returns a table of its own of what fetch gives, which is called by the first who asks for a key.
func (o *once) do(ctx context.Context, key [sha256.Size]byte, fetch func() (*table.Table, error)) (*table.Table, error) {
	for {
		o.mu.Lock()
		f, there := o.flights[key]
		if !there {
			f = &flight{done: make(chan struct{})}
			o.flights[key] = f
			o.mu.Unlock()
			t, err := fetch()
			o.landed(key, f, t, err)
			return t, err
		}
		o.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if t, err := o.shared(f); t != nil || err != nil {
			return t, err
		}
		// The other was stopped, or its table let go meanwhile.
	}
}

// shared returns the table of a flight that has landed, or why the API gave none.
func (o *once) shared(f *flight) (*table.Table, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f.table != nil {
		return f.table.Share(), nil
	}
	if _, ok := errors.AsType[*Error](f.err); ok {
		return nil, f.err
	}
	return nil, nil
}

// landed keeps a table for those who wait and those who come later.
func (o *once) landed(key [sha256.Size]byte, f *flight, t *table.Table, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer close(f.done)
	if err != nil {
		f.err = err
		delete(o.flights, key)
		return
	}
	f.table = t.Share()
	o.count(f.table, 1)
	o.kept = append(o.kept, key)
	for len(o.kept) > 1 && (len(o.kept) > mostKept || o.memory > keptMemory || o.disk > keptDisk) {
		oldest := o.flights[o.kept[0]]
		delete(o.flights, o.kept[0])
		o.kept = o.kept[1:]
		o.count(oldest.table, -1)
		// What cannot be removed lies in the run's own folder, which goes as a whole.
		_ = oldest.table.Close()
		oldest.table = nil
	}
}

func (o *once) count(t *table.Table, sign int64) {
	memory, disk := t.Held()
	o.memory += sign * memory
	o.disk += sign * disk
}

// sent is a parameter of a request as it tells requests apart.
type sent struct {
	Name, Value string
	Secret      bool
}

// sent are the parameters of all of the request's pages.
func (f *fetch) sent() []sent {
	var pairs []sent
	for _, p := range f.target.pairs {
		pairs = append(pairs, sent{p.name, p.value, p.secret})
	}
	return pairs
}

// key is what makes two fetches the same: all that the rows depend on. Others are those of further requests of the same
// dataset, which differ from f by what they send alone.
func (f *fetch) key(others ...any) ([sha256.Size]byte, error) {
	columns := make([]spec.SourceColumn, len(f.r.Columns))
	for i, c := range f.r.Columns {
		columns[i] = *c
		columns[i].Range = spec.SourceColumn{}.Range // where it is written makes no difference
	}
	text, err := json.Marshal([]any{
		f.r.Connection, f.target.base.String(), f.target.method, f.sent(), f.r.Source, columns, f.r.Zone.String(), f.r.ReportZone.String(),
		f.r.Grain, f.r.Locale, f.r.Spool, others,
	})
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("compare requests: %w", err)
	}
	return sha256.Sum256(text), nil
}
