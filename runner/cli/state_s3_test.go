package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/cli"
	"github.com/reportform/reportform/runner/state/storetest"
)

// Runners without a common disk share what was delivered through an object store.
func TestStateOnS3(t *testing.T) {
	location := storetest.S3(t)
	config := `version: 1
settings: {project: support, timezone: Europe/Warsaw}
state: {location: "` + location + `"}
connections:
  demo: {type: demo}
  out: {type: outbox, directory: out, from: reports@example.com}
reports:
  weekly:
    range: last_week
    datasets:
      by_day: {source: demo.chats_summary, aggregate_by: day}
    destinations:
      leads:
        email: {via: out, to: [leads@example.com], subject: Chats, attach: [workbook]}
`
	machine := func() func(code int, args ...string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "reports.yaml"), []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
		return func(code int, args ...string) string {
			t.Helper()
			var out bytes.Buffer
			s := cli.System("test")
			s.Dir, s.Stdout, s.Stderr = dir, &out, &out
			s.Now = func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }
			if got := cli.Main(context.Background(), args, s); got != code {
				t.Fatalf("reportform %s: exit %d, want %d\n%s", strings.Join(args, " "), got, code, &out)
			}
			return out.String()
		}
	}
	says := func(text, want string) {
		t.Helper()
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	one, two := machine(), machine()
	says(one(1, "plan"), "reportform state init")
	says(one(1, "apply", "--auto-approve"), "reportform state init")
	says(one(0, "plan", "--offline"), "due unless delivered")
	says(one(0, "state", "init"), "is made")
	says(two(1, "state", "init"), "already")
	says(one(0, "apply", "--auto-approve"), "1 sent")
	says(two(0, "apply", "--auto-approve"), "Nothing is due: 1 up to date.")
	says(two(0, "state", "list"), "weekly.leads@2026-11-09..2026-11-15")
}
