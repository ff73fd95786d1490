package thulium

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// query is what the chat report is asked for.
type query struct {
	// from and to are the first and the last second, of the wall clock.
	from, to  time.Time
	grain     string
	logins    []string // nil means all
	queues    []int    // nil means all
	sum       bool
	threshold int // seconds
}

// text tells queries apart that have different rows.
func (q query) text() string { return fmt.Sprintf("%#v", q) }

var grains = []string{"hour_of_day", "minute", "hour", "day", "week", "month", "year"}

// reader collects what is wrong with the parameters: the API tells all at once.
type reader struct {
	values url.Values
	faults []fault
}

// chatQuery reads the parameters of the chat report.
func chatQuery(r *reader) query {
	from, to := r.span("date_from", "date_to", true)
	return query{
		from: from, to: to, threshold: r.integer("response_threshold", 20, 0, 1<<40), grain: r.grain(),
		logins: r.list("user_logins"), sum: r.boolean("sum_users"), queues: r.integers("chat_queue_ids"),
	}
}

// page reads which rows are asked for.
func (r *reader) page() page {
	return page{offset: r.integer("offset", 0, 0, 1<<40), limit: r.integer("limit", 100, 1, 100)}
}

// page is a stretch of rows.
type page struct{ offset, limit int }

// of cuts the page out of rows that are all there.
func of[T any](p page, rows []T) []T {
	from := min(p.offset, len(rows))
	return rows[from:min(from+p.limit, len(rows))]
}

// span reads two moments. Those that are not asked for leave the stretch open: the zero time, and the end of all.
func (r *reader) span(first, last string, required bool) (from, to time.Time) {
	from, to = r.moment(first, false, required), r.moment(last, true, required)
	if to.IsZero() {
		to = endOfDemo
	}
	if len(r.faults) == 0 && from.After(to) {
		r.faults = append(r.faults, fault{code: 100003, en: "%[1]s is after %[2]s.", pl: "%[1]s jest po %[2]s.", about: []any{first, last}})
	}
	return from, to
}

// The company of the demo neither has always been there nor will always be: whoever asks for all time gets an answer.
var (
	startOfDemo = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	endOfDemo   = time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC)
)

func (r *reader) grain() string {
	g := r.values.Get("aggregate_by")
	if g == "" {
		return "month"
	}
	if !slices.Contains(grains, g) {
		r.wrong("aggregate_by", g, fmt.Sprint("one of ", grains), fmt.Sprint("jedną z ", grains))
	}
	return g
}

// integers reads a list of numbers; nil means that none is asked for.
func (r *reader) integers(name string) (out []int) {
	for _, text := range r.list(name) {
		id, err := strconv.Atoi(text)
		if err != nil {
			r.wrong(name, text, "a list of integers", "listą liczb całkowitych")
		}
		out = append(out, id)
	}
	return out
}

// id reads a number that names something; 0 means that none is asked for.
func (r *reader) id(name string) int { return r.integer(name, 0, 1, 1<<40) }

func (r *reader) wrong(name, value, en, pl string) {
	r.faults = append(r.faults, fault{
		code: 100002, en: "Parameter %[1]s: %[2]q is not %[3]s.", pl: "Parametr %[1]s: %[2]q nie jest %[4]s.",
		about: []any{name, value, en, pl},
	})
}

func (r *reader) integer(name string, def, least, most int) int {
	text := r.values.Get(name)
	if text == "" {
		return def
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		r.wrong(name, text, fmt.Sprintf("an integer from %d to %d", least, most), fmt.Sprintf("liczbą całkowitą od %d do %d", least, most))
	}
	return n
}

func (r *reader) boolean(name string) bool {
	text := r.values.Get(name)
	if text != "" && text != "true" && text != "false" {
		r.wrong(name, text, "true or false", "słowem true lub false")
	}
	return text == "true"
}

// list reads name[]=a&name[]=b. Without the brackets PHP would see the last value alone, and no list.
func (r *reader) list(name string) []string {
	if text := r.values.Get(name); text != "" {
		r.wrong(name, text, "a list: write "+name+"[]", "listą: należy użyć "+name+"[]")
	}
	return r.values[name+"[]"]
}

// moment reads a date with or without a time; a day alone is its first second, or as an end its last.
func (r *reader) moment(name string, end, required bool) time.Time {
	text := r.values.Get(name)
	if text == "" {
		if !required {
			return time.Time{}
		}
		r.faults = append(r.faults, fault{code: 100001, en: "Parameter %s is required.", pl: "Parametr %s jest wymagany.", about: []any{name}})
		return time.Time{}
	}
	if t, err := time.Parse("2006-01-02 15:04:05", text); err == nil {
		return t
	}
	t, err := time.Parse("2006-01-02", text)
	if err != nil {
		r.wrong(name, text, "a date (YYYY-MM-DD HH:MM:SS)", "datą (RRRR-MM-DD GG:MM:SS)")
	}
	if end {
		t = t.AddDate(0, 0, 1).Add(-time.Second)
	}
	return t
}
