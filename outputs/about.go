package outputs

import "github.com/reportform/reportform/spec/diag"

// About says where a report's figures come from.
type About struct {
	// Definition is the file that holds the report, relative to the configuration; Report is its address there.
	Definition, Report string
	// Commit of the definition; empty where it is not in git. It is the run's own value: no digest of content has it.
	Commit string
	// Range and Zone in words, and what the range is as written: "last_week".
	Range, Zone, Word string
	Datasets          []AboutDataset
	Checks            []AboutCheck
}

// AboutDataset says how the rows of a dataset were had.
type AboutDataset struct {
	Name string
	// Source as connection.source, or the dataset that it is made from.
	Source string
	// Range is set where it is not the report's; Compared where rows of an earlier one stand beside them.
	Range, Compared string
	// Filters in words, "chat_queue_ids: 1, 3"; Grain is aggregate_by.
	Filters []string
	Grain   string
	// Chosen are the filters that say which rows these are, and not how they are counted, for whoever reads a mail.
	Chosen []AboutFilter
	// Steps of the transform in words, "sort".
	Steps []string
	// Requests is how many answers were read; Fetched the rows in them, Rows those after the transform.
	Requests, Fetched, Rows int
	// Remarks say what was odd about the rows, such as a column that was in none of them.
	Remarks []string
}

// AboutFilter is a choice of rows in the readers' words: "Queue", with "Sales" and "Orders".
type AboutFilter struct {
	Label  string
	Values []string
}

// AboutCheck is a check and its outcome.
type AboutCheck struct {
	Name, Assert string
	// Message says what was wrong; empty for one that passed.
	Message  string
	Passed   bool
	Severity diag.Severity
}

// Tone says what came of the check: good where it passed, else a warning or bad.
func (c AboutCheck) Tone() Tone {
	switch {
	case c.Passed:
		return ToneGood
	case c.Severity == diag.Warning:
		return ToneWarning
	default:
		return ToneBad
	}
}
