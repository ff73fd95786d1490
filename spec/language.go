package spec

import (
	"sync"

	"github.com/reportform/reportform/schema"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/schemacheck"
	"github.com/reportform/reportform/spec/tree"
)

// language is read when it is first needed, so that commands without a configuration start without it.
var language = sync.OnceValue(func() *schemacheck.Schema { return schemacheck.New(schema.V1) })

// checkSchema checks the shape of a value against the language, or one of its definitions.
func checkSchema(root *tree.Node, definition string) diag.List {
	return language().Check(root, definition)
}
