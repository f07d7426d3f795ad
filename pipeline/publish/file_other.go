//go:build !unix

package publish

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// besideFile does on other systems what renameio does on Unix. A rename there
// replaces a file but may not be atomic.
type besideFile struct {
	*os.File
	path string
	done bool
}

func newPending(path string) (pending, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"*")
	if err != nil {
		return nil, err
	}
	return &besideFile{File: f, path: path}, nil
}

func (f *besideFile) CloseAtomicallyReplace() error {
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return err
	}
	f.done = true
	return nil
}

func (f *besideFile) Cleanup() error {
	if f.done {
		return nil
	}
	f.Close() // may be closed already
	return os.Remove(f.Name())
}

// diskFull knows ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows (winerror.h).
func diskFull(err error) bool {
	return errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112))
}
