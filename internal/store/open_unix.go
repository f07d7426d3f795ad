//go:build unix

package store

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// openFile opens a file or folder for reading. [os.Open] asks of every file
// whether it can be waited for, as a socket can: five calls of the system, as
// many as an entry takes beside them.
func openFile(path string) (*os.File, error) { return open(path, syscall.O_RDONLY) }

// createFile makes a file that is not there.
func createFile(path string) (*os.File, error) {
	return open(path, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL)
}

func open(path string, flags int) (*os.File, error) {
	for {
		fd, err := syscall.Open(path, flags|syscall.O_CLOEXEC, 0o666)
		switch err {
		case nil:
			return os.NewFile(uintptr(fd), path), nil
		case syscall.EINTR: // on file systems in user space
		default:
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
	}
}

// exists says whether there is something at a path. It asks for no more than that:
// a script of 5,000 segments has as many takes to look for.
func exists(path string) bool {
	for {
		if err := unix.Access(path, unix.F_OK); err != unix.EINTR {
			return err == nil
		}
	}
}
