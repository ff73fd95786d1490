package runner

import (
	"fmt"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

func (s *scope) blocks(in []*spec.Block) ([]outputs.Block, *diag.Diagnostic) {
	var out []outputs.Block
	for _, b := range in {
		block, problem := s.block(b)
		if problem != nil {
			return nil, problem
		}
		out = append(out, block)
	}
	return out, nil
}

func (s *scope) block(b *spec.Block) (outputs.Block, *diag.Diagnostic) {
	switch {
	case b.Heading != nil:
		text, problem := b.Heading.Str(s)
		return outputs.Heading{Text: text}, problem
	case b.Text != nil:
		text, problem := b.Text.Str(s)
		return outputs.Text{Text: text}, problem
	case b.Table != nil:
		return s.tableBlock(b.Table)
	case b.Chart != nil:
		return s.chart(b.Chart)
	case b.Image != nil:
		return s.image(b.Image)
	}
	kpis := outputs.KPIs{}
	for _, k := range b.KPIs {
		figure, problem := s.figure(k)
		if problem != nil {
			return nil, problem
		}
		kpis.Items = append(kpis.Items, figure)
	}
	return kpis, nil
}

// figure evaluates a figure and what it is compared with.
func (s *scope) figure(k *spec.KPI) (out outputs.KPI, problem *diag.Diagnostic) {
	out = outputs.KPI{Format: k.Format, Good: k.Good}
	if k.Label != nil {
		if out.Label, problem = k.Label.Str(s); problem != nil {
			return out, problem
		}
	}
	if out.Value, problem = k.Value.Eval(s); problem != nil || k.Compare == nil {
		return out, problem
	}
	before, problem := k.Compare.Eval(s)
	if problem != nil {
		return out, problem
	}
	if same, ok := expr.Convert(before, out.Value.Type); ok {
		before = same
	}
	out.Before = &before
	return out, nil
}

func (s *scope) tableBlock(b *spec.TableBlock) (outputs.TableBlock, *diag.Diagnostic) {
	out := outputs.TableBlock{Dataset: b.Dataset, Table: s.tables[b.Dataset], Totals: b.Totals, Limit: b.Limit, Object: b.Object}
	columns, problem := s.columns(b.Columns, out.Table.Fields())
	out.Columns = columns
	return out, problem
}

func (s *scope) columns(in []*spec.TableColumn, fields []table.Field) ([]outputs.TableColumn, *diag.Diagnostic) {
	var out []outputs.TableColumn
	for _, c := range in {
		column := outputs.TableColumn{Key: c.Key, Label: c.Label, Format: c.Format, Width: c.Width, Total: c.Total}
		if c.Highlight != nil {
			var problem *diag.Diagnostic
			if column.Highlight, problem = s.highlight(c, fields); problem != nil {
				return nil, problem
			}
		}
		out = append(out, column)
	}
	return out, nil
}

// highlight evaluates thresholds, in the unit of their column.
func (s *scope) highlight(c *spec.TableColumn, fields []table.Field) (*outputs.Highlight, *diag.Diagnostic) {
	h := &outputs.Highlight{}
	switch c.Highlight.Word {
	case "bars":
		h.Bars = true
	case "scale":
		h.Scale = true
	case "high_is_good":
		h.Scale, h.Good = true, "up"
	case "low_is_good":
		h.Scale, h.Good = true, "down"
	}
	of := expr.Any
	for _, f := range fields {
		if f.Name == c.Key {
			of = f.Type
		}
	}
	for _, r := range c.Highlight.Rules {
		rule := outputs.HighlightRule{As: outputs.Tone(r.As)}
		for _, b := range []struct {
			from *spec.Expression
			into *expr.Value
		}{{r.Above, &rule.Above}, {r.AtLeast, &rule.AtLeast}, {r.Below, &rule.Below}, {r.AtMost, &rule.AtMost}} {
			v, problem := b.from.Eval(s)
			if problem != nil {
				return nil, problem
			}
			if same, ok := expr.Convert(v, of); ok {
				v = same
			}
			*b.into = v
		}
		h.Rules = append(h.Rules, rule)
	}
	return h, nil
}

func (s *scope) chart(c *spec.Chart) (outputs.Chart, *diag.Diagnostic) {
	out := outputs.Chart{
		Dataset: c.Dataset, Table: s.tables[c.Dataset], Type: outputs.ChartType(c.Type), X: c.X, Height: c.Height, Half: c.Half,
	}
	if c.Title != nil {
		var problem *diag.Diagnostic
		if out.Title, problem = c.Title.Str(s); problem != nil {
			return out, problem
		}
	}
	fields := out.Table.Fields()
	var problem *diag.Diagnostic
	if out.Y, problem = s.columns(c.Y, fields); problem == nil {
		out.Y2, problem = s.columns(c.Y2, fields)
	}
	if problem != nil {
		return out, problem
	}
	if _, err := out.Points(s.Locale()); err != nil {
		at := place{subject: c.Range, context: fmt.Sprintf("report %q > chart", s.report.Address)}
		problem = at.problem("chart-figures", "Chart cannot be drawn", sentence(err))
	}
	return out, problem
}

func (s *scope) image(i *spec.Image) (outputs.Image, *diag.Diagnostic) {
	out, problem := s.r.picture(i.Path, place{subject: i.Range, context: "report \"" + s.report.Address + "\" > image"})
	if problem != nil {
		return out, problem
	}
	out.Width = i.Width
	if i.Alt != nil {
		out.Alt, problem = i.Alt.Str(s)
	}
	return out, problem
}
