package source

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// The kinds of an Error, by what is to be done about it.
const (
	KindAuth       = "auth"       // the credentials are wrong
	KindPermission = "permission" // the API user may not call this
	KindParameters = "parameters" // the API refuses what it was asked
	KindNotFound   = "not_found"  // there is nothing at that address
	KindStatus     = "status"     // any other status that is no success
	KindNotJSON    = "not_json"   // a success that is not the promised JSON
	KindNotCSV     = "not_csv"    // the same of a CSV
	KindShape      = "shape"      // a JSON whose rows or total are not where the source says
	KindTruncated  = "truncated"  // the JSON ends before its end
	KindTimeout    = "timeout"
	KindConnection = "connection"
	KindTooLarge   = "too_large" // a bound was reached
	KindRedirect   = "redirect"
	KindType       = "type"       // values do not fit their columns; Err is a *Misfits
	KindIntegrity  = "integrity"  // pages repeat records or lack some
	KindRange      = "range"      // the API cannot be asked for the report's range
	KindUnrecorded = "unrecorded" // the answer is asked of a recording, which has none
)

// Error is why rows could not be fetched. No field holds a secret.
type Error struct {
	Kind string
	// Method and URL are the request's; empty where none was made.
	Method, URL string
	// Part is which of a dataset's several requests it was: its value, its slice of the range; empty where there is one.
	Part   string
	Status int
	// RequestID is what the API's support asks for.
	RequestID string
	// Messages are the API's own words, or for KindRange, KindTooLarge and KindIntegrity ours.
	Messages []string
	// Body is the beginning of an answer that was not understood, control characters escaped.
	Body string
	// Attempts is how often the request was made.
	Attempts int
	// RetryAfter is how long the API asked to wait, where it did.
	RetryAfter time.Duration
	Err        error

	retry bool
	// unsteady: the rows may have changed while they were read, so that another fetch may fit together.
	unsteady bool
	// lasting: the source is wrong rather than the data, so that another fetch would bring the same.
	lasting bool
	// spent is the connection's bound of retries, where that ended the attempts.
	spent int
	// base is where the connection's API is, and auth how its requests say who asks.
	base, auth string
	// wide: every request over the connection would end so.
	wide bool
}

// OfConnection reports whether the whole connection is at fault, and not what one dataset asks for: its host,
// certificate, proxy, credentials, or a redirect to another server. Details of such errors name the API's address
// instead of the request, so that the datasets that fail for one cause say the same.
func (e *Error) OfConnection() bool { return e.wide }

// Error returns the request, what became of it, and the API's words.
func (e *Error) Error() string {
	var b strings.Builder
	if e.URL != "" {
		fmt.Fprintf(&b, "%s %s: ", e.Method, e.URL)
	}
	switch {
	case e.Status >= 300:
		fmt.Fprintf(&b, "%d %s", e.Status, http.StatusText(e.Status))
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		b.WriteString(summaries[e.Kind].summary)
	}
	if e.Part != "" {
		fmt.Fprintf(&b, " for %s", e.Part)
	}
	if len(e.Messages) > 0 {
		b.WriteString(": " + strings.Join(e.Messages, " "))
	}
	if e.Body != "" {
		fmt.Fprintf(&b, ": %s", e.Body)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request_id %s)", e.RequestID)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CellError is a value that does not fit its column's type.
type CellError struct {
	// Row counts from 1 over all rows of the fetch.
	Row    int
	Column string
	Type   expr.Type
	// Value is as the API wrote it, shortened.
	Value string
	// Why says more than that it does not fit; often empty.
	Why string
}

// Error names row, column and value.
func (e *CellError) Error() string {
	return fmt.Sprintf("row %d, column %q: %s %s", e.Row, e.Column, e.Value, e.Reason())
}

// Reason says what is wrong with the value, and not what it is.
func (e *CellError) Reason() string {
	if e.Why != "" {
		return e.Why
	}
	return "is not " + typeWords[e.Type]
}

// Why a value does not fit where its type alone does not tell.
const (
	// withoutUnit: 90 may be a minute and a half, or less than a tenth of a second.
	withoutUnit = "is a number, and the column has no unit that would say of what"
	anObject    = "is an object"
	tooLarge    = "is larger than a whole number can be, 9223372036854775807"
	secondValue = "is a second value for the same column"
)

// remedy says what to change, and the change as it is written behind the column.
func (e *CellError) remedy() (text, change string) {
	switch e.Why {
	case withoutUnit:
		return fmt.Sprintf("Give the column %q the unit of its numbers, s or ms,", e.Column), "unit: s"
	case anObject, secondValue:
		return fmt.Sprintf("Give the column %q the path of the one value that is meant,", e.Column), "path: …"
	}
	return fmt.Sprintf("The column %q is declared as %s. Where the API is right, declare it otherwise", e.Column, e.Type), "type: text"
}

// typeWords name a type with its article.
var typeWords = map[expr.Type]string{
	expr.Text: "a text", expr.Integer: "a whole number", expr.Decimal: "a decimal number of up to 19 digits",
	expr.Percent: "a number of percent points", expr.Ratio: "a number", expr.Duration: "a duration (HH:MM:SS)",
	expr.Date: "a date (YYYY-MM-DD)", expr.DateTime: "a date with a time (YYYY-MM-DD HH:MM[:SS])",
	expr.Period: "a period", expr.Boolean: "true or false",
}
