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

// filters are the choices of rows that the datasets were asked for, under their names where they differ; more than a few
// lines, and what says only how rows are counted, are left to the workbook's sheet about them.
func filters(datasets []outputs.AboutDataset) string {
	var each []string // of each dataset that was asked for
	var named []string
	for _, d := range datasets {
		if d.Requests == 0 && len(d.Chosen) == 0 {
			continue // It is made of others.
		}
		var choices []string
		for _, c := range d.Chosen {
			choices = append(choices, c.Label+": "+strings.Join(c.Values, ", "))
		}
		text := strings.Join(choices, "; ")
		each = append(each, text)
		if text != "" {
			named = append(named, outputs.Label(d.Name)+" ("+text+")")
		}
	}
	text := strings.Join(named, ", ")
	if same := slices.Compact(each); len(same) == 1 {
		text = same[0]
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
