package cli_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/state"
)

// build makes the program as its users have it, for as long as the benchmark lasts.
func build(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "reportform")
	if out, err := exec.Command("go", "build", "-o", path, "github.com/reportform/reportform").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return path
}

// run measures runs of a program as a process of its own, each with the arguments that it asks for: wall and CPU time,
// and the most memory that a run held. What the benchmark itself allocates says nothing.
func run(b *testing.B, program string, args func() []string) {
	b.Helper()
	var most float64
	var cpu time.Duration
	for b.Loop() {
		cmd := exec.Command(program, args()...)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		most = max(most, peak(cmd.ProcessState))
		cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	b.ReportMetric(most, "peak-MB")
	b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/op")
}

// always is the same arguments for each run.
func always(args ...string) func() []string { return func() []string { return args } }

func BenchmarkVersion(b *testing.B) { run(b, build(b), always("version")) }

// BenchmarkValidate reads a folder of 1,000 files with one report each.
func BenchmarkValidate(b *testing.B) {
	dir := b.TempDir()
	write(b, dir, "shared.yaml", "version: 1\nsettings: {project: p, timezone: Europe/Warsaw}\nconnections: {demo: {type: demo}}\n")
	for i := range 1000 {
		write(b, dir, fmt.Sprintf("report-%04d.yaml", i), fmt.Sprintf(`version: 1
reports:
  weekly-%04d:
    title: Chats %d, ${range.label}
    range: last_week
    datasets:
      by_agent:
        source: demo.chats_summary
        filters: {chat_queue_ids: [1, 3], response_threshold: 30}
        aggregate_by: week
        transform:
          - derive: {answer_rate: "ratio(answered, incoming)"}
          - sort: [-answered, user_name]
    checks:
      - {assert: rows(by_agent) > 0, message: No chats at all.}
    destinations:
      archive: {file: {path: "out/weekly-%04d-${range.from}.xlsx"}}
`, i, i, i))
	}
	run(b, build(b), always("validate", dir))
}

// BenchmarkPlanUpToDate plans 1,000 reports whose files were written: the state is read, and nothing is fetched.
func BenchmarkPlanUpToDate(b *testing.B) {
	dir := b.TempDir()
	upToDate(b, dir, 1000)
	run(b, build(b), always("plan", "--at", "2026-11-22T10:00:00Z", dir))
}

// upToDate writes a configuration of n reports whose mails were delivered last week, into a state in a folder, from an
// address that answers nobody.
func upToDate(tb testing.TB, dir string, n int) {
	tb.Helper()
	var text strings.Builder
	text.WriteString(`version: 1
settings: {project: p, timezone: Europe/Warsaw}
connections:
  api: {type: thulium, base_url: "http://127.0.0.1:1", username: u, password: "${env.MISSING}"}
  office: {type: smtp, host: localhost, port: 1, security: none, from: reports@example.com}
reports:
`)
	store, at := state.OpenFile(filepath.Join(dir, ".reportform")), time.Date(2026, 11, 16, 6, 0, 0, 0, time.UTC)
	err := store.Init(tb.Context(), state.NewRoot(at, func([]byte) {}))
	for i := range n {
		fmt.Fprintf(&text, `  weekly-%04[1]d:
    range: last_week
    datasets: {by_day: {source: api.chats_summary, aggregate_by: day}}
    destinations: {leads: {email: {via: office, to: [leads@example.com], subject: Chats, attach: [workbook]}}}
`, i)
		for _, span := range []string{"2026-11-02..2026-11-08", "2026-11-09..2026-11-15"} {
			k := state.Key{Project: "p", Address: fmt.Sprintf("weekly-%04d.leads", i), Range: span}
			for seq, kind := range []state.Kind{state.Claimed, state.Intended, state.Delivered} {
				err = errors.Join(err, store.Append(tb.Context(), k, seq+1, state.Record{Version: 1, Kind: kind, At: at, By: "x"}))
			}
		}
	}
	write(tb, dir, "reports.yaml", text.String())
	if err != nil {
		tb.Fatal(err)
	}
}

// What is up to date is not asked for again: no connection is opened, and no secret is needed.
func TestPlanUpToDate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	upToDate(t, dir, 20)
	sunday := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	none := func(string) (string, bool) { return "", false }
	if code, out, errs := runIn(t.Context(), dir, sunday, none, "plan"); code != 0 || !strings.Contains(out, "Nothing is due: 20 up to date.") || strings.Contains(out, "page") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	// A week later the same plan needs both: what it said was not by chance.
	if code, out, errs := runIn(t.Context(), dir, sunday.AddDate(0, 0, 7), none, "plan"); code != 1 || !strings.Contains(out+errs, "MISSING") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

// BenchmarkExport fetches, formats and writes rows of 24 columns in pages of 100 from a server on loopback.
func BenchmarkExport(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if os.Getenv("BENCH_MILLION") != "" {
		sizes = append(sizes, 1_000_000)
	}
	b.Setenv("BENCH_PASSWORD", "benchmark")
	program := build(b)
	for _, rows := range sizes {
		b.Run(fmt.Sprint(rows, " rows"), func(b *testing.B) {
			server := httptest.NewServer(chats(rows))
			defer server.Close()
			run(b, program, func() []string {
				// What was delivered once is not fetched again: each run has a folder of its own.
				dir := b.TempDir()
				write(b, dir, "reports.yaml", fmt.Sprintf(`version: 1
settings: {project: p, timezone: Europe/Warsaw}
connections:
  api: {type: thulium, base_url: %s, username: u, password: "${env.BENCH_PASSWORD}", concurrency: 8}
reports:
  export:
    range: last_week
    datasets: {rows: {source: api.chats_summary, aggregate_by: hour}}
    destinations: {file: {file: {path: "out/export-${range.from}.xlsx"}}}
`, server.URL))
				return []string{"apply", "--auto-approve", dir}
			})
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// chats serves n rows of the chat report by limit and offset. Names are made on the way, so that no two rows are the
// same record; the figures behind them come round again and were written before.
func chats(n int) http.Handler {
	figures := make([][]byte, 9_973)
	for i := range figures {
		figures[i] = fmt.Appendf(nil, `"incoming":%d,"incoming_to_agent":%d,"incoming_including_empty":%d,"abandoned":%d,"answered":%d,`+
			`"incoming_to_bot":0,"transferred_by_bot":0,"finished_by_bot":0,"service_level_percent":%d.5,`+
			`"chat_time":{"min":"00:00:48","max":"00:%02d:10","sum":"27:%02d:20","avg":"00:05:40"},`+
			`"wait_time":{"min":"00:00:01","max":"00:01:%02d","sum":"00:%02d:20","avg":"00:00:17"},"sla_percent":%d,`+
			`"rating":{"rate":{"sad":%d,"neutral":2,"happy":%d},"satisfaction_percent":%d.25,"rated_percent":40}}`,
			i%97, i%89, i%101, i%7, i%83, i%100, i%60, i%60, i%60, i%60, i%101, i%5, i%31, i%100)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		offset, _ := strconv.Atoi(r.FormValue("offset"))
		page := []byte{'['}
		for i := offset; i < min(offset+limit, n); i++ {
			if i > offset {
				page = append(page, ',')
			}
			// Days and hours tell 168 rows apart.
			page = fmt.Appendf(page, `{"series":"2026-11-%02d %02d:00","user_name":"Łukasz Żółkiewski %d",`, 9+i%7, i%24, i/168)
			page = append(page, figures[i%len(figures)]...)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(append(page, ']'))
	})
}

func write(tb testing.TB, dir, name, text string) {
	tb.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
}
