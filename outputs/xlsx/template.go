package xlsx

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/reportform/reportform/outputs"
)

// A template is filled in its XML, not through excelize, which writes every part anew and drops what it does not know:
// slicers, extensions of charts and conditional formats, printer settings. What has no part in the filling leaves the
// template as it came, to the byte. And the rows of data are written as they are read, so that a hundred thousand of them
// take no more memory than ten.

// design is a template being filled.
type design struct {
	*parts
	book   *element
	sheets []*designed
	styles *templateStyles
	locale string
	// taken are the areas that fills have, so that none writes over another.
	taken   []takenArea
	notices []string
	rows    int
}

type takenArea struct {
	sheet *designed
	area
	name string
}

// fillTemplate writes a document that is a designed workbook with what its names are filled with.
func (r Renderer) fillTemplate(ctx context.Context, doc outputs.Document, path string) (_ outputs.Rendered, err error) {
	d, err := openDesign(doc)
	if err != nil {
		return outputs.Rendered{}, fmt.Errorf("read the template %q: %w", doc.Template.Name, err)
	}
	known := d.faults()
	for _, f := range doc.Template.Fill {
		if err := d.fill(f); err != nil {
			return outputs.Rendered{}, fmt.Errorf("fill the template %q: %w", doc.Template.Name, err)
		}
	}
	if err := d.recompute(); err != nil {
		return outputs.Rendered{}, fmt.Errorf("fill the template %q: %w", doc.Template.Name, err)
	}
	pack, err := newPacker(filepath.Dir(path))
	if err != nil {
		return outputs.Rendered{}, err
	}
	defer func() { err = errors.Join(err, pack.discard()) }()
	pack.known = known
	if err := d.pack(ctx, pack); err != nil {
		return outputs.Rendered{}, fmt.Errorf("fill the template %q: %w", doc.Template.Name, err)
	}
	if err := pack.save(path); err != nil {
		return outputs.Rendered{}, err
	}
	return outputs.Rendered{Sheets: len(d.sheets), Rows: d.rows, Notices: d.notices, Content: pack.content()}, nil
}

func openDesign(doc outputs.Document) (*design, error) {
	p, err := readParts(doc.Template.Data)
	if err != nil {
		return nil, err
	}
	d := &design{parts: p, locale: doc.Locale}
	if d.book, err = p.tree(workbookPart); err != nil {
		return nil, err
	}
	targets, err := p.relationsOf(workbookPart)
	if err != nil {
		return nil, err
	}
	list := d.book.child("sheets")
	if list == nil {
		return nil, errors.New("it has no sheets")
	}
	for _, e := range list.elements() {
		part := targets[e.attr("id")].Target
		if p.kind(part) != "worksheet" {
			continue // A sheet that is a chart has no cells.
		}
		root, err := p.tree(part)
		if err != nil {
			return nil, err
		}
		s, err := readSheet(e.attr("name"), part, root)
		if err != nil {
			return nil, err
		}
		d.sheets = append(d.sheets, s)
	}
	d.styles, err = readStyles(p)
	return d, err
}

// faults are those of the template itself, which it may keep: Excel opened it.
func (d *design) faults() []string {
	c := checker{parts: maps.Clone(d.data)}
	for _, s := range d.sheets {
		c.parts[s.part] = s.root.bytes() // without its rows, as they are in what is written
	}
	c.look()
	return c.faults
}

// fill puts what a report has at one of the template's names.
func (d *design) fill(f outputs.Fill) error {
	object, err := d.object(f.Name)
	if err != nil {
		return err
	}
	name, err := d.definedName(f.Name)
	if err != nil {
		return err
	}
	switch {
	case f.Table != nil && object != nil:
		return d.fillObject(object, *f.Table)
	case f.Table != nil && name != nil:
		return d.fillName(name, *f.Table)
	case f.Value != nil && name != nil:
		return d.fillValue(name, *f.Value)
	case object != nil:
		return fmt.Errorf("%q is a table object, which takes a dataset; a single value is put at a defined name", f.Name)
	}
	return d.unknown(f.Name)
}

// unknown says which names there are.
func (d *design) unknown(wanted string) error {
	names, err := d.fillable()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("it has no %q, nor any other table object or defined name; give a range a name in Excel (Formulas, Define Name) or make it a table (Insert, Table)", wanted)
	}
	nearest, distance := "", 4
	for _, n := range names {
		if l := levenshtein.Distance(strings.ToLower(n), strings.ToLower(wanted), nil); l < distance {
			nearest, distance = n, l
		}
	}
	hint := ""
	if nearest != "" {
		hint = fmt.Sprintf("; did you mean %q?", nearest)
	}
	return fmt.Errorf("it has no table object or defined name %q%s; it has %s", wanted, hint, quotedList(names))
}

func quotedList(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, strconv.Quote(n))
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}

// sheet finds a sheet by its name as formulas have it.
func (d *design) sheet(name string) *designed {
	for _, s := range d.sheets {
		if strings.EqualFold(s.name, name) {
			return s
		}
	}
	return nil
}

// take claims an area for a fill.
func (d *design) take(s *designed, a area, name string) error {
	for _, t := range d.taken {
		if t.sheet == s && t.overlaps(a) {
			return fmt.Errorf("%q and %q lie on the same cells of sheet %q", name, t.name, s.name)
		}
	}
	d.taken = append(d.taken, takenArea{s, a, name})
	return nil
}

// recompute has whoever opens the workbook compute all formulas, charts and pivot tables: their values are not stored.
func (d *design) recompute() error {
	calc := d.book.child("calcPr")
	if calc == nil {
		calc = &element{name: "calcPr"}
		at := slices.IndexFunc(d.book.content, func(n node) bool {
			return n.element != nil && slices.Contains(behindCalc, n.element.local())
		})
		if at < 0 {
			at = len(d.book.content)
		}
		d.book.content = slices.Insert(d.book.content, at, node{element: calc})
	}
	calc.set("fullCalcOnLoad", "1")
	d.book.changed = true
	for _, name := range d.ofKind("calcChain") {
		if err := d.drop(name, workbookPart); err != nil {
			return err
		}
	}
	for _, name := range d.ofKind("pivotCacheDefinition") {
		root, err := d.tree(name)
		if err != nil {
			return err
		}
		root.set("refreshOnLoad", "1")
		root.changed = true
	}
	return d.forgetPoints()
}

// behindCalc are the elements of a workbook that stand behind calcPr (ECMA-376, 18.2.27).
var behindCalc = []string{
	"oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
}

// pack writes all parts.
func (d *design) pack(ctx context.Context, pack *packer) error {
	sheets := map[string]*designed{}
	for _, s := range d.sheets {
		sheets[s.part] = s
	}
	for _, name := range d.names {
		data, ok := d.data[name]
		if !ok {
			continue
		}
		if _, err := pack.Create(name); err != nil {
			return err
		}
		last := pack.parts[len(pack.parts)-1]
		if s := sheets[name]; s != nil && (s.changed || s.root.changed) {
			xml, err := s.write(ctx, partWriter{pack})
			if err != nil {
				return err
			}
			last.xml = xml
			continue
		}
		if t := d.trees[name]; t != nil && t.changed {
			data = t.bytes()
		}
		last.xml = data
		if err := pack.add(data); err != nil {
			return err
		}
	}
	return pack.Close()
}
