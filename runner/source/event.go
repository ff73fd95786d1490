package source

import "time"

// EventKind says what an Event reports.
type EventKind uint8

const (
	// Started says that a fetch begins; URL is its first request's.
	Started EventKind = iota
	// Received says that a page arrived, in order; Rows counts all rows so far.
	Received
	// Retried says that a request failed and is tried again after Wait; Err says why.
	Retried
	// Finished says that all rows are there.
	Finished
)

// Event is something that happened during a fetch.
type Event struct {
	Kind                    EventKind
	Report, Dataset, Source string
	// URL has no secrets in it.
	URL string
	// Page counts from 1. Total is how many rows the API announced; -1 where it tells none.
	Page, Rows, Total int
	Err               error
	Wait              time.Duration
	// Cached is when the rows were asked for that were taken from the cache; zero where the API has just been asked.
	Cached time.Time
}

// event returns an event of this fetch.
func (f *fetch) event(k EventKind) Event {
	return Event{
		Kind: k, Report: f.r.Report, Dataset: f.r.Dataset, Source: f.r.Source.Name,
		URL: f.shown(f.paging.number(0, f.paging.Size)), Total: -1, Cached: f.cached.at,
	}
}
