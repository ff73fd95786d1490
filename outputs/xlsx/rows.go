package xlsx

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// cellKind says what stands in a cell.
type cellKind uint8

const (
	empty cellKind = iota
	number
	text
	boolean
)

// cell is one cell as a sheet holds it: a plain value, so that an encoder needs to know nothing of tables or types.
type cell struct {
	kind  cellKind
	style int
	// num is a number, or 0 or 1 of a boolean.
	num float64
	// text is always a string to Excel, whatever it begins with.
	text string
	// formula is without "=": its computed value is what the other fields say, or an empty text.
	formula string
}

// flushed is how many bytes of rows are gathered before they are compressed.
const flushed = 1 << 16

// rowWriter writes rows as a sheet's part has them (ECMA-376, 18.3.1.73), each as soon as it is known: excelize would
// make an object of each cell.
type rowWriter struct {
	out io.Writer
	buf []byte
	// number is that of the row being written, in digits.
	number []byte
	// shared counts the formulas that cells of the sheet share.
	shared int
}

// begin begins row number row (from 1, ascending). A height of 0 is the sheet's own, and none is beyond what Excel has:
// the rest of a text is read in the cell itself.
func (w *rowWriter) begin(row int, height float64) {
	w.number = strconv.AppendInt(w.number[:0], int64(row), 10)
	w.buf = append(w.buf, `<row r="`...)
	w.buf = append(w.buf, w.number...)
	if height > 0 {
		w.buf = append(w.buf, `" ht="`...)
		w.buf = strconv.AppendFloat(w.buf, min(height, excelize.MaxRowHeight), 'f', -1, 64)
		w.buf = append(w.buf, `" customHeight="1`...)
	}
	w.buf = append(w.buf, `">`...)
}

// end ends the row.
func (w *rowWriter) end() error {
	w.buf = append(w.buf, `</row>`...)
	if len(w.buf) < flushed {
		return nil
	}
	return w.flush()
}

func (w *rowWriter) flush() error {
	_, err := w.out.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

// line writes l as a row, its cells from column A on.
func (w *rowWriter) line(row int, l line) error {
	w.begin(row, l.height)
	for i, c := range l.cells {
		if c.kind != empty || c.style != 0 || c.formula != "" {
			name, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return fmt.Errorf("write row %d: %w", row, err)
			}
			w.cell(name, c)
		}
	}
	return w.end()
}

// cell writes a cell of the row that was begun.
func (w *rowWriter) cell(column string, c cell) {
	b := append(w.buf, `<c r="`...)
	b = append(b, column...)
	b = append(b, w.number...)
	if c.style != 0 {
		b = append(b, `" s="`...)
		b = strconv.AppendInt(b, int64(c.style), 10)
	}
	b = append(b, '"')
	switch {
	case c.formula != "" && (c.kind == text || c.kind == empty):
		b = append(b, ` t="str"><f>`...)
		b = appendText(b, c.formula)
		b = append(b, `</f><v>`...)
		b = appendText(b, c.text)
		b = append(b, `</v></c>`...)
	case c.kind == text:
		b = append(b, ` t="inlineStr"><is>`...)
		b = appendString(b, c.text)
		b = append(b, `</is></c>`...)
	case c.kind == empty:
		b = append(b, `/>`...)
	default:
		if c.kind == boolean {
			b = append(b, ` t="b"`...)
		}
		b = append(b, '>')
		if c.formula != "" {
			b = append(b, `<f>`...)
			b = appendText(b, c.formula)
			b = append(b, `</f>`...)
		}
		b = append(b, `<v>`...)
		b = strconv.AppendFloat(b, c.num, 'f', -1, 64)
		b = append(b, `</v></c>`...)
	}
	w.buf = b
}

// appendString appends a text as the element t has it, with its spaces.
func appendString(b []byte, s string) []byte {
	if s != "" && (s[0] <= ' ' || s[len(s)-1] <= ' ') {
		b = append(b, `<t xml:space="preserve">`...)
	} else {
		b = append(b, `<t>`...)
	}
	b = appendText(b, s)
	return append(b, `</t>`...)
}

// appendText appends a text, of legal characters, as XML and Excel read it: Excel takes _x0041_ for an A.
func appendText(b []byte, s string) []byte {
	done := 0
	for i := 0; i < len(s); i++ {
		if !special[s[i]] {
			continue
		}
		var instead string
		switch s[i] {
		case '&':
			instead = "&amp;"
		case '<':
			instead = "&lt;"
		case '>':
			instead = "&gt;"
		case '\r':
			instead = "&#xD;" // A reader of XML makes a line feed of it.
		case '_':
			if !escapes(s[i:]) {
				continue
			}
			instead = "_x005F_"
		}
		b = append(b, s[done:i]...)
		b = append(b, instead...)
		done = i + 1
	}
	return append(b, s[done:]...)
}

// special are the bytes at which appendText looks twice.
var special = [256]bool{'&': true, '<': true, '>': true, '\r': true, '_': true}

// escapes reports whether s begins with what Excel takes for a character, such as _x0041_.
func escapes(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	for _, c := range []byte(s[2:6]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}
