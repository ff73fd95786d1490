package spec

import (
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// Source is one endpoint described by data.
type Source struct {
	Name, Title, Description string
	Range                    diag.Range
	// Path is relative to the connection's base URL; {NAME} in it is the parameter's value.
	Path string
	// Post: asked by POST, which the definition says changes nothing; else by GET.
	Post bool
	// Query and Headers are sent with every request as they are. Body is a JSON object that parameters are put into; nil
	// where there is none.
	Query, Headers []Fixed
	Body           []byte
	// Format of the response: json, ndjson, csv; empty is json. Delimiter is between the values of csv; empty is a comma.
	Format, Delimiter string
	// Records is where the rows are in the response, "result", "data.items" or "days[].orders"; empty means the response
	// is the array.
	Records string
	// Window says how a range is asked for; nil where the source has none.
	Window *Window
	// Grain names the parameter for aggregate_by, with its allowed values and default; nil where there is none.
	Grain  *Grain
	Paging Paging
	// Drifts: rows may move from page to page while they are read.
	Drifts     bool
	Key        []string
	Parameters []*Parameter
	// Requires are groups of parameters of each of which one must be there at least.
	Requires [][]string
	Columns  []*SourceColumn
	Rules    []Rule
	// Personal are places in a record, such as "client", with all beneath them, that are no columns and whose values a
	// recording makes up.
	Personal []string
	// Certainty says how the entry is known: documented, inferred, unknown.
	Certainty string
}

// Fixed is a part of every request to a source: a name with its values.
type Fixed struct {
	Name   string
	Values []string
}

// Window is a range as request parameters.
type Window struct {
	From, Until string // parameter names
	Layout      string // of Go's time package
	// Inclusive: the end is the last second that belongs to the range.
	Inclusive bool
}

// Grain is the time bucket a source aggregates by.
type Grain struct {
	Parameter string
	Allowed   []string
	Default   string
	// Column is the period column whose type follows the grain.
	Column string
}

// Paging is how a source hands out many rows: one of its ways, or none where one response has all.
type Paging struct {
	Offset  *OffsetPaging
	Page    *PagePaging
	Cursor  *CursorPaging
	Link    *LinkPaging
	NextURL *NextURLPaging
}

// Pages is what all ways of paging have in common.
type Pages struct {
	Limit string // the parameter that takes the rows a page; empty where none does
	Size  int    // rows a page; 0 where that is not known
	// Total is the path of the count of all records in the response, More of a flag that says whether more follow;
	// empty where the API tells none.
	Total, More string
	// MaxPages bounds the pages; reaching it is an error.
	MaxPages int
}

// OffsetPaging asks for records from a number on.
type OffsetPaging struct {
	Offset string // the parameter's name
	Pages
}

// PagePaging asks for pages by their number.
type PagePaging struct {
	Page  string // the parameter's name
	First int    // the first page's number
	Pages
}

// CursorPaging asks for the page behind a mark that the page before it gave.
type CursorPaging struct {
	Parameter string // takes the mark; it is not sent with the first request
	Next      string // the path of the mark in the response
	Pages
}

// LinkPaging follows the Link header of RFC 8288 whose relation is "next".
type LinkPaging struct{ Pages }

// NextURLPaging follows an address in the response.
type NextURLPaging struct {
	Path string // of the address in the response
	Pages
}

// Parameter is one filter of a source.
type Parameter struct {
	Name        string
	Type        expr.Type
	List        bool
	Style       string // brackets, repeat, comma: how a list is written
	In          string // query, body, header; empty: in the path where that has {NAME}, else the body of a POST, else the query
	Required    bool
	Default     string // as the API documents it, for people
	Allowed     []string
	Min, Max    *int64
	Description string
	Certainty   string
	Range       diag.Range
}

// SourceColumn is a column that a source declares, or a dataset's override of one.
type SourceColumn struct {
	Field table.Field
	// Labels by locale; Field.Label is the one for the configuration's locale.
	Labels map[string]string
	// Path is where the value is in a record, "amount.gross"; empty means Field.Name with "_" for nesting.
	Path string
	// Unit of a duration that comes as a number: "s" or "ms"; empty for "HH:MM:SS".
	Unit string
	// SumOf names integer columns whose sum this one is, instead of being read: a weight that no API column has.
	SumOf []string
	// Optional: the API leaves it out of records that have no value of it, so that nothing is wrong where none has one.
	Optional bool
	// Personal: a recording has made-up values in the place of this column's.
	Personal    bool
	Description string
	Certainty   string
	Range       diag.Range
}

// Rule says what a status means: retry, fail, empty, ignore.
type Rule struct {
	Status       int
	BodyContains string
	Action       string
}
