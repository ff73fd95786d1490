package state_test

import (
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
