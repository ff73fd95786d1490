package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manCommand writes the manual's pages for a release. Cobra's own writer of them would link two libraries for Markdown into the
// program, which our texts are not.
func (p *program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual's pages, one for each command",
		Hidden: true,
		Args:   arguments(1, 1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := p.path(args[0])
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return fmt.Errorf("make %s: %w", args[0], err)
			}
			return p.manPages(cmd.Root(), folder)
		},
	}
}

// manPages writes the page of a command and those of the commands below it.
func (p *program) manPages(cmd *cobra.Command, folder string) error {
	page := filepath.Join(folder, manName(cmd)+".1")
	if err := os.WriteFile(page, []byte(manPage(cmd)), 0o644); err != nil {
		return fmt.Errorf("write the manual: %w", err)
	}
	p.view.object("file", map[string]string{"path": page})
	for _, c := range listed(cmd) {
		if err := p.manPages(c, folder); err != nil {
			return err
		}
	}
	return nil
}

// listed are the commands below one that help lists, too.
func listed(cmd *cobra.Command) []*cobra.Command {
	return slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool { return !c.IsAvailableCommand() })
}

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage is the page of a command, in the macros of man(7). It bears no date, so that a release can be built twice.
func manPage(cmd *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"reportform %s\" \"reportform\"\n", roff(strings.ToUpper(manName(cmd))), roff(cmd.Root().Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(manName(cmd)), roff(cmd.Short))
	b.WriteString(".SH SYNOPSIS\n")
	if cmd.Runnable() && !cmd.HasSubCommands() {
		fmt.Fprintf(&b, ".B %s\n", roff(cmd.UseLine()))
	} else {
		fmt.Fprintf(&b, ".B %s\n.I command\n", roff(cmd.CommandPath()))
	}
	if cmd.Long != "" {
		b.WriteString(".SH DESCRIPTION\n" + roffText(cmd.Long))
	}
	if commands := listed(cmd); len(commands) > 0 {
		b.WriteString(".SH COMMANDS\n")
		for _, c := range commands {
			fmt.Fprintf(&b, ".TP\n.BR %s (1)\n%s\n", roff(manName(c)), roff(c.Short))
		}
	}
	manFlags(&b, cmd.LocalFlags())
	if cmd.Example != "" {
		b.WriteString(".SH EXAMPLES\n" + roffText(cmd.Example))
	}
	if cmd.HasParent() {
		fmt.Fprintf(&b, ".SH SEE ALSO\n.BR %s (1),\nwhich has the options of every command\n", roff(cmd.Root().Name()))
	}
	return b.String()
}

func manFlags(b *strings.Builder, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	b.WriteString(".SH OPTIONS\n")
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		fmt.Fprintf(b, ".TP\n.B %s\n", roff(strings.TrimSpace("--"+f.Name+" "+value)))
		b.WriteString(roff(usage))
		if !slices.Contains([]string{"", "false", "0", "[]"}, f.DefValue) {
			b.WriteString(roff(" (" + f.DefValue + " without it)"))
		}
		b.WriteString("\n")
	})
}

// roffText sets paragraphs, and lines that are indented as they stand.
func roffText(text string) string {
	var b strings.Builder
	verbatim := false
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		line = strings.TrimSuffix(line, "\n")
		if indented := strings.HasPrefix(line, "  "); indented != verbatim && line != "" {
			verbatim = indented
			b.WriteString(map[bool]string{true: ".PP\n.nf\n", false: ".fi\n.PP\n"}[verbatim])
		}
		switch {
		case line == "" && !verbatim:
			b.WriteString(".PP\n")
		default:
			b.WriteString(roff(line) + "\n")
		}
	}
	if verbatim {
		b.WriteString(".fi\n")
	}
	return b.String()
}

// roff escapes what the formatter would take for its own: backslashes, dashes to be typed, and what begins a line's macro.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + text
	}
	return text
}
