// Reportform turns report definitions in YAML into workbooks and mails: see README.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/reportform/reportform/runner/cli"
)

// version is set by the linker for releases.
var version = "dev"

func main() {
	// A reader who goes away, as head does, must not end the program between a delivery and its record.
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// The first signal lets the delivery in flight be finished; the second one stops at once.
	ctx, cancel := context.WithCancel(context.Background())
	s := cli.System(version)
	stop := make(chan struct{})
	s.Stop = stop
	go func() {
		<-signals
		cancel()
		<-signals
		close(stop)
	}()
	os.Exit(cli.Main(ctx, os.Args[1:], s))
}
