package cli_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
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
func badInput(ts *testscript.TestScript, args []string, validateToo bool) {
	ts.Check(os.WriteFile(ts.MkAbs("conf/reports.yaml"), []byte(replaced(ts, ts.ReadFile("base.yaml"), args[0], args[1])), 0o644))
	before, mails := content(ts, "conf"), ts.Value(mailKey{}).(*mailServer).handed()
	for _, command := range [][]string{{"validate", "conf"}, {"apply", "--auto-approve", "conf"}} {
		err := ts.Exec("reportform", command...)
		if command[0] == "validate" && !validateToo {
			if err != nil {
				ts.Fatalf("%s: validate finds something wrong with it", args[1])
			}
			continue
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 {
			ts.Fatalf("%s: %s ended with %v", args[1], command[0], err)
		}
		said := ts.ReadFile("stderr")
		for _, pattern := range append([]string{`on conf/reports\.yaml:[0-9]+:[0-9]+`, `Error: `, `\^`}, args[2:]...) {
			if !regexp.MustCompile(pattern).MatchString(said) {
				ts.Fatalf("%s: %s says nothing like %s", args[1], command[0], pattern)
			}
		}
		if found := regexp.MustCompile(`mistake of its own|unmarshal|oneOf|additionalProperties|cannot unmarshal|<nil>|%!`).FindString(said); found != "" {
			ts.Fatalf("%s: %s says %q", args[1], command[0], found)
		}
	}
	if !maps.Equal(before, content(ts, "conf")) {
		ts.Fatalf("%s: something was written: %q", args[1], slices.Sorted(maps.Keys(content(ts, "conf"))))
	}
	if ts.Value(mailKey{}).(*mailServer).handed() != mails {
		ts.Fatalf("%s: something was sent", args[1])
	}
	noSecret(ts, false, nil)
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
