package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// What a template may hold: it comes with the definitions, and a few kilobytes of zip can be gigabytes.
const (
	maxTemplateParts = 5000
	maxTemplatePart  = 32 << 20
	maxTemplateSize  = 96 << 20
)

const (
	typesPart    = "[Content_Types].xml"
	workbookPart = "xl/workbook.xml"
)

// parts are those of a template, by name. A part that nothing touches leaves with the bytes it came with; what is changed
// is parsed, once.
type parts struct {
	names []string
	data  map[string][]byte
	trees map[string]*element
	// types are the content types by part, those given to an ending under "." and it.
	types map[string]string
}

// readParts opens a template, and refuses what cannot be filled or should not be sent.
func readParts(data []byte) (*parts, error) {
	if bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}) {
		return nil, errors.New("it is encrypted, or a workbook of Excel 2003; save it as .xlsx without a password")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("it is no .xlsx workbook: %w", err)
	}
	if len(z.File) > maxTemplateParts {
		return nil, fmt.Errorf("it has %d parts, and at most %d are read", len(z.File), maxTemplateParts)
	}
	p := &parts{data: map[string][]byte{}, trees: map[string]*element{}, types: map[string]string{}}
	total := 0
	folded := map[string]bool{}
	for _, m := range z.File {
		if strings.HasSuffix(m.Name, "/") {
			continue
		}
		if folded[strings.ToLower(m.Name)] || path.Clean(m.Name) != m.Name || strings.HasPrefix(m.Name, "/") || strings.HasPrefix(m.Name, "..") || strings.Contains(m.Name, `\`) {
			return nil, fmt.Errorf("its part %q stands twice or has no name that a part may have", m.Name)
		}
		folded[strings.ToLower(m.Name)] = true
		content, err := readPart(m, min(maxTemplatePart, maxTemplateSize-total))
		if err != nil {
			return nil, fmt.Errorf("read its part %q: %w", m.Name, err)
		}
		total += len(content)
		p.names = append(p.names, m.Name)
		p.data[m.Name] = content
	}
	if err := p.readTypes(); err != nil {
		return nil, err
	}
	return p, p.refuse()
}

// readPart reads a part of at most limit bytes, whatever its header says.
func readPart(m *zip.File, limit int) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	content, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if len(content) > limit {
		return nil, fmt.Errorf("unpacked it is larger than %d MB, or the template than %d MB", maxTemplatePart>>20, maxTemplateSize>>20)
	}
	return content, nil
}

func (p *parts) readTypes() error {
	root, err := p.tree(typesPart)
	if err != nil {
		return fmt.Errorf("it is no .xlsx workbook: %w", err)
	}
	for _, e := range root.elements() {
		switch e.local() {
		case "Default":
			p.types["."+strings.ToLower(e.attr("Extension"))] = e.attr("ContentType")
		case "Override":
			p.types[strings.TrimPrefix(e.attr("PartName"), "/")] = e.attr("ContentType")
		}
	}
	return nil
}

// kind is the last word of a part's content type, such as "worksheet".
func (p *parts) kind(name string) string {
	t, ok := p.types[name]
	if !ok {
		t = p.types[strings.ToLower(path.Ext(name))]
	}
	t = strings.TrimSuffix(t, "+xml")
	return t[strings.LastIndexByte(t, '.')+1:]
}

// refuse tells why a template is not taken.
func (p *parts) refuse() error {
	if p.data[workbookPart] == nil {
		return errors.New("it has no xl/workbook.xml; save it with Excel or LibreOffice as .xlsx")
	}
	for _, name := range p.names {
		if t := strings.ToLower(p.types[name]); strings.Contains(t, "macroenabled") || strings.Contains(t, "vba") || strings.HasSuffix(strings.ToLower(name), "vbaproject.bin") {
			return errors.New("it has macros, which a report does not send; save it as .xlsx")
		}
		if path.Ext(name) != ".rels" {
			continue
		}
		root, err := p.tree(name)
		if err != nil {
			return err
		}
		for _, r := range root.elements() {
			if r.attr("TargetMode") == "External" && !strings.HasSuffix(r.attr("Type"), "/hyperlink") {
				return fmt.Errorf("it is linked to %q outside; break the link (in Excel: Data, Edit Links) so that the report stands on its own", r.attr("Target"))
			}
		}
	}
	root, err := p.tree(workbookPart)
	if err != nil {
		return err
	}
	switch root.attr("xmlns") {
	case "http://schemas.openxmlformats.org/spreadsheetml/2006/main":
		return nil
	case "http://purl.oclc.org/ooxml/spreadsheetml/main":
		return errors.New(`it is a "Strict Open XML" workbook; save it as a plain Excel workbook (.xlsx)`)
	default:
		return errors.New("its xl/workbook.xml is not what Excel or LibreOffice write; save it with one of them as .xlsx")
	}
}

// tree parses a part. What is changed in it is changed in what is written.
func (p *parts) tree(name string) (*element, error) {
	if t, ok := p.trees[name]; ok {
		return t, nil
	}
	data, ok := p.data[name]
	if !ok {
		return nil, fmt.Errorf("the part %s is missing", name)
	}
	t, err := parseElement(data)
	if err != nil {
		return nil, fmt.Errorf("the part %s is broken: %w", name, err)
	}
	p.trees[name] = t
	return t, nil
}

// ofKind returns the parts of a kind in order.
func (p *parts) ofKind(kinds ...string) []string {
	var out []string
	for _, name := range p.names {
		for _, k := range kinds {
			if p.kind(name) == k {
				out = append(out, name)
			}
		}
	}
	return out
}

// relationsOf returns the targets of a part by their ids, its parts as their names in the package.
func (p *parts) relationsOf(name string) (map[string]relation, error) {
	folder, file := path.Split(name)
	rels := folder + "_rels/" + file + ".rels"
	out := map[string]relation{}
	if p.data[rels] == nil {
		return out, nil
	}
	root, err := p.tree(rels)
	if err != nil {
		return nil, err
	}
	for _, e := range root.elements() {
		r := relation{ID: e.attr("Id"), Target: e.attr("Target"), Mode: e.attr("TargetMode")}
		if strings.HasPrefix(r.Target, "/") {
			r.Target = r.Target[1:]
		} else {
			r.Target = path.Join(folder, r.Target)
		}
		out[r.ID] = r
	}
	return out, nil
}

// related returns the parts of a kind that a part points to.
func (p *parts) related(name, kind string) ([]string, error) {
	targets, err := p.relationsOf(name)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, other := range p.names {
		for _, r := range targets {
			if r.Mode != "External" && r.Target == other && p.kind(other) == kind {
				out = append(out, other)
				break
			}
		}
	}
	return out, nil
}

// drop removes a part with its content type and the relations to it.
func (p *parts) drop(name, from string) error {
	folder, file := path.Split(from)
	for holder, gone := range map[string]func(*element) bool{
		typesPart: func(e *element) bool { return e.attr("PartName") == "/"+name },
		folder + "_rels/" + file + ".rels": func(e *element) bool {
			return e.attr("Target") == "/"+name || path.Join(folder, e.attr("Target")) == name
		},
	} {
		root, err := p.tree(holder)
		if err != nil {
			return err
		}
		root.remove(gone)
	}
	delete(p.data, name)
	return nil
}
