package cli_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/state"
)

// Eight runners apply the same fifty reports over one state: each report is fetched and delivered by one of them.
func TestRace(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	for _, kind := range backends {
		t.Run(kind.name, func(t *testing.T) {
			f := newFleet(t, kind.open(t))
			f.apply(8)
			taken := f.office.taken(t)
			for i := range fleetReports {
				k := state.Key{Project: "p", Address: fmt.Sprintf("r%02d.mail", i), Range: "2026-11-09..2026-11-15"}
				records, err := f.store.Records(t.Context(), k)
				if err != nil {
					t.Fatal(err)
				}
				if s := state.Fold(records, false); s.Kind != state.Delivered || s.Attempts != 1 {
					t.Errorf("%s: %q after %d attempts", k, s.Kind, s.Attempts)
				}
				if to := fmt.Sprintf("r%02d@example.com", i); taken[to] != 1 {
					t.Errorf("%d messages to %s", taken[to], to)
				}
			}
			// They share what is asked, too: one runner alone asks seven times for each report.
			if n := f.requests.Load(); n > 8*fleetReports {
				t.Errorf("%d requests for %d reports", n, fleetReports)
			}
			if len(taken) != fleetReports {
				t.Errorf("%d were written to, want %d", len(taken), fleetReports)
			}
			fmt.Printf("race test: %s: 8 processes made %d deliveries of %d reports with %d requests\n", kind.name, len(taken), fleetReports, f.requests.Load())
		})
	}
}

// BenchmarkFleet lets one runner and then eight deliver the same reports, from a source that takes 50 ms for a page.
func BenchmarkFleet(b *testing.B) {
	for _, kind := range backends {
		b.Run(kind.name, func(b *testing.B) {
			place := kind.open(b)
			var times, requests [2]float64
			for b.Loop() {
				for i, n := range []int{1, 8} {
					f := newFleet(b, place)
					times[i] += f.apply(n).Seconds()
					requests[i] += float64(f.requests.Load())
				}
			}
			b.ReportMetric(times[0]/float64(b.N), "s-of-1")
			b.ReportMetric(times[0]/times[1], "times-as-fast")
			b.ReportMetric(requests[1]/requests[0], "requests-ratio")
		})
	}
}

// fleetReports is how many reports a fleet has to deliver.
const fleetReports = 50

// fleet is a number of runners with the same configuration, each on a machine of its own, over one state.
type fleet struct {
	testing.TB
	machine  func() string
	config   string
	store    state.Store
	office   *postOffice
	requests atomic.Int32
}

func newFleet(t testing.TB, place func(testing.TB) (func() string, string)) *fleet {
	t.Helper()
	machine, location := place(t)
	f := &fleet{TB: t, machine: machine, office: openPostOffice(t)}
	good := brokenAPI()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.requests.Add(1)
		time.Sleep(50 * time.Millisecond)
		good.ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	var b strings.Builder
	fmt.Fprintf(&b, `version: 1
settings: {project: p, timezone: Europe/Warsaw}
state: {location: %q}
connections:
  thulium: {type: thulium, base_url: %s/good, username: api, password: "${env.API_PASSWORD}", concurrency: 1}
  office: {type: smtp, host: localhost, port: %d, security: none, auth: plain, username: reports, password: "${env.SMTP_PASSWORD}", from: reports@example.com}
reports:
`, location, api.URL, f.office.port)
	for i := range fleetReports {
		fmt.Fprintf(&b, `  r%02[1]d:
    range: last_week
    datasets: {by_day: {source: thulium.chats_summary, aggregate_by: day, range: previous 2 months, filters: {response_threshold: %[2]d}}}
    destinations:
      mail: {email: {via: office, to: [r%02[1]d@example.com], subject: Report %[1]d, attach: [workbook]}}
`, i, 10+i) // each asks for something of its own
	}
	f.config = b.String()
	first := machine()
	if err := openState(t, location, first).Init(t.Context(), state.NewRoot(time.Now(), func(b []byte) { _, _ = rand.Read(b) })); err != nil {
		t.Fatal(err) // runners share the work of a state that was begun
	}
	f.store = openState(t, location, first)
	return f
}

// apply runs the program on n machines at once, and returns how long they took together.
func (f *fleet) apply(n int) time.Duration {
	f.Helper()
	machines := make([]process, n)
	for i := range machines {
		machines[i] = process{dir: f.machine(), env: []string{"NOW=2026-11-22T10:00:00Z"}}
		write(f, machines[i].dir, "reports.yaml", f.config)
	}
	begun := time.Now()
	var running sync.WaitGroup
	for _, m := range machines {
		running.Go(func() {
			var out bytes.Buffer
			cmd := m.command("apply", "--auto-approve")
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Run(); err != nil {
				f.Errorf("%v\n%s", err, &out)
			}
		})
	}
	running.Wait()
	return time.Since(begun)
}
