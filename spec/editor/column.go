package editor

import (
	"github.com/reportform/reportform/spec"
)

// column is a column to offer: its key, and what an editor says of it.
type column struct{ key, about string }

func columnsOf(s *spec.Source) []column {
	var out []column
	for _, c := range s.Columns {
		out = append(out, column{c.Field.Name, aboutColumn(c)})
	}
	return out
}

// explained are columns as keys of a mapping.
func explained(columns []column) object {
	out := object{}
	for _, c := range columns {
		out[c.key] = object{"title": c.key, "description": c.about}
	}
	return out
}

// offered is a value that is mostly one of some columns. Others pass: they may be found in the data, or come out of steps.
func offered(columns []column, before string) []any {
	var out []any
	for _, c := range columns {
		out = append(out, object{"const": before + c.key, "title": c.key, "description": c.about})
	}
	return out
}

// column defines a value that names a column of a table.
func (m *maker) column(of string, columns []column) object {
	return m.define("column_"+of, object{"anyOf": append(offered(columns, ""), object{"type": "string"})})
}

// steps defines what transforms of a table can name.
func (m *maker) steps(of string, columns []column) object {
	one := m.column(of, columns)
	list := object{"items": one}
	sorted := m.define("sort_"+of, object{"anyOf": append(append(offered(columns, ""), offered(columns, "-")...), object{"type": "string"})})
	return m.define("step_"+of, object{"properties": object{
		"select": list,
		"sort":   object{"items": sorted},
		"rename": object{"properties": explained(columns)},
		"group":  object{"properties": object{"by": list}},
		"pivot":  object{"properties": object{"rows": list, "values": list}},
		"top":    object{"properties": object{"by": list}},
		"fill":   object{"properties": object{"by": one, "of": list, "values": object{"properties": explained(columns)}}},
		"join":   object{"properties": object{"on": list}},
	}})
}
