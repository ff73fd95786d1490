// Package storetest is the contract that every state.Store passes.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/state"
)

// Run checks a store. open makes an empty place; what it returns opens that place, each time as another runner would.
func Run(t *testing.T, open func(t *testing.T) func() state.Store) {
	t.Helper()
	key := state.Key{Project: "Żółw", Address: `weekly["Łódź / north"].leads`, Range: "2026-11-21T08:00+01:00..2026-11-21T09:00+01:00"}
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	record := func(kind state.Kind) state.Record {
		return state.Record{Version: 1, Kind: kind, At: at, By: "me", Recipients: []string{"a", "b"}, Replies: []state.Reply{{Accepted: true, Text: "250 ok"}}}
	}

	root := state.NewRoot(at, func(b []byte) { copy(b, "0123456789abcdef0123456789abcdef") })
	// started is open with a root: nobody adds records before there is one.
	started := func(t *testing.T) func() state.Store {
		t.Helper()
		place := open(t)
		if err := place().Init(t.Context(), root); err != nil {
			t.Fatal(err)
		}
		return place
	}

	t.Run("root is made once", func(t *testing.T) {
		ctx, place := t.Context(), open(t)
		if _, err := place().Root(ctx); !errors.Is(err, state.ErrNoRoot) {
			t.Fatalf("root of an empty place: %v, want ErrNoRoot", err)
		}
		if err := place().Init(ctx, root); err != nil {
			t.Fatal(err)
		}
		if err := place().Init(ctx, state.NewRoot(at, func([]byte) {})); !errors.Is(err, state.ErrTaken) {
			t.Fatalf("second root: %v, want ErrTaken", err)
		}
		if got, err := place().Root(ctx); err != nil || got != root {
			t.Fatalf("root %+v, %v; want %+v", got, err, root)
		}
	})

	t.Run("a root that was lost is not made anew", func(t *testing.T) {
		ctx, place := t.Context(), open(t)
		if err := place().Append(ctx, key, 1, record(state.Claimed)); errors.Is(err, state.ErrNoRoot) {
			return // there can be no records without a root
		} else if err != nil {
			t.Fatal(err)
		}
		var damaged *state.DamagedError
		if _, err := place().Root(ctx); !errors.As(err, &damaged) {
			t.Errorf("root: %v, want a damaged one", err)
		}
		if err := place().Init(ctx, root); !errors.As(err, &damaged) {
			t.Errorf("a new root: %v, want a damaged one", err)
		}
	})

	t.Run("records come back whole and in order", func(t *testing.T) {
		ctx, place := t.Context(), started(t)
		kinds := []state.Kind{state.Claimed, state.Intended, state.Failed, state.Claimed, state.Intended, state.Delivered}
		kinds = append(kinds, kinds...) // past nine, so that names sort as numbers
		for i, kind := range kinds {
			if err := place().Append(ctx, key, i+1, record(kind)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := place().Records(ctx, key)
		if err != nil || len(got) != len(kinds) {
			t.Fatalf("%d records, %v; want %d", len(got), err, len(kinds))
		}
		for i, r := range got {
			if fmt.Sprint(r) != fmt.Sprint(record(kinds[i])) {
				t.Errorf("record %d: %+v, want %+v", i+1, r, record(kinds[i]))
			}
		}
	})

	t.Run("a number is taken once, whoever asks", func(t *testing.T) {
		ctx, place := t.Context(), started(t)
		const runners = 16
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range runners {
			wg.Go(func() {
				r := record(state.Claimed)
				r.By = fmt.Sprint(i)
				switch err := place().Append(ctx, key, 1, r); {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, state.ErrTaken):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d of %d runners got record 1, want one", won.Load(), runners)
		}
	})

	t.Run("a record stands, even against the same one", func(t *testing.T) {
		ctx, place := t.Context(), started(t)
		s := place()
		if err := s.Append(ctx, key, 1, record(state.Claimed)); err != nil {
			t.Fatal(err)
		}
		for _, again := range []state.Store{s, place()} {
			if err := again.Append(ctx, key, 1, record(state.Claimed)); !errors.Is(err, state.ErrTaken) {
				t.Errorf("the same record again: %v, want ErrTaken", err)
			}
			if err := again.Append(ctx, key, 1, record(state.Delivered)); !errors.Is(err, state.ErrTaken) {
				t.Errorf("another record of that number: %v, want ErrTaken", err)
			}
		}
		if got, err := place().Records(ctx, key); err != nil || len(got) != 1 || got[0].Kind != state.Claimed {
			t.Errorf("records %+v, %v; want the first alone", got, err)
		}
	})

	t.Run("who waits for a runner sees what it did", func(t *testing.T) {
		ctx, place := t.Context(), started(t)
		due := func(s state.Status) bool { return s.Kind != state.Delivered }
		claimer := func(by string, sleep func(context.Context, time.Duration) error) *state.Claimer {
			return &state.Claimer{Store: place(), By: by, Now: func() time.Time { return at }, Sleep: sleep}
		}
		never := func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() } // no renewal in this short time
		claim, _, err := claimer("one", never).Acquire(ctx, key, false, due)
		if err != nil || claim == nil {
			t.Fatalf("claim %v, %v", claim, err)
		}
		waits := 0
		second, s, err := claimer("two", func(ctx context.Context, _ time.Duration) error {
			if waits++; waits == 1 {
				return claim.Finish(ctx, state.Record{Kind: state.Delivered})
			}
			return errors.New("it waits though the delivery is done")
		}).Acquire(ctx, key, false, due)
		if err != nil || second != nil || s.Kind != state.Delivered || waits != 1 {
			t.Errorf("claim %v, kind %q, %d waits, %v; want none, delivered, one wait", second, s.Kind, waits, err)
		}
	})

	t.Run("what is released is free at once, and what is held is not waited for", func(t *testing.T) {
		ctx, place := t.Context(), started(t)
		due := func(state.Status) bool { return true }
		claimer := func(by string) *state.Claimer {
			return &state.Claimer{Store: place(), By: by, Now: func() time.Time { return at },
				// No renewal in this short time.
				Sleep: func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() },
				Wait:  func(context.Context, time.Duration) error { return errors.New("it waits") },
			}
		}
		claim, _, err := claimer("one").Acquire(ctx, key, false, due)
		if err != nil || claim == nil {
			t.Fatalf("claim %v, %v", claim, err)
		}
		if none, s, err := claimer("two").Try(ctx, key, false, due); err != nil || none != nil || !s.Held(at, "two") {
			t.Errorf("claim %v, held %v, %v; want none, held", none, s.Held(at, "two"), err)
		}
		if err := claim.Release(ctx); err != nil {
			t.Fatal(err)
		}
		second, s, err := claimer("two").Acquire(ctx, key, false, due)
		if err != nil || second == nil || s.Claim != nil {
			t.Fatalf("claim %v of a key that was released (%+v): %v", second, s.Claim, err)
		}
		if err := second.Release(ctx); err != nil {
			t.Fatal(err)
		}
	})

	t.Run("keys are listed by project and prefix", func(t *testing.T) {
		ctx, place := t.Context(), started(t)
		mine := []state.Key{
			{Project: "p", Address: "a.file", Range: "2026-11-14"},
			{Project: "p", Address: "a.file", Range: "2026-11-21"},
			{Project: "p", Address: "b.leads", Range: "2026-11-21"},
		}
		for _, k := range append(slices.Clone(mine), key) {
			if err := place().Append(ctx, k, 1, record(state.Claimed)); err != nil {
				t.Fatal(err)
			}
		}
		check := func(project, prefix string, want ...state.Key) {
			t.Helper()
			got, err := place().Keys(ctx, project, prefix)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("keys of %q with %q: %v, %v; want %v", project, prefix, got, err, want)
			}
		}
		check("p", "", mine...)
		check("p", "a.", mine[:2]...)
		check(key.Project, "weekly[", key)
		check("other", "")
		if got, err := place().Records(context.Background(), state.Key{Project: "p", Address: "a", Range: "2026-11-21"}); err != nil || len(got) > 0 {
			t.Errorf("records of an unknown key: %v, %v", got, err)
		}
	})
}
