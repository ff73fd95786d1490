package cli

import (
	"github.com/spf13/cobra"
)

func (p *program) validateCommand() *cobra.Command {
	var vars variableFlags
	var forReview reviewFlags
	cmd := &cobra.Command{
		Use:   "validate [PATH]",
		Short: "Check everything that can be known without network, secrets or state",
		Long: `Validate checks syntax, schema, names, expressions and their types, filters, ranges, columns and recipients,
and shows all problems at once, each at its place. It needs no secret and asks nobody.`,
		Args: arguments(0, 1, "one folder or file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reviewed(cmd, forReview, vars, func() (chosen, error) { return chosen{}, p.validate(args, vars) })
		},
	}
	forReview.addQuality(cmd)
	vars.add(cmd)
	return cmd
}

func (p *program) validate(args []string, vars variableFlags) error {
	c, err := p.load(args, vars)
	if err != nil {
		return err
	}
	if err := p.shown(c.warnings, c.Files); err != nil {
		return err
	}
	files := c.FileCount()
	p.view.object("validated", map[string]int{"files": files, "reports": len(c.Reports), "connections": len(c.Connections)})
	p.lines("The configuration is valid: %s, %s, %s.\n", count(files, "file"), count(len(c.Reports), "report"), count(len(c.Connections), "connection"))
	return nil
}
