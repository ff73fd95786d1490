package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
)

func (p *program) showCommand() *cobra.Command {
	var vars variableFlags
	var extract string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "show PLANFILE | KEY",
		Short: "Show a saved plan, or what was delivered",
		Long: `Show prints a plan that "plan --out" has saved: what is to be delivered, to whom, and when it was made for which
configuration. It asks neither the state nor a server.

With --extract DIR it writes the plan's workbooks and mails to DIR/REPORT.DESTINATION@RANGE/, and over nothing.

Of a delivery's key, such as weekly-chats.leads@2026-11-09..2026-11-15, it shows what the state has recorded.`,
		Args: arguments(1, 1, "a plan file, or one key"),
		RunE: func(cmd *cobra.Command, args []string) error {
			info, err := os.Stat(p.path(args[0]))
			switch {
			case err == nil && info.IsDir():
				return fmt.Errorf("%s is a folder, and show takes a plan file or the key of a delivery\n\nTo see what is due there:\n    reportform plan %s", args[0], runner.ShellWord(args[0]))
			case err == nil:
				return p.showFile(cmd, args[0], extract, verbose)
			case !errors.Is(err, fs.ErrNotExist):
				return fmt.Errorf("read plan: %w", err)
			case !strings.Contains(args[0], "@"):
				return fmt.Errorf("there is no file %s, and it is no key of a delivery, such as weekly-chats.leads@2026-11-09..2026-11-15", args[0])
			case extract != "":
				return fmt.Errorf("--extract takes artifacts out of a plan file, and the state has none of %s", args[0])
			}
			d, err := p.delivery(cmd.Context(), args[0], vars)
			if err == nil {
				p.showDelivery(d)
			}
			return err
		},
	}
	vars.add(cmd)
	cmd.Flags().StringVar(&extract, "extract", "", "write the plan's workbooks and mails into this folder")
	cmd.Flags().BoolVar(&verbose, "verbose", false, "also list what was up to date")
	return cmd
}

// showFile shows a plan as it was when it was saved.
func (p *program) showFile(cmd *cobra.Command, name, extract string, verbose bool) error {
	saved, err := p.openPlan(name)
	if err != nil {
		return err
	}
	p.view.object("plan", jsonPlan(p.path(name), saved))
	p.lines("%s", planHeader(saved, p.Now()))
	plan := saved.Plan()
	for _, c := range plan.Changes {
		p.view.Observe(runner.PlannedChange{Change: c})
	}
	p.view.Observe(runner.PlanSummary{Counts: plan.Counts()})
	p.showPlan(plan, verbose)
	p.showOlder(plan, named{path: slices.DeleteFunc([]string{saved.Configuration}, func(path string) bool { return path == "." })})
	p.lines("%s", mails(plan))
	if !saved.Complete {
		p.lines("\nIt is incomplete, since something was blocked, and apply refuses it.\n")
	}
	if extract == "" {
		return nil
	}
	dir := p.path(extract)
	paths, err := saved.Extract(cmd.Context(), dir)
	p.lines("\n")
	for _, path := range paths {
		path = filepath.Join(dir, filepath.FromSlash(path))
		p.view.object("file", map[string]string{"path": path})
		p.lines("wrote %s\n", p.relative(path))
	}
	if err != nil {
		return fmt.Errorf("extract %s: %w", name, err)
	}
	return nil
}

// planHeader says when a plan was made, and of what.
func planHeader(s *runner.Saved, now time.Time) string {
	rows := [][]string{
		{"made", s.Created.UTC().Format("2006-01-02 15:04 MST") + ", " + runner.Age(now.Sub(s.Created)) + " ago"},
		{"of", s.Configuration + ", project " + s.Project},
		{"state", s.State},
	}
	if d := s.Created.Sub(s.At); d < -time.Minute || d > time.Minute {
		rows = append(rows, []string{"for", "the moment " + s.At.UTC().Format("2006-01-02 15:04 MST")})
	}
	for _, v := range s.Variables {
		rows = append(rows, []string{"var." + v.Name, v.Value})
	}
	return "Plan " + s.ID + "\n\n" + columns(rows) + "\n"
}

// mails says who gets which mail.
func mails(plan *runner.Plan) string {
	var rows [][]string
	for _, c := range plan.Changes {
		if c.Artifact != nil && c.Artifact.Envelope != nil {
			e := c.Artifact.Envelope
			rows = append(rows, []string{c.Key.String(), e.Subject, strings.Join(e.Recipients, ", ")})
		}
	}
	if len(rows) == 0 {
		return ""
	}
	return "\nMails:\n\n" + columns(rows)
}
