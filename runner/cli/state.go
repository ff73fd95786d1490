package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner/state"
)

func (p *program) stateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Look at what was delivered, and decide what is in doubt",
		Long: `State works on the state of the configuration in the current folder, or in --chdir DIR.
A delivery is named by its key, as a plan shows it: weekly-chats.leads@2026-11-09..2026-11-15`,
	}
	cmd.AddCommand(p.stateInit(), p.stateList(), p.stateShow(), p.stateResolve(), p.stateForget())
	return cmd
}

// openState opens the state of the configuration in the working directory.
func (p *program) openState(ctx context.Context, vars variableFlags) (*configuration, state.Store, error) {
	c, err := p.load(nil, vars)
	if err != nil {
		return nil, nil, err
	}
	s, err := p.store(ctx, c)
	return c, s, err
}

// keyObject is a key with what is known of it, as JSON has it.
type keyObject struct {
	Key       string `json:"key"`
	Status    string `json:"status"`
	At        string `json:"at"`
	Rehearsal bool   `json:"rehearsal,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

func (p *program) stateList() *cobra.Command {
	var vars variableFlags
	cmd := &cobra.Command{
		Use:   "list [PREFIX]",
		Short: "List the delivery keys whose address begins with PREFIX",
		Args:  arguments(0, 1, "one prefix of an address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if info, err := os.Stat(p.path(args[0])); err == nil && info.IsDir() {
					return fmt.Errorf("%s is a folder, and state list takes the beginning of an address\n\nFor the state of that folder's configuration:\n    reportform --chdir %s state list", args[0], args[0])
				}
			}
			c, store, err := p.openState(cmd.Context(), vars)
			if err != nil {
				return err
			}
			keys, err := store.Keys(cmd.Context(), c.Settings.Project, strings.Join(args, ""))
			if err != nil {
				return err
			}
			var rows [][]string
			for _, k := range keys {
				records, err := store.Records(cmd.Context(), k)
				if err != nil {
					return err
				}
				for _, o := range keyObjects(k, records) {
					p.view.object("state_key", o)
					note := o.Reason
					if o.Rehearsal {
						note = strings.TrimPrefix(note+", rehearsal", ", ")
					}
					rows = append(rows, []string{o.Key, o.Status, o.At, note})
				}
			}
			if len(rows) == 0 {
				p.lines("Nothing was delivered yet.\n")
			}
			p.lines("%s", columns(rows))
			return nil
		},
	}
	vars.add(cmd)
	return cmd
}

// keyObjects are the real delivery and the rehearsal of a key, as far as there is a record of them.
func keyObjects(k state.Key, records []state.Record) []keyObject {
	var out []keyObject
	for _, rehearsal := range []bool{false, true} {
		s := state.Fold(records, rehearsal)
		if s.Record.Kind == "" {
			continue
		}
		kind := string(s.Kind)
		if kind == "" {
			kind = "due"
		}
		out = append(out, keyObject{k.String(), kind, s.Record.At.UTC().Format("2006-01-02 15:04:05Z"), rehearsal, s.Record.Reason})
	}
	if len(out) == 0 {
		last := records[len(records)-1]
		out = append(out, keyObject{k.String(), string(last.Kind), last.At.UTC().Format("2006-01-02 15:04:05Z"), last.Rehearsal, last.Reason})
	}
	return out
}

// delivery is a key that the user named, with what the state knows of it.
type delivery struct {
	store   state.Store
	key     state.Key
	records []state.Record
}

// keyCommand is a command on one delivery; there must be records of it.
func (p *program) keyCommand(cmd *cobra.Command, run func(ctx context.Context, d delivery) error) *cobra.Command {
	var vars variableFlags
	cmd.Args = arguments(1, 1, "one key, as a plan shows it: weekly-chats.leads@2026-11-09..2026-11-15")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, store, err := p.openState(cmd.Context(), vars)
		if err != nil {
			return err
		}
		k, err := state.ParseKey(c.Settings.Project, args[0])
		if err != nil {
			return err
		}
		records, err := store.Records(cmd.Context(), k)
		if err != nil {
			return err
		}
		if len(records) == 0 {
			return fmt.Errorf("the state knows no delivery %s of project %q\n\nTo see those it knows:\n    reportform state list", k, k.Project)
		}
		return run(cmd.Context(), delivery{store, k, records})
	}
	vars.add(cmd)
	return cmd
}

func (p *program) stateShow() *cobra.Command {
	return p.keyCommand(&cobra.Command{
		Use:   "show KEY",
		Short: "Show the records of a delivery",
	}, func(_ context.Context, d delivery) error {
		p.lines("%s\n\n", d.key)
		for i, r := range d.records {
			p.view.object("record", r)
			p.lines("%s", recordText(i+1, r))
		}
		return nil
	})
}

func recordText(n int, r state.Record) string {
	title := fmt.Sprintf("%d. %s %s", n, r.At.UTC().Format("2006-01-02 15:04:05Z"), strings.ReplaceAll(string(r.Kind), "_", " "))
	if r.Rehearsal {
		title += " (rehearsal)"
	}
	var rows [][]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, []string{name, value})
		}
	}
	add("by", r.By)
	if r.Until != nil {
		add("until", r.Until.UTC().Format("2006-01-02 15:04:05Z"))
	}
	add("reason", r.Reason)
	add("path", r.Path)
	add("file", r.File)
	add("content", r.Content)
	add("message", r.MessageID)
	if n := len(r.Recipients); n > 0 {
		add("recipients", fmt.Sprint(n))
	}
	for i, reply := range r.Replies {
		add(fmt.Sprintf("reply %d", i+1), reply.Text)
	}
	return title + "\n" + columns(rows) + "\n"
}

func (p *program) stateResolve() *cobra.Command {
	var delivered, resend bool
	cmd := p.keyCommand(&cobra.Command{
		Use:   "resolve KEY --delivered | --resend",
		Short: "Say what became of a delivery in doubt",
	}, func(ctx context.Context, d delivery) error {
		if delivered == resend {
			return errors.New("say which it is: --delivered, when it has arrived, or --resend, when it has not and is to be sent again")
		}
		s, rehearsal := state.Fold(d.records, false), false
		if trial := state.Fold(d.records, true); s.Kind != state.InDoubt && trial.Kind == state.InDoubt {
			s, rehearsal = trial, true
		}
		if s.Kind != state.InDoubt {
			return fmt.Errorf("%s is not in doubt: %s\n\nTo see its records:\n    reportform state show '%s'", d.key, statusWord(s), d.key)
		}
		r := state.Record{Kind: state.Resend, Reason: "resolved by hand: to be sent again", Rehearsal: rehearsal}
		if delivered {
			r = state.Record{Kind: state.Delivered, Reason: "resolved by hand: it has arrived", Rehearsal: rehearsal, Resolved: true,
				Definition: s.Record.Definition, Content: s.Record.Content, Recipients: s.Record.Recipients, MessageID: s.Record.MessageID}
		}
		return p.decide(ctx, d, r)
	})
	cmd.Flags().BoolVar(&delivered, "delivered", false, "it has arrived")
	cmd.Flags().BoolVar(&resend, "resend", false, "it has not arrived: the next apply sends it again")
	return cmd
}

func (p *program) stateForget() *cobra.Command {
	return p.keyCommand(&cobra.Command{
		Use:   "forget KEY",
		Short: "Forget a delivery: the next apply makes it again",
		Long:  "Forget adds a record that makes the key due again, as if it had never been delivered. What was sent stays sent.",
	}, func(ctx context.Context, d delivery) error {
		return p.decide(ctx, d, state.Record{Kind: state.Forgotten, Reason: "forgotten by hand"})
	})
}

// decide records the user's decision over a delivery, unless a run is at it.
func (p *program) decide(ctx context.Context, d delivery, r state.Record) error {
	if s := state.Fold(d.records, r.Rehearsal); s.Held(p.Now(), "") {
		return fmt.Errorf("%s is held by a run that may still be at it, until %s", d.key, s.Claim.Until.Format("15:04:05 MST"))
	}
	r.At = p.Now()
	r, err := state.Add(ctx, d.store, d.key, len(d.records), r)
	if errors.Is(err, state.ErrTaken) {
		return fmt.Errorf("%s was changed by another run just now: look at it again\n\n    reportform state show '%s'", d.key, d.key)
	}
	if err != nil {
		return err
	}
	p.view.object("record", r)
	p.lines("%s: %s.\n", d.key, r.Reason)
	return nil
}

func statusWord(s state.Status) string {
	if s.Kind == "" {
		return "it is due"
	}
	return "it is " + strings.ReplaceAll(string(s.Kind), "_", " ")
}
