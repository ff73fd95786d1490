package spec

import (
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/schemacheck"
	"github.com/reportform/reportform/spec/tree"
)

// secretWords are what keys of secrets are called, without what joins words; headerWords what headers with credentials are called beside that.
var (
	secretWords = []string{"password", "passwd", "passphrase", "token", "secret", "bearer", "apikey", "credential"}
	headerWords = []string{"auth", "key", "session", "signature", "cookie"}
)

// namesSecret reports whether a name holds one of the words.
func namesSecret(name string, words []string) bool {
	name = bare(name)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
}

// isNearSecret reports whether a name may be a mistyped key of a secret.
func isNearSecret(name string) bool {
	return namesSecret(name, secretWords) || diag.Nearest(name, secretWords) != ""
}

// bare is a name without what joins its words.
func bare(name string) string {
	return joints.Replace(strings.ToLower(name))
}

var joints = strings.NewReplacer("-", "", "_", "", " ", "")

// countsSecrets tells `message_token_count: 3`: the number of a name that goes on behind the word is no secret.
func countsSecrets(e tree.Entry) bool {
	if e.Value.Kind != tree.Int && e.Value.Kind != tree.Float {
		return e.Value.Kind == tree.Bool
	}
	return namesSecret(e.Key, secretWords) && !slices.ContainsFunc(secretWords, func(word string) bool { return strings.HasSuffix(bare(e.Key), word) })
}

// veil hides the secrets of a file that could be read: what the schema marks as secret, and what has the name of one or
// nearly so. within says that all keys of the map are of secrets.
func (d *decoder) veil(n *tree.Node, s *schemacheck.Shape, within bool) {
	if n == nil {
		return
	}
	if s == nil {
		s = &schemacheck.Shape{}
	}
	if t := n.Get("type"); t != nil && s.ByType[t.Text] != nil {
		s = s.ByType[t.Text]
	}
	for _, item := range n.Items {
		d.veil(item, s.Items, within)
	}
	for _, e := range append(slices.Clip(n.Entries), n.Repeated...) {
		d.veilEntry(e, s, within)
	}
}

func (d *decoder) veilEntry(e tree.Entry, s *schemacheck.Shape, within bool) {
	inner, known := s.Properties[e.Key]
	named := s.Others != nil && !known
	container := e.Value.Kind == tree.Map || e.Value.Kind == tree.List
	switch {
	case known && inner != nil && inner.Secret:
		d.hideValue(e)
	case known && e.Key == "headers":
		for _, h := range e.Value.All() {
			if isCredential(h.Key) {
				d.hideValue(h)
			}
		}
	case known && e.Key == "auth":
		if !container && diag.Nearest(e.Value.Text, inner.Words) == "" {
			d.hideValue(e)
		}
		d.veil(e.Value, inner, true)
	case known:
		d.veil(e.Value, inner, within)
	case named && container:
		// A variable, parameter or connection may be called so.
		if value := e.Value.Get("default"); value != nil && namesSecret(e.Key, secretWords) {
			d.hide(value.At)
		}
		d.veil(e.Value, s.Others, false)
	case named:
		if namesSecret(e.Key, secretWords) && !countsSecrets(e) {
			d.hideValue(e)
		}
	default:
		if i := strings.IndexAny(e.Key, ":="); i > 0 && isNearSecret(e.Key[:i]) {
			d.hide(e.KeyAt) // password:hunter2, within {}
		}
		if within || isNearSecret(e.Key) && !countsSecrets(e) {
			d.hideValue(e)
		}
		d.veil(e.Value, nil, within)
	}
}

// veilVariables hides what the declarations of secret variables say beside their kind.
func (d *decoder) veilVariables(declared *tree.Node) {
	for _, v := range declared.All() {
		if secret, _ := v.Value.Get("secret").Boolean(); !secret {
			continue
		}
		for _, e := range v.Value.Entries {
			if !slices.Contains([]string{"type", "secret", "description", "pattern"}, e.Key) {
				d.hideValue(e)
			}
		}
	}
}

var (
	lineKey = regexp.MustCompile(`([A-Za-z_][\w-]*)["']?(?:[ \t]*:(?:[ \t]|$)|[:=])[ \t]*`)
	wordKey = regexp.MustCompile(`^[ \t]*(?:- )?["']?([A-Za-z_][\w-]*)["']?[ \t]+`)
	// outside finds a value that is given from outside: nothing of the value is literal.
	outside = regexp.MustCompile(`^["']?\$\{\s*(?:env|var)\.\w+\s*\}["']?\s*(?:[,}#]|$)`)
	ownKey  = regexp.MustCompile(`^\s*(?:- )?["']?[A-Za-z_][\w.-]*["']?\s*:(?:\s|$)`)
)

// veilLines hides what stands behind the names of secrets in a file that could not be read, to the end of the line and on
// the lines indented below it. isSecret judges a name; unnamed says that text before the first key is hidden too.
func (d *decoder) veilLines(name string, unnamed bool, isSecret func(key string) bool) {
	goesOn, under := unnamed, -1
	for i, line := range strings.Split(string(d.config.Files[name]), "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		if indent == len(line) {
			continue
		}
		from := 0
		if !goesOn || indent <= under || ownKey.MatchString(line) {
			from = valueStart(line, isSecret)
			goesOn, under = from >= 0 && !outside.MatchString(line[from:]), indent
		}
		if goesOn {
			d.hide(diag.Range{File: name, Start: diag.Pos{Line: i + 1, Column: runes(line[:from]) + 1}, End: diag.Pos{Line: i + 1, Column: runes(line) + 1}})
		}
	}
}

// valueStart is where the value of a line's first secret key begins; below 0 where there is none.
func valueStart(line string, isSecret func(key string) bool) int {
	for _, at := range append(lineKey.FindAllStringSubmatchIndex(line, -1), wordKey.FindAllStringSubmatchIndex(line, -1)...) {
		if isSecret(line[at[2]:at[3]]) {
			return at[1]
		}
	}
	return -1
}

// isCredential tells headers that carry a secret, which must not be written literally.
func isCredential(header string) bool {
	return namesSecret(header, secretWords) || namesSecret(header, headerWords)
}
