package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// cure says how a value of the wrong type is written, where that is plain. A few keys have a notation of their own.
func (m misfit) cure(types []string) string {
	key := ""
	if len(m.path) > 0 {
		key = m.path[len(m.path)-1]
	}
	switch n := m.value; {
	case key == "not_before" && (n.kind == intNode || n.kind == floatNode):
		return fmt.Sprintf(" Write hours and minutes in quotes: %q", clock(n.text))
	case key == "attach" && n.kind == boolNode:
		return " To attach the workbook write [workbook]; to attach nothing leave the key out."
	case key == "highlight" && n.kind == mapNode:
		return " Thresholds are a list: [{below: 0.8, as: bad}]"
	case n.kind == nullNode && slices.Contains(m.path, "theme"):
		return " \"#\" begins a comment in YAML. Put the colour in quotes: \"#2F5D8A\""
	case len(m.path) > 1 && m.path[len(m.path)-2] == "for_each" && n.kind == nullNode:
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
func cure(n *node, types []string) string {
	wants := func(t string) bool { return slices.Contains(types, t) }
	scalar := n.kind != listNode && n.kind != mapNode && n.kind != nullNode
	switch {
	case scalar && n.kind != stringNode && wants("string"):
		return fmt.Sprintf(" Put it in quotes: %s", quoteYAML(n.text))
	case n.kind == stringNode && n.plain && wants("boolean") && yesOrNo[strings.ToLower(n.text)] != "":
		return fmt.Sprintf(" In YAML 1.2 %q is a text. Write %q.", n.text, yesOrNo[strings.ToLower(n.text)])
	case n.kind == stringNode && strings.Contains(n.text, "${") && !wants("object"):
		return " \"${…}\" may stand for it only alone, without text around it."
	case n.kind == stringNode && !n.plain && wants("boolean") && coreKind(n.text) == boolNode,
		n.kind == stringNode && !n.plain && wants("integer") && coreKind(n.text) == intNode,
		n.kind == stringNode && !n.plain && wants("number") && (coreKind(n.text) == intNode || coreKind(n.text) == floatNode):
		return fmt.Sprintf(" Remove the quotes: %s", n.text)
	case scalar && wants("array"):
		return fmt.Sprintf(" Write it in brackets: [%s]", n.text)
	case n.kind == mapNode && wants("array"):
		return " Begin each of its items with \"- \"."
	case n.kind == listNode && wants("object"):
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
