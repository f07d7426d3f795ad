// Package faults answers, for tests, what becomes of a program one of whose
// file operations fails, comes short, or is its last. The program is the real
// one, and so are its threads and the programs that it starts: every system call
// by which a file or a name may change waits for a verdict, in one order over
// all of them. (A tracer that counts by thread, as strace does, finds another
// n-th operation each time, as goroutines move between threads.)
//
// It works on Linux, with 64 bits on Intel and ARM, from kernel 5.19 on, and needs no rights: the
// program installs a filter on itself before it begins (seccomp(2), user
// notification).
package faults

import (
	"fmt"
	"syscall"
)

// Op is a file operation that is about to be done.
type Op struct {
	N    int    // its number, from 1
	Call string // the system call: write, renameat2 …
	Path string // of the file, or the name as it was given; of a rename the new one
	Size int    // bytes, where it writes some
}

func (o Op) String() string {
	if o.Size > 0 {
		return fmt.Sprintf("%d: %s %s, %d bytes", o.N, o.Call, o.Path, o.Size)
	}
	return fmt.Sprintf("%d: %s %s", o.N, o.Call, o.Path)
}

// Writes says whether it puts bytes into a file.
func (o Op) Writes() bool {
	switch o.Call {
	case "write", "pwrite64", "writev", "pwritev", "copy_file_range":
		return true
	}
	return false
}

// Syncs says whether it brings a file or a folder to the disk.
func (o Op) Syncs() bool { return o.Call == "fsync" || o.Call == "fdatasync" }

// Grows says whether it needs room on the disk: for bytes, a file or a name.
func (o Op) Grows() bool {
	switch o.Call {
	case "openat", "open", "creat", "mkdirat", "mkdir", "linkat", "link", "symlinkat", "symlink", "fallocate":
		return true
	}
	return o.Writes()
}

// Verdict is what becomes of an operation; the zero value is that it is done.
type Verdict struct {
	Err   syscall.Errno // it fails with this, and nothing is done
	Short bool          // half of the bytes are written, where it writes
	Kill  bool          // the program is killed in its place, or where it is Short behind the half
}
