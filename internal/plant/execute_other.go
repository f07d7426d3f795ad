//go:build !unix

package main

import (
	"context"
	"os/exec"
)

// bounded is a command that is killed at the end of its time, alone.
func bounded(ctx context.Context, program string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, program, args...)
}
