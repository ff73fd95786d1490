package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/reportform/reportform/runner/cli"
)

// The program runs as a process of its own with the surroundings of the system, but for the clock.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"reportform": program})
}

func program() {
	ctx, cancel := context.WithCancel(context.Background())
	signals, stop := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt)
	go func() {
		<-signals
		cancel()
		<-signals
		close(stop)
	}()
	s := cli.System("test")
	s.Stop = stop
	s.Store = stepping(os.Getenv("STEPS"), os.Getenv("STOP_AT"))
	s.Now = clock(os.Getenv("NOW"))
	if os.Getenv("HURRY") != "" {
		s.Sleep = func(ctx context.Context, d time.Duration) error { return nap(ctx, d/100) }
	}
	s.Terminal = os.Getenv("TERMINAL") == "true"
	s.Width, _ = strconv.Atoi(os.Getenv("WIDTH"))
	os.Exit(cli.Main(ctx, os.Args[1:], s))
}

// clock begins at a moment and goes on from there, so that claims and waits are real.
func clock(at string) func() time.Time {
	start, begun := time.Now(), time.Now()
	if at != "" {
		var err error
		if start, err = time.Parse(time.RFC3339, at); err != nil {
			panic(err)
		}
	}
	return func() time.Time { return start.Add(time.Since(begun)) }
}

// nap waits for d, or until the context ends.
func nap(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:             "testdata/script",
		UpdateScripts:   os.Getenv("UPDATE") != "",
		ContinueOnError: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NOW", "2026-11-22T10:00:00Z")
			mail, err := startMail(env)
			if err != nil {
				return err
			}
			env.Defer(mail.close)
			env.Values[mailKey{}] = mail
			env.Setenv("SMTP_PASSWORD", mailPassword)
			requests := new(atomic.Int32)
			broken := brokenAPI()
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				broken.ServeHTTP(w, r)
			}))
			env.Defer(api.Close)
			env.Values[apiKey{}] = requests
			env.Setenv("API", api.URL)
			env.Setenv("API_PASSWORD", apiPassword)
			return startOwnTLS(env)
		},
		Condition: condition,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"mails":     mails,
			"figures":   figures,
			"office":    office,
			"edit":      edit,
			"invalid":   invalid,
			"blocked":   blocked,
			"disk":      disk,
			"get":       get,
			"asked":     asked,
			"planfile":  planFile,
			"refuse":    refuse,
			"busy":      busy,
			"hang":      hang,
			"hold":      hold,
			"expand":    expand,
			"cell":      cell,
			"jsonlines": jsonLines,
			"nosecret":  noSecret,
			"waitfor":   waitFor,
		},
	})
}

// expand FILE… puts the environment's values into files: the ports of the mail server, and $API.
func expand(ts *testscript.TestScript, _ bool, args []string) {
	for _, file := range args {
		text := ts.ReadFile(file)
		for _, name := range []string{"SMTPS_PORT", "SMTP_PORT", "PLAIN_PORT", "SMALL_PORT", "GONE_PORT", "API", "OWN_TLS"} {
			text = strings.ReplaceAll(text, "$"+name, ts.Getenv(name))
		}
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o644))
	}
}

// noSecret looks for the secrets in every file and in what was printed last.
func noSecret(ts *testscript.TestScript, _ bool, _ []string) {
	secrets := []string{mailPassword, apiPassword, ownToken}
	check := func(where, text string) {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				ts.Fatalf("%s holds a secret", where)
			}
		}
	}
	check("stdout", ts.ReadFile("stdout"))
	check("stderr", ts.ReadFile("stderr"))
	ts.Check(filepath.WalkDir(ts.MkAbs("."), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		check(path, string(data))
		return err
	}))
}

// waitfor N mails waits until the mail server has been handed that many messages whole.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	m := ts.Value(mailKey{}).(*mailServer)
	for range 1000 {
		if m.handed() >= want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("only %d mails were handed over, want %d", m.handed(), want)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprint(err))
	}
	return v
}
