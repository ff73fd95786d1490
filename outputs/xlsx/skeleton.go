package xlsx

import (
	"bytes"
	"slices"
)

// sheetFolder is where the parts with rows are.
const sheetFolder = "xl/worksheets/sheet"

var (
	rowsBegin = []byte("<sheetData>")
	rowsEnd   = []byte("</sheetData>")
)

// skeleton keeps a part as it is written, a sheet without its rows, so that a finished package can be checked
// without reading a million rows again. Text in a sheet is escaped: the tags stand nowhere else.
type skeleton struct {
	// rows says that the part is a sheet.
	rows   bool
	xml    []byte
	within bool
	// tail holds the last bytes within the rows, for an end tag that two writes share.
	tail []byte
}

// add takes the next bytes of the part, a piece at a time: what comes at once may be a sheet with all its rows.
func (s *skeleton) add(b []byte) {
	for piece := range slices.Chunk(b, 1<<15) {
		s.piece(piece)
	}
}

func (s *skeleton) piece(b []byte) {
	if s.within {
		s.skip(b)
		return
	}
	s.xml = append(s.xml, b...)
	if !s.rows {
		return
	}
	if i := bytes.Index(s.xml, rowsBegin); i >= 0 {
		i += len(rowsBegin)
		rest := bytes.Clone(s.xml[i:])
		s.xml, s.within = s.xml[:i], true
		s.skip(rest)
	}
}

func (s *skeleton) skip(b []byte) {
	keep := len(rowsEnd) - 1
	edge := append(s.tail, b[:min(len(b), keep)]...)
	if i := bytes.Index(edge, rowsEnd); i >= 0 {
		s.leave(append(edge[i:], b[min(len(b), keep):]...))
		return
	}
	if i := bytes.Index(b, rowsEnd); i >= 0 {
		s.leave(b[i:])
		return
	}
	if len(b) >= keep {
		s.tail = append(s.tail[:0], b[len(b)-keep:]...)
		return
	}
	s.tail = append([]byte(nil), edge[max(0, len(edge)-keep):]...)
}

// leave goes on behind the rows; a sheet has one stretch of them.
func (s *skeleton) leave(rest []byte) {
	s.within, s.rows, s.tail = false, false, nil
	s.xml = append(s.xml, rest...)
}
