package source

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// page asks for the page at a place, again where that is worth it and within the connection's bounds:
// a number of attempts, a total time after which no new one is made, and a number of retries of all requests.
func (f *fetch) page(ctx context.Context, at place) (*page, error) {
	begun := f.o.Now()
	waits := fullJitter()
	for attempt := 1; ; attempt++ {
		pg, err := f.attempt(ctx, at)
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return pg, err
		}
		e.Attempts = attempt
		if !e.retry || attempt >= f.conn.attempts {
			e.RetryAfter = 0
			return nil, e
		}
		wait := e.RetryAfter
		if wait == 0 {
			wait = waits.NextBackOff()
		}
		if f.o.Now().Sub(begun)+wait > f.conn.maxWait {
			return nil, e
		}
		if f.conn.retries.Add(1) > int64(f.conn.maxRetries) {
			e.RetryAfter, e.spent = 0, f.conn.maxRetries
			return nil, e
		}
		again := f.event(Retried)
		again.URL, again.Err, again.Wait = e.URL, e, wait
		f.o.Observe(again)
		if err := f.o.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// fullJitter waits between nothing and twice an interval that doubles from half a second on, so that clients which
// failed together do not come back together.
func fullJitter() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval = 500 * time.Millisecond
	b.RandomizationFactor = 1
	b.Multiplier = 2
	b.MaxInterval = 15 * time.Second
	b.Reset()
	return b
}

// worthRetrying reports whether a status may be another one soon.
func worthRetrying(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}

// retryAfter reads a Retry-After header, seconds or a date. Nothing, 0, a past date and what is neither are 0:
// then the client's own wait counts.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(header, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
