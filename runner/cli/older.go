package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/runner"
)

// olderObject is a delivery of an earlier range that is not settled, as JSON has it.
type olderObject struct {
	Key     string    `json:"key"`
	Report  string    `json:"report"`
	InDoubt bool      `json:"in_doubt"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Zone    string    `json:"timezone"`
}

// showOlder names the deliveries of earlier ranges that were never made or are in doubt, with the commands that serve them.
func (p *program) showOlder(plan *runner.Plan, n named) {
	if len(plan.Older) == 0 {
		return
	}
	here, state := p.calling(p.Dir), p.calling(p.folder(n))
	var rows [][]string
	var commands []string
	for _, o := range plan.Older {
		p.view.object("older", olderObject{o.Key.String(), o.Report.Address, o.InDoubt, o.Range.From, o.Range.Until, o.Range.From.Location().String()})
		mark, what := "+", "never delivered"
		if o.InDoubt {
			mark, what = symbols[runner.Doubt].mark, symbols[runner.Doubt].verb
		}
		rows = append(rows, []string{mark + " " + o.Key.String(), what, o.Range.Label("en")})
		for _, line := range serving(plan.Older, o, n, here, state) {
			if !slices.Contains(commands, line) {
				commands = append(commands, line)
			}
		}
	}
	p.lines("\nEarlier ranges:\n\n%s\n", p.text.paintMarks(fitted(rows, p.Width)))
	p.lines("To serve them:\n    %s\n", strings.Join(commands, "\n    "))
}

// serving are the commands of which one serves an older delivery, or all of its report's that were never made.
func serving(all []runner.Older, o runner.Older, n named, here, state string) []string {
	if o.InDoubt {
		return runner.Resolving(state, o.Key.String())
	}
	from, through := o.Range.From, o.Range.Through()
	for _, other := range all {
		if other.Report != o.Report || other.InDoubt {
			continue
		}
		if other.Range.From.Before(from) {
			from = other.Range.From
		}
		if last := other.Range.Through(); last.After(through) {
			through = last
		}
	}
	args := append([]string{o.Report.Address}, n.path...)
	return []string{commandLine(here+" backfill", append(args, "--from", from.Format(time.DateOnly), "--through", through.Format(time.DateOnly))...)}
}
