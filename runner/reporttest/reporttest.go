// Package reporttest runs reports from recordings of what APIs answered, and compares what comes out with what a test
// expects. Nothing is reachable from a test: rows come from files, mails and workbooks are built and never delivered, no
// state is read and no secret needed.
package reporttest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// Case is a test with what it runs against.
type Case struct {
	File *spec.TestFile
	Test *spec.Test
	// Config was loaded with the test's variables; Root is its folder, absolute.
	Config *spec.Config
	Root   string
	// At is the run's moment.
	At time.Time
}

// Surroundings are what running tests takes.
type Surroundings struct {
	// Dir is a private temporary folder.
	Dir string
	// Kinds make outputs; of those only Render is called.
	Kinds outputs.Kinds
	// Now is the real clock: it says how long a test takes, and nothing else.
	Now func() time.Time
	// Calling is how the program is called on the configuration, for the commands that are shown.
	Calling string
}

// Result is what became of a test.
type Result struct {
	File *spec.TestFile
	Test *spec.Test
	// Failures are what came out otherwise, in the order of the file; none where the test passed.
	Failures []Failure
	// Problems are those of the report, where they were not expected.
	Problems diag.List
	Took     time.Duration
}

// Passed reports whether all came out as expected.
func (r Result) Passed() bool { return len(r.Failures) == 0 && !r.Problems.HasErrors() }

// Run runs one test. The error is of our surroundings; whatever is wrong with the test or the report is in the result.
func Run(ctx context.Context, c Case, s Surroundings) (Result, error) {
	began := s.Now()
	out := Result{File: c.File, Test: c.Test}
	rep, problem := c.report()
	var dir string
	if problem == nil {
		dir, problem = c.recording(rep, s)
	}
	if problem != nil {
		out.Problems = diag.List{*problem}
		return out, nil
	}
	seen, problems, err := Replay(ctx, c.Config, rep, c.Root, dir, c.At, s)
	switch {
	case ctx.Err() != nil:
		return out, err
	case errors.Is(err, source.ErrDamaged):
		out.Problems = diag.List{*c.damaged(rep, err, s)}
		return out, nil
	case err != nil:
		// The other tests have recordings of their own.
		out.Problems = diag.List{*c.problem(c.recordingAt(), "no-recording", "No recording", fmt.Sprintf("The recording cannot be used: %v.", err))}
		return out, nil
	}
	seen, problem = seen.of(c.Test, problems)
	if problem != nil {
		out.Problems = diag.List{*problem}
		return out, nil
	}
	out.Failures = seen.compare(c.Test)
	if len(out.Failures) > 0 && seen.blocked() != nil {
		out.Problems = c.recordable(rep, problems, s)
		out.Failures = firstCause(out.Failures)
	}
	out.Took = s.Now().Sub(began)
	return out, nil
}

// firstCause leaves of failures that have one and the same cause the first.
func firstCause(all []Failure) []Failure {
	told := map[string]bool{}
	return slices.DeleteFunc(all, func(f Failure) bool {
		again := f.Why != "" && told[f.Why]
		told[f.Why] = true
		return again
	})
}

// report finds the report that the test is of: for a part of a split the whole.
func (c Case) report() (*spec.Report, *diag.Diagnostic) {
	var known []string
	for _, rep := range c.Config.Reports {
		if rep.Address == c.Test.Report || rep.Split != nil && strings.HasPrefix(c.Test.Report, rep.Address+"[") {
			return rep, nil
		}
		known = append(known, rep.Address)
	}
	detail := fmt.Sprintf("There is no report %q.", c.Test.Report)
	if instances := slices.DeleteFunc(slices.Clone(known), func(a string) bool { return !strings.HasPrefix(a, c.Test.Report+"[") }); len(instances) > 0 {
		detail = fmt.Sprintf("The report %q has several instances, and a test is of one. Name it in single quotes: '%s'.", c.Test.Report, instances[0])
	} else if now := c.renamed(); now != "" {
		detail += fmt.Sprintf(" It is now %q.", now)
	} else if near := diag.Nearest(c.Test.Report, known); near != "" {
		detail += fmt.Sprintf(" Did you mean %q?", near)
	}
	return nil, c.problem(c.Test.ReportAt, "unknown-report", "Unknown report", detail)
}

func (c Case) problem(at diag.Range, code, summary, detail string) *diag.Diagnostic {
	return &diag.Diagnostic{Code: code, Summary: summary, Detail: detail, Subject: at, Context: fmt.Sprintf("test %q", c.Test.Name)}
}

// Folder is where a report's recording lies unless something else is said: all instances share one.
func Folder(rep *spec.Report) string { return filepath.Join("recorded", rep.Name) }

// renamed is what the test's report is called since it was moved, however often; empty where it was not.
func (c Case) renamed() string {
	name := c.Test.Report
	for range c.Config.Moved {
		for _, m := range c.Config.Moved {
			if m.From == name {
				name = m.To
			}
		}
	}
	if name == c.Test.Report {
		return ""
	}
	return name
}

// recording finds the folder with the answers.
func (c Case) recording(rep *spec.Report, s Surroundings) (string, *diag.Diagnostic) {
	name := c.folder(rep)
	dir := filepath.Join(c.Root, filepath.FromSlash(name))
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return dir, nil
	}
	return "", c.problem(c.recordingAt(), "no-recording", "No recording", fmt.Sprintf(
		"There is no recording in %s. One is made of what the APIs say at that moment by:\n    %s", filepath.ToSlash(name), c.again(rep, s)))
}

// again is the command that makes the test's recording of what the APIs say at its moment; it is the same for one that
// is there, but for --force.
func (c Case) again(rep *spec.Report, s Surroundings, more ...string) string {
	words := append([]string{"record", rep.Name, "--at", c.Test.Moment}, more...)
	if dir, name := path.Split(filepath.ToSlash(c.folder(rep))); name == rep.Name && dir != "recorded/" {
		words = append(words, "--out", path.Clean(dir))
	}
	for _, v := range c.Test.Vars {
		words = append(words, "--var", v)
	}
	line := s.Calling
	for _, w := range words {
		line += " " + runner.ShellWord(w)
	}
	return line
}

// recordable says how a recording gets what was not asked when it was made.
func (c Case) recordable(rep *spec.Report, problems diag.List, s Surroundings) diag.List {
	out := slices.Clone(problems)
	for i := range out {
		if out[i].Code == "not-recorded" {
			out[i].Detail += "\n\nTo make it anew:\n    " + c.again(rep, s, "--force")
		}
	}
	return out
}

// folder is that of the recording, from the configuration's.
func (c Case) folder(rep *spec.Report) string {
	if c.Test.Recording != "" {
		return c.Test.Recording
	}
	return Folder(rep)
}

// recordingAt is where the test says its recording, or else its report.
func (c Case) recordingAt() diag.Range {
	if c.Test.Recording != "" {
		return c.Test.RecordingAt
	}
	return c.Test.ReportAt
}

func (c Case) damaged(rep *spec.Report, err error, s Surroundings) *diag.Diagnostic {
	return c.problem(c.recordingAt(), "damaged-recording", "Recording is damaged", fmt.Sprintf(
		"In %s, %v. Take it from the history of the repository, or make a new one of what the APIs say at that moment by:\n    %s",
		filepath.ToSlash(c.folder(rep)), err, c.again(rep, s, "--force")))
}

// Replay runs a report from a recording as if nothing had ever been delivered.
func Replay(ctx context.Context, config *spec.Config, rep *spec.Report, root, recording string, at time.Time, s Surroundings) (Seen, diag.List, error) {
	cache, _, err := source.OpenRecording(recording)
	if err != nil {
		return Seen{}, nil, err
	}
	defer cache.Close()
	alone := *config
	alone.Reports = []*spec.Report{rep}
	now := func() time.Time { return at }
	r := &runner.Runner{
		Config: &alone, Clock: now, At: at, Root: root, Recorded: true, Dir: s.Dir,
		Env:    func(string) (string, bool) { return "", false },
		Secret: func(string) {}, Redact: func(text string) string { return text },
		Client:   source.New(source.Options{Transport: unreachable{}, Demo: unreachable{}, Now: now, Cache: cache}),
		Kinds:    renderOnly(s.Kinds),
		Observer: deaf{},
	}
	plan, problems, err := r.Plan(ctx, runner.PlanOptions{Alone: true})
	if err != nil {
		return Seen{}, nil, err
	}
	return Seen{plan: plan, problems: problems, locale: config.Settings.Locale}, problems, nil
}

// unreachable is all that a test could ask.
type unreachable struct{}

var errUnreachable = errors.New("a test asks nobody")

// RoundTrip implements http.RoundTripper.
func (unreachable) RoundTrip(*http.Request) (*http.Response, error) { return nil, errUnreachable }

// ServeHTTP implements http.Handler.
func (unreachable) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, errUnreachable.Error(), http.StatusForbidden)
}

// renderOnly makes outputs that deliver nothing.
func renderOnly(kinds outputs.Kinds) outputs.Kinds {
	return func(t outputs.Target) (outputs.Output, error) {
		o, err := kinds(t)
		return rendering{o}, err
	}
}

type rendering struct{ outputs.Output }

// Deliver implements outputs.Output.
func (rendering) Deliver(context.Context, outputs.Artifact, outputs.Key) (outputs.Receipt, error) {
	return outputs.Receipt{}, errors.New("a test delivers nothing")
}

// deaf observes nothing: what a test does is told by its result.
type deaf struct{}

// Observe implements runner.Observer.
func (deaf) Observe(runner.Event) {}
