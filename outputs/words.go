package outputs

import (
	"fmt"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// Vocabulary is the words that the program itself puts into a document, in one language. Every medium says the same.
type Vocabulary struct {
	Total       string
	NoRows      string // under the header of an empty table
	AllZero     string // in the place of a chart of shares that has none
	NoRowsAtAll string // a notice when all tables of a report are empty
	NoRowsLeft  string // the same, where the source gave rows and the transform's steps left none
	Sheet       string // a sheet without a usable name
	Page        string // the foot of a printed page, before its number and their count
	PageOf      string // between the two
	Points      string // percent points, behind a difference of two percents
	ChartData   string // the hidden sheet with the figures of charts
	SecondAxis  string // behind the name of a series that stands against it
	UpperAxis   string // the same in a chart of bars
	Chart       string // before what a picture of one shows
	Highest     string // before the greatest figure of a series, and the least one
	Lowest      string
	Last        string // before the last figure of a series
	Filters     string // before those of a report's datasets

	locale, totalOfAll, cut, elsewhere, columns, oneColumn, themInWorkbook, itInWorkbook, versus string
	preview, copies, hiddenCopies, tooLarge, zipped, split, part, leftOut, alsoAt                string
	others, by, definition, definitionAt, notHeld, absent                                        string
}

// Words returns the vocabulary of a locale, English where there is none.
func Words(locale string) Vocabulary {
	if locale == "pl" {
		return Vocabulary{
			Total: "Razem", NoRows: "Brak wierszy.", AllZero: "Wszystkie wartości wynoszą 0.", NoRowsAtAll: "Wszystkie tabele są puste.",
			NoRowsLeft: "Wszystkie tabele są puste: źródło podało wiersze, ale po przekształceniach nie został żaden.",
			Sheet:      "Arkusz", Page: "Strona", PageOf: "z", Points: "p.p.", ChartData: "Dane wykresów",
			locale: locale, totalOfAll: "Razem, wszystkie wiersze: %s", cut: "Pokazano wierszy: %s z %s", elsewhere: "; wszystkie są w skoroszycie",
			columns: "Pozostałych kolumn: %s", oneColumn: "Pozostała 1 kolumna",
			themInWorkbook: ", są w skoroszycie", itInWorkbook: ", jest w skoroszycie", versus: "wobec %s",
			SecondAxis: "prawa oś", UpperAxis: "górna oś", Chart: "Wykres", Highest: "najwięcej", Lowest: "najmniej", Last: "ostatnio", Filters: "Filtry",
			preview: "Podgląd, wysłany tylko do Ciebie. Właściwa wiadomość trafi do: %s.", copies: " Kopie (cc): %s.", hiddenCopies: " Ukryte kopie (bcc): %s.",
			tooLarge: "Za duże na tę wiadomość: %s. Miałaby ona %s, a może mieć %s. ", zipped: "Zamiast tego dołączono plik zip.",
			split: "Zamiast tego wysłano kilka wiadomości (%d): %s.", part: "Wiadomość %d z %d: raport jest za duży na jedną. Opis i liczby są w pierwszej, a w tej dalsze załączniki.",
			leftOut: "Nie dołączono.", alsoAt: " Raport zapisano także tutaj: %s.",
			others: "Pozostałe (%s)", by: "%s według: %s", definition: "Definicja: %s", definitionAt: "Definicja: %s, commit %s", notHeld: "Warunek %s nie jest spełniony.",
			absent: "Kolumna „%s” jest pusta: źródło nie podało jej w żadnym wierszu (%s). Liczby z niej mogą być niepełne.",
		}
	}
	return Vocabulary{
		Total: "Total", NoRows: "No rows.", AllZero: "All figures are 0.", NoRowsAtAll: "All tables are empty.",
		NoRowsLeft: "All tables are empty: the source gave rows, and the transform left none of them.",
		Sheet:      "Sheet", Page: "Page", PageOf: "of", Points: "pp", ChartData: "Chart data",
		locale: locale, totalOfAll: "Total of all %s rows", cut: "%s of %s rows are shown", elsewhere: "; all are in the workbook",
		columns: "%s more columns", oneColumn: "1 more column", themInWorkbook: " in the workbook", itInWorkbook: " in the workbook", versus: "vs. %s",
		SecondAxis: "right axis", UpperAxis: "upper axis", Chart: "Chart", Highest: "highest", Lowest: "lowest", Last: "last", Filters: "Filters",
		preview: "A preview, sent to you alone. The real mail is for: %s.", copies: " Copies (cc): %s.", hiddenCopies: " Hidden copies (bcc): %s.",
		tooLarge: "Too large for this mail: %s. It would have %s, and it may have %s. ", zipped: "Attached as a zip instead.",
		split: "Sent in %d mails instead: %s.", part: "Mail %d of %d: the report is too large for one. The first has the figures, and this one more of what is attached.",
		leftOut: "Not attached.", alsoAt: " The report is written here as well: %s.",
		others: "Others (%s)", by: "%s by %s", definition: "Definition: %s", definitionAt: "Definition: %s, commit %s", notHeld: "The check %s does not hold.",
		absent: "The column “%s” is empty: the source gave it in none of the rows (%s). Figures made of it may be incomplete.",
	}
}

// TotalOf labels the totals of a table, of which some rows or all are shown.
func (v Vocabulary) TotalOf(shown, all int) string {
	if shown == all {
		return v.Total
	}
	return fmt.Sprintf(v.totalOfAll, v.count(all))
}

// RowsShown says under a table that is cut how much of it is there, and whether the workbook has all.
func (v Vocabulary) RowsShown(shown, all int, workbook bool) string {
	text := fmt.Sprintf(v.cut, v.count(shown), v.count(all))
	if workbook {
		text += v.elsewhere
	}
	return text + "."
}

// MoreColumns says under a table how many columns it leaves out, and whether the workbook has them.
func (v Vocabulary) MoreColumns(n int, workbook bool) string {
	text, where := v.oneColumn, v.itInWorkbook
	if n != 1 {
		text, where = fmt.Sprintf(v.columns, v.count(n)), v.themInWorkbook
	}
	if workbook {
		text += where
	}
	return text + "."
}

// Versus says beside a change what the figure was before.
func (v Vocabulary) Versus(before string) string { return fmt.Sprintf(v.versus, before) }

// Preview says at the head of a mail that is only looked at whom the real one is for; no list is empty but those of copies.
func (v Vocabulary) Preview(to, cc, bcc string) string {
	if to == "" {
		to = "–"
	}
	text := fmt.Sprintf(v.preview, to)
	if cc != "" {
		text += fmt.Sprintf(v.copies, cc)
	}
	if bcc != "" {
		text += fmt.Sprintf(v.hiddenCopies, bcc)
	}
	return text
}

// TooLarge says in a mail which attachments made it larger than it may be, in bytes, and what became of them by the step
// that was taken. Elsewhere are files in which the report can be had.
func (v Vocabulary) TooLarge(names []string, size, limit int64, step string, elsewhere []string) string {
	text := fmt.Sprintf(v.tooLarge, strings.Join(names, ", "), v.megabytes(size), v.megabytes(limit))
	if step == OversizeZip {
		return text + v.zipped
	}
	if len(elsewhere) > 0 {
		return text + v.leftOut + fmt.Sprintf(v.alsoAt, strings.Join(elsewhere, ", "))
	}
	return text + v.leftOut
}

// Split is [Vocabulary.TooLarge] where several mails were made of one: attached are the names of what goes along with each.
func (v Vocabulary) Split(names []string, size, limit int64, attached [][]string) string {
	var list []string
	for i, with := range attached {
		if len(with) > 0 {
			list = append(list, Numbered(strings.Join(with, ", "), i+1, len(attached)))
		}
	}
	return fmt.Sprintf(v.tooLarge, strings.Join(names, ", "), v.megabytes(size), v.megabytes(limit)) + fmt.Sprintf(v.split, len(attached), strings.Join(list, "; "))
}

// Part says in a mail that only carries attachments which one of how many it is.
func (v Vocabulary) Part(number, of int) string { return fmt.Sprintf(v.part, number, of) }

// Numbered puts behind a text which one of how many it is.
func Numbered(text string, number, of int) string { return fmt.Sprintf("%s (%d/%d)", text, number, of) }

// megabytes is a size as mail servers' bounds are given.
func (v Vocabulary) megabytes(bytes int64) string {
	unit, scale := "MB", int64(1e6)
	if bytes < scale {
		unit, scale = "kB", 1e3
	}
	return expr.Display(expr.RatioValue(float64(bytes)/float64(scale)), "0.0", v.locale) + " " + unit
}

// Others names what is left of so many parts of a whole.
func (v Vocabulary) Others(n int) string { return fmt.Sprintf(v.others, v.count(n)) }

// By names a chart without a title by what it draws, and against what.
func (v Vocabulary) By(what, against string) string { return fmt.Sprintf(v.by, what, against) }

// Definition says which file a report comes from, and at which commit where that is known.
func (v Vocabulary) Definition(file, commit string) string {
	if commit == "" {
		return fmt.Sprintf(v.definition, file)
	}
	return fmt.Sprintf(v.definitionAt, file, commit)
}

// NotHeld says that a check failed which has no message of its own.
func (v Vocabulary) NotHeld(assert string) string { return fmt.Sprintf(v.notHeld, assert) }

// Absent says that a column that figures hang on was in none of the rows of a range.
func (v Vocabulary) Absent(label, rng string) string { return fmt.Sprintf(v.absent, label, rng) }

func (v Vocabulary) count(n int) string {
	return expr.Display(expr.IntegerValue(int64(n)), "", v.locale)
}
