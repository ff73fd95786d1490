package source

import (
	"context"
	"iter"
	"sync"
)

// inOrder gets what stands at the indices from one up to but without another, and yields it in their order while up to
// most are being got. Whoever stops early stops those, too.
func inOrder[T any](ctx context.Context, from, until, most int, get func(ctx context.Context, index int) (T, error)) iter.Seq2[T, error] {
	type result struct {
		got T
		err error
	}
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		var queue []chan result
		for next := from; next < until || len(queue) > 0; {
			for ; next < until && len(queue) < most; next++ {
				c, index := make(chan result, 1), next
				queue = append(queue, c)
				running.Go(func() {
					got, err := get(ctx, index)
					c <- result{got, err}
				})
			}
			r := <-queue[0]
			queue = queue[1:]
			if !yield(r.got, r.err) {
				return
			}
		}
	}
}
