//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestCrashReadOnly gives a command where a folder may not be written to. It says
// which, or does without; once the folder may be written to, the same command ends
// as a calm run.
func TestCrashReadOnly(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"out", "out/one", "takes", "sound"} {
		if folder != "out" && smoke() {
			continue
		}
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t, row{name: "produce", args: []string{"produce", "posts/one.md"}, before: func(w *workshop) {
				w.did("produce", "posts/one.md")
				w.post("one", "The lamp was lit, and it burned.")
			}})
			w.restore()
			cmd := w.command(w.row.args...)
			if os.Getuid() == 0 { // whom nothing is forbidden
				w.asNobody(cmd)
			}
			path := w.file("show/" + folder)
			if err := os.Chmod(path, 0o555); err != nil {
				t.Fatal(err)
			}
			answered := w.server.Stats().Answered
			out, err := w.finish(cmd, cmd.Run)
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
			_ = os.Remove(w.file("narrapress"))
			if err != nil {
				w.failed(folder+" is read-only", out, folder)
				if lines := strings.Count("\n"+out, "\nnarrapress: "); lines != 1 {
					t.Errorf("it has %d lines of what went wrong:\n%s", lines, cut(out))
				}
			}
			w.after(folder+" was read-only", answered)
		})
	}
}

// asNobody lets a command be given by somebody without rights, to whom all of the
// workshop belongs.
func (w *workshop) asNobody(cmd *exec.Cmd) {
	w.t.Helper()
	const nobody = 65534 // on Linux and elsewhere
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	cmd.Path = w.file("narrapress") // the program itself is where root alone may look
	for _, copied := range [][]string{{"cp", self, cmd.Path}, {"chown", "-R", strconv.Itoa(nobody), w.root}, {"chmod", "a+rx", filepath.Dir(w.root)}} {
		if out, err := exec.Command(copied[0], copied[1:]...).CombinedOutput(); err != nil {
			w.t.Skipf("%v: %v: %s", copied, err, out)
		}
	}
	w.t.Cleanup(func() { _ = os.Remove(cmd.Path) })
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}
