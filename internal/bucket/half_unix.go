//go:build unix

package bucket

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// begin makes a file that is being written, and holds a lock on it for as long as
// it is open: the lock is the operating system's, and goes with the process.
func begin(dir, pattern string) (*os.File, error) {
	for {
		f, err := os.CreateTemp(dir, pattern)
		if err != nil {
			return nil, err
		}
		// Where there are no locks, nobody gets one, and it is swept by its age.
		_ = lock(f, syscall.LOCK_EX)
		if _, err := os.Lstat(f.Name()); !errors.Is(err, fs.ErrNotExist) {
			return f, nil
		}
		_ = f.Close() // it was swept before it was locked
	}
}

// abandon removes a file of this machine that nobody writes any more.
func abandon(path string) {
	f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if lock(f, syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		_ = os.Remove(path) // with the lock: whoever has just made it sees that it is gone
	}
}

func lock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
