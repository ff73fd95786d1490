package state_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/reportform/reportform/runner/state"
)

func claimer(s state.Store, by string) *state.Claimer {
	return &state.Claimer{Store: s, By: by, Now: time.Now}
}

func notDelivered(s state.Status) bool { return s.Kind != state.Delivered && s.Kind != state.InDoubt }

// Many runs want the same key: one delivers, the others wait and find it done.
func TestClaimOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := state.OpenFile(t.TempDir())
		var delivered atomic.Int32
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				claim, s, err := claimer(store, string(rune('a'+i))).Acquire(t.Context(), key, false, notDelivered)
				switch {
				case err != nil:
					t.Error(err)
				case claim == nil:
					if s.Kind != state.Delivered {
						t.Errorf("kind %q for who came late, want delivered", s.Kind)
					}
				default:
					if err := claim.Intend(t.Context(), state.Record{}); err != nil {
						t.Error(err)
					}
					delivered.Add(1)
					time.Sleep(5 * time.Minute) // longer than a claim stands: it is renewed
					if err := claim.Finish(t.Context(), state.Record{Kind: state.Delivered}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if delivered.Load() != 1 {
			t.Errorf("%d deliveries, want 1", delivered.Load())
		}
	})
}

// A run that died with a claim is followed once the claim has expired; one that died after handing over leaves a doubt.
func TestClaimOfTheDead(t *testing.T) {
	for _, intended := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			store, start := state.OpenFile(t.TempDir()), time.Now()
			until := start.Add(state.ClaimTime)
			records := []state.Record{{Version: 1, Kind: state.Claimed, At: start, By: "dead", Until: &until}}
			if intended {
				records = append(records, state.Record{Version: 1, Kind: state.Intended, At: start, By: "dead"})
			}
			for i, r := range records {
				if err := store.Append(t.Context(), key, i+1, r); err != nil {
					t.Fatal(err)
				}
			}
			claim, s, err := claimer(store, "alive").Acquire(t.Context(), key, false, notDelivered)
			if err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(start); waited < state.ClaimTime {
				t.Errorf("took over after %s, before the claim had expired", waited)
			}
			if intended != (claim == nil) {
				t.Fatalf("claim %v with an intended record: %v", claim, intended)
			}
			if intended {
				if s.Kind != state.InDoubt {
					t.Errorf("kind %q, want in doubt", s.Kind)
				}
				return
			}
			if err := claim.Finish(t.Context(), state.Record{Kind: state.Delivered}); err != nil {
				t.Error(err)
			}
		})
	}
}

// A run whose clock is a year ahead dies with a claim. Who waits goes by its own clock, and takes over when nobody has
// renewed the claim for as long as one stands; who only looks gives it back, so that others need not wait. A run that lives
// and renews is waited for.
func TestClaimAhead(t *testing.T) {
	for _, alive := range []bool{false, true} {
		for _, wanted := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				store, start := state.OpenFile(t.TempDir()), time.Now()
				ahead := claimer(store, "ahead")
				ahead.Now = func() time.Time { return time.Now().AddDate(1, 0, 0) }
				first, _, err := ahead.Acquire(t.Context(), key, false, notDelivered)
				if err != nil {
					t.Fatal(err)
				}
				wait := state.ClaimTime
				if alive {
					wait += 5 * time.Minute
					time.AfterFunc(5*time.Minute, first.Close)
				} else {
					first.Close()
				}
				claim, s, err := claimer(store, "late").Acquire(t.Context(), key, false, func(state.Status) bool { return wanted })
				if err != nil || (claim != nil) != wanted || s.Kind != "" {
					t.Fatalf("claim %v of status %q, %v", claim, s.Kind, err)
				}
				if waited := time.Since(start); waited < wait-state.ClaimTime/2 || waited > wait+2*time.Second {
					t.Errorf("waited %s, want about %s", waited, wait)
				}
				if wanted {
					claim.Close()
					return
				}
				begun := time.Now()
				claim, _, err = claimer(store, "third").Acquire(t.Context(), key, false, notDelivered)
				if err != nil || claim == nil || time.Since(begun) > 0 {
					t.Fatalf("claim %v, %v after %s; want one at once", claim, err, time.Since(begun))
				}
				claim.Close()
			})
		}
	}
}

// Whoever finds a record after its own claim must not deliver, and still may say what it did before.
func TestClaimFence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := state.OpenFile(t.TempDir())
		claim, _, err := claimer(store, "slow").Acquire(t.Context(), key, false, notDelivered)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Append(t.Context(), key, 2, state.Record{Version: 1, Kind: state.Claimed, At: time.Now(), By: "other"}); err != nil {
			t.Fatal(err)
		}
		if err := claim.Intend(t.Context(), state.Record{}); !errors.Is(err, state.ErrLost) {
			t.Errorf("intend: %v, want ErrLost", err)
		}
		if err := claim.Finish(t.Context(), state.Record{Kind: state.Failed}); err != nil {
			t.Errorf("finish: %v", err)
		}
		records, err := store.Records(t.Context(), key)
		if err != nil || len(records) != 3 || records[2].Kind != state.Failed {
			t.Errorf("records %+v, %v", records, err)
		}
	})
}

// What was released can be claimed at once, and a key that is held is not waited for by Try.
func TestClaimReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, start := state.OpenFile(t.TempDir()), time.Now()
		one, two := claimer(store, "one"), claimer(store, "two")
		claim, _, err := one.Acquire(t.Context(), key, false, notDelivered)
		if err != nil {
			t.Fatal(err)
		}
		decided := false
		none, s, err := two.Try(t.Context(), key, false, func(state.Status) bool { decided = true; return true })
		if err != nil || none != nil || decided || !s.Held(time.Now(), "two") {
			t.Errorf("claim %v, status %+v, %v, asked %v; want a status that is held", none, s, err, decided)
		}
		if err := claim.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		second, s, err := two.Acquire(t.Context(), key, false, notDelivered)
		if err != nil || second == nil {
			t.Fatalf("claim %v, %v after the release", second, err)
		}
		if !time.Now().Equal(start) {
			t.Errorf("it took %s", time.Since(start))
		}
		if s.Claim != nil || s.Kind != "" || s.Attempts != 0 {
			t.Errorf("a release leaves a trace: %+v", s)
		}
		if err := second.Finish(t.Context(), state.Record{Kind: state.Delivered}); err != nil {
			t.Fatal(err)
		}
		none, s, err = one.Try(t.Context(), key, false, notDelivered)
		if err != nil || none != nil || s.Kind != state.Delivered || s.Held(time.Now(), "one") {
			t.Errorf("claim %v, status %+v, %v; want delivered", none, s, err)
		}
	})
}

// Who releases late takes nothing from whoever has the key by then.
func TestClaimReleasedLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := state.OpenFile(t.TempDir())
		slow := claimer(store, "slow")
		slow.Sleep = func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() } // it never renews
		claim, _, err := slow.Acquire(t.Context(), key, false, notDelivered)
		if err != nil {
			t.Fatal(err)
		}
		other, _, err := claimer(store, "other").Acquire(t.Context(), key, false, notDelivered)
		if err != nil {
			t.Fatal(err)
		}
		if err := claim.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, s, err := claimer(store, "third").Try(t.Context(), key, false, notDelivered); err != nil || !s.Held(time.Now(), "third") || s.Claim.By != "other" {
			t.Errorf("status %+v, %v; want the claim of the other", s, err)
		}
		if err := other.Intend(t.Context(), state.Record{}); err != nil {
			t.Errorf("the other may not deliver: %v", err)
		}
		other.Close()
	})
}
