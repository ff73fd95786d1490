package state

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// What is said to fit can be recorded and listed; one more letter cannot.
func TestFits(t *testing.T) {
	for _, letter := range []string{"x", "Ж", "/"} {
		f := OpenFile(t.TempDir())
		k := Key{Project: "p", Range: "2026-11-09"}
		for k.Address = letter; k.Fits(); k.Address += letter {
			if len(k.Address) > 1000 {
				t.Fatalf("%d bytes of %q fit", len(k.Address), letter)
			}
		}
		long := k
		k.Address = strings.TrimSuffix(k.Address, letter)
		if err := f.Append(t.Context(), k, 1, Record{Version: 1, Kind: Claimed, At: time.Now()}); err != nil {
			t.Errorf("%d bytes of %q: %v", len(k.Address), letter, err)
		}
		if keys, err := f.Keys(t.Context(), "p", ""); err != nil || len(keys) != 1 || keys[0] != k {
			t.Errorf("%v, %v", keys, err)
		}
		if err := f.Append(t.Context(), long, 1, Record{Version: 1, Kind: Claimed, At: time.Now()}); err == nil || errors.Is(err, ErrTaken) {
			t.Errorf("%d bytes of %q: %v", len(long.Address), letter, err)
		}
	}
}
