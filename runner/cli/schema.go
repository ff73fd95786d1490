package cli

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/schema"
)

func (p *program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of definitions, for editors",
		Long: `Schema prints the JSON Schema (draft-07) of version 1. An editor with the YAML language server uses it by this line
at the top of a definition:

  # yaml-language-server: $schema=reportform.v1.schema.json`,
		Args: arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			p.view.object("schema", json.RawMessage(schema.V1))
			p.lines("%s", schema.V1)
			return nil
		},
	}
}
