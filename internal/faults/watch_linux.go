//go:build amd64 || arm64

package faults

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ErrUnsupported is a system on which no operation can be given a verdict.
var ErrUnsupported = errors.New("faults: this system has no seccomp user notification that waits for a kill (Linux 5.19)")

// Of linux/seccomp.h: the operations of a listener, and what goes through them.
const (
	receive    = 0xc0502100 // SECCOMP_IOCTL_NOTIF_RECV
	respond    = 0xc0182101 // SECCOMP_IOCTL_NOTIF_SEND
	doIt       = 1          // SECCOMP_USER_NOTIF_FLAG_CONTINUE
	arguments  = 6
	mostOfPath = 4096 // PATH_MAX
	mostBytes  = 64 << 20
)

type notice struct {
	id    uint64
	pid   uint32 // of the thread
	flags uint32
	nr    int32
	arch  uint32
	ip    uint64
	args  [arguments]uint64
}

type answer struct {
	id    uint64
	val   int64
	err   int32
	flags uint32
}

// Watch runs a command to its end, as [exec.Cmd.Run] does, and asks judge of every
// file operation, one at a time, be it the command's or that of a program which it
// started. It returns once none of them is left. The command must be started
// by enter, a program that calls [Enter] with its arguments.
func Watch(cmd *exec.Cmd, enter string, judge func(Op) Verdict) error {
	return WatchClock(cmd, enter, judge, nil)
}

// WatchClock is [Watch] of a program whose clock is ahead of this one by what ahead
// says whenever it is read; less than 0 is behind. What the system itself notes,
// as when a file was written, is of the right time. ahead is called between the calls
// of judge, never beside them.
func WatchClock(cmd *exec.Cmd, enter string, judge func(Op) Verdict, ahead func() time.Duration) error {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	ours, theirs := pair[0], os.NewFile(uintptr(pair[1]), "listener")
	defer unix.Close(ours)
	path, err := exec.LookPath(enter)
	if err != nil {
		return errors.Join(fmt.Errorf("faults: %w", err), theirs.Close())
	}
	cmd.Path, cmd.Args = path, append([]string{enter}, cmd.Args...)
	cmd.ExtraFiles = []*os.File{theirs}
	err = cmd.Start()
	_ = theirs.Close()
	if err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	listener, err := listenerOf(ours)
	if err != nil {
		return errors.Join(err, cmd.Wait())
	}
	w := &watch{cmd: cmd, calls: calls(), listener: listener, judge: judge, ahead: ahead}
	ended := make(chan error, 1)
	go func() { ended <- w.listen() }()
	err = cmd.Wait()
	if heard := <-ended; heard != nil {
		return heard
	}
	return err
}

// listenerOf takes over the listener that Enter sent.
func listenerOf(socket int) (int, error) {
	var b [1]byte
	rights := make([]byte, unix.CmsgSpace(4))
	n, size, _, _, err := unix.Recvmsg(socket, b[:], rights, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return 0, fmt.Errorf("faults: %w", err)
	}
	if n == 0 {
		return 0, ErrUnsupported // it ended before it had one, and said why
	}
	messages, err := unix.ParseSocketControlMessage(rights[:size])
	if err != nil || len(messages) != 1 {
		return 0, fmt.Errorf("faults: no listener came: %w", err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return 0, fmt.Errorf("faults: no listener came: %w", err)
	}
	return fds[0], nil
}

type watch struct {
	cmd      *exec.Cmd
	calls    map[uint32]call
	listener int
	judge    func(Op) Verdict
	ahead    func() time.Duration
	n        int
}

// listen answers until nobody is left who could ask.
func (w *watch) listen() error {
	defer unix.Close(w.listener)
	for {
		poll := []unix.PollFd{{Fd: int32(w.listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(poll, -1); err != nil {
			if errors.Is(err, unix.EINTR) {
				continue
			}
			return fmt.Errorf("faults: %w", err)
		}
		if poll[0].Revents&unix.POLLIN == 0 {
			return nil
		}
		var n notice
		switch _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(w.listener), receive, uintptr(unsafe.Pointer(&n))); errno {
		case 0:
		case unix.EINTR, unix.ENOENT: // who asked is gone
			continue
		default:
			return fmt.Errorf("faults: hear of an operation: %w", errno)
		}
		a, err := w.answer(n)
		if err != nil {
			return err
		}
		if a == nil {
			continue
		}
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(w.listener), respond, uintptr(unsafe.Pointer(a))); errno != 0 && errno != unix.ENOENT {
			return fmt.Errorf("faults: answer: %w", errno)
		}
	}
}

// answer is what an operation ends with; nil where whoever asked is killed in it.
// A program that the command started outlives it, as it does when nobody watches: its
// operation is done, and what it does next is its own affair.
func (w *watch) answer(n notice) (*answer, error) {
	if a, ok, err := w.clock(n); ok || err != nil {
		return a, err
	}
	done := &answer{id: n.id, flags: doIt}
	c := w.calls[uint32(n.nr)]
	op, ok := w.op(n, c)
	if !ok {
		return done, nil
	}
	w.n++
	op.N = w.n
	v := w.judge(op)
	if v.Short && op.Size > 1 {
		half, err := write(n, c, op.Size/2)
		if err != nil {
			return nil, fmt.Errorf("faults: write half of it: %v: %w", op, err)
		}
		done = &answer{id: n.id, val: int64(half)}
	}
	switch {
	case v.Kill:
		if err := w.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return nil, err
		}
		asked, err := processOf(filepath.Join("/proc", strconv.Itoa(int(n.pid))))
		if err != nil || asked == w.cmd.Process.Pid {
			return nil, nil //nolint:nilerr // who asked is gone
		}
		return done, nil
	case v.Err != 0:
		return &answer{id: n.id, err: -int32(v.Err)}, nil //nolint:nilerr // err above is of another case
	}
	return done, nil
}

// op is the operation of a call; none where it is not about a file on a disk.
func (w *watch) op(n notice, c call) (Op, bool) {
	op := Op{Call: c.name}
	if c.size >= 0 {
		op.Size = int(min(n.args[c.size], mostBytes))
	}
	proc := filepath.Join("/proc", strconv.Itoa(int(n.pid)))
	if c.fd >= 0 {
		path, err := os.Readlink(filepath.Join(proc, "fd", strconv.Itoa(int(int32(n.args[c.fd])))))
		if err != nil || !strings.HasPrefix(path, "/") { // a pipe, a socket
			return op, false
		}
		op.Path = path
	} else {
		op.Path = text(proc, n.args[c.path])
	}
	for _, other := range []string{"/dev/", "/proc/", "/sys/"} {
		if strings.HasPrefix(op.Path, other) && !strings.HasPrefix(op.Path, "/dev/shm/") { // a file system of memory
			return op, false
		}
	}
	return op, true
}

// text is a string in a process's memory.
func text(proc string, at uint64) string {
	memory, err := os.Open(filepath.Join(proc, "mem"))
	if err != nil {
		return ""
	}
	defer memory.Close()
	b := make([]byte, mostOfPath)
	n, _ := memory.ReadAt(b, int64(at)) // up to where its memory ends
	b, _, _ = bytes.Cut(b[:n], []byte{0})
	return string(b)
}

// write does a part of what a process was about to write, into the very file that it
// has open.
func write(n notice, c call, size int) (int, error) {
	proc := filepath.Join("/proc", strconv.Itoa(int(n.pid)))
	memory, err := os.Open(filepath.Join(proc, "mem"))
	if err != nil {
		return 0, err
	}
	defer memory.Close()
	b := make([]byte, size)
	if _, err := memory.ReadAt(b, int64(n.args[c.buf])); err != nil {
		return 0, err
	}
	group, err := processOf(proc)
	if err != nil {
		return 0, err
	}
	process, err := unix.PidfdOpen(group, 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(process)
	file, err := unix.PidfdGetfd(process, int(int32(n.args[c.fd])), 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(file)
	if c.off >= 0 {
		return unix.Pwrite(file, b, int64(n.args[c.off]))
	}
	return unix.Write(file, b)
}

// processOf is the process of a thread.
func processOf(proc string) (int, error) {
	status, err := os.ReadFile(filepath.Join(proc, "status"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if id, ok := strings.CutPrefix(line, "Tgid:"); ok {
			return strconv.Atoi(strings.TrimSpace(id))
		}
	}
	return 0, syscall.ESRCH
}
