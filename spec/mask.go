package spec

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// hide notes a stretch of a file that diagnostics must not show.
func (d *decoder) hide(at diag.Range) { d.hidden[at.File] = append(d.hidden[at.File], at) }

// hideValue hides all that stands behind an entry's key, tags and the like too. Of text with ${…} only what is literal is
// hidden, since the names of secrets are none.
func (d *decoder) hideValue(e tree.Entry) {
	n := e.Value
	switch {
	case n.IsEmpty():
	case n.Kind == tree.String && n.TextAt != nil && strings.Contains(n.Text, "${"):
		for _, at := range literals(n.Text) {
			d.hide(n.Span(at[0], at[1]-at[0]))
		}
	case n.At.File == e.KeyAt.File && e.KeyAt.End.Before(n.At.End):
		d.hide(diag.Range{File: n.At.File, Start: e.KeyAt.End, End: n.At.End})
	default: // an alias, whose value stands further up
		d.hide(n.At)
	}
}

// secrecy has the words that were hidden, by file and line.
type secrecy map[string]map[int]map[string]bool

var (
	hiddenWord = regexp.MustCompile(`[\pL\pN]+`)
	separator  = regexp.MustCompile(`^["']?[ \t:=]+`)
	cutOff     = regexp.MustCompile(`^[ \t]+#[^ #]`)
)

// blank makes asterisks of what is hidden, in all files, and takes it out of the diagnostics' words.
func (d *decoder) blank() {
	words := secrecy{}
	for name, data := range d.config.Files {
		d.hideAddresses(name, data)
		if len(d.hidden[name]) == 0 {
			continue
		}
		words[name] = map[int]map[string]bool{}
		d.config.Files[name] = words.blank(name, strings.Split(string(data), "\n"), d.hidden[name])
	}
	for i := range d.diags {
		words.keep(&d.diags[i])
	}
}

// blank makes asterisks of stretches of a file's lines, and notes their words.
func (s secrecy) blank(name string, lines []string, hidden []diag.Range) []byte {
	// Anybody writes the files: each stretch is looked at once, and each line taken apart once.
	slices.SortFunc(hidden, func(a, b diag.Range) int {
		return cmp.Or(cmp.Compare(a.Start.Line, b.Start.Line), cmp.Compare(a.Start.Column, b.Start.Column),
			cmp.Compare(a.End.Line, b.End.Line), cmp.Compare(a.End.Column, b.End.Column))
	})
	written, shown := map[int][]rune{}, map[int][]rune{}
	for _, at := range slices.Compact(hidden) {
		for i := max(1, at.Start.Line); i <= min(at.End.Line, len(lines)); i++ {
			if written[i] == nil {
				written[i], shown[i] = []rune(lines[i-1]), []rune(lines[i-1])
				s[name][i] = map[string]bool{}
			}
			from, to := stretch(written[i], at, i)
			for _, word := range hiddenWord.FindAllString(string(written[i][from:to]), -1) {
				s[name][i][word] = true
			}
			for k := from; k < to; k++ {
				shown[i][k] = '*'
			}
		}
	}
	for i, line := range shown {
		lines[i-1] = string(line)
	}
	return []byte(strings.Join(lines, "\n"))
}

// stretch is what a range takes of one of its lines, in characters: without what parts a value from its key, and with what a
// comment cut off it.
func stretch(line []rune, at diag.Range, number int) (from, to int) {
	to = len(line)
	if to > 0 && line[to-1] == '\r' {
		to--
	}
	end := to
	if number == at.Start.Line {
		from = min(max(at.Start.Column-1, 0), to)
	}
	if number == at.End.Line {
		to = max(from, min(at.End.Column-1, to))
		if cutOff.MatchString(string(line[to:min(end, to+maxGap)])) {
			to = end
		}
	}
	return from + len([]rune(separator.FindString(string(line[from:to])))), to
}

// maxGap bounds how far a comment is looked for behind a value, in characters.
const maxGap = 200

// keep takes the words out of a diagnostic that repeats what is hidden on its lines.
func (s secrecy) keep(found *diag.Diagnostic) {
	if found.Code == "literal-secret" || found.Code == "open-secret" {
		return // these repeat names alone
	}
	for line := found.Subject.Start.Line; line <= found.Subject.End.Line; line++ {
		hidden := s[found.Subject.File][line]
		if len(hidden) == 0 {
			continue
		}
		repeats := func(text string) bool {
			return slices.ContainsFunc(hiddenWord.FindAllString(text, -1), func(w string) bool { return hidden[w] })
		}
		if repeats(found.Detail) {
			found.Detail = "What stands here may be a secret, so it is not repeated. Look at its quotes and at its key; a secret itself is given from outside:\n\n    ${env.NAME}"
		}
		if repeats(found.Context) {
			found.Context = ""
		}
	}
}

// literals are the stretches of a template that are no reference to what is given from outside: text around ${…}, and
// quoted text and numbers within, in characters.
func literals(text string) [][2]int {
	var out [][2]int
	add := func(from, to int) {
		if strings.TrimSpace(text[from:to]) != "" {
			out = append(out, [2]int{runes(text[:from]), runes(text[:to])})
		}
	}
	end := 0
	for _, at := range reference.FindAllStringIndex(text, -1) {
		if len(out) > maxLiterals {
			break
		}
		add(end, at[0])
		for _, inner := range constant.FindAllStringSubmatchIndex(text[at[0]:at[1]], maxLiterals) {
			if inner[2] < 0 {
				add(at[0]+inner[4], at[0]+inner[5])
			}
		}
		end = at[1]
	}
	add(end, len(text))
	if len(out) > maxLiterals {
		return [][2]int{{0, runes(text)}}
	}
	return out
}

// maxLiterals bounds how finely a text is hidden: one of more parts is hidden whole.
const maxLiterals = 64

var (
	reference = regexp.MustCompile(`\$\{(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^}"'])*\}`)
	// constant is quoted text or a number, unless it names a file or a variable of the environment.
	constant = regexp.MustCompile(`(file\(\s*|env\[\s*)?("(?:[^"\\]|\\.)*"|'[^']*'|\b[0-9][0-9.]*)`)
)

// Addresses hold credentials before the host, and as values of a query.
var (
	login      = regexp.MustCompile(`//((?:[^\s"'@/?#]*:[^\s"']*|[^\s"'@/?#]*))@`)
	webAddress = regexp.MustCompile(`https?://[^\s"']*`)
	queried    = regexp.MustCompile(`[?&#;][^\s=&"'?#]*=([^\s&"'#]+)`)
)

func (d *decoder) hideAddresses(name string, data []byte) {
	if !bytes.Contains(data, []byte("//")) {
		return
	}
	for i, line := range strings.Split(string(data), "\n") {
		counted, column := 0, 1
		hide := func(from, to int) {
			if from < counted {
				counted, column = 0, 1
			}
			column += runes(line[counted:from])
			counted = from
			start := column
			for _, at := range literals(line[from:to]) {
				d.hide(diag.Range{File: name, Start: diag.Pos{Line: i + 1, Column: start + at[0]}, End: diag.Pos{Line: i + 1, Column: start + at[1]}})
			}
		}
		for _, at := range login.FindAllStringSubmatchIndex(line, -1) {
			hide(at[2], at[3])
		}
		for _, at := range webAddress.FindAllStringIndex(line, -1) {
			for _, value := range queried.FindAllStringSubmatchIndex(line[at[0]:at[1]], -1) {
				hide(at[0]+value[2], at[0]+value[3])
			}
		}
	}
}
