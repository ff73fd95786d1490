package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/state/storetest"
)

// readmeLines are the lines of a CI job as the README has them, and the last line that each prints.
func readmeLines(t *testing.T) (commands, ends []string) {
	t.Helper()
	found := regexp.MustCompile("(?s)\n## In a pipeline\n.*?```sh\n(.*?)```.*?\n```text\n(.*?)```").FindSubmatch(must(os.ReadFile("../../README.md")))
	if found == nil {
		t.Fatal("the README's section about pipelines has no lines, or does not say what they print")
	}
	commands, ends = strings.Split(strings.TrimSpace(string(found[1])), "\n"), strings.Split(strings.TrimSpace(string(found[2])), "\n")
	if len(commands) != len(ends) || len(commands) < 4 {
		t.Fatalf("%d commands print %d lines", len(commands), len(ends))
	}
	return commands, ends
}

// Whoever copies the README's lines into a job, with a release and secrets alone, gets what the README says.
func testReadme(t *testing.T, r release) {
	commands, ends := readmeLines(t)
	_, clone := storetest.Git(t)
	dir, programs := clone("--depth=1"), t.TempDir()
	office := openPostOffice(t)
	j := newJob(dir, programs, "SMTP_PASSWORD="+mailPassword)
	for _, step := range []string{
		"tar -xzf " + r.archive + " -C " + programs,
		"reportform init reports --ci github",
		"reportform record reports",
		"reportform --chdir reports state init",
	} {
		if code, stdout, stderr := j.run(t, step); code != 0 {
			t.Fatalf("%s: exit code %d\n%s%s", step, code, stdout, stderr)
		}
	}
	// In earnest mail is sent, by a server that asks for the secret.
	reports := filepath.Join(dir, "reports", "reports.yaml")
	text := strings.Replace(string(must(os.ReadFile(reports))), "type: outbox\n    directory: out/mail\n",
		fmt.Sprintf("type: smtp\n    host: localhost\n    port: %d\n    security: none\n    username: %s\n    password: ${env.SMTP_PASSWORD}\n", office.port, mailUser), 1)
	if err := os.WriteFile(reports, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for i, line := range commands {
		code, stdout, stderr := j.run(t, line)
		lines := strings.Split(strings.TrimSpace(stdout), "\n")
		if code != 0 || lines[len(lines)-1] != ends[i] {
			t.Errorf("%s: exit code %d, want it to end with %q\n%s%s", line, code, ends[i], stdout, stderr)
		}
		if strings.Contains(stdout+stderr, mailPassword) {
			t.Errorf("%s prints the secret", line)
		}
	}
	if taken := office.taken(t); taken["leads@example.com"] != 1 {
		t.Errorf("mails: %v", taken)
	}
	// The next job starts from nothing but the repository.
	next := newJob(clone("--depth=1"), programs, "SMTP_PASSWORD="+mailPassword)
	if err := os.CopyFS(filepath.Join(next.dir, "reports"), os.DirFS(filepath.Dir(reports))); err != nil {
		t.Fatal(err)
	}
	if _, stdout, stderr := next.run(t, commands[len(commands)-1]); !strings.Contains(stdout, "Nothing is due") {
		t.Errorf("the next job delivers again:\n%s%s", stdout, stderr)
	}
}
