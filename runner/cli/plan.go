package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

func (p *program) planCommand() *cobra.Command {
	var f planFlags
	var forReview reviewFlags
	var o planOutput
	cmd := &cobra.Command{
		Use:   "plan [PATH] [REPORT]...",
		Short: "Show what is due and what it will be, and deliver nothing",
		Long: `Plan works out the ranges, asks the state what was delivered, fetches the rows of what is due, and builds
workbooks and mails from them. It delivers nothing.

With --offline it needs no secret, no network and no state: for pull requests from anybody. With --next it prints each
report's next ranges instead, with gaps, overlaps and clock changes, and needs none of them either.

With --out FILE the plan is saved with its workbooks and mails, for "reportform apply FILE" to deliver just those. The
file holds no secrets, but figures and recipients: it is its owner's alone (mode 0600), to be kept as the reports are.` + aboutReview + aboutCache + aboutNames + `

Exit codes: 0, or 1 where anything is wrong, blocked or in doubt. With --detailed-exitcode it is 2 where something is due
and nothing is wrong, and 0 where nothing is due.`,
		Example: `  reportform plan
  reportform plan reports/ 'weekly-*' daily
  reportform plan --target 'weekly["north"].leads' --again 'weekly["north"].leads'
  reportform plan --out monday.plan
  reportform plan --next 8
  reportform plan --offline --base origin/main --markdown summary.md`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reviewed(cmd, forReview, f.variableFlags, func() (chosen, error) {
				c, err := p.choose(cmd, args, f)
				if err == nil && forReview.base != "" {
					// What a plan is compared with is found before anybody is asked for the plan.
					c.base, err = openRevision(cmd.Context(), c.folder, p.relative(c.folder), forReview.base)
				}
				if err == nil {
					err = p.planChosen(cmd, c, f.again, o)
				}
				return c, err
			})
		},
	}
	f.add(cmd)
	forReview.add(cmd)
	o.cache.add(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "save the plan into this file, for apply to deliver exactly that")
	cmd.Flags().BoolVar(&o.offline, "offline", false, "plan without secrets, network and state")
	cmd.Flags().BoolVar(&o.verbose, "verbose", false, "also list what is up to date")
	cmd.Flags().BoolVar(&o.detailed, "detailed-exitcode", false, "exit with 2 where something is due and nothing is wrong")
	cmd.Flags().IntVar(&o.next, "next", 0, "print `N` ranges of each report from the next one on, and plan nothing")
	return cmd
}

// planOutput says what plan makes of its plan.
type planOutput struct {
	cache                      cacheFlags
	out                        string
	offline, verbose, detailed bool
	// next is how many ranges are printed instead of a plan.
	next int
}

// planChosen plans what was chosen, or prints the ranges to come.
func (p *program) planChosen(cmd *cobra.Command, c chosen, again []string, o planOutput) error {
	if cmd.Flags().Changed("next") {
		if o.next < 1 {
			return fmt.Errorf("--next %d is not a number of ranges: write 1 or more", o.next)
		}
		return p.showSchedules(selected(c.Reports, c.selection), c.at, o.next)
	}
	if o.cache.dir != "" && o.out != "" {
		return errors.New("--cache and --out exclude each other\nWhat is delivered is what the API says when the plan is made, and not what it said some time ago. Leave out --cache")
	}
	if err := p.openCache(cmd, o.cache); err != nil {
		return err
	}
	plan, err := p.planOnly(cmd, c, runner.PlanOptions{Offline: o.offline, Selection: c.selection, Again: again}, o.verbose, o.out)
	if err == nil && o.detailed && due(plan.Counts()) > 0 {
		return errDue
	}
	return err
}

// planFlags are those of a command that plans.
type planFlags struct {
	variableFlags
	selectionFlags
	at    string
	again []string
}

func (f *planFlags) add(cmd *cobra.Command) {
	f.variableFlags.add(cmd)
	f.selectionFlags.add(cmd)
	atFlag(cmd, &f.at)
	cmd.Flags().StringArrayVar(&f.again, "again", nil, "deliver once more what this `ADDRESS` or pattern names, though it was delivered; may be repeated")
}

// chosen is a configuration, and what of it a command is about.
type chosen struct {
	*configuration
	named     named
	selection runner.Selection
	// at is the run's moment.
	at time.Time
	// base is what a review compares the configuration with; nil where it compares nothing.
	base *revision
}

// choose loads what the arguments and flags name.
func (p *program) choose(cmd *cobra.Command, args []string, f planFlags) (chosen, error) {
	n, err := p.named(cmd, args)
	if err != nil {
		return chosen{}, err
	}
	return p.chooseNamed(cmd, n, f)
}

func (p *program) chooseNamed(cmd *cobra.Command, n named, f planFlags) (c chosen, err error) {
	c.named = n
	if c.configuration, err = p.load(c.named.path, f.variableFlags); err != nil {
		return c, err
	}
	if c.selection, err = f.selection(cmd, c.configuration, c.named); err != nil {
		return c, err
	}
	for _, address := range f.again {
		if err := checkAddress(cmd, "again", address, selected(c.Reports, c.selection)); err != nil {
			return c, err
		}
	}
	c.at, err = p.moment(c.configuration, f.at)
	return c, err
}

// plan plans and shows the diagnostics; errShown where deliveries are blocked or in doubt.
func (p *program) plan(cmd *cobra.Command, c chosen, o runner.PlanOptions) (*runner.Runner, *runner.Plan, error) {
	var store state.Store
	var err error
	if !o.Offline {
		if store, err = p.store(cmd.Context(), c.configuration); err != nil {
			return nil, nil, err
		}
	}
	r, err := p.runner(c.configuration, store, c.at)
	if err != nil {
		return nil, nil, err
	}
	plan, problems, err := r.Plan(cmd.Context(), o)
	if err != nil {
		return nil, nil, err
	}
	problems = append(problems, c.warnings...)
	err = p.shown(problems, c.Files)
	if n := plan.Counts(); err == nil && n.InDoubt+n.Blocked > 0 {
		err = errShown
	}
	return r, plan, err
}

func atFlag(cmd *cobra.Command, at *string) {
	cmd.Flags().StringVar(at, "at", "", "the run's moment instead of now: 2026-11-22, 2026-11-22T10:00 (in settings.timezone), or with an offset")
}

// moment is the run's moment.
func (p *program) moment(c *configuration, at string) (time.Time, error) {
	if at == "" {
		return p.Now(), nil
	}
	return parseMoment(at, c.Settings.Calendar.Location)
}

// parseMoment reads --at; a moment without offset is meant in zone.
func parseMoment(at string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, at); err == nil {
			return t, nil
		}
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, at, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--at %q is not a moment: write 2026-11-22, 2026-11-22T10:00 or 2026-11-22T10:00:00+01:00", at)
}

// symbols mark a plan's lines, each with its colour.
var symbols = map[runner.Action]struct {
	mark, verb string
	color      color.Attribute
}{
	runner.Write:    {"+", "write", color.FgGreen},
	runner.Send:     {"+", "send", color.FgGreen},
	runner.Again:    {"±", "again", color.FgGreen},
	runner.Changed:  {"~", "changed", color.FgYellow},
	runner.Doubt:    {"?", "in doubt", color.FgRed},
	runner.Blocked:  {"!", "blocked", color.FgRed},
	runner.Skip:     {"-", "skip", color.FgYellow},
	runner.Wait:     {"…", "wait", color.FgCyan},
	runner.UpToDate: {"=", "done", color.Faint},
}

// showPlan prints a plan for people.
func (p *program) showPlan(plan *runner.Plan, verbose bool) {
	v := p.text
	v.progress.clear()
	var rows [][]string
	for _, c := range plan.Changes {
		if c.Action == runner.UpToDate && !verbose {
			continue
		}
		s := symbols[c.Action]
		rows = append(rows, append([]string{s.mark + " " + key(c), s.verb}, planned(c)...))
	}
	if len(rows) > 0 {
		if due(plan.Counts()) > 0 {
			p.lines("Reports will be delivered as follows:\n\n")
		}
		p.lines("%s\n", v.paintMarks(fitted(rows, p.Width)))
		if text := ranges(plan); text != "" {
			p.lines("%s\n", text)
		}
	}
	p.lines("%s\n", v.color(color.Bold, planSummary(plan.Counts())))
}

// showChanged says how what has changed since its delivery is delivered all the same, to those who have it in its old form.
func (p *program) showChanged(plan *runner.Plan, n named) {
	var changed []string
	for _, c := range plan.Changes {
		if c.Action == runner.Changed && !slices.Contains(changed, c.Key.Address) {
			changed = append(changed, c.Key.Address)
		}
	}
	if len(changed) == 0 {
		return
	}
	which := ""
	if len(changed) > 1 {
		which = ", such as the first"
	}
	p.lines("\nTo deliver now what has changed%s:\n    %s\n", which,
		commandLine(p.calling(p.Dir)+" apply", append(slices.Clone(n.path), "--again", changed[0])...))
}

// fitted lays rows out in columns. Where a terminal is too narrow for them, what stands beside a name goes beneath it: a
// terminal would break the lines anywhere, and thirty of them could not be told apart.
func fitted(rows [][]string, width int) string {
	text := columns(rows)
	fits := func(line string) bool { return width == 0 || runewidth.StringWidth(line) <= width }
	if !slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return !fits(line) }) {
		return text
	}
	var beside [][]string
	for _, row := range rows {
		beside = append(beside, row[1:])
	}
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(columns(beside), "\n"), "\n") {
		b.WriteString("  " + rows[i][0] + "\n")
		if line = "    " + line; fits(line) {
			b.WriteString(line + "\n")
			continue
		}
		last := len(rows[i]) - 1
		b.WriteString("      " + strings.Join(rows[i][1:last], "   ") + "\n" + folded("        ", rows[i][last], width))
	}
	return b.String()
}

func key(c *runner.Change) string {
	if c.Key.Range == "" {
		return c.Key.Address
	}
	return c.Key.String()
}

// planned says what becomes of a delivery.
func planned(c *runner.Change) []string {
	if !c.Due() {
		return []string{c.Reason}
	}
	detail := c.Detail
	if c.Rehearsal {
		detail += " (rehearsal)"
	}
	if c.Reason != "" {
		detail += ", " + c.Reason
	}
	return []string{c.Target, detail}
}

// paintMarks colours the first character of each line.
func (v *textView) paintMarks(s string) styled {
	s = diag.Printable(s)
	if !v.paint {
		return styled(s)
	}
	lines := strings.SplitAfter(s, "\n")
	for i, line := range lines {
		for _, m := range symbols {
			if strings.HasPrefix(line, "  "+m.mark+" ") {
				lines[i] = "  " + string(v.color(m.color, m.mark)) + strings.TrimPrefix(line, "  "+m.mark)
			}
		}
	}
	return styled(strings.Join(lines, ""))
}

// ranges says what each range of a plan is, and whether clocks change in it.
func ranges(plan *runner.Plan) string {
	var rows [][]string
	for _, c := range plan.Changes {
		if c.Range.From.IsZero() || c.Action == runner.UpToDate {
			continue
		}
		row := []string{c.Report.Name, span(c.Range), c.Range.From.Location().String(), strings.Join(c.Range.ClockNotes(), "; ")}
		if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, row) }) {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return ""
	}
	return "Ranges:\n\n" + columns(rows)
}

// span says from when to when a range is: by its days where it begins and ends with one, else by its moments.
func span(r calendar.Range) string {
	const day, moment = "Mon 2006-01-02", "Mon 2006-01-02 15:04"
	from, last := r.From.Format(day), r.Through().Format(day)
	switch {
	case !wholeDays(r):
		return fmt.Sprintf("%s until %s", r.From.Format(moment), r.Until.Format(moment))
	case from == last:
		return from
	}
	return fmt.Sprintf("%s – %s, %s", from, last, count(r.Days(), "day"))
}

// wholeDays reports whether a range begins and ends with a day, which may be at 01:00 where clocks go forward at midnight.
func wholeDays(r calendar.Range) bool {
	begins := func(t time.Time) bool { return t.Add(-time.Nanosecond).Day() != t.Day() }
	return begins(r.From) && begins(r.Until)
}

// due counts the deliveries that apply would make.
func due(n runner.Counts) int { return n.Write + n.Send + n.Again }

func planSummary(n runner.Counts) string {
	var parts []string
	for _, c := range []struct {
		n    int
		what string
	}{
		{n.Write, "to write"}, {n.Send, "to send"}, {n.Again, "again"}, {n.Changed, "changed since delivery"}, {n.InDoubt, "in doubt"},
		{n.Blocked, "blocked"}, {n.Skip, "skipped"}, {n.Wait, "waiting"}, {n.UpToDate, "up to date"},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	if due(n)+n.Blocked+n.InDoubt == 0 {
		if len(parts) == 0 {
			return "Nothing is due: the configuration has no reports."
		}
		return "Nothing is due: " + strings.Join(parts, ", ") + "."
	}
	return "Plan: " + strings.Join(parts, ", ") + "."
}
