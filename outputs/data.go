package outputs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// Dataset is the rows of a report as its transform left them, whatever its sheets show of them.
type Dataset struct {
	// Name is the key under datasets.
	Name  string
	Table *table.Table
}

// DataFormat says how a file that programs read is written.
type DataFormat struct {
	// Dataset names the one that is written. Empty means the only one in a .csv, and all of them in a .json.
	Dataset string
	// Separator stands between the values of a .csv: "," or ";" or a tab; empty means ",".
	Separator string
	// DecimalComma: numbers of a .csv have a comma, as Excel reads them in countries that write one.
	DecimalComma bool
	// Header says what the first line of a .csv has: HeaderLabels or nothing said, HeaderKeys, HeaderNone.
	Header Header
	// BOM begins a .csv with the mark by which Excel knows UTF-8.
	BOM bool
}

// Header is what names the columns of a file.
type Header string

// The kinds of headers.
const (
	HeaderLabels Header = "labels"
	HeaderKeys   Header = "keys"
	HeaderNone   Header = "none"
)

// Dataset returns the dataset of a name, or the only one for no name.
func (d Document) Dataset(name string) (Dataset, error) {
	if name == "" && len(d.Datasets) == 1 {
		return d.Datasets[0], nil
	}
	names := make([]string, len(d.Datasets))
	for i, ds := range d.Datasets {
		if names[i] = ds.Name; name == ds.Name {
			return ds, nil
		}
	}
	if name == "" {
		return Dataset{}, fmt.Errorf("the file holds one dataset, and the report has %s: name one of them with dataset", strings.Join(names, ", "))
	}
	return Dataset{}, fmt.Errorf("the report has no dataset %q", name)
}

// Columns are the places of the columns that readers may see, among the table's fields.
func (d Dataset) Columns() []int {
	var out []int
	for i, f := range d.Table.Fields() {
		if !f.Hidden {
			out = append(out, i)
		}
	}
	return out
}

// AppendMoment writes a date, a datetime or a period for programs, the same in every locale: ISO 8601 without a zone, as
// long as its type or its grain is (2026, 2026-11, 2026-W46, 2026-11-09, 13:00). between stands between a day and its
// time: 'T' as ISO 8601 has it, or the space that Excel and databases read. A period that its source wrote as no moment
// is left as it is: then text is true, since anything may stand there.
func AppendMoment(dst []byte, v expr.Value, grain string, between byte) (out []byte, text bool) {
	if v.Int == expr.NoTime {
		return append(dst, v.Str...), true
	}
	t := expr.FromCivil(v.Int)
	layout := time.DateOnly
	switch {
	case v.Type == expr.DateTime, v.Type == expr.Period && slices.Contains([]string{"minute", "hour"}, grain):
		layout = time.DateOnly + string(between) + time.TimeOnly
		if t.Nanosecond() != 0 {
			layout += ".999999"
		}
	case v.Type == expr.Date:
	case grain == "hour_of_day":
		layout = "15:04"
	case grain == "month":
		layout = "2006-01"
	case grain == "year":
		layout = "2006"
	case grain == "week":
		if week, ok := expr.Week(v.Int); ok {
			return append(dst, week...), false
		}
	}
	return t.AppendFormat(dst, layout), false
}
