package calendar

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Python's zoneinfo and isocalendar know what the words mean without any of this code.
func TestAgainstPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import zoneinfo; zoneinfo.ZoneInfo('Europe/Warsaw')").Run() != nil {
		t.Skip("needs python3 with zones (Debian: python3 tzdata)")
	}
	const seed, count, from, until = 2026, 300, 631_152_000, 2_145_916_800 // 1990 to 2037, which both have tables for
	r := rand.New(rand.NewPCG(seed, seed))
	var (
		calendars []Calendar
		moments   []time.Time
		input     strings.Builder
	)
	for range count {
		c := randomCalendar(t, r)
		c.FiscalMonth, c.FiscalDay = max(c.FiscalMonth, 1), max(c.FiscalDay, 1)
		at := randomMoment(r, c.Location)
		for at.Unix() < from || at.Unix() > until {
			at = randomMoment(r, c.Location)
		}
		calendars, moments = append(calendars, c), append(moments, at)
		fmt.Fprintln(&input, c.Location, at.Unix(), int(c.WeekStart), int(c.FiscalMonth), c.FiscalDay)
	}
	cmd := exec.Command(python, "testdata/oracle.py")
	cmd.Stdin = strings.NewReader(input.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != count {
		t.Fatalf("%d answers to %d questions", len(lines), count)
	}
	for i, line := range lines {
		c, at := calendars[i], moments[i]
		for answer := range strings.FieldsSeq(line) {
			word, want, _ := strings.Cut(answer, "=")
			if word == "iso" {
				monday := c
				monday.WeekStart = time.Monday
				week, err := mustParse(t, "this_week").Resolve(at, monday)
				if got, isoErr := week.ISOWeek(); err != nil || isoErr != nil || got != want {
					t.Errorf("week of %s: %s, %v, %v; want %s", at, got, err, isoErr, want)
				}
				continue
			}
			word = strings.ReplaceAll(word, "+", " ")
			got, err := mustParse(t, word).Resolve(at, c)
			seconds := fmt.Sprintf("%d:%d", got.From.Unix(), got.Until.Unix())
			if errors.Is(err, ErrNothing) {
				a, b, _ := strings.Cut(want, ":")
				seconds = want
				if a != b {
					t.Errorf("%s at %s, %v: nothing, want %s", word, at, c, want)
				}
			} else if err != nil {
				t.Errorf("%s at %s, %v: %v", word, at, c, err)
			}
			if seconds != want {
				t.Errorf("%s at %s, %v: %s, want %s", word, at, c, seconds, want)
			}
		}
	}
}
