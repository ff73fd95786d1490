package spec

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

// alone says of names that are unknown in a file which was read alone that they stand in another file of its folder.
func (d *decoder) alone(fsys fs.FS, name string) {
	var elsewhere map[string]string
	told := false
	for i := range d.diags {
		found := &d.diags[i]
		if found.Code != "unknown-connection" && found.Code != "unknown-variable" {
			continue
		}
		if elsewhere == nil {
			elsewhere = definedBeside(fsys, name)
		}
		for what, file := range elsewhere {
			if !strings.Contains(found.Detail, what) {
				continue
			}
			first, _, _ := strings.Cut(found.Detail, what)
			found.Detail = first + what + fmt.Sprintf(" in %s, and no other file was read. It is defined in %s.", d.place(name), d.place(file))
			if !told {
				found.Detail += fmt.Sprintf(" All files of a folder are read when the folder is named:\n\n    reportform validate %s", path.Join(".", d.config.Root))
			}
			told = true
		}
	}
}

// definedBeside returns in which of the other files of a file's folder connections and variables are defined, by how
// they are spoken of. Files that cannot be read define nothing.
func definedBeside(fsys fs.FS, name string) map[string]string {
	out := map[string]string{}
	entries, err := fs.ReadDir(fsys, path.Dir(name))
	if err != nil {
		return out
	}
	for _, e := range entries {
		if e.IsDir() || e.Name() == path.Base(name) || !IsConfiguration(e.Name()) {
			continue
		}
		f, err := readFile(fsys, path.Join(path.Dir(name), e.Name()))
		if err != nil {
			continue
		}
		root, _ := tree.Parse(f.Name, f.Data)
		for _, connection := range root.Get("connections").Names() {
			out[fmt.Sprintf("connection %q", connection)] = f.Name
		}
		for _, variable := range root.Get("variables").Names() {
			out[fmt.Sprintf("variable %q", variable)] = f.Name
		}
	}
	return out
}
