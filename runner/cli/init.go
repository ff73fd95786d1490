package cli

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/schema"
)

//go:embed init/reports.yaml
var initReports []byte

//go:embed init/gitignore
var initIgnore []byte

func (p *program) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a first configuration, which validates and applies at once",
		Long: `Init writes a configuration with one report on the demo source, its JSON Schema for editors, and a .gitignore.
It writes over nothing: where one of them exists, it stops.`,
		Args: arguments(0, 1, "one folder"),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			files := []struct {
				name string
				data []byte
			}{{"reports.yaml", initReports}, {"reportform.v1.schema.json", schema.V1}, {".gitignore", initIgnore}}
			full := p.path(dir)
			for _, f := range files {
				if _, err := os.Lstat(filepath.Join(full, f.name)); err == nil {
					return fmt.Errorf("init writes over nothing, and %s exists already", filepath.Join(dir, f.name))
				} else if !errors.Is(err, fs.ErrNotExist) {
					return fmt.Errorf("look into %s: %w", dir, err)
				}
			}
			if found, _ := filepath.Glob(filepath.Join(full, "*.y*ml")); len(found) > 0 {
				return fmt.Errorf("there is a configuration in %s already (%s)", dir, filepath.Base(found[0]))
			}
			if err := os.MkdirAll(full, 0o755); err != nil {
				return fmt.Errorf("make %s: %w", dir, err)
			}
			for _, f := range files {
				path := filepath.Join(full, f.name)
				if err := os.WriteFile(path, f.data, 0o644); err != nil {
					return fmt.Errorf("write %s: %w", path, err)
				}
				p.view.object("file", map[string]string{"path": path})
				p.lines("wrote %s\n", filepath.Join(dir, f.name))
			}
			p.lines("\nTry it:\n    reportform apply %s\n", dir)
			return nil
		},
	}
}
