// Package outputs is what a report becomes: the document with its data, the artifacts rendered from it,
// and the contract of the kinds that deliver them.
package outputs

import (
	"context"
	"net/mail"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// Document is a report with its data, ready to be rendered. It holds nothing of the run itself
// (moment, commit), so that the same figures are the same bytes; Modified is the end of the range.
type Document struct {
	Title       string
	Description string
	// Author is the report's owner, or the project. Subject is a document property.
	Author, Subject string
	Project         string
	// Range is the range in words with its zone, such as "9–15 Nov 2026 (Europe/Warsaw)".
	Range string
	// From is where the range starts, in its zone.
	From     time.Time
	Modified time.Time
	// Locale is "en" or "pl".
	Locale string
	Sheets []Sheet
	// Datasets are the rows themselves, in the order of the definition, for what programs read.
	Datasets []Dataset
	// Body is what a mail says; empty means that the kind takes title, range and the first sheet's kpis and tables.
	Body []Block
	// Notices are shown in mail and workbook, such as "All tables are empty."
	Notices []string
	// Theme is how it looks; the zero theme is the default one (see [Theme.Whole]).
	Theme Theme
	// About says where the figures come from; it is never nil in a document that a run made. A mail's foot is made of it.
	About *About
	// AboutSheet adds a sheet of it to the workbook.
	AboutSheet bool
	// Template is a designed workbook that is filled, nil where there is none: Sheets are empty then.
	Template *Template
	// Password encrypts the workbook; the zero secret does not.
	Password expr.Secret
}

// Template is a designed workbook with what its names are filled with.
type Template struct {
	// Data is the .xlsx file, Name how messages name it.
	Data []byte
	Name string
	Fill []Fill
}

// Fill is what stands at a defined name or a table object of a template. One of Table and Value is set.
type Fill struct {
	Name string
	// Table fills a table object, or a named range from its first row on.
	Table *TableBlock
	// Value fills the first cell of a named range.
	Value *KPI
}

// Sheet is one page of a document. A Heading that begins it is its title, below which a workbook says the range.
type Sheet struct {
	Name   string
	Blocks []Block
}

// Block is one of Heading, Text, KPIs, TableBlock, Chart and Image.
type Block interface{ block() }

// Heading is a line that titles what follows.
type Heading struct{ Text string }

// Text is a paragraph; its lines are kept.
type Text struct{ Text string }

// KPIs is a row of figures, each with its label.
type KPIs struct{ Items []KPI }

// KPI is one figure.
type KPI struct {
	Label  string
	Value  expr.Value
	Format string // number format in Excel's notation; empty means the type's own
	// Before is the figure that Value is compared with; nil where it is compared with none.
	Before *expr.Value
	// Good says in which direction a change is good: "up", "down" or, where neither is, "".
	Good string
}

// TableBlock shows a dataset.
type TableBlock struct {
	Dataset string
	Table   *table.Table
	// Columns in order; empty means all that are not hidden.
	Columns []TableColumn
	// Totals adds a totals row by the columns' own rules.
	Totals bool
	// Limit is the most rows shown; 0 means all. A table that is cut says so.
	Limit int
	// Object makes it an Excel table object of that name, for formulas and Power Query; empty leaves it plain.
	Object string
}

// TableColumn is a column as a block shows it; zero fields take the table's own.
type TableColumn struct {
	Key    string
	Label  string
	Format string
	Width  float64 // in characters
	Total  *table.Total
	// Highlight marks cells by their values; nil marks none.
	Highlight *Highlight
}

func (Heading) block()    {}
func (Text) block()       {}
func (KPIs) block()       {}
func (TableBlock) block() {}

// Digest is "sha256:" and 64 hex digits.
type Digest string

// Artifact is what was rendered and can be delivered, in the run's private folder.
type Artifact struct {
	// Name is the file name a reader sees, such as "weekly-chats-2026-11-09.xlsx".
	Name string
	// Path is where its bytes are, from Offset on: that is 0 but for one of the parts of a mail (see [Artifact.Parts]).
	Path   string
	Offset int64
	// MediaType as in RFC 2046.
	MediaType string
	Size      int64
	// Digest is of the bytes as delivered; Content of what is said, before encryption and without the run's own values.
	Digest, Content Digest
	// Sheets and Rows are what a plan shows; Notices are caps that were reached and similar.
	Sheets, Rows int
	Notices      []string
	// Envelope is set for mail.
	Envelope *Envelope
}

// Envelope is who a message comes from and goes to (RFC 5321), and what identifies it.
type Envelope struct {
	From       string
	Recipients []string // each once, in the order to, cc, bcc
	MessageID  string   // with angle brackets
	// Attempt is the number that Message-ID was made with: the key's, or that of the attempt that this one repeats.
	Attempt int
	Date    time.Time
	Subject string
	// Individually are those who get a message of their own, with their names; nil where one message serves all. The
	// artifact is that of the first; the others differ in To and Message-ID, and MessageID is what those are made of.
	Individually []*mail.Address
	// Oversize is the step that was taken to keep the message within its bound; empty where it was within.
	Oversize string
	// Parts are the messages that it was split into, each of which every recipient gets; nil where it is one. MessageID is
	// what theirs are made of.
	Parts []MailPart
}

// Receipt is what became of a delivery.
type Receipt struct {
	// Where says where it went, for people: a path or "3 recipients".
	Where string
	// Path is the file that was written, absolute; empty for what was sent.
	Path string
	// Replies has the server's answer for each recipient in the envelope's order; empty for files, and where the
	// delivery failed before recipients were spoken of.
	Replies []Reply
	// Unchanged: the file stood there with the same digest.
	Unchanged bool
}

// Reply is a server's answer for one recipient.
type Reply struct {
	Recipient string
	Accepted  bool
	// InDoubt: nobody can know, since the server had taken the recipient and its answer to the message never came; also
	// whoever got some parts of a mail and not the others.
	InDoubt   bool
	Temporary bool // a 4xx refusal, to be tried again; also whoever was accepted by a transaction that came to nothing
	Text      string
}

// Key names one delivery: what a kind needs of it to make its effect recognisable.
type Key struct {
	Project, Address, Range string
	// Attempt counts from 1.
	Attempt int
	// Last is the attempt before, nil for the first. What says the same as it did repeats it: it bears its number and its
	// date, and so its Message-ID.
	Last *Attempt
}

// Attempt is an earlier attempt at a delivery.
type Attempt struct {
	Number  int
	Content Digest
	Date    time.Time
}

// Renderer writes a document in one file format.
type Renderer interface {
	// Render writes the whole document to path, a new file in a private folder. Same document, same bytes.
	Render(ctx context.Context, doc Document, path string) (Rendered, error)
	// MediaType as in RFC 2046.
	MediaType() string
}

// Rendered says what a Renderer wrote.
type Rendered struct {
	Sheets, Rows int
	Notices      []string
	// Content is the digest of what is said.
	Content Digest
}

// Output is a kind of destination.
type Output interface {
	// Render makes what would be delivered: pure, the same document gives the same bytes. dir is a private folder.
	Render(ctx context.Context, doc Document, key Key, dir string) (Artifact, error)
	// Deliver hands the artifact over, at most once. No error means that it arrived; a mail perhaps not with everybody,
	// which the receipt's replies tell. An error for which [IsInDoubt] holds means that nobody can know whether it
	// arrived; any other error means that it did not, and [IsTemporary] whether trying again soon may do.
	Deliver(ctx context.Context, a Artifact, key Key) (Receipt, error)
}
