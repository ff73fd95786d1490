package outputs

// Vocabulary is the words that the program itself puts into a document, in one language.
type Vocabulary struct {
	Total       string
	NoRows      string // under the header of an empty table
	NoRowsAtAll string // a notice when all tables of a report are empty
}

// Words returns the vocabulary of a locale, English where there is none.
func Words(locale string) Vocabulary {
	if locale == "pl" {
		return Vocabulary{Total: "Razem", NoRows: "Brak wierszy.", NoRowsAtAll: "Wszystkie tabele są puste: w tym okresie nie ma danych."}
	}
	return Vocabulary{Total: "Total", NoRows: "No rows.", NoRowsAtAll: "All tables are empty: there are no data in this range."}
}
