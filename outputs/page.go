package outputs

// Page returns the blocks of all sheets as one page shows them: where there are several, each under its name, and every
// column of a table.
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
				whole, err := b.whole()
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

// whole is the table with all its columns chosen.
func (b TableBlock) whole() (TableBlock, error) {
	shown, err := b.Shown()
	if err != nil {
		return b, err
	}
	return b.Choosing(shown), nil
}
