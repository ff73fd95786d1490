package xlsx

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// leaf is the sheet that is being written, in a file of its own, whose other parts nobody wants. excelize keeps what
// it streamed, up to 32 MB of a sheet, until its file is closed: the sheets of one file would be in memory together.
type leaf struct {
	file *excelize.File
	// sheet is its name in that file, and from its part there; to is its part in the package.
	sheet, from, to string
}

// openLeaf begins the sheet that was added last.
func (w *workbook) openLeaf() error {
	file := excelize.NewFile(excelize.Options{TmpDir: w.dir})
	w.leaf = &leaf{file: file, sheet: "Sheet1", from: sheetFolder + "1.xml", to: fmt.Sprint(sheetFolder, len(w.sheets), ".xml")}
	if len(w.sheets) == 1 {
		return nil
	}
	// The first sheet of a file is the one that is selected.
	w.leaf.sheet, w.leaf.from = "Sheet2", sheetFolder+"2.xml"
	if _, err := file.NewSheet(w.leaf.sheet); err != nil {
		return fmt.Errorf("add a sheet: %w", err)
	}
	return nil
}

// closeLeaf hands the sheet to the package, and frees what it took.
func (w *workbook) closeLeaf() error {
	l := w.leaf
	l.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return leafPacker{w.pack, l} })
	if err := l.file.Write(io.Discard); err != nil {
		return fmt.Errorf("write the sheet's part: %w", err)
	}
	w.leaf = nil
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("remove the sheet's rows: %w", err)
	}
	return nil
}

// leafPacker takes the sheet out of its file.
type leafPacker struct {
	*packer
	leaf *leaf
}

// Create begins a part, and lets go of all but the sheet that was streamed, which excelize writes first.
func (p leafPacker) Create(name string) (io.Writer, error) {
	if name == p.leaf.from {
		return p.packer.Create(p.leaf.to)
	}
	return io.Discard, nil
}
