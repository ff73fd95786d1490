package spec

import (
	"io/fs"
	"path"
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

// inputFile reads the name of a file that must be beneath the configuration's folder.
func (d *decoder) inputFile(n *tree.Node) string {
	name, ok := d.literal(n)
	if !ok {
		return ""
	}
	if !isBeneath(name) {
		d.fault(n.At, "outside-folder", "Path leads outside", "%q is not beneath the folder of the configuration: definitions reach no other files. Put the file there and name it from there.", name)
		return ""
	}
	name = path.Clean(name)
	if _, err := fs.Stat(d.folder, name); err != nil {
		d.fault(n.At, "missing-file", "No such file", "There is no file %q in the folder of the configuration.", name)
	}
	return name
}

// isBeneath reports whether a slash-separated path stays beneath the folder it is taken from.
func isBeneath(name string) bool {
	return name != "" && !strings.Contains(name, `\`) && !strings.Contains(name, ":") && !path.IsAbs(name) && fs.ValidPath(path.Clean(name))
}

// filePath decodes a path of a file or folder to be written.
func (d *decoder) filePath(n *tree.Node, s scope) *Template {
	t := d.template(n, s)
	if t == nil {
		return nil
	}
	// What is computed stands for a plain name here; the whole path is checked again when it is known.
	var text strings.Builder
	for _, seg := range t.segments {
		if seg.Expr != nil {
			text.WriteString("x")
		}
		text.WriteString(seg.Text)
	}
	if !isBeneath(text.String()) || path.Clean(text.String()) == "." && t.isFixed() {
		d.fault(n.At, "outside-folder", "Path leads outside", "%q is not beneath the folder of the configuration. Write it with slashes, relative to that folder and without \"..\".", t.Text)
		return nil
	}
	return t
}
