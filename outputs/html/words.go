package html

import (
	"fmt"

	"github.com/reportform/reportform/spec/expr"
)

// cutNote says that a table shows only some of its rows, and where the others are if attached.
func cutNote(shown, all int, attached bool, locale string) string {
	phrase, elsewhere := "%s of %s rows", "; all are in the attachment"
	if locale == "pl" {
		phrase, elsewhere = "%s z %s wierszy", "; wszystkie są w załączniku"
	}
	note := fmt.Sprintf(phrase, count(shown, locale), count(all, locale))
	if attached {
		note += elsewhere
	}
	return note + "."
}

func count(n int, locale string) string {
	return expr.Display(expr.IntegerValue(int64(n)), "", locale)
}
