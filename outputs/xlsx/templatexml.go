package xlsx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxDepth of elements within each other; Excel's own have about thirty.
const maxDepth = 200

// element is an XML element with all that stands in it, names as they are written, so that what nobody changes, such as
// extensions of a later Excel, says the same when it is written again.
type element struct {
	name    string
	attrs   []attribute
	content []node
	// changed is set on the root of a part when something in it was.
	changed bool
	// before and after are what stands around the root.
	before, after []byte
}

type attribute struct{ name, value string }

// node is an element or, where that is nil, what stands between elements: text, or markup as it is.
type node struct {
	element *element
	text    string
	markup  []byte
}

// parseElement reads a part.
func parseElement(data []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	var root *element
	var open []*element
	for {
		start := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		raw := data[start:d.InputOffset()]
		switch e := token.(type) {
		case xml.StartElement:
			el := &element{name: qualified(e.Name)}
			for _, a := range e.Attr {
				el.attrs = append(el.attrs, attribute{qualified(a.Name), a.Value})
			}
			switch {
			case len(open) > 0:
				top := open[len(open)-1]
				top.content = append(top.content, node{element: el})
			case root != nil:
				return nil, errors.New("it has two roots")
			default:
				root = el
				root.before = bytes.Clone(data[:start])
			}
			if open = append(open, el); len(open) > maxDepth {
				return nil, fmt.Errorf("its elements stand in each other more than %d deep", maxDepth)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1].name != qualified(e.Name) {
				return nil, fmt.Errorf("the end of %s has no beginning", qualified(e.Name))
			}
			if open = open[:len(open)-1]; len(open) == 0 {
				root.after = bytes.Clone(data[d.InputOffset():])
			}
		case xml.CharData:
			if len(open) > 0 {
				top := open[len(open)-1]
				top.content = append(top.content, node{text: string(e)})
			}
		case xml.Directive:
			return nil, errors.New("it declares a document type, which no workbook has")
		default:
			if len(open) > 0 {
				top := open[len(open)-1]
				top.content = append(top.content, node{markup: bytes.Clone(raw)})
			}
		}
	}
	if root == nil || len(open) > 0 {
		return nil, errors.New("it is cut off")
	}
	return root, nil
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// local is the element's name without its prefix.
func (e *element) local() string { return localName(e.name) }

func localName(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// attr returns an attribute, with or without a prefix.
func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.name == name || localName(a.name) == name && !strings.HasPrefix(a.name, "xmlns:") {
			return a.value
		}
	}
	return ""
}

// set gives an attribute a value, and adds it where it is missing.
func (e *element) set(name, value string) {
	for i := range e.attrs {
		if e.attrs[i].name == name {
			e.attrs[i].value = value
			return
		}
	}
	e.attrs = append(e.attrs, attribute{name, value})
}

// unset removes attributes.
func (e *element) unset(names ...string) {
	e.attrs = slices.DeleteFunc(e.attrs, func(a attribute) bool { return slices.Contains(names, a.name) })
}

// elements are those that stand in it.
func (e *element) elements() []*element {
	var out []*element
	for _, n := range e.content {
		if n.element != nil {
			out = append(out, n.element)
		}
	}
	return out
}

// child returns the first element of a name in it, nil where there is none.
func (e *element) child(local string) *element {
	for _, n := range e.content {
		if n.element != nil && n.element.local() == local {
			return n.element
		}
	}
	return nil
}

// remove takes elements out.
func (e *element) remove(gone func(*element) bool) {
	kept := slices.DeleteFunc(e.content, func(n node) bool { return n.element != nil && gone(n.element) })
	if len(kept) != len(e.content) {
		e.content, e.changed = kept, true
	}
}

// text is what stands in it but in elements.
func (e *element) text() string {
	var out strings.Builder
	for _, n := range e.content {
		out.WriteString(n.text)
	}
	return out.String()
}

// setText replaces all that stands in it.
func (e *element) setText(s string) { e.content = []node{{text: s}} }

// walk visits the element and all in it; where visit says no, not those in it.
func (e *element) walk(visit func(*element) bool) {
	if !visit(e) {
		return
	}
	for _, n := range e.content {
		if n.element != nil {
			n.element.walk(visit)
		}
	}
}

// bytes writes a part.
func (e *element) bytes() []byte {
	var b bytes.Buffer
	b.Write(e.before)
	e.write(&b)
	b.Write(e.after)
	return b.Bytes()
}

func (e *element) write(b *bytes.Buffer) {
	e.writeStart(b)
	if len(e.content) == 0 {
		b.Truncate(b.Len() - 1)
		b.WriteString("/>")
		return
	}
	for _, n := range e.content {
		switch {
		case n.element != nil:
			n.element.write(b)
		case n.markup != nil:
			b.Write(n.markup)
		default:
			_ = xml.EscapeText(b, []byte(n.text)) // into memory
		}
	}
	e.writeEnd(b)
}

func (e *element) writeStart(b *bytes.Buffer) {
	b.WriteByte('<')
	b.WriteString(e.name)
	for _, a := range e.attrs {
		b.WriteByte(' ')
		b.WriteString(a.name)
		b.WriteString(`="`)
		_ = xml.EscapeText(b, []byte(a.value)) // into memory
		b.WriteByte('"')
	}
	b.WriteByte('>')
}

func (e *element) writeEnd(b *bytes.Buffer) {
	b.WriteString("</")
	b.WriteString(e.name)
	b.WriteByte('>')
}
