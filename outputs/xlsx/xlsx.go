// Package xlsx writes a document as an Excel workbook: real cells, live totals, the same bytes for the same document.
//
// A document's tables are read twice. The first pass measures: widths, and what a cell cannot hold. Then the whole
// workbook is laid out in excelize, but for the rows. The second pass encodes these while excelize hands over its parts,
// which a [packer] compresses into a file, so that a million rows take no more memory than a few thousand. Every finished
// package is checked for what would make Excel offer a repair.
package xlsx

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/xlsx/encrypt"
)

// MediaType of a workbook.
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// calcEngine is the engine of Excel 2019 and later; an older number makes Excel compute everything again.
const calcEngine = 191029

// Renderer writes workbooks. The zero value works.
type Renderer struct {
	// maxRows is how many rows a sheet holds; 0 means Excel's 1,048,576. A longer table goes on on another sheet.
	maxRows int
}

var _ outputs.Renderer = Renderer{}

// MediaType as in RFC 2046.
func (Renderer) MediaType() string { return MediaType }

// workbook is one file in the making.
type workbook struct {
	doc     outputs.Document
	words   outputs.Vocabulary
	dir     string
	maxRows int
	// file has all but the rows, which the leaves have: one for each of its sheets, in order.
	file   *excelize.File
	leaves []*leaf
	// tables are those of all sheets as they are laid out.
	tables []*tableSection
	// placed are run once every sheet is laid out.
	placed []func() error
	// charted are the charts of all sheets, placedCharts how many have their part; hidden counts sheets that nobody sees.
	charted              []*chartSection
	placedCharts, hidden int
	// tableObjects are the table objects of all sheets, objects the names that are taken by them, in lower case.
	tableObjects []*tableObject
	objects      map[string]bool

	pack    *packer
	styles  styles
	names   *namer
	rows    int
	notices []string
}

// Render writes the document to path, a new file in a private folder where its temporary files stand as well. Content is
// the digest before encryption.
func (r Renderer) Render(ctx context.Context, doc outputs.Document, path string) (outputs.Rendered, error) {
	write := r.compose
	if doc.Template != nil {
		write = r.fillTemplate
	}
	got, err := write(ctx, doc, path)
	if err != nil || doc.Password.IsZero() {
		return got, err
	}
	if err := encrypt.File(path, doc.Password); err != nil {
		return outputs.Rendered{}, err
	}
	return got, nil
}

// compose writes a document of sheets.
func (r Renderer) compose(ctx context.Context, doc outputs.Document, path string) (_ outputs.Rendered, err error) {
	w := &workbook{
		doc: doc, words: outputs.Words(doc.Locale), dir: filepath.Dir(path), maxRows: cmp.Or(r.maxRows, excelize.TotalRows),
		file: excelize.NewFile(), names: newNamer(doc.Locale),
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if w.pack, err = newPacker(w.dir); err != nil {
		return outputs.Rendered{}, err
	}
	if w.styles, err = newStyles(w.file, doc.Theme.Whole()); err != nil {
		return outputs.Rendered{}, err
	}
	sheets := doc.Sheets
	if len(sheets) == 0 {
		// A workbook without a sheet is none.
		sheets = []outputs.Sheet{{Blocks: []outputs.Block{outputs.Heading{Text: doc.Title}}}}
	}
	for i, s := range sheets {
		if err := w.sheet(ctx, s, i == 0); err != nil {
			return outputs.Rendered{}, fmt.Errorf("write sheet %q: %w", s.Name, err)
		}
	}
	if err := w.about(); err != nil {
		return outputs.Rendered{}, fmt.Errorf("write the sheet about the report: %w", err)
	}
	if err := w.chartSources(); err != nil {
		return outputs.Rendered{}, err
	}
	for _, place := range append(w.placed, w.placeObjects) {
		if err := place(); err != nil {
			return outputs.Rendered{}, err
		}
	}
	if err := w.properties(); err != nil {
		return outputs.Rendered{}, err
	}
	content, err := w.save(ctx, path)
	if err != nil {
		return outputs.Rendered{}, err
	}
	return outputs.Rendered{Sheets: len(w.leaves) - w.hidden, Rows: w.rows, Notices: w.notices, Content: content}, nil
}

// close removes what was put aside in the making.
func (w *workbook) close() error {
	err := w.file.Close()
	if w.pack != nil {
		err = errors.Join(err, w.pack.discard())
	}
	return err
}

// properties says who made the workbook and when; otherwise it would be "xuri" in 2006.
func (w *workbook) properties() error {
	moment := w.doc.Modified.UTC().Format(time.RFC3339)
	author, _ := legalText(w.doc.Author)
	title, _ := legalText(w.doc.Title)
	subject, _ := legalText(w.doc.Subject)
	description, _ := legalText(w.doc.Description)
	if err := w.file.SetDocProps(&excelize.DocProperties{
		Title: title, Subject: subject, Description: description, Creator: author, LastModifiedBy: author,
		Created: moment, Modified: moment, Language: w.doc.Locale,
	}); err != nil {
		return fmt.Errorf("set the document properties: %w", err)
	}
	if err := w.file.SetAppProps(&excelize.AppProperties{Application: "reportform"}); err != nil {
		return fmt.Errorf("set the document properties: %w", err)
	}
	// Every formula comes with its value: Excel 2019 and later need not compute on opening, nor ask on closing.
	w.file.WorkBook.CalcPr.CalcID = calcEngine
	return nil
}

// save writes the package to path and returns the digest of its content.
func (w *workbook) save(ctx context.Context, path string) (outputs.Digest, error) {
	// The order of the definitions must not depend on the order in which parts came to be.
	overrides, defaults := w.file.ContentTypes.Overrides, w.file.ContentTypes.Defaults
	sort.Slice(defaults, func(i, j int) bool { return defaults[i].Extension < defaults[j].Extension })
	sort.Slice(overrides, func(i, j int) bool { return overrides[i].PartName < overrides[j].PartName })
	if names := w.file.WorkBook.DefinedNames; names != nil {
		sort.SliceStable(names.DefinedName, func(i, j int) bool { return names.DefinedName[i].Name < names.DefinedName[j].Name })
	}
	for i, l := range w.leaves {
		w.pack.sheets[fmt.Sprint(sheetFolder, i+1, ".xml")] = sheetRows{
			write: func(out io.Writer) error { return l.write(ctx, out) }, below: l.below(), mend: w.styles.bars,
		}
	}
	w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return w.pack })
	if err := w.file.Write(io.Discard); err != nil {
		return "", fmt.Errorf("write the workbook's parts: %w", err)
	}
	if err := w.pack.save(path); err != nil {
		return "", err
	}
	return w.pack.content(), nil
}

// save writes the package to path. What is not whole is removed, and so is what Excel would repair.
func (p *packer) save(path string) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make the workbook: %w", err)
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	buffered := bufio.NewWriterSize(out, 1<<16)
	if err := p.assemble(buffered); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := p.check(); err != nil {
		return fmt.Errorf("check the workbook: %w", err)
	}
	return nil
}

// addSheet makes the next sheet, under a name that Excel accepts.
func (w *workbook) addSheet(wanted string) (*leaf, error) {
	name, _ := w.names.name(wanted)
	if len(w.leaves) == 0 {
		if err := w.file.SetSheetName(w.file.GetSheetName(0), name); err != nil {
			return nil, fmt.Errorf("name sheet %q: %w", name, err)
		}
	} else if _, err := w.file.NewSheet(name); err != nil {
		return nil, fmt.Errorf("add sheet %q: %w", name, err)
	}
	l := &leaf{name: name, next: 1}
	w.leaves = append(w.leaves, l)
	return l, nil
}

// notice remembers something a reader should know, once.
func (w *workbook) notice(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !slices.Contains(w.notices, n) {
		w.notices = append(w.notices, n)
	}
}
