package source

import (
	"errors"
	"fmt"
	"sync"
)

// nesting settles which value is meant by a declared column without a path: that of its key, "topic_id", or where there is
// no such key that of keys joined, "id" of "topic". Which one there is, only the rows tell: what one page shows holds for
// all of them, and a nested value beside the key becomes a column that was found.
type nesting struct {
	mu sync.Mutex
	// taken are the nested places that filled a declared column, and beside those that its key was seen next to.
	taken, beside map[string]bool
}

func newNesting() *nesting { return &nesting{taken: map[string]bool{}, beside: map[string]bool{}} }

// errBeside says that a page is to be decoded again, since a column's key came behind the nested value that took its place.
var errBeside = errors.New("a column has a nested value beside its own")

// isBeside reports whether the value at a nested place is not the declared column's.
func (n *nesting) isBeside(path string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.beside[path]
}

func (n *nesting) add(to map[string]bool, path string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	to[path] = true
}

// torn returns a place whose values went into the declared column on one page and beside it on another, and begins anew.
func (n *nesting) torn() (path string, torn bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for place := range n.taken {
		if n.beside[place] && (!torn || place < path) {
			path, torn = place, true
		}
	}
	clear(n.taken)
	return path, torn
}

// agreed makes sure that all pages that came put the same values into the same columns.
func (f *fetch) agreed() error {
	path, torn := f.layout.nesting.torn()
	if !torn {
		return nil
	}
	err := f.fault(f.paging.number(0, f.paging.Size), &Error{Kind: KindIntegrity, Messages: []string{fmt.Sprintf(
		"The rows have %q in some answers alone, and in others beside a key of the same column.", path)}})
	err.unsteady = true
	return err
}

// claim gives a place in the records its declared column, or none where another place has it.
func (d *decoder) claim(c *node, column int) int {
	nested, holder := c.path != c.name, d.holders[column]
	switch {
	case nested && (d.nesting.isBeside(c.path) || holder != nil && holder.path == holder.name):
		d.nesting.add(d.nesting.beside, c.path)
		return none
	case !nested && holder != nil && holder.path != holder.name:
		d.nesting.add(d.nesting.beside, holder.path)
		d.torn = true
	}
	if d.holders == nil {
		d.holders = map[int]*node{}
	}
	d.holders[column] = c
	return column
}

// settle notes, of a page that was read, which nested values went into declared columns.
func (d *decoder) settle() {
	for _, c := range d.holders {
		if c.path != c.name {
			d.nesting.add(d.nesting.taken, c.path)
		}
	}
}
