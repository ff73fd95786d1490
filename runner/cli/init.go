package cli

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/editor"
)

//go:embed init/reports.yaml
var initReports []byte

//go:embed init/gitignore
var initIgnore []byte

// initFile is a file that init writes.
type initFile struct {
	// path is absolute.
	path string
	data []byte
}

func (p *program) initCommand() *cobra.Command {
	var ci string
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a first configuration, which validates and applies at once, and a pipeline",
		Long: `Init writes a configuration with one report on the demo source, its JSON Schema for editors, and a .gitignore.

With --ci it writes a pipeline into the git repository around the folder: pull requests are planned and tested without
secrets, and each Monday what is due is delivered, which a branch of the repository remembers. A folder that has a
configuration already keeps it as it is, and gets the pipeline alone.

Init writes over nothing: where one of the files exists, it stops.`,
		Example: `  reportform init my-reports
  reportform init my-reports --ci github`,
		Args: arguments(0, 1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			if cmd.Flags().Changed("ci") {
				return p.initPipeline(dir, ci)
			}
			if err := p.initReports(dir, initReports); err != nil {
				return err
			}
			p.lines("\nTry it:\n    reportform apply %s\n", runner.ShellWord(dir))
			return nil
		},
	}
	cmd.Flags().StringVar(&ci, "ci", "", "write a pipeline, for `SYSTEM` github or gitlab")
	return cmd
}

// initReports writes a first configuration into a folder, and the files that are to exist beside it.
func (p *program) initReports(dir string, reports []byte, beside ...initFile) error {
	full := p.path(dir)
	forEditors, err := editor.Schema(p.catalog())
	if err != nil {
		return err
	}
	files := append([]initFile{
		{filepath.Join(full, "reports.yaml"), bytes.Replace(reports, []byte("project: my-reports"), []byte("project: "+p.projectOf(dir)), 1)},
		{filepath.Join(full, "reportform.v1.schema.json"), forEditors},
		{filepath.Join(full, ".gitignore"), initIgnore},
	}, beside...)
	if err := p.absent(files); err != nil {
		return err
	}
	if name := configuredBy(full); name != "" {
		return fmt.Errorf("there is a configuration in %s already (%s)", dir, name)
	}
	return p.writeNew(files)
}

// plainProject are the names of folders that a project can have without quotes.
var plainProject = regexp.MustCompile(`^[A-Za-z]{2}[A-Za-z0-9_.-]{2,}$`)

// projectOf names the project of a first configuration after its folder, and within a repository after the way there:
// two folders that share a state must not take what the other has delivered for their own.
func (p *program) projectOf(dir string) string {
	name := filepath.Base(p.path(dir))
	if _, folder, err := p.repository(dir); err == nil && folder != "." {
		name = strings.ReplaceAll(folder, "/", "-")
	}
	if !plainProject.MatchString(name) || name == "true" || name == "null" || name == "false" {
		return "my-reports"
	}
	return name
}

// configuredBy names a file of the configuration in a folder; empty where there is none.
func configuredBy(folder string) string {
	entries, _ := os.ReadDir(folder)
	i := slices.IndexFunc(entries, func(e os.DirEntry) bool { return !e.IsDir() && spec.IsConfiguration(e.Name()) })
	if i < 0 {
		return ""
	}
	return entries[i].Name()
}

// absent refuses files of which one exists.
func (p *program) absent(files []initFile) error {
	for _, f := range files {
		if _, err := os.Lstat(f.path); err == nil {
			return fmt.Errorf("init writes over nothing, and %s exists already", p.relative(f.path))
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("look for %s: %w", p.relative(f.path), err)
		}
	}
	return nil
}

// writeNew writes files that are absent.
func (p *program) writeNew(files []initFile) error {
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
			return fmt.Errorf("make a folder for %s: %w", p.relative(f.path), err)
		}
		if err := os.WriteFile(f.path, f.data, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", p.relative(f.path), err)
		}
		p.view.object("file", map[string]string{"path": f.path})
		p.lines("wrote %s\n", p.relative(f.path))
	}
	return nil
}
