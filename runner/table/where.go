package table

import (
	"context"
	"fmt"

	"github.com/reportform/reportform/spec/expr"
)

// Where keeps the rows for which a condition is true. A row for which it is missing is dropped, as in SQL.
type Where struct {
	Cond  *expr.Expr
	Outer Outer
}

// Fields implements Step.
func (w Where) Fields(in []Field, open bool) ([]Field, error) {
	t, f := w.Cond.Check(w.Outer.over(Names(in, open)))
	if f != nil {
		return nil, &Fault{Expr: f}
	}
	if t != expr.Boolean && t != expr.Any {
		return nil, notCondition(t)
	}
	return in, nil
}

func notCondition(t expr.Type) *Fault {
	return &Fault{
		Code: "wrong-type", Summary: "Wrong type",
		Detail: fmt.Sprintf("where needs a condition that is true or false; this one is of type %s.", expr.TypeName(t)),
	}
}

func (w Where) bind(_ Spool, env expr.Env) Step {
	w.Outer.Env = env
	return w
}

// Apply implements Step.
func (w Where) Apply(ctx context.Context, in Rows) Rows {
	if _, err := w.Fields(in.Fields, false); err != nil {
		return failed(err)
	}
	env := &row{fields: in.Fields, names: positions(in.Fields), outer: w.Outer}
	return mapped(ctx, in, in.Fields, func(b *Batch) (*Batch, error) {
		env.cols = b.Cols
		keep := make([]int32, 0, b.N)
		for env.i = 0; env.i < b.N; env.i++ {
			v, err := w.Cond.Eval(env)
			if err != nil {
				return nil, fault("", err)
			}
			if v.Valid && v.Type != expr.Boolean {
				return nil, notCondition(v.Type)
			}
			if v.IsTrue() {
				keep = append(keep, int32(env.i))
			}
		}
		switch len(keep) {
		case 0:
			return nil, nil
		case b.N:
			return b, nil
		default:
			return b.gather(keep), nil
		}
	})
}
