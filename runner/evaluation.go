package runner

import (
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// evaluation evaluates the fields of a connection, and collects what is missing, so that all of it is told at once.
type evaluation struct {
	scope    *scope
	problems diag.List
}

// text is a field's value; "" where it cannot be had.
func (e *evaluation) text(t *spec.Template) string {
	v, problem := t.Str(e.scope)
	if problem != nil {
		e.problems.Add(*problem)
	}
	return v
}

// secret is the value of a field that takes a secret, of which the streams are told to hide it.
func (e *evaluation) secret(t *spec.Template) expr.Secret {
	v := e.text(t)
	e.scope.r.Secret(v)
	return expr.NewSecret(v)
}
