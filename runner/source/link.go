package source

import "strings"

// nextOf returns the target of the first link of the relation next in a response's Link headers (RFC 8288), or "".
// A link whose context is another resource (anchor) is none of the response's.
func nextOf(headers []string) string {
	for _, h := range headers {
		for h != "" {
			var l link
			if l, h = readLink(h); l.next && !l.elsewhere {
				return l.target
			}
		}
	}
	return ""
}

// link is one link of a header.
type link struct {
	target          string
	next, elsewhere bool
}

// readLink reads the first link of a header and returns what follows it. What is no link is passed over.
func readLink(h string) (l link, rest string) {
	const space = " \t"
	_, h, found := strings.Cut(h, "<")
	if !found {
		return l, ""
	}
	if l.target, h, found = strings.Cut(h, ">"); !found {
		return link{}, ""
	}
	l.target = strings.TrimSpace(l.target)
	related := false
	for {
		h = strings.TrimLeft(h, space)
		if !strings.HasPrefix(h, ";") {
			break
		}
		h = strings.TrimLeft(h[1:], space)
		end := strings.IndexAny(h, "=;,")
		if end < 0 {
			end = len(h)
		}
		name, value := strings.ToLower(strings.TrimRight(h[:end], space)), ""
		if h = h[end:]; strings.HasPrefix(h, "=") {
			value, h = readValue(strings.TrimLeft(h[1:], space))
		}
		switch {
		case name == "rel" && !related: // only the first counts
			related = true
			for _, r := range strings.Fields(value) {
				l.next = l.next || strings.EqualFold(r, "next")
			}
		case name == "anchor":
			l.elsewhere = true
		}
	}
	_, h, _ = strings.Cut(h, ",")
	return l, h
}

// readValue reads a token or a quoted string and returns what follows it.
func readValue(h string) (value, rest string) {
	if !strings.HasPrefix(h, `"`) {
		end := strings.IndexAny(h, ";, \t")
		if end < 0 {
			end = len(h)
		}
		return h[:end], h[end:]
	}
	var b strings.Builder
	for i := 1; i < len(h); i++ {
		switch c := h[i]; {
		case c == '\\' && i+1 < len(h):
			i++
			b.WriteByte(h[i])
		case c == '"':
			return b.String(), h[i+1:]
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}
