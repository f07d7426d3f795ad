//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peak is the largest resident set of a process that ended and of those it waited
// for, in bytes.
func peak(s *os.ProcessState) int64 {
	u, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // getrusage(2): bytes there, KiB elsewhere
		return int64(u.Maxrss) //nolint:unconvert // of 32 bits on some systems
	}
	return int64(u.Maxrss) << 10 //nolint:unconvert // as above
}
