package thulium

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// found are the columns that the demo gives beyond the catalog: made up, since what the API gives there is not documented.
var found = map[string][]string{
	"agents_work_report": {
		"inbound_missed_count", "inbound_talk_time", "outbound_count", "outbound_answered_count", "outbound_missed_count", "outbound_talk_time",
	},
	"chats":       {"user_login", "messages", "files", "client_data_region", "client_data_page"},
	"connections": {"topic_name"},
}

// needed are the arguments without which a source gives nothing, and those that make all of its columns come.
var needed = map[string]map[string]expr.Value{
	"agents_work_report": {"agent_group_ids": numbers(1, 2, 3)},
	"connections":        {"include_tags": expr.BooleanValue(true), "include_topics": expr.BooleanValue(true)},
	"chats": {
		"include_messages": expr.BooleanValue(true), "include_files": expr.BooleanValue(true), "include_client_data": expr.BooleanValue(true),
	},
	"outbound_records":   {"id": expr.TextValue("00022")},
	"queue_waiting_list": {"id": expr.IntegerValue(2)},
	"agent":              {"login": expr.TextValue("anowak")},
	"agent_status":       {"login": expr.TextValue("kzrebiec")},
}

func numbers(of ...int64) expr.Value {
	var items []expr.Value
	for _, n := range of {
		items = append(items, expr.IntegerValue(n))
	}
	return expr.ListValue(items...)
}

func words(of ...string) expr.Value {
	var items []expr.Value
	for _, s := range of {
		items = append(items, expr.TextValue(s))
	}
	return expr.ListValue(items...)
}

// fetched asks the demo for a source, over all pages.
func fetched(t *testing.T, c *source.Client, s *spec.Source, arguments map[string]expr.Value) *table.Table {
	t.Helper()
	var list []source.Argument
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		list = append(list, argument(t, s, name, arguments[name]))
	}
	grain := ""
	if s.Grain != nil {
		grain = "day"
	}
	tbl, err := c.Fetch(t.Context(), ask(t, s, grain, list...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tbl.Close() })
	return tbl
}

// values are the present values of a column, as a person would write them.
func values(t *testing.T, tbl *table.Table, column string) []string {
	t.Helper()
	i := slices.IndexFunc(tbl.Fields(), func(f table.Field) bool { return f.Name == column })
	if i < 0 {
		t.Fatalf("no column %s among %v", column, tbl.Fields())
	}
	var out []string
	for b, err := range tbl.Rows().Seq {
		if err != nil {
			t.Fatal(err)
		}
		for row := range b.N {
			if v := b.Cols[i].Value(tbl.Fields()[i], row); v.Valid {
				out = append(out, plainly(v))
			}
		}
	}
	return out
}

func plainly(v expr.Value) string {
	switch v.Type {
	case expr.Text:
		return v.Str
	case expr.DateTime, expr.Date:
		return expr.FromCivil(v.Int).Format("2006-01-02 15:04:05")
	case expr.Percent:
		return fmt.Sprint(v.Float)
	}
	return fmt.Sprint(v.Int)
}

// Each source is what the catalog says: every column comes, of its type, and no other but those that are known to.
func TestContract(t *testing.T) {
	c := source.New(source.Options{Demo: Demo(DemoOptions{})})
	for name, s := range Catalog() {
		t.Run(name, func(t *testing.T) {
			tbl := fetched(t, c, s, needed[name])
			if tbl.Len() == 0 {
				t.Fatal("no rows")
			}
			var undeclared []string
			for i, f := range tbl.Fields() {
				if i >= len(s.Columns) {
					undeclared = append(undeclared, f.Name)
				}
				if len(values(t, tbl, f.Name)) == 0 {
					t.Errorf("%s never comes", f.Name)
				}
			}
			known := slices.Clone(found[name])
			slices.Sort(undeclared)
			slices.Sort(known)
			if !slices.Equal(undeclared, known) {
				t.Errorf("undeclared columns are %q, known ones %q", undeclared, known)
			}
			for _, p := range s.Parameters {
				if _, given := needed[name][p.Name]; p.Required && !given {
					t.Errorf("%s is required", p.Name)
				}
			}
		})
	}
}

// The catalog says of everything what it is, in both languages where readers see it.
func TestCatalogIsDescribed(t *testing.T) {
	certain := []string{"documented", "inferred", "unknown"}
	for name, s := range Catalog() {
		if s.Name != name || s.Title == "" || s.Description == "" || !slices.Contains(certain, s.Certainty) {
			t.Errorf("%s is not described", name)
		}
		var columns []string
		for _, c := range s.Columns {
			columns = append(columns, c.Field.Name)
		}
		for _, k := range s.Key {
			if !slices.Contains(columns, k) {
				t.Errorf("%s has no column %s of its key", name, k)
			}
		}
		if s.Paging.Offset != nil && len(s.Key) == 0 {
			t.Errorf("%s has pages and no key", name)
		}
		if g := s.Grain; g != nil && !slices.Contains(columns, g.Column) {
			t.Errorf("%s has no column %s of its grain", name, g.Column)
		}
		for _, c := range s.Columns {
			f := c.Field
			if c.Labels["en"] == "" || c.Labels["pl"] == "" || c.Description == "" || !slices.Contains(certain, c.Certainty) || f.Type == expr.Any {
				t.Errorf("%s.%s is not described", name, f.Name)
			}
			for _, other := range []string{f.Total.Num, f.Total.Den, f.Total.Weight} {
				if other != "" && !slices.Contains(columns, other) {
					t.Errorf("%s.%s totals by %s, which is not there", name, f.Name, other)
				}
			}
			if id := strings.HasSuffix(f.Name, "_id") || f.Name == "id"; id && f.Type != expr.Text {
				t.Errorf("%s.%s is an id and no text", name, f.Name)
			}
		}
		for _, p := range s.Parameters {
			if p.Description == "" || !slices.Contains(certain, p.Certainty) || p.List && p.Style != "brackets" {
				t.Errorf("%s(%s) is not described", name, p.Name)
			}
		}
	}
}

// filterCase is a value of a filter, and what all rows have then.
type filterCase struct {
	value  expr.Value
	column string
	// want begins all values of the column.
	want string
	// same: the demo has nothing that the filter would leave out.
	same bool
}

// Each filter that is documented leaves the rows that it names.
func TestEachFilter(t *testing.T) {
	connection := map[string]filterCase{
		"src": {value: expr.TextValue(customer(5).phone()), column: "src", want: customer(5).phone()},
		"dst": {value: expr.TextValue("48401000002"), column: "dst", want: "48401000002"},
	}
	ticket := map[string]filterCase{
		"company_id": {value: expr.IntegerValue(7), column: "customer_id"},
		"user_login": {value: expr.TextValue("anowak"), column: "user_login", want: "anowak"}, "source": {value: expr.TextValue("EMAIL"), column: "source", want: "EMAIL"},
		"ticket_queue_id": {value: expr.IntegerValue(2), column: "ticket_queue_name", want: "Zamówienia"}, "category_id": {value: expr.IntegerValue(4), column: "category_id", want: "4"},
		"status_id":        {value: words("3"), column: "full_status_name", want: "Zamknięte"},
		"date_from":        {value: moment("2026-11-12 00:00:00"), column: "updated_at"},
		"date_to":          {value: moment("2026-11-12 00:00:00"), column: "updated_at", want: "2026-11-"},
		"create_date_from": {value: moment("2026-11-12 00:00:00"), column: "created_at", want: "2026-11-1"},
		"create_date_to":   {value: moment("2026-11-10 00:00:00"), column: "created_at"},
	}
	cases := map[string]map[string]filterCase{
		"chats_summary": {
			"user_logins": {value: words("anowak"), column: "user_name", want: "Anna Nowak"}, "chat_queue_ids": {value: numbers(2), column: "incoming"},
			"sum_users":          {value: expr.BooleanValue(true), column: "incoming"},
			"response_threshold": {value: expr.IntegerValue(5), column: "service_level_percent"},
		},
		"agents_work_report": {
			"agent_logins": {value: words("anowak"), column: "agent_surname", want: "Nowak"}, "agent_group_ids": {value: numbers(2), column: "agent_login", want: ""},
			"queues_ids": {value: numbers(1), column: "inbound_count"}, "outbound_threshold": {value: expr.IntegerValue(120), column: "outbound_answered_count"},
		},
		"connections": {
			"user_login": {value: expr.TextValue("anowak"), column: "user", want: "Anna Nowak"}, "queue_id": {value: expr.IntegerValue(1), column: "queue_id", want: "1"},
			"topic_id": {value: expr.IntegerValue(3), column: "topic_id", want: "3"}, "customer_id": {value: expr.IntegerValue(1100), column: "customer_id", want: "1100"},
			"tags":         {value: words("vip"), column: "connection_id"},
			"include_tags": {value: expr.BooleanValue(true), column: "tags"}, "include_topics": {value: expr.BooleanValue(true), column: "topic_name"},
		},
		"recordings": {},
		"chats": {
			"status": {value: expr.TextValue("CLOSED"), column: "status", want: "CLOSED", same: true}, "chat_queue_id": {value: expr.IntegerValue(3), column: "chat_queue_id", want: "3"},
			"include_messages": {value: expr.BooleanValue(true), column: "messages"}, "include_files": {value: expr.BooleanValue(true), column: "files"},
			"include_client_data": {value: expr.BooleanValue(true), column: "client_data_region"},
		},
		"outbound_records": {
			"id": {value: expr.TextValue("00023"), column: "identifier", want: "KL-00023"}, "status_id": {value: words("2"), column: "status", want: "Odmowa"},
			"system_status":    {value: words("IN_PROGRESS"), column: "status", want: "Brak kontaktu"},
			"create_date_from": {value: date("2026-10-01"), column: "create_date", want: "2026-10-01", same: true}, "create_date_to": {value: date("2026-10-01"), column: "create_date", want: "2026-10-01", same: true},
		},
		"queue_waiting_list": {"id": {value: expr.IntegerValue(3), column: "phone_number"}},
		"agent":              {"login": {value: expr.TextValue("jkowalski"), column: "surname", want: "Kowalski"}},
		"agent_status":       {"login": {value: expr.TextValue("jkowalski"), column: "login", want: "jkowalski"}},
		"tickets":            ticket,
		"tickets_created":    ticket,
	}
	// Some name one row, which has to be found first.
	c := source.New(source.Options{Demo: Demo(DemoOptions{})})
	catalog := Catalog()
	id := values(t, fetched(t, c, catalog["recordings"], nil), "connection_id")[0]
	for _, name := range []string{"connections", "recordings"} {
		maps.Copy(cases[name], connection)
		cases[name]["connection_id"] = filterCase{value: expr.TextValue(id), column: "connection_id", want: id}
	}
	id = values(t, fetched(t, c, catalog["tickets"], map[string]expr.Value{"create_date_from": moment("2026-11-09 00:00:00")}), "ticket_id")[0]
	of := values(t, fetched(t, c, catalog["tickets_created"], map[string]expr.Value{"date_to": moment("2026-11-15 00:00:00")}), "customer_id")[0]
	ticket["customer_id"] = filterCase{value: integer(of), column: "customer_id", want: of}
	ticket["message_id"] = filterCase{value: expr.TextValue(id + "@example.com"), column: "ticket_id", want: id}

	for name, s := range catalog {
		for _, p := range s.Parameters {
			t.Run(name+"/"+p.Name, func(t *testing.T) {
				f, ok := cases[name][p.Name]
				if !ok {
					t.Fatal("no case")
				}
				arguments := map[string]expr.Value{}
				for _, q := range s.Parameters {
					if v, given := needed[name][q.Name]; given && (q.Required || q.Name == "agent_group_ids") {
						arguments[q.Name] = v
					}
				}
				before := printed(t, fetched(t, c, s, arguments))
				if p.Name == "agent_logins" {
					delete(arguments, "agent_group_ids") // one adds to the other
				}
				arguments[p.Name] = f.value
				tbl := fetched(t, c, s, arguments)
				for _, v := range values(t, tbl, f.column) {
					if !strings.HasPrefix(v, f.want) {
						t.Fatalf("%s is %q, want %q", f.column, v, f.want)
					}
				}
				if tbl.Len() == 0 || (printed(t, tbl) == before) != f.same {
					t.Errorf("%d rows, changed: %v", tbl.Len(), f.same)
				}
			})
		}
	}
}

// printed is all that a table says.
func printed(t *testing.T, tbl *table.Table) string {
	var out []string
	for _, f := range tbl.Fields() {
		out = append(out, f.Name+": "+strings.Join(values(t, tbl, f.Name), " "))
	}
	return strings.Join(out, "\n")
}

func moment(text string) expr.Value {
	at, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		panic(err)
	}
	return expr.DateTimeValue(at)
}

func integer(text string) expr.Value {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return expr.IntegerValue(n)
}

func date(text string) expr.Value {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return expr.DateValue(at)
}
