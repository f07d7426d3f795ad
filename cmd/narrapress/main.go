// Command narrapress makes podcast episodes of texts.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/narrapress/narrapress/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills at once
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Std()))
}
