//go:build !linux || !(amd64 || arm64)

package faults

import (
	"errors"
	"os/exec"
	"time"
)

// ErrUnsupported is a system on which no operation can be given a verdict.
var ErrUnsupported = errors.New("faults: this system has no seccomp user notification")

// Watch gives no verdicts here.
func Watch(*exec.Cmd, string, func(Op) Verdict) error { return ErrUnsupported }

// WatchClock gives no verdicts and no time here.
func WatchClock(*exec.Cmd, string, func(Op) Verdict, func() time.Duration) error {
	return ErrUnsupported
}

// Enter does nothing here.
func Enter([]string) error { return ErrUnsupported }
