package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// shapeText is a shape as YAML that can be put into a configuration, and what differs from the declarations. Whole makes a
// source of it rather than its columns.
func shapeText(d runner.Discovery, s *source.Shape, whole, examples bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s of %s %s\n", count(s.Rows, "row"), methodOf(d.Source), diag.Printable(s.URL))
	block := columnsBlock(s, examples)
	if whole {
		block = sourceBlock(d.Source, s) + block
		fmt.Fprintf(&b, "sources:\n  %s:\n%s", yamlWord(d.Source.Name), indented(indented(block)))
	} else {
		b.WriteString(block)
	}
	if len(d.Source.Columns) > 0 {
		b.WriteString("\n" + differences(d.Source, s, examples))
	}
	return b.String()
}

// sourceBlock are a source's keys before its columns.
func sourceBlock(of *spec.Source, s *source.Shape) string {
	var b strings.Builder
	fmt.Fprintf(&b, "path: %s\n", yamlWord("/"+of.Path))
	if len(of.Query) > 0 {
		b.WriteString("query:\n")
		for _, q := range of.Query {
			values := make([]string, len(q.Values))
			for i, v := range q.Values {
				values[i] = strconv.Quote(v)
			}
			text := values[0]
			if len(values) > 1 {
				text = "[" + strings.Join(values, ", ") + "]"
			}
			fmt.Fprintf(&b, "  %s: %s\n", yamlWord(q.Name), text)
		}
	}
	if s.Records != "" {
		fmt.Fprintf(&b, "records: %s\n", yamlWord(s.Records))
	}
	return b.String()
}

// columnsBlock is the key columns, each with a word of what is known of it.
func columnsBlock(s *source.Shape, examples bool) string {
	var rows [][]string
	for _, c := range s.Columns {
		row := []string{columnText(c)}
		if c.Name == "" {
			row[0] = "# One key is empty, and cannot be declared."
		} else if remark := remark(c, examples); remark != "" {
			row = append(row, "# "+remark)
		}
		rows = append(rows, row)
	}
	return "columns:\n" + columns(rows)
}

// columnText is a column's declaration, or what it can be.
func columnText(c source.ShapeColumn) string {
	t, path, unit := c.Type, "", ""
	if c.Name != strings.ReplaceAll(c.Path, ".", "_") {
		path = c.Path
	}
	if c.Declared != nil {
		t, path, unit = c.Declared.Field.Type, c.Declared.Path, c.Declared.Unit
	}
	keys := "type: " + expr.TypeName(t)
	if path != "" {
		keys = "path: " + yamlWord(path) + ", " + keys
	}
	if unit != "" {
		keys += ", unit: " + unit
	}
	return fmt.Sprintf("%s: {%s}", yamlWord(c.Name), keys)
}

// remark says what is known of a column beyond its declaration.
func remark(c source.ShapeColumn, examples bool) string {
	var parts []string
	switch {
	case c.Misfit != nil:
		parts = append(parts, "declared, and does not fit")
	case c.Declared != nil:
		parts = append(parts, "declared")
	case c.Reads != c.Type:
		parts = append(parts, "can be a "+expr.TypeName(c.Reads))
	}
	if examples {
		parts = append(parts, "such as "+strconv.Quote(c.Example))
	}
	return strings.Join(parts, ", ")
}

// differences says where the data differ from what is declared.
func differences(of *spec.Source, s *source.Shape, examples bool) string {
	var rows [][]string
	for _, c := range s.Columns {
		if c.Misfit == nil {
			continue
		}
		value := "a value"
		if examples {
			value = c.Misfit.Value
		}
		rows = append(rows, []string{c.Name, fmt.Sprintf("is declared as %s, and %s %s", c.Declared.Field.Type, value, c.Misfit.Reason())})
	}
	for _, d := range s.Absent {
		rows = append(rows, []string{d.Field.Name, "is declared, and has no value here: it is missing or empty"})
	}
	for _, c := range s.Columns {
		if c.Declared == nil {
			rows = append(rows, []string{c.Name, "is there, and not declared"})
		}
	}
	if len(rows) == 0 {
		return fmt.Sprintf("Nothing differs from what is declared: %s.\n", count(len(of.Columns), "column"))
	}
	return "Differs from what is declared:\n" + columns(rows)
}

// plainWord is what YAML reads as a text without quotes.
var plainWord = regexp.MustCompile(`^[A-Za-z_/][A-Za-z0-9_/.-]*$`)

// otherWords are those that some reader of YAML takes for something else than a text.
var otherWords = regexp.MustCompile(`(?i)^(true|false|null|yes|no|on|off|y|n)$`)

// yamlWord writes a text as YAML.
func yamlWord(text string) string {
	if plainWord.MatchString(text) && !otherWords.MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}

func indented(block string) string {
	var b strings.Builder
	for line := range strings.Lines(block) {
		b.WriteString("  " + line)
	}
	return b.String()
}

// shapeObject is a shape as JSON has it.
func shapeObject(name string, d runner.Discovery, s *source.Shape, examples bool) any {
	type column struct {
		Name string `json:"name"`
		Path string `json:"path"`
		Type string `json:"type"`
		// Reads is left out where it is Type.
		Reads    string `json:"can_be,omitempty"`
		Declared string `json:"declared,omitempty"`
		Misfit   string `json:"misfit,omitempty"`
		Example  string `json:"example,omitempty"`
	}
	o := struct {
		Source  string   `json:"source"`
		Method  string   `json:"method"`
		URL     string   `json:"url"`
		Rows    int      `json:"rows"`
		Records string   `json:"records,omitempty"`
		Columns []column `json:"columns"`
		Absent  []string `json:"absent"`
	}{Source: name, Method: methodOf(d.Source), URL: s.URL, Rows: s.Rows, Records: s.Records, Columns: []column{}, Absent: []string{}}
	for _, c := range s.Columns {
		row := column{Name: c.Name, Path: c.Path, Type: expr.TypeName(c.Type)}
		if c.Reads != c.Type {
			row.Reads = expr.TypeName(c.Reads)
		}
		if c.Declared != nil {
			row.Declared = expr.TypeName(c.Declared.Field.Type)
		}
		if c.Misfit != nil {
			row.Misfit = c.Misfit.Reason()
		}
		if examples {
			row.Example = c.Example
		}
		o.Columns = append(o.Columns, row)
	}
	for _, a := range s.Absent {
		o.Absent = append(o.Absent, a.Field.Name)
	}
	return o
}
