//go:build !unix

package voices

import "os/exec"

// killGroup leaves it at the command itself: this system has no groups of
// processes that could be ended together.
func killGroup(*exec.Cmd) {}
