package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
)

func (p *program) applyCommand() *cobra.Command {
	var vars variableFlags
	var at string
	var approved, ephemeral bool
	cmd := &cobra.Command{
		Use:   "apply [PATH]",
		Short: "Deliver what is due, once for each range",
		Long: `Apply plans, asks, and delivers: files first, then mails. What was delivered is remembered in the state and
not delivered again; what failed is tried by the next apply.

Without a terminal to ask on it needs --auto-approve. Where nothing is due it asks nothing.`,
		Args: arguments(0, 1, "one folder or file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, plan, err := p.plan(cmd, args, vars, at, runner.PlanOptions{})
			if plan == nil {
				return err
			}
			p.showPlan(plan, false)
			blocked := err
			if !ephemeral {
				if err := p.keepsState(r.Config.State.Location, plan); err != nil {
					return err
				}
			}
			n := plan.Counts()
			if n.Write+n.Send > 0 && !approved {
				if err := p.ask(cmd.Context(), args); err != nil {
					return err
				}
			}
			result, problems, err := r.Apply(cmd.Context(), plan)
			shown := p.shown(problems, r.Config.Files)
			switch {
			case err != nil:
				return err
			case shown != nil, blocked != nil, !result.OK():
				return errShown
			}
			return nil
		},
	}
	vars.add(cmd)
	atFlag(cmd, &at)
	cmd.Flags().BoolVar(&approved, "auto-approve", false, "deliver without asking")
	cmd.Flags().BoolVar(&ephemeral, "ephemeral-state", false, "send mail from a pipeline though its state is a folder: it outlives the job, or the mail may come twice")
	return cmd
}

// ask lets a person decide; anything but yes is no.
func (p *program) ask(ctx context.Context, args []string) error {
	if !p.Terminal || p.flags.json {
		return fmt.Errorf("there is no terminal to ask on\n\nTo deliver without asking:\n    %s",
			strings.Join(append([]string{"reportform apply --auto-approve"}, args...), " "))
	}
	p.lines("\nDeliver these reports? Only 'yes' is accepted: ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(p.Stdin).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		p.lines("\n")
		return errors.New("not delivered: interrupted at the question")
	case a := <-answer:
		if a != "yes" {
			return errors.New("not delivered, since the answer was not 'yes'")
		}
		p.lines("\n")
		return nil
	}
}
