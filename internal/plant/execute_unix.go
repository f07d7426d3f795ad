//go:build unix

package main

import (
	"context"
	"os/exec"
	"syscall"
)

// memory bounds a program with a fault, which may ask for memory without end: KiB.
const memory = "4194304"

// bounded is a command that is killed with all that it began, and has a bound of
// memory: of data, for a bound of addresses would stop programs that only reserve them.
func bounded(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", `ulimit -d ` + memory + `; exec "$0" "$@"`, program}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}
