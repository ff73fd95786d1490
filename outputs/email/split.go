package email

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/reportform/reportform/outputs"
)

// tooLarge is a message that is above its bound whatever else is taken out of it.
type tooLarge struct {
	what string
	size int64
}

func (e *tooLarge) Error() string { return fmt.Sprintf("%s with %s alone", inWords(e.size), e.what) }

// split spreads the attachments over several mails within the bound, in their order: the first has the whole body, the
// others a short one. What is too large for a mail of its own goes in pieces, and with zip as a zip where that is smaller.
// whole is what one mail with all of it would have. The error is a tooLarge where something fits into no mail.
func (s *Sender) split(ctx context.Context, doc outputs.Document, key outputs.Key, with *attachments, zip bool, whole int64, path string) (*mailing, error) {
	p := &splitting{Sender: s, doc: doc, with: with, zip: zip, whole: whole}
	defer p.remove()
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	shares, err := p.spread()
	if err != nil {
		return nil, err
	}
	messages, err := p.messages(shares)
	if err != nil {
		return nil, err
	}
	out, err := s.save(key, outputs.OversizeSplit, path, messages...)
	if err != nil {
		return nil, err
	}
	for i, part := range out.parts {
		if part.Size > s.target.MaxSize {
			return nil, &tooLarge{fmt.Sprintf("its part %d", i+1), part.Size}
		}
	}
	return out, nil
}

// splitting is a split under way.
type splitting struct {
	*Sender
	doc   outputs.Document
	with  *attachments
	zip   bool
	whole int64
	// files go along instead of those of with; costs are by how many bytes each makes a message larger.
	files []attached
	costs []int64
	// bare is how large a message with the short body alone is.
	bare int64
	// drafts are files that were made on the way.
	drafts []string
}

// remove takes the drafts away: the messages hold them.
func (p *splitting) remove() {
	for _, path := range p.drafts {
		_ = removed(path)
	}
}

// draft is a new file's path.
func (p *splitting) draft() string {
	path := p.with.beneath + ".split-" + strconv.Itoa(len(p.drafts)+1)
	p.drafts = append(p.drafts, path)
	return path
}

// many is taken for how many mails there are until that is known: it has more digits, so that nothing grows by it.
const many = 999

// prepare makes of the attachments what fits into a mail each. A workbook that does not becomes one for each of its sheets.
func (p *splitting) prepare(ctx context.Context) error {
	short, err := p.short(nil, many, many)
	if err != nil {
		return err
	}
	if p.bare, err = short.measure(); err != nil {
		return err
	}
	for i, f := range p.with.files {
		err := p.add(f)
		var alone *tooLarge
		if a := p.target.Attachments[i]; errors.As(err, &alone) && p.divides(a) {
			err = p.addSheets(ctx, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add takes a file along.
func (p *splitting) add(f attached) error {
	if err := p.shrink(&f); err != nil {
		return err
	}
	f.name = p.free(f.name)
	m, err := p.short([]attached{f}, many, many)
	if err != nil {
		return err
	}
	size, err := m.measure()
	if err != nil {
		return err
	}
	if size > p.target.MaxSize {
		return &tooLarge{f.name, size}
	}
	p.files, p.costs = append(p.files, f), append(p.costs, size-p.bare)
	return nil
}

// shrink makes a zip of a file, if one is asked for and saves a tenth: a workbook is one already.
func (p *splitting) shrink(f *attached) error {
	if !p.zip {
		return nil
	}
	beneath := p.draft()
	p.drafts = append(p.drafts, beneath+".zip")
	files, err := zipped(&attachments{files: []attached{*f}, beneath: beneath}, p.doc.Modified, "")
	if err != nil {
		return fmt.Errorf("zip the attachment %s: %w", f.name, err)
	}
	before, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	after, err := os.Stat(files[0].path)
	if err != nil {
		return err
	}
	if after.Size() < before.Size()/10*9 {
		*f = files[0]
	}
	return nil
}

// divides reports whether an attachment is a workbook of several sheets. One that fills a template is one whatever its size.
func (p *splitting) divides(a outputs.Attachment) bool {
	return a.Data.Dataset == "" && p.doc.Template == nil && len(p.doc.Sheets) > 1
}

// addSheets takes a workbook for each of the sheets along, rendered as one with that sheet alone: its totals, charts and
// highlights are its own.
func (p *splitting) addSheets(ctx context.Context, a outputs.Attachment) error {
	ending := filepath.Ext(a.Name)
	renderer := p.formats(a.Data)[ending]
	for i, sheet := range p.doc.Sheets {
		doc := p.doc
		doc.Sheets = p.doc.Sheets[i : i+1]
		to := p.draft()
		rendered, err := render(ctx, renderer, doc, a, to)
		if err != nil {
			return fmt.Errorf("render the sheet %s of the attachment %s: %w", sheet.Name, a.Name, err)
		}
		name := sheetFile(strings.TrimSuffix(a.Name, ending), sheet.Name, p.doc.Locale, ending)
		if err := p.add(attached{name: name, mediaType: renderer.MediaType(), path: to, content: rendered.Content}); err != nil {
			return err
		}
	}
	return nil
}

// free is a name that no other file has.
func (p *splitting) free(name string) string {
	ending := filepath.Ext(name)
	out := name
	for n := 2; slices.ContainsFunc(p.files, func(f attached) bool { return strings.EqualFold(f.name, out) }); n++ {
		out = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ending), n, ending)
	}
	return out
}

// spread says which files go with which mail, by their places.
func (p *splitting) spread() ([][]int, error) {
	alone := make([][]int, len(p.files)+1) // more mails there cannot be, and no longer list of them
	for i := range p.files {
		alone[i+1] = []int{i}
	}
	first, err := p.first(alone)
	if err != nil {
		return nil, err
	}
	first.files = nil
	size, err := first.measure()
	if err != nil {
		return nil, err
	}
	if size > p.target.MaxSize {
		return nil, &tooLarge{"its body", size}
	}
	shares := [][]int{nil}
	room := p.target.MaxSize - size
	for i, cost := range p.costs {
		if cost > room {
			shares = append(shares, nil)
			room = p.target.MaxSize - p.bare
		}
		room -= cost
		shares[len(shares)-1] = append(shares[len(shares)-1], i)
	}
	return shares, nil
}

// messages are the mails of the shares.
func (p *splitting) messages(shares [][]int) ([]*message, error) {
	first, err := p.first(shares)
	if err != nil {
		return nil, err
	}
	out := []*message{first}
	for i, share := range shares[1:] {
		m, err := p.short(p.those(share), i+2, len(shares))
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// those are the files at places.
func (p *splitting) those(share []int) []attached {
	var out []attached
	for _, i := range share {
		out = append(out, p.files[i])
	}
	return out
}

// first is the mail with the whole body, which says what comes with which mail.
func (p *splitting) first(shares [][]int) (*message, error) {
	names := make([][]string, len(shares))
	for i, share := range shares {
		for _, f := range p.those(share) {
			names[i] = append(names[i], f.name)
		}
	}
	doc := p.doc
	doc.Notices = append(slices.Clone(doc.Notices), outputs.Words(doc.Locale).Split(p.with.names(), p.whole, p.target.MaxSize, names))
	return p.compose(doc, p.those(shares[0]), p.with.workbook, outputs.Numbered(p.target.Subject, 1, len(shares)))
}

// short is one of the other mails: it says which part of what it is.
func (p *splitting) short(files []attached, number, of int) (*message, error) {
	doc := outputs.Document{
		Title: p.doc.Title, Range: p.doc.Range, Project: p.doc.Project, Locale: p.doc.Locale, Theme: p.doc.Theme,
		From: p.doc.From, Modified: p.doc.Modified,
		Body: []outputs.Block{outputs.Text{Text: outputs.Words(p.doc.Locale).Part(number, of)}},
	}
	return p.compose(doc, files, false, outputs.Numbered(p.target.Subject, number, of))
}

// sheetFile names the workbook of one sheet: as the whole, with the sheet's name behind it. It is free of what file names
// cannot have, and as short as they must be.
func sheetFile(base, sheet, locale, ending string) string {
	sheet = strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(forbidden, r) || unicode.IsControl(r) {
			return '-'
		}
		return r
	}, sheet))
	if sheet == "" {
		sheet = outputs.Words(locale).Sheet
	}
	const half = (longestFileName - len(" - .xlsx")) / 2
	return cut(base, half) + " - " + cut(sheet, half) + ending
}

// cut leaves of a text so many characters at most.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return strings.TrimSpace(string(runes[:most]))
	}
	return text
}
