// Package schema holds the project's contracts as data. The language is defined in them and on no other page:
// the program checks against them, editors complete from them, reference pages are made from them.
package schema

// reportform.editor.v1.schema.json is the language with the built-in sources, for editors.
//
//go:generate go run .. schema --out reportform.editor.v1.schema.json

// The pages about the language, the catalog, the commands and the diagnostics.
//
//go:generate go run ./pages

import _ "embed"

// V1 is the JSON Schema (draft-07) of version 1 of the report language, reportform.v1.schema.json.
//
//go:embed reportform.v1.schema.json
var V1 []byte

// Test1 is the JSON Schema (draft-07) of version 1 of test files, test.v1.schema.json.
//
//go:embed test.v1.schema.json
var Test1 []byte

// Plan1 is the JSON Schema (draft-07) of plan.json in a plan file of version 1, plan.v1.schema.json.
//
//go:embed plan.v1.schema.json
var Plan1 []byte
