package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
)

// lookingBack is how many earlier ranges a plan looks at, to name those that were never served.
const lookingBack = 4

// maxPast bounds the ranges of a backfill for one report.
const maxPast = 1000

// known are the ranges that the state has records of, by address.
func (r *Runner) known(ctx context.Context) (map[string][]string, error) {
	keys, err := r.Store.Keys(ctx, r.Config.Settings.Project, "")
	if err != nil {
		return nil, err
	}
	known := map[string][]string{}
	for _, k := range keys {
		known[k.Address] = append(known[k.Address], k.Range)
	}
	return known, nil
}

// past makes the instances of a backfill: each range of the report that lies within its days and was due by now.
func (pl *planning) past(rep *spec.Report) ([]*instance, error) {
	inZone := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, rep.Calendar.Location)
	}
	from, until := inZone(pl.options.From), inZone(pl.options.Through.AddDate(0, 0, 1))
	upcoming, err := rep.Window.Next(from.Add(-time.Nanosecond), rep.Calendar, maxPast+1)
	if err != nil && !errors.Is(err, calendar.ErrNothing) {
		return nil, fmt.Errorf("%s: %w", rep.Address, err)
	}
	var all []*instance
	for _, u := range upcoming {
		switch {
		case u.From.Before(from), u.Until.After(until), u.DueAt(rep.NotBefore).After(pl.r.At):
		default:
			all = append(all, pl.instance(rep, u.At, u.Range))
		}
	}
	if n := len(upcoming); n > maxPast && !upcoming[n-1].Until.After(until) {
		return nil, fmt.Errorf("there are more than %d ranges of %s in these days: take fewer at a time", maxPast, rep.Address)
	}
	return all, nil
}

// missed makes the instances of earlier ranges that a report catches up with.
func (pl *planning) missed(rep *spec.Report) ([]*instance, error) {
	if rep.CatchUp == 0 || rep.Disabled || pl.options.stateless() || pl.options.Offline {
		return nil, nil
	}
	since, err := pl.since(rep)
	if err != nil || len(since) == 0 {
		return nil, err
	}
	earlier, err := rep.Window.Previous(pl.r.At, rep.Calendar, rep.CatchUp)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rep.Address, err)
	}
	var all []*instance
	for _, u := range slices.Backward(earlier) {
		in := pl.instance(rep, u.At, u.Range)
		in.changes = slices.DeleteFunc(in.changes, func(c *Change) bool {
			return !since.before(c.Destination, u.Key()) || since.divided(rep, c.Destination, u.Range)
		})
		if len(in.changes) > 0 {
			all = append(all, in)
		}
	}
	return all, nil
}

// beginnings are the ranges that the state has a record of, by destination. What came before the first was not missed,
// there was no such destination yet. One that is not there has no record.
type beginnings map[string][]string

// before reports whether a destination was there when a range was due.
func (b beginnings) before(d *spec.Destination, rng string) bool {
	return len(b[d.Name]) > 0 && slices.Min(b[d.Name]) <= rng
}

// divided reports whether days of a range were another one's, when the report's ranges were others than they are now, such
// as weeks from Monday: who has got those is not sent them again by itself.
func (b beginnings) divided(rep *spec.Report, d *spec.Destination, rng calendar.Range) bool {
	return slices.ContainsFunc(b[d.Name], func(key string) bool {
		other, err := calendar.ParseKey(key, rep.Calendar.Location)
		if err != nil || key == rng.Key() || !other.From.Before(rng.Until) || !rng.From.Before(other.Until) {
			return false
		}
		now, err := rep.Window.Resolve(other.Until, rep.Calendar)
		return err == nil && now.Key() != key
	})
}

// since finds when a report's destinations began. Those of a split began when its parts were first recorded.
func (pl *planning) since(rep *spec.Report) (beginnings, error) {
	known, err := pl.known()
	if err != nil {
		return nil, err
	}
	first := beginnings{}
	for _, d := range rep.Destinations {
		address := rep.Address + "." + d.Name
		if rep.Split != nil {
			address = rep.Address
		}
		if ranges := pl.ranges(known, address); len(ranges) > 0 {
			first[d.Name] = ranges
		}
	}
	return first, nil
}

// ranges are those known of an address, or of one that it had before.
func (pl *planning) ranges(known map[string][]string, address string) []string {
	all := slices.Clone(known[address])
	for _, old := range pl.r.Config.Formerly(address) {
		all = append(all, known[old]...)
	}
	return all
}

// lookBack notes the deliveries of earlier ranges that were never made or are in doubt, beyond those that the report
// catches up with. A range that the present one holds wholly, as month_to_date does, has nothing to add to it.
func (in *instance) lookBack(ctx context.Context) error {
	rep := in.rep
	if in.options.Offline || in.options.stateless() || rep.Disabled || in.scope == nil || !in.earlier.From.IsZero() || !in.options.From.IsZero() {
		return nil
	}
	since, err := in.since(rep)
	if err != nil || len(since) == 0 {
		return err
	}
	earlier, err := rep.Window.Previous(in.at, rep.Calendar, rep.CatchUp+lookingBack)
	if err != nil {
		return fmt.Errorf("%s: %w", rep.Address, err)
	}
	for i, u := range slices.Backward(earlier) {
		open := slices.Clone(rep.Destinations)
		open = slices.DeleteFunc(open, func(d *spec.Destination) bool {
			return !since.before(d, u.Key()) || !in.options.Selection.takesDestination(rep, d.Name) || i < rep.CatchUp && !since.divided(rep, d, u.Range)
		})
		if len(open) == 0 || !u.From.Before(in.scope.rng.From) {
			continue
		}
		addresses, err := in.addresses(ctx, u.Range)
		if err != nil {
			return err
		}
		for _, address := range addresses {
			for _, d := range open {
				c := &Change{
					Key:    state.Key{Project: in.r.Config.Settings.Project, Address: address + "." + d.Name, Range: u.Key()},
					Report: rep, Destination: d, Range: u.Range, Rehearsal: Rehearses(rep, d),
				}
				s, _, err := in.status(ctx, c)
				if err != nil {
					return err
				}
				if s.Kind == state.Delivered || s.Kind == state.Skipped && s.Record.Final || s.Held(in.r.Clock(), in.r.ID) {
					continue
				}
				in.older = append(in.older, Older{Key: c.Key, Report: rep, Range: u.Range, InDoubt: s.Kind == state.InDoubt && d.File == nil})
			}
		}
	}
	return nil
}

// addresses are what a report's deliveries of a range are called: by the report, or by the parts that a split found then.
func (in *instance) addresses(ctx context.Context, rng calendar.Range) ([]string, error) {
	if in.rep.Split == nil {
		return []string{in.rep.Address}, nil
	}
	record, err := in.recorded(ctx, rng)
	if err != nil {
		return nil, err
	}
	if len(record.values) == 0 {
		return []string{in.rep.Address + unknownParts}, nil
	}
	var all []string
	for _, value := range record.values {
		all = append(all, partAddress(in.rep, value))
	}
	return all, nil
}
