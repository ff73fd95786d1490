package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

func (p *program) stateImport() *cobra.Command {
	var vars variableFlags
	reason := "sent by hand"
	cmd := &cobra.Command{
		Use:   "import KEY",
		Short: "Say that a delivery was made by hand",
		Long: `Import adds a record that the delivery was made, so that no apply makes it: this was sent by hand.
The key is that of a destination of the configuration and of a range, as a plan shows it.`,
		Example: "  reportform state import weekly-chats.leads@2026-11-09..2026-11-15 --reason 'sent from my own mailbox'",
		Args:    arguments(1, 1, "one key, as a plan shows it: weekly-chats.leads@2026-11-09..2026-11-15"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			c, store, err := p.openState(ctx, vars)
			if err != nil {
				return err
			}
			k, err := state.ParseKey(c.Settings.Project, args[0])
			if err != nil {
				return err
			}
			address, rehearsal, err := checkImported(c.Config, k)
			if err != nil {
				return err
			}
			k.Address = address
			k, records, err := find(ctx, c, store, k)
			if err != nil {
				return err
			}
			s := state.Fold(records, false)
			switch {
			case s.Held(p.Now(), ""): // decide refuses it
			case s.Kind == state.Delivered:
				return fmt.Errorf("%s was delivered on %s, and stays so\n\nTo see its records:\n    %s", k, s.Record.At.UTC().Format(stamp), p.showing(k))
			case s.Kind == state.InDoubt:
				return fmt.Errorf("%s is in doubt: a run has handed it over, and nobody knows whether it arrived\n\nWhere it has arrived:\n    %s", k, runner.Resolving(p.calling(p.Dir), k.String())[0])
			}
			if err := p.beginState(ctx, store); err != nil {
				return err
			}
			r := arrived(s, state.Reply{Temporary: true}, state.Reply{})
			r.Reason = reason
			if err := p.decide(ctx, delivery{store, k, records}, r); err != nil {
				return err
			}
			if rehearsal {
				p.lines("That is for real deliveries. As the configuration stands, with made-up figures or an outbox, it is a rehearsal, and goes on as one.\n")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&reason, "reason", reason, "what happened, for who looks at the state later")
	vars.add(cmd)
	return cmd
}

// beginState makes the root of a state that has none, as the first apply does.
func (p *program) beginState(ctx context.Context, store state.Store) error {
	_, err := store.Root(ctx)
	if !errors.Is(err, state.ErrNoRoot) {
		return err
	}
	if err := store.Init(ctx, state.NewRoot(p.Now(), p.Random)); !errors.Is(err, state.ErrTaken) {
		return err
	}
	return nil
}

// checkImported finds the destination that a key names, now or before it was moved: its address of today, and whether it is
// only tried out.
func checkImported(c *spec.Config, k state.Key) (address string, rehearsal bool, err error) {
	var known []string
	for _, r := range c.Reports {
		for _, d := range r.Destinations {
			now := r.Address + "." + d.Name
			known = append(known, now)
			switch {
			case k.Address == now, isPart(k.Address, r, d):
				address = k.Address
			case slices.Contains(c.Formerly(now), k.Address):
				address = now
			default:
				continue
			}
			return address, runner.Rehearses(r, d), checkRange(r, k.Range)
		}
	}
	hint := ""
	if near := diag.Nearest(k.Address, known); near != "" {
		hint = fmt.Sprintf(" Did you mean %q?", near)
	}
	return "", false, fmt.Errorf("the configuration has no destination %q.%s\n\nTo see its deliveries:\n    reportform plan --verbose", k.Address, hint)
}

// checkRange refuses the key of a range that the report never has: it would stand for nothing.
func checkRange(r *spec.Report, key string) error {
	next := fmt.Sprintf("\n\nTo see its ranges:\n    reportform plan --next 4 '%s'", r.Address)
	wanted, err := calendar.ParseKey(key, r.Calendar.Location)
	if err != nil {
		return fmt.Errorf("%w: a range is written 2026-11-09..2026-11-15, one day 2026-11-21, hours with their offset%s", err, next)
	}
	if r.Window.UsesNow() {
		return nil // it ends whenever somebody looks
	}
	const enough = 100 // a range that begins on a day is due within so many
	upcoming, err := r.Window.Next(wanted.From.Add(-time.Nanosecond), r.Calendar, enough)
	if err != nil && !errors.Is(err, calendar.ErrNothing) {
		return fmt.Errorf("find the ranges of %s: %w", r.Address, err)
	}
	near := ""
	for _, u := range upcoming {
		if u.Key() == key {
			return nil
		}
		if near == "" && !u.From.After(wanted.From) && wanted.From.Before(u.Until) {
			near = fmt.Sprintf(" Did you mean %s?", u.Key())
		}
	}
	return fmt.Errorf("the report %s has no range %s.%s%s", r.Address, key, near, next)
}

// isPart reports whether an address is a destination's for one value of its report's split.
func isPart(address string, r *spec.Report, d *spec.Destination) bool {
	if r.Split == nil {
		return false
	}
	part, ok := strings.CutPrefix(address, r.Address+"[")
	if !ok {
		return false
	}
	part, ok = strings.CutSuffix(part, "]."+d.Name)
	if !ok {
		return false
	}
	_, err := strconv.Unquote(part)
	return err == nil
}

// find reads the records of a delivery: its own, or those that it has under an address of before, which a plan goes by
// as well. The key is the one that they lie under.
func find(ctx context.Context, c *configuration, store state.Store, k state.Key) (state.Key, []state.Record, error) {
	for _, address := range append([]string{k.Address}, c.Formerly(k.Address)...) {
		old := k
		old.Address = address
		records, err := store.Records(ctx, old)
		if err != nil || len(records) > 0 {
			return old, records, err
		}
	}
	return k, nil, nil
}
