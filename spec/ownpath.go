package spec

import (
	"fmt"
	"strings"
)

// ownPaths checks that no two instances, parts or destinations write one path.
func (d *decoder) ownPaths(t *Template, r *Report) {
	switch {
	case r.each.given && !t.refersTo("each"):
		d.fault(t.Range, "path-without-each", "One path for every instance",
			"Each instance of \"for_each\" writes its own file, and would find another's at this path. Put the key into the path, such as:\n\n    %s", t.with("each.key"))
		return
	case r.Split != nil && !t.refersTo("split"):
		d.fault(t.Range, "path-without-split", "One path for every part",
			"Each part of the split writes its own file, and would find another's at this path. Put the key into the path, such as:\n\n    %s", t.with("split.key"))
		return
	}
	own := map[string]*Each{}
	for _, env := range d.environments(r) {
		path := t.known(env)
		if other, twice := own[path]; twice {
			d.fault(t.Range, "same-path", "Two destinations write one file",
				"The instances %s and %s write the same path, and each would find the other's file there. Put the key into the path, such as:\n\n    %s", r.instanceAddress(other), r.instanceAddress(env.each), t.with("each.key"))
			return
		}
		own[path] = env.each
		if d.once(path, t.Range, d.paths, "same-path", "Two destinations write one file",
			"Another destination writes the same path, and each would find the other's file there. Give one of them another name.") {
			return
		}
	}
}

// known is a template's text with all that is known while loading put in, so that the same path is recognised. What an
// instance makes of its key with what is not known yet is that instance's own.
func (t *Template) known(env loadEnv) string {
	var out strings.Builder
	for _, s := range t.segments {
		if s.Expr == nil {
			out.WriteString(s.Text)
		} else if v, err := s.Expr.Eval(env); err == nil {
			out.WriteString(t.text(v))
		} else {
			out.WriteString("${" + s.Expr.Text() + "}")
			if env.each != nil && refersTo(s.Expr, "each") {
				fmt.Fprintf(&out, "[%q]", env.each.Key)
			}
		}
	}
	return out.String()
}
