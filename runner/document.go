package runner

import (
	"fmt"
	"slices"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// document puts a report's figures where its definition wants them. Bodies of mails are added by their destinations.
func (r *Runner) document(s *scope) (outputs.Document, *diag.Diagnostic) {
	rep := s.report
	doc := outputs.Document{
		Title:       s.title,
		Description: rep.Description,
		Author:      rep.Owner,
		Project:     r.Config.Settings.Project,
		Range:       fmt.Sprintf("%s (%s)", s.rng.Label(r.Config.Settings.Locale), s.location()),
		Modified:    s.rng.Until,
		Locale:      r.Config.Settings.Locale,
	}
	if doc.Author == "" {
		doc.Author = doc.Project
	}
	if s.allEmpty() {
		notice := outputs.Words(doc.Locale).NoRowsAtAll
		if s.fetched.Load() > 0 {
			notice = outputs.Words(doc.Locale).NoRowsLeft
		}
		doc.Notices = append(doc.Notices, notice)
	}
	if rep.Workbook == nil || len(rep.Workbook.Sheets) == 0 {
		doc.Sheets = s.defaultSheets()
	}
	if rep.Workbook == nil {
		return doc, nil
	}
	for _, p := range []struct {
		into *string
		from *spec.Template
	}{{&doc.Title, rep.Workbook.Title}, {&doc.Author, rep.Workbook.Author}, {&doc.Subject, rep.Workbook.Subject}} {
		if p.from == nil {
			continue
		}
		text, problem := p.from.Str(s)
		if problem != nil {
			return doc, problem
		}
		*p.into = text
	}
	for _, sheet := range rep.Workbook.Sheets {
		name, problem := sheet.Name.Str(s)
		if problem != nil {
			return doc, problem
		}
		blocks, problem := s.blocks(sheet.Blocks)
		if problem != nil {
			return doc, problem
		}
		doc.Sheets = append(doc.Sheets, outputs.Sheet{Name: name, Blocks: blocks})
	}
	return doc, nil
}

// defaultSheets makes a sheet with a table of every dataset, with totals where a column adds up.
func (s *scope) defaultSheets() []outputs.Sheet {
	var sheets []outputs.Sheet
	for _, d := range s.report.Datasets {
		t := s.tables[d.Name]
		totals := slices.ContainsFunc(t.Fields(), func(f table.Field) bool { return !f.Hidden && f.Total.Kind != table.TotalNone })
		sheets = append(sheets, outputs.Sheet{
			Name:   outputs.Label(d.Name),
			Blocks: []outputs.Block{outputs.Heading{Text: s.title}, outputs.TableBlock{Dataset: d.Name, Table: t, Totals: totals}},
		})
	}
	return sheets
}

func (s *scope) allEmpty() bool {
	for _, t := range s.tables {
		if t.Len() > 0 {
			return false
		}
	}
	return true
}

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
		return s.tableBlock(b.Table), nil
	}
	kpis := outputs.KPIs{}
	for _, k := range b.KPIs {
		label, problem := k.Label.Str(s)
		if problem != nil {
			return nil, problem
		}
		value, problem := k.Value.Eval(s)
		if problem != nil {
			return nil, problem
		}
		kpis.Items = append(kpis.Items, outputs.KPI{Label: label, Value: value, Format: k.Format})
	}
	return kpis, nil
}

func (s *scope) tableBlock(b *spec.TableBlock) outputs.TableBlock {
	out := outputs.TableBlock{Dataset: b.Dataset, Table: s.tables[b.Dataset], Totals: b.Totals, Limit: b.Limit}
	for _, c := range b.Columns {
		out.Columns = append(out.Columns, outputs.TableColumn{Key: c.Key, Label: c.Label, Format: c.Format, Width: c.Width, Total: c.Total})
	}
	return out
}
