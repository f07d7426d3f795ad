// Command narrapress makes podcast episodes of texts.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/narrapress/narrapress/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills at once
	if os.Getenv("GOGC") == "" {
		// Sound comes in pieces of megabytes, and most of the work is the
		// encoder's: collecting twice as often costs nothing that is seen.
		debug.SetGCPercent(50)
	}
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Std()))
}
