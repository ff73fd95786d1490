package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/schema"
	"github.com/reportform/reportform/spec/editor"
)

func (p *program) schemaCommand() *cobra.Command {
	var vars variableFlags
	var of, out string
	var tests bool
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema by which editors complete and check definitions",
		Long: `Schema prints a JSON Schema (draft-07) of version 1 of the language, with the filters, grains and columns of the
built-in sources. An editor with the YAML language server uses it by this line at the top of a definition:

  # yaml-language-server: $schema=reportform.schema.json

With --for it knows a configuration's own connections, sources, datasets and columns as well. It is a picture of what is
there now: make it anew where connections or sources have changed. A configuration that is not right yet will do.

With --tests it is the schema of *.test.yaml files.`,
		Example: `  reportform schema --out reportform.schema.json
  reportform schema --for reports --out reports/.schema.json`,
		Args: arguments(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.apart(cmd, "out", ".json"); err != nil {
				return err
			}
			made, err := schema.Test1, error(nil)
			if !tests {
				made, err = p.editorSchema(cmd.Flags().Changed("for"), of, vars)
			}
			if err != nil {
				return err
			}
			p.view.object("schema", json.RawMessage(made))
			if out == "" {
				p.lines("%s", made)
				return nil
			}
			if err := p.replaceFile(out, made); err != nil {
				return fmt.Errorf("write %s: %w", out, err)
			}
			p.lines("Wrote %s.\n", out)
			return nil
		},
	}
	cmd.Flags().StringVar(&of, "for", "", "add the connections, sources, datasets and columns of this folder's or file's configuration")
	cmd.Flags().StringVar(&out, "out", "", "write into this file, in the place of what it holds, instead of printing")
	cmd.Flags().BoolVar(&tests, "tests", false, "print the schema of test files instead")
	cmd.MarkFlagsMutuallyExclusive("tests", "for")
	vars.add(cmd)
	return cmd
}

// editorSchema makes the schema, for a configuration or for any.
func (p *program) editorSchema(given bool, of string, vars variableFlags) ([]byte, error) {
	if !given {
		return editor.Schema(p.catalog())
	}
	c, err := p.read([]string{of}, vars)
	if err != nil {
		return nil, err
	}
	if c.warnings.HasErrors() && len(c.Connections) == 0 {
		return nil, p.shown(c.warnings, c.Files) // files that cannot be read say nothing about sources
	}
	return editor.SchemaFor(c.Config)
}

// replaceFile writes a file whole or not at all, in the place of what stands there.
func (p *program) replaceFile(name string, data []byte) (err error) {
	path := p.path(name)
	folder, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	drafts, err := os.MkdirTemp("", "reportform-schema-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(drafts)) }()
	draft := outputs.Artifact{Path: filepath.Join(drafts, "draft"), Size: int64(len(data))}
	draft.Digest, err = outputs.WriteFile(draft.Path, func(w *bufio.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	const readable = 0o644
	return outputs.Place(folder, filepath.Base(path), draft, readable)
}
