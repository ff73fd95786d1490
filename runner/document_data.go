package runner

import (
	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec"
)

// datasets are the rows themselves, for what programs read.
func (s *scope) datasets() []outputs.Dataset {
	var out []outputs.Dataset
	for _, d := range s.report.Datasets {
		out = append(out, outputs.Dataset{Name: d.Name, Table: s.tables[d.Name]})
	}
	return out
}

// dataFormat is how a definition wants rows written.
func dataFormat(f spec.DataFormat) outputs.DataFormat {
	return outputs.DataFormat{
		Dataset: f.Dataset, Separator: f.Separator, Header: outputs.Header(f.Header), DecimalComma: f.DecimalComma, BOM: f.BOM,
	}
}
