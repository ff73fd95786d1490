// Package spec is the language: bytes in, typed and positioned configuration out. It knows no network, clock,
// environment or goroutines; what it needs of them (file systems, values of variables) is handed to it.
package spec

import (
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// Config is a whole configuration: every file united, variables put in, names and types checked.
type Config struct {
	// Root is the folder of the configuration as it was named; paths in it are relative to Root.
	Root     string
	Settings Settings
	State    State
	// Connections, Reports and Variables are in the order of files and lines.
	Connections []*Connection
	Reports     []*Report
	Variables   []*Variable
	// Moved are the renames, in the order of files and lines.
	Moved []Move
	// Files are the contents by name, as diagnostics show them: secrets in them are blanked. The values of variables, and
	// the files that they came from, are there too.
	Files diag.Files
	// Defaults are the keys that settings.defaults gives to every report that has none of its own.
	Defaults []string
	// count is how many files hold the configuration itself.
	count int
}

// FileCount is how many files the configuration was read from, those with values of variables aside.
func (c *Config) FileCount() int { return c.count }

// Settings hold for all reports.
type Settings struct {
	// Project names these reports in a shared state; "default" unless set.
	Project  string
	Calendar calendar.Calendar
	// Timezone is Calendar's, with its place.
	Timezone string
	// Locale is "en" or "pl".
	Locale string
	Theme  Theme
	Range  diag.Range
}

// Move is a rename of a report, of an instance or of a destination: what the state knows under From stands for To.
type Move struct {
	From, To string // addresses: weekly-chats, weekly-chats["north"], weekly-chats.leads
	Range    diag.Range
}

// State says where deliveries are remembered.
type State struct {
	// Location is "file:.reportform" unless set.
	Location string
	Range    diag.Range
}

// Variable is a declared variable with its value.
type Variable struct {
	Name, Type, Description string
	Secret                  bool
	Range                   diag.Range
	Value                   expr.Value
	// valueType is Value's type; elem that of a list's items, else the same.
	valueType, elem expr.Type
	list            bool
}

// Report is one report instance.
type Report struct {
	// Name is the key under reports; Address adds the instance, weekly-chats["north"].
	Name, Address string
	Range         diag.Range
	Title         *Template
	Description   string
	Owner         string
	Disabled      bool
	Tags          []string
	// Window is the range as written, computed in Calendar.
	Window      calendar.Expr
	WindowRange diag.Range
	Calendar    calendar.Calendar
	// NotBefore is the earliest time of day, after the range's end, as a duration since midnight.
	NotBefore    time.Duration
	Partial      bool
	Empty        string // send, skip, fail
	Datasets     []*Dataset
	Checks       []*Check
	When         *Expression
	Workbook     *Workbook // nil: every dataset becomes a sheet with a table
	Destinations []*Destination
	// Each is the instance of a report with for_each; nil for any other.
	Each *Each
	// Split makes an instance for each value of a column, once the rows are known; nil where there is none.
	Split *Split
	// CatchUp is how many missed earlier ranges are due as well.
	CatchUp int
	// OnFailure is the mail to its owners when the report cannot be delivered; nil where there is none.
	OnFailure *OnFailure
	// Parts tell what of the report as written has changed between two versions of it.
	Parts Parts
	// each is what the for_each says that the report is an instance of.
	each forEach
	// misfit: the schema has complained about the report, so that which datasets it means to have is not known.
	misfit bool
}

// Each is one instance's key and value, for ${each.key} and ${each.value}.
type Each struct {
	Key   string
	Value expr.Value // for a list the item itself: a text, a whole number or a date
}

// Split divides a report by the values of a column.
type Split struct {
	By string // a column that every dataset has but those in Shared
	// Shared are datasets that each part has whole.
	Shared []string
	Range  diag.Range
}

// OnFailure is who is told that a report was blocked, failed or is in doubt.
type OnFailure struct {
	Email *EmailDestination // no body and no attachments
	Range diag.Range
}

// Dataset is rows asked for and transformed.
type Dataset struct {
	Name  string
	Range diag.Range
	// Connection and Source are what is asked; both are nil where the rows are those of From.
	Connection *Connection
	Source     *Source
	// From is another dataset, whose rows as they come out of its transforms are these; empty where a source is asked.
	From string
	// Needs are the datasets that are there first: those whose rows or values this one takes, each once.
	Needs   []string
	Filters []*Filter
	// Each asks for each of several values of a filter by itself; nil asks once.
	Each *Values
	// Grain is aggregate_by, or the source's default.
	Grain string
	// Window overrides the report's range; nil otherwise.
	Window *calendar.Expr
	// Slice cuts the range into several requests; zero asks for it at once.
	Slice      calendar.Stride
	SliceRange diag.Range
	// Columns are the source's with the dataset's overrides. The column that Each adds is the first.
	Columns   []*SourceColumn
	Transform []Step
	// Compare asks for an earlier range as well, whose figures come beside; nil where nothing is compared.
	Compare *Compare
	// Fields is what comes out, as far as known without data; Open says more columns may be found.
	Fields []table.Field
	Open   bool
	// unknown: a fault that was reported hides what comes out, so that what refers to it is let pass.
	unknown bool
	// compares: it has a comparison, whose columns come behind the transforms.
	compares bool
	// renamed has the names that columns lost, with those they have now.
	renamed map[string]string
	// named are the columns that blocks and expressions of the report take of what comes out.
	named map[string]bool
}

// Filter is one parameter's value. Value may hold templates over range, var and each.
type Filter struct {
	Parameter *Parameter
	Value     Value
}

// Value is a literal, or a template, or a list of them, with its place.
type Value struct {
	Range    diag.Range
	Literal  expr.Value
	Template *Template // set where the value is computed
	Items    []Value   // set for a list
}

// Step is a transform step with its places.
type Step struct {
	table.Step
	Kind  string
	Range diag.Range
	// Parts maps a table.Fault's Part to its place.
	Parts   map[string]diag.Range
	textAt  map[string]func(offset int) diag.Pos
	context string
}

// Check is an assertion over the datasets.
type Check struct {
	Name     string
	Assert   *Expression
	Message  *Template
	Severity diag.Severity
	Range    diag.Range
}

// Destination is where a report goes. Exactly one of File and Email is set.
type Destination struct {
	Name  string
	Range diag.Range
	When  *Expression
	File  *FileDestination
	Email *EmailDestination
	// Digest is of the report's definition as far as this destination sees it: without the other destinations, without
	// names (a rename is no change), and without what decides only when it is looked at and who hears of a failure. An
	// instance's own key and value are in it, those of the others are not.
	Digest string
}

// EmailDestination is a mail.
type EmailDestination struct {
	Via         *Connection
	To, Cc, Bcc []*Template
	ReplyTo     *Template
	Subject     *Template
	Body        []*Block
	Attach      []*Attachment
	// Individually: everybody of To gets a mail of their own.
	Individually bool
	// Oversize are the steps, zip, split and notice, that are taken for a mail above the connection's MaxMessageSize.
	Oversize []string
	// Resend: a delivery in doubt is made again by itself (in_doubt: resend).
	Resend bool
}

// Attachment is a file that goes along with a mail.
type Attachment struct {
	// Data says whose rows are in it and how they are written; without a dataset it is the workbook.
	Data DataFormat
	// Format is xlsx, csv or json: the ending of its name.
	Format string
	Name   *Template // nil: made from the names of the report and the dataset, and the range
	Range  diag.Range
}
