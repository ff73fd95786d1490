package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/reportform/reportform/runner/cli"
)

// edit FILE OLD NEW [OLD NEW…] replaces text that stands in a file, the first time it does.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	for pair := range slices.Chunk(args[1:], 2) {
		text = replaced(ts, text, pair[0], pair[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// replaced understands \n and \t, since arguments of scripts have no lines.
func replaced(ts *testscript.TestScript, text, from, to string) string {
	escapes := strings.NewReplacer(`\n`, "\n", `\t`, "\t")
	from, to = escapes.Replace(from), escapes.Replace(to)
	if !strings.Contains(text, from) {
		ts.Fatalf("there is no %q to replace", from)
	}
	return strings.Replace(text, from, to, 1)
}

// invalid OLD NEW PATTERN… says that base.yaml with NEW in the place of OLD is refused by validate and by apply alike.
func invalid(ts *testscript.TestScript, _ bool, args []string) { badInput(ts, args, true) }

// blocked OLD NEW PATTERN… says that validate finds nothing wrong, and apply does.
func blocked(ts *testscript.TestScript, _ bool, args []string) { badInput(ts, args, false) }

// badInput runs the program over conf/reports.yaml, made from base.yaml. Refused means: exit code 1, standard error with
// a place in that file and what each pattern matches, no library's words, and nothing written, sent, recorded or told.
// It runs in this process: there are many cases, and most of a short run is its start.
func badInput(ts *testscript.TestScript, args []string, validateToo bool) {
	ts.Check(os.WriteFile(ts.MkAbs("conf/reports.yaml"), []byte(replaced(ts, ts.ReadFile("base.yaml"), args[0], args[1])), 0o644))
	before, mails := content(ts, "conf"), ts.Value(mailKey{}).(*mailServer).handed()
	for _, command := range [][]string{{"validate", "conf"}, {"apply", "--auto-approve", "conf"}} {
		code, printed, said := inProcess(ts, command...)
		fail := func(format string, a ...any) {
			ts.Fatalf("%s: %s %s\n%s%s", args[1], command[0], fmt.Sprintf(format, a...), printed, said)
		}
		if command[0] == "validate" && !validateToo {
			if code != 0 {
				fail("finds something wrong with it")
			}
			continue
		}
		if code != 1 {
			fail("ended with %d", code)
		}
		for _, pattern := range append([]string{`on conf/reports\.yaml:[0-9]+:[0-9]+`, `Error: `, `\^`}, args[2:]...) {
			if !regexp.MustCompile(pattern).MatchString(said) {
				fail("says nothing like %s", pattern)
			}
		}
		if found := regexp.MustCompile(`mistake of its own|unmarshal|oneOf|additionalProperties|<nil>|%!`).FindString(said); found != "" {
			fail("says %q", found)
		}
		for _, secret := range []string{mailPassword, apiPassword} {
			if strings.Contains(printed+said, secret) {
				fail("tells a secret")
			}
		}
	}
	if after := content(ts, "conf"); !maps.Equal(before, after) {
		ts.Fatalf("%s: something was written: %q", args[1], slices.Sorted(maps.Keys(after)))
	}
	if ts.Value(mailKey{}).(*mailServer).handed() != mails {
		ts.Fatalf("%s: something was sent", args[1])
	}
}

// inProcess runs the program in this process, with a script's folder and environment.
func inProcess(ts *testscript.TestScript, args ...string) (code int, stdout, stderr string) {
	at, err := time.Parse(time.RFC3339, ts.Getenv("NOW"))
	ts.Check(err)
	env := func(name string) (string, bool) { v := ts.Getenv(name); return v, v != "" }
	return runIn(context.Background(), ts.MkAbs("."), at, env, args...)
}

// runIn runs the program in this process, in a folder at a moment.
func runIn(ctx context.Context, dir string, at time.Time, env func(string) (string, bool), args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	s := cli.System("test")
	s.Stdin, s.Stdout, s.Stderr, s.Dir, s.Env = strings.NewReader(""), &out, &err, dir, env
	s.Now = func() time.Time { return at }
	s.Terminal, s.Progress = false, false
	code = cli.Main(ctx, args, s)
	return code, out.String(), err.String()
}

// content is what stands in a folder.
func content(ts *testscript.TestScript, dir string) map[string]string {
	out := map[string]string{}
	ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[path] = string(data)
		return err
	}))
	return out
}
