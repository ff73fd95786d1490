package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/reporttest"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// testFlags are those of test.
type testFlags struct {
	run, junit string
	update     bool
}

func (p *program) testCommand() *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use:   "test [PATH]",
		Short: "Run the tests of reports from their recordings, without network and secrets",
		Long: `Test runs what the *.test.yaml files beside a configuration say: each test is one report at a moment, with the APIs'
answers from a recording, and what must come out of it: rows, cells, totals, kpis, subjects, recipients, files, and
whether anything is sent. PATH is the configuration's folder or one test file.

Nothing is reachable from a test: it asks no API, sends nothing, writes no report and reads no state. It needs no secret. What a policy forbids it tells as validate does.
"reportform record" makes a recording with a first test. After a change that is wanted, --update writes what comes out
into the files; comments and layout stay.`,
		Example: `  reportform test
  reportform test reports/weekly.test.yaml
  reportform test --run 'last week*'
  reportform test --update
  reportform test --junit tests.xml`,
		Args: arguments(0, 1, "one folder or test file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.apart(cmd, "junit", ".xml"); err != nil {
				return err
			}
			return p.test(cmd.Context(), args, f)
		},
	}
	cmd.Flags().StringVar(&f.run, "run", "", "only tests whose name or report fits this `PATTERN`, in which * stands for any characters")
	cmd.Flags().BoolVar(&f.update, "update", false, "write what comes out into the test files, in the place of what was expected")
	cmd.Flags().StringVar(&f.junit, "junit", "", "also write the results into this `FILE`, as JUnit does, for a CI's view of tests")
	return cmd
}

// suite is what a run of tests is of.
type suite struct {
	// folder of the configuration, absolute; path as load takes it.
	folder, path string
	files        []*spec.TestFile
	cases        []reporttest.Case
	data         diag.Files
	configs      map[string]*configuration
}

// test runs all tests that are meant, and tells what became of each.
func (p *program) test(ctx context.Context, args []string, f testFlags) error {
	s, err := p.suite(args, f.run)
	if err != nil {
		return err
	}
	if len(s.files) == 0 {
		// A pipeline runs tests before there are any.
		p.lines("%s has no tests. A recording of what the APIs say, with a first test beside it, is made by:\n    %s record\n", folderName(p.relative(s.folder)), p.calling(s.folder))
	}
	dir, err := os.MkdirTemp("", "reportform-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	p.closed = append(p.closed, func() { _ = os.RemoveAll(dir) })
	around := reporttest.Surroundings{Dir: dir, Kinds: p.kinds(), Now: p.Now, Calling: p.calling(s.folder)}
	var results []reporttest.Result
	for _, c := range s.cases {
		r, err := reporttest.Run(ctx, c, around)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Test.Name, err)
		}
		results = append(results, r)
		p.showResult(r, s, f.update)
	}
	updated := 0
	if f.update {
		if updated, err = p.updateTests(s, results); err != nil {
			return err
		}
	}
	if f.junit != "" {
		if err := p.writeJUnit(p.path(f.junit), results, s); err != nil {
			return err
		}
	}
	return p.summarize(results, f.update, updated)
}

// folderName names a folder at the beginning of a sentence.
func folderName(relative string) string {
	if relative == "." {
		return "This folder"
	}
	return relative
}

// suite reads the test files and, for each test, the configuration with its variables. All that is wrong with either is
// told before anything is run.
func (p *program) suite(args []string, pattern string) (*suite, error) {
	s := &suite{path: strings.Join(args, ""), data: diag.Files{}, configs: map[string]*configuration{}}
	names, err := p.testFiles(s)
	if err != nil {
		return nil, err
	}
	base, err := p.readSealed(s, nil)
	if err != nil {
		return nil, err
	}
	s.folder = base.folder
	// What has no value here may get one from each test.
	missing := func(d diag.Diagnostic) bool { return d.Code == "missing-variable" && len(names) > 0 }
	if wrong := slices.DeleteFunc(slices.Clone(base.warnings), missing); wrong.HasErrors() {
		return nil, p.shown(wrong, base.Files)
	}
	var problems diag.List
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read tests: %w", err)
		}
		file, wrong := spec.ParseTests(p.relative(name), data)
		problems.Extend(wrong)
		s.data[file.Name] = data
		s.files = append(s.files, file)
	}
	if problems.HasErrors() {
		return nil, p.shown(problems, s.with(base))
	}
	p.view.diagnostics(problems.Sorted(), s.with(base))
	return s, p.cases(s, pattern)
}

// with adds the test files to those that diagnostics may show.
func (s *suite) with(c *configuration) diag.Files {
	all := diag.Files{}
	for name, data := range c.Files {
		all[name] = data
	}
	for name, data := range s.data {
		all[name] = data
	}
	return all
}

// testFiles finds the files, and makes the suite's path that of the configuration.
func (p *program) testFiles(s *suite) ([]string, error) {
	full := p.path(s.path)
	if spec.IsTestFile(filepath.Base(full)) {
		if s.path = filepath.Dir(s.path); s.path == "." {
			s.path = ""
		}
		if _, err := os.Stat(full); err != nil {
			return nil, fmt.Errorf("there is no test file %s", p.relative(full))
		}
		return []string{full}, nil
	}
	folder := full
	if info, err := os.Stat(full); err == nil && !info.IsDir() {
		folder = filepath.Dir(full)
	}
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no %s: name a folder with *.test.yaml files, or one such file", s.path)
	}
	if err != nil {
		return nil, fmt.Errorf("read tests: %w", err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && spec.IsTestFile(e.Name()) {
			names = append(names, filepath.Join(folder, e.Name()))
		}
	}
	return names, nil
}

// cases puts the tests that are meant together with what they run against.
func (p *program) cases(s *suite, pattern string) error {
	var names []string
	for _, file := range s.files {
		for _, test := range file.Tests {
			names = append(names, test.Name)
			if pattern != "" && !runner.Match(pattern, test.Name) && !runner.Match(pattern, test.Report) {
				continue
			}
			c, err := p.config(s, test)
			if err != nil {
				return err
			}
			at, err := parseMoment(test.Moment, c.Settings.Calendar.Location)
			if err != nil {
				wrong := diag.Diagnostic{
					Code: "bad-moment", Summary: "Not a moment", Subject: test.MomentAt, Context: fmt.Sprintf("test %q", test.Name),
					Detail: fmt.Sprintf("%q is not a moment: write 2026-11-22, 2026-11-22T10:00 or 2026-11-22T10:00:00+01:00.", test.Moment),
				}
				return p.shown(diag.List{wrong}, s.with(c))
			}
			s.cases = append(s.cases, reporttest.Case{File: file, Test: test, Config: c.Config, Root: s.folder, At: at})
		}
	}
	if len(s.cases) == 0 && pattern != "" {
		return fmt.Errorf("no test's name or report fits '%s'%s", pattern, didYouMean(pattern, names))
	}
	return nil
}

// updateTests writes what came out into the files, and returns how many values that were.
func (p *program) updateTests(s *suite, results []reporttest.Result) (int, error) {
	total := 0
	for _, file := range s.files {
		var failures []reporttest.Failure
		for _, r := range results {
			if r.File == file && !r.Problems.HasErrors() { // of what went wrong nothing is wanted
				failures = append(failures, r.Failures...)
			}
		}
		data, changed := reporttest.Update(file, failures)
		if changed == 0 {
			continue
		}
		if err := p.replaceFile(filepath.Join(s.folder, filepath.Base(file.Name)), data); err != nil {
			return total, fmt.Errorf("write tests: %w", err)
		}
		total += changed
		p.lines("%s %s: %s written\n", p.text.color(color.FgGreen, "✓"), file.Name, count(changed, "value"))
	}
	return total, nil
}

func (p *program) writeJUnit(path string, results []reporttest.Result, s *suite) error {
	file, err := createFile(path)
	if err != nil {
		return fmt.Errorf("write --junit: %w", err)
	}
	err = errors.Join(reporttest.JUnit(file, results, func(r reporttest.Result) string { return explained(r, s) }), file.Close())
	if err != nil {
		return fmt.Errorf("write --junit: %w", err)
	}
	return nil
}

// summarize tells how many tests there were, and ends the command.
func (p *program) summarize(results []reporttest.Result, update bool, updated int) error {
	failed, left := 0, 0
	for _, r := range results {
		if r.Passed() {
			continue
		}
		failed++
		if !update || !updatable(r) {
			left++
		}
	}
	p.view.object("test_summary", map[string]int{"tests": len(results), "passed": len(results) - failed, "failed": failed, "updated": updated})
	word := fmt.Sprintf("%s, %d failed.", count(len(results), "test"), failed)
	if update && failed > left {
		word = fmt.Sprintf("%s, %s written, %d failed.", count(len(results), "test"), count(updated, "value"), left)
	}
	p.lines("\n%s\n", p.text.color(color.Bold, word))
	if left > 0 {
		return errShown
	}
	return nil
}

// updatable reports whether all that came out otherwise can be written into the file.
func updatable(r reporttest.Result) bool {
	for _, f := range r.Failures {
		if f.Why != "" {
			return false
		}
	}
	return !r.Problems.HasErrors()
}
