package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// build fetches the rows of a report with something due, and renders what is due.
func (in *instance) build(ctx context.Context) error {
	fetched, err := in.fetchAll(ctx)
	if err != nil {
		return err
	}
	// What is rendered is in files; only a preview and a test still look at the tables.
	if !in.options.stateless() {
		defer in.close()
	}
	if !fetched {
		return nil
	}
	return in.compose(ctx)
}

// compose decides by the rows what is due, and renders it. The order is empty, checks, when.
func (in *instance) compose(ctx context.Context) error {
	if in.options.Alone {
		in.doc = &outputs.Document{Title: in.scope.title, Locale: in.scope.Locale(), Datasets: in.scope.datasets()}
	}
	if in.scope.allEmpty() && in.rep.Empty != "send" && !in.options.Preview {
		if in.rep.Empty == "skip" {
			in.skip("all tables are empty")
			return nil
		}
		in.block(in.place("empty").problem("empty-report", "Report is empty", "All tables of the report are empty, and it says `empty: fail`."))
		return nil
	}
	warnings, outcomes, ok := in.check()
	if !ok && !in.options.Preview {
		return nil
	}
	if in.rep.When != nil && !in.options.Preview {
		v, problem := in.rep.When.Eval(in.scope)
		if problem != nil {
			in.block(problem)
			return nil
		}
		if !truth(v) {
			in.skip("when is false: " + oneLine(in.rep.When.Text))
			return nil
		}
	}
	doc, problem := in.r.document(in.scope, outcomes)
	if problem != nil {
		in.block(problem)
		return nil
	}
	doc.Notices = append(doc.Notices, warnings...)
	in.doc = &doc
	for _, c := range in.changes {
		if !c.Due() {
			continue
		}
		problem, err := in.render(ctx, c, doc)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if problem = Unshown(in.rep, err); problem == nil {
				problem = changePlace(c).problem("render", "Report cannot be rendered", sentence(err))
			}
		}
		if problem != nil {
			in.problems.Add(*problem)
			c.block(problem, clause(problem))
		}
	}
	return nil
}

func (in *instance) place(part string) place {
	return place{in.rep.Range, fmt.Sprintf("report %q > %s", in.rep.Address, part)}
}

// skip ends every open change for good, unless the range is unfinished.
func (in *instance) skip(reason string) {
	for _, c := range in.changes {
		if c.Due() {
			c.Action, c.Reason, c.skip = Skip, reason, !in.scope.rng.Partial
		}
	}
}

// fetchAll fetches all datasets at once, each when those that it needs are there; connections bound what is asked of them. False when one of them has a problem,
// which blocks the report.
func (in *instance) fetchAll(ctx context.Context) (bool, error) {
	n := len(in.rep.Datasets)
	tables, problems, errs := make([]*table.Table, n), make([]diag.List, n), make([]error, n)
	fetched := make([]chan struct{}, n)
	for i := range fetched {
		fetched[i] = make(chan struct{})
	}
	var running sync.WaitGroup
	for i, d := range in.rep.Datasets {
		running.Go(func() {
			defer close(fetched[i])
			others := map[string]*table.Table{}
			for _, name := range d.Needs {
				other := slices.IndexFunc(in.rep.Datasets, func(d *spec.Dataset) bool { return d.Name == name })
				<-fetched[other]
				if tables[other] == nil {
					return // its own problem is told
				}
				others[name] = tables[other]
			}
			tables[i], problems[i], errs[i] = in.r.fetch(ctx, in.scope, d, others)
		})
	}
	running.Wait()
	in.scope.tables = map[string]*table.Table{}
	ok := true
	for i, d := range in.rep.Datasets {
		if tables[i] != nil {
			in.scope.tables[d.Name] = tables[i]
		}
		for _, problem := range problems[i] {
			if problem.Severity == diag.Warning {
				in.problems.Add(problem)
				continue
			}
			in.block(&problem)
			ok = false
		}
	}
	return ok, errors.Join(errs...)
}

func (in *instance) close() {
	for _, t := range in.scope.tables {
		_ = t.Close() // it lies in the run's own folder, which goes as a whole
	}
}

// check evaluates the assertions. Warnings go into the document; a failed one of severity error blocks the report.
func (in *instance) check() (warnings []string, outcomes []outputs.AboutCheck, ok bool) {
	ok = true
	for _, c := range in.rep.Checks {
		v, problem := c.Assert.Eval(in.scope)
		if problem != nil {
			in.block(problem)
			ok = false
			continue
		}
		message, problem := c.Message.Str(in.scope)
		if problem != nil {
			in.block(problem)
			ok = false
			continue
		}
		if message == "" {
			message = outputs.Words(in.scope.Locale()).NotHeld(oneLine(c.Assert.Text))
		}
		passed := truth(v)
		in.r.Observer.Observe(CheckResult{Report: in.rep.Address, Check: c.Name, Message: message, Passed: passed, Severity: c.Severity})
		outcome := outputs.AboutCheck{Name: c.Name, Assert: oneLine(c.Assert.Text), Passed: passed, Severity: c.Severity}
		if !passed {
			outcome.Message = message
		}
		outcomes = append(outcomes, outcome)
		if passed {
			continue
		}
		failed := diag.Diagnostic{Severity: c.Severity, Code: "check-failed", Summary: "Check failed",
			Detail:  fmt.Sprintf("%s\n\nWhat was to hold:\n    %s", message, oneLine(c.Assert.Text)),
			Subject: c.Range, Context: fmt.Sprintf("report %q > checks", in.rep.Address)}
		if c.Severity == diag.Warning {
			in.problems.Add(failed)
			warnings = append(warnings, message)
			continue
		}
		ok = false
		in.blockFor(&failed, fmt.Sprintf("check %q failed: %s", c.Name, strings.TrimSuffix(message, ".")))
	}
	return warnings, outcomes, ok
}

// render makes a change's artifact; the change may turn out to be skipped.
func (in *instance) render(ctx context.Context, c *Change, doc outputs.Document) (*diag.Diagnostic, error) {
	d := c.Destination
	if d.When != nil && !in.options.Preview {
		v, problem := d.When.Eval(in.scope)
		if problem != nil {
			return problem, nil
		}
		if !truth(v) {
			c.Action, c.Reason, c.skip = Skip, "when is false: "+oneLine(d.When.Text), !in.scope.rng.Partial
			return nil, nil
		}
	}
	if d.Email != nil {
		body, problem := in.scope.blocks(d.Email.Body)
		if problem != nil {
			return problem, nil
		}
		doc.Body, c.Body = body, body
	}
	target, problem := in.r.target(in.scope, d, in.options.stateless())
	if problem != nil {
		return problem, nil
	}
	c.Target = describe(target)
	if target.Mail != nil && c.recipients != nil {
		left, err := in.rest(c, target.Mail)
		if err != nil || left == 0 {
			return nil, err
		}
	}
	if target.File != nil && c.replaces.File != "" && c.replaces.Path == target.File.Path {
		target.File.Replaces = outputs.Digest(c.replaces.File)
	}
	output, err := in.r.Kinds(target)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(in.r.Dir, "artifact-")
	if err != nil {
		return nil, err
	}
	artifact, err := output.Render(ctx, doc, c.outputKey(), dir)
	if err != nil {
		return nil, err
	}
	c.Artifact, c.output = &artifact, output
	c.Detail = detail(artifact, target)
	if c.recipients != nil && c.last.Content != artifact.Content {
		c.Reason = clauses(c.Reason, "its figures have changed since")
	}
	switch {
	case target.Mail != nil && in.options.SendTo != nil:
		return in.try(ctx, c, doc, *target.Mail)
	case target.File != nil && !in.options.stateless():
		return in.compareFile(c, target.File, artifact.Digest)
	}
	return nil, nil
}

// rest leaves in a message who is still to be served, and returns how many those are; nobody is due where there are none.
func (in *instance) rest(c *Change, m *outputs.MailTarget) (left int, err error) {
	root, err := in.root()
	if err != nil {
		return 0, err
	}
	added, left := c.narrow(m, root.Salt)
	switch {
	case left == 0:
		c.Action, c.Reason = UpToDate, "who did not get it is no longer among its recipients"
	case added > 0:
		c.Reason = clauses(c.Reason, count(added, "recipient", "recipients")+" added since the first attempt begin with the next range")
	}
	c.Target = count(left, "recipient", "recipients")
	return left, nil
}

// clauses joins reasons, of which there may be none yet.
func clauses(before, more string) string {
	return strings.TrimPrefix(before+"; "+more, "; ")
}

// outputKey is what a kind of output is told of the delivery.
func (c *Change) outputKey() outputs.Key {
	return outputs.Key{Project: c.Key.Project, Address: c.Key.Address, Range: c.Key.Range, Attempt: c.attempt, Last: c.last}
}

// compareFile refuses to write over a file that is not what would be written.
func (in *instance) compareFile(c *Change, f *outputs.FileTarget, want outputs.Digest) (*diag.Diagnostic, error) {
	digest, err := digestBeneath(f.Root, f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", f.Path, err)
	case digest != want && digest != f.Replaces:
		return changePlace(c).problem("file-exists", "Another file stands there",
			fmt.Sprintf("The file %q exists and is not what would be written. It is left alone; move it away, or give the report a path of its own.", f.Path)), nil
	}
	return nil, nil
}

// detail says what an artifact is, for a plan.
func detail(a outputs.Artifact, t outputs.Target) string {
	if e := a.Envelope; e != nil {
		if e.Oversize == outputs.OversizeSplit {
			return fmt.Sprintf("%s, %s: split, since a mail takes %s", count(len(a.Parts()), "mail", "mails"), size(a.Size), size(t.Mail.MaxSize))
		}
		return size(a.Size) + map[string]string{
			outputs.OversizeZip: ", attached as a zip", outputs.OversizeNotice: ", too large for its attachments",
		}[e.Oversize]
	}
	if a.Sheets == 0 {
		return count(a.Rows, "row", "rows")
	}
	return count(a.Sheets, "sheet", "sheets") + ", " + count(a.Rows, "row", "rows")
}

// truth reads a condition: a missing value is false, as in SQL.
func truth(v expr.Value) bool { return v.Valid && v.Type == expr.Boolean && v.Int != 0 }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
