package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// standardInput stands for itself where a path is expected.
const standardInput = "-"

// formatting is one run of fmt.
type formatting struct {
	p           *program
	check, diff bool
	// seen are the paths that were looked at, and changed those of them that are not in canonical layout, as the user
	// would write them.
	seen, changed []string
	problems      diag.List
	texts         diag.Files
	// failed says that a file could not be read or written, which was shown.
	failed bool
}

// formatted is what came of a file that was not in canonical layout, as JSON has it.
type formatted struct {
	Path    string `json:"path"`
	Written bool   `json:"written"`
	Diff    string `json:"diff,omitempty"`
}

func (p *program) fmtCommand() *cobra.Command {
	f := &formatting{p: p, texts: diag.Files{}}
	cmd := &cobra.Command{
		Use:   "fmt [PATH]...",
		Short: "Write configuration files in canonical layout",
		Long: `Fmt lays YAML files out in one way: two spaces a level, lists indented below their key, one space where one separates,
at most one empty line in a row. Values, quotes, comments and the order of keys stay as they are: a file is written only
when it holds the very same values afterwards. Formatting twice changes nothing.

A folder stands for the YAML files directly in it: configuration, tests and values of variables. "-" reads standard
input and writes standard output. A file that is not YAML is left alone, and said to be so.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error { return f.run(args) },
	}
	cmd.Flags().BoolVar(&f.check, "check", false, "write nothing; list the files that are not in canonical layout, and exit with 3 if there is one")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "write nothing; print what would change as a unified diff")
	return cmd
}

func (f *formatting) run(args []string) error {
	if len(args) == 0 {
		args = []string{"."}
	}
	if slices.Contains(args, standardInput) {
		if len(args) > 1 {
			return fmt.Errorf("%q stands alone: standard input is formatted by itself", standardInput)
		}
		if err := f.stream(); err != nil {
			return err
		}
	}
	for _, arg := range args {
		if arg != standardInput {
			f.path(arg)
		}
	}
	if err := f.p.shown(f.problems, f.texts); err != nil || f.failed {
		return errShown
	}
	return f.conclude(args)
}

// conclude says what came of it all.
func (f *formatting) conclude(args []string) error {
	silent := f.diff || args[0] == standardInput && !f.check
	switch {
	case len(f.changed) == 0 && !silent:
		f.p.lines("In canonical layout already: %s.\n", count(len(f.seen), "file"))
	case len(f.changed) > 0 && f.check && !f.diff && args[0] != standardInput:
		words := []string{f.p.calling(f.p.Dir), "fmt"}
		for _, arg := range args {
			words = append(words, runner.ShellWord(arg))
		}
		f.p.lines("\nNot in canonical layout: %s. This lays them out:\n    %s\n", count(len(f.changed), "file"), strings.Join(words, " "))
	}
	if f.check && len(f.changed) > 0 {
		return errUnformatted
	}
	return nil
}

// path formats a file, or the files of a folder; what hinders one does not keep the others waiting.
func (f *formatting) path(arg string) {
	full := f.p.path(arg)
	folder, names := filepath.Dir(full), []string{filepath.Base(full)}
	info, err := os.Stat(full)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("there is no %s: name a folder with *.yaml files, or such a file", arg)
	case err != nil:
		err = fmt.Errorf("look at %s: %w", arg, err)
	case info.IsDir():
		folder = full
		names, err = formattable(full, arg)
	case !spec.IsYAML(names[0]):
		err = fmt.Errorf("%s is no YAML file by its name, which would end in .yaml or .yml", arg)
	}
	if err != nil {
		f.fail(err)
		return
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		f.fail(fmt.Errorf("open folder: %w", err))
		return
	}
	defer root.Close()
	for _, name := range names {
		if err := f.file(root, name); err != nil {
			f.fail(err)
		}
	}
}

// formattable returns the names of the files that a folder stands for.
func formattable(folder, arg string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("read folder: %w", err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && spec.IsYAML(e.Name()) {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("there is nothing to format in %s: no file there ends in .yaml or .yml", arg)
	}
	return names, nil
}

func (f *formatting) fail(err error) {
	f.failed = true
	f.p.view.failure(err)
}

// file formats one file of a folder.
func (f *formatting) file(root *os.Root, name string) error {
	shown := f.p.relative(filepath.Join(root.Name(), name))
	if slices.Contains(f.seen, shown) {
		return nil
	}
	f.seen = append(f.seen, shown)
	data, err := root.ReadFile(name)
	if info, unseen := root.Lstat(name); err != nil && unseen == nil && info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s is a link that leads nowhere or out of its folder, and is left alone: format what it stands for by its own name", shown)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", shown, err)
	}
	text, changes := f.format(shown, data)
	if !changes {
		return nil
	}
	if !f.check && !f.diff {
		if err := rewrite(root, name, text); err != nil {
			return fmt.Errorf("write %s: %w", shown, err)
		}
	}
	f.tell(formatted{Path: shown, Written: !f.check && !f.diff}, data, text)
	return nil
}

// stream formats standard input.
func (f *formatting) stream() error {
	if f.p.flags.json && !f.check && !f.diff {
		return fmt.Errorf("%q writes the text to standard output, where --json writes its lines: give --check or --diff with it, or name a file", standardInput)
	}
	data, err := io.ReadAll(f.p.Stdin)
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	f.seen = []string{standardInput}
	text, changes := f.format("standard input", data)
	switch {
	case f.check || f.diff:
		if changes {
			f.tell(formatted{Path: standardInput}, data, text)
		}
	case text != nil:
		_, err = f.p.Stdout.Write(text)
	}
	return err
}

// format returns a text in canonical layout, and whether it is another; nil where it could not be read.
func (f *formatting) format(shown string, data []byte) (text []byte, changes bool) {
	text, problems, files := spec.Format(shown, data)
	f.problems.Extend(problems)
	for name, text := range files {
		f.texts[name] = text
	}
	return text, text != nil && string(text) != string(data)
}

// tell says that a file was, or is, not in canonical layout.
func (f *formatting) tell(what formatted, before, after []byte) {
	f.changed = append(f.changed, what.Path)
	if f.diff {
		what.Diff = string(diff.Diff(what.Path, before, what.Path, after))
	}
	f.p.view.object("formatted", what)
	switch {
	case f.diff:
		for line := range strings.Lines(what.Diff) {
			f.p.lines("%s\n", f.painted(strings.TrimSuffix(line, "\n")))
		}
	case f.check:
		f.p.lines("%s\n", what.Path)
	default:
		f.p.lines("formatted %s\n", what.Path)
	}
}

// painted is a line of a diff in the colours that diffs have.
func (f *formatting) painted(line string) styled {
	colour := color.Reset
	switch {
	case strings.HasPrefix(line, "-"):
		colour = color.FgRed
	case strings.HasPrefix(line, "+"):
		colour = color.FgGreen
	case strings.HasPrefix(line, "@@"):
		colour = color.FgCyan
	}
	return f.p.text.color(colour, line)
}
