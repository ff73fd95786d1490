package outputs

// Vocabulary is the words that the program itself puts into a document, in one language.
type Vocabulary struct {
	Total       string
	TotalOfAll  string // beside the totals of a table that is cut; %d rows
	NoRows      string // under the header of an empty table
	NoRowsAtAll string // a notice when all tables of a report are empty
	Shown       string // under a table that is cut; %d of %d rows
	Sheet       string // a sheet without a usable name
	Page        string // the foot of a printed page, before its number and their count
	PageOf      string // between the two
}

// Words returns the vocabulary of a locale, English where there is none.
func Words(locale string) Vocabulary {
	if locale == "pl" {
		return Vocabulary{
			Total: "Razem", TotalOfAll: "Razem, wszystkie wiersze: %d", Shown: "Pokazano wierszy: %d z %d.",
			NoRows: "Brak wierszy.", NoRowsAtAll: "Wszystkie tabele są puste: w tym okresie nie ma danych.",
			Sheet: "Arkusz", Page: "Strona", PageOf: "z",
		}
	}
	return Vocabulary{
		Total: "Total", TotalOfAll: "Total of all %d rows", Shown: "%d of %d rows are shown.",
		NoRows: "No rows.", NoRowsAtAll: "All tables are empty: there are no data in this range.",
		Sheet: "Sheet", Page: "Page", PageOf: "of",
	}
}
