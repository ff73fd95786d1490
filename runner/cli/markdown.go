package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/review"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// reviewFlags are those of a command whose result is for whoever reviews a change.
type reviewFlags struct{ markdown, base, quality string }

// aboutReview is the part of plan's help that says what a review is shown.
const aboutReview = `

For pull requests, --markdown FILE writes a summary fit for a comment or a job's summary. With --base REF it also says what
has changed since that revision of git, which is read without touching the work tree: reports added, removed, renamed or
changed, who gets what that they did not get before, with domains that are new, the next ranges of what has changed, and,
where there are recordings, the figures that come out otherwise.`

func (f *reviewFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.markdown, "markdown", "", "also write a summary in Markdown into this `FILE`, for a comment on a pull request or a job's summary")
	cmd.Flags().StringVar(&f.base, "base", "", "say in the summary what has changed since this `REVISION` of git, such as origin/main")
	f.addQuality(cmd)
}

// addQuality adds the flag of every command that checks a configuration.
func (f *reviewFlags) addQuality(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.quality, "code-quality", "", "also write what is wrong into this `FILE`, as GitLab's code quality reports have it")
}

// check refuses flags that say nothing together, and files that are not there to be written.
func (f *reviewFlags) check(p *program, cmd *cobra.Command) error {
	if f.base != "" && f.markdown == "" {
		return errors.New("--base says what has changed in the summary for a review, and none is written\nAdd the file to write it into, such as --markdown summary.md")
	}
	if f.markdown != "" {
		if err := p.apart(cmd, "markdown", ".md"); err != nil {
			return err
		}
	}
	return p.apart(cmd, "code-quality", ".json")
}

// collector is a view that keeps what a review is shown.
type collector struct {
	view
	mu       sync.Mutex
	problems diag.List
	changes  []*runner.Change
	counts   *runner.Counts
}

// Observe implements runner.Observer.
func (c *collector) Observe(e runner.Event) {
	c.mu.Lock()
	switch e := e.(type) {
	case runner.PlannedChange:
		c.changes = append(c.changes, e.Change)
	case runner.PlanSummary:
		c.counts = &e.Counts
	}
	c.mu.Unlock()
	c.view.Observe(e)
}

func (c *collector) diagnostics(l diag.List, files diag.Files) {
	c.mu.Lock()
	c.problems = append(c.problems, l...)
	c.mu.Unlock()
	c.view.diagnostics(l, files)
}

// reviewed runs a command, and writes what a review is shown whatever becomes of it. The command returns what it was
// about, as far as it came.
func (p *program) reviewed(cmd *cobra.Command, f reviewFlags, v variableFlags, run func() (chosen, error)) error {
	if err := f.check(p, cmd); err != nil {
		return err
	}
	seen := &collector{view: p.view}
	p.view = seen
	c, err := run()
	p.view = seen.view
	if f.quality != "" {
		if fault := p.writeQuality(p.path(f.quality), seen.problems); fault != nil {
			return errors.Join(err, fault)
		}
	}
	if f.markdown == "" {
		return err
	}
	s := p.summary(cmd, seen, err)
	if c.base != nil {
		if fault := p.since(cmd.Context(), &s, c, v); fault != nil {
			err, s.Failure = errors.Join(err, fault), fault.Error()
		}
	}
	return errors.Join(err, p.writeMarkdown(p.path(f.markdown), s.Markdown()))
}

// writeMarkdown writes a summary. That of a job on GitHub goes on where another command has begun it.
func (p *program) writeMarkdown(path, text string) error {
	flag := os.O_TRUNC
	if job, _ := p.Env("GITHUB_STEP_SUMMARY"); job == path {
		flag = os.O_APPEND
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|flag, 0o644)
	if err == nil {
		_, err = file.Write(p.redact.hide([]byte(text)))
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("write --markdown: %w", err)
	}
	return nil
}

// summary says what the command itself came to.
func (p *program) summary(cmd *cobra.Command, seen *collector, err error) review.Summary {
	s := review.Summary{Title: cmd.Name(), Commit: p.commit(), Problems: seen.problems}
	if offline, _ := cmd.Flags().GetBool("offline"); offline {
		s.Title += " --offline"
	}
	if err != nil && !errors.Is(err, errShown) && !errors.Is(err, errDue) {
		s.Failure = err.Error()
	}
	if seen.counts == nil {
		return s
	}
	s.Sum = planSummary(*seen.counts)
	for _, c := range seen.changes {
		if c.Action == runner.UpToDate {
			continue
		}
		line := review.Delivery{Mark: symbols[c.Action].mark, Key: key(c), Verb: symbols[c.Action].verb}
		if said := planned(c); len(said) == 1 {
			line.Detail = said[0]
		} else {
			line.Target, line.Detail = said[0], said[1]
		}
		s.Plan = append(s.Plan, line)
	}
	return s
}

// since adds what has changed since the base.
func (p *program) since(ctx context.Context, s *review.Summary, c chosen, v variableFlags) error {
	was, err := p.before(c, v)
	if err != nil {
		return err
	}
	s.Base, s.BaseCommit = c.base.name, c.base.commit
	if was == nil {
		s.Absent = true
		was = &configuration{Config: &spec.Config{Settings: c.Settings, State: c.State}, folder: c.folder}
	}
	if was.warnings.HasErrors() {
		for _, d := range was.warnings {
			if d.Severity == diag.Error {
				s.Broken = fmt.Sprintf("%s: %s: %s", d.Subject, d.Summary, d.Detail)
				return nil
			}
		}
	}
	before, err := p.version(was, c)
	if err != nil {
		return err
	}
	before.File = c.base.ReadFile
	after, err := p.version(c.configuration, c)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(c.folder)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	defer root.Close()
	after.File = root.ReadFile
	s.Review = review.Compare(before, after)
	if s.Ahead, err = forthcoming(s.Review, c); err != nil {
		return err
	}
	return p.figuresSince(ctx, s.Review, was, c)
}

// version is a configuration with what a comparison asks of it.
func (p *program) version(which *configuration, c chosen) (review.Version, error) {
	r, err := p.runner(which, nil, c.at)
	if err != nil {
		return review.Version{}, err
	}
	return review.Version{Config: which.Config, Audience: r.Audience}, nil
}

// forthcoming are the next ranges of what is new or has changed.
func forthcoming(r *review.Review, c chosen) ([]review.Ahead, error) {
	const next = 2
	var out []review.Ahead
	for _, one := range r.Reports {
		if one.After == nil || one.After.Disabled || one.Kind == review.Renamed && len(one.Parts) == 0 {
			continue
		}
		list, err := ahead(one.After, c.at, next)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.Address, err)
		}
		for _, u := range list {
			notes := u.ClockNotes()
			if note := u.Note(); note != "" {
				notes = append([]string{note}, notes...)
			}
			out = append(out, review.Ahead{
				Report: one.Address, Range: u.Key(), Label: u.Label("en") + ", " + count(u.Days(), "day"),
				Due: dueFrom(u, one.After.NotBefore).Format("Mon 2006-01-02 15:04 MST"), Notes: strings.Join(notes, "; "),
			})
		}
	}
	return out, nil
}
