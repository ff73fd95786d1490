package tree

import (
	"bytes"
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/spec/diag"
)

// reader turns yaml.v3's nodes of one file into ours.
type reader struct {
	*source
	list    *diag.List
	anchors map[*yaml.Node]*anchored
	// values counts what was read, aliases expanded; deepest is the greatest depth since an anchor was entered.
	values, deepest int
	// exceeded says that a bound was passed, so that nobody may walk the result.
	exceeded bool
}

// anchored is a value with an anchor, and what an alias of it adds.
type anchored struct {
	node           *Node // nil while it is being read
	values, height int
}

// value reads a value at a depth. end is the offset behind it where it is written: for an alias behind the alias.
func (r *reader) value(y *yaml.Node, depth int) (n *Node, end int) {
	start := r.offset(y.Line, y.Column)
	if y.Kind == yaml.AliasNode {
		return r.alias(y, start, depth)
	}
	r.deepest = max(r.deepest, depth)
	if r.values++; !r.within(start, start+1, depth) {
		return r.silent(start, start+1)
	}
	if y.Anchor == "" {
		return r.content(y, start, depth)
	}
	a := &anchored{}
	r.anchors[y] = a
	before, deepest := r.values, r.deepest
	r.deepest = depth
	n, end = r.content(y, start, depth)
	a.node, a.values, a.height = n, r.values-before, r.deepest-depth
	r.deepest = max(r.deepest, deepest)
	return n, end
}

// content reads what is no alias.
func (r *reader) content(y *yaml.Node, start, depth int) (*Node, int) {
	start, tag := r.properties(y, start)
	if tag < 0 {
		return r.untagged(y, start, depth)
	}
	end := r.wordEnd(tag)
	if text := string(r.data[tag:end]); text != y.Tag || !standardTag(y) {
		r.tell(tag, end, "custom-tag", "Tag", fmt.Sprintf(
			"%q is a YAML tag, and tags mean nothing here. Remove it; text that begins with an exclamation mark stands in quotes.", text))
		n, end := r.untagged(y, start, depth)
		n.Told = true
		return n, end
	}
	return r.untagged(y, start, depth)
}

func (r *reader) untagged(y *yaml.Node, start, depth int) (*Node, int) {
	switch y.Kind {
	case yaml.SequenceNode:
		return r.sequence(y, start, depth)
	case yaml.MappingNode:
		return r.mapping(y, start, depth)
	default:
		n, end := r.scalar(y, start)
		r.plainTraps(n, start, end)
		return n, end
	}
}

// key reads the key of an entry. A plain one is text, whatever it looks like, so that no trap lies in it.
func (r *reader) key(y *yaml.Node, depth int) (*Node, int) {
	start := r.offset(y.Line, y.Column)
	if behind, _ := r.properties(y, start); y.Kind != yaml.ScalarNode || behind > start {
		return r.value(y, depth)
	}
	r.values++
	return r.scalar(y, start)
}

// standardTag reports whether a tag says what the value is anyway. `!!str` makes a text of any scalar.
func standardTag(y *yaml.Node) bool {
	switch y.Tag {
	case "!!str":
		return y.Kind == yaml.ScalarNode
	case "!!seq":
		return y.Kind == yaml.SequenceNode
	case "!!map":
		return y.Kind == yaml.MappingNode
	}
	return false
}

// alias shares the value of an anchor, within the bounds that an expanded copy would have.
func (r *reader) alias(y *yaml.Node, start, depth int) (*Node, int) {
	end := start + 1 + len(y.Value)
	a := r.anchors[y.Alias]
	if a == nil || a.node == nil {
		r.tell(start, end, "alias-cycle", "Alias within itself", fmt.Sprintf(
			"\"*%s\" stands within the very value that \"&%s\" names, so it would never end.", y.Value, y.Value))
		return r.silent(start, end)
	}
	r.values += a.values + 1
	r.deepest = max(r.deepest, depth+a.height)
	if !r.within(start, end, depth+a.height) {
		return r.silent(start, end)
	}
	return a.node, end
}

// within reports whether the bounds still hold, and tells the first time they do not.
func (r *reader) within(start, end, depth int) bool {
	switch {
	case r.exceeded:
	case r.values > maxValues:
		r.exceeded = true
		r.tell(start, end, "too-many-values", "Too many values", fmt.Sprintf(
			"The file has more than %d values, counting what its aliases repeat.", maxValues))
	case depth > maxDepth:
		r.exceeded = true
		r.tell(start, end, "too-deep", "Nested too deep", fmt.Sprintf("Values are nested more than %d deep here.", maxDepth))
	}
	return !r.exceeded
}

// silent stands for a value about which all is said.
func (r *reader) silent(start, end int) (*Node, int) {
	end = min(end, len(r.data))
	return &Node{Kind: Null, At: r.span(start, end), Told: true}, end
}

func (r *reader) tell(start, end int, code, summary, detail string) {
	r.list.Add(diag.Diagnostic{Code: code, Summary: summary, Detail: detail, Subject: r.span(start, end)})
}

// properties returns the offset behind the anchor and the tag of a value, and that of the tag, below 0 where it has none.
// The node does not tell of a lone "!".
func (r *reader) properties(y *yaml.Node, start int) (behind, tag int) {
	tag, end := -1, len(r.data)
	if y.Kind == yaml.MappingNode && len(y.Content) > 0 {
		end = r.offset(y.Content[0].Line, y.Content[0].Column) // what stands there is the first key's
	}
	for start < end {
		switch {
		case y.Anchor != "" && bytes.HasPrefix(r.data[start:], []byte("&"+y.Anchor)):
			start = r.skipBlank(start + 1 + len(y.Anchor))
		case r.data[start] == '!' && (y.Style&yaml.TaggedStyle != 0 || r.loneTag(start)):
			tag, start = start, r.skipBlank(r.wordEnd(start))
		default:
			return start, tag
		}
	}
	return start, tag
}

// loneTag reports whether the "!" at an offset is a whole tag. Where an empty value stands, yaml.v3 tells the place of what
// follows, which may be a tag of its own, or within a comment.
func (r *reader) loneTag(at int) bool {
	return r.wordEnd(at) == at+1 && (at == 0 || r.data[at-1] != '#')
}

func (r *reader) sequence(y *yaml.Node, start, depth int) (*Node, int) {
	n := &Node{Kind: List, Items: make([]*Node, 0, len(y.Content))}
	end := start + 1
	for i := 0; i < len(y.Content); i++ {
		if y.Style&yaml.FlowStyle != 0 {
			if torn, ok := r.tornItems(y.Content[i:]); ok {
				n.Items = append(n.Items, torn.node)
				end, i = torn.end, i+torn.count-1
				continue
			}
		}
		item, itemEnd := r.value(y.Content[i], depth+1)
		n.Items = append(n.Items, item)
		end = max(end, itemEnd)
	}
	return r.close(n, y, start, end)
}

func (r *reader) mapping(y *yaml.Node, start, depth int) (*Node, int) {
	n := &Node{Kind: Map, Entries: make([]Entry, 0, len(y.Content)/2)}
	index := make(map[string]int, len(y.Content)/2)
	var merges []*Node
	end := start + 1
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		key, keyEnd := r.key(k, depth+1)
		if y.Style&yaml.FlowStyle != 0 {
			if torn, ok := r.tornEntries(y.Content[i+1:]); ok {
				r.add(n, index, key, torn.node)
				end, i = torn.end, i+torn.count-1
				continue
			}
		}
		value, valueEnd := r.value(v, depth+1)
		end = max(end, keyEnd, valueEnd)
		if k.Tag == "!!merge" {
			merges = append(merges, value)
			continue
		}
		r.add(n, index, key, value)
	}
	for _, m := range merges {
		r.merge(n, index, m)
	}
	return r.close(n, y, start, end)
}

// close sets the place of a map or list whose last part ends at end.
func (r *reader) close(n *Node, y *yaml.Node, start, end int) (*Node, int) {
	if y.Style&yaml.FlowStyle != 0 {
		end = r.skipBlank(end)
		for end < len(r.data) && r.data[end] == ',' {
			end = r.skipBlank(end + 1)
		}
		end = min(end+1, len(r.data))
	}
	n.At = r.span(start, end)
	return n, end
}

// add puts an entry into a map, whose keys index knows, unless its key is there already or is none.
func (r *reader) add(n *Node, index map[string]int, key, value *Node) {
	if key.Told {
		return
	}
	phrase := key.Phrase()
	lines := key.At.Start.Line != key.At.End.Line // a line break within quotes, on one line, is an API's own
	if lines {
		phrase = "a text of several lines"
	}
	if lines || key.Kind == Map || key.Kind == List || key.Kind == Null {
		r.list.Add(diag.Diagnostic{
			Code: "bad-key", Summary: "Key is not a word", Subject: key.At,
			Detail: fmt.Sprintf("A key is a word, but this is %s. To put a value into text, write \"${…}\", in quotes: \"${var.name}\".", phrase),
		})
		return
	}
	if i, ok := index[key.Text]; ok {
		n.Repeated = append(n.Repeated, Entry{Key: key.Text, KeyAt: key.At, Value: value})
		r.list.Add(diag.Diagnostic{
			Code: "duplicate-key", Summary: "Duplicate key", Subject: key.At,
			Detail:  fmt.Sprintf("%q stands twice in the same place. Remove one, or give it another name.", key.Text),
			Related: []diag.Related{{Message: fmt.Sprintf("%q stands here first.", key.Text), Range: n.Entries[i].KeyAt}},
		})
		return
	}
	index[key.Text] = len(n.Entries)
	n.Entries = append(n.Entries, Entry{Key: key.Text, KeyAt: key.At, Value: value})
}

// merge adds the entries of a map, or of each map of a list, whose keys are not there yet.
func (r *reader) merge(n *Node, index map[string]int, from *Node) {
	switch {
	case from.Told:
	case from.Kind == Map:
		for _, e := range from.Entries {
			if _, ok := index[e.Key]; !ok {
				index[e.Key] = len(n.Entries)
				n.Entries = append(n.Entries, e)
			}
		}
	case from.Kind == List:
		for _, item := range from.Items {
			if item.Kind == List {
				item = &Node{Kind: Null, At: item.At}
			}
			r.merge(n, index, item)
		}
	default:
		r.list.Add(diag.Diagnostic{
			Code: "bad-merge", Summary: "Nothing to merge", Subject: from.At,
			Detail: fmt.Sprintf("\"<<\" takes a mapping with an anchor, such as \"<<: *base\", or a list of them, but this is %s.", from.Phrase()),
		})
	}
}
