package runner

import (
	"errors"
	"fmt"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

func TestUnshownFiguresHaveAPlace(t *testing.T) {
	line := func(n int) diag.Range { return diag.Range{File: "r.yaml", Start: diag.Pos{Line: n}} }
	rep := &spec.Report{Address: "weekly", Range: line(3), Datasets: []*spec.Dataset{{Name: "a", Range: line(7)}, {Name: "b", Range: line(9)}}}
	fault := &table.Fault{Code: "overflow", Summary: "Figure is too large", Detail: "The sum passes."}
	for _, c := range []struct {
		err  error
		line int
	}{
		{fmt.Errorf("render: %w", &outputs.TableError{Dataset: "b", Err: fault}), 9},
		{fmt.Errorf("render: %w", fault), 3},
	} {
		if d := Unshown(rep, c.err); d == nil || d.Code != "overflow" || d.Subject.Start.Line != c.line {
			t.Errorf("%v: %+v", c.err, d)
		}
	}
	if d := Unshown(rep, errors.New("disk is full")); d != nil {
		t.Errorf("a full disk is told as %+v", d)
	}
}
