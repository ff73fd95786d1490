package thulium

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// record is a row of a list or of a look-up.
type record map[string]any

// listed reads all pages of what the demo answers at a path, which may have a query.
func listed(t *testing.T, h http.Handler, path string) []record {
	t.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	var out []record
	for {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/api/%s%slimit=100&offset=%d", path, separator, len(out)), nil))
		if w.Code != 200 {
			t.Fatalf("%s answers %d: %s", path, w.Code, w.Body)
		}
		var page struct {
			Count  int
			Result []record
		}
		page.Count = -1
		if w.Body.Bytes()[0] == '{' {
			if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
				t.Fatal(err)
			}
		} else if err := json.Unmarshal(w.Body.Bytes(), &page.Result); err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Result...)
		if len(page.Result) < 100 {
			if page.Count >= 0 && page.Count != len(out) {
				t.Fatalf("%s counts %d rows and has %d", path, page.Count, len(out))
			}
			return out
		}
	}
}

// having are the rows whose keys have these values.
func having(rows []record, want record) (out []record) {
	for _, r := range rows {
		fits := true
		for k, v := range want {
			fits = fits && fmt.Sprint(r[k]) == fmt.Sprint(v)
		}
		if fits {
			out = append(out, r)
		}
	}
	return out
}

// The agents' work report has the sums of the calls.
func TestWorkReportAgreesWithConnections(t *testing.T) {
	h := Demo(DemoOptions{})
	const stretch = "date_from=2026-11-09+10:30:00&date_to=2026-11-13+14:59:59"
	calls := listed(t, h, "connections?"+stretch)
	for _, grain := range []string{"year", "week", "day", "hour"} {
		figures := map[string][]int{}
		for _, row := range listed(t, h, "agents_work_report?agent_group_ids[]=1&agent_group_ids[]=2&agent_group_ids[]=3&"+stretch+"&aggregate_by="+grain) {
			login := row["agent"].(map[string]any)["login"].(string)
			sum := figures[login]
			if sum == nil {
				sum = make([]int, 4)
			}
			for i, key := range []string{"inbound", "outbound"} {
				f := row[key].(map[string]any)
				sum[2*i] += int(f["count"].(float64))
				sum[2*i+1] += int(f["answered_count"].(float64))
			}
			figures[login] = sum
		}
		if len(figures) < 10 {
			t.Fatalf("by %s there are %d agents", grain, len(figures))
		}
		for login, got := range figures {
			var want []int
			for _, direction := range []string{"INBOUND", "OUTBOUND"} {
				own := having(calls, record{"user_login": login, "type": direction})
				want = append(want, len(own), len(having(own, record{"disposition": "ANSWERED"})))
			}
			if !slices.Equal(got, want) || want[0] == want[1] {
				t.Errorf("by %s, %s has %v, want %v", grain, login, got, want)
			}
		}
	}
	low := listed(t, h, "agents_work_report?agent_logins[]=anowak&queues_ids[]=2&"+stretch)
	own := having(calls, record{"user_login": "anowak", "type": "INBOUND", "queue_id": "2"})
	if got := low[0]["inbound"].(map[string]any)["count"].(float64); int(got) != len(own) || len(own) == 0 {
		t.Errorf("of one queue there are %v, want %d", got, len(own))
	}
}

// The chat report has the sums of the chats, and of each queue those of the queue's.
func TestChatReportAgreesWithChats(t *testing.T) {
	h := Demo(DemoOptions{})
	for _, queue := range []int{1, 2, 3} {
		rows := report(t, h, fmt.Sprint(week, "&sum_users=true&aggregate_by=year&chat_queue_ids[]=", queue))
		chats := listed(t, h, fmt.Sprint("chats?", week, "&chat_queue_id=", queue))
		if len(chats) != rows[0].WithEmpty || len(chats) == 0 {
			t.Errorf("queue %d has %d chats, want %d", queue, len(chats), rows[0].WithEmpty)
		}
	}
}

// What names agents, queues, calls, tickets, categories and statuses names some that there are.
func TestReferences(t *testing.T) {
	h := Demo(DemoOptions{})
	ids := func(path, key string) map[string]bool {
		out := map[string]bool{"<nil>": true}
		for _, r := range listed(t, h, path) {
			out[fmt.Sprint(r[key])] = true
		}
		return out
	}
	calls := listed(t, h, "connections?"+week)
	// A ticket of a call was created on that day.
	tickets := listed(t, h, "tickets?create_date_from=2026-11-09&create_date_to=2026-11-15")
	for _, c := range []struct {
		rows  []record
		key   string
		known map[string]bool
	}{
		{calls, "user_login", ids("agents", "login")}, {calls, "queue_id", ids("queues", "id")},
		{calls, "transferred_to", ids("agents", "number")}, {tickets, "user_login", ids("agents", "login")},
		{tickets, "ticket_queue_id", ids("ticket_queues", "id")}, {tickets, "status_id", ids("ticket_statuses", "id")},
		{tickets, "category_id", ids("ticket_categories", "id")}, {listed(t, h, "agents"), "group_id", ids("agents_groups", "id")},
		{listed(t, h, "chats?"+week), "chat_queue_id", ids("chats/queues", "id")}, {listed(t, h, "outbounds/stats"), "id", ids("outbounds", "id")},
		{listed(t, h, "outbounds/00024/records"), "agent_login", ids("agents", "login")},
		{listed(t, h, "recordings?"+week), "connection_id", ids("connections?"+week+"&x=1", "connection_id")},
	} {
		seen := map[string]bool{}
		for _, r := range c.rows {
			id := fmt.Sprint(r[c.key])
			if seen[id] = true; !c.known[id] {
				t.Errorf("there is no %s %s", c.key, id)
			}
		}
		if len(seen) < 2 {
			t.Errorf("%s has only %v", c.key, seen)
		}
	}
	made := map[float64]record{}
	for _, r := range tickets {
		made[r["ticket_id"].(float64)] = r
	}
	phone := 0
	for _, c := range calls {
		if c["ticket_id"] == nil {
			continue
		}
		phone++
		id, _ := strconv.ParseFloat(c["ticket_id"].(string), 64)
		if r := made[id]; r == nil || r["source"] != "PHONE" || r["user_login"] != c["user_login"] || r["from"] != c["src"] || r["created_at"].(string) < c["date"].(string)[:16] {
			t.Errorf("call %v made the ticket %v", c, r)
		}
	}
	if phone != len(having(tickets, record{"source": "PHONE"})) || phone < 50 {
		t.Errorf("%d calls made tickets", phone)
	}
	if answered := having(calls, record{"disposition": "ANSWERED"}); len(answered) != len(listed(t, h, "recordings?"+week)) {
		t.Errorf("%d calls were answered", len(answered))
	}
	unique := map[any]bool{}
	for _, c := range calls {
		unique[c["connection_id"]] = true
	}
	if len(unique) != len(calls) {
		t.Errorf("%d calls have %d numbers", len(calls), len(unique))
	}
}

// How far a campaign is follows from its records, and none of its calls lies ahead.
func TestCampaignsAgree(t *testing.T) {
	now := time.Date(2026, 11, 20, 11, 40, 0, 0, time.UTC)
	h := Demo(DemoOptions{Now: func() time.Time { return now }})
	stats := listed(t, h, "outbounds/stats")
	if len(stats) != 24 {
		t.Fatalf("%d campaigns", len(stats))
	}
	for _, s := range stats[18:] {
		records := listed(t, h, fmt.Sprint("outbounds/", s["id"], "/records"))
		closed := len(having(records, record{"system_status": "CLOSED"}))
		if float64(len(records)) != s["records_count"] || percent(closed, len(records)) != s["completion_percent"] {
			t.Errorf("%v has %d records, %d closed", s, len(records), closed)
		}
		for _, r := range records {
			if called, _ := r["call_date"].(string); called > "2026-11-20 11:59:59" {
				t.Errorf("%v is called on %s", s["id"], called)
			}
		}
	}
	if current := stats[23]["completion_percent"].(float64); current < 20 || current > 70 {
		t.Errorf("the running campaign is at %v%%", current)
	}
}

// Each list is the same whatever its pages and by whatever it is cut, and in the order that is documented.
func TestListsAddUp(t *testing.T) {
	h := Demo(DemoOptions{})
	for path, key := range map[string]string{"connections": "connection_id", "recordings": "connection_id", "chats": "conversation_id", "tickets": "ticket_id"} {
		whole := map[string]int{}
		for _, r := range listed(t, h, path+"?"+week) {
			whole[fmt.Sprint(r[key])]++
		}
		parts := map[string]int{}
		for day := 9; day <= 15; day++ {
			date := fmt.Sprintf("2026-11-%02d", day)
			for _, hours := range [][2]string{{"00:00:00", "12:59:59"}, {"13:00:00", "23:59:59"}} {
				for _, r := range listed(t, h, fmt.Sprintf("%s?date_from=%s+%s&date_to=%s+%s", path, date, hours[0], date, hours[1])) {
					parts[fmt.Sprint(r[key])]++
				}
			}
		}
		if len(whole) < 250 || !maps.Equal(whole, parts) {
			t.Errorf("%s has %d rows, its parts %d", path, len(whole), len(parts))
		}
	}
	var last string
	for _, r := range listed(t, h, "tickets?"+week) {
		updated := r["updated_at"].(string)
		if last != "" && updated > last {
			t.Fatalf("a ticket of %s comes behind one of %s", updated, last)
		}
		last = updated
	}
}

// What lies ahead is not known: a ticket is still open then, and a chat goes on.
func TestListsKnowNoFuture(t *testing.T) {
	now := time.Date(2026, 11, 20, 11, 40, 0, 0, time.UTC) // 12:40 in Warsaw
	h := Demo(DemoOptions{Now: func() time.Time { return now }})
	const month = "date_from=2026-11-01&date_to=2026-11-30"
	for path, key := range map[string]string{"connections": "date", "recordings": "created_at", "chats": "created_at", "tickets": "updated_at"} {
		var latest string
		for _, r := range listed(t, h, path+"?"+month) {
			latest = max(latest, r[key].(string))
		}
		if latest < "2026-11-20 11:4" || latest > "2026-11-20 11:59:59.999" {
			t.Errorf("the last of %s is at %s", path, latest)
		}
	}
	byStatus := map[any]int{}
	for _, r := range listed(t, h, "tickets?create_date_from=2026-11-20&create_date_to=2026-11-20") {
		byStatus[r["full_status_name"]]++
	}
	if byStatus["W toku"] <= byStatus["Zamknięte"] {
		t.Errorf("today's tickets are %v", byStatus)
	}
	if n := len(listed(t, h, "chats?"+month+"&status=ACTIVE")); n == 0 || n > 30 {
		t.Errorf("%d chats go on", n)
	}
}

// A page of years costs the days that it lies in.
func BenchmarkDemoPageOfAYear(b *testing.B) {
	h := Demo(DemoOptions{})
	for i := 0; b.Loop(); i++ {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/api/connections?date_from=2026-01-01&date_to=2026-12-31&offset=%d", i%1000*100), nil))
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
