package spec

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// Options are what loading needs of the surroundings.
type Options struct {
	// Dir is put before file names in diagnostics, so that they read as the user named them.
	Dir string
	// Catalogs are the built-in sources by connection type and name.
	Catalogs map[string]map[string]*Source
	// Env looks up REPORTFORM_VAR_NAME, and nothing else; nil finds nothing.
	Env func(name string) (string, bool)
	// VarFiles are the files named by --var-file, in that order.
	VarFiles []File
	// Vars are the values given by --var, name=value, in that order.
	Vars []string
}

// File is a file that was read by somebody else.
type File struct {
	Name string
	Data []byte
}

// Load reads a configuration: name is a file's name in fsys, or "." for every configuration file directly in it.
// Whatever is wrong with the configuration is in the list, all of it at once; the Config may be used if the list
// has no errors. The error is for files that cannot be read. To keep symbolic links inside the folder,
// fsys should be an [os.Root]'s.
func Load(fsys fs.FS, name string, o Options) (*Config, diag.List, error) {
	files, automatic, err := readFiles(fsys, name)
	if err != nil {
		return nil, nil, err
	}
	d := newDecoder(o)
	if d.folder, err = fs.Sub(fsys, path.Dir(name)); err != nil {
		return nil, nil, fmt.Errorf("open folder: %w", err)
	}
	d.config.Root = path.Join(o.Dir, path.Dir(name))
	if len(files) == 0 {
		d.fault(diag.Range{File: d.place(name)}, "no-configuration", "No configuration here",
			"The folder has no file that ends in .yaml or .yml; names that begin with . or _, *.test.yaml and *.vars.yaml do not count.\nA first configuration is made by:\n\n    reportform init")
		return d.config, d.diags, nil
	}
	d.config.count = len(files)
	roots, whole := d.parse(files)
	d.partial = !whole
	united := d.unite(roots)
	d.variables(united.Get("variables"), automatic)
	d.substitute(united)
	for _, e := range united.Get("settings").Get("defaults").All() {
		d.config.Defaults = append(d.config.Defaults, e.Key)
	}
	mergeDefaults(united)
	for _, root := range roots {
		d.checkSchema(root, "")
	}
	if !d.partial {
		d.configuration(united)
	}
	d.diags = d.diags.Sorted()
	d.blank()
	if name != "." {
		d.alone(fsys, name)
	}
	return d.config, d.diags, nil
}

// parse returns the files' root nodes; whole is false when a file could not be parsed, so that its names are missing.
func (d *decoder) parse(files []File) (roots []*tree.Node, whole bool) {
	whole = true
	for _, f := range files {
		name := d.place(f.Name)
		d.config.Files[name] = f.Data
		root, diags := tree.Parse(name, f.Data)
		d.remember(diags)
		if root == nil {
			d.veilLines(name, false, func(key string) bool { return isNearSecret(key) || isCredential(key) })
			whole = false
			continue
		}
		d.veil(root, language().Shape(""), false)
		roots = append(roots, root)
	}
	return roots, whole
}

// place is a file's name as the user knows it.
func (d *decoder) place(name string) string { return path.Join(d.options.Dir, name) }

// readFiles returns the configuration's files, and those that set variables by themselves, by name.
func readFiles(fsys fs.FS, name string) (files, automatic []File, err error) {
	if name != "." {
		f, err := readFile(fsys, name)
		if err != nil {
			return nil, nil, err
		}
		files = []File{f}
	}
	// A single file takes its variables from the same folder as the whole folder would.
	entries, err := fs.ReadDir(fsys, path.Dir(name))
	if err != nil {
		return nil, nil, fmt.Errorf("read folder: %w", err)
	}
	for _, e := range entries {
		automaticVariables := isAutomaticVariables(e.Name())
		if e.IsDir() || !automaticVariables && (name != "." || !IsConfiguration(e.Name())) {
			continue
		}
		f, err := readFile(fsys, path.Join(path.Dir(name), e.Name()))
		if err != nil {
			return nil, nil, err
		}
		if automaticVariables {
			automatic = append(automatic, f)
		} else {
			files = append(files, f)
		}
	}
	return files, automatic, nil
}

// readFile reads a file up to just beyond the bound, so that parsing says that it is too large.
func readFile(fsys fs.FS, name string) (_ File, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return File{}, fmt.Errorf("read configuration: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.LimitReader(f, tree.MaxFile+1))
	if err != nil {
		return File{}, fmt.Errorf("read configuration %s: %w", name, err)
	}
	return File{Name: name, Data: data}, nil
}

// IsConfiguration reports whether a file of that name in a folder belongs to the folder's configuration.
func IsConfiguration(name string) bool {
	stem, ok := cutYAML(name)
	return ok && !isHidden(name) && !strings.HasSuffix(stem, ".test") && !strings.HasSuffix(stem, ".vars")
}

func isAutomaticVariables(name string) bool {
	stem, ok := cutYAML(name)
	return ok && !isHidden(name) && strings.HasSuffix(stem, ".auto.vars")
}

func isHidden(name string) bool { return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") }

func cutYAML(name string) (stem string, ok bool) {
	if stem, ok = strings.CutSuffix(name, ".yaml"); ok {
		return stem, true
	}
	return strings.CutSuffix(name, ".yml")
}
