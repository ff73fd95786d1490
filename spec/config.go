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

// Connection is an API or a mail server. Exactly one of API, SMTP and Outbox is set.
type Connection struct {
	Name   string
	Type   string // thulium, http, demo, smtp, outbox
	Range  diag.Range
	API    *APIConnection
	SMTP   *SMTPConnection
	Outbox *OutboxConnection
	// misfit: the schema has complained about it, so that what it offers is not known.
	misfit bool
}

// APIConnection is where rows come from.
type APIConnection struct {
	// BaseURL is without a slash at its end; for thulium made from system. Nil for demo.
	BaseURL  *Template
	Timezone *time.Location
	// Auth is nil where none is asked for.
	Auth *Auth
	// Certificate is nil where the API wants none.
	Certificate *ClientCertificate
	Headers     []Pair
	// Sources are the catalog's and the user's own, by name.
	Sources   map[string]*Source
	Transport Transport
}

// Auth is how requests say who asks: one of basic, bearer, header, query and OAuth2 client credentials.
type Auth struct {
	Username, Password *Template // basic
	Bearer             *Template
	Header, Query      *Pair
	OAuth2             *ClientCredentials
	Range              diag.Range
}

// ClientCredentials is how a token is asked for (RFC 6749, section 4.4).
type ClientCredentials struct {
	TokenURL, ID, Secret *Template
	Scopes               []string
	Audience             string
	// InBody: id and secret stand in the form, rather than in HTTP Basic.
	InBody bool
}

// ClientCertificate says who asks while encryption is agreed on. Each part is a file beneath Root, or its PEM.
type ClientCertificate struct {
	CertFile, KeyFile string
	Cert, Key         *Template
}

// Pair is a name with its value.
type Pair struct {
	Name  string
	Value *Template
}

// Transport bounds what requests may take. Zero values mean the defaults that the schema states.
type Transport struct {
	Timeout     time.Duration // of one request, 30 s
	Concurrency int           // 4
	Rate        float64       // requests a second; 0 is unbounded
	Burst       int           // requests at once before the rate holds; 1
	Attempts    int           // 5
	MaxWait     time.Duration // 60 s
	MaxRetries  int           // of all requests of a run, 100
	MaxResponse int64         // bytes after decompression, 64 MiB
	Proxy       *Template
	CAFile      string // beneath Root
}

// SMTPConnection is a mail server.
type SMTPConnection struct {
	Host               *Template
	Port               int    // 0: 587 with starttls, 465 with tls, 25 with none
	Security           string // starttls, tls, none
	AllowPlaintext     bool   // security none off this machine
	Auth               string // auto, plain, login, cram-md5, scram-sha-256, none
	Username, Password *Template
	From, ReplyTo      *Template
	AllowDomains       []string
	MaxMessageSize     int64
	Timeout            time.Duration
	CAFile             string
}

// OutboxConnection writes messages into a folder.
type OutboxConnection struct {
	Directory     *Template // beneath Root
	From, ReplyTo *Template
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
	SumOf       []string
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
	Name       string
	Range      diag.Range
	Connection *Connection
	Source     *Source
	Filters    []*Filter
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
	// Fields is what comes out, as far as known without data; Open says more columns may be found.
	Fields []table.Field
	Open   bool
	// unknown: a fault that was reported hides what comes out, so that what refers to it is let pass.
	unknown bool
	// renamed has the names that columns lost, with those they have now.
	renamed map[string]string
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

// Workbook is the pages of a report.
type Workbook struct {
	Title, Author, Subject *Template // document properties
	Sheets                 []*Sheet
}

// Sheet is one page.
type Sheet struct {
	Name   *Template
	Blocks []*Block
	Range  diag.Range
}

// Block is one of a heading, a text, kpis and a table.
type Block struct {
	Range   diag.Range
	Heading *Template
	Text    *Template
	KPIs    []*KPI
	Table   *TableBlock
}

// KPI is one figure.
type KPI struct {
	Label  *Template
	Value  *Expression
	Format string
	Range  diag.Range
}

// TableBlock shows a dataset.
type TableBlock struct {
	Dataset string
	Columns []*TableColumn
	Totals  bool
	Limit   int
	Range   diag.Range
}

// TableColumn is a column as the block shows it.
type TableColumn struct {
	Key, Label, Format string
	Width              float64
	Total              *table.Total
	Range              diag.Range
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

// FileDestination is a file beneath the configuration's folder.
type FileDestination struct {
	Path *Template
}

// EmailDestination is a mail.
type EmailDestination struct {
	Via         *Connection
	To, Cc, Bcc []*Template
	ReplyTo     *Template
	Subject     *Template
	Body        []*Block
	Attach      []*Attachment
	// Resend: a delivery in doubt is made again by itself (in_doubt: resend).
	Resend bool
}

// Attachment is the workbook under a name.
type Attachment struct {
	Name  *Template // nil: made from the report's name and range
	Range diag.Range
}
