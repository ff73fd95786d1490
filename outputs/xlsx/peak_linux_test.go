package xlsx

import (
	"syscall"
	"testing"
)

// peak is the largest resident set of this process so far, in MB.
func peak(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Maxrss) / 1000
}
