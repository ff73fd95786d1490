package spec

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// requested decodes what every request to a source is like, beside its parameters.
func (d *decoder) requested(n *tree.Node, s *Source) {
	if m := n.Get("method"); m != nil {
		s.Post = d.text(m) == "POST"
		if s.Post && !d.flag(n.Get("safe"), false) {
			d.fault(m.At, "unsafe-method", "Method may change something", "A POST can change what it is sent to, and requests are repeated: after an error, and for each plan. "+
				"Where this one only reads, say so beside it:\n\n    safe: true")
		}
	}
	if q := n.Get("query"); q != nil {
		s.Query = d.fixed(q)
		for _, e := range q.Entries {
			d.open(e)
		}
	}
	if h := n.Get("headers"); h != nil {
		s.Headers = d.fixed(h)
		for _, e := range h.Entries {
			if isCredential(e.Key) {
				d.literalCredential(e)
			}
		}
	}
	if b := n.Get("body"); b != nil {
		if !s.Post {
			d.fault(b.At, "body-of-get", "GET has no body", "Only a POST is sent with a body. Say\n\n    method: POST\n    safe: true\n\nor send these values as query.")
		}
		// A node holds nothing that JSON cannot say.
		s.Body, _ = json.Marshal(d.plain(b))
	}
	for _, p := range n.Get("parameters").All() {
		if in := p.Value.Get("in"); in != nil && d.text(in) == "body" && !s.Post {
			d.fault(in.At, "body-of-get", "GET has no body", "Only a POST is sent with a body. Say method: POST and safe: true of the source, or leave out in: body.")
		}
	}
}

// fixed decodes names with one value or several.
func (d *decoder) fixed(n *tree.Node) []Fixed {
	var out []Fixed
	for _, e := range n.All() {
		out = append(out, Fixed{e.Key, d.texts(e.Value)})
	}
	return out
}

// open refuses a name that carries a credential: what stands in a source is shown and kept.
func (d *decoder) open(e tree.Entry) {
	if namesSecret(e.Key, secretWords) && !countsSecrets(e) || bare(e.Key) == "key" {
		d.literalCredential(e)
	}
}

func (d *decoder) literalCredential(e tree.Entry) {
	d.hideValue(e)
	d.fault(e.KeyAt, "literal-secret", "Secret written literally", "%q looks like a credential, and what stands in a source is shown. Say it by the auth or the headers of the connection, with a value from outside:\n\n    headers: {%s: \"${env.%s_TOKEN}\"}", e.Key, e.Key, environmentName(d.path[1]))
}

// plain is a value as encoding/json takes it.
func (d *decoder) plain(n *tree.Node) any {
	switch n.Kind {
	case tree.Map:
		out := make(map[string]any, len(n.Entries))
		for _, e := range n.Entries {
			d.open(e)
			out[e.Key] = d.plain(e.Value)
		}
		return out
	case tree.List:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = d.plain(item)
		}
		return out
	case tree.String:
		return d.text(n)
	default:
		return n.JSON()
	}
}

var pathParameter = regexp.MustCompile(`\{([^{}]*)\}`)

// inPath sees to it that what stands in braces in a path has a value: a parameter of the source, or what its range or
// grain sets.
func (d *decoder) inPath(n *tree.Node, s *Source) {
	for _, at := range pathParameter.FindAllStringSubmatchIndex(s.Path, -1) {
		name := s.Path[at[2]:at[3]]
		i := slices.IndexFunc(s.Parameters, func(p *Parameter) bool { return p.Name == name })
		if i >= 0 {
			required := *s.Parameters[i]
			required.Required = true
			s.Parameters[i] = &required
			continue
		}
		if s.provides(name) != "" || n == nil {
			continue
		}
		var known []string
		for _, p := range s.Parameters {
			known = append(known, p.Name)
		}
		d.fault(placeIn(n, "{"+name+"}"), "unknown-parameter", "Unknown parameter", "The path has {%s}, and the source has no parameter of that name.%s", name, suggest(name, known))
	}
}

// placeIn is where a text stands in a value, as exactly as it is known.
func placeIn(n *tree.Node, text string) diag.Range {
	if before, _, found := strings.Cut(n.Text, text); found {
		return n.Span(runes(before), runes(text))
	}
	return n.At
}
