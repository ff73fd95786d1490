package editor

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// source defines what holds for a dataset of a source, and returns a reference to it. Strict checks filters and grain;
// else they are offered and explained alone.
func (m *maker) source(name string, s *spec.Source, strict bool) object {
	filters := object{"properties": parameters(s, strict)}
	grain := grainOf(s, strict)
	if strict {
		filters["additionalProperties"] = false
		filters["errorMessage"] = fmt.Sprintf("The source %q has no such filter.", name)
		asked := object{"properties": object{
			"filters":      filters,
			"aggregate_by": grain,
			"for_each":     object{"properties": object{"filter": named(s)}},
		}}
		if needed := neededBy(s); needed != nil {
			// Where values are asked for one by one, they may be of a filter that is needed.
			asked["if"], asked["else"] = object{"required": []any{"for_each"}}, needed
		}
		return m.define("asked_"+name, asked)
	}
	columns := columnsOf(s)
	return m.define("source_"+name, object{"properties": object{
		"source":       object{"title": titleOf(name, s), "description": oneLine(s.Description)},
		"filters":      filters,
		"aggregate_by": grain,
		"columns":      object{"properties": explained(columns)},
		"transform":    object{"items": m.steps(name, columns)},
		"compare":      object{"properties": object{"on": object{"items": m.column(name, columns)}}},
	}})
}

func titleOf(name string, s *spec.Source) string {
	if s.Title == "" {
		return name
	}
	return name + ": " + s.Title
}

// parameters are a source's filters. What its range, grain and paging set is none.
func parameters(s *spec.Source, strict bool) object {
	out := object{}
	for _, p := range s.Filters() {
		made := object{}
		if strict {
			made = valueOf(p)
		} else if len(p.Allowed) > 0 {
			made["examples"] = allowed(p)
		}
		made["title"] = p.Name
		made["description"] = aboutParameter(p)
		out[p.Name] = made
	}
	return out
}

// neededBy says which filters a dataset of a source must have; nil where none is needed.
func neededBy(s *spec.Source) object {
	filters := object{}
	known := map[string]bool{}
	var required []any
	for _, p := range s.Filters() {
		known[p.Name] = true
		if p.Required {
			required = append(required, p.Name)
		}
	}
	if len(required) > 0 {
		filters["required"] = required
	}
	var groups []any
	for _, group := range s.Requires {
		var one []any
		for _, name := range group {
			if known[name] { // else the source itself is at fault
				one = append(one, object{"required": []any{name}, "errorMessage": "At least one of " + strings.Join(group, ", ") + " is needed."})
			}
		}
		if len(one) > 0 {
			groups = append(groups, object{"anyOf": one})
		}
	}
	if len(required)+len(groups) == 0 {
		return nil
	}
	return object{"required": []any{"filters"}, "properties": object{"filters": with(groups, filters)}}
}

// named is the name of a filter, or a computed one.
func named(s *spec.Source) object {
	var forms []any
	for _, p := range s.Filters() {
		forms = append(forms, object{"const": p.Name, "title": p.Name, "description": aboutParameter(p)})
	}
	return object{"anyOf": append(forms, computed("The source has no such filter."))}
}

// computed is a value that holds ${…}. Message is said of what is neither that nor any of its alternatives.
func computed(message string) object {
	out := object{"type": "string", "pattern": template}
	if message != "" {
		out["errorMessage"] = message
	}
	return out
}

// valueOf is what a filter takes: a value of its type, a list of them, or one that is computed.
func valueOf(p *spec.Parameter) object {
	one := scalar(p)
	if !p.List {
		return one
	}
	return object{
		"type": []any{"array", "string"}, "items": one, "pattern": template,
		"errorMessage": "A list is wanted: [1, 3].",
	}
}

// jsonTypes are what values of a type are in JSON, where they are no text.
var jsonTypes = map[expr.Type]string{
	expr.Integer: "integer", expr.Decimal: "number", expr.Percent: "number", expr.Ratio: "number", expr.Boolean: "boolean",
}

func scalar(p *spec.Parameter) object {
	kind, other := jsonTypes[p.Type]
	if len(p.Allowed) > 0 {
		return object{"anyOf": []any{object{"enum": allowed(p)}, computed("")}}
	}
	if !other {
		return object{"type": "string"}
	}
	out := object{
		"type": []any{kind, "string"}, "pattern": template,
		"errorMessage": strings.ToUpper(wanted[kind][:1]) + wanted[kind][1:] + " is wanted.",
	}
	if p.Min != nil {
		out["minimum"] = *p.Min
	}
	if p.Max != nil {
		out["maximum"] = *p.Max
	}
	return out
}

var wanted = map[string]string{"integer": "a whole number", "number": "a number", "boolean": "true or false"}

// allowed are the values that a filter takes, in their type.
func allowed(p *spec.Parameter) []any {
	out := anys(p.Allowed)
	for i, text := range p.Allowed {
		switch jsonTypes[p.Type] {
		case "integer":
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				out[i] = n
			}
		case "number":
			if n, err := strconv.ParseFloat(text, 64); err == nil {
				out[i] = n
			}
		case "boolean":
			out[i] = text == "true"
		}
	}
	return out
}

// aboutParameter is what an editor says of a filter.
func aboutParameter(p *spec.Parameter) string {
	takes := "Type: " + expr.TypeName(p.Type)
	if p.List {
		takes = "Type: list(" + expr.TypeName(p.Type) + ")"
	}
	if len(p.Allowed) > 0 {
		takes += ", one of " + strings.Join(p.Allowed, ", ")
	}
	switch {
	case p.Min != nil && p.Max != nil:
		takes += fmt.Sprintf(", %d to %d", *p.Min, *p.Max)
	case p.Min != nil:
		takes += fmt.Sprintf(", at least %d", *p.Min)
	case p.Max != nil:
		takes += fmt.Sprintf(", at most %d", *p.Max)
	}
	sentences := []string{oneLine(p.Description), takes + "."}
	if p.Required {
		sentences = append(sentences, "Required.")
	}
	if p.Default != "" {
		sentences = append(sentences, "Default: "+p.Default+".")
	}
	return join(append(sentences, certainty(p.Certainty))...)
}

const asTheyAre = "The source gives rows as they are; they are added up by a transform step group."

// grainOf is what aggregate_by takes.
func grainOf(s *spec.Source, strict bool) object {
	g := s.Grain
	switch {
	case g == nil && strict:
		return object{"type": "string", "pattern": "^$", "errorMessage": asTheyAre}
	case g == nil:
		return object{"title": "aggregate_by", "description": asTheyAre}
	}
	about := "The time bucket of a row."
	if g.Default != "" {
		about += " Default: " + g.Default + "."
	}
	out := object{"title": "aggregate_by", "description": about}
	if len(g.Allowed) == 0 {
		return out
	}
	out["anyOf"] = []any{object{"enum": anys(g.Allowed)}, computed("")}
	if !strict {
		out["anyOf"] = []any{object{"enum": anys(g.Allowed)}, object{"type": "string"}}
	}
	return out
}

// certainty says how an entry is known, where it is not documented.
func certainty(word string) string {
	switch word {
	case "inferred":
		return "Inferred from the API's behaviour."
	case "unknown":
		return "Not documented, a guess."
	}
	return ""
}

// aboutColumn is what an editor says of a column.
func aboutColumn(c *spec.SourceColumn) string {
	label := c.Field.Label
	if label == "" {
		label = c.Labels["en"]
	}
	if label != "" {
		label = "“" + label + "”."
	}
	return join(label, oneLine(c.Description), "Type: "+expr.TypeName(c.Field.Type)+".", "Total: "+c.Field.Total.Rule()+".", certainty(c.Certainty))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func join(sentences ...string) string {
	var out []string
	for _, s := range sentences {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}
