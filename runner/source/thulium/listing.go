package thulium

import (
	"encoding/json"
	"fmt"
	"time"
)

// listing is the rows of one query, made day by day: a page costs the days that it lies in, and the first of all pages a
// count of each day.
type listing[T any] struct {
	// query tells the listing from others.
	query string
	// from and to are the first and the last second.
	from, to time.Time
	// newest: the last day comes first, as it does within of.
	newest bool
	// of makes the rows of a day that the query asks for, in their order.
	of func(day int) []T
}

// counted is how the API hands out lists: with the number of all rows, whatever the page.
type counted[R any] struct {
	Count  int `json:"count"`
	Result []R `json:"result"`
}

// answer makes a page, each row written by write.
func answer[T, R any](d *demo, l listing[T], p page, write func(T) R) counted[R] {
	from, to := latest(l.from, startOfDemo), earliest(l.to, endOfDemo)
	first, days := dayOf(from), max(0, dayOf(to)-dayOf(from)+1)
	at := func(i int) int {
		if l.newest {
			i = days - 1 - i
		}
		return first + i
	}
	counts := keep(d, l.query, func() []int {
		out := make([]int, days)
		for i := range out {
			out[i] = len(l.of(at(i)))
		}
		return out
	})
	out := counted[R]{Result: []R{}}
	for i, n := range counts {
		begin := out.Count
		out.Count += n
		if n == 0 || begin+n <= p.offset || len(out.Result) == p.limit {
			continue
		}
		rows := keep(d, fmt.Sprint(l.query, " ", at(i)), func() []T { return l.of(at(i)) })
		for _, row := range of(page{max(0, p.offset-begin), p.limit - len(out.Result)}, rows) {
			out.Result = append(out.Result, write(row))
		}
	}
	return out
}

// dayOf numbers days, from 1970 on.
func dayOf(t time.Time) int { return int(t.Unix() / 86400) }

// midnight is when a day begins.
func midnight(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// clock is a second of a day.
func clock(day, second int) time.Time { return time.Unix(int64(day)*86400+int64(second), 0).UTC() }

// stamp writes a moment as most of the API does.
func stamp(t time.Time) string { return t.Format("2006-01-02 15:04:05") }

// orNull is a text whose lack is null.
type orNull string

// MarshalJSON implements [json.Marshaler].
func (s orNull) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(s))
}
