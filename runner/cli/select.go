package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// selectionFlags narrow a command to some of the reports and destinations.
type selectionFlags struct{ targets, tags []string }

func (s *selectionFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&s.targets, "target", nil, "only what this `ADDRESS` or pattern names: a report, an instance or a destination, such as weekly.leads or 'weekly[\"north\"]'; may be repeated")
	cmd.Flags().StringArrayVar(&s.tags, "tag", nil, "only reports with this `TAG`; may be repeated")
}

// aboutNames is the part of a command's help that says how reports are named.
const aboutNames = `

Besides the folder or file, arguments are names of reports, in which * stands for any characters: 'weekly-*' (quoted, or
the shell puts names of files in its place). A word that is a folder or file here is taken for that: a report of the same
name is chosen by --target. Names and --target add up; of what they choose, --tag takes those with that tag.`

// named is what a command's arguments name.
type named struct {
	// path is one folder or file, or nothing for the working directory.
	path []string
	// patterns are those of reports; only: the command takes them for nothing else.
	patterns []string
	only     bool
}

// named tells a folder or file from names of reports.
func (p *program) named(cmd *cobra.Command, args []string) (named, error) {
	var n named
	for _, arg := range args {
		if p.isPath(arg) {
			n.path = append(n.path, arg)
		} else {
			n.patterns = append(n.patterns, arg)
		}
	}
	if len(n.path) == 0 && len(n.patterns) > 0 && !isPattern(n.patterns[0]) && !p.holdsConfiguration() {
		return named{path: n.patterns[:1]}, nil // there are no reports here that the word could name
	}
	if len(n.path) > 1 {
		return n, fmt.Errorf("%q and %q are two configurations: %s takes one folder or file\n\nWhere a pattern of reports was meant, quote it, or the shell puts names of files in its place:\n    %s 'weekly-*'",
			n.path[0], n.path[1], cmd.CommandPath(), cmd.CommandPath())
	}
	return n, nil
}

// isPath reports whether an argument names a folder or file: it is one, or it looks like one that is missing.
func (p *program) isPath(arg string) bool {
	if _, err := os.Stat(p.path(arg)); err == nil && arg != "" {
		return true
	}
	if strings.Contains(arg, "[") {
		return false // an instance, whose key may be anything: weekly["a/b"]
	}
	return strings.ContainsAny(arg, `/\`) || slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(arg)) || arg == "." || arg == ".."
}

// isPattern reports whether an argument can only be meant for several reports.
func isPattern(arg string) bool { return strings.ContainsAny(arg, "*?[") }

// holdsConfiguration reports whether the working directory has files of a configuration.
func (p *program) holdsConfiguration() bool {
	files, _ := os.ReadDir(p.Dir)
	return slices.ContainsFunc(files, func(f os.DirEntry) bool { return spec.IsConfiguration(f.Name()) })
}

// selection is what the arguments and flags choose of a configuration. Each of them must fit something, so that a slip
// of the pen is not taken for having nothing to do; what only the rows of a split show, the runner looks at.
func (s selectionFlags) selection(cmd *cobra.Command, c *configuration, n named) (runner.Selection, error) {
	for _, pattern := range n.patterns {
		if fitsAny(pattern, c.Reports) {
			continue
		}
		what := inQuotes(pattern) + " fits no report"
		if len(n.path) == 0 && !n.only && !isPattern(pattern) {
			what = inQuotes(pattern) + " is neither a folder or file nor a report"
		}
		return runner.Selection{}, misfit(cmd, what, "reports", pattern, addresses(c.Reports))
	}
	for _, target := range s.targets {
		if err := checkAddress(cmd, "target", target, c.Reports); err != nil {
			return runner.Selection{}, err
		}
	}
	tags := allTags(c.Reports)
	for _, tag := range s.tags {
		if !slices.Contains(tags, tag) {
			return runner.Selection{}, misfit(cmd, fmt.Sprintf("no report has the tag %q", tag), "tags", tag, tags)
		}
	}
	out := runner.Selection{Patterns: n.patterns, Targets: s.targets, Tags: s.tags}
	if len(selected(c.Reports, out)) == 0 && len(s.tags) > 0 {
		return out, fmt.Errorf("none of the reports that are named has the tag %s", strings.Join(s.tags, " or "))
	}
	return out, nil
}

// checkAddress refuses the value of a flag that fits none of the reports and their destinations.
func checkAddress(cmd *cobra.Command, flag, pattern string, reports []*spec.Report) error {
	if fitsAny(pattern, reports) {
		return nil
	}
	if address, _, isKey := strings.Cut(pattern, "@"); isKey && fitsAny(address, reports) {
		return fmt.Errorf("--%s takes an address, and %s is the key of one delivery\nThe run's moment decides which range is meant, and --at DAY chooses an earlier moment. For this one:\n    %s",
			flag, inQuotes(pattern), commandLine(cmd.CommandPath(), replaced(given(cmd), pattern, address)...))
	}
	known := addresses(reports)
	for _, rep := range reports {
		for _, d := range rep.Destinations {
			known = append(known, rep.Address+"."+d.Name)
		}
	}
	return misfit(cmd, fmt.Sprintf("--%s %s fits no report, instance or destination", flag, inQuotes(pattern)), "addresses", pattern, known)
}

// misfit says that something chosen is not there, with the nearest that is, as a command, and with all that there is.
func misfit(cmd *cobra.Command, summary, kind, wrong string, known []string) error {
	const shown = 20
	if len(known) == 0 {
		return fmt.Errorf("%s: there are no %s", summary, kind)
	}
	var b strings.Builder
	b.WriteString(summary + "\n")
	if near := diag.Nearest(strings.Trim(wrong, "*"), known); near != "" {
		fmt.Fprintf(&b, "\nDid you mean this?\n    %s\n", commandLine(cmd.CommandPath(), replaced(given(cmd), wrong, near)...))
	}
	if len(known) == 1 {
		fmt.Fprintf(&b, "\nThere is only %s.", known[0])
		return fmt.Errorf("%s", &b)
	}
	fmt.Fprintf(&b, "\nThe %s are %s", kind, strings.Join(known[:min(shown, len(known))], ", "))
	if more := len(known) - shown; more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	b.WriteString(".")
	return fmt.Errorf("%s", &b)
}

// replaced puts another word into a command line where the wrong one stands.
func replaced(line []string, wrong, right string) []string {
	line[slices.Index(line, wrong)] = right
	return line
}

// selected are the reports that are meant, as a whole or with one of their destinations.
func selected(reports []*spec.Report, s runner.Selection) []*spec.Report {
	return slices.DeleteFunc(slices.Clone(reports), func(rep *spec.Report) bool { return !s.Takes(rep) })
}

// fitsAny reports whether a pattern names one of the reports or of their destinations, or could name a part of a split.
func fitsAny(pattern string, reports []*spec.Report) bool {
	return slices.ContainsFunc(reports, runner.Selection{Targets: []string{pattern}}.Takes)
}

// addresses are the names of reports, each with its instances.
func addresses(reports []*spec.Report) []string {
	var out []string
	for _, rep := range reports {
		if !slices.Contains(out, rep.Name) {
			out = append(out, rep.Name)
		}
		if rep.Address != rep.Name {
			out = append(out, rep.Address)
		}
	}
	return out
}

func allTags(reports []*spec.Report) []string {
	var out []string
	for _, rep := range reports {
		out = append(out, rep.Tags...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// given are the arguments and flags that choose what a command does, for one like it. Values of variables are left out:
// they may be secret.
func given(cmd *cobra.Command) []string {
	out := slices.Clone(cmd.Flags().Args())
	cmd.Flags().Visit(func(f *pflag.Flag) {
		list, many := f.Value.(pflag.SliceValue)
		switch {
		case slices.Contains([]string{"var", "json", "json-into", "no-color", "compact", "log-level"}, f.Name):
		case many:
			for _, value := range list.GetSlice() {
				out = append(out, "--"+f.Name, value)
			}
		case f.Value.Type() == "bool":
			out = append(out, "--"+f.Name)
		default:
			out = append(out, "--"+f.Name, f.Value.String())
		}
	})
	return out
}

// commandLine is a command to copy.
func commandLine(name string, args ...string) string {
	for _, arg := range args {
		name += " " + runner.ShellWord(arg)
	}
	return name
}

// inQuotes shows what a user wrote; an address may hold double quotes.
func inQuotes(s string) string {
	if strings.Contains(s, `"`) {
		return "'" + s + "'"
	}
	return `"` + s + `"`
}
