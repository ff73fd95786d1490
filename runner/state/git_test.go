package state_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/runner/state/storetest"
)

const branch = "git:reportform-state"

// open opens a state that does not wait long between tries.
func open(t *testing.T, location, dir string) state.Store {
	t.Helper()
	s, err := state.Open(location, state.Options{Dir: dir, Sleep: func(ctx context.Context, d time.Duration) error {
		time.Sleep(min(d, 20*time.Millisecond))
		return ctx.Err()
	}})
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := s.(io.Closer); ok {
		t.Cleanup(func() { _ = c.Close() })
	}
	return s
}

func begin(t *testing.T, s state.Store) {
	t.Helper()
	if err := s.Init(t.Context(), state.NewRoot(now, func([]byte) {})); err != nil {
		t.Fatal(err)
	}
}

func claimed(by string) state.Record {
	return state.Record{Version: 1, Kind: state.Claimed, At: now, By: by}
}

// The contract holds in clones as pipelines make them.
func TestGit(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() state.Store {
		_, clone := storetest.Git(t)
		return func() state.Store { return open(t, branch, clone("--depth=1")) }
	})
}

// A repository may name its objects by SHA-256.
func TestGitSHA256(t *testing.T) {
	t.Setenv("GIT_DEFAULT_HASH", "sha256")
	bare, clone := storetest.Git(t)
	if out := storetest.RunGit(t, bare, "rev-parse", "--show-object-format"); out != "sha256" {
		t.Skip("this git has only SHA-1")
	}
	s := open(t, branch, clone("--depth=1"))
	begin(t, s)
	for seq := 1; seq <= 2; seq++ {
		if err := s.Append(t.Context(), key, seq, claimed("me")); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := open(t, branch, clone()).Records(t.Context(), key); err != nil || len(r) != 2 {
		t.Errorf("%d records, %v; want 2", len(r), err)
	}
	if out := storetest.RunGit(t, bare, "fsck", "--strict", "--no-progress"); strings.Contains(out, "error") {
		t.Error(out)
	}
}

// Many clones add records at once: none is lost, none is written over, and git finds nothing amiss.
func TestGitRace(t *testing.T) {
	bare, clone := storetest.Git(t)
	begin(t, open(t, branch, clone()))
	const runners, keys = 8, 3
	var running sync.WaitGroup
	var mu sync.Mutex
	won := map[string]string{}
	for i := range runners {
		s, by := open(t, branch, clone("--depth=1")), fmt.Sprint(i)
		add := func(k state.Key) {
			switch err := s.Append(t.Context(), k, 1, claimed(by)); {
			case err == nil:
				mu.Lock()
				defer mu.Unlock()
				if other, taken := won[k.Address]; taken {
					t.Errorf("%s was given to %s and to %s", k, other, by)
				}
				won[k.Address] = by
			case !errors.Is(err, state.ErrTaken):
				t.Error(err)
			}
		}
		running.Go(func() {
			for n := range keys {
				add(state.Key{Project: "p", Address: fmt.Sprintf("all.%d", n), Range: "2026-11-21"})
				add(state.Key{Project: "p", Address: fmt.Sprintf("mine-%d.%d", i, n), Range: "2026-11-21"})
			}
		})
	}
	running.Wait()
	s := open(t, branch, clone())
	found, err := s.Keys(t.Context(), "p", "")
	if err != nil || len(found) != keys+runners*keys || len(won) != len(found) {
		t.Errorf("%d keys, %v, and %d were won; want %d", len(found), err, len(won), keys+runners*keys)
	}
	for _, k := range found {
		if r, err := s.Records(t.Context(), k); err != nil || len(r) != 1 || r[0].By != won[k.Address] {
			t.Errorf("%s: %+v, %v; want one record of %s", k, r, err, won[k.Address])
		}
	}
	if out := storetest.RunGit(t, bare, "fsck", "--strict", "--no-progress"); strings.Contains(out, "error") {
		t.Error(out)
	}
	if n := storetest.RunGit(t, bare, "rev-list", "--count", "reportform-state"); n != fmt.Sprint(1+len(found)) {
		t.Errorf("%s commits, want one a record and one for the root", n)
	}
	if out := storetest.RunGit(t, bare, "log", "--merges", "reportform-state"); out != "" {
		t.Errorf("the branch is no line: %s", out)
	}
}

// Goroutines of one process share a clone and its processes.
func TestGitSharedStore(t *testing.T) {
	_, clone := storetest.Git(t)
	s := open(t, branch, clone())
	begin(t, s)
	var running sync.WaitGroup
	for i := range 6 {
		running.Go(func() {
			k := state.Key{Project: "p", Address: fmt.Sprintf("r%d.x", i), Range: "2026-11-21"}
			for seq := 1; seq <= 2; seq++ {
				if err := s.Append(t.Context(), k, seq, claimed("me")); err != nil {
					t.Error(err)
				}
			}
			if r, err := s.Records(t.Context(), k); err != nil || len(r) != 2 {
				t.Errorf("%s: %d records, %v", k, len(r), err)
			}
		})
	}
	running.Wait()
}

// Records that come in while a push is under way go together in the next; each is a commit of its own, and each caller
// gets its own word.
func TestGitSharedPush(t *testing.T) {
	bare, clone := storetest.Git(t)
	s := open(t, branch, clone("--depth=1"))
	begin(t, s)
	taken := state.Key{Project: "p", Address: "taken.x", Range: "2026-11-21"}
	if err := open(t, branch, clone()).Append(t.Context(), taken, 1, claimed("other")); err != nil { // s does not know of it
		t.Fatal(err)
	}
	hook(t, bare, "post-receive", "echo pushed >>pushes\n")
	const keys = 50
	var running sync.WaitGroup
	var won atomic.Int32
	add := func(k state.Key, by string) {
		running.Go(func() {
			switch err := s.Append(t.Context(), k, 1, claimed(by)); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, state.ErrTaken) || strings.HasPrefix(k.Address, "mine"):
				t.Errorf("%s: %v", k, err)
			}
		})
	}
	for i := range keys {
		add(state.Key{Project: "p", Address: fmt.Sprintf("mine%d.x", i), Range: "2026-11-21"}, "me")
		add(state.Key{Project: "p", Address: "shared.x", Range: "2026-11-21"}, fmt.Sprint(i))
	}
	add(taken, "me")
	running.Wait()
	if won.Load() != keys+1 {
		t.Errorf("%d were added, want %d and one of those with one number", won.Load(), keys)
	}
	pushes, err := os.ReadFile(filepath.Join(bare, "pushes"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(pushes), "pushed"); n == 0 || n > 10 {
		t.Errorf("%d pushes for %d records; want a few", n, keys+1)
	}
	if n := storetest.RunGit(t, bare, "rev-list", "--count", "reportform-state"); n != fmt.Sprint(2+keys+1) {
		t.Errorf("%s commits, want one a record and one for the root", n)
	}
	if out := storetest.RunGit(t, bare, "fsck", "--strict", "--no-progress"); strings.Contains(out, "error") {
		t.Error(out)
	}
	if found, err := open(t, branch, clone()).Keys(t.Context(), "p", ""); err != nil || len(found) != keys+2 {
		t.Errorf("%d keys, %v; want %d", len(found), err, keys+2)
	}
}

// Who has no more time leaves the others' records alone, and its own is not added.
func TestGitGoneCaller(t *testing.T) {
	bare, clone := storetest.Git(t)
	s := open(t, branch, clone())
	begin(t, s)
	hook(t, bare, "pre-receive", "touch busy\nwhile [ ! -e go ]; do sleep 0.01; done\n")
	named := func(name string) state.Key { return state.Key{Project: "p", Address: name + ".x", Range: "2026-11-21"} }
	first, gone, other := make(chan error, 1), make(chan error, 1), make(chan error, 1)
	impatient, leave := context.WithCancel(t.Context())
	go func() { first <- s.Append(t.Context(), named("first"), 1, claimed("me")) }()
	for busy := false; !busy; time.Sleep(time.Millisecond) {
		_, err := os.Stat(filepath.Join(bare, "busy"))
		busy = err == nil
	}
	go func() { gone <- s.Append(impatient, named("gone"), 1, claimed("me")) }()
	go func() { other <- s.Append(t.Context(), named("other"), 1, claimed("me")) }()
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
	if err := os.WriteFile(filepath.Join(bare, "go"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(<-first, <-other); err != nil {
		t.Error(err)
	}
	found, err := open(t, branch, clone()).Keys(t.Context(), "p", "")
	if err != nil || fmt.Sprint(found) != "[first.x@2026-11-21 other.x@2026-11-21]" {
		t.Errorf("keys %v, %v", found, err)
	}
}

// Several runs in one clone meet in its locks, too.
func TestGitSharedClone(t *testing.T) {
	for name, arguments := range map[string][]string{"whole": nil, "shallow": {"--depth=1"}} {
		t.Run(name, func(t *testing.T) {
			_, clone := storetest.Git(t)
			dir := clone(arguments...)
			begin(t, open(t, branch, dir))
			var running sync.WaitGroup
			for i := range 4 {
				s := open(t, branch, dir)
				running.Go(func() {
					for n := range 3 {
						k := state.Key{Project: "p", Address: fmt.Sprintf("r%d.x", i), Range: fmt.Sprintf("2026-11-2%d", n)}
						if err := s.Append(t.Context(), k, 1, claimed("me")); err != nil {
							t.Error(err)
						}
					}
				})
			}
			running.Wait()
			if found, err := open(t, branch, clone()).Keys(t.Context(), "p", ""); err != nil || len(found) != 12 {
				t.Errorf("%d keys, %v; want 12", len(found), err)
			}
		})
	}
}

// What a runner reads twice, it reads anew: it waits for another one's word.
func TestGitReadsAgain(t *testing.T) {
	_, clone := storetest.Git(t)
	one, two := open(t, branch, clone()), open(t, branch, clone())
	begin(t, one)
	for n := range 3 {
		if r, err := two.Records(t.Context(), key); err != nil || len(r) != n {
			t.Fatalf("%d records, %v; want %d", len(r), err, n)
		}
		if err := one.Append(t.Context(), key, n+1, claimed("one")); err != nil {
			t.Fatal(err)
		}
	}
}

// Nothing of the user's work is touched: not a change in the work tree, nor the index, nor HEAD, nor branches.
func TestGitLeavesTheCloneAlone(t *testing.T) {
	bare, clone := storetest.Git(t)
	dir := clone("--depth=1")
	storetest.RunGit(t, dir, "checkout", "--quiet", "--detach")
	for name, text := range map[string]string{"reports.yaml": "changed\n", "staged.yaml": "staged\n", "new.yaml": "new\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	storetest.RunGit(t, dir, "add", "staged.yaml")
	for _, name := range []string{"pre-push", "reference-transaction"} { // the user's own hooks are not for this
		hook(t, filepath.Join(dir, ".git"), name, "exit 1\n")
	}
	seen := func() string {
		var b strings.Builder
		for _, args := range [][]string{{"status", "--porcelain=v2", "--branch"}, {"ls-files", "--stage"}, {"branch", "--list"}, {"diff"}, {"reflog"}, {"config", "--list", "--local"}} {
			b.WriteString(storetest.RunGit(t, dir, args...) + "\n")
		}
		head, err := os.ReadFile(filepath.Join(dir, ".git", "HEAD"))
		if err != nil {
			t.Fatal(err)
		}
		return b.String() + string(head)
	}
	before := seen()
	s := open(t, branch, dir)
	begin(t, s)
	if err := s.Append(t.Context(), key, 1, claimed("me")); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, branch, dir).Root(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := seen(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	subjects := storetest.RunGit(t, bare, "log", "--format=%an %s%n%b", "reportform-state")
	want := "reportform weekly.leads@2026-11-09..2026-11-15: claimed\n[skip ci]\n\nreportform state init\n[skip ci]"
	if subjects != want {
		t.Errorf("the branch says\n%s\nwant\n%s", subjects, want)
	}
}

// A clone that is whole stays whole.
func TestGitKeepsAWholeClone(t *testing.T) {
	_, clone := storetest.Git(t)
	dir := clone()
	begin(t, open(t, branch, dir))
	if _, err := open(t, branch, dir).Root(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := storetest.RunGit(t, dir, "rev-parse", "--is-shallow-repository"); out != "false" {
		t.Errorf("the clone has become shallow: %s", out)
	}
}

// Git inside a hook, or asked to print what it does, is told of another repository and would show the token.
func TestGitEnvironment(t *testing.T) {
	_, clone := storetest.Git(t)
	dir := clone()
	elsewhere := t.TempDir()
	for name, value := range map[string]string{
		"GIT_DIR": elsewhere, "GIT_INDEX_FILE": filepath.Join(elsewhere, "index"), "GIT_TRACE": filepath.Join(elsewhere, "trace"),
		"GIT_TRACE_CURL": filepath.Join(elsewhere, "trace"), "LC_ALL": "pl_PL.UTF-8", "LANGUAGE": "pl",
	} {
		t.Setenv(name, value)
	}
	begin(t, open(t, branch, dir))
	if found, err := os.ReadDir(elsewhere); err != nil || len(found) > 0 {
		t.Errorf("git wrote %v elsewhere, %v", found, err)
	}
}
