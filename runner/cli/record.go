package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/fatih/color"
	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/reporttest"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// recordFlags are those of record.
type recordFlags struct {
	planFlags
	// path is that of the configuration, as load takes it.
	path  []string
	out   string
	force bool
}

func (p *program) recordCommand() *cobra.Command {
	var f recordFlags
	cmd := &cobra.Command{
		Use:   "record [PATH] [REPORT]...",
		Short: "Keep what the APIs answer for a report beside it, and write a first test",
		Long: `Record runs reports once, whatever was delivered, and keeps the APIs' answers in recorded/REPORT beside the configuration,
for "reportform test" to run the report from them without network and secrets. It delivers nothing.

Answers are made fit to be committed: secrets are taken out, wherever they come back, and what stands in columns that are
personal is made up. The built-in sources mark names, logins, telephone numbers, addresses and what people wrote; an API of
one's own says personal: true of a column. The same value gets the same made-up one all over a recording, so that groups
and joins come out alike. What looks personal and is not marked is told: look at that before you commit.

Where a report has no REPORT.test.yaml yet, a first one is written with what comes out now. A recording that is there
stays, unless --force says otherwise.` + aboutNames,
		Example: `  reportform record
  reportform record reports/ weekly-chats
  reportform record weekly-chats --at 2026-11-16T09:00 --force`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.choose(cmd, args, f.planFlags)
			if err != nil {
				return err
			}
			f.path = c.named.path
			c.at = c.at.Truncate(time.Second) // as a test can say it
			return p.record(cmd.Context(), c, f)
		},
	}
	f.variableFlags.add(cmd)
	f.selectionFlags.add(cmd)
	atFlag(cmd, &f.at)
	cmd.Flags().StringVar(&f.out, "out", "", "keep the answers in a folder for each report in this `FOLDER`; default: recorded, beside the configuration")
	cmd.Flags().BoolVar(&f.force, "force", false, "put the new answers in the place of a recording that is there")
	return cmd
}

// record records each report that is meant, with all of its instances.
func (p *program) record(ctx context.Context, c chosen, f recordFlags) error {
	p.view.diagnostics(c.warnings, c.Files)
	out := filepath.Join(c.folder, "recorded")
	if f.out != "" {
		out = p.path(f.out)
	}
	var names []string
	for _, rep := range selected(c.Reports, c.selection) {
		if !slices.Contains(names, rep.Name) {
			names = append(names, rep.Name)
		}
	}
	for _, name := range names {
		to := filepath.Join(out, name)
		if err := p.mayRecord(to, f.force); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := p.recordReport(ctx, c, name, filepath.Join(out, name), f, len(names) == 1); err != nil {
			return err
		}
	}
	p.lines("\nRun the tests by:\n    %s test\n", p.calling(c.folder))
	return nil
}

// mayRecord refuses to write over what is there: with force only a recording makes room.
func (p *program) mayRecord(to string, force bool) error {
	_, err := os.Lstat(to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !force {
		return fmt.Errorf("there is a recording in %s already\nTo put a new one in its place, add --force", p.relative(to))
	}
	cache, _, err := source.OpenRecording(to)
	if errors.Is(err, source.ErrDamaged) {
		return nil // a new one is what mends it
	}
	if err != nil {
		return fmt.Errorf("%s is no recording, and is left alone\nName another folder with --out", p.relative(to))
	}
	return cache.Close()
}

// recordReport records one report: its answers first, and from those alone what its first test says. Only: there is no other.
func (p *program) recordReport(ctx context.Context, c chosen, name, to string, f recordFlags, only bool) error {
	reports := slices.DeleteFunc(slices.Clone(c.Reports), func(rep *spec.Report) bool { return rep.Name != name })
	alone := *c.configuration
	config := *c.Config
	config.Reports, alone.Config = reports, &config
	about, live, err := p.takeDown(ctx, &alone, c.at, name, to)
	if err != nil {
		return err
	}
	p.showRecording(about, to)
	return p.firstTest(ctx, &alone, live, to, f, only)
}

// takeDown asks the APIs and makes the recording, at once or not at all. It returns what came of the answers as they were, too.
func (p *program) takeDown(ctx context.Context, c *configuration, at time.Time, name, to string) (*source.About, *runner.Plan, error) {
	raw, err := os.MkdirTemp("", "reportform-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	p.closed = append(p.closed, func() { _ = os.RemoveAll(raw) })
	recorder, err := source.NewRecorder(raw)
	if err != nil {
		return nil, nil, err
	}
	defer recorder.Close()
	p.cache = recorder.Cache()
	r, err := p.runner(c, nil, at)
	p.cache = nil
	if err != nil {
		return nil, nil, err
	}
	plan, problems, err := r.Plan(ctx, runner.PlanOptions{Preview: true})
	if err != nil {
		return nil, nil, err
	}
	p.text.progress.clear()
	if problems.HasErrors() && !fetched(plan, c.Reports) {
		return nil, nil, p.shown(problems, c.Files)
	}
	about := &source.About{Report: name, At: at, Version: p.Version}
	for _, change := range plan.Changes {
		if !slices.Contains(about.Ranges, change.Key.Range) {
			about.Ranges = append(about.Ranges, change.Key.Range)
		}
	}
	unfinished := filepath.Join(filepath.Dir(to), "."+name+".part")
	if err := errors.Join(os.RemoveAll(unfinished), os.MkdirAll(filepath.Dir(to), 0o755)); err != nil {
		return nil, nil, fmt.Errorf("write recording: %w", err)
	}
	err = recorder.Write(unfinished, about, r.Redact, p.Now())
	if err == nil {
		err = errors.Join(os.RemoveAll(to), os.Rename(unfinished, to))
	}
	if err != nil {
		_ = os.RemoveAll(unfinished)
		return nil, nil, err
	}
	return about, plan, nil
}

// fetched reports whether the rows of all reports came. What a check then says of them is no reason not to record them:
// it is what a test may be about.
func fetched(plan *runner.Plan, reports []*spec.Report) bool {
	for _, rep := range reports {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(plan.Documents)), func(address string) bool {
			return address == rep.Address || strings.HasPrefix(address, rep.Address+"[")
		}) {
			return false
		}
	}
	return true
}

// showRecording says what was kept, and what of it is made up.
func (p *program) showRecording(about *source.About, to string) {
	p.view.object("recording", struct {
		Path string `json:"path"`
		*source.About
	}{p.relative(to), about})
	pages, rows := 0, 0
	for _, a := range about.Answers {
		pages, rows = pages+a.Pages, rows+a.Rows
	}
	p.lines("%s %s: %s, %s, %s\n", p.text.color(color.FgGreen, "✓"), p.relative(to),
		count(len(about.Answers), "file"), count(pages, "page"), count(rows, "row"))
	var lines [][]string
	for _, m := range about.Made {
		lines = append(lines, []string{"  made up", m.Source, m.Column, count(m.Values, "value")})
	}
	for _, m := range about.Doubtful {
		lines = append(lines, []string{"  as it came", m.Source, m.Column, count(m.Values, "value") + " like an e-mail address or a telephone number"})
	}
	if len(lines) > 0 {
		p.lines("%s", styled(diag.Printable(columns(lines))))
	}
	for _, m := range about.Doubtful {
		p.lines("\nIf %s is personal, say so where the source is described, and record again with --force:\n    columns:\n      %s: {personal: true}\n", m.Source, m.Column)
	}
}

// firstTest runs a report from its recording alone, and writes what comes out as a test where there is none. Where it is the
// only report, the test is shown as well.
func (p *program) firstTest(ctx context.Context, c *configuration, live *runner.Plan, recording string, f recordFlags, alone bool) error {
	dir, err := os.MkdirTemp("", "reportform-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	p.closed = append(p.closed, func() { _ = os.RemoveAll(dir) })
	around := reporttest.Surroundings{Dir: dir, Kinds: p.kinds(), Now: p.Now}
	var instances []reporttest.Instance
	for _, rep := range c.Reports {
		in := reporttest.Instance{Report: rep, At: live.At.In(c.Settings.Calendar.Location)}
		for range 2 {
			var problems diag.List
			if in.Seen, problems, err = reporttest.Replay(ctx, c.Config, rep, c.folder, recording, in.At, around); err != nil {
				return err
			}
			if slices.ContainsFunc(problems, func(d diag.Diagnostic) bool { return d.Code == "not-recorded" }) {
				return p.shown(problems, c.Files)
			}
			due := in.Seen.Waiting()
			if due.IsZero() {
				break
			}
			in.At = due // the test is of what is delivered, and that is then
		}
		p.warnOfRows(c, rep, in.Seen.OtherRows(rep, live))
		instances = append(instances, in)
	}
	path := filepath.Join(c.folder, c.Reports[0].Name+".test.yaml")
	where := p.within(c.folder, recording)
	if _, err := os.Lstat(path); err == nil || where == "" {
		return nil
	}
	if where == filepath.ToSlash(reporttest.Folder(c.Reports[0])) {
		where = ""
	}
	vars, err := p.given(c, f)
	if err != nil {
		return err
	}
	text := reporttest.First(instances, where, vars)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = file.Write(text)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("write first test: %w", err)
	}
	p.view.object("first_test", map[string]string{"path": p.relative(path)})
	p.lines("%s %s: a first test\n", p.text.color(color.FgGreen, "✓"), p.relative(path))
	if alone {
		p.lines("\n%s", styled(diag.Printable(shifted(string(text)))))
	}
	return nil
}

// warnOfRows tells of datasets that values which are made up have changed: a filter or a join goes by them.
func (p *program) warnOfRows(c *configuration, rep *spec.Report, rows []reporttest.Rows) {
	var found diag.List
	for _, r := range rows {
		found.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "recording-differs", Summary: "The recording does not give what the API gave",
			Subject: rep.Range, Context: fmt.Sprintf("report %q", rep.Address),
			Detail: fmt.Sprintf("Dataset %q has %s of the API's answers, and %s of the recording. Filters, conditions and joins that go by personal values find others in a recording, since those are made up: a test of this report says nothing of them.",
				r.Dataset, count(r.Live, "row"), count(r.Kept, "row")),
		})
	}
	p.view.diagnostics(found, c.Files)
}

// given are the variables that have their values from outside the configuration, where a test does not look. A secret is
// none of them: a test needs none.
func (p *program) given(c *configuration, f recordFlags) ([]*spec.Variable, error) {
	sealed, err := p.read(f.path, variableFlags{sealed: true})
	if err != nil {
		return nil, err
	}
	var out []*spec.Variable
	for i, v := range c.Variables {
		if !v.Secret && !reflect.DeepEqual(v.Value, sealed.Variables[i].Value) {
			out = append(out, v)
		}
	}
	return out, nil
}

// within is a path from a folder, as definitions have it; empty where it lies elsewhere, so that no test may name it.
func (p *program) within(folder, path string) string {
	rel, err := filepath.Rel(folder, path)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// shifted is a text four spaces to the right.
func shifted(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	return b.String()
}
