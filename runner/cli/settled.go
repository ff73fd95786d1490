package cli

import (
	"slices"

	"github.com/reportform/reportform/runner"
)

// showSettled says of splits whose parts are delivered that nobody has looked for a part that came since, and how that is
// asked for: rows that arrive late may have one.
func (p *program) showSettled(plan *runner.Plan, n named) {
	if len(plan.Settled) == 0 {
		return
	}
	which := ""
	if len(plan.Settled) > 1 {
		which = ", here of the first split"
	}
	p.lines("\nThe parts of a split are those that its range had when it was first asked for; rows that came later are not looked at.\n"+
		"To deliver a part that they have made%s:\n    %s\n", which,
		commandLine(p.calling(p.Dir)+" apply", append(slices.Clone(n.path), "--again", plan.Settled[0].Address+`["VALUE"]`)...))
}
