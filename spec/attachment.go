package spec

import (
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// attachments decodes what goes along with a mail, each under a name of its own.
func (d *decoder) attachments(m *EmailDestination, n *tree.Node, r *Report, s scope) {
	seen := map[string]diag.Range{}
	for _, item := range n.List() {
		a := d.attachment(item, r, s)
		m.Attach = append(m.Attach, a)
		if a.Name != nil {
			d.once(a.Name.Text, a.Name.Range, seen, "attachment-twice", "Two attachments of one name",
				"Whoever saves one would write over the other. Give each a name of its own.")
		}
	}
}

// attachment decodes the word workbook, or a mapping that names the workbook or a dataset.
func (d *decoder) attachment(n *tree.Node, r *Report, s scope) *Attachment {
	a := &Attachment{Range: n.At, Format: "xlsx", Name: d.template(n.Get("name"), s)}
	format := n.Get("format")
	if dataset := n.Get("dataset"); dataset != nil {
		if a.Format = d.textOr(format, a.named()); a.Format == "xlsx" {
			d.forCSV(n, ".xlsx")
			a.Data.Dataset = d.text(dataset)
			d.datasetOf(dataset, r)
		} else {
			a.Data = d.dataFormat(n, "."+a.Format, r)
		}
	} else if n.Get("workbook") != nil && format != nil && d.text(format) != "xlsx" {
		d.fault(format.At, "unknown-format", "Unknown file format", "A workbook is an .xlsx file. Rows in another format are those of one dataset:\n\n    attach: [{dataset: …, format: %s}]", d.text(format))
	}
	if n.Get("workbook") != nil {
		d.forCSV(n, ".xlsx")
	}
	if a.Name == nil {
		return a
	}
	if strings.ContainsAny(a.Name.Text, "/\\\r\n") {
		d.fault(a.Name.Range, "bad-file-name", "Not a file name", "%q has a slash or a line break in it. The name is what the reader saves the attachment as.", a.Name.Text)
	}
	switch last := a.Name.segments[len(a.Name.segments)-1].Text; {
	case strings.HasSuffix(last, "."+a.Format):
	case a.Data.Dataset == "":
		d.fault(a.Name.Range, "unknown-format", "Unknown file format", "The name of an attached workbook ends in .xlsx.")
	case format != nil:
		d.fault(a.Name.Range, "unknown-format", "Unknown file format", "The name of an attachment of the format %s ends in .%s.", a.Format, a.Format)
	default:
		d.fault(a.Name.Range, "unknown-format", "Unknown file format", "The name of an attached dataset says its format: it ends in .csv, .xlsx or .json.")
	}
	return a
}

// named is the format that the name ends in, csv where it ends in none.
func (a *Attachment) named() string {
	for _, format := range []string{"xlsx", "json"} {
		if a.Name != nil && strings.HasSuffix(a.Name.segments[len(a.Name.segments)-1].Text, "."+format) {
			return format
		}
	}
	return "csv"
}

// individually decodes whether everybody gets a mail of their own, of which there are no copies.
func (d *decoder) individually(m *EmailDestination, n *tree.Node) {
	if m.Individually = d.flag(n.Get("individually"), false); !m.Individually {
		return
	}
	for _, key := range []string{"cc", "bcc"} {
		if copies := n.Get(key); copies != nil && len(copies.List()) > 0 {
			d.fault(copies.At, "copies-of-individual-mails", "Copies of mails of one's own", "With `individually` everybody in `to` gets a mail that names nobody else, and %q would get a copy of each. Name in `to` whoever is to have the report.", key)
		}
	}
}

// oversize decodes what becomes of a mail that is too large, step by step.
func (d *decoder) oversize(m *EmailDestination, n *tree.Node) {
	if n == nil {
		m.Oversize = []string{"zip"}
		return
	}
	m.Oversize = d.texts(n)
	for i, step := range m.Oversize {
		if step == "notice" && i < len(m.Oversize)-1 {
			d.fault(n.At, "steps-behind-notice", "Steps that are never taken", "A notice takes the place of the attachments, so that nothing is left for the steps behind it. Put it last.")
			return
		}
	}
}
