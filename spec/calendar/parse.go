package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/diag"
)

// maxCount bounds what is counted, such as the days of "previous 7 days".
const maxCount = 9999

// Parse reads a range that is a text: one of the [Words], "previous 4 weeks", or bounds in the form of [Expr].Text,
// "from start_of_month-1month until start_of_month", which is how a command line says the mapping of [ParseBounds].
// The mapping itself, "{from: today-6days, through: today}", is taken as well: messages show it, and people copy it.
func Parse(text string) (Expr, *SyntaxError) {
	fields := strings.Fields(text)
	joined := strings.Join(fields, " ")
	if e, ok := words[joined]; ok {
		e.Text = joined
		return e, nil
	}
	switch {
	case len(fields) == 0:
		return Expr{}, whole(text, "missing-range", "Missing range",
			`The range is empty. Write a word such as last_week, or "previous 4 weeks", or from with through or until.`)
	case strings.HasPrefix(fields[0], "{"):
		return parseMapping(text)
	case fields[0] == "from":
		return parseSentence(text)
	case fields[0] == "previous":
		return parsePrevious(text, fields)
	}
	if fault := refuseLast(text); fault != nil {
		return Expr{}, fault
	}
	return Expr{}, unknownWord(text)
}

// parseSentence reads "from A through B" and "from A until B"; each bound may hold spaces.
func parseSentence(text string) (Expr, *SyntaxError) {
	for _, part := range []string{"through", "until"} {
		head, tail, found := strings.Cut(text, " "+part+" ")
		if !found {
			continue
		}
		before, from, _ := strings.Cut(head, "from")
		through, until := tail, ""
		if part == "until" {
			through, until = "", tail
		}
		e, fault := ParseBounds(from, through, until)
		if fault == nil {
			return e, nil
		}
		// The place is moved from the bound's text into the whole one.
		start := len(before) + len("from")
		if fault.Part == part {
			start = len(text) - len(tail)
		}
		fault.Part = ""
		fault.Offset += utf8.RuneCountInString(text[:start])
		return Expr{}, fault
	}
	return Expr{}, whole(text, "invalid-range", "Invalid range",
		`After "from" comes a moment, then "through" with a last day or "until" with an exclusive end, as in "from 2026-11-01 through 2026-11-15".`)
}

// parseMapping reads "{from: A, through: B}" and "{from: A, until: B}" as files have it.
func parseMapping(text string) (Expr, *SyntaxError) {
	const shape = `A range in braces is written as in a file: "{from: 2026-11-01, through: 2026-11-15}".`
	inner, closed := strings.CutSuffix(strings.TrimPrefix(strings.TrimSpace(text), "{"), "}")
	values, places := map[string]string{}, map[string]int{}
	at := strings.Index(text, "{") + 1
	for part := range strings.SplitSeq(inner, ",") {
		key, value, found := strings.Cut(part, ":")
		name := strings.TrimSpace(key)
		_, twice := values[name]
		if known := name == "from" || name == "through" || name == "until"; !closed || !found || !known || twice {
			return Expr{}, whole(text, "invalid-range", "Invalid range", shape)
		}
		bare := strings.Trim(value, ` "'`)
		values[name] = bare
		places[name] = at + len(key) + 1 + max(strings.Index(value, bare), 0)
		at += len(part) + 1
	}
	e, fault := ParseBounds(values["from"], values["through"], values["until"])
	if fault == nil {
		return e, nil
	}
	// The place is moved from the bound's text into the whole one.
	fault.Offset += utf8.RuneCountInString(text[:places[fault.Part]])
	fault.Part = ""
	return Expr{}, fault
}

// parsePrevious reads "previous 4 weeks".
func parsePrevious(text string, fields []string) (Expr, *SyntaxError) {
	const shape = `"previous" takes a number and one of hours, days, weeks, months, quarters, years, as in "previous 4 weeks".`
	if len(fields) == 2 && units[fields[1]] > minute {
		return Expr{}, whole(text, "invalid-range", "Invalid range",
			fmt.Sprintf(`%s Did you mean "previous 1 %s"?`, shape, units[fields[1]]))
	}
	if len(fields) != 3 {
		return Expr{}, whole(text, "invalid-range", "Invalid range", shape)
	}
	count, err := strconv.Atoi(fields[1])
	if err != nil || !isDigits(fields[1]) || count < 1 || count > maxCount {
		return Expr{}, at(text, fields[1], "invalid-count", "Invalid count",
			fmt.Sprintf(`"previous" takes a whole number from 1 to %d, not %q.`, maxCount, fields[1]))
	}
	u := units[fields[2]]
	if isMinutes(fields[2]) {
		hours := (count + 59) / 60
		return Expr{}, at(text, fields[2], "unknown-unit", "Unknown unit",
			fmt.Sprintf(`Minutes cannot be counted here, since ranges are made of whole hours at least. Write "previous %d %s".`, hours, plural(hour, hours)))
	}
	if u < hour {
		return Expr{}, at(text, fields[2], "unknown-unit", "Unknown unit",
			fmt.Sprintf(`%q is not a unit that can be counted here. Known are hours, days, weeks, months, quarters and years.`, fields[2])+
				didYouMean(fields[2], []string{"hours", "days", "weeks", "months", "quarters", "years"}))
	}
	return Expr{Text: strings.Join(fields, " "), form: completed, unit: u, count: count}, nil
}

// isMinutes reports whether a word means minutes, in whatever form people write them.
func isMinutes(word string) bool { return units[word] == minute || meant[word] == minute.String() }

// refuseLast answers "last 7 days", which people read in two ways, with both; nil where the text says something else.
func refuseLast(text string) *SyntaxError {
	fields := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '_' || r == '-' })
	if len(fields) != 3 || fields[0] != "last" && fields[0] != "past" || !isDigits(fields[1]) {
		return nil
	}
	count, _ := strconv.Atoi(fields[1]) // the largest number for what is too large
	u := units[fields[2]]
	if count < 1 || count > maxCount || u < hour {
		return nil
	}
	before, others := "", ""
	if count > 1 {
		before = fmt.Sprintf("-%d%s", count-1, plural(u, count-1))
		others = fmt.Sprintf(", and the %d %s before it", count-1, plural(u, count-1))
	}
	complete, from, end, unfinished := "before the running one", "start_of_"+u.String(), "through: today", "the running "+u.String()+" up to the end of today"
	switch u {
	case hour:
		end, unfinished = "until: start_of_hour+1hour", "the running hour"
	case day:
		complete, from, unfinished = "that end with yesterday", "today", "today"
	}
	return whole(text, "ambiguous-range", "Ambiguous range", fmt.Sprintf(`%q can be read in two ways. Write the one that is meant:

  previous %[2]d %[3]s
    the %[2]d complete %[3]s %[4]s
  {from: %[5]s, %[6]s}
    %[7]s%[8]s; it is unfinished, so that it needs partial: true`,
		strings.Join(fields, " "), count, plural(u, count), complete, from+before, end, unfinished, others))
}

// unknownWord answers a text that is no range.
func unknownWord(text string) *SyntaxError {
	name := strings.TrimSpace(text)
	detail := fmt.Sprintf("There is no range %q.", name)
	if _, ok := anchors[name]; ok {
		detail = fmt.Sprintf("%q is a moment, not a range. It stands under from, through or until.", name)
	} else if suggestion := didYouMean(name, Words()); suggestion != "" {
		detail += suggestion
	} else {
		detail += "\n\nKnown are " + strings.Join(Words(), ", ") + `, "previous 4 weeks" and the like, and from with through or until.`
	}
	return whole(text, "unknown-range", "Unknown range", detail)
}

// didYouMean is a sentence with the nearest known name, or nothing.
func didYouMean(name string, known []string) string {
	if other, ok := meant[name]; ok {
		return fmt.Sprintf(" Did you mean %q?", other)
	}
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// whole is a fault of a whole text.
func whole(text, code, summary, detail string) *SyntaxError {
	return (&SyntaxError{Code: code, Summary: summary, Detail: detail}).in("", text)
}

// at is a fault of a word within a text.
func at(text, word, code, summary, detail string) *SyntaxError {
	start := max(strings.LastIndex(text, word), 0)
	return &SyntaxError{
		Offset: utf8.RuneCountInString(text[:start]), Length: utf8.RuneCountInString(word),
		Code: code, Summary: summary, Detail: detail,
	}
}

// plural is a counted unit in English.
func plural(u unit, count int) string {
	if count == 1 || u == minute {
		return u.String()
	}
	return u.String() + "s"
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
