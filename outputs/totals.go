package outputs

import (
	"context"
	"fmt"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// Totals adds a table up by rules, which are its fields, some perhaps with a total of the block's own. Then the same rows
// are collected under those rules, so that one place alone knows how columns add up.
func Totals(ctx context.Context, t *table.Table, rules []table.Field, spool table.Spool) ([]expr.Value, error) {
	for i, f := range t.Fields() {
		if f.Total == rules[i].Total {
			continue
		}
		again, err := table.Collect(ctx, table.Rows{Fields: rules, Seq: t.Rows().Seq}, spool)
		if err != nil {
			return nil, fmt.Errorf("compute totals: %w", err)
		}
		defer func() { _ = again.Close() }()
		t = again
		break
	}
	totals, err := t.Totals()
	if err != nil {
		return nil, fmt.Errorf("compute totals: %w", err)
	}
	return totals, nil
}
