package xlsx

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// cellRef is a cell or an area as a formula names it.
type cellRef struct {
	// sheet is what stands before it, "" for the sheet of the formula itself.
	sheet string
	area
	// fixed says which of left, top, right and bottom have a dollar sign.
	fixed [4]bool
	// lone: one cell, without a colon.
	lone bool
}

// badReference is what Excel writes for a cell that is no more.
const badReference = "#REF!"

var cellName = regexp.MustCompile(`^(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})$`)

// mapReferences rewrites a formula, each reference to cells by what change makes of it. Texts, names, functions and the
// columns of table objects stay as they are; so do references to whole rows and columns, and over several sheets.
func mapReferences(formula string, change func(cellRef) string) string {
	var out strings.Builder
	sheet, prefixed := "", ""
	several := false
	for i := 0; i < len(formula); {
		n := tokenLength(formula[i:])
		token := formula[i : i+n]
		rest := formula[i+n:]
		switch {
		case strings.HasSuffix(token, "!") && token[0] != '#':
			out.WriteString(prefixed)
			prefixed, sheet = token, unquoteSheet(token[:len(token)-1])
			several = strings.HasSuffix(out.String(), ":") || strings.Contains(sheet, ":")
			i += n
			continue
		case cellName.MatchString(token) && !strings.HasPrefix(rest, "(") && !strings.HasPrefix(rest, "["):
			r := cellRef{sheet: sheet, lone: true}
			ok := r.begin(token)
			if second := followingCell(rest); second != "" && ok {
				ok = r.end(second)
				token += ":" + second
				n = len(token)
			}
			changed := token
			if ok && !several {
				changed = change(r)
			}
			out.WriteString(prefixed)
			out.WriteString(changed)
		default:
			out.WriteString(prefixed)
			out.WriteString(token)
		}
		sheet, prefixed, several = "", "", false
		i += n
	}
	return out.String() + prefixed
}

// tokenLength is how long the piece is that a formula begins with: a text, a quoted sheet with its mark, what stands in
// square brackets, a word, an error, or one character.
func tokenLength(f string) int {
	switch f[0] {
	case '"':
		return quoted(f, '"')
	case '\'':
		n := quoted(f, '\'')
		if n < len(f) && f[n] == '!' {
			n++
		}
		return n
	case '[':
		depth := 0
		for i := 0; i < len(f); i++ {
			switch f[i] {
			case '\'':
				i++
			case '[':
				depth++
			case ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
		return len(f)
	case '#':
		for _, e := range []string{badReference, "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!"} {
			if strings.HasPrefix(f, e) {
				return len(e)
			}
		}
		return 1
	}
	n := 0
	for n < len(f) {
		r, size := utf8.DecodeRuneInString(f[n:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`$_.\?`, r) {
			break
		}
		n += size
	}
	if n == 0 {
		_, size := utf8.DecodeRuneInString(f)
		return size
	}
	if n < len(f) && f[n] == '!' {
		n++
	}
	return n
}

// quoted is the length of what stands in quotes, where a doubled one is a character.
func quoted(f string, quote byte) int {
	for i := 1; i < len(f); i++ {
		if f[i] != quote {
			continue
		}
		if i+1 < len(f) && f[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(f)
}

// followingCell returns the cell behind a colon, "" where there is none.
func followingCell(rest string) string {
	if !strings.HasPrefix(rest, ":") || len(rest) < 2 {
		return ""
	}
	token := rest[1 : 1+tokenLength(rest[1:])]
	if !cellName.MatchString(token) {
		return ""
	}
	return token
}

func (r *cellRef) begin(token string) (ok bool) {
	r.left, r.top, r.fixed[0], r.fixed[1], ok = readCell(token)
	r.right, r.bottom, r.fixed[2], r.fixed[3] = r.left, r.top, r.fixed[0], r.fixed[1]
	return ok
}

func (r *cellRef) end(token string) (ok bool) {
	r.right, r.bottom, r.fixed[2], r.fixed[3], ok = readCell(token)
	r.lone = false
	return ok && r.left <= r.right && r.top <= r.bottom
}

func readCell(token string) (column, row int, fixedColumn, fixedRow, ok bool) {
	m := cellName.FindStringSubmatch(token)
	column, err := excelize.ColumnNameToNumber(m[2])
	if err != nil {
		return 0, 0, false, false, false
	}
	row, err = strconv.Atoi(m[4])
	return column, row, m[1] != "", m[3] != "", err == nil && row <= excelize.TotalRows
}

// String writes the reference without its sheet.
func (r cellRef) String() string {
	from := fixedCell(r.left, r.top, r.fixed[0], r.fixed[1])
	if r.lone && r.top == r.bottom && r.left == r.right {
		return from
	}
	return from + ":" + fixedCell(r.right, r.bottom, r.fixed[2], r.fixed[3])
}

func fixedCell(column, row int, fixedColumn, fixedRow bool) string {
	name, err := excelize.ColumnNumberToName(column)
	if err != nil {
		return badReference
	}
	if fixedColumn {
		name = "$" + name
	}
	if fixedRow {
		name += "$"
	}
	return name + strconv.Itoa(row)
}

// formula rewrites a formula of a sheet for what moves. single as in [shift.area].
func (s *shift) formula(formula, sheet string, single bool) string {
	return mapReferences(formula, func(r cellRef) string {
		if on := orElse(r.sheet, sheet); !strings.EqualFold(on, s.sheet) {
			return r.String()
		}
		to, gone := s.area(r.area, single || !r.lone)
		if gone {
			return badReference
		}
		r.area = to
		return r.String()
	})
}

// copied rewrites a formula for a cell so many rows and columns further, as copying does.
func copied(formula string, rows, columns int) string {
	return mapReferences(formula, func(r cellRef) string {
		for i, at := range []*int{&r.left, &r.top, &r.right, &r.bottom} {
			switch {
			case r.fixed[i]:
			case i%2 == 0:
				*at += columns
			default:
				*at += rows
			}
		}
		if r.left < 1 || r.top < 1 || r.right > excelize.MaxColumns || r.bottom > excelize.TotalRows {
			return badReference
		}
		return r.String()
	})
}

// unquoteSheet reads a sheet's name as formulas have it.
func unquoteSheet(name string) string {
	if len(name) > 1 && name[0] == '\'' {
		return strings.ReplaceAll(name[1:len(name)-1], "''", "'")
	}
	return name
}
