package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// diagnostics is the page of all that the program says of a user's files and data. It is read out of the program's own text, so
// that none is forgotten: a code stands beside its summary wherever a diagnostic is made.
func diagnostics() (string, error) {
	s := &scan{found: map[string]*kind{}, codes: map[string]string{}, constants: map[string]string{}}
	var files []*ast.File
	for _, dir := range []string{"../spec", "../runner", "../outputs"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			files = append(files, file)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	// Codes and texts that have a name first: they are used in other files than their own.
	for _, each := range []func(ast.Node) bool{s.constant, s.named, s.used} {
		for _, file := range files {
			ast.Inspect(file, each)
		}
	}
	return s.page(), nil
}

// kind is a code with the summaries and details that are said under it.
type kind struct{ summaries, details []string }

type scan struct {
	found map[string]*kind
	// codes are the codes of spec/expr by the names of their variables.
	codes map[string]string
	// constants are texts by the names of their constants; "" where two are of one name.
	constants map[string]string
}

func (s *scan) page() string {
	var out strings.Builder
	out.WriteString(made + "# Diagnostics\n\nWhat the program says of definitions and data, by code. The code stands in `--compact` and `--json`; " +
		"the text says what is wrong and what helps, at the place in the file. `…` stands for what it is about.\n")
	for _, code := range slices.Sorted(maps.Keys(s.found)) {
		k := s.found[code]
		fmt.Fprintf(&out, "\n## %s\n\n%s.\n", code, strings.Join(k.summaries, "; "))
		for _, d := range k.details {
			fmt.Fprintf(&out, "\n- %s\n", item(d))
		}
	}
	return out.String()
}

func (s *scan) add(code, summary string, detail ast.Expr) {
	k := s.found[code]
	if k == nil {
		k = &kind{}
		s.found[code] = k
	}
	if summary != "" && !slices.Contains(k.summaries, summary) {
		k.summaries = append(k.summaries, summary)
	}
	if text := s.readable(detail); text != "" && !slices.Contains(k.details, text) {
		k.details = append(k.details, text)
	}
}

// constant finds constants that are texts.
func (s *scan) constant(n ast.Node) bool {
	group, ok := n.(*ast.GenDecl)
	if !ok || group.Tok != token.CONST {
		return true
	}
	for _, each := range group.Specs {
		spec := each.(*ast.ValueSpec)
		for i, v := range spec.Values {
			name, text := spec.Names[i].Name, s.text(v)
			if known, taken := s.constants[name]; taken && known != text {
				text = ""
			}
			s.constants[name] = text
		}
	}
	return true
}

// named finds variables such as: unknownName = code{"unknown-name", "Unknown name"}.
func (s *scan) named(n ast.Node) bool {
	spec, ok := n.(*ast.ValueSpec)
	if !ok {
		return true
	}
	for i, v := range spec.Values {
		lit, ok := v.(*ast.CompositeLit)
		if !ok || len(lit.Elts) != 2 {
			continue
		}
		if code, summary, ok := s.pair(lit.Elts); ok {
			s.codes[spec.Names[i].Name] = code
			s.add(code, summary, nil)
		}
	}
	return true
}

// used finds a code and its summary side by side: as arguments, as results, as fields, as a row of a table.
func (s *scan) used(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		s.row(n.Args)
		for i, a := range n.Args {
			if name, ok := a.(*ast.Ident); ok && s.codes[name.Name] != "" && i+1 < len(n.Args) {
				s.add(s.codes[name.Name], "", n.Args[i+1])
			}
		}
	case *ast.ReturnStmt:
		s.row(n.Results)
	case *ast.CompositeLit:
		fields := map[string]ast.Expr{}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if key, ok := kv.Key.(*ast.Ident); ok {
					fields[key.Name] = kv.Value
				}
			}
		}
		if code, summary, ok := s.pair([]ast.Expr{fields["Code"], fields["Summary"]}); ok {
			s.add(code, summary, fields["Detail"])
		}
		if code, _, ok := s.pair(n.Elts); ok && strings.Contains(code, "-") {
			s.row(n.Elts) // of a table, whose fields have no names; a word alone may be anything there
		}
	}
	return true
}

func (s *scan) row(list []ast.Expr) {
	for i := range max(0, len(list)-1) {
		code, summary, ok := s.pair(list[i:])
		if !ok {
			continue
		}
		var detail ast.Expr
		if i+2 < len(list) {
			detail = list[i+2]
			if f := s.text(detail); f == "%s" && i+3 < len(list) {
				detail = list[i+3]
			}
		}
		s.add(code, summary, detail)
	}
}

var (
	codePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	// A summary is a sentence's beginning, without its end.
	summaryPattern = regexp.MustCompile(`^[A-Z][^\n]*[^.\n]$`)
	verbs          = regexp.MustCompile(`%%|%[+#]?(\[[0-9]+\])?[a-z]`)
)

// pair reports whether a list of expressions begins with a code and a summary.
func (s *scan) pair(list []ast.Expr) (code, summary string, ok bool) {
	if len(list) < 2 {
		return "", "", false
	}
	code, summary = s.text(list[0]), s.text(list[1])
	return code, summary, codePattern.MatchString(code) && len(code) > 3 && summaryPattern.MatchString(summary)
}

// text is the value of a literal, of a constant, of several that are joined, or of the format of a call of fmt.Sprintf; "" for
// anything else.
func (s *scan) text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ := strconv.Unquote(e.Value)
			return text
		}
	case *ast.Ident:
		return s.constants[e.Name]
	case *ast.BinaryExpr:
		return s.text(e.X) + s.text(e.Y)
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" && len(e.Args) > 0 {
			return s.text(e.Args[0])
		}
	}
	return ""
}

// readable is a detail with … for what is put into it.
func (s *scan) readable(e ast.Expr) string {
	text := verbs.ReplaceAllStringFunc(s.template(e), func(verb string) string {
		if verb == "%%" {
			return "%"
		}
		return "…"
	})
	text = strings.TrimSpace(hint.ReplaceAllString(several.ReplaceAllString(text, "…"), "$1$2"))
	if !words.MatchString(text) {
		return ""
	}
	return text
}

var (
	// words are what a detail has, beside what is put into it.
	words = regexp.MustCompile(`[a-z]+ [a-z]+`)
	// several are things that are put in one behind the other.
	several = regexp.MustCompile(`…(\s*…)+`)
	// hint is a sentence that follows another one now and then, all of it put in.
	hint = regexp.MustCompile(`([.!?]) ?…( |$)`)
)

// template is text with … for the parts of it that are no literals.
func (s *scan) template(e ast.Expr) string {
	if sum, ok := e.(*ast.BinaryExpr); ok {
		return s.template(sum.X) + s.template(sum.Y)
	}
	if text := s.text(e); text != "" || e == nil {
		return text
	}
	return "…"
}

// item is a detail as an item of a list, whose indented lines are code.
func item(detail string) string {
	lines := strings.Split(detail, "\n")
	indent := func(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
	least := 0
	for _, line := range lines {
		if n := indent(line); n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	var out strings.Builder
	for i, line := range lines {
		switch code := indent(line) > 0; {
		case strings.TrimSpace(line) == "":
			line = ""
		case code && lines[i-1] != "" && indent(lines[i-1]) == 0:
			line = "\n" + strings.Repeat(" ", max(6-least, 0)) + line // code stands behind an empty line
		case code:
			line = strings.Repeat(" ", max(6-least, 0)) + line
		case i > 0:
			line = "  " + strings.ReplaceAll(line, "<", "\\<")
		default:
			line = strings.ReplaceAll(line, "<", "\\<")
		}
		out.WriteString(line + "\n")
	}
	return strings.TrimRight(out.String(), "\n")
}
