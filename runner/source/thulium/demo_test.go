package thulium

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// row is a row of the report as encoding/json reads it.
type row struct {
	Series   string  `json:"series"`
	UserName *string `json:"user_name"`
	counts
	ServiceLevel float64   `json:"service_level_percent"`
	ChatTime     durations `json:"chat_time"`
	WaitTime     durations `json:"wait_time"`
	SLA          float64   `json:"sla_percent"`
	Rating       struct {
		Rate         rates   `json:"rate"`
		Satisfaction float64 `json:"satisfaction_percent"`
		Rated        float64 `json:"rated_percent"`
	} `json:"rating"`
}

type counts struct {
	Incoming    int `json:"incoming"`
	ToAgent     int `json:"incoming_to_agent"`
	WithEmpty   int `json:"incoming_including_empty"`
	Abandoned   int `json:"abandoned"`
	Answered    int `json:"answered"`
	ToBot       int `json:"incoming_to_bot"`
	Transferred int `json:"transferred_by_bot"`
	Finished    int `json:"finished_by_bot"`
}

type rates struct{ Sad, Neutral, Happy int }

type durations struct{ Min, Max, Sum, Avg string }

// seconds reads HH:MM:SS.
func seconds(t *testing.T, text string) int {
	t.Helper()
	parts := strings.Split(text, ":")
	if len(parts) != 3 || len(parts[0]) < 2 {
		t.Fatalf("duration is %q", text)
	}
	var n [3]int
	for i, p := range parts {
		var err error
		if n[i], err = strconv.Atoi(p); err != nil {
			t.Fatal(err)
		}
	}
	return n[0]*3600 + n[1]*60 + n[2]
}

const week = "date_from=2026-11-09+00:00:00&date_to=2026-11-15+23:59:59"

// get asks the demo without paging further.
func get(h http.Handler, query string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/api/chats/reports/summary?"+query, nil)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// report reads all pages of a query.
func report(t *testing.T, h http.Handler, query string) []row {
	t.Helper()
	var rows []row
	for {
		w := get(h, fmt.Sprintf("%s&limit=100&offset=%d", query, len(rows)), nil)
		if w.Code != 200 {
			t.Fatalf("%s answers %d: %s", query, w.Code, w.Body)
		}
		var page []row
		d := json.NewDecoder(w.Body)
		d.DisallowUnknownFields()
		if err := d.Decode(&page); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, page...)
		if len(page) < 100 {
			return rows
		}
	}
}

// sums are what adds up.
type sums struct {
	counts
	rates
	chat, wait int
}

func (s *sums) add(t *testing.T, r row) {
	s.Incoming += r.Incoming
	s.ToAgent += r.ToAgent
	s.WithEmpty += r.WithEmpty
	s.Abandoned += r.Abandoned
	s.Answered += r.Answered
	s.ToBot += r.ToBot
	s.Transferred += r.Transferred
	s.Finished += r.Finished
	s.Sad += r.Rating.Rate.Sad
	s.Neutral += r.Rating.Rate.Neutral
	s.Happy += r.Rating.Rate.Happy
	s.chat += seconds(t, r.ChatTime.Sum)
	s.wait += seconds(t, r.WaitTime.Sum)
}

func total(t *testing.T, rows []row) sums {
	var s sums
	for _, r := range rows {
		s.add(t, r)
	}
	return s
}

func TestDemoAddsUp(t *testing.T) {
	h := Demo(DemoOptions{})
	whole := total(t, report(t, h, week+"&aggregate_by=year"))
	if whole.Answered < 500 || whole.chat < 24*3600 {
		t.Fatalf("a week is only %+v", whole)
	}
	for _, grain := range grains {
		rows := report(t, h, week+"&aggregate_by="+grain)
		if got := total(t, rows); got != whole {
			t.Errorf("by %s: %+v, want %+v", grain, got, whole)
		}
		if got := total(t, report(t, h, week+"&sum_users=true&aggregate_by="+grain)); got != whole {
			t.Errorf("by %s with sum_users: %+v, want %+v", grain, got, whole)
		}
		seen := map[string]bool{}
		for _, r := range rows {
			key := r.Series + *r.UserName
			if seen[key] {
				t.Errorf("by %s: two rows for %s", grain, key)
			}
			seen[key] = true
		}
	}
	parts := func(name string, queries ...string) {
		var s sums
		for _, q := range queries {
			for _, r := range report(t, h, q) {
				s.add(t, r)
			}
		}
		if s != whole {
			t.Errorf("by %s: %+v, want %+v", name, s, whole)
		}
	}
	parts("queues", week+"&chat_queue_ids[]=1&chat_queue_ids[]=3", week+"&chat_queue_ids[]=2")
	var logins, days []string
	for _, a := range agents(0) {
		logins = append(logins, week+"&user_logins[]="+a.login)
	}
	parts("agents", logins...)
	for day := 9; day <= 15; day++ {
		days = append(days,
			fmt.Sprintf("date_from=2026-11-%02d&date_to=2026-11-%02d+11:29:59", day, day),
			fmt.Sprintf("date_from=2026-11-%02d+11:30:00&date_to=2026-11-%02d", day, day))
	}
	parts("half days", days...)
}

// Within a row the figures agree with each other, and with the catalog's rules for totals.
func TestDemoRowsAgree(t *testing.T) {
	h := Demo(DemoOptions{})
	for _, r := range report(t, h, week+"&aggregate_by=day") {
		chat, wait := seconds(t, r.ChatTime.Sum), seconds(t, r.WaitTime.Sum)
		average := func(sum, count int, text string) bool {
			return count == 0 && text == "00:00:00" || count > 0 && (sum+count/2)/count == seconds(t, text)
		}
		ratings := r.Rating.Rate.Sad + r.Rating.Rate.Neutral + r.Rating.Rate.Happy
		percent := func(part, whole int, got float64) bool {
			return whole == 0 && got == 0 || whole > 0 && got > float64(part)*100/float64(whole)-0.006 && got < float64(part)*100/float64(whole)+0.006
		}
		if r.Incoming != r.ToAgent+r.Finished || r.ToAgent != r.Answered+r.Abandoned || r.ToBot != r.Transferred+r.Finished ||
			r.WithEmpty < r.Incoming || ratings > r.Answered ||
			!average(chat, r.Answered, r.ChatTime.Avg) || !average(wait, r.ToAgent, r.WaitTime.Avg) ||
			seconds(t, r.ChatTime.Min) > seconds(t, r.ChatTime.Avg) || seconds(t, r.ChatTime.Max) < seconds(t, r.ChatTime.Avg) ||
			!percent(r.Rating.Rate.Happy, ratings, r.Rating.Satisfaction) || !percent(ratings, r.Answered, r.Rating.Rated) ||
			r.SLA < r.ServiceLevel || r.SLA > 100 {
			t.Errorf("row %+v contradicts itself", r)
		}
	}
}

func TestDemoIsPlausible(t *testing.T) {
	h := Demo(DemoOptions{})
	const fourWeeks = "date_from=2026-10-19&date_to=2026-11-15"
	var byDay [7]int
	for _, r := range report(t, h, fourWeeks+"&aggregate_by=day&sum_users=true") {
		day, err := time.Parse("2006-01-02", r.Series)
		if err != nil {
			t.Fatal(err)
		}
		byDay[day.Weekday()] += r.Incoming
	}
	if byDay[time.Monday] <= byDay[time.Friday] || byDay[time.Sunday] >= byDay[time.Friday]/2 || byDay[time.Sunday] == 0 {
		t.Errorf("chats by weekday from Sunday: %v", byDay)
	}
	byHour := map[string]int{}
	for _, r := range report(t, h, fourWeeks+"&aggregate_by=hour_of_day&sum_users=true") {
		byHour[r.Series] += r.Incoming
	}
	if byHour["11:00"] <= byHour["07:00"] || byHour["03:00"] != 0 {
		t.Errorf("chats by hour: %v", byHour)
	}
	rows := report(t, h, week+"&aggregate_by=week")
	var names []string
	long := false
	for _, r := range rows {
		names = append(names, *r.UserName)
		long = long || seconds(t, r.ChatTime.Sum) > 24*3600
		if r.Series != "2026-46" {
			t.Errorf("week is %s", r.Series)
		}
	}
	slices.Sort(names)
	if len(names) != 12 || !slices.Contains(names, "Łukasz Żółkiewski") || !long {
		t.Errorf("agents are %v; one with more than a day of chats: %v", names, long)
	}
	low, high := report(t, h, week+"&response_threshold=5&sum_users=true"), report(t, h, week+"&response_threshold=50&sum_users=true")
	usual, same := report(t, h, week+"&sum_users=true"), report(t, h, week+"&response_threshold=20&sum_users=true")
	if !(low[0].ServiceLevel < usual[0].ServiceLevel && usual[0].ServiceLevel < high[0].ServiceLevel) || usual[0] != same[0] || usual[0].UserName != nil {
		t.Errorf("service levels are %v, %v, %v", low[0].ServiceLevel, usual[0].ServiceLevel, high[0].ServiceLevel)
	}
	if other := report(t, Demo(DemoOptions{Seed: 1}), week+"&sum_users=true"); other[0] == usual[0] {
		t.Error("another seed makes the same figures")
	}
}

// The demo has the very keys of the API's sample, in its order.
func TestDemoHasTheShapeOfTheSample(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("testdata", "chats_reports_summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	keys := func(text string) (out []string) {
		d := json.NewDecoder(strings.NewReader(text))
		for {
			token, err := d.Token()
			if err != nil {
				return out
			}
			if s, ok := token.(string); ok && d.More() && strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' }) < 0 {
				out = append(out, s)
			}
		}
	}
	got := get(Demo(DemoOptions{}), "date_from=2026-11-09&date_to=2026-11-15&limit=1", nil).Body.String()
	if len(keys(got)) != 29 || !slices.Equal(keys(got), keys(string(want))) {
		t.Errorf("keys are %v, want %v", keys(got), keys(string(want)))
	}
}

func TestDemoPages(t *testing.T) {
	h := Demo(DemoOptions{})
	all := report(t, h, week+"&aggregate_by=hour")
	for query, want := range map[string][]row{
		"":                      all[:100],
		"&limit=10":             all[:10],
		"&limit=10&offset=95":   all[95:105],
		"&offset=9999999":       {},
		"&limit=1&offset=1&x=y": all[1:2],
	} {
		var got []row
		if err := json.Unmarshal(get(h, week+"&aggregate_by=hour"+query, nil).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(len(got)) != fmt.Sprint(len(want)) || len(got) > 0 && *got[0].UserName != *want[0].UserName {
			t.Errorf("%q gives %d rows", query, len(got))
		}
	}
}

func TestDemoScales(t *testing.T) {
	h := Demo(DemoOptions{Agents: 200})
	names := map[string]bool{}
	for _, r := range report(t, h, week+"&aggregate_by=week") {
		names[*r.UserName] = true
	}
	if len(names) < 195 {
		t.Errorf("%d agents", len(names))
	}
}

func TestDemoRefuses(t *testing.T) {
	o := DemoOptions{Username: "api", Password: "secret", Permissions: []string{"agents"}}
	auth := func(r *http.Request) { r.SetBasicAuth("api", "secret") }
	polish := func(r *http.Request) { r.Header.Set("Accept-Language", "pl") }
	for name, c := range map[string]struct {
		o      DemoOptions
		query  string
		change func(*http.Request)
		status int
		says   string
	}{
		"nobody":          {o, week, nil, 401, "Wrong user or password."},
		"a wrong one":     {o, week, func(r *http.Request) { r.SetBasicAuth("api", "secret2") }, 401, "Wrong user or password."},
		"in Polish":       {o, week, polish, 401, "Nieprawidłowy użytkownik lub hasło."},
		"no permission":   {o, week, auth, 403, "API user has no permission for this method."},
		"another path":    {DemoOptions{}, week, func(r *http.Request) { r.URL.Path = "/api/chat" }, 404, "There is nothing at this URI."},
		"no api":          {DemoOptions{}, week, func(r *http.Request) { r.URL.Path = "/chats/reports/summary" }, 404, "There is nothing"},
		"another method":  {DemoOptions{}, week, func(r *http.Request) { r.Method = "POST" }, 404, "There is nothing"},
		"no dates":        {DemoOptions{}, "", nil, 400, "Parameter date_from is required.|Parameter date_to is required."},
		"a wrong date":    {DemoOptions{}, "date_from=09.11.2026&date_to=2026-11-15", nil, 400, `Parameter date_from: "09.11.2026" is not a date (YYYY-MM-DD HH:MM:SS).`},
		"dates turned":    {DemoOptions{}, "date_from=2026-11-16&date_to=2026-11-15", nil, 400, "date_from is after date_to."},
		"several":         {DemoOptions{}, week + "&limit=101&offset=-1&sum_users=1&aggregate_by=quarter&chat_queue_ids[]=x&user_logins=a&response_threshold=1.5", nil, 400, "limit|offset|response_threshold|user_logins[]|true or false|\"x\" is not a list of integers|\"quarter\" is not one of"},
		"wrong in Polish": {DemoOptions{}, week + "&sum_users=tak", polish, 400, `Parametr sum_users: "tak" nie jest słowem true lub false.`},
	} {
		t.Run(name, func(t *testing.T) {
			w := get(Demo(c.o), c.query, c.change)
			var body struct {
				RequestID string `json:"request_id"`
				Errors    []struct {
					Message string
					Code    int
				}
			}
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != c.status || len(body.RequestID) != 13 {
				t.Fatalf("answers %d: %s", w.Code, w.Body)
			}
			var messages []string
			for _, e := range body.Errors {
				messages = append(messages, e.Message)
				if e.Code == 0 || strings.Contains(e.Message, "%!") {
					t.Errorf("error is %+v", e)
				}
			}
			want := strings.Split(c.says, "|")
			if len(messages) != len(want) {
				t.Fatalf("messages are %q", messages)
			}
			for _, text := range want {
				if !slices.ContainsFunc(messages, func(m string) bool { return strings.Contains(m, text) }) {
					t.Errorf("%q is not in %q", text, messages)
				}
			}
		})
	}
	if w := get(Demo(DemoOptions{Username: "api", Password: "secret", Permissions: []string{"*"}}), week, auth); w.Code != 200 {
		t.Errorf("with all permissions: %d", w.Code)
	}
}

func BenchmarkDemoMonthByHour(b *testing.B) {
	q := chatQuery(&reader{values: url.Values{"date_from": {"2026-11-01"}, "date_to": {"2026-11-30"}, "aggregate_by": {"hour"}}})
	d := newData(0, 0)
	for b.Loop() {
		d.report(q)
	}
}

// The shop is open every day, whoever works there.
func TestDemoHasNoEmptyDay(t *testing.T) {
	for seed := range uint64(5) {
		days := map[string]bool{}
		for _, r := range report(t, Demo(DemoOptions{Seed: seed}), "date_from=2025-01-01&date_to=2026-12-31&aggregate_by=day&sum_users=true") {
			days[r.Series] = r.Incoming > 0
		}
		for day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2027; day = day.AddDate(0, 0, 1) {
			if !days[day.Format("2006-01-02")] {
				t.Errorf("with the seed %d, %s has no chat", seed, day.Format("Monday 2006-01-02"))
			}
		}
	}
}

func TestDemoKnowsNoFuture(t *testing.T) {
	// It is 12:40 in Warsaw.
	now := time.Date(2026, 11, 20, 11, 40, 0, 0, time.UTC)
	h := Demo(DemoOptions{Now: func() time.Time { return now }})
	const month = "date_from=2026-11-01&date_to=2026-11-30&aggregate_by=hour&sum_users=true"
	rows := report(t, h, month)
	if last := rows[len(rows)-1].Series; last != "2026-11-20 11:00" {
		t.Errorf("the last hour is %s", last)
	}
	if until := report(t, Demo(DemoOptions{}), "date_from=2026-11-01&date_to=2026-11-20+11:59:59&aggregate_by=hour&sum_users=true"); !slices.Equal(rows, until) {
		t.Error("the bound changes what came before it")
	}
	now = now.Add(20 * time.Minute)
	rows = report(t, h, month)
	if last := rows[len(rows)-1].Series; last != "2026-11-20 12:00" {
		t.Errorf("an hour later the last is %s", last)
	}
	if rows := report(t, h, "date_from=2026-12-01&date_to=2026-12-31"); len(rows) != 0 {
		t.Errorf("December has %d rows already", len(rows))
	}
}

// Each method has its own permission and refuses what it does not take.
func TestDemoRefusesByMethod(t *testing.T) {
	ask := func(o DemoOptions, path string) (int, string) {
		w := httptest.NewRecorder()
		Demo(o).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/"+path, nil))
		return w.Code, w.Body.String()
	}
	for path, says := range map[string]string{
		"connections?limit=101":                                         `\"101\" is not an integer from 1 to 100`,
		"connections?queue_id=x":                                        `Parameter queue_id`,
		"connections?tags=vip":                                          `write tags[]`,
		"connections?include_tags=1":                                    `is not true or false`,
		"recordings?date_from=yesterday":                                `Parameter date_from`,
		"tickets?create_date_from=2026-11-10&create_date_to=2026-11-09": "create_date_from is after create_date_to",
		"agents_work_report?date_from=2026-11-09&date_to=2026-11-10":    "agent_logins is required where agent_group_ids is absent",
		"agents_work_report?agent_logins[]=a":                           "Parameter date_from is required",
		"outbounds/00001/records?call_date_from=x":                      "Parameter call_date_from",
	} {
		if code, body := ask(DemoOptions{}, path); code != 400 || !strings.Contains(body, says) || !strings.Contains(body, "request_id") {
			t.Errorf("%s answers %d: %s", path, code, body)
		}
	}
	for _, path := range []string{"agents/nobody", "agents/nobody/status", "outbounds/99999/records", "queues/7/waiting_list"} {
		if code, body := ask(DemoOptions{}, path); code != 404 || !strings.Contains(body, "There is no object") {
			t.Errorf("%s answers %d: %s", path, code, body)
		}
	}
	for _, path := range []string{"agents/anowak/x", "queues//waiting_list", "outbounds/1/2/records", "tickets/"} {
		if code, body := ask(DemoOptions{}, path); code != 404 || !strings.Contains(body, "nothing at this URI") {
			t.Errorf("%s answers %d: %s", path, code, body)
		}
	}
	for _, e := range endpoints {
		path := strings.ReplaceAll(strings.ReplaceAll(e.path, "queues/{}", "queues/1"), "outbounds/{}", "outbounds/00001")
		path = strings.ReplaceAll(path, "{}", "anowak") + "?date_from=2026-11-09&date_to=2026-11-09&agent_logins[]=anowak"
		if code, body := ask(DemoOptions{Permissions: []string{e.path}}, path); code != 200 {
			t.Errorf("%s answers %d: %s", path, code, body)
		}
		if code, _ := ask(DemoOptions{Permissions: []string{"another"}}, path); code != 403 {
			t.Errorf("%s answers %d without a permission", path, code)
		}
	}
}
