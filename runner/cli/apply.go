package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
)

func (p *program) applyCommand() *cobra.Command {
	var f planFlags
	var d deliverFlags
	var maxAge string
	cmd := &cobra.Command{
		Use:   "apply [PATH] [REPORT]... | PLANFILE",
		Short: "Deliver what is due, once for each range",
		Long: `Apply plans, asks, and delivers: files first, then mails. What was delivered is remembered in the state and
not delivered again; what failed is tried by the next apply.

Without a terminal to ask on it needs --auto-approve. Where nothing is due it asks nothing.

A plan that "plan --out FILE" has saved is delivered as it is, without a question: those very workbooks and mails. Run
again after a failure, it delivers what is left of it.` + aboutNames + `

Exit codes: 0 where everything due was delivered or skipped, or nothing was due; 1 where anything failed, was blocked or refused,
or is in doubt.`,
		Example: `  reportform apply
  reportform apply --auto-approve reports/ --tag weekly
  reportform apply --again weekly.leads
  reportform apply monday.plan`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if slices.ContainsFunc(args, func(arg string) bool { return isPlanFile(p.path(arg)) }) {
				return p.applyFile(cmd, args, maxAge, d)
			}
			if cmd.Flags().Changed("max-age") {
				return errors.New("--max-age is the age of a saved plan, and there is none to apply: name its file")
			}
			c, err := p.choose(cmd, args, f)
			if err != nil {
				return err
			}
			return p.deliver(cmd, c, runner.PlanOptions{Selection: c.selection, Again: f.again}, d)
		},
	}
	f.add(cmd)
	d.add(cmd)
	refuseCache(cmd)
	cmd.Flags().StringVar(&maxAge, "max-age", "24h", "how old a saved plan may be, such as 36h or 7d")
	return cmd
}

// deliverFlags are those of a command that delivers.
type deliverFlags struct {
	approved, ephemeral bool
	budget              time.Duration
}

func (d *deliverFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&d.approved, "auto-approve", false, "deliver without asking")
	cmd.Flags().BoolVar(&d.ephemeral, "ephemeral-state", false, "send mail from a pipeline though its state is a folder: it outlives the job, or the mail may come twice")
	cmd.Flags().DurationVar(&d.budget, "budget", 3*time.Minute, "how long to wait in all, for what another run holds and before what a mail server refused for the moment is tried again; 0 waits for nothing")
}

// deliver plans, shows the plan, asks, and delivers. Without a question it takes what is due before it fetches it, so that
// many runs share the work; what another run has left undone is planned and delivered then.
func (p *program) deliver(cmd *cobra.Command, c chosen, o runner.PlanOptions, d deliverFlags) error {
	o.Claim = d.approved && (d.ephemeral || !p.losesState(c.State.Location))
	r, plan, failed := p.plan(cmd, c, o)
	if plan == nil {
		return failed
	}
	defer plan.Release(cmd.Context())
	p.showPlan(plan, false)
	p.showChanged(plan, c.named)
	p.showSettled(plan, c.named)
	p.showOlder(plan, c.named)
	if !d.ephemeral {
		if err := p.keepsState(cmd, c.configuration, plan); err != nil {
			return err
		}
	}
	if due(plan.Counts()) > 0 {
		if !d.approved {
			if err := p.ask(cmd); err != nil {
				return err
			}
		}
		p.lines("\n") // between what was planned and what is done
	}
	sum := &summing{Observer: r.Observer}
	r.Observer = sum
	for start := p.Now(); ; {
		r.Budget = max(0, d.budget-p.Now().Sub(start))
		result, problems, err := r.Apply(cmd.Context(), plan)
		failed = cmp.Or(failed, p.shown(problems, c.Files))
		if err != nil {
			return err
		}
		if result.Left == 0 || !d.approved || r.Budget == 0 {
			break
		}
		sum.result.Left -= result.Left
		o.Selection = left(plan)
		if plan, problems, err = r.Plan(cmd.Context(), o); err != nil {
			return err
		}
		failed = cmp.Or(failed, p.shown(problems, c.Files))
	}
	p.view.Observe(runner.ApplySummary{Result: sum.result})
	if failed == nil && !sum.result.OK() {
		failed = errShown
	}
	return failed
}

// summing adds up the summaries of several applies, which are one to the user.
type summing struct {
	runner.Observer
	result runner.Result
}

func (s *summing) Observe(e runner.Event) {
	if a, ok := e.(runner.ApplySummary); ok {
		s.result = s.result.Add(a.Result)
		return
	}
	s.Observer.Observe(e)
}

// left are the deliveries of a plan that another run had in its hands, and has given back undone.
func left(plan *runner.Plan) runner.Selection {
	var s runner.Selection
	for _, c := range plan.Changes {
		if c.Left {
			s.Targets = append(s.Targets, c.Key.Address)
		}
	}
	return s
}

// ask lets a person decide; anything but yes is no.
func (p *program) ask(cmd *cobra.Command) error {
	if !p.Terminal || p.flags.json {
		return fmt.Errorf("there is no terminal to ask on\n\nTo deliver without asking:\n    %s",
			commandLine(cmd.CommandPath()+" --auto-approve", given(cmd)...))
	}
	p.lines("\nDeliver these reports? Only 'yes' is accepted: ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(p.Stdin).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-cmd.Context().Done():
		p.lines("\n")
		return errors.New("not delivered: interrupted at the question")
	case a := <-answer:
		if a != "yes" {
			return errors.New("not delivered, since the answer was not 'yes'")
		}
		return nil
	}
}
