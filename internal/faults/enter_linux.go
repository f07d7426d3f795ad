//go:build amd64 || arm64

package faults

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Of linux/seccomp.h, where the library has no name for them.
const (
	setModeFilter     = 1
	newListener       = 1 << 3 // and
	waitKillable      = 1 << 5 // an operation that waits is ended by a kill alone, so it is heard of once
	retAllow          = 0x7fff0000
	retUserNotif      = 0x7fc00000
	offsetNr          = 0 // in struct seccomp_data
	offsetArch        = 4
	offsetArgs        = 16
	mayMakeOrEmpty    = unix.O_CREAT | unix.O_TRUNC
	standardError     = 2
	listenerSocket    = 3 // the first of a command's ExtraFiles
	loadWord          = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	jumpEqual         = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	jumpGreater       = unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K
	jumpSet           = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	returnConstant    = unix.BPF_RET | unix.BPF_K
	bytesOfAnArgument = 8
)

// Enter becomes the program of the arguments, whose operations wait for the
// verdicts of the process that called [Watch]. It is called by a process that
// Watch started, with what stands behind the command's own name, and returns
// where it fails only.
func Enter(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("faults: no program is named")
	}
	path, err := exec.LookPath(args[0])
	if err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	runtime.LockOSThread() // a filter is a thread's, and of what that becomes
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	filter := program()
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, setModeFilter, newListener|waitKillable, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return fmt.Errorf("faults: seccomp: %w", errno)
	}
	if err := unix.Sendmsg(listenerSocket, []byte{0}, unix.UnixRights(int(fd)), nil, 0); err != nil {
		return fmt.Errorf("faults: hand over the listener: %w", err)
	}
	unix.CloseOnExec(listenerSocket)
	return fmt.Errorf("faults: %s: %w", path, syscall.Exec(path, args, os.Environ()))
}

// program is the filter: of every call in calls, and of the clock, whoever watches
// is asked.
func program() []unix.SockFilter {
	ask := []unix.SockFilter{{Code: returnConstant, K: retUserNotif}}
	allow := unix.SockFilter{Code: returnConstant, K: retAllow}
	argument := func(n int) unix.SockFilter { // its lower half: flags and file descriptors have no other
		return unix.SockFilter{Code: loadWord, K: uint32(offsetArgs + bytesOfAnArgument*n)}
	}
	filter := []unix.SockFilter{
		{Code: loadWord, K: offsetArch},
		{Code: jumpEqual, K: audit, Jt: 1},
		allow,
		{Code: loadWord, K: offsetNr},
	}
	for nr, c := range calls() {
		then := ask
		switch {
		case c.open >= 0:
			then = append([]unix.SockFilter{argument(c.open), {Code: jumpSet, K: mayMakeOrEmpty, Jt: 1}, allow}, ask...)
		case c.fd >= 0:
			then = append([]unix.SockFilter{argument(c.fd), {Code: jumpGreater, K: standardError, Jt: 1}, allow}, ask...)
		}
		filter = append(filter, unix.SockFilter{Code: jumpEqual, K: nr, Jf: uint8(len(then))})
		filter = append(filter, then...)
	}
	filter = append(filter,
		unix.SockFilter{Code: jumpEqual, K: begins, Jf: 1}, ask[0],
		unix.SockFilter{Code: jumpEqual, K: readsClock, Jf: 3}, argument(0), unix.SockFilter{Code: jumpEqual, K: realtime, Jf: 1}, ask[0])
	return append(filter, allow)
}
