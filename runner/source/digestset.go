package source

// digestSet is a set of hashes that are spread evenly. It takes 8 bytes for each of its slots, of which a quarter at
// least is free; a map pads every entry to 16, which is what counts in a fetch of a million rows.
type digestSet struct {
	// slots has a power of two of them; 0 is a free one. A hash stands at its own place or soon behind it.
	slots []uint64
	n     int
}

// has reports whether h was added.
func (s *digestSet) has(h uint64) bool {
	return len(s.slots) > 0 && s.slots[s.place(h)] != 0
}

// add takes h in, and nothing where it is there already.
func (s *digestSet) add(h uint64) {
	if 4*(s.n+1) > 3*len(s.slots) {
		s.grow()
	}
	if at := s.place(h); s.slots[at] == 0 {
		s.slots[at] = max(h, 1)
		s.n++
	}
}

// place is where h stands, or the free slot where it would.
func (s *digestSet) place(h uint64) uint64 {
	h = max(h, 1)
	mask := uint64(len(s.slots) - 1)
	at := h & mask
	for s.slots[at] != 0 && s.slots[at] != h {
		at = (at + 1) & mask
	}
	return at
}

func (s *digestSet) grow() {
	old := s.slots
	s.slots = make([]uint64, max(1024, 2*len(old)))
	for _, h := range old {
		if h != 0 {
			s.slots[s.place(h)] = h
		}
	}
}
