package source

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// summary is what is fixed of a kind's diagnostic.
type summary struct{ code, summary, advice string }

// summaries say for each kind what it is and what to do.
var summaries = map[string]summary{
	KindAuth: {"api-auth", "API refused the credentials",
		""},
	KindPermission: {"api-permission", "API user lacks a permission",
		"An administrator of the API must let this API user call this method."},
	KindParameters: {"api-parameters", "API refused the request's parameters",
		"Check the dataset's filters, aggregate_by and range."},
	KindNotFound: {"api-not-found", "Nothing is at that address",
		"Check the connection's system or base_url and the source's path."},
	KindStatus:    {"api-status", "API answered with an error", ""},
	KindNotJSON:   {"api-not-json", "API answer is not the promised JSON", "A login page, a proxy or a wrong base_url often answers like this."},
	KindNotCSV:    {"api-not-csv", "API answer is not the promised CSV", "Check the source's format, delimiter and columns."},
	KindShape:     {"api-shape", "API answer has another form than the source says", ""},
	KindTruncated: {"api-truncated", "API answer is cut short", ""},
	KindTimeout: {"api-timeout", "API did not answer in time",
		"A larger timeout under the connection waits longer; a smaller range or a coarser aggregate_by asks for less."},
	KindConnection: {"api-connection", "API cannot be reached", checkNetwork},
	KindTooLarge:   {"api-too-large", "API answer passes a bound", ""},
	KindRedirect:   {"api-redirect", "API redirects elsewhere", "Check the connection's base_url; it may have moved."},
	KindType:       {"api-value", "Value does not fit its column's type", ""},
	KindIntegrity: {"api-integrity", "Pages do not fit together",
		"It may be that the data changed while it was read, or that the API pages in no fixed order. Run again; a range that is over changes less."},
	KindRange: {"api-range", "API cannot be asked for this range", ""},
	KindUnrecorded: {"not-recorded", "Recording has no answer to this",
		"A recording has the answers to what was asked when it was made: for that range, with those filters. Nothing else is asked while it is used. Use it for the moment that it was made for, or make it anew."},
}

// Diagnose returns the parts of a diagnostic: a stable code, a fixed summary, and full sentences of what happened and
// what to do.
func (e *Error) Diagnose() (code, short, detail string) {
	s := summaries[e.Kind]
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if what := e.happened(); what != "" {
		say("%s", what)
	}
	if e.Part != "" {
		say("It is one of the dataset's requests, that for %s.", e.Part)
	}
	if len(e.Messages) > 0 {
		say("%s", strings.Join(e.Messages, " "))
	}
	if e.Body != "" {
		say("The answer begins: %s", e.Body)
	}
	if e.RetryAfter > 0 {
		say("The API asks to wait %s, which is more than the connection's retry max_wait leaves.", e.RetryAfter)
	}
	if e.Attempts > 1 {
		say("It was tried %d times.", e.Attempts)
	}
	if e.spent > 0 {
		say("All %d retries that requests over the connection have in a run (retry: {max_retries: …}) are used up.", e.spent)
	}
	if e.RequestID != "" {
		say("For the API's support this is request_id %s.", e.RequestID)
	}
	advice := s.advice
	var why *failure
	var shape *shapeError
	var misfits *Misfits
	var format *formatError
	switch {
	case e.Kind == KindStatus && e.Status == http.StatusTooManyRequests:
		advice = "Set a lower rate or concurrency under the connection."
	case e.Kind == KindIntegrity && e.lasting:
		advice = "" // the messages say what to correct
	case e.Kind == KindAuth:
		advice = authAdvice[e.auth]
	case errors.As(e.Err, &why) && why.advice != "":
		advice = why.advice
	case e.Kind == KindShape && errors.As(e.Err, &shape):
		advice = shape.advice()
	case errors.As(e.Err, &format) && format.advice != "":
		advice = format.advice
	case errors.As(e.Err, &misfits):
		if misfits.several() {
			say("%s", misfits.list())
		}
		advice = misfits.advice()
	}
	if advice != "" {
		say("%s", advice)
	}
	return s.code, s.summary, strings.Join(lines, "\n")
}

// happened says what became of the request.
func (e *Error) happened() string {
	if e.URL == "" {
		return ""
	}
	asked := fmt.Sprintf("%s %s", e.Method, e.URL)
	if e.wide {
		asked = fmt.Sprintf("%s %s", e.Method, e.base)
	}
	switch {
	case e.Status >= 300:
		text := strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
		return fmt.Sprintf("The API answered %s to\n%s", text, asked)
	case e.Err != nil:
		what := e.Err.Error()
		if misfits, ok := errors.AsType[*Misfits](e.Err); ok {
			what = misfits.short()
		}
		return fmt.Sprintf("%s, in\n%s", upperFirst(what), asked)
	default:
		return "The request was\n" + asked
	}
}

// upperFirst makes a sentence's beginning of an error's text, which begins with a word of ours.
func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
