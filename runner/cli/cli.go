// Package cli is the program's commands: it reads flags, puts the runner together with its outputs, and shows what happens.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/source/thulium"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitDue    = 2 // plan --detailed-exitcode: something is due, and nothing is wrong
	exitLayout = 3 // fmt --check: a file is not in canonical layout, and nothing is wrong
)

// errShown ends a command whose failure the user has been told already.
var errShown = errors.New("failed")

// errDue ends a plan that was asked to tell by its exit code that something is due.
var errDue = errors.New("something is due")

// errUnformatted ends a check of the layout that found another.
var errUnformatted = errors.New("a file is not in canonical layout")

// Main runs the program and returns its exit code. When the surroundings say stop, it returns at once and says what is
// in doubt.
func Main(ctx context.Context, args []string, s Surroundings) int {
	p := newProgram(s, args)
	defer p.close()
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, args) }()
	select {
	case code := <-ended:
		return code
	case <-s.Stop:
		p.stopped()
		return exitFailed
	}
}

// run executes the command. A panic is shown as an error, so that a pipeline never takes it for success.
func (p *program) run(ctx context.Context, args []string) (code int) {
	defer func() {
		if v := recover(); v != nil {
			p.view.failure(fmt.Errorf("reportform has a mistake of its own, please report it: %v\n%s", v, debug.Stack()))
			code = exitFailed
		}
	}()
	stop := context.AfterFunc(ctx, p.interrupted)
	defer stop()
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil || errors.Is(err, errDue) || errors.Is(err, errUnformatted):
		p.view.start(root.Name()) // help has come without a command; a command has said its own name by now
		if err := p.out.failed(); err != nil {
			p.text.failure(fmt.Errorf("standard output cannot be written: %w", err))
			return exitFailed
		}
		if err := p.into.failed(); err != nil {
			p.text.failure(fmt.Errorf("the lines of --json-into cannot be written: %w", err))
			return exitFailed
		}
		switch {
		case errors.Is(err, errDue):
			return exitDue
		case errors.Is(err, errUnformatted):
			return exitLayout
		}
		return exitOK
	case errors.Is(err, errShown):
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		p.view.failure(errors.New("interrupted: what was delivered is recorded, the rest is due for the next apply"))
	default:
		p.view.failure(err)
	}
	return exitFailed
}

// program is one run of the program: its surroundings, global flags and view.
type program struct {
	Surroundings
	flags  flags
	redact *redactor
	out    *redactingWriter // Stdout
	into   *redactingWriter // the file of --json-into; nil where there is none
	view   view
	text   *textView
	log    *slog.Logger
	flight inFlight
	// cache keeps answers across runs; nil where --cache names none.
	cache  *source.Cache
	closed []func()
	// home is the folder in which the user called the program, whatever --chdir says.
	home string
	// call is how the program is called on the state of what it delivers; set before anything is in flight.
	call string
	// catalog reads the built-in sources, once a run.
	catalog func() map[string]*spec.Source
}

// flags are those of every command.
type flags struct {
	chdir, jsonInto, logLevel, policy string
	json, noColor, compact            bool
}

// newProgram looks for --json by itself: arguments that cannot be parsed are told to a program as lines, too.
func newProgram(s Surroundings, args []string) *program {
	p := &program{Surroundings: s, home: s.Dir, redact: &redactor{}, catalog: sync.OnceValue(thulium.Catalog)}
	p.out = p.redact.writer(s.Stdout)
	errs := p.redact.writer(s.Stderr)
	p.Stdout, p.Stderr = p.out, errs
	if p.onGitHub() {
		p.redact.announce = masking(errs.raw)
	}
	p.flags.json = slices.Contains(args, "--json")
	p.openView()
	return p
}

// openView begins to show what happens, as text or as lines of JSON.
func (p *program) openView() {
	p.text = newTextView(p)
	p.view = p.text
	if p.flags.json {
		p.view = newJSONView(p, p.Stdout)
	}
}

func (p *program) close() {
	p.view.close()
	for _, f := range p.closed {
		f()
	}
}

// Commands is the tree of commands, for pages about them; it runs nothing.
func Commands() *cobra.Command {
	p := newProgram(Surroundings{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Env: func(string) (string, bool) { return "", false }}, nil)
	return p.root()
}

// root is the command tree.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "reportform",
		Short: "Declarative reports: YAML in git, workbooks in inboxes",
		Long: `reportform runs reports that are defined in YAML: it works out their date ranges, asks REST APIs,
writes Excel workbooks and mails them, once for each range.

  reportform init my-reports        a first configuration, which works at once
  reportform plan my-reports        what is due and what it will be
  reportform apply my-reports       deliver it`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       p.Version,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return p.start(cmd)
		},
	}
	root.SetVersionTemplate("reportform {{.Version}}\n")
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	if p.flags.json {
		root.SetOut(p.Stderr) // help is for people
	}
	root.SetErr(p.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%s\n\nSee the command's flags:\n    %s --help", flagFault(cmd, err), cmd.CommandPath())
	})
	f := root.PersistentFlags()
	f.StringVar(&p.flags.chdir, "chdir", "", "work in this folder instead of the current one")
	f.BoolVar(&p.flags.json, "json", p.flags.json, "print one JSON object a line instead of text")
	f.StringVar(&p.flags.jsonInto, "json-into", "", "also write the JSON lines into this file")
	f.BoolVar(&p.flags.noColor, "no-color", false, "print without colour (also: NO_COLOR in the environment)")
	f.BoolVar(&p.flags.compact, "compact", false, "print each diagnostic in one line: file:line:col: error: …")
	f.StringVar(&p.flags.logLevel, "log-level", "", "log to standard error: debug, info, warn or error")
	f.StringVar(&p.flags.policy, "policy", "", "the operator's policy file, outside the tree that authors can change (also: REPORTFORM_POLICY)")
	root.AddCommand(
		p.initCommand(), p.validateCommand(), p.fmtCommand(), p.planCommand(), p.applyCommand(), p.previewCommand(), p.backfillCommand(),
		p.rangeCommand(), p.showCommand(), p.sourcesCommand(), p.discoverCommand(), p.demoCommand(), p.schemaCommand(), p.stateCommand(), p.versionCommand(),
		p.testCommand(), p.recordCommand(), p.manCommand(),
	)
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.HasSubCommands() {
			cmd.RunE = group
		}
	}
	return root
}

// flagFault says what is wrong with a flag: with the nearest one that there is, and without the words of a library.
func flagFault(cmd *cobra.Command, err error) string {
	wrong, unknown := strings.CutPrefix(err.Error(), "unknown flag: ")
	if !unknown {
		text, why, _ := strings.Cut(err.Error(), " flag: ")
		if strings.HasPrefix(why, "time: ") || strings.HasPrefix(why, "strconv.") {
			return text
		}
		return err.Error()
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
	return err.Error() + didYouMean(wrong, known)
}

// group runs a command that holds others and was given none of them; left to itself, cobra takes a mistyped one for success.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return fmt.Errorf("unknown command %q for %q%s", args[0], cmd.CommandPath(), didYouMean(args[0], names))
}

// start sets the views up, once the flags are known.
func (p *program) start(cmd *cobra.Command) error {
	if p.flags.chdir != "" {
		p.Dir = p.path(p.flags.chdir)
	}
	if err := p.startLog(); err != nil {
		return err
	}
	p.openView()
	if err := p.apart(cmd, "json-into", ".jsonl"); err != nil {
		return err
	}
	if p.flags.jsonInto != "" {
		file, err := createFile(p.path(p.flags.jsonInto))
		if err != nil {
			return fmt.Errorf("write --json-into: %w", err)
		}
		p.closed = append(p.closed, func() { _ = file.Close() })
		p.into = p.redact.writer(file)
		p.view = both{p.view, newJSONView(p, p.into)}
	}
	p.view = logged{p.view, p.log, &p.flight}
	p.view.start(cmd.CommandPath())
	return nil
}

// arguments makes cobra's argument checks speak of what was expected.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return fmt.Errorf("an argument is missing: %s takes %s", cmd.CommandPath(), what)
		case len(args) <= most:
			return nil
		}
		return fmt.Errorf("%q is one argument too many: %s takes %s", args[most], cmd.CommandPath(), what)
	}
}

// shown ends a command after its diagnostics: with errShown when one is an error.
func (p *program) shown(l diag.List, files diag.Files) error {
	p.view.diagnostics(l.Sorted(), files)
	if l.HasErrors() {
		return errShown
	}
	return nil
}

// styled is text with our own colours in it, made of parts that are printable.
type styled string

// lines writes text to standard output; in JSON mode it is left out, since every line there is an object.
// Strings among the values may come from anybody, and are made printable.
func (p *program) lines(format string, a ...any) {
	if !p.flags.json {
		_, _ = fmt.Fprintf(p.Stdout, format, printable(a)...)
	}
}

func printable(values []any) []any {
	out := slices.Clone(values)
	for i, v := range out {
		switch v := v.(type) {
		case string:
			out[i] = diag.Printable(v)
		case []byte:
			out[i] = diag.Printable(string(v))
		case error:
			out[i] = diag.Printable(v.Error())
		case fmt.Stringer:
			out[i] = diag.Printable(v.String())
		}
	}
	return out
}
