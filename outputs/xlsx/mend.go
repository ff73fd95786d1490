package xlsx

import (
	"bytes"
	"strings"
)

// mend puts right what excelize writes into a part and cannot be told otherwise.
func mend(part string, said []byte) []byte {
	switch {
	case part == stylesPart:
		return orderFonts(said)
	case strings.HasPrefix(part, "xl/drawings/drawing"):
		return anchorAtOneCell(said)
	default:
		return said
	}
}

// anchorAtOneCell lets charts move with their first cell and keep their size. Told so, excelize leaves out where they
// end; told that they stay where they are, it says where that is.
func anchorAtOneCell(drawing []byte) []byte {
	return bytes.ReplaceAll(drawing, []byte(`editAs="`+anchored+`"`), []byte(`editAs="oneCell"`))
}

// anchored is what excelize is told of charts.
const anchored = "absolute"
