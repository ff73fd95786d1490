package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
)

// consult asks the state what is known of a delivery that is due by the clock.
func (in *instance) consult(ctx context.Context, c *Change) error {
	s, trial, err := in.status(ctx, c)
	if err != nil {
		return err
	}
	c.Action, c.Reason, c.Held = c.due(), "", false
	c.attempt = s.Attempts + 1
	c.returned = s.Returned
	if trial.Kind == state.Delivered {
		c.replaces = trial.Record
	}
	again := in.again(in.rep, c.Destination)
	switch {
	case c.under != c.Key && s.Held(in.r.Clock(), in.r.ID):
		// A run with the configuration of before the rename is at it.
		c.held(s, in.r.Clock())
	case again && (s.Kind == state.Delivered || s.Kind == state.Skipped):
		c.Action, c.replaces, c.anew = Again, s.Record, true
		c.Reason = "asked for once more"
	case c.Destination.File != nil && s.Kind == state.InDoubt:
		// A file is never in doubt: it stands there, or it does not. What a run left that died before it could
		// record it may be written over, since the figures may be others by now.
		c.replaces = s.Record
	case c.Destination.File != nil && s.Kind == state.Delivered:
		in.consultFile(c, s)
	case s.Kind == state.Delivered:
		c.delivered(s.Record)
	case s.Kind == state.InDoubt && s.Held(in.r.Clock(), in.r.ID):
		c.held(s, in.r.Clock())
	case s.Kind == state.InDoubt && !c.Destination.Email.Resend:
		c.Action, c.Reason = Doubt, doubt(s)
		c.problem = in.r.doubtful(c, c.Reason)
		in.problems.Add(*c.problem)
	case s.Kind == state.Skipped && s.Record.Final:
		c.Action, c.Reason = UpToDate, "skipped: "+s.Record.Reason
	case c.Destination.Email != nil:
		c.resume(s)
	}
	return nil
}

// again reports whether a delivery is asked for once more. That is meant of the range that is due now; an earlier one is
// named by a backfill of its days.
func (in *instance) again(rep *spec.Report, d *spec.Destination) bool {
	return in.earlier.From.IsZero() && slices.ContainsFunc(in.options.Again, func(pattern string) bool {
		return fits(pattern, rep) || fitsDestination(pattern, rep, d.Name)
	})
}

// status reads what the state has of a delivery under its own address or, where it has nothing there, under one that it
// had before; and what it has of rehearsals.
func (pl *planning) status(ctx context.Context, c *Change) (s, trial state.Status, err error) {
	records, err := pl.r.Store.Records(ctx, c.Key)
	if err != nil {
		return s, trial, fmt.Errorf("%s: %w", c.Key, err)
	}
	c.seen, c.under, c.former = len(records), c.Key, nil
	for _, address := range pl.r.Config.Formerly(c.Key.Address) {
		if slices.ContainsFunc(records, func(r state.Record) bool { return r.Kind != state.Claimed }) {
			break // a run that claimed it and came no further has said nothing
		}
		old := c.Key
		old.Address = address
		if records, err = pl.r.Store.Records(ctx, old); err != nil {
			return s, trial, fmt.Errorf("%s: %w", old, err)
		}
		c.under, c.former = old, append(c.former, formerKey{old, len(records)})
	}
	return state.Fold(records, c.Rehearsal), state.Fold(records, true), nil
}

// delivered marks a change as done; its definition may have changed since.
func (c *Change) delivered(r state.Record) {
	c.Action = UpToDate
	c.Reason = "delivered " + r.At.In(c.Range.From.Location()).Format("2006-01-02 15:04 MST")
	switch {
	case r.Definition == "" || r.Definition == c.Destination.Digest:
	case c.Rehearsal:
		// Nobody was bothered by it: what was only tried out is tried out again.
		c.Action, c.Reason, c.anew = c.due(), "its definition has changed since the rehearsal", true
	default:
		c.Action = Changed
		c.Reason = "its definition has changed since it was delivered; the next range gets it"
	}
}

// held marks a change that another run is at right now.
func (c *Change) held(s state.Status, now time.Time) {
	c.Action, c.Held = Wait, true
	layout := "15:04:05 MST"
	if s.Claim.At.After(now) { // by a clock that is ahead
		layout = "2006-01-02 " + layout
	}
	c.Reason = "another run is at it; its claim stands until " + s.Claim.Until.In(c.Range.From.Location()).Format(layout)
}

// doubt says what is known of a delivery in doubt, with the records' own reason where there is one.
func doubt(s state.Status) string {
	reason := s.Record.Reason
	if s.Record.Kind == state.Intended {
		reason = "the run that handed it over on " + s.Record.At.UTC().Format("2006-01-02 15:04 MST") + " never said what became of it"
	}
	return reason
}

// consultFile compares what stands on disk with what was recorded. Where nothing does, it is made true again.
func (in *instance) consultFile(c *Change, s state.Status) {
	digest, err := digestBeneath(in.r.Root, s.Record.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err == nil && string(digest) == s.Record.File:
		c.Target = s.Record.Path
		c.delivered(s.Record)
	default:
		// One that cannot be read, such as a folder or a link that leads elsewhere, is no more the one that was written.
		problem := changePlace(c).problem(
			"file-changed", "File was changed",
			fmt.Sprintf("The file %q is not the one that was written for %s. It is left alone; move it away, and the next apply writes it anew.", s.Record.Path, c.Key))
		in.problems.Add(*problem)
		c.Target = s.Record.Path
		c.block(problem, "the file was changed after it was written")
	}
}

// digestBeneath is the digest of a file that lies in root.
func digestBeneath(root, path string) (outputs.Digest, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return "", err
	}
	defer dir.Close()
	f, err := dir.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return outputs.Digest("sha256:" + hex.EncodeToString(h.Sum(nil))), nil
}
