// Package expr is the expression language: ${…} inside strings, and the bare expressions of where, derive, assert,
// when and value. It is parsed by github.com/expr-lang/expr's parser, which this package alone imports;
// names, types, missing values and functions are ours, since SQL's rules for missing values, ratio columns
// and sensitive marking are not expr's.
package expr

// Names is what an expression may refer to at a place, with types: the scope of type-checking.
// Known names come from it for "did you mean".
//
// The tree: a name is either a leaf with a Type, or a namespace ("var", "range", "by_day") with Fields.
// A namespace has Fields or is Open, and its Type is Any or Map; a Map without either is a value whose keys are
// known only when it is there. A dataset is Type Table with its columns as Fields. In a group's measures each column is
// Type Column with its own type as Elem: it can stand in an aggregate function alone.
type Names map[string]Name

// Name is one entry of Names.
type Name struct {
	Type   Type
	Elem   Type // of a List's items, of an Open namespace's fields, of a Column
	Fields Names
	// Open admits fields that are not listed, of type Elem.
	Open bool
	// Unavailable, when set, explains why a name that exists elsewhere cannot stand here,
	// such as "datasets are known only in subject, body, blocks, checks and when".
	Unavailable string
	// Recomputed marks a column of averages or shares, whose total is made anew from what they are made of: the sum and
	// the plain mean of such values are wrong figures.
	Recomputed bool
	// Renamed, when set, is what the column of this name is called by now: the name itself is gone.
	Renamed string
}

// Fault is what is wrong in an expression: a place in its text and what to say about it.
type Fault struct {
	// Offset and Length are in characters (runes) of the expression's own text.
	Offset, Length int
	// Code, Summary and Detail are those of a diag.Diagnostic: "unknown-name", "wrong-type", "bad-expression", ….
	Code, Summary, Detail string
}

// Error returns the detail.
func (f *Fault) Error() string { return f.Detail }

// Env gives an expression its values when it is evaluated. Paths must not be changed or kept: an expression hands out
// the same slices at every evaluation. row["count"] has the path ["row", "count"], file("key.pem") ["file", "key.pem"].
type Env interface {
	// Lookup returns the value at a path such as ["range", "from"] or ["answered"]; missing values are a Value
	// that is not Valid, an error is a failure of the surroundings (an environment name that is not set).
	Lookup(path []string) (Value, error)
	// Aggregate computes fn ("sum", "avg", "min", "max", "count", "distinct", "duplicates", "first", "last", "total",
	// "rows", or "p" and the rank of a percentile, as in "p90" and "p99.9") over a column:
	// ["answered"] in a group's measures, ["by_day", "incoming"] or ["datasets", "by-day", "incoming"] elsewhere.
	// count() and rows(d) have the path of the table itself: [] or ["by_day"].
	Aggregate(fn string, path []string) (Value, error)
}

// Localizer is an Env whose texts for readers, made by format, are in another locale than "en".
type Localizer interface {
	// Locale is "en" or "pl".
	Locale() string
}
