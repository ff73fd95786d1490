package tree

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// pieceKind says what a piece of a file is.
type pieceKind uint8

const (
	// scalarPiece is a text, number, boolean or null; of a block scalar its head, such as `|-`.
	scalarPiece pieceKind = iota
	// blockPiece is the lines of a block scalar.
	blockPiece
	// signPiece is one of - ? : , [ ] { }
	signPiece
	// propertyPiece is an anchor or a tag.
	propertyPiece
	aliasPiece
	commentPiece
	// markerPiece is a line with a document marker or a directive.
	markerPiece
)

// piece is a stretch of a file that formatting moves as a whole.
type piece struct {
	kind       pieceKind
	start, end int
	// line and last are the lines (from 1) on which it begins and ends.
	line, last int
	// column counts bytes from 0.
	column int
	// text is what the file has there.
	text string
	// key says that a key of a block mapping begins here.
	key bool
	// indent is the number of spaces before each line of a block scalar; below 0 where its lines are nothing but space.
	// named is how many of them its head names, counted from what it belongs to; 0 where it names none.
	indent, named int
}

// is reports whether the piece is one of some signs.
func (p *piece) is(signs string) bool {
	return p.kind == signPiece && strings.Contains(signs, p.text)
}

// pieces is a file taken apart.
type pieces struct {
	*source
	root *yaml.Node
	list []piece
	// scalars are the texts' stretches by their start, and keys where keys of block mappings begin.
	scalars []scalarAt
	keys    map[int]bool
}

// scalarAt is where a scalar stands.
type scalarAt struct {
	start, end int
	node       *yaml.Node
}

// comments are what the file's comments say, in order.
func (p *pieces) comments() []string {
	var out []string
	for i := range p.list {
		if p.list[i].kind == commentPiece {
			out = append(out, p.list[i].text)
		}
	}
	return out
}

// read takes the file apart. It is false where something stands between the values that has no place there, so that the
// places of the values were not right.
func (p *pieces) read() bool {
	p.keys = map[int]bool{}
	p.collect(p.root)
	slices.SortStableFunc(p.scalars, func(a, b scalarAt) int { return cmp.Compare(a.start, b.start) })
	at, next := 0, 0
	for at < len(p.data) {
		switch c := p.data[at]; {
		case isBlank(c):
			at++
		case next < len(p.scalars) && p.scalars[next].start == at:
			at = p.scalar(p.scalars[next])
			next++
		case next < len(p.scalars) && p.scalars[next].start < at:
			return false
		default:
			end := p.between(at)
			if end == at {
				return false
			}
			at = end
		}
	}
	p.markKeys()
	return next == len(p.scalars)
}

// collect finds the scalars and keys of a node.
func (p *pieces) collect(y *yaml.Node) {
	switch {
	case y.Kind == yaml.AliasNode:
	case y.Kind != yaml.ScalarNode:
		isBlock := y.Kind == yaml.MappingNode && y.Style&yaml.FlowStyle == 0
		for i, content := range y.Content {
			if isBlock && i%2 == 0 {
				p.keys[p.textStart(content)] = true
			}
			p.collect(content)
		}
	case y.Value != "" || y.Style&(quoted|block) != 0:
		start := p.textStart(y)
		p.scalars = append(p.scalars, scalarAt{start, p.scalarEnd(y, start), y})
	}
}

// textStart is where a node begins behind its anchor and tag.
func (p *pieces) textStart(y *yaml.Node) int {
	start := p.offset(y.Line, y.Column)
	if y.Kind == yaml.AliasNode {
		return start
	}
	behind, _ := (&reader{source: p.source}).properties(y, start)
	return behind
}

// scalar adds a scalar and returns the offset behind it.
func (p *pieces) scalar(s scalarAt) int {
	if s.node.Style&block == 0 {
		p.add(piece{kind: scalarPiece, start: s.start, end: s.end})
		return s.end
	}
	head := p.headEnd(s.start)
	p.add(piece{kind: scalarPiece, start: s.start, end: head})
	named := 0
	for _, c := range p.data[s.start:head] {
		if c >= '1' && c <= '9' {
			named = int(c - '0')
		}
	}
	at := p.skipSpaces(head)
	if at < len(p.data) && p.data[at] == '#' {
		p.add(piece{kind: commentPiece, start: at, end: p.lineEnd(at)})
	}
	first := p.nextLine(head)
	indent := -1
	switch {
	case strings.Trim(s.node.Value, "\n ") != "":
		indent, _ = p.blockIndent(s.node.Value, s.start)
	case named > 0: // a text of nothing but space, told from its indentation by the head alone
		indent = p.ownerColumn(p.line(s.start)) + named
	}
	end := p.linesOfBlock(s, first, indent)
	if end >= first {
		p.add(piece{kind: blockPiece, start: first, end: end, indent: indent, named: named})
	}
	return max(end, p.lineEnd(head))
}

// linesOfBlock returns the offset behind the last line of a block scalar, its line break left out. Lines of nothing but
// space at its end belong to it where they are kept, or where they are longer than its indentation. It is below 0 where
// there is none.
func (p *pieces) linesOfBlock(s scalarAt, first, indent int) (end int) {
	end = -1
	kept := s.node.Value != "" && bytes.IndexByte(p.data[s.start:p.headEnd(s.start)], '+') >= 0
	for at := first; at < len(p.data); at = p.nextLine(at) {
		text := p.data[at:p.lineEnd(at)]
		content := bytes.TrimLeft(text, " ")
		if len(content) > 0 && (indent < 0 || len(text)-len(content) < indent) {
			break
		}
		if kept || len(content) > 0 || s.node.Value != "" && len(text) > max(indent, 0) {
			end = at + len(text)
		}
		if p.lineEnd(at) == len(p.data) {
			break
		}
	}
	return end
}

// headEnd returns the offset behind the head of a block scalar. yaml.v3 takes a comment that touches it.
func (p *pieces) headEnd(at int) int {
	end := p.wordEnd(at)
	if comment := bytes.IndexByte(p.data[at:end], '#'); comment >= 0 {
		return at + comment
	}
	return end
}

func (p *pieces) skipSpaces(at int) int {
	for at < len(p.data) && (p.data[at] == ' ' || p.data[at] == '\t') {
		at++
	}
	return at
}

// between adds what stands between values and returns the offset behind it, which is at where nothing is known.
func (p *pieces) between(at int) int {
	kind, end := signPiece, at+1
	switch c := p.data[at]; {
	case (at == 0 || p.data[at-1] == '\n') && p.markerAt(at):
		kind, end = markerPiece, at+len("---")
	case c == '%':
		kind, end = markerPiece, at+len(bytes.TrimRight(p.data[at:p.lineEnd(at)], " \t"))
	case c == '#':
		kind, end = commentPiece, p.lineEnd(at)
	case c == '&':
		kind, end = propertyPiece, p.nameEnd(at+1)
	case c == '*':
		kind, end = aliasPiece, p.nameEnd(at+1)
	case c == '!':
		kind, end = propertyPiece, p.tagEnd(at)
	case strings.IndexByte("-?:,[]{}", c) < 0:
		return at
	}
	p.add(piece{kind: kind, start: at, end: end})
	return end
}

func (p *pieces) markerAt(at int) bool {
	line := p.data[at:min(at+len("--- "), len(p.data))]
	return marker(line, "---") || marker(line, "...")
}

// tagEnd returns the offset behind a tag, of which a sound file has none but !!str, !!seq and !!map.
func (p *pieces) tagEnd(at int) int {
	for at < len(p.data) && (p.data[at] == '!' || isAlphanumeric(p.data[at])) {
		at++
	}
	return at
}

// nameEnd returns the offset behind the name of an anchor.
func (p *pieces) nameEnd(at int) int {
	for at < len(p.data) && (p.data[at] == '-' || p.data[at] == '_' || isAlphanumeric(p.data[at])) {
		at++
	}
	return at
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func (p *pieces) add(one piece) {
	one.line = p.line(one.start)
	one.last = p.line(one.end)
	one.column = one.start - p.lines[one.line-1]
	one.text = string(p.data[one.start:one.end])
	if one.kind == commentPiece {
		one.text = spacedComment(one.text)
	}
	p.list = append(p.list, one)
}

// spacedComment puts a space behind the # of a comment. What is drawn with #, or begins with #!, stays.
func spacedComment(text string) string {
	text = strings.TrimRight(text, " \t")
	if len(text) < 2 || strings.IndexByte(" \t#!", text[1]) >= 0 {
		return text
	}
	return "# " + text[1:]
}

// markKeys marks the pieces with which keys of block mappings begin: an anchor on the same line belongs to its key.
func (p *pieces) markKeys() {
	for i := range p.list {
		// An empty key has a tag or an anchor before its colon.
		if !p.keys[p.list[i].start] || p.list[i].kind != scalarPiece && p.list[i].kind != aliasPiece && !p.list[i].is(":") {
			continue
		}
		first := i
		for first > 0 && p.list[first-1].kind == propertyPiece && p.list[first-1].line == p.list[i].line {
			first--
		}
		p.list[first].key = true
	}
}
