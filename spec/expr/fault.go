package expr

import (
	"fmt"
	"strconv"

	"github.com/reportform/reportform/spec/diag"
)

// place is a stretch of an expression's text, in runes.
type place struct{ from, to int }

// code is a fault's code with the fixed summary that belongs to it.
type code struct{ name, summary string }

var (
	badExpression   = code{"bad-expression", "Invalid expression"}
	badTemplate     = code{"bad-template", "Invalid ${…}"}
	unknownName     = code{"unknown-name", "Unknown name"}
	nameUnavailable = code{"name-unavailable", "Name cannot stand here"}
	unknownFunction = code{"unknown-function", "Unknown function"}
	wrongArguments  = code{"wrong-arguments", "Wrong arguments"}
	wrongType       = code{"wrong-type", "Wrong type"}
	wrongTotal      = code{"wrong-total", "Wrong total"}
	averaged        = code{"percentile-of-averages", "Percentile of averages"}
	wrongScale      = code{"wrong-scale", "Mistake of scale"}
	unknownVariable = code{"unknown-variable", "Unknown variable"}
	badValue        = code{"bad-value", "Value cannot be used"}
	overflow        = code{"overflow", "Figure is too large"}
)

func (p place) fault(c code, format string, args ...any) *Fault {
	return &Fault{
		Offset: p.from, Length: p.to - p.from,
		Code: c.name, Summary: c.summary, Detail: fmt.Sprintf(format, args...),
	}
}

// meant is " Did you mean …?" with the nearest known name, or nothing.
func meant(name string, known []string) string {
	if near := diag.Nearest(name, known); near != "" && near != name {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// shown is a value as a fault may quote it: short, and never a secret.
func shown(v Value) string {
	if v.Sensitive {
		return sensitive
	}
	const most = 40
	text := []rune(Plain(v))
	if len(text) > most {
		text = append(text[:most], '…')
	}
	return strconv.Quote(string(text))
}
