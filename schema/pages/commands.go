package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner/cli"
)

// commands is the page of the program's commands and their flags.
func commands() (string, error) {
	root := cli.Commands()
	var out strings.Builder
	out.WriteString(made + "# Commands\n\nExit codes: 0, done; 1, something failed, was blocked, refused or is in doubt; " +
		"2, only of `plan --detailed-exitcode`: something is due; 3, only of `fmt --check`: a file is laid out otherwise.\n")
	writeCommand(&out, root)
	return out.String(), nil
}

func writeCommand(out *strings.Builder, c *cobra.Command) {
	fmt.Fprintf(out, "\n## %s\n\n", c.CommandPath())
	about := c.Long
	if about == "" {
		about = c.Short + "."
	}
	fmt.Fprintf(out, "```\n%s\n```\n\n%s\n", c.UseLine(), paragraphs(about))
	if flags := c.LocalFlags().FlagUsages(); strings.TrimSpace(flags) != "" {
		fmt.Fprintf(out, "\n```\n%s\n```\n", strings.TrimRight(flags, "\n"))
	}
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() {
			writeCommand(out, below)
		}
	}
}

// paragraphs keeps indented lines as they are.
func paragraphs(s string) string {
	var out []string
	for _, p := range strings.Split(s, "\n\n") {
		if strings.Contains("\n"+p, "\n  ") {
			p = "```\n" + strings.Trim(p, "\n") + "\n```"
		}
		out = append(out, p)
	}
	return strings.Join(out, "\n\n")
}
