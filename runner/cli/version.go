package cli

import "github.com/spf13/cobra"

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the program's version",
		Args:  arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			// In JSON the first line of every command has it.
			p.lines("reportform %s\n", p.Version)
			return nil
		},
	}
}
