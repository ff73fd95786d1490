package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

var pathParameter = regexp.MustCompile(`\{([^{}]*)\}`)

// filledPath puts parameters into the braces of a source's path, and returns those that do not stand there.
func filledPath(path string, pairs []pair) (filled string, rest []pair, err error) {
	used := map[string]bool{}
	filled = pathParameter.ReplaceAllStringFunc(path, func(braced string) string {
		name := braced[1 : len(braced)-1]
		i := slices.IndexFunc(pairs, func(p pair) bool { return p.name == name })
		switch {
		case i < 0:
			err = fmt.Errorf("the path %s has no value for {%s}: give one under the dataset's filters", path, name)
			return ""
		case strings.Trim(pairs[i].value, ".") == "":
			// An empty part and dots lead to another endpoint than the one that is described.
			err = fmt.Errorf("the value %q of {%s} cannot stand in the path %s", pairs[i].value, name, path)
		}
		used[name] = true
		return url.PathEscape(pairs[i].value)
	})
	if err != nil || len(used) == 0 {
		return filled, pairs, err
	}
	return filled, slices.DeleteFunc(slices.Clone(pairs), func(p pair) bool { return used[p.name] }), nil
}

// inJSON is a value as it stands in a JSON body; nil for what is written as a text.
func inJSON(v expr.Value) any {
	switch v.Type {
	case expr.Integer, expr.Duration, expr.Decimal, expr.Percent, expr.Ratio:
		return json.Number(written(v))
	case expr.Boolean:
		return v.Int != 0
	default:
		return written(v)
	}
}

// readBody reads the fixed part of a POST's body.
func (t *target) readBody(fixed []byte) error {
	t.body = map[string]any{}
	if fixed == nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(fixed))
	d.UseNumber()
	return d.Decode(&t.body)
}

// content is the body of a page's request; nil for a GET.
func (t *target) content(at place) ([]byte, error) {
	if t.body == nil {
		return nil, nil
	}
	body := maps.Clone(t.body)
	for p := range t.sent(at, inBody) {
		var value any = p.value
		if p.json != nil {
			value = p.json
		}
		if !put(body, strings.Split(p.name, "."), value) {
			return nil, fmt.Errorf("the parameter %q has no place in the source's body: what stands above it there is no object", p.name)
		}
	}
	return json.Marshal(body)
}

// put sets the value at a path beneath an object. Objects on the way are copied, since all pages share them.
func put(object map[string]any, path []string, value any) bool {
	if len(path) == 1 {
		object[path[0]] = value
		return true
	}
	inner := map[string]any{}
	if there, ok := object[path[0]]; ok {
		old, isObject := there.(map[string]any)
		if !isObject {
			return false
		}
		inner = maps.Clone(old)
	}
	object[path[0]] = inner
	return put(inner, path[1:], value)
}
