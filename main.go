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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the delivery in flight is finished; a second one ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Main(ctx, os.Args[1:], cli.System(version)))
}
