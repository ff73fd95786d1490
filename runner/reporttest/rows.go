package reporttest

import (
	"strings"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec"
)

// Rows counts the rows of a dataset, in a run and in its repetition.
type Rows struct {
	Dataset    string
	Live, Kept int
}

// OtherRows are the datasets of a report that have another number of rows than in the run that was recorded. The parts of a
// split are taken together: they may be named by values that a recording makes up.
func (s Seen) OtherRows(rep *spec.Report, live *runner.Plan) []Rows {
	was, now := rowsOf(rep, live), rowsOf(rep, s.plan)
	var all []Rows
	for _, d := range rep.Datasets {
		if was[d.Name] != now[d.Name] {
			all = append(all, Rows{d.Name, was[d.Name], now[d.Name]})
		}
	}
	return all
}

func rowsOf(rep *spec.Report, plan *runner.Plan) map[string]int {
	rows := map[string]int{}
	for address, document := range plan.Documents {
		if address != rep.Address && !strings.HasPrefix(address, rep.Address+"[") {
			continue
		}
		for _, d := range document.Datasets {
			rows[d.Name] += d.Table.Len()
		}
	}
	return rows
}
