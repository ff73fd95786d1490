package cli_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/state"
)

// The program is stopped dead at every step of an apply, and run again when its claims have expired: nothing is lost,
// nothing is delivered twice, and what nobody can know is in doubt and named.
//
// On git and S3 each kind of step is taken once; REPORTFORM_CRASH=all takes all of them there, too.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	api := httptest.NewServer(brokenAPI())
	t.Cleanup(api.Close)
	everything := os.Getenv("REPORTFORM_CRASH") == "all"
	for _, kind := range backends {
		t.Run(kind.name, func(t *testing.T) {
			all := everything || kind.name == "file"
			place := kind.open(t)
			crash := func(t *testing.T) *crashing { return newCrashing(t, api.URL, place) }
			names := crash(t).undisturbed()
			var cases []crashCase
			seen := map[string]bool{}
			for i, name := range names {
				for _, when := range []string{"before", "after"} {
					what, address, _ := strings.Cut(name, " ")
					sort := fmt.Sprint(when, what, strings.HasSuffix(address, ".archive"))
					if all || !seen[sort] {
						cases = append(cases, crashCase{step: fmt.Sprint(i+1, " ", when), name: strings.ReplaceAll(name, " ", "-")})
					}
					seen[sort] = true
				}
			}
			for _, name := range names {
				if address, found := strings.CutPrefix(name, "intended "); found && !strings.HasSuffix(address, ".archive") && (all || !seen["mail"]) {
					seen["mail"] = true
					to := address + "@example.com"
					cases = append(cases, crashCase{to: to, moment: beforeAnswer, name: "unanswered-" + address}, crashCase{to: to, moment: afterAnswer, name: "answered-" + address})
				}
			}
			fmt.Printf("crash test: %s: the program is killed at %d points of an apply with %d recorded steps\n", kind.name, len(cases), len(names))
			for i, c := range cases {
				t.Run(fmt.Sprintf("%02d-%s", i+1, c.name), func(t *testing.T) {
					t.Parallel()
					crash(t).at(c)
				})
			}
		})
	}
}

// crashCase says where the program is stopped: at a step of the state, or at a moment of a message.
type crashCase struct {
	name   string
	step   string // "3 before"
	to     string // of a mail, where it is no step
	moment moment
}

// crashing is a runner with a configuration, its state and a mail server.
type crashing struct {
	*testing.T
	process
	location string
	office   *postOffice
}

func newCrashing(t *testing.T, api string, place func(testing.TB) (func() string, string)) *crashing {
	t.Helper()
	machine, location := place(t)
	dir := machine()
	c := &crashing{T: t, process: process{dir: dir, env: []string{"NOW=2026-11-22T10:00:00Z"}}, location: location, office: openPostOffice(t)}
	threeByThree(t, dir, location, api, c.office.port)
	beginState(t, location, dir)
	return c
}

// undisturbed applies once, checks that the check holds then, and names the steps.
func (c *crashing) undisturbed() []string {
	c.Helper()
	file := filepath.Join(c.TempDir(), "steps")
	c.env = append(c.env, "STEPS="+file)
	code, out := c.run(c.T, "apply", "--auto-approve")
	if code != 0 {
		c.Fatalf("exit %d\n%s", code, out)
	}
	if doubts := c.check(out); doubts != 0 {
		c.Errorf("%d in doubt without a crash", doubts)
	}
	return strings.Split(strings.TrimSpace(string(must(os.ReadFile(file)))), "\n")
}

// at stops the program, runs it again, and checks what has become of every delivery.
func (c *crashing) at(where crashCase) {
	c.Helper()
	cmd := c.command("apply", "--auto-approve")
	if where.step != "" {
		cmd.Env = append(cmd.Env, "STOP_AT="+where.step)
	} else {
		c.office.breaking(func(m moment, to string) bool {
			here := m == where.moment && to == where.to
			if here {
				_ = cmd.Process.Kill()
			}
			return here
		})
	}
	first, err := cmd.CombinedOutput()
	if e, dead := errors.AsType[*exec.ExitError](err); !dead || e.ExitCode() != -1 {
		c.Fatalf("the program was not stopped at %s: %v\n%s", where.name, err, first)
	}
	c.office.breaking(nil)
	c.env = []string{"NOW=2026-11-22T10:03:00Z"}
	code, second := c.run(c.T, "apply", "--auto-approve")
	doubts := c.check(second)
	if code != min(doubts, 1) {
		c.Errorf("exit %d with %d in doubt\n%s", code, doubts, second)
	}
	// Only a mail that was about to be handed over may be in doubt, and only the one.
	if doubts > 1 || doubts == 1 && where.step != "" && !strings.HasPrefix(where.name, "intended-") && !strings.HasPrefix(where.name, "delivered-") {
		c.Errorf("%d in doubt\n%s", doubts, second)
	}
	if c.Failed() {
		c.Logf("first run:\n%s\nsecond run:\n%s", first, second)
	}
}

// check looks at every key's records, the files and the mail server, and counts what is in doubt.
func (c *crashing) check(said string) (doubts int) {
	c.Helper()
	store := openState(c.T, c.location, c.dir)
	taken, keys := c.office.taken(c.T), 0
	for _, report := range []string{"agents", "queues", "hours"} {
		for _, destination := range []string{"archive", "leads", "board"} {
			k := state.Key{Project: "p", Address: report + "." + destination, Range: "2026-11-09..2026-11-15"}
			records, err := store.Records(c.Context(), k)
			if err != nil {
				c.Fatal(err)
			}
			keys++
			s := state.Fold(records, false)
			got := taken[k.Address+"@example.com"]
			switch {
			case destination == "archive":
				data, err := os.ReadFile(filepath.Join(c.dir, "out", report+"-2026-11-09.xlsx"))
				if err != nil || s.Kind != state.Delivered || s.Record.File != fmt.Sprintf("sha256:%x", sha256.Sum256(data)) {
					c.Errorf("%s: %q, %v", k, s.Kind, err)
				}
			case s.Kind == state.Delivered && got == 1:
			case s.Kind == state.InDoubt && got <= 1:
				doubts++
				if !strings.Contains(said, "state resolve "+k.String()+" --resend") {
					c.Errorf("%s is in doubt, and nothing is said of it:\n%s", k, said)
				}
			default:
				c.Errorf("%s: %q, and the server took %d messages", k, s.Kind, got)
			}
			delete(taken, k.Address+"@example.com")
		}
	}
	for to, n := range taken {
		c.Errorf("the server took %d messages to %s", n, to)
	}
	if found, err := store.Keys(c.Context(), "p", ""); err != nil || len(found) != keys {
		c.Errorf("keys %v, %v; want %d", found, err, keys)
	}
	return doubts
}
