// Command narrapress makes podcast episodes of texts.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/narrapress/narrapress/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills at once
	if os.Getenv("GOGC") == "" {
		collectSeldomThenOften()
	}
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Std()))
}

// collectSeldomThenOften lets memory grow to 8 MiB (GOGC 200 of the least heap of
// 4 MiB, see runtime) before it is first collected: a start takes 4, so most
// commands are done before, and a collection is a tenth of what a start costs.
// Who goes on has sound, which comes in pieces of megabytes, and most of the work
// is the encoder's: from then on, collecting twice as often as by default costs
// nothing that is seen.
func collectSeldomThenOften() {
	debug.SetGCPercent(200)
	// This object is dead at once, and cleaned up after the first collection.
	runtime.AddCleanup(&struct{ dead [64]byte }{}, func(percent int) { debug.SetGCPercent(percent) }, 50)
}
