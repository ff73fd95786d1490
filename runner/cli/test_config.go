package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// readSealed reads the configuration with a test's variables. The environment gives it none, so that a test says the same
// wherever it is run.
func (p *program) readSealed(s *suite, vars []string) (*configuration, error) {
	var args []string
	if s.path != "" {
		args = []string{s.path}
	}
	return p.read(args, variableFlags{vars: vars, sealed: true})
}

// config loads the configuration as a test has it, within the operator's policy: a definition that asks for more does not
// pass its tests either, though nothing of it is asked there.
func (p *program) config(s *suite, test *spec.Test) (*configuration, error) {
	key := strings.Join(test.Vars, "\n")
	if c := s.configs[key]; c != nil {
		return c, nil
	}
	c, err := p.readSealed(s, test.Vars)
	if err != nil {
		return nil, err
	}
	if c.warnings.HasErrors() {
		return nil, p.shown(inTest(c.warnings, test), s.with(c))
	}
	if c.policy, err = p.policy(); err != nil {
		return nil, err
	}
	if beyond := c.Check(c.policy); beyond.HasErrors() {
		return nil, p.shown(beyond, s.with(c))
	}
	s.configs[key] = c
	return c, nil
}

// inTest says of values what a test can do about them, at their place in it: to the language they came by --var.
func inTest(l diag.List, test *spec.Test) diag.List {
	out := slices.Clone(l)
	for i, d := range out {
		option, _ := strings.CutPrefix(d.Subject.File, "--var ")
		name, _, _ := strings.Cut(option, "=")
		if at, ok := test.VarsAt[name]; ok {
			out[i].Subject, out[i].Context = at, fmt.Sprintf("test %q > vars", test.Name)
		}
		if d.Code == "missing-variable" {
			out[i].Detail = fmt.Sprintf("It has no default, and the test %q gives it no value. Give one among the test's vars, or a default here.", test.Name)
		}
	}
	return out
}
