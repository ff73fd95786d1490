package state

import (
	"context"
	"errors"
)

// Batcher is a Store that adds several records for the price of one.
type Batcher interface {
	// AppendAll adds records as Append does, at once and in their order: who sees one of them sees those before it.
	// It returns an error for each.
	AppendAll(ctx context.Context, all []Addition) []error
}

// Addition is a record to be added.
type Addition struct {
	Key    Key
	Seq    int
	Record Record
}

// IntendNext records the outcome of one delivery and what is about to be handed over in the next, at once where the store
// can. Each is as if it were recorded by itself: see [Claim.Finish] and [Claim.Intend].
func IntendNext(ctx context.Context, done *Claim, outcome Record, next *Claim, intent Record) (finished, intended error) {
	batcher, ok := next.c.Store.(Batcher)
	if !ok {
		if err := done.Finish(ctx, outcome); err != nil {
			return err, nil
		}
		return nil, next.Intend(ctx, intent)
	}
	done.Close()
	next.mu.Lock()
	defer next.mu.Unlock()
	if err := next.fence(); err != nil {
		return done.Finish(ctx, outcome), err
	}
	intent.Kind = Intended
	errs := batcher.AppendAll(ctx, []Addition{done.addition(outcome), next.addition(intent)})
	finished, intended = done.added(errs[0]), next.added(errs[1])
	if errors.Is(finished, ErrLost) {
		finished = done.Finish(ctx, outcome)
	}
	return finished, intended
}
