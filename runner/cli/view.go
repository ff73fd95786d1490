package cli

import (
	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec/diag"
)

// view shows what happens. Text and JSON are two views of the same events.
type view interface {
	runner.Observer
	// start opens the view for a command.
	start(command string)
	// diagnostics shows what is wrong with the user's files or data, all at once.
	diagnostics(l diag.List, files diag.Files)
	// failure shows an error of our surroundings.
	failure(err error)
	// object shows a command's own result, which is text already where people read it.
	object(kind string, v any)
	close()
}

// both shows everything twice: for --json-into.
type both struct{ a, b view }

func (v both) Observe(e runner.Event)    { v.a.Observe(e); v.b.Observe(e) }
func (v both) start(command string)      { v.a.start(command); v.b.start(command) }
func (v both) failure(err error)         { v.a.failure(err); v.b.failure(err) }
func (v both) object(kind string, o any) { v.a.object(kind, o); v.b.object(kind, o) }
func (v both) close()                    { v.a.close(); v.b.close() }
func (v both) diagnostics(l diag.List, files diag.Files) {
	v.a.diagnostics(l, files)
	v.b.diagnostics(l, files)
}
