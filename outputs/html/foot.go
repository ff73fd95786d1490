package html

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/reportform/reportform/outputs"
)

// foot says where a mail's figures come from.
type foot struct {
	// From is range and project.
	From, Filters      string
	Definition, Commit string
	words              outputs.Vocabulary
}

func newFoot(doc outputs.Document) foot {
	f := foot{From: strings.Join(nonEmpty(doc.Range, doc.Project), " · "), words: outputs.Words(doc.Locale)}
	if a := doc.About; a != nil {
		const short = 7 // letters of a commit are enough to find it
		f.Definition, f.Commit = a.Definition, a.Commit[:min(short, len(a.Commit))]
		f.Filters = filters(a.Datasets)
	}
	return f
}

// Foot is what it says, a line each.
func (f foot) Foot() []string {
	lines := []string{f.From}
	if f.Filters != "" {
		lines = append(lines, f.words.Filters+": "+f.Filters)
	}
	if f.Definition != "" {
		lines = append(lines, f.words.Definition(f.Definition, f.Commit))
	}
	return nonEmpty(lines...)
}

// filters are those of the datasets, under their names where they differ; more than a few lines are left to the
// workbook's sheet about them.
func filters(datasets []outputs.AboutDataset) string {
	var all []string
	same := true
	for _, d := range datasets {
		if len(d.Filters) == 0 {
			continue
		}
		same = same && (len(all) == 0 || slices.Equal(d.Filters, datasets[0].Filters))
		all = append(all, d.Name+" ("+strings.Join(d.Filters, "; ")+")")
	}
	text := strings.Join(all, ", ")
	if len(all) > 0 && same && len(all) == len(datasets) {
		text = strings.Join(datasets[0].Filters, "; ")
	}
	const most = 240
	if utf8.RuneCountInString(text) > most {
		text = strings.TrimRight(string([]rune(text)[:most]), " ,;") + " …"
	}
	return text
}

func nonEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
