package cli

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec/diag"
)

// textView writes for people: what is planned and done to standard output, what is wrong and progress to standard error.
type textView struct {
	p        *program
	mu       sync.Mutex
	progress *progress
	paint    bool
	// annotator counts what GitHub was told of.
	annotator annotator
}

func newTextView(p *program) *textView {
	_, no := p.Env("NO_COLOR")
	return &textView{
		p: p, paint: p.Terminal && !no && !p.flags.noColor, progress: newProgress(p.Stderr, p.Progress, p.Now),
		annotator: annotator{place: func(l diag.List) diag.List { return p.checkedOut(l, "GITHUB_WORKSPACE") }},
	}
}

func (v *textView) start(string)       {}
func (v *textView) object(string, any) {}
func (v *textView) close()             { v.progress.clear() }

func (v *textView) diagnostics(l diag.List, files diag.Files) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.progress.clear()
	if len(l) == 0 {
		return
	}
	// In one piece: a secret that is cut in two by a buffer would not be recognised.
	var text, annotations bytes.Buffer
	if v.p.flags.compact {
		_ = diag.Compact(&text, l)
	} else {
		_ = diag.Text(&text, l, files, diag.TextOptions{Color: v.paint, Rule: v.paint})
	}
	if v.p.onGitHub() {
		v.annotator.write(&annotations, l)
	}
	_, _ = v.p.Stderr.Write(text.Bytes())
	_, _ = v.p.Stdout.Write(annotations.Bytes())
}

// say prints a line beside the progress.
func (v *textView) say(format string, a ...any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.progress.line(format, a...)
}

func (v *textView) failure(err error) {
	v.diagnostics(diag.List{failure(err)}, nil)
}

// failure is an error of our surroundings as a diagnostic without a place.
func failure(err error) diag.Diagnostic {
	summary, detail, _ := strings.Cut(err.Error(), "\n")
	return diag.Diagnostic{Code: "failed", Summary: runner.Capital(summary), Detail: strings.TrimLeft(detail, "\n")}
}

func (v *textView) color(a color.Attribute, s string) styled {
	s = diag.Printable(s)
	if !v.paint {
		return styled(s)
	}
	c := color.New(a)
	c.EnableColor()
	return styled(c.Sprint(s))
}

// Observe shows an event.
func (v *textView) Observe(e runner.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := e.(type) {
	case runner.RequestComplete:
		v.progress.fetched(e)
	case runner.RequestErrored:
		v.progress.line("%s > %s: %s; asking again in %s\n", e.Report, e.Dataset, e.Err, e.Wait.Round(1e7))
	case runner.DeliverWait:
		v.progress.line("%s: another run is at it; waiting for it, until %s at the latest\n", e.Key, e.Until.UTC().Format("15:04:05 MST"))
	case runner.RetryWait:
		v.progress.line("%d did not get through; trying again in %s\n", e.Deliveries, e.Wait)
	case runner.OwnersTold:
		v.progress.clear()
		v.p.lines("%s %s: told its owners, %s\n", v.color(color.FgYellow, "!"), e.Report, e.Where)
	case runner.DeliverStart:
		v.progress.clear()
	case runner.DeliverComplete:
		v.progress.clear()
		verb := "sent to"
		if e.Change.Destination.File != nil {
			verb = "written to"
			if e.Unchanged {
				verb = "stands already at"
			}
		} else if e.Change.Destination.Email.Via.Outbox != nil {
			verb = "written to"
		}
		v.p.lines("%s %s: %s %s\n", v.color(color.FgGreen, "✓"), e.Change.Key, verb, v.where(e))
	case runner.DeliverErrored:
		v.progress.clear()
		verb := "failed"
		if e.InDoubt {
			verb = "in doubt"
		}
		v.p.lines("%s %s: %s\n", v.color(color.FgRed, "✗"), e.Change.Key, verb)
	case runner.ApplySummary:
		if e.Result == (runner.Result{}) {
			return // the plan has said that nothing is due
		}
		v.p.lines("\n%s\n", v.color(color.Bold, applySummary(e.Result)))
	}
}

// where names a delivered file from the working directory, where a user would look for it.
func (v *textView) where(e runner.DeliverComplete) string {
	if e.Path != "" {
		return v.p.relative(e.Path)
	}
	return e.Where
}

func applySummary(r runner.Result) string {
	var parts []string
	for _, n := range []struct {
		n    int
		what string
	}{
		{r.Written, "written"}, {r.Unchanged, "there already"}, {r.Sent, "sent"}, {r.Skipped, "skipped"}, {r.Elsewhere, "delivered by another run"},
		{r.Refused, "not to everybody"}, {r.Held, "held by another run"}, {r.Left, "left undone by another run"},
		{r.Failed, "failed"}, {r.InDoubt, "in doubt"}, {r.Blocked, "blocked"},
	} {
		if n.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.n, n.what))
		}
	}
	word := "complete"
	if !r.OK() {
		word = "incomplete"
	}
	return "Apply " + word + ": " + strings.Join(parts, ", ") + "."
}

// columns lays rows out in columns by display width, each row indented by two spaces. A row's last cell may be as long
// as it likes: it moves nothing in other rows.
func columns(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i := range row {
			row[i] = diag.Printable(row[i]) // now, since an escape is wider than what it stands for
		}
		for i, cell := range row[:max(0, len(row)-1)] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], runewidth.StringWidth(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if i == len(row)-1 {
				line.WriteString(cell)
				break
			}
			line.WriteString(runewidth.FillRight(cell, widths[i]) + "   ")
		}
		b.WriteString("  " + strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
