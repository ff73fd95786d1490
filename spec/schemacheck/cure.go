package schemacheck

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

// cure says how a value of the wrong type is written, where that is plain. A few keys have a notation of their own.
func (m misfit) cure(types []string) string {
	key := ""
	if len(m.path) > 0 {
		key = m.path[len(m.path)-1]
	}
	switch n := m.value; {
	case key == "not_before" && (n.Kind == tree.Int || n.Kind == tree.Float):
		return fmt.Sprintf(" Write hours and minutes in quotes: %q", clock(n.Text))
	case key == "attach" && n.Kind == tree.Bool:
		return " To attach the workbook write [workbook]; to attach nothing leave the key out."
	case key == "highlight" && n.Kind == tree.Map:
		return " Thresholds are a list: [{below: 0.8, as: bad}]"
	case n.Kind == tree.Null && slices.Contains(m.path, "theme"):
		return " \"#\" begins a comment in YAML. Put the colour in quotes: \"#2F5D8A\""
	case len(m.path) > 1 && m.path[len(m.path)-2] == "for_each" && n.Kind == tree.Null:
		return " Keys without values are a list: [north, south]"
	default:
		return cure(n, types)
	}
}

// clock makes a time of day of a number: 7 is 07:00 and 7.30 is 07:30.
func clock(text string) string {
	hour, minute, _ := strings.Cut(text, ".")
	h, errHour := strconv.Atoi(hour)
	m, errMinute := strconv.Atoi((minute + "00")[:2])
	if errHour != nil || errMinute != nil || h < 0 || h > 23 || m > 59 {
		return "07:00"
	}
	return fmt.Sprintf("%02d:%02d", h, m)
}

// cure says how a value of the wrong type is written for most keys.
func cure(n *tree.Node, types []string) string {
	wants := func(t string) bool { return slices.Contains(types, t) }
	scalar := n.Kind != tree.List && n.Kind != tree.Map && n.Kind != tree.Null
	switch {
	case scalar && n.Kind != tree.String && wants("string"):
		return fmt.Sprintf(" Put it in quotes: %s", tree.Quote(n.Text))
	case n.Kind == tree.String && n.Plain && wants("boolean") && yesOrNo[strings.ToLower(n.Text)] != "":
		return fmt.Sprintf(" In YAML 1.2 %q is a text. Write %q.", n.Text, yesOrNo[strings.ToLower(n.Text)])
	case n.Kind == tree.String && strings.Contains(n.Text, "${") && !wants("object"):
		return " \"${…}\" may stand for it only alone, without text around it."
	case n.Kind == tree.String && !n.Plain && wants("boolean") && tree.CoreKind(n.Text) == tree.Bool,
		n.Kind == tree.String && !n.Plain && wants("integer") && tree.CoreKind(n.Text) == tree.Int,
		n.Kind == tree.String && !n.Plain && wants("number") && (tree.CoreKind(n.Text) == tree.Int || tree.CoreKind(n.Text) == tree.Float):
		return fmt.Sprintf(" Remove the quotes: %s", n.Text)
	case scalar && wants("array"):
		return fmt.Sprintf(" Write it in brackets: [%s]", n.Text)
	case n.Kind == tree.Map && wants("array"):
		return " Begin each of its items with \"- \"."
	case n.Kind == tree.List && wants("object"):
		return " Write keys with values, without \"- \" before them."
	}
	return ""
}

// yesOrNo are the words that YAML 1.1 took for booleans.
var yesOrNo = map[string]string{"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}

// typeWords are what other languages call the types of values.
var typeWords = map[string]string{
	"string": "text", "str": "text", "varchar": "text", "char": "text", "int": "integer", "long": "integer", "bigint": "integer",
	"number": "decimal", "float": "decimal", "double": "decimal", "numeric": "decimal", "money": "decimal", "currency": "decimal",
	"bool": "boolean", "time": "datetime", "timestamp": "datetime", "interval": "duration", "percentage": "percent", "list": "list(text)",
	"array": "list(text)", "list(string)": "list(text)", "list(int)": "list(integer)", "list(number)": "list(decimal)",
	"list(float)": "list(decimal)", "list(bool)": "list(boolean)",
}
