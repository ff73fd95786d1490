package runner

import (
	"context"
	"fmt"
	"sync"

	"github.com/reportform/reportform/runner/state"
)

// claiming is how many reports are claimed beyond those that are built: a claim may cost a push over the network, and
// several at once cost one.
const claiming = 4

// claim takes what is due for this run, where runs share the work. What another run holds or has settled meanwhile is
// no longer due here. What a run has given back before is claimed as late as it is delivered: whatever keeps it from
// that would leave two records at each run.
func (in *instance) claim(ctx context.Context) error {
	for in.options.Claim {
		var wanted []*Change
		for _, c := range in.changes {
			if c.Due() && c.claim == nil && !c.returned {
				wanted = append(wanted, c)
			}
		}
		if len(wanted) == 0 {
			break
		}
		statuses, errs := make([]state.Status, len(wanted)), make([]error, len(wanted))
		var running sync.WaitGroup
		for i, c := range wanted {
			running.Go(func() {
				c.claim, statuses[i], errs[i] = in.claimer.Try(ctx, c.Key, c.Rehearsal, func(s state.Status) bool { return s.Seq == c.seen })
			})
		}
		running.Wait()
		for i, c := range wanted {
			switch {
			case errs[i] != nil:
				return fmt.Errorf("%s: %w", c.Key, errs[i])
			case c.claim != nil:
			case statuses[i].Held(in.r.Clock(), in.r.ID):
				c.under = c.Key
				c.held(statuses[i], in.r.Clock())
			default:
				if err := in.consult(ctx, c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
