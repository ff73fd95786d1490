package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/spec/diag"
)

const (
	// MaxFile bounds a file, in bytes: yaml.v3 takes 150 times a file's size in memory, and nobody writes this much by hand.
	MaxFile = 1 << 20
	// maxValues bounds the values of one file with its aliases expanded.
	maxValues = 100_000
	// maxDepth bounds how deep values are nested, aliases expanded.
	maxDepth = 100
)

// Parse reads one document, and says of everything that YAML would take in another way than it was meant.
// The node is nil where nothing useful could be read; otherwise it is a map, and goes on to be checked even
// where there are diagnostics, so that all problems are shown at once.
func Parse(file string, data []byte) (*Node, diag.List) {
	var list diag.List
	data, fault := plainText(file, data)
	if fault != nil {
		list.Add(*fault)
		return nil, list
	}
	s := newSource(file, data)
	document, err := s.document(&list)
	if err != nil {
		list.Add(s.syntaxFault(err))
		return nil, list
	}
	if document == nil {
		return nil, list
	}
	r := reader{source: s, list: &list, anchors: map[*yaml.Node]*anchored{}}
	root, _ := r.value(document, 1)
	if r.exceeded {
		return nil, list
	}
	switch root.Kind {
	case Map:
		return root, list
	case Null:
		list.Add(EmptyFile(root.At))
	default:
		if !root.Told {
			list.Add(diag.Diagnostic{
				Code: "not-a-map", Summary: "Not a mapping", Subject: root.At,
				Detail: fmt.Sprintf("A file holds keys with values, such as \"version: 1\", but this is %s.", root.Phrase()),
			})
		}
	}
	return nil, list
}

// document returns the content of the first document, and tells of a second one. It is nil for an empty file.
func (s *source) document(list *diag.List) (content *yaml.Node, err error) {
	decoder := yaml.NewDecoder(bytes.NewReader(s.forLibrary().data))
	var first, second yaml.Node
	switch err := decode(decoder, &first); {
	case errors.Is(err, io.EOF):
		list.Add(EmptyFile(s.span(0, 0)))
		return nil, nil
	case err != nil:
		return nil, err
	}
	if err := decode(decoder, &second); !errors.Is(err, io.EOF) {
		at, ok := s.secondDocument()
		if !ok && err != nil {
			return nil, err
		}
		list.Add(diag.Diagnostic{
			Code: "second-document", Summary: "Second document", Subject: at,
			Detail: "A file holds one document; what stands behind this line would be ignored. Move it to a file of its own.",
		})
	}
	return first.Content[0], nil
}

// secondDocument finds the line at which a second document starts: `---` behind some content, or what follows `...`.
func (s *source) secondDocument() (diag.Range, bool) {
	content := false
	for line := 1; line <= len(s.lines); line++ {
		text, start := s.lineText(line)
		trimmed := bytes.TrimSpace(text)
		switch {
		case len(trimmed) == 0 || trimmed[0] == '#' || text[0] == '%':
		case marker(text, "---") && content, marker(text, "..."):
			return s.span(start, start+3), true
		default:
			content = true
		}
	}
	return diag.Range{}, false
}

// marker reports whether a line starts with a document marker.
func marker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || isBlank(rest[0]))
}

// EmptyFile tells of a file that holds no keys.
func EmptyFile(at diag.Range) diag.Diagnostic {
	return diag.Diagnostic{
		Code: "empty-file", Summary: "Empty file", Subject: at,
		Detail: "The file holds no keys. A configuration starts with this line:\n\n    version: 1",
	}
}

// plainText checks what must hold before there are lines and columns at all: the size, the encoding, and that
// YAML and editors agree on where lines end. It returns the text without a byte order mark.
func plainText(file string, data []byte) ([]byte, *diag.Diagnostic) {
	fault := func(offset int, code, summary, detail string) *diag.Diagnostic {
		at := newSource(file, data[:offset]).span(offset, offset)
		return &diag.Diagnostic{Code: code, Summary: summary, Detail: detail, Subject: at}
	}
	if len(data) > MaxFile {
		return nil, fault(0, "file-too-large", "File too large",
			fmt.Sprintf("The file has %d bytes; at most %d (1 MiB) are read. Split it: all files of a folder make one configuration.", len(data), MaxFile))
	}
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			return nil, fault(i, "not-utf8", "Not UTF-8",
				"The file is not UTF-8 text from here on. Save it as UTF-8, in your editor or like this:\n\n    iconv -f WINDOWS-1250 -t UTF-8 OLD > NEW")
		case c == '\r' && (i+1 == len(data) || data[i+1] != '\n'), c == '\u0085', c == '\u2028', c == '\u2029':
			return nil, fault(i, "line-separator", "Unusual line separator",
				fmt.Sprintf("Here stands the character U+%04X, which ends a line for some programs and for others does not. Replace it by a usual line break.", c))
		case c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7F, c == 0xFFFE, c == 0xFFFF:
			return nil, fault(i, "control-character", "Control character",
				fmt.Sprintf("Here stands the control character U+%04X, which YAML does not allow. Remove it, or write it as an escape in double quotes.", c))
		}
		i += size
	}
	return bytes.TrimPrefix(data, []byte("\uFEFF")), nil
}
