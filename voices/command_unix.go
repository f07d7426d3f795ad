//go:build unix

package voices

import (
	"os/exec"
	"syscall"
)

// killGroup makes the end of a command the end of its children, too.
func killGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
