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
func (r *Runner) document(s *scope, checks []outputs.AboutCheck) (outputs.Document, *diag.Diagnostic) {
	rep := s.report
	doc := outputs.Document{
		Title:       s.title,
		Description: rep.Description,
		Author:      rep.Owner,
		Project:     r.Config.Settings.Project,
		Range:       fmt.Sprintf("%s (%s)", s.rng.Label(r.Config.Settings.Locale), s.location()),
		From:        s.rng.From,
		Modified:    s.rng.Until,
		Datasets:    s.datasets(),
		Locale:      r.Config.Settings.Locale,
	}
	if doc.Author == "" {
		doc.Author = doc.Project
	}
	var problem *diag.Diagnostic
	if doc.Theme, problem = r.theme(); problem != nil {
		return doc, problem
	}
	doc.About = s.about(checks)
	if s.allEmpty() {
		notice := outputs.Words(doc.Locale).NoRowsAtAll
		if s.origins.rows() > 0 {
			notice = outputs.Words(doc.Locale).NoRowsLeft
		}
		doc.Notices = append(doc.Notices, notice)
	}
	for _, d := range doc.About.Datasets {
		for _, remark := range d.Remarks {
			if !slices.Contains(doc.Notices, remark) { // several may have asked for the same rows
				doc.Notices = append(doc.Notices, remark)
			}
		}
	}
	if rep.Workbook == nil {
		doc.Sheets = s.defaultSheets()
		return doc, nil
	}
	if len(rep.Workbook.Sheets) == 0 && rep.Workbook.Template == "" {
		doc.Sheets = s.defaultSheets()
	}
	doc.AboutSheet = rep.Workbook.About
	if doc.Password, problem = r.secret(s, rep.Workbook.Password); problem != nil {
		return doc, problem
	}
	if doc.Template, problem = s.template(); problem != nil {
		return doc, problem
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
