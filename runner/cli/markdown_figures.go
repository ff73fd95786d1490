package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/reportform/reportform/runner/reporttest"
	"github.com/reportform/reportform/runner/review"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// figuresSince runs each report that has a recording beside it in both versions, and compares what comes out.
func (p *program) figuresSince(ctx context.Context, r *review.Review, was *configuration, c chosen) error {
	dir, err := os.MkdirTemp("", "reportform-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	p.closed = append(p.closed, func() { _ = os.RemoveAll(dir) })
	around := reporttest.Surroundings{Dir: dir, Kinds: p.kinds(), Now: p.Now}
	former := review.Former(was.Config, c.Config)
	for _, rep := range c.Reports {
		i := slices.IndexFunc(was.Reports, func(old *spec.Report) bool { return old.Address == former(rep.Address) })
		if i < 0 {
			continue
		}
		recording, at, found := recorded(c.folder, rep, was.Reports[i])
		out := review.Cells{
			Report: rep.Address, Recording: p.relative(recording), Again: commandLine(p.calling(c.folder)+" record --force", rep.Name),
		}
		if !found {
			if out.Gone = recordedBefore(c.base, was.Reports[i]); out.Gone {
				out.Recording = p.relative(filepath.Join(c.folder, reporttest.Folder(was.Reports[i])))
				r.Cells = append(r.Cells, out)
			}
			continue
		}
		if out.Changed, err = otherRecording(c.base, was.Reports[i], recording); err != nil {
			return fmt.Errorf("%s: %w", rep.Address, err)
		}
		after, whole, err := replayed(ctx, c.configuration, rep, recording, at, around)
		out.Unrecorded = !whole
		var before reporttest.Seen
		if err == nil && whole {
			before, whole, err = replayed(ctx, was, was.Reports[i], recording, at, around)
			out.Outdated = !whole
		}
		if err != nil {
			return fmt.Errorf("%s: %w", rep.Address, err)
		}
		if whole {
			out.Differences = after.Since(before, former)
		}
		if len(out.Differences) > 0 || out.Changed || !whole {
			r.Cells = append(r.Cells, out)
		}
	}
	return nil
}

// recordedBefore reports whether a report had a recording in a revision.
func recordedBefore(base *revision, was *spec.Report) bool {
	names, err := base.ReadDir(filepath.ToSlash(reporttest.Folder(was)))
	return err == nil && len(names) > 0
}

// otherRecording reports whether a recording has other files than the one that the report had in a revision.
func otherRecording(base *revision, was *spec.Report, recording string) (bool, error) {
	if !recordedBefore(base, was) {
		return false, nil
	}
	folder := filepath.ToSlash(reporttest.Folder(was))
	before, err := base.ReadDir(folder)
	if err != nil {
		return false, err
	}
	now, err := os.ReadDir(recording)
	if err != nil {
		return false, fmt.Errorf("read recording: %w", err)
	}
	if len(now) != len(before) {
		return true, nil
	}
	for _, e := range before {
		old, err := base.ReadFile(folder + "/" + e.Name())
		if err != nil {
			return false, err
		}
		data, err := os.ReadFile(filepath.Join(recording, e.Name()))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return true, nil
		case err != nil:
			return false, fmt.Errorf("read recording: %w", err)
		case !bytes.Equal(old, data):
			return true, nil
		}
	}
	return false, nil
}

// recorded finds a report's recording under its name or under the one that it had, and the moment that it is of.
func recorded(folder string, now, was *spec.Report) (dir string, at time.Time, ok bool) {
	for _, rep := range []*spec.Report{now, was} {
		dir = filepath.Join(folder, reporttest.Folder(rep))
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		cache, about, err := source.OpenRecording(dir)
		if err != nil || about == nil {
			continue // the tests say what is wrong with it
		}
		_ = cache.Close()
		return dir, about.At, true
	}
	return "", at, false
}

// replayed runs a report from a recording, at the moment when it is due. It is whole where the recording has an answer
// to all that the report asks.
func replayed(ctx context.Context, c *configuration, rep *spec.Report, recording string, at time.Time, around reporttest.Surroundings) (seen reporttest.Seen, whole bool, err error) {
	at = at.In(c.Settings.Calendar.Location)
	for range 2 {
		var problems diag.List
		if seen, problems, err = reporttest.Replay(ctx, c.Config, rep, c.folder, recording, at, around); err != nil {
			return seen, true, err
		}
		if slices.ContainsFunc(problems, func(d diag.Diagnostic) bool { return d.Code == "not-recorded" }) {
			return seen, false, nil
		}
		due := seen.Waiting()
		if due.IsZero() {
			break
		}
		at = due
	}
	return seen, true, nil
}
