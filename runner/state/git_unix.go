//go:build unix

package state

import (
	"os/exec"
	"syscall"
)

// isolate runs a command in a session of its own. So Ctrl-C does not reach it: the delivery in flight is still
// recorded; and ssh finds no terminal to ask for a password on, and fails instead of waiting.
// When its time is over, its helpers go with it, and have the time to remove their locks.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}
