package spec

import (
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
)

// Theme is how a project's reports look. Colours are six hex digits; what is not said is empty.
type Theme struct {
	Accent, Good, Warning, Bad, Font string
	Palette                          []string
	// Logo is a picture beneath the configuration's folder.
	Logo string
}

// Workbook is the pages of a report, or what a designed workbook is filled with.
type Workbook struct {
	Title, Author, Subject *Template // document properties
	Sheets                 []*Sheet
	// About adds a sheet that says where the figures come from.
	About bool
	// Password encrypts the workbook; nil does not.
	Password *Template
	// Template is a workbook beneath the configuration's folder; empty for none.
	Template string
	// Fill is what stands at the template's names; without any, each dataset stands at the name that it has.
	Fill  []*Fill
	Range diag.Range
}

// Fill is what stands at a name of a template. One of Table and Figure is set.
type Fill struct {
	Name   string
	Table  *TableBlock
	Figure *KPI
	Range  diag.Range
}

// Sheet is one page.
type Sheet struct {
	Name   *Template
	Blocks []*Block
	Range  diag.Range
}

// Block is one of a heading, a text, kpis, a table, a chart and an image.
type Block struct {
	Range   diag.Range
	Heading *Template
	Text    *Template
	KPIs    []*KPI
	Table   *TableBlock
	Chart   *Chart
	Image   *Image
}

// KPI is one figure.
type KPI struct {
	Label  *Template
	Value  *Expression
	Format string
	// Compare is the figure before; nil compares with none. Good is "up", "down" or "".
	Compare *Expression
	Good    string
	Range   diag.Range
}

// TableBlock shows a dataset.
type TableBlock struct {
	Dataset string
	Columns []*TableColumn
	Totals  bool
	Limit   int
	// Object is the name of the Excel table object that it becomes; empty for a plain range.
	Object string
	Range  diag.Range
}

// TableColumn is a column as a block shows it.
type TableColumn struct {
	Key, Label, Format string
	Width              float64
	Total              *table.Total
	Highlight          *Highlight
	Range              diag.Range
}

// Highlight marks cells of a column by their values: by a Word, or by rules.
type Highlight struct {
	// Word is bars, scale, high_is_good or low_is_good; empty where there are rules.
	Word  string
	Rules []*HighlightRule
	Range diag.Range
}

// HighlightRule marks values between the bounds that are there. As is good, warning or bad.
type HighlightRule struct {
	Above, AtLeast, Below, AtMost *Expression
	As                            string
	Range                         diag.Range
}

// Chart draws columns of a dataset.
type Chart struct {
	Type, Dataset, X string
	// Y and Y2 have a key, a label and a format.
	Y, Y2  []*TableColumn
	Title  *Template
	Height int // CSS pixels; 0 for the usual height
	Half   bool
	Range  diag.Range
}

// Image is a picture beneath the configuration's folder.
type Image struct {
	Path  string
	Alt   *Template
	Width int // CSS pixels; 0 for the picture's own
	Range diag.Range
}
