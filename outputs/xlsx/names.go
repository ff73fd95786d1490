package xlsx

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/reportform/reportform/outputs"
)

// maxSheetName is Excel's bound, in UTF-16 units.
const maxSheetName = 31

// namer makes sheet names that Excel accepts, each of them once.
type namer struct {
	locale string
	taken  map[string]bool
}

func newNamer(locale string) *namer {
	// Excel keeps "History" for itself.
	return &namer{locale: locale, taken: map[string]bool{"history": true}}
}

// name returns wanted as a sheet may bear it; changed says that it is another.
func (n *namer) name(wanted string) (name string, changed bool) {
	base := legalSheetName(wanted)
	if base == "" {
		base = outputs.Words(n.locale).Sheet
	}
	name = cutUnits(base, maxSheetName)
	for i := 2; n.taken[strings.ToLower(name)]; i++ {
		suffix := fmt.Sprintf(" (%d)", i)
		name = strings.TrimRight(cutUnits(base, maxSheetName-len(suffix)), " ") + suffix
	}
	n.taken[strings.ToLower(name)] = true
	return name, name != wanted
}

// legalSheetName replaces what a sheet name may not hold.
func legalSheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:|`, r):
			return '-'
		case strings.ContainsRune("?*", r):
			return -1
		case r == '[':
			return '('
		case r == ']':
			return ')'
		case r < ' ' || r == 0x7f:
			return ' '
		case !legalXML(r):
			return '\uFFFD'
		}
		return r
	}, s)
	return strings.Trim(strings.TrimSpace(s), "' ")
}

// cutUnits returns the first characters of s that fill at most n UTF-16 units; nothing legal may end in an apostrophe.
func cutUnits(s string, n int) string {
	units := 0
	for i, r := range s {
		if units += utf16.RuneLen(r); units > n {
			return strings.TrimRight(s[:i], "' ")
		}
	}
	return s
}

// quoteSheet writes a sheet name as formulas and defined names refer to it.
func quoteSheet(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }
