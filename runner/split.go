package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

// splitRecord is what a split found, to be remembered: a later run knows by it what there is to deliver without asking
// for the rows again.
type splitRecord struct {
	key state.Key // of the report; it has no destination
	// column is the one that values are of; known the one of those that were recorded, empty where nobody has noted it.
	column, known string
	values        []string
	rehearsal     bool
	// anew: what was found in another column no longer counts.
	anew bool
}

// moved reports whether the values that are recorded are of another column than the split's.
func (s *splitRecord) moved() bool { return s.known != "" && s.known != s.column }

// unknownParts stands in an address for the parts that are known when the rows are.
const unknownParts = "[…]"

// partAddress is the address of the part with a value.
func partAddress(rep *spec.Report, value string) string {
	return rep.Address + "[" + strconv.Quote(value) + "]"
}

// planParts plans a report with a split. Its parts are known from an earlier run or found in the rows; what the state has
// is consulted for each, and rows are asked for only where one of them is due, or where one that is not known is named.
func (in *instance) planParts(ctx context.Context) error {
	record, err := in.recorded(ctx, in.scope.rng)
	if err != nil {
		return err
	}
	if record.moved() && in.wholeAnew() {
		record.values, record.anew = nil, true
	}
	for _, value := range record.values {
		if err := in.addPart(ctx, value); err != nil {
			return err
		}
	}
	in.orderParts()
	due := slices.ContainsFunc(in.parts, (*instance).due)
	switch {
	case len(in.parts) > 0 && due && record.moved():
		in.block(in.splitMoved(record))
		in.blockParts()
		return nil
	case len(in.parts) > 0 && !due && (record.moved() || !in.namesOther()):
		in.changes, in.settled = nil, !record.moved()
		return nil
	}
	return in.turn(ctx, func(ctx context.Context) error { return in.buildParts(ctx, record) })
}

// wholeAnew reports whether all of the report is to be delivered anew, whatever its parts were until now: it is asked for
// once more as a whole, or nobody was bothered by it.
func (in *instance) wholeAnew() bool {
	return !slices.ContainsFunc(in.changes, func(c *Change) bool {
		return !c.Rehearsal && !in.again(in.rep, c.Destination)
	})
}

// namesOther reports whether the user has named a part that is not known.
func (in *instance) namesOther() bool {
	named := in.options.Selection.named()
	if in.earlier.From.IsZero() {
		named = slices.Concat(named, in.options.Again)
	}
	return slices.ContainsFunc(named, func(pattern string) bool {
		return strings.HasPrefix(pattern, in.rep.Name+"[") && !slices.ContainsFunc(in.parts, func(part *instance) bool { return couldFit(pattern, part.rep) })
	})
}

// splitMoved says that a range was begun by another column than the one by which it is split now.
func (in *instance) splitMoved(record *splitRecord) *diag.Diagnostic {
	var left []string
	for _, part := range in.parts {
		if part.due() {
			left = append(left, part.rep.Address)
		}
	}
	return in.splitPlace().problem("split-changed", "Split has changed within a range", fmt.Sprintf(
		"The deliveries of %s were begun by the column %q, and the report is split by %q now. What is left of them cannot be made any more: %s. To finish them as they were begun:\n    split: {by: %s}\n\nOr to deliver the whole range anew, by what it is split by now:\n    %s apply --again %s",
		in.scope.rng.Key(), record.known, record.column, strings.Join(left, ", "), record.known, in.r.Call, ShellWord(in.rep.Address)))
}

// recorded reads which parts an earlier run has found for the range.
func (in *instance) recorded(ctx context.Context, rng calendar.Range) (*splitRecord, error) {
	record := &splitRecord{
		key:       state.Key{Project: in.r.Config.Settings.Project, Address: in.rep.Address, Range: rng.Key()},
		column:    in.rep.Split.By,
		rehearsal: slices.ContainsFunc(in.changes, func(c *Change) bool { return c.Rehearsal }),
	}
	if in.options.stateless() {
		return record, nil
	}
	records, err := in.r.Store.Records(ctx, record.key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", record.key, err)
	}
	known := state.Fold(records, record.rehearsal)
	for _, address := range in.r.Config.Formerly(record.key.Address) {
		if known.Parts != nil {
			break
		}
		old := record.key
		old.Address = address
		if records, err = in.r.Store.Records(ctx, old); err != nil {
			return nil, fmt.Errorf("%s: %w", old, err)
		}
		known = state.Fold(records, record.rehearsal)
	}
	record.values, record.known = known.Parts, known.Column
	return record, nil
}

// addPart makes the instance of one value, and asks the state about its deliveries.
func (in *instance) addPart(ctx context.Context, value string) error {
	rep := *in.rep
	rep.Address = partAddress(in.rep, value)
	rep.Split = nil
	part := in.instance(&rep, in.at, in.earlier)
	part.scope = &scope{r: in.r, report: &rep, rng: in.scope.rng, at: in.at, title: rep.Name, part: value, origins: in.scope.origins}
	for _, c := range part.changes {
		c.whole = in.rep
		c.Range, c.Key.Range = in.scope.rng, in.scope.rng.Key()
		c.Action = c.due()
	}
	in.parts = append(in.parts, part)
	if rep.Title != nil {
		title, problem := rep.Title.Str(part.scope)
		if problem != nil {
			part.block(problem)
			return nil
		}
		part.scope.title = title
	}
	return part.consultAll(ctx)
}

// orderParts puts the parts in the order in which readers look for names; what is recorded has one order in every locale.
func (in *instance) orderParts() {
	order := table.TextOrder(in.scope.Locale())
	slices.SortFunc(in.parts, func(a, b *instance) int { return order(a.scope.part, b.scope.part) })
}

// buildParts fetches the whole, divides it, proves that the parts make it up, and composes each part that is due.
func (in *instance) buildParts(ctx context.Context, record *splitRecord) error {
	fetched, err := in.fetchAll(ctx)
	if err != nil {
		return err
	}
	if !in.options.stateless() {
		defer in.close()
	}
	if !fetched {
		in.blockParts()
		return nil
	}
	if in.scope.allEmpty() && in.rep.Empty == "skip" && len(in.parts) == 0 {
		in.all(Skip, "all tables are empty, so that there are no parts")
		return nil
	}
	tables, problem, err := in.divide(ctx)
	if !in.options.stateless() {
		defer func() {
			for _, d := range tables {
				d.close()
			}
		}()
	}
	if err == nil && problem == nil {
		problem, err = in.addFound(ctx, record, tables)
	}
	if err == nil && problem == nil {
		problem = in.everyPartHasRecipients()
	}
	if err != nil {
		return err
	}
	if problem != nil {
		in.block(problem)
		in.blockParts()
		return nil
	}
	in.changes = nil // its parts stand for it now
	for _, part := range in.parts {
		if err := part.claim(ctx); err != nil {
			return err
		}
		if part.due() {
			if err := part.compose(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// blockParts gives the parts that are known the end that the whole has come to.
func (in *instance) blockParts() {
	if len(in.parts) == 0 {
		return
	}
	for _, part := range in.parts {
		for _, c := range part.changes {
			if c.open() {
				c.block(in.changes[0].problem, in.changes[0].Reason)
			}
		}
	}
	in.changes = nil
}

// addFound adds the parts that are in the rows and were not known, and gives every part its tables.
// A part that was known and has no rows any more has empty ones.
func (in *instance) addFound(ctx context.Context, record *splitRecord, divided []*divided) (*diag.Diagnostic, error) {
	found := slices.Clone(record.values)
	for _, d := range divided {
		for _, part := range d.parts {
			if !slices.Contains(found, part.Key) {
				found = append(found, part.Key)
			}
		}
	}
	slices.Sort(found)
	if len(found) == 0 {
		return in.splitPlace().problem("no-parts", "There is nothing to split",
			fmt.Sprintf("No dataset has a row, so that the column %q has no value to split by. A report that may be empty says so:\n    empty: skip", in.rep.Split.By)), nil
	}
	if err := table.CheckKeys(in.rep.Split.By, found); err != nil {
		return in.splitProblem(err, "the datasets"), nil
	}
	for _, value := range found {
		if !slices.ContainsFunc(in.parts, func(part *instance) bool { return part.scope.part == value }) {
			if err := in.addPart(ctx, value); err != nil {
				return nil, err
			}
		}
	}
	in.orderParts()
	if len(found) > len(record.values) || record.anew {
		record.values = found
		in.found = append(in.found, record)
	}
	for _, part := range in.parts {
		part.scope.tables = map[string]*table.Table{}
		for _, d := range divided {
			part.scope.tables[d.name] = d.part(part.scope.part)
		}
		for _, name := range in.rep.Split.Shared {
			part.scope.tables[name] = in.scope.tables[name]
		}
	}
	return nil, nil
}

// divided is a dataset with its rows by part.
type divided struct {
	name  string
	whole *table.Table
	parts []table.Part
}

// part returns the rows of one part, none where it has none.
func (d *divided) part(key string) *table.Table {
	i := slices.IndexFunc(d.parts, func(p table.Part) bool { return p.Key == key })
	if i < 0 {
		return table.FromValues(d.whole.Fields(), nil)
	}
	return d.parts[i].Table
}

// divide splits every dataset that is not shared, and proves by reading them again that its parts make up the whole and
// that none has a row of another.
func (in *instance) divide(ctx context.Context) ([]*divided, *diag.Diagnostic, error) {
	by := in.rep.Split.By
	var all []*divided
	for _, d := range in.rep.Datasets {
		if slices.Contains(in.rep.Split.Shared, d.Name) {
			continue
		}
		whole := in.scope.tables[d.Name]
		parts, err := table.Split(ctx, whole, by, table.Spool{Dir: in.r.Dir})
		if err == nil {
			err = table.Proof(ctx, whole, by, parts)
		}
		all = append(all, &divided{d.Name, whole, parts})
		if ctx.Err() != nil {
			return all, nil, ctx.Err()
		}
		if err != nil {
			return all, in.splitProblem(err, fmt.Sprintf("the dataset %q", d.Name)), nil
		}
	}
	return all, nil, nil
}

func (in *instance) splitPlace() place {
	return place{in.rep.Split.Range, fmt.Sprintf("report %q > split", in.rep.Address)}
}

// splitProblem says why rows cannot be divided.
func (in *instance) splitProblem(err error, of string) *diag.Diagnostic {
	var missing *table.MissingKeyError
	var fault *table.Fault
	switch at := in.splitPlace(); {
	case errors.As(err, &missing):
		return at.problem("no-split-key", "Rows belong to no part", fmt.Sprintf(
			"%s of %s have no value in the column %q (the first is row %d), so that nobody would get them. Name them with a derive, or leave them out with a where.",
			count(missing.Rows, "row", "rows"), of, missing.Column, missing.First))
	case errors.As(err, &fault):
		return at.problem(fault.Code, fault.Summary, fault.Detail)
	default:
		return at.problem("split", "Report cannot be split", fmt.Sprintf("The rows of %s cannot be divided: %s", of, sentence(err)))
	}
}

// close gives back what the parts keep on disk.
func (d *divided) close() {
	for _, part := range d.parts {
		_ = part.Table.Close()
	}
}

// everyPartHasRecipients makes sure before anything is sent that each part reaches somebody: the whole is held back where one does not.
func (in *instance) everyPartHasRecipients() *diag.Diagnostic {
	for _, part := range in.parts {
		for _, c := range part.changes {
			if _, problem := in.r.whereTo(part.scope, c.Destination); problem != nil {
				problem.Detail += fmt.Sprintf("\nThe part is %q; the report is held back as a whole, so that no part goes missing unseen.", part.scope.part)
				return problem
			}
		}
	}
	return nil
}
