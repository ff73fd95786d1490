package spec

import (
	"regexp"
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

// likeCell are names of cells in Excel's two notations, which no table object may have: outputs/xlsx refuses them
// as well, but only once everything was asked for.
var likeCell = regexp.MustCompile(`(?i)^([a-z]{1,3}[0-9]+|r[0-9]*(c[0-9]*)?|c[0-9]*)$`)

// objectName reads the name of a table object, which a workbook has once, whatever its capitals.
func (d *decoder) objectName(n *tree.Node) string {
	name, ok := d.literal(n)
	switch {
	case !ok:
	case likeCell.MatchString(name):
		d.fault(n.At, "bad-object-name", "Not a name for a table", "Excel would take %q for a cell, and so no table has that name. Write one that is a word, such as %q.", name, "Table_"+name)
	case d.objects != nil:
		d.once(strings.ToLower(name), n.At, d.objects, "same-object", "Two tables of one name", "Excel does not tell capitals apart in the names of tables. Give one of them another name.")
	}
	return name
}
