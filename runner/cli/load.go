package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// variableFlags give variables their values.
type variableFlags struct {
	vars, files []string
	// sealed: the environment gives no values.
	sealed bool
}

func (v *variableFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&v.vars, "var", nil, "give a variable its value, NAME=VALUE; may be repeated, the last wins")
	cmd.Flags().StringArrayVar(&v.files, "var-file", nil, "read values of variables from a YAML file; may be repeated")
}

// configuration is a loaded configuration with its folder.
type configuration struct {
	*spec.Config
	// folder is absolute.
	folder   string
	warnings diag.List
	// policy is the operator's; nil where there is none.
	policy *spec.Policy
}

// isSecret reports whether a variable's value is.
func (c *configuration) isSecret(variable string) bool {
	return slices.ContainsFunc(c.Variables, func(v *spec.Variable) bool { return v.Name == variable && v.Secret })
}

// load reads the configuration that the arguments name, by default the working directory's.
// What is wrong with it has been shown when load returns errShown.
func (p *program) load(args []string, v variableFlags) (*configuration, error) {
	c, err := p.read(args, v)
	if err != nil {
		return nil, err
	}
	if c.warnings.HasErrors() {
		return nil, p.shown(c.warnings, c.Files)
	}
	if c.policy, err = p.policy(); err != nil {
		return nil, err
	}
	if beyond := c.Check(c.policy); beyond.HasErrors() {
		return nil, p.shown(append(c.warnings, beyond...), c.Files)
	}
	return c, nil
}

// loadConnections is load for whoever only looks connections up: what is wrong in a report is often why they do.
func (p *program) loadConnections(v variableFlags) ([]*spec.Connection, error) {
	c, err := p.read(nil, v)
	if err != nil {
		return nil, err
	}
	inReport := func(d diag.Diagnostic) bool { return strings.HasPrefix(d.Context, `report "`) }
	if others := slices.DeleteFunc(slices.Clone(c.warnings), inReport); others.HasErrors() {
		return nil, p.shown(c.warnings, c.Files)
	}
	return c.Connections, nil
}

// read is load without a look at what is wrong, which stands in warnings.
func (p *program) read(args []string, v variableFlags) (*configuration, error) {
	given := "."
	if len(args) > 0 {
		given = args[0]
	}
	full := p.path(given)
	info, err := os.Stat(full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no %s: name a folder with *.yaml files, or one such file\n\nFor a first configuration:\n    reportform init %s", given, given)
	}
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	folder, name := full, "."
	if !info.IsDir() {
		folder, name = filepath.Split(full)
		folder = filepath.Clean(folder)
	}
	options, err := p.options(folder, v)
	if err != nil {
		return nil, err
	}
	// Links that lead out of the folder are not followed: a definition from anybody must not read the machine's files.
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer root.Close()
	c, problems, err := spec.Load(root.FS(), name, options)
	if err != nil {
		return nil, err
	}
	return &configuration{Config: c, folder: folder, warnings: problems}, nil
}

// options are what loading a folder's configuration takes beside its files.
func (p *program) options(folder string, v variableFlags) (spec.Options, error) {
	options := spec.Options{
		Dir:      p.relative(folder),
		Catalogs: p.catalogs(),
		Env: func(name string) (string, bool) {
			if v.sealed || !strings.HasPrefix(name, "REPORTFORM_VAR_") {
				return "", false
			}
			return p.Env(name)
		},
		Vars: v.vars,
	}
	for _, file := range v.files {
		data, err := os.ReadFile(p.path(file))
		if err != nil {
			return options, fmt.Errorf("read --var-file: %w", err)
		}
		options.VarFiles = append(options.VarFiles, spec.File{Name: file, Data: data})
	}
	return options, nil
}

// catalogs are the built-in sources by type of connection.
func (p *program) catalogs() map[string]map[string]*spec.Source {
	c := p.catalog()
	return map[string]map[string]*spec.Source{"thulium": c, "demo": c}
}

// policy reads the operator's policy; nil where there is none.
func (p *program) policy() (*spec.Policy, error) {
	name := p.flags.policy
	if name == "" {
		name, _ = p.Env("REPORTFORM_POLICY")
	}
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(p.path(name))
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	policy, problems := spec.ParsePolicy(data, name)
	if problems.HasErrors() {
		return nil, p.shown(problems, diag.Files{name: data})
	}
	return policy, nil
}
