package xlsx

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/expr"
)

// formatText is Excel's General, which leaves a text as it is.
const formatText = ""

// maxFormat is how many characters of a format Excel takes.
const maxFormat = 255

// defaultFormat is the number format of a type. Texts keep General: under "@" older Excels show a long text as number signs.
func defaultFormat(t expr.Type, grain, locale string) string {
	switch t {
	case expr.Text, expr.Boolean, expr.Any:
		return formatText
	default:
		return expr.DefaultFormat(t, grain, locale)
	}
}

// checkFormat refuses what Excel would call unreadable content and repair by throwing the styles away.
func checkFormat(code string) error {
	if utf8.RuneCountInString(code) > maxFormat {
		return fmt.Errorf("the number format has more than %d characters", maxFormat)
	}
	if strings.Count(stripLiterals(code), ";") > 3 {
		return fmt.Errorf("the number format %q has more than four parts", code)
	}
	rest := strings.ToLower(stripLiterals(code))
	if strings.ContainsAny(rest, `"[]\`) {
		return fmt.Errorf("the number format %q has a quote, bracket or backslash without its partner", code)
	}
	for _, known := range []string{"general", "am/pm", "a/p"} {
		rest = strings.ReplaceAll(rest, known, "")
	}
	for _, r := range rest {
		if r >= 'a' && r <= 'z' && !strings.ContainsRune("ymdhse", r) {
			return fmt.Errorf("the number format %q has the letter %q, which stands for nothing; literal text is written in double quotes", code, r)
		}
	}
	return nil
}

// stripLiterals removes quoted text, escaped characters and bracketed conditions, where they are complete.
func stripLiterals(code string) string {
	var out strings.Builder
	for i := 0; i < len(code); i++ {
		var end int
		switch code[i] {
		case '"':
			end = strings.IndexByte(code[i+1:], '"')
		case '[':
			end = strings.IndexByte(code[i+1:], ']')
		case '\\', '_', '*':
			_, size := utf8.DecodeRuneInString(code[i+1:])
			end = size - 1
		default:
			out.WriteByte(code[i])
			continue
		}
		if end < 0 {
			out.WriteByte(code[i])
			continue
		}
		i += end + 1
	}
	return out.String()
}

// padFormat leaves room at the right of each part of a format, as wide as an indent: a step is three spaces, and a digit
// is two of them in Arial.
func padFormat(code string, steps int) string {
	room := strings.Repeat("_0", 3*steps/2) + strings.Repeat("_ ", 3*steps%2)
	var out strings.Builder
	for i, part := range sections(code) {
		if i > 0 {
			out.WriteByte(';')
		}
		out.WriteString(part)
		if part != "" {
			out.WriteString(room) // An empty part hides its figures.
		}
	}
	if utf8.RuneCountInString(out.String()) > maxFormat {
		return code
	}
	return out.String()
}

// sections splits a format at the semicolons that are no text.
func sections(code string) []string {
	var out []string
	start := 0
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			i += 1 + max(0, strings.IndexByte(code[i+1:], '"'))
		case '[':
			i += 1 + max(0, strings.IndexByte(code[i+1:], ']'))
		case '\\', '_', '*':
			i++
		case ';':
			out, start = append(out, code[start:i]), i+1
		}
	}
	return append(out, code[start:])
}

// formatWidth estimates how many characters x takes under a format, so that no figure turns into ####.
func formatWidth(code string, x float64) float64 {
	first, _, _ := strings.Cut(code, ";")
	bare := strings.ToLower(stripLiterals(first))
	literals := float64(strings.Count(first, `"`) / 2 * 2)
	if strings.Contains(code, "[h]") || strings.Contains(code, "[m]") || strings.Contains(code, "[s]") {
		units := math.Abs(x) * 24
		return digits(units) + float64(len(bare)) + literals
	}
	if strings.ContainsAny(bare, "ymdhs") {
		return float64(len(bare)) + literals + 2*float64(strings.Count(bare, "mmm"))
	}
	if strings.Contains(bare, "%") {
		x *= 100
	}
	if bare == "" || bare == "general" {
		return min(float64(len(fmt.Sprintf("%g", x))), 11)
	}
	whole := digits(x)
	width := whole + literals
	if strings.Contains(bare, ",") {
		width += math.Floor((whole - 1) / 3)
	}
	if _, fraction, ok := strings.Cut(bare, "."); ok {
		width += 1 + float64(strings.Count(fraction, "0")+strings.Count(fraction, "#"))
	}
	if x < 0 {
		width++
	}
	return width + float64(strings.Count(bare, "%")) + float64(strings.Count(bare, " "))
}

// digits counts the digits before the decimal point.
func digits(x float64) float64 {
	if x = math.Abs(x); x < 10 {
		return 1
	}
	return math.Floor(math.Log10(x)) + 1
}
