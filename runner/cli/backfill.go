package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec"
)

func (p *program) backfillCommand() *cobra.Command {
	var f planFlags
	var d deliverFlags
	var from, through, out string
	cmd := &cobra.Command{
		Use:   "backfill REPORT [PATH] --from DAY --through DAY",
		Short: "Deliver a report's past ranges that were never delivered",
		Long: `Backfill plans, asks and delivers as apply does, for each range of a report that lies wholly within the days from
--from through --through, as it would have been delivered then. What was delivered already is left alone.

REPORT is the name or address of a report, or a pattern of them: 'weekly-*'.`,
		Example: `  reportform backfill weekly --from 2026-10-05 --through 2026-11-01
  reportform backfill 'weekly["north"]' reports/ --from 2026-10-05 --through 2026-11-01 --auto-approve`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || from == "" || through == "" {
				return fmt.Errorf("backfill takes a report and two days\n\nFor example:\n    %s weekly --from 2026-10-05 --through 2026-11-01", cmd.CommandPath())
			}
			return arguments(1, 2, "a report, and one folder or file")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			// The first argument is the report, even where a folder here has its name.
			c, err := p.chooseNamed(cmd, named{path: args[1:], patterns: args[:1], only: true}, f)
			if err != nil {
				return err
			}
			reports := selected(c.Reports, c.selection)
			if !slices.ContainsFunc(reports, func(rep *spec.Report) bool { return rep.Window.Recurs() }) {
				return fmt.Errorf("%q has one range, %s, which is due once: there are no past ones\n\nTo deliver it:\n    %s",
					args[0], reports[0].Window.Text, commandLine("reportform apply", append(slices.Clone(args[1:]), "--target", args[0])...))
			}
			o := runner.PlanOptions{Selection: c.selection}
			if o.From, o.Through, err = days(from, through, c); err != nil {
				return err
			}
			if out != "" {
				_, err := p.planOnly(cmd, c, o, false, out)
				return err
			}
			return p.deliver(cmd, c, o, d)
		},
	}
	f.variableFlags.add(cmd)
	f.selectionFlags.add(cmd)
	d.add(cmd)
	refuseCache(cmd)
	cmd.Flags().StringVar(&from, "from", "", "the first `DAY`, such as 2026-10-05")
	cmd.Flags().StringVar(&through, "through", "", "the last `DAY`, such as 2026-11-01")
	cmd.Flags().StringVar(&out, "out", "", "deliver nothing, and save the plan into this file, for apply to deliver exactly that")
	return cmd
}

// days reads the days of a backfill, in the configuration's zone.
func days(from, through string, c chosen) (first, last time.Time, err error) {
	zone := c.Settings.Calendar.Location
	first, err1 := time.ParseInLocation(time.DateOnly, from, zone)
	last, err2 := time.ParseInLocation(time.DateOnly, through, zone)
	switch today := c.at.In(zone).Format(time.DateOnly); {
	case err1 != nil:
		return first, last, notADay("from", from)
	case err2 != nil:
		return first, last, notADay("through", through)
	case last.Before(first):
		return first, last, fmt.Errorf("--from %s comes after --through %s: the earlier day is written first", from, through)
	case through > today:
		return first, last, fmt.Errorf("--through %s lies in the future: nothing is known of it yet; today is %s", through, today)
	}
	return first, last, nil
}

func notADay(flag, text string) error {
	return fmt.Errorf("--%s %q is not a day: write it as 2026-11-22", flag, text)
}
