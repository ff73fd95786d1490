package cli_test

import (
	"os"
	"syscall"
)

// peak is the most memory that a process which has ended held, in MB.
func peak(s *os.ProcessState) float64 {
	return float64(s.SysUsage().(*syscall.Rusage).Maxrss) / 1000
}
