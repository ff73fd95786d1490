package runner

import (
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
)

// Of a comparison, a column that both ranges lack is told of once, and one that the earlier range alone lacks as well.
func TestAbsentOfAnEarlierRange(t *testing.T) {
	column := func(name string, rows int) absentColumn {
		return absentColumn{SourceColumn: &spec.SourceColumn{Field: table.Field{Name: name}}, rows: rows}
	}
	o := origin{absent: []absentColumn{column("a", 1)}}
	o.alsoAbsent([]absentColumn{column("a", 2), column("b", 2)})
	if len(o.absent) != 2 || o.absent[0].rows != 1 || o.absent[1].Field.Name != "b" {
		t.Errorf("absent are %+v", o.absent)
	}
}
