// Package table holds typed columns and rows, the steps that transform them, and how columns add up.
//
// Rows flow as batches of columns. A [Table] keeps them, in memory while they are few and in a temporary file
// beyond that, and can be read any number of times.
package table

import (
	"context"
	"iter"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// TotalKind says how a column adds up, in totals rows, group, pivot and compare alike.
type TotalKind uint8

const (
	// TotalNone leaves the total empty.
	TotalNone TotalKind = iota
	// TotalSum adds.
	TotalSum
	// TotalMin takes the least.
	TotalMin
	// TotalMax takes the greatest.
	TotalMax
	// TotalLast takes the last value that is not missing.
	TotalLast
	// TotalRatio divides the sum of column Num by the sum of column Den. A Percent's quotient is in points (× 100),
	// a Duration's is sum ÷ count.
	TotalRatio
	// TotalWeighted is the mean weighted by column Weight.
	TotalWeighted
	// TotalDifference is the total of column Num less that of column Den, each by its own rule. That of durations is in
	// minutes, since a change may be negative.
	TotalDifference
	// TotalGrowth is that difference divided by the total of column Den.
	TotalGrowth
)

// Total is a column's rule for adding up.
type Total struct {
	Kind     TotalKind
	Num, Den string // TotalRatio, TotalDifference, TotalGrowth
	Weight   string // TotalWeighted
}

// Recomputed reports whether the total is made anew from what the values are made of: they are averages or shares, whose
// sum and plain mean are wrong figures.
func (t Total) Recomputed() bool { return t.Kind == TotalRatio || t.Kind == TotalWeighted }

// Field describes a column.
type Field struct {
	// Name is the key by which expressions, steps and blocks know the column.
	Name string
	Type expr.Type
	// Label is what a reader sees; empty means Name.
	Label string
	// Format is a number format in Excel's notation; empty means the type's own.
	Format string
	Total  Total
	// Grain of a Period: minute, hour, hour_of_day, day, week, month, year.
	Grain string
	// Hidden columns are carried along for the totals of others and never shown.
	Hidden bool
	// Unasked columns are found in the data, or declared by the built-in catalog alone: no author has named them. A table
	// that chooses no columns leaves them out where they are missing in every row.
	Unasked bool
}

// Vector is one column of a batch. Valid has one entry a row; exactly one of the data slices is used, by type:
// Ints for Integer, Boolean, Duration, Date, DateTime and Period (see [expr.Value]), Floats for Percent and Ratio,
// Decs for Decimal, Strs for Text; Period uses Strs too, for texts that were not understood (nil when all were).
type Vector struct {
	Valid  []bool
	Ints   []int64
	Floats []float64
	Decs   []decimal.Decimal
	Strs   []string
}

// Batch is some rows of a table: one vector a field, each N long. Batches are read only once handed on.
type Batch struct {
	Cols []Vector
	N    int
}

// Rows is a stream of batches with a fixed set of fields. It can be ranged over once;
// an error ends it.
type Rows struct {
	Fields []Field
	Seq    iter.Seq2[*Batch, error]
	// Failed says that the stream ends with an error before its first row, and that its fields are not known: a step
	// behind it would only complain of columns that are missing because of that.
	Failed bool
}

// Step transforms a stream: where, derive, select, rename, sort, limit, group.
// Bad names and types are found by Fields, before any row flows.
type Step interface {
	// Fields returns what the step makes of the fields, so that validate can check a pipeline without data.
	// open says that columns not listed may exist (a source whose columns are found in the data).
	// Its error is a [*Fault].
	Fields(in []Field, open bool) ([]Field, error)
	// Apply transforms the rows. Steps that must hold all rows (sort, group) do so within.
	Apply(ctx context.Context, in Rows) Rows
}

// Fault is what is wrong with a step: which part of it, and what to say.
type Fault struct {
	// Part is the key or the index within the step that is wrong: "answer_rate" of a derive, "1" of a sort;
	// empty for the whole step.
	Part string
	// Expr, when set, is wrong within the part's expression.
	Expr *expr.Fault
	// Code, Summary and Detail are those of a diag.Diagnostic, used when Expr is nil.
	Code, Summary, Detail string
}

// Error returns the detail.
func (f *Fault) Error() string {
	if f.Expr != nil {
		return f.Expr.Error()
	}
	return f.Detail
}
