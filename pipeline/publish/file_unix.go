//go:build unix

package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
)

// newFile is a file beside the one that it will replace. It has one name, and whoever
// holds its lock writes it: so what a killed process left is written over by the
// next, where files with names by chance would gather in folders that others see.
// The lock is the operating system's, and goes with the process.
type newFile struct {
	*os.File
	path string
	done bool // it was renamed, or removed
}

func newPending(path string) (pending, error) {
	name := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	for tries := 0; ; tries++ {
		// Neither a link nor a pipe that somebody put there is written to.
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o644)
		if err != nil {
			foreign := errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK) || errors.Is(err, syscall.ENXIO) || errors.Is(err, fs.ErrPermission)
			if foreign && tries < 3 && os.Remove(name) == nil {
				continue
			}
			return nil, err
		}
		switch err := flock(f); {
		case errors.Is(err, syscall.ENOTSUP), errors.Is(err, syscall.ENOLCK), errors.Is(err, syscall.ENOSYS):
			// A file system without locks: names by chance keep writers apart.
			_ = f.Close()
			_ = os.Remove(name)
			return renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
		case err != nil:
			_ = f.Close()
			return nil, err
		}
		ours, err := usable(f, name)
		if err == nil && ours {
			return &newFile{File: f, path: path}, nil
		}
		_ = f.Close()
		if err != nil {
			return nil, err
		}
	}
}

// flock waits until no other writer holds the file.
func flock(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// usable empties a file that is locked, unless that is not the one of the name any
// more, for its last writer renamed it, or is one that has another name, too.
func usable(f *os.File, name string) (bool, error) {
	is, err := f.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(is, named) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if s, ok := is.Sys().(*syscall.Stat_t); !is.Mode().IsRegular() || ok && s.Nlink > 1 {
		return false, os.Remove(name)
	}
	if is.Size() == 0 {
		return true, nil
	}
	return true, f.Truncate(0)
}

func (f *newFile) CloseAtomicallyReplace() error {
	if err := f.Sync(); err != nil {
		return err
	}
	// Renamed before it is closed: another writer waits for it until then.
	if err := os.Rename(f.Name(), f.path); err != nil {
		return err
	}
	f.done = true
	return f.Close()
}

func (f *newFile) Cleanup() error {
	if f.done {
		return nil
	}
	f.done = true
	err := os.Remove(f.Name())
	return errors.Join(err, f.Close())
}

func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
