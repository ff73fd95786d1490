package source

import (
	"math/rand/v2"
	"testing"
)

// TestDigestSet compares with a map, with hashes that fall on one place among the others.
func TestDigestSet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var s digestSet
	want := map[uint64]bool{}
	for i := range 20_000 {
		h := r.Uint64()
		switch i % 4 {
		case 0:
			h &= 7 // again and again; 0, which stands for a free slot, counts as 1
		case 1:
			h <<= 40
		}
		if got := s.has(h); got != want[max(h, 1)] {
			t.Fatalf("has(%x) before hash %d is %t", h, i, got)
		}
		s.add(h)
		want[max(h, 1)] = true
	}
	for h := range want {
		if !s.has(h) {
			t.Errorf("%x is lost", h)
		}
	}
	if s.n != len(want) {
		t.Errorf("%d hashes are counted as %d", len(want), s.n)
	}
}
