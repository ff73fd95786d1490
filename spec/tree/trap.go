package tree

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/spec/diag"
)

// plainTraps tells of a scalar without quotes that YAML takes in another way than it was meant.
func (r *reader) plainTraps(n *Node, start, end int) {
	if !n.Plain {
		return
	}
	if n.Kind == Int && leadingZero(n.Text) {
		n.Told = true
		// The number is not repeated: it may be a password.
		r.tell(start, end, "leading-zero", "Leading zero",
			"A number with a leading zero is 8-based for some YAML readers and loses its zero with others. Put it in quotes to keep it as it is; for a number, leave the zero out.")
	}
	comment := end
	for comment < len(r.data) && (r.data[comment] == ' ' || r.data[comment] == '\t') {
		comment++
	}
	lineEnd := r.lineEnd(end)
	if !hashTrap(r.data[comment:lineEnd]) || (comment == end && n.Kind != Null) {
		return
	}
	n.Told = true
	whole := strings.TrimRight(string(r.data[start:lineEnd]), " \t")
	if n.Text == "" {
		whole = strings.TrimLeft(whole, " \t")
	}
	r.list.Add(diag.Diagnostic{
		Code: "comment-cuts-text", Summary: "A comment cuts the text", Subject: r.span(comment, lineEnd),
		Detail: fmt.Sprintf("With white space before it, \"#\" starts a comment, so the text ends before it. Put the whole text in quotes:\n\n    %s\n\nFor a comment, write a space behind the \"#\".", Quote(whole)),
	})
}

// hashTrap reports whether a comment was likely meant as text: it has an expression and its `#` touches a word.
func hashTrap(comment []byte) bool {
	return len(comment) > 1 && comment[0] == '#' && comment[1] != ' ' && comment[1] != '#' && bytes.Contains(comment, []byte("${"))
}

// leadingZero reports whether a decimal integer is written with a zero before its first digit.
func leadingZero(text string) bool {
	digits := strings.TrimLeft(text, "+-")
	return len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9'
}

// Quote writes text in quotes, as one would by hand.
func Quote(text string) string {
	if strings.ContainsAny(text, "\"\\") {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return `"` + text + `"`
}

// torn is an expression that a comma tore into several values, put together again.
type torn struct {
	node  *Node
	end   int // offset behind it
	count int // yaml nodes that it takes
}

// tornItems mends [ratio(a, b)], which YAML reads as two texts.
func (r *reader) tornItems(items []*yaml.Node) (torn, bool) {
	return r.mend(items, 1)
}

// tornEntries mends {value: ratio(a, b)}, which YAML reads as two keys. It is given the nodes from the first value on:
// each following key with its empty value is a piece.
func (r *reader) tornEntries(nodes []*yaml.Node) (torn, bool) {
	return r.mend(nodes, 2)
}

// maxPieces bounds how far the end of a torn expression is looked for.
const maxPieces = 64

// mend joins plain pieces, each step nodes apart with nothing between, until their parentheses match.
func (r *reader) mend(nodes []*yaml.Node, step int) (torn, bool) {
	opened := 0
	for i := 0; i < min(len(nodes), maxPieces); i++ {
		y := nodes[i]
		if y.Kind != yaml.ScalarNode || y.Style != 0 || y.Anchor != "" {
			return torn{}, false
		}
		if step == 2 && i > 0 && i%2 == 0 {
			if y.Value != "" {
				return torn{}, false
			}
			continue
		}
		opened += strings.Count(y.Value, "(") - strings.Count(y.Value, ")")
		if opened > 0 {
			continue
		}
		if i == 0 || opened < 0 {
			return torn{}, false
		}
		count := i + 1
		if step == 2 {
			count++ // the last key's empty value
			if count > len(nodes) || nodes[i+1].Kind != yaml.ScalarNode || nodes[i+1].Style != 0 || nodes[i+1].Value != "" {
				return torn{}, false
			}
		}
		start := r.offset(nodes[0].Line, nodes[0].Column)
		end := r.scalarEnd(y, r.offset(y.Line, y.Column))
		text := string(r.data[start:end])
		r.tell(start, end, "comma-tears-text", "A comma tears the text", fmt.Sprintf(
			"Within \"{}\" and \"[]\" a comma ends a value that is not in quotes. Put the expression in quotes:\n\n    %s", Quote(text)))
		n := &Node{Kind: String, Text: text, Plain: true, Told: true, At: r.span(start, end)}
		n.TextAt = r.textAt(&yaml.Node{Value: text}, start, end)
		return torn{node: n, end: end, count: count}, true
	}
	return torn{}, false
}
