package xlsx

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// stylesPart is where the fonts are.
const stylesPart = "xl/styles.xml"

var (
	fontElement  = regexp.MustCompile(`<font>.*?</font>`)
	fontProperty = regexp.MustCompile(`<(\w+)[^>]*></\w+>`)
	fontOrder    = strings.Fields("b i strike condense extend outline shadow u vertAlign sz color name family charset scheme")
)

// orderFonts puts what is said of each font into the order that Microsoft's own schema asks for and excelize does not keep.
func orderFonts(styles []byte) []byte {
	return fontElement.ReplaceAllFunc(styles, func(font []byte) []byte {
		properties := fontProperty.FindAllSubmatch(font, -1)
		slices.SortStableFunc(properties, func(a, b [][]byte) int {
			return cmp.Compare(slices.Index(fontOrder, string(a[1])), slices.Index(fontOrder, string(b[1])))
		})
		out := bytes.NewBufferString("<font>")
		for _, p := range properties {
			out.Write(p[0])
		}
		out.WriteString("</font>")
		return out.Bytes()
	})
}
