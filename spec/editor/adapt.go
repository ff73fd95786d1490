package editor

import (
	"maps"
	"slices"
	"strings"
)

// template is a text that holds a value which is computed: it is checked once the value is known.
const template = `\$\{`

// adapt puts every part of the language's schema into a form that editors take as validate does: texts are read before
// values are put into them, and a fault is pointed at where it stands.
func adapt(root object) {
	definitions := root["definitions"].(object)
	eachPart(root, func(part object) {
		if names, ok := part["propertyNames"].(object); ok {
			part["propertyNames"] = keys(names, definitions)
		}
	})
	eachPart(root, func(part object) {
		keepExamples(part)
		admitTemplates(part)
		askForSecrets(part)
		pointAtKeys(part)
		maps.DeleteFunc(part, func(key string, _ any) bool { return strings.HasPrefix(key, "x-") }) // said to the program alone
	})
}

// eachPart calls f on every part of a schema that holds of values; keys of mappings are no values.
func eachPart(part any, f func(object)) {
	switch p := part.(type) {
	case []any:
		for _, item := range p {
			eachPart(item, f)
		}
	case object:
		for _, key := range slices.Sorted(maps.Keys(p)) {
			if !slices.Contains([]string{"examples", "default", "enum", "const", "propertyNames"}, key) {
				eachPart(p[key], f)
			}
		}
		f(p)
	}
}

// keys says what keys of a mapping are like. To the server they need be no texts: 1 in {1: Sales} is a number.
func keys(names, definitions object) object {
	if ref, ok := names["$ref"].(string); ok {
		names = definitions[strings.TrimPrefix(ref, "#/definitions/")].(object)
	}
	out := maps.Clone(names)
	maps.DeleteFunc(out, func(key string, _ any) bool { return key == "type" || key == "examples" || key == "description" })
	return out
}

// ofUsers are keys whose values are names that users give, which no example knows.
var ofUsers = []string{"source", "from", "dataset", "aggregate_by", "via", "x", "by", "with", "filter"}

// keepExamples takes out what the server would offer as a value and is none: names that are not there, and lists and
// mappings, which it cannot write.
func keepExamples(part object) {
	properties, _ := part["properties"].(object)
	for _, key := range ofUsers {
		if property, ok := properties[key].(object); ok && property["x-date"] == nil {
			delete(property, "examples")
		}
	}
	list, _ := part["examples"].([]any)
	list = slices.DeleteFunc(slices.Clone(list), func(example any) bool {
		switch example.(type) {
		case []any, object:
			return true
		}
		return false
	})
	if part["examples"] = list; len(list) == 0 || part["properties"] != nil {
		delete(part, "examples")
	}
}

// admitTemplates lets ${…} stand where a text must look in some way.
func admitTemplates(part object) {
	pattern, ok := part["pattern"].(string)
	if ok && !strings.HasPrefix(pattern, `^\$\{`) {
		part["pattern"] = "(?:" + pattern + ")|" + template
	}
}

// askForSecrets refuses a secret that is written literally.
func askForSecrets(part object) {
	if part["x-secret"] == true {
		part["pattern"] = template
		part["patternErrorMessage"] = "A secret comes from outside of the files: ${env.NAME}."
	}
}

// pointAtKeys says that there is exactly one of several keys so that the server points at the second one, or at the key
// of a mapping that has none; by oneOf it would point at the beginning of the mapping.
func pointAtKeys(part object) {
	one, _ := part["x-one-of"].([]any)
	properties, _ := part["properties"].(object)
	switch {
	case len(one) > 0:
		delete(part, "oneOf")
		var needed []any
		for _, key := range one {
			needed = append(needed, object{"required": []any{key}, "errorMessage": "One of " + listed(one) + " is missing."})
		}
		part["anyOf"] = needed
	case part["maxProperties"] == 1.0 && len(properties) > 0:
		delete(part, "maxProperties")
		one = anys(slices.Sorted(maps.Keys(properties)))
	default:
		return
	}
	rules, _ := part["allOf"].([]any)
	for i, key := range one[:len(one)-1] {
		others := object{}
		for _, other := range one[i+1:] {
			others[other.(string)] = false
		}
		rules = append(rules, object{
			"if": object{"required": []any{key}},
			"then": object{
				"properties":   others,
				"errorMessage": "Only one of " + listed(one) + " can stand here, and " + key.(string) + " does.",
			},
		})
	}
	part["allOf"] = rules
}

func listed(keys []any) string {
	var out []string
	for _, key := range keys {
		out = append(out, key.(string))
	}
	return strings.Join(out, ", ")
}
