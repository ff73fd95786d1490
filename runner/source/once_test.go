package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// Datasets that ask for the same get the same rows from one fetch, also after others closed theirs.
func TestSameRequestsAreMadeOnce(t *testing.T) {
	var asked atomic.Int32
	begun, goOn := make(chan struct{}, 10), make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		begun <- struct{}{}
		<-goOn
		fmt.Fprint(w, rowsOf(between(0, 10)))
	})
	c := New(Options{})
	r := unpaged(request(t, base, numbers()))
	r.Spool.Memory = 1 // on disk
	fetch := func(r Request) {
		got, err := c.Fetch(t.Context(), r)
		if err != nil {
			t.Error(err)
			return
		}
		if _, rows := all(t, got); strings.Join(rows, "") != "0123456789" {
			t.Errorf("rows are %v", rows)
		}
		if err := got.Close(); err != nil {
			t.Error(err)
		}
	}
	var running sync.WaitGroup
	running.Go(func() { fetch(r) })
	<-begun
	for range 5 {
		running.Go(func() { fetch(r) })
	}
	close(goOn)
	running.Wait()
	same := *numbers() // written at another place
	same.Paging = spec.Paging{}
	other := r
	other.Source, other.Columns = &same, same.Columns
	other.Report, other.Dataset = "another", "one"
	fetch(other)
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	for name, change := range map[string]func(*Request){
		"argument": func(r *Request) {
			r.Arguments = []Argument{{&spec.Parameter{Name: "x"}, textValue("1")}}
		},
		"zone":   func(r *Request) { r.ReportZone = time.UTC },
		"column": func(r *Request) { r.Columns = []*spec.SourceColumn{{Field: table.Field{Name: "n", Type: expr.Text}}} },
		"locale": func(r *Request) { r.Locale = "pl" },
		"source": func(r *Request) { r.Source.Headers = []spec.Fixed{{Name: "X", Values: []string{"1"}}} },
	} {
		before := asked.Load()
		other := r
		source := *r.Source
		other.Source = &source
		change(&other)
		fetch(other)
		if asked.Load() != before+1 {
			t.Errorf("another %s makes no difference", name)
		}
	}
}

// Whoever waits for another's fetch asks by himself when that is stopped, and hears of the API's error when it fails.
func TestWaitingForOthers(t *testing.T) {
	var asked atomic.Int32
	begun, goOn := make(chan struct{}, 10), make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		begun <- struct{}{}
		select {
		case <-goOn:
		case <-r.Context().Done():
		}
		if n == 2 {
			w.WriteHeader(http.StatusForbidden)
		}
		fmt.Fprint(w, "[]")
	})
	c := New(Options{})
	r := unpaged(request(t, base, numbers()))
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if _, err := c.Fetch(ctx, r); !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
	})
	<-begun
	for range 3 {
		running.Go(func() {
			_, err := c.Fetch(t.Context(), r)
			if e, ok := errors.AsType[*Error](err); err != nil && (!ok || e.Kind != KindPermission) {
				t.Errorf("error is %v", err)
			}
		})
	}
	stop()
	<-begun
	close(goOn)
	running.Wait()
	if n := asked.Load(); n < 2 || n > 4 {
		t.Errorf("asked %d times", n)
	}
}

// No more is kept than the bounds allow.
func TestTablesAreLetGo(t *testing.T) {
	c := New(Options{})
	dir := t.TempDir()
	base := serve(t, answers(200, rowsOf(between(0, 5))))
	for i := range mostKept + 10 {
		r := unpaged(request(t, base, numbers()))
		r.Spool = table.Spool{Dir: dir, Memory: 1}
		r.Arguments = []Argument{{&spec.Parameter{Name: "i"}, integerValue(int64(i))}}
		got, err := c.Fetch(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		_ = got.Close()
	}
	if left, _ := os.ReadDir(dir); len(left) != mostKept || len(c.once.flights) != mostKept || c.once.disk <= 0 || c.once.memory != 0 {
		t.Errorf("%d files and %d flights are kept, %d bytes on disk", len(left), len(c.once.flights), c.once.disk)
	}
}

func TestRetriesOfARun(t *testing.T) {
	var asked atomic.Int32
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	c, _ := client(Options{})
	var last error
	for range 5 {
		r := request(t, base, numbers())
		r.Transport.MaxRetries, r.Transport.Attempts = 6, 4
		_, last = c.Fetch(t.Context(), r)
	}
	// 4, 4, and one each.
	if n := asked.Load(); n != 11 {
		t.Errorf("asked %d times", n)
	}
	if e, ok := errors.AsType[*Error](last); !ok {
		t.Errorf("error is %v", last)
	} else if _, _, detail := e.Diagnose(); !strings.Contains(detail, "All 6 retries") || !strings.Contains(detail, "max_retries") {
		t.Errorf("detail is %s", detail)
	}
}

func TestBurst(t *testing.T) {
	c, clock := client(Options{})
	r := request(t, serve(t, counting(95)), numbers())
	r.Transport.Rate, r.Transport.Burst, r.Transport.Concurrency = 100./60, 4, 1
	if _, err := c.Fetch(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	// Ten pages and a look behind them, the first four at once, the others one in 0.6 s.
	if elapsed := clock.Now().Sub(newClock().Now()); elapsed < 4199*time.Millisecond || elapsed > 4201*time.Millisecond {
		t.Errorf("eleven requests took %s", elapsed)
	}
}
