package outputs

// PageRows is how many rows of a table a page shows whose block sets no limit: a page is read, and more rows are looked
// through in a workbook.
const PageRows = 500

// Page returns the blocks of all sheets as one page shows them: where there are several, each under its name; every
// column of a table, and no more than PageRows of its rows.
func (d Document) Page() ([]Block, error) {
	var out []Block
	for _, s := range d.Sheets {
		if len(d.Sheets) > 1 {
			out = append(out, Heading{Text: s.Name})
		}
		for i, b := range s.Blocks {
			switch b := b.(type) {
			case Heading:
				if i == 0 && (b.Text == d.Title || b.Text == s.Name) {
					continue // It stands above them already.
				}
				out = append(out, b)
			case TableBlock:
				whole, err := b.page()
				if err != nil {
					return nil, err
				}
				out = append(out, whole)
			default:
				out = append(out, b)
			}
		}
	}
	return out, nil
}

// page is the table as a page shows it.
func (b TableBlock) page() (TableBlock, error) {
	if b.Limit == 0 {
		b.Limit = PageRows
	}
	if len(b.Columns) > 0 {
		return b, nil
	}
	shown, err := b.Shown()
	if err != nil {
		return b, err
	}
	for _, c := range shown {
		b.Columns = append(b.Columns, TableColumn{Key: c.Name})
	}
	return b, nil
}
