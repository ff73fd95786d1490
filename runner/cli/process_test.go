package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/runner/state/storetest"
)

// process is the program as a process of its own, in a folder and with an environment.
type process struct {
	dir string
	env []string
}

// pipelines are names by which the program knows that it runs in a pipeline; these tests are not about that.
var pipelines = []string{"CI=", "GITHUB_ACTIONS=", "GITLAB_CI="}

// command prepares a run of the program: the test binary under the program's name, as the scripts have it.
func (p process) command(args ...string) *exec.Cmd {
	program, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return &exec.Cmd{
		Path: program, Args: append([]string{"reportform"}, args...), Dir: p.dir,
		Env: slices.Concat(os.Environ(), pipelines, []string{"SMTP_PASSWORD=" + mailPassword, "API_PASSWORD=" + apiPassword}, p.env),
	}
}

// run runs the program to its end, and returns its exit code (-1 where it was killed) and what it printed.
func (p process) run(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	cmd := p.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// stepping puts something around a state that writes each step's name into a file, and stops the program dead at one
// of them: "3 before" or "3 after".
func stepping(file, at string) func(state.Store) state.Store {
	if file == "" && at == "" {
		return nil
	}
	s := &steps{file: file}
	if number, when, found := strings.Cut(at, " "); found {
		s.at, s.after = must(strconv.Atoi(number)), when == "after"
	}
	return func(store state.Store) state.Store {
		s.Store = store
		if batcher, ok := store.(state.Batcher); ok {
			return batchSteps{s, batcher}
		}
		return s
	}
}

// batchSteps are those of a state that takes several records at once.
type batchSteps struct {
	*steps
	batcher state.Batcher
}

func (s batchSteps) AppendAll(ctx context.Context, all []state.Addition) []error {
	var names []string
	for _, a := range all {
		names = append(names, string(a.Record.Kind)+" "+a.Key.Address)
	}
	defer s.step(strings.Join(names, ", "))()
	return s.batcher.AppendAll(ctx, all)
}

// steps are the moments at which a state is written to.
type steps struct {
	state.Store
	file  string
	at    int
	after bool
	count atomic.Int32
}

func (s *steps) Init(ctx context.Context, r state.Root) error {
	defer s.step("root")()
	return s.Store.Init(ctx, r)
}

func (s *steps) Append(ctx context.Context, k state.Key, seq int, r state.Record) error {
	defer s.step(string(r.Kind) + " " + k.Address)()
	return s.Store.Append(ctx, k, seq, r)
}

// step is called before a step, and what it returns after it.
func (s *steps) step(name string) (done func()) {
	here := int(s.count.Add(1)) == s.at
	if s.file != "" {
		f := must(os.OpenFile(s.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644))
		_ = must(fmt.Fprintln(f, name))
		_ = f.Close()
	}
	if here && !s.after {
		dropDead()
	}
	return func() {
		if here {
			dropDead()
		}
	}
}

// dropDead ends this process as a machine that loses its power would: nothing is put away, nobody is told.
func dropDead() {
	_ = must(os.FindProcess(os.Getpid())).Kill()
	select {}
}

// backends are the kinds of state that there are. open makes what a kind needs; what it returns makes an empty place for
// a state, and machine gives a folder to each runner that is to use it.
var backends = []struct {
	name string
	open func(t testing.TB) func(t testing.TB) (machine func() string, location string)
}{
	{"file", func(testing.TB) func(testing.TB) (func() string, string) {
		return func(t testing.TB) (func() string, string) {
			dir := t.TempDir()
			return func() string { return dir }, "file:.reportform"
		}
	}},
	{"git", func(t testing.TB) func(testing.TB) (func() string, string) {
		_, clone := storetest.Git(t)
		var places atomic.Int32
		return func(testing.TB) (func() string, string) {
			return func() string { return clone("--depth=1") }, fmt.Sprint("git:state-", places.Add(1))
		}
	}},
	{"s3", func(t testing.TB) func(testing.TB) (func() string, string) {
		location := storetest.S3(t)
		var places atomic.Int32
		return func(t testing.TB) (func() string, string) {
			return t.TempDir, strings.Replace(location, "/state/team?", fmt.Sprintf("/%d?", places.Add(1)), 1)
		}
	}},
}

// openState opens a state beside the programs that use it.
func openState(tb testing.TB, location, dir string) state.Store {
	tb.Helper()
	store, err := state.Open(location, state.Options{Dir: dir})
	if err != nil {
		tb.Fatal(err)
	}
	if closer, ok := store.(io.Closer); ok {
		tb.Cleanup(func() { _ = closer.Close() })
	}
	return store
}

// beginState begins a state that runners share; the first of them begins any other.
func beginState(tb testing.TB, location, dir string) {
	tb.Helper()
	if !state.Shared(location) {
		return
	}
	if err := openState(tb, location, dir).Init(tb.Context(), state.NewRoot(time.Now(), func(b []byte) { _, _ = rand.Read(b) })); err != nil {
		tb.Fatal(err)
	}
}

// threeByThree is a configuration of three reports with a file and two mails each. LOCATION, API and PORT are put in.
func threeByThree(t *testing.T, dir, location, api string, port int) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `version: 1
settings: {project: p, timezone: Europe/Warsaw}
state: {location: %q}
connections:
  thulium: {type: thulium, base_url: %s/good, username: api, password: "${env.API_PASSWORD}"}
  office: {type: smtp, host: localhost, port: %d, security: none, auth: plain, username: reports, password: "${env.SMTP_PASSWORD}", from: reports@example.com}
reports:
`, location, api, port)
	for _, name := range []string{"agents", "queues", "hours"} {
		fmt.Fprintf(&b, `  %[1]s:
    range: last_week
    datasets: {by_day: {source: thulium.chats_summary, aggregate_by: day}}
    destinations:
      archive: {file: {path: "out/%[1]s-${range.from}.xlsx"}}
      leads: {email: {via: office, to: [%[1]s.leads@example.com], subject: %[1]s, attach: [workbook]}}
      board: {email: {via: office, to: [%[1]s.board@example.com], subject: %[1]s, attach: [workbook]}}
`, name)
	}
	if err := os.WriteFile(filepath.Join(dir, "reports.yaml"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
