// Package schemacheck holds values against the JSON Schema, and says in our own words, at their places and with the nearest
// names, what does not fit.
package schemacheck

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// Schema is a JSON Schema of ours in the three forms that checking needs: as it is written, compiled, and as shapes.
type Schema struct {
	document map[string]any
	id       string
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
	shapes   map[string]*Shape
}

// New reads a schema of ours; one that cannot be read is a mistake in the program, and panics.
func New(text []byte) *Schema {
	s := &Schema{compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}, shapes: map[string]*Shape{}}
	if err := json.Unmarshal(text, &s.document); err != nil {
		panic(fmt.Errorf("read the embedded schema: %w", err))
	}
	s.id, _ = s.document["$id"].(string)
	s.compiler.LoadURL = func(url string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("the schema refers to %s outside itself", url)
	}
	if err := s.compiler.AddResource(s.id, bytes.NewReader(text)); err != nil {
		panic(fmt.Errorf("read the embedded schema: %w", err))
	}
	return s
}

// Check checks the shape of a value against the whole schema for "", else against one of its definitions, such as "source".
//
// Unknown and missing keys are found by our own walk, which knows the places of keys and the nearest names; all else
// by the JSON Schema, whose findings are said anew in our words.
func (s *Schema) Check(root *tree.Node, definition string) diag.List {
	if root == nil {
		return nil
	}
	c := check{Schema: s, root: root}
	c.keys(root, s.Shape(definition), diag.Range{}, nil)
	var invalid *jsonschema.ValidationError
	if err := s.compiled(definition).Validate(root.JSON()); errors.As(err, &invalid) {
		c.findings(root, invalid)
	}
	return c.list.Sorted()
}

// check collects what one value breaks.
type check struct {
	*Schema
	root *tree.Node
	list diag.List
}

func (c *check) tell(at diag.Range, path []string, code, summary, detail string) {
	c.list.Add(diag.Diagnostic{Code: code, Summary: summary, Detail: detail, Subject: at, Context: contextOf(c.root, path)})
}

// pointer is where a definition stands in the schema.
func pointer(definition string) string {
	if definition == "" {
		return "#"
	}
	return "#/definitions/" + definition
}

func (s *Schema) compiled(definition string) *jsonschema.Schema {
	s.mu.Lock()
	defer s.mu.Unlock()
	compiled := s.schemas[definition]
	if compiled == nil {
		compiled = s.compiler.MustCompile(s.id + pointer(definition))
		s.schemas[definition] = compiled
	}
	return compiled
}
