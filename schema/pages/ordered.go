package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// object is a JSON object whose keys keep their order, which is the order of the language's pages.
type object struct {
	keys   []string
	values map[string]any
}

func (o *object) get(key string) any {
	if o == nil {
		return nil
	}
	return o.values[key]
}

func (o *object) object(key string) *object { return as[*object](o.get(key)) }
func (o *object) text(key string) string    { return as[string](o.get(key)) }
func (o *object) list(key string) []any     { return as[[]any](o.get(key)) }

// as returns v where it is of the type, else its zero value.
func as[T any](v any) T {
	t, _ := v.(T)
	return t
}

// parse reads JSON with objects as *object and numbers as they are written.
func parse(data []byte) (*object, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := value(d)
	return as[*object](v), err
}

func value(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := &object{values: map[string]any{}}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			name := as[string](key)
			o.keys = append(o.keys, name)
			if o.values[name], err = value(d); err != nil {
				return nil, err
			}
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		var list []any
		for d.More() {
			item, err := value(d)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err = d.Token()
		return list, err
	default:
		return token, nil
	}
}

// flow writes a value as YAML on one line, with quotes only where they are needed.
func flow(v any) string {
	switch v := v.(type) {
	case *object:
		parts := make([]string, len(v.keys))
		for i, key := range v.keys {
			parts[i] = flow(key) + ": " + flow(v.values[key])
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = flow(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case string:
		if plain(v) {
			return v
		}
		return strconv.Quote(v)
	default:
		return fmt.Sprint(v)
	}
}

// widest is how long a value is that is still read at a glance on one line.
const widest = 90

// block writes a value as YAML over several lines where one would be too long.
func block(v any, indent string) string {
	if text := flow(v); len(indent)+len(text) <= widest {
		if o, ok := v.(*object); !ok || indent != "" || len(o.keys) == 0 {
			return " " + text
		}
	}
	var out strings.Builder
	switch v := v.(type) {
	case *object:
		for _, key := range v.keys {
			fmt.Fprintf(&out, "\n%s%s:%s", indent, flow(key), block(v.values[key], indent+"  "))
		}
	case []any:
		for _, item := range v {
			fmt.Fprintf(&out, "\n%s-%s", indent, strings.Replace(block(item, indent+"  "), "\n"+indent+"  ", " ", 1))
		}
	default:
		return " " + flow(v)
	}
	return out.String()
}

// plain reports whether a text needs no quotes within brackets.
func plain(s string) bool {
	if s == "" || strings.TrimSpace(s) != s || strings.ContainsAny(s, "{}[],\"'`\\\n\t") || strings.Contains(s, ": ") || strings.Contains(s, " #") {
		return false
	}
	if strings.ContainsAny(s[:1], "#&*!|>%@-?:0123456789.+~=<") {
		return false
	}
	switch s {
	case "true", "false", "null", "yes", "no", "on", "off":
		return false
	}
	return true
}
