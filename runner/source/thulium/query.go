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
	limit     int
	offset    int
}

// text tells queries apart that have different rows.
func (q query) text() string {
	q.limit, q.offset = 0, 0
	return fmt.Sprintf("%#v", q)
}

var grains = []string{"hour_of_day", "minute", "hour", "day", "week", "month", "year"}

// reader collects what is wrong with the parameters: the API tells all at once.
type reader struct {
	values url.Values
	faults []fault
}

func parseQuery(values url.Values) (query, []fault) {
	r := &reader{values: values}
	q := query{
		limit: r.integer("limit", 100, 1, 100), offset: r.integer("offset", 0, 0, 1<<40),
		from: r.moment("date_from", false), to: r.moment("date_to", true),
		threshold: r.integer("response_threshold", 20, 0, 1<<40),
		logins:    r.list("user_logins"), sum: r.boolean("sum_users"), grain: "month",
	}
	for _, text := range r.list("chat_queue_ids") {
		id, err := strconv.Atoi(text)
		if err != nil {
			r.wrong("chat_queue_ids", text, "a list of integers", "listą liczb całkowitych")
		}
		q.queues = append(q.queues, id)
	}
	if g := values.Get("aggregate_by"); g != "" {
		if q.grain = g; !slices.Contains(grains, g) {
			r.wrong("aggregate_by", g, fmt.Sprint("one of ", grains), fmt.Sprint("jedną z ", grains))
		}
	}
	if len(r.faults) == 0 && q.from.After(q.to) {
		r.faults = append(r.faults, fault{code: 100003, en: "date_from is after date_to.", pl: "date_from jest po date_to."})
	}
	return q, r.faults
}

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
func (r *reader) moment(name string, end bool) time.Time {
	text := r.values.Get(name)
	if text == "" {
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
