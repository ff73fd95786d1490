package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner/state"
)

func (p *program) stateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Look at what was delivered, and decide what is in doubt",
		Long: `State works on the state of the configuration in the current folder, or in --chdir DIR.
A delivery is named by its key, as a plan shows it: weekly-chats.leads@2026-11-09..2026-11-15
A key with brackets wants quotes from the shell: 'weekly-chats["north"].leads@2026-11-09..2026-11-15'`,
		Example: `  reportform state list
  reportform state list weekly-chats
  reportform --chdir my-reports state show weekly-chats.leads@2026-11-09..2026-11-15
  reportform state resolve weekly-chats.leads@2026-11-09..2026-11-15 --delivered`,
	}
	cmd.AddCommand(p.stateInit(), p.stateList(), p.stateShow(), p.stateResolve(), p.stateForget(), p.stateImport())
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
	// Attempts counts how often it was tried to hand it over.
	Attempts  int    `json:"attempts,omitempty"`
	MessageID string `json:"message_id,omitempty"`
	// Recipients are for mail that was tried at least once.
	Recipients *recipientsObject `json:"recipients,omitempty"`
}

// words are the status as people write it.
func (o keyObject) words() string { return strings.ReplaceAll(o.Status, "_", " ") }

// recipientsObject counts recipients by what is known of them. Nobody's address is kept.
type recipientsObject struct {
	All     int `json:"all"`
	Served  int `json:"served"`
	Open    int `json:"open"`
	Refused int `json:"refused"`
	InDoubt int `json:"in_doubt"`
}

func (r recipientsObject) String() string {
	var parts []string
	for _, part := range []struct {
		n    int
		word string
	}{{r.Served, "served"}, {r.Open, "open"}, {r.Refused, "refused for good"}, {r.InDoubt, "in doubt"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.word))
		}
	}
	return fmt.Sprintf("%d: %s", r.All, strings.Join(parts, ", "))
}

func (p *program) stateList() *cobra.Command {
	var vars variableFlags
	cmd := &cobra.Command{
		Use:   "list [PREFIX]",
		Short: "List the delivery keys whose address begins with PREFIX",
		Long: `List shows each delivery that the state knows of, whether it was delivered, failed, is in doubt or was skipped, and when
that was recorded (in UTC). With PREFIX, only those whose address begins so: a report, or weekly-chats.leads.`,
		Args: arguments(0, 1, "one prefix of an address"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if info, err := os.Stat(p.path(args[0])); err == nil && info.IsDir() {
					return fmt.Errorf("%q is a folder, and state list takes the beginning of an address\n\nFor the state of that folder's configuration:\n    %s state list", args[0], p.calling(p.path(args[0])))
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
				for _, o := range p.keyObjects(k, records) {
					p.view.object("state_key", o)
					note := o.Reason
					if o.Rehearsal {
						note = strings.TrimPrefix(note+", rehearsal", ", ")
					}
					rows = append(rows, []string{o.Key, o.words(), o.At, note})
				}
			}
			if len(rows) == 0 {
				if len(args) == 0 {
					p.lines("Nothing was delivered yet.\n")
				} else {
					p.lines("The state knows no delivery whose address begins with %q.\n", args[0])
				}
			}
			p.lines("%s", columns(rows))
			return nil
		},
	}
	vars.add(cmd)
	return cmd
}

// keyObjects are the real delivery and the rehearsal of a key, as far as there is a record of them.
func (p *program) keyObjects(k state.Key, records []state.Record) []keyObject {
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
		o := keyObject{Key: k.String(), Status: kind, At: s.Record.At.UTC().Format(stamp), Rehearsal: rehearsal, Reason: s.Record.Reason, Attempts: s.Attempts}
		if s.Last != nil {
			o.MessageID = s.Last.MessageID
		}
		if n := len(s.Recipients); n > 0 {
			o.Recipients = &recipientsObject{n, s.Served(), len(s.Open()), len(s.RefusedForGood()), len(s.Doubtful())}
		}
		out = append(out, o)
	}
	if len(out) == 0 {
		last := records[len(records)-1]
		if s := state.Fold(records, last.Rehearsal); s.Returned || s.Claim != nil && !s.Held(p.Now(), "") {
			return nil // whoever claimed it gave it back, or died before there was anything to tell
		}
		out = append(out, keyObject{Key: k.String(), Status: string(last.Kind), At: last.At.UTC().Format(stamp), Rehearsal: last.Rehearsal, Reason: last.Reason})
	}
	return out
}

// stamp is how moments of records are shown, in UTC.
const stamp = "2006-01-02 15:04:05Z"

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
		d, err := p.delivery(cmd.Context(), args[0], vars)
		if err != nil {
			return err
		}
		return run(cmd.Context(), d)
	}
	vars.add(cmd)
	return cmd
}

// delivery finds what the state knows of a key; there must be records of it.
func (p *program) delivery(ctx context.Context, key string, vars variableFlags) (delivery, error) {
	c, store, err := p.openState(ctx, vars)
	if err != nil {
		return delivery{}, err
	}
	k, err := state.ParseKey(c.Settings.Project, key)
	if err != nil {
		return delivery{}, err
	}
	k, records, err := find(ctx, c, store, k)
	if err != nil {
		return delivery{}, err
	}
	if len(records) == 0 {
		return delivery{}, fmt.Errorf("the state knows no delivery %s of project %q\n\nTo see those it knows:\n    %s state list", k, k.Project, p.calling(p.Dir))
	}
	return delivery{store, k, records}, nil
}

func (p *program) stateResolve() *cobra.Command {
	var delivered, resend bool
	cmd := p.keyCommand(&cobra.Command{
		Use:   "resolve KEY --delivered | --resend",
		Short: "Say what became of a delivery in doubt",
		Long: `A mail is in doubt when it was handed over and no answer came: it may have arrived or not, and no apply sends it again.
Ask a recipient, then say which it is. With --resend it is due again, for those of whom nobody knows.`,
		Example: `  reportform state resolve weekly-chats.leads@2026-11-09..2026-11-15 --delivered
  reportform state resolve weekly-chats.leads@2026-11-09..2026-11-15 --resend`,
	}, func(ctx context.Context, d delivery) error {
		if delivered == resend {
			return errors.New("say which it is: --delivered, when it has arrived, or --resend, when it has not and is to be sent again")
		}
		s, rehearsal := state.Fold(d.records, false), false
		if trial := state.Fold(d.records, true); s.Kind != state.InDoubt && trial.Kind == state.InDoubt {
			s, rehearsal = trial, true
		}
		if s.Kind != state.InDoubt {
			return fmt.Errorf("%s is not in doubt: %s\n\nTo see its records:\n    %s", d.key, statusWord(s), p.showing(d.key))
		}
		r := state.Record{Kind: state.Resend, Reason: "resolved by hand: to be sent again", Rehearsal: rehearsal}
		if delivered {
			r = arrived(s, state.Reply{InDoubt: true})
			r.Reason, r.Rehearsal = "resolved by hand: it has arrived", rehearsal
		}
		if err := p.decide(ctx, d, r); err != nil {
			return err
		}
		if open := len(s.Open()); open > 0 {
			p.lines("It is still to be sent to others: the next apply does so.\n")
		}
		return nil
	})
	cmd.Flags().BoolVar(&delivered, "delivered", false, "it has arrived")
	cmd.Flags().BoolVar(&resend, "resend", false, "it has not arrived: the next apply sends it again")
	return cmd
}

// arrived is the user's word that a delivery was made: it is said of everybody of whom no more was known than this.
func arrived(s state.Status, known ...state.Reply) state.Record {
	r := state.Record{Kind: state.Delivered, Resolved: true, Definition: s.Record.Definition, Content: s.Record.Content,
		File: s.Record.File, Path: s.Record.Path, Recipients: s.Recipients, MessageID: s.Record.MessageID}
	for _, reply := range s.Replies {
		text := reply.Text
		if reply.Text = ""; slices.Contains(known, reply) {
			reply = state.Reply{Accepted: true}
		}
		reply.Text = text
		r.Replies = append(r.Replies, reply)
	}
	return r
}

func (p *program) stateForget() *cobra.Command {
	return p.keyCommand(&cobra.Command{
		Use:   "forget KEY",
		Short: "Forget a delivery: it is due again",
		Long: `Forget adds a record that makes the key due again, as if it had never been delivered. What was sent stays sent.
The next apply makes it again where its range is still the one that is due; an earlier range is served by backfill.`,
	}, func(ctx context.Context, d delivery) error {
		return p.decide(ctx, d, state.Record{Kind: state.Forgotten, Reason: "forgotten by hand"})
	})
}

// decide records the user's decision over a delivery, unless a run is at it.
func (p *program) decide(ctx context.Context, d delivery, r state.Record) error {
	if s := state.Fold(d.records, r.Rehearsal); s.Held(p.Now(), "") {
		advice := ""
		if s.Claim.At.After(p.Now()) {
			advice = "\nThe clock of that run is ahead of this one's; an apply or a backfill waits for it for two minutes, and then takes over"
		}
		return fmt.Errorf("%s is held by a run that may still be at it, until %s%s", d.key, s.Claim.Until.Format(stamp), advice)
	}
	r.At = p.Now()
	r, err := state.Add(ctx, d.store, d.key, len(d.records), r)
	if errors.Is(err, state.ErrTaken) {
		return fmt.Errorf("%s was changed by another run just now: look at it again\n\n    %s", d.key, p.showing(d.key))
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
