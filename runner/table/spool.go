package table

import "context"

// Spool says where a table may keep its rows.
type Spool struct {
	// Dir is the run's private folder for rows beyond Memory.
	Dir string
	// Memory is how many bytes of rows stay in memory; 0 means 32 MiB.
	Memory int64
}

// Table is a set of rows that can be read again and again.
type Table struct {
	fields []Field
	n      int
}

// Collect reads rows to their end into a table.
func Collect(ctx context.Context, rows Rows, spool Spool) (*Table, error) { panic("not yet") }

// Fields describes the columns, hidden ones included.
func (t *Table) Fields() []Field { return t.fields }

// Len is the number of rows.
func (t *Table) Len() int { return t.n }

// Rows starts a new stream over all rows.
func (t *Table) Rows() Rows { panic("not yet") }

// Close removes what stands on disk.
func (t *Table) Close() error { return nil }
