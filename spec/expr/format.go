package expr

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Format is a number format in Excel's notation, read. It shows numbers, percents, durations and dates as Excel would.
type Format struct {
	text string
	// sections for positive numbers, negative ones, zero and texts; one serves those that are not there.
	sections []section
}

// section is one of the parts between semicolons.
type section struct {
	tokens []token
	// number layout
	whole, fraction   []rune // placeholders 0, # and ? before and after the point
	grouped           bool
	percents, divides int // how many % there are; how many thousands are dropped by commas at the end
	// time: it holds parts of a date or time; months after a day's number take another form.
	time, twelve, dayNumber bool
	// seconds is how many digits of a fraction of a second are shown; -1 where no seconds are shown.
	seconds int
	// elapsed: it holds [h], [m] or [s], which count on beyond a day.
	elapsed bool
	general bool
}

// token is one piece of a section.
type token struct {
	kind tokenKind
	text string
}

type tokenKind uint8

const (
	literalText tokenKind = iota
	digitsPart            // the number itself, where its first placeholder stood
	percentSign
	timePart // y, m, d, h, s … in text
	atSign
	generalPart
)

// ParseFormat reads a number format in Excel's notation: 0 # ? , . %, "text", \x, dates (yyyy mm dd mmm ddd), times
// (hh mm ss AM/PM), elapsed time ([h]:mm:ss), up to four sections between semicolons. Colours are passed over.
// Its error says in a sentence what is not understood.
func ParseFormat(text string) (*Format, error) {
	const most = 255 // Excel's own bound
	if utf8.RuneCountInString(text) > most {
		return nil, problem(fmt.Sprintf("A number format has at most %d characters.", most))
	}
	f := &Format{text: text}
	p := &formatParser{src: []rune(text)}
	for {
		s, err := p.section()
		if err != nil {
			return nil, err
		}
		f.sections = append(f.sections, s)
		if p.i >= len(p.src) {
			break
		}
		p.i++ // the semicolon
	}
	if len(f.sections) > 4 {
		return nil, problem("A number format has at most four sections between semicolons.")
	}
	return f, nil
}

type formatParser struct {
	src []rune
	i   int
	// of the section that is being read
	s        section
	point    bool
	finished bool // the number's digits are over
}

// section reads up to a semicolon or the end.
func (p *formatParser) section() (section, error) {
	p.s, p.point, p.finished = section{seconds: -1}, false, false
	for p.i < len(p.src) && p.src[p.i] != ';' {
		if err := p.token(); err != nil {
			return section{}, err
		}
	}
	s := p.s
	if s.time && (len(s.whole) > 0 || len(s.fraction) > 0) {
		return section{}, problem("A number format shows either a number or a date and time, not both.")
	}
	s.minutes()
	return s, nil
}

func (p *formatParser) token() error {
	r := p.src[p.i]
	switch {
	case r == '"':
		end := slices.Index(p.src[p.i+1:], '"')
		if end < 0 {
			return problem("A quoted text in the number format is not closed.")
		}
		p.literal(string(p.src[p.i+1 : p.i+1+end]))
		p.i += end + 2
		return nil
	case r == '\\' || r == '_' || r == '*':
		if p.i+1 >= len(p.src) {
			return problem(fmt.Sprintf("The number format ends after %q, which belongs to a character after it.", string(r)))
		}
		switch r {
		case '\\':
			p.literal(string(p.src[p.i+1]))
		case '_': // room as wide as the character
			p.literal(" ")
		}
		p.i += 2
		return nil
	case r == '[':
		return p.bracket()
	case r == '0' || r == '#' || r == '?':
		return p.placeholder(r)
	case r == '.':
		return p.dot()
	case r == ',':
		p.comma()
		return nil
	case r == '%':
		p.s.percents++
		p.emit(percentSign, "%")
	case r == '@':
		p.emit(atSign, "")
	case unicode.IsLetter(r) && r < utf8.RuneSelf:
		return p.word()
	default:
		p.literal(string(r))
	}
	p.i++
	return nil
}

func (p *formatParser) emit(kind tokenKind, text string) {
	if len(p.s.whole)+len(p.s.fraction) > 0 && kind != digitsPart {
		p.finished = true
	}
	p.s.tokens = append(p.s.tokens, token{kind, text})
}

func (p *formatParser) literal(text string) { p.emit(literalText, text) }

func (p *formatParser) placeholder(r rune) error {
	if p.finished {
		return problem("The digits of a number format stand together: text between them is not supported.")
	}
	if len(p.s.whole)+len(p.s.fraction) == 0 && !p.point {
		p.emit(digitsPart, "")
	}
	if p.point {
		p.s.fraction = append(p.s.fraction, r)
	} else {
		p.s.whole = append(p.s.whole, r)
	}
	p.i++
	return nil
}

// dot begins the fraction of a number, or of a second.
func (p *formatParser) dot() error {
	if p.s.time {
		zeros := 0
		for p.i+1+zeros < len(p.src) && p.src[p.i+1+zeros] == '0' {
			zeros++
		}
		if zeros == 0 {
			p.literal(".")
			p.i++
			return nil
		}
		last := p.s.tokens[len(p.s.tokens)-1]
		if zeros > 3 || last.kind != timePart || last.text[0] != 's' {
			return problem("A fraction of a second has up to three zeros and stands after ss, as in ss.000.")
		}
		p.s.seconds = zeros
		p.emit(timePart, strings.Repeat("0", zeros))
		p.i += 1 + zeros
		return nil
	}
	if p.point || p.finished {
		p.literal(".")
	} else {
		if len(p.s.whole) == 0 {
			p.emit(digitsPart, "")
		}
		p.point = true
	}
	p.i++
	return nil
}

// comma groups thousands between digits, drops them after the last, and is itself elsewhere.
func (p *formatParser) comma() {
	next := rune(0)
	if p.i+1 < len(p.src) {
		next = p.src[p.i+1]
	}
	switch {
	case len(p.s.whole)+len(p.s.fraction) == 0 || p.finished:
		p.literal(",")
	case strings.ContainsRune("0#?", next) && next != 0:
		p.s.grouped = true
	default:
		p.s.divides++
	}
	p.i++
}

// bracket reads [h], a currency or a colour.
func (p *formatParser) bracket() error {
	end := slices.Index(p.src[p.i:], ']')
	if end < 0 {
		return problem("A [ in the number format is not closed.")
	}
	inner := string(p.src[p.i+1 : p.i+end])
	p.i += end + 1
	lower := strings.ToLower(inner)
	switch {
	case lower != "" && strings.Trim(lower, lower[:1]) == "" && strings.Contains("hms", lower[:1]):
		p.s.time, p.s.elapsed = true, true
		if lower[0] == 's' {
			p.s.seconds = 0
		}
		p.emit(timePart, "["+lower)
	case strings.HasPrefix(inner, "$"):
		symbol, _, _ := strings.Cut(inner[1:], "-")
		p.literal(symbol)
	case slices.Contains([]string{"black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"}, lower):
	default:
		return problem(fmt.Sprintf("[%s] in a number format is not supported: only [h], [m], [s], currencies and colours are.", inner))
	}
	return nil
}

// word reads General, AM/PM and the letters of dates and times.
func (p *formatParser) word() error {
	rest := strings.ToLower(string(p.src[p.i:]))
	switch {
	case strings.HasPrefix(rest, "general"):
		p.s.general = true
		p.emit(generalPart, "")
		p.i += len("general")
		return nil
	case strings.HasPrefix(rest, "am/pm"):
		p.s.time, p.s.twelve = true, true
		p.emit(timePart, "am/pm")
		p.i += len("am/pm")
		return nil
	}
	letter := rest[0]
	n := len(rest) - len(strings.TrimLeft(rest, string(letter)))
	longest := map[byte]int{'h': 2, 's': 2, 'd': 4, 'm': 4, 'y': 4}[letter]
	switch {
	case longest == 0:
		return problem(fmt.Sprintf("The letter %q means nothing in a number format. Text stands in quotes: 0.0 \"min\".", string(p.src[p.i])))
	case n > longest:
		return problem(fmt.Sprintf("%s in a number format is too long.", strings.Repeat(string(letter), n)))
	}
	p.s.time = true
	switch {
	case letter == 's':
		p.s.seconds = 0
	case letter == 'd' && n <= 2:
		p.s.dayNumber = true
	}
	p.emit(timePart, rest[:n])
	p.i += n
	return nil
}

// minutes tells mm of minutes from mm of months: minutes stand after hours or before seconds. They are named n.
func (s *section) minutes() {
	var parts []int
	for i, t := range s.tokens {
		if t.kind == timePart && t.text != "am/pm" {
			parts = append(parts, i)
		}
	}
	letter := func(i int) byte {
		if i < 0 || i >= len(parts) {
			return 0
		}
		return strings.TrimPrefix(s.tokens[parts[i]].text, "[")[0]
	}
	for i, at := range parts {
		t := &s.tokens[at]
		if strings.TrimLeft(t.text, "m") == "" && len(t.text) <= 2 && (letter(i-1) == 'h' || letter(i+1) == 's') {
			t.text = strings.ReplaceAll(t.text, "m", "n")
		}
	}
}
