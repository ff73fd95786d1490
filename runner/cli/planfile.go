package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner"
)

// planObject is a saved plan as JSON has it; its changes are lines of their own.
type planObject struct {
	File          string            `json:"file"`
	ID            string            `json:"id"`
	Created       time.Time         `json:"created"`
	Program       string            `json:"reportform"`
	Project       string            `json:"project"`
	State         string            `json:"state"`
	Lineage       string            `json:"lineage,omitempty"`
	Configuration string            `json:"configuration"`
	At            time.Time         `json:"run_at"`
	Complete      bool              `json:"complete"`
	Variables     map[string]string `json:"variables"`
}

func jsonPlan(file string, s *runner.Saved) planObject {
	o := planObject{
		File: file, ID: s.ID, Created: s.Created.UTC(), Program: s.Program, Project: s.Project, State: s.State,
		Lineage: s.Lineage, Configuration: s.Configuration, At: s.At.UTC(), Complete: s.Complete, Variables: map[string]string{},
	}
	for _, v := range s.Variables {
		o.Variables[v.Name] = v.Value
	}
	return o
}

// savable refuses a place for a plan before anything is fetched: only a plan is written over by another.
func (p *program) savable(out string) error {
	if err := p.notRead("out", out, ".plan"); err != nil {
		return err
	}
	path := p.path(out)
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return fmt.Errorf("--out: there is no folder %s", p.relative(filepath.Dir(path)))
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at --out: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("--out %s is %s, and a plan is written to a file", out, outputs.KindOf(info))
	case !isPlanFile(path):
		return fmt.Errorf("--out %s exists and is no plan: it is left as it is", out)
	}
	return nil
}

// isPlanFile tells a plan by what is in it, whatever its name.
func isPlanFile(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	beginning := make([]byte, 64)
	n, _ := io.ReadFull(f, beginning)
	return runner.IsPlan(beginning[:n])
}

// savePlan writes a plan whole or not at all, for its owner alone.
func (p *program) savePlan(ctx context.Context, r *runner.Runner, plan *runner.Plan, out string, o runner.SaveOptions) error {
	draft, err := os.CreateTemp(r.Dir, "plan-")
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	sum := sha256.New()
	saved, err := r.Save(ctx, io.MultiWriter(draft, sum), plan, o)
	size, unsized := draft.Seek(0, io.SeekCurrent)
	if err = errors.Join(err, unsized, draft.Close()); err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	if err := p.savable(out); err != nil {
		return err
	}
	path := p.path(out)
	folder, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	defer folder.Close()
	err = outputs.Place(folder, filepath.Base(path), outputs.Artifact{Path: draft.Name(), Size: size, Digest: outputs.Digest("sha256:" + hex.EncodeToString(sum.Sum(nil)))}, 0o600)
	if err != nil {
		return fmt.Errorf("save the plan to %s: %w", out, err)
	}
	p.view.object("plan", jsonPlan(path, saved))
	if !saved.Complete {
		p.lines("\nSaved to %s, to be looked at. It is incomplete, since something is blocked, and apply refuses it.\n", out)
		return nil
	}
	if due(plan.Counts()) == 0 {
		p.lines("\nSaved to %s. There is nothing in it to be delivered.\n", out)
		return nil
	}
	p.lines("\nSaved to %s. To deliver exactly this:\n    %s apply %s\n", out, p.calling(p.Dir), runner.ShellWord(out))
	return nil
}

// openPlan reads a plan file, which stays open until the program ends.
func (p *program) openPlan(name string) (*runner.Saved, error) {
	f, err := os.Open(p.path(name))
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	p.closed = append(p.closed, func() { _ = f.Close() })
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	saved, err := runner.ReadPlan(f, info.Size())
	if err == nil {
		return saved, nil
	}
	var version *runner.PlanVersionError
	var damaged *runner.DamagedPlanError
	switch {
	case errors.Is(err, runner.ErrNoPlan):
		return nil, fmt.Errorf("%s is no plan file\n\nA plan is made by:\n    %s plan --out FILE", name, p.calling(p.Dir))
	case errors.As(err, &version):
		return nil, fmt.Errorf("the plan %s is of another version\n%s. Use the program that saved it, or plan anew:\n    %s plan --out %s", name, runner.Capital(version.Error()), p.calling(p.Dir), runner.ShellWord(name))
	case errors.As(err, &damaged):
		return nil, fmt.Errorf("the plan %s is damaged\nIt cannot be trusted: %s. Plan anew:\n    %s plan --out %s", name, damaged.Reason, p.calling(p.Dir), runner.ShellWord(name))
	}
	return nil, fmt.Errorf("read plan %s: %w", name, err)
}

// planOnly plans, shows the plan and, where out names a file, saves it there; it delivers nothing.
func (p *program) planOnly(cmd *cobra.Command, c chosen, o runner.PlanOptions, verbose bool, out string) (*runner.Plan, error) {
	if out != "" {
		if o.Offline {
			return nil, errors.New("--out and --offline exclude each other: an offline plan has nothing to be delivered")
		}
		if err := p.savable(out); err != nil {
			return nil, err
		}
	}
	r, plan, failed := p.plan(cmd, c, o)
	if plan == nil {
		return nil, failed
	}
	p.showPlan(plan, verbose)
	p.showChanged(plan, c.named)
	p.showSettled(plan, c.named)
	p.showOlder(plan, c.named)
	if out != "" {
		o := runner.SaveOptions{Configuration: p.relative(p.path(strings.Join(c.named.path, ""))), Command: planning(cmd, c), Program: p.Version}
		if err := p.savePlan(cmd.Context(), r, plan, out, o); err != nil {
			return nil, err
		}
	}
	return plan, failed
}

// planning are the words that make a plan, for it to be made anew. Values of secret variables are left to be filled in.
func planning(cmd *cobra.Command, c chosen) []string {
	words := []string{cmd.Name()}
	for _, arg := range cmd.Flags().Args() {
		if strings.HasPrefix(arg, "-") {
			arg = "./" + arg // a folder, which would be taken for a flag
		}
		words = append(words, arg)
	}
	for _, name := range runner.Asked {
		flag := cmd.Flags().Lookup(name)
		if flag == nil || !flag.Changed {
			continue
		}
		values := []string{flag.Value.String()}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			if variable, _, _ := strings.Cut(value, "="); name == "var" && c.isSecret(variable) {
				value = variable + "=…"
			}
			words = append(words, "--"+name, value)
		}
	}
	return words
}

// applyFile delivers a saved plan: those very bytes, without a question.
func (p *program) applyFile(cmd *cobra.Command, args []string, maxAge string, d deliverFlags) error {
	file := args[slices.IndexFunc(args, func(arg string) bool { return isPlanFile(p.path(arg)) })]
	// What was saved is not planned any more.
	for _, name := range runner.Asked {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s cannot be given with a saved plan\nWhat is delivered was decided when %s was made. Leave it out, or plan anew with it:\n    %s plan --%s … --out %s", name, file, p.calling(p.Dir), name, runner.ShellWord(file))
		}
	}
	for _, arg := range args {
		if arg != file {
			return fmt.Errorf("%q cannot be given with a saved plan\n%s is delivered as a whole. Leave it out, or plan anew with it:\n    %s plan %s --out %s", arg, file, p.calling(p.Dir), runner.ShellWord(arg), runner.ShellWord(file))
		}
	}
	age, err := parseAge("max-age", maxAge)
	if err != nil {
		return err
	}
	saved, err := p.openPlan(file)
	if err != nil {
		return err
	}
	c, err := p.plannedConfiguration(file, saved)
	if err != nil {
		return err
	}
	store, err := p.store(cmd.Context(), c)
	if err != nil {
		return err
	}
	r, err := p.runner(c, store, saved.At)
	if err != nil {
		return err
	}
	r.Budget = d.budget
	plan, problems, err := r.Resume(cmd.Context(), saved, runner.ResumeOptions{File: file, Calling: p.calling(p.Dir), MaxAge: age})
	if err != nil {
		return err
	}
	failed := p.shown(append(problems, c.warnings...), c.Files)
	if plan == nil {
		return errShown
	}
	if slices.ContainsFunc(plan.Changes, func(c *runner.Change) bool { return c.Due() || c.Action == runner.Doubt || c.Action == runner.Blocked }) {
		p.showPlan(plan, false)
		p.lines("\n")
	} else {
		p.lines("Nothing is left to deliver of this plan.\n")
	}
	if !d.ephemeral {
		if err := p.keepsState(cmd, c, plan); err != nil {
			return err
		}
	}
	result, problems, err := r.Apply(cmd.Context(), plan)
	failed = cmp.Or(failed, p.shown(problems, c.Files))
	if err == nil && failed == nil && !result.OK() {
		failed = errShown
	}
	return cmp.Or(err, failed)
}

// plannedConfiguration loads the configuration that a plan was made of, with the values that its variables had then.
func (p *program) plannedConfiguration(file string, s *runner.Saved) (*configuration, error) {
	if _, err := os.Stat(p.path(s.Configuration)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the configuration of the plan %s is not here\nIt was made for %s, seen from the folder where reportform plan ran. Run apply in the same place:\n    reportform --chdir FOLDER apply %s", file, s.Configuration, runner.ShellWord(file))
	}
	var vars variableFlags
	for _, v := range s.Variables {
		vars.vars = append(vars.vars, v.Name+"="+v.Value)
	}
	return p.load([]string{s.Configuration}, vars)
}

// parseAge reads --max-age: 36h, or 7d.
func parseAge(flag, s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		var n int
		if n, err = strconv.Atoi(days); n > 36500 {
			n = 36500 // as good as any age
		}
		d = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || d < 0 {
		return 0, fmt.Errorf("--%s %q is no age: write 36h or 7d", flag, s)
	}
	return d, nil
}
