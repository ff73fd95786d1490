package runner

import (
	"fmt"
	"path"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// template reads the workbook that is filled, and evaluates what it is filled with: without a word on that, each dataset
// at the name that it has. Nil where the report has none.
func (s *scope) template() (*outputs.Template, *diag.Diagnostic) {
	w := s.report.Workbook
	if w.Template == "" {
		return nil, nil
	}
	data, err := readBeneath(s.r.Root, w.Template, spec.MaxTemplate)
	if err != nil {
		at := place{subject: w.Range, context: fmt.Sprintf("report %q > workbook > template", s.report.Address)}
		return nil, at.problem("unreadable-file", "File cannot be read", fmt.Sprintf("The template %q cannot be read: %v.", w.Template, err))
	}
	out := &outputs.Template{Data: data, Name: path.Base(w.Template)}
	fill := w.Fill
	if len(fill) == 0 {
		for _, d := range s.report.Datasets {
			fill = append(fill, &spec.Fill{Name: d.Name, Table: &spec.TableBlock{Dataset: d.Name}})
		}
	}
	for _, f := range fill {
		filled := outputs.Fill{Name: f.Name}
		if f.Table != nil {
			table, problem := s.tableBlock(f.Table)
			if problem != nil {
				return nil, problem
			}
			filled.Table = &table
		} else {
			figure, problem := s.figure(f.Figure)
			if problem != nil {
				return nil, problem
			}
			filled.Value = &figure
		}
		out.Fill = append(out.Fill, filled)
	}
	return out, nil
}
