package outputs

// AboutWords are the words of the page that says where figures come from.
type AboutWords struct {
	Sheet                                         string // its name
	Range, Zone, Report, Definition, Commit       string
	Datasets, Dataset, Source, Compared           string
	Filters, Grain, Steps, Requests, Fetched      string
	Rows, Checks, Check, Condition, Outcome, Said string
	Passed, Warning, Failed                       string

	grains map[string]string
}

// GrainOf names a grain for readers; an API's own word for one stays as it is.
func (w AboutWords) GrainOf(grain string) string {
	if word, known := w.grains[grain]; known {
		return word
	}
	return grain
}

// About returns the words of the page that says where figures come from.
func (v Vocabulary) About() AboutWords {
	if v.locale == "pl" {
		return AboutWords{
			Sheet: "O raporcie", Range: "Zakres", Zone: "Strefa czasowa", Report: "Raport", Definition: "Definicja", Commit: "Commit",
			Datasets: "Zbiory danych", Dataset: "Zbiór", Source: "Źródło", Compared: "Porównanie z", Filters: v.Filters, Grain: "Podział",
			Steps: "Przekształcenia", Requests: "Zapytania", Fetched: "Pobrane wiersze", Rows: "Wiersze",
			Checks: "Kontrole", Check: "Kontrola", Condition: "Warunek", Outcome: "Wynik", Said: "Uwagi",
			Passed: "spełniona", Warning: "ostrzeżenie", Failed: "niespełniona",
			grains: map[string]string{
				"minute": "minuta", "hour": "godzina", "hour_of_day": "godzina dnia", "day": "dzień", "week": "tydzień", "month": "miesiąc", "year": "rok",
			},
		}
	}
	return AboutWords{
		Sheet: "About", Range: "Range", Zone: "Time zone", Report: "Report", Definition: "Definition", Commit: "Commit",
		Datasets: "Datasets", Dataset: "Dataset", Source: "Source", Compared: "Compared with", Filters: v.Filters, Grain: "Grain",
		Steps: "Transform", Requests: "Requests", Fetched: "Rows fetched", Rows: "Rows",
		Checks: "Checks", Check: "Check", Condition: "Condition", Outcome: "Outcome", Said: "Remarks",
		Passed: "passed", Warning: "warning", Failed: "failed",
		grains: map[string]string{"hour_of_day": "hour of the day"},
	}
}
