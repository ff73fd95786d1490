package spec

import (
	"fmt"
	"regexp"
	"strconv"
)

// address is where deliveries are remembered: a report, an instance of one, or a destination of either.
type address struct {
	report string
	// key is the instance's, where keyed says that there is one.
	key   string
	keyed bool
	// destination is "" for a report's address.
	destination string
}

var (
	addressName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*`)
	addressEnd  = regexp.MustCompile(`^(?:\.([A-Za-z0-9][A-Za-z0-9_-]*))?$`)
)

// parseAddress reads weekly-chats, weekly-chats["north"], weekly-chats.leads or weekly-chats["north"].leads.
func parseAddress(text string) (address, bool) {
	a := address{report: addressName.FindString(text)}
	rest := text[len(a.report):]
	if len(rest) > 1 && rest[0] == '[' {
		quoted, err := strconv.QuotedPrefix(rest[1:])
		if err != nil || quoted[0] != '"' || len(rest) < len(quoted)+2 || rest[len(quoted)+1] != ']' {
			return address{}, false
		}
		if a.key, err = strconv.Unquote(quoted); err != nil {
			return address{}, false
		}
		a.keyed, rest = true, rest[len(quoted)+2:]
	}
	end := addressEnd.FindStringSubmatch(rest)
	if a.report == "" || end == nil {
		return address{}, false
	}
	a.destination = end[1]
	return a, true
}

// String writes the address as it is remembered.
func (a address) String() string {
	text := a.report
	if a.keyed {
		text += fmt.Sprintf("[%q]", a.key)
	}
	if a.destination != "" {
		text += "." + a.destination
	}
	return text
}

// name is the address within a sentence: in quotes, unless it has some of its own.
func (a address) name() string {
	if a.keyed {
		return a.String()
	}
	return strconv.Quote(a.String())
}

// kind says what the address is of.
func (a address) kind() string {
	switch {
	case a.destination != "":
		return "destination"
	case a.keyed:
		return "instance"
	default:
		return "report"
	}
}
