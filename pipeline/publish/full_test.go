//go:build unix

package publish

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestWriteFails holds what stays and what is said when a write ends early.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want string // of the message, with PATH for the file
	}{
		{"disk full", syscall.ENOSPC, "write PATH: the disk is full: make room and run it again: no space left on device"},
		{"quota", syscall.EDQUOT, "write PATH: the disk is full: make room and run it again: disk quota exceeded"},
		{"not allowed", syscall.EACCES, "write PATH: not allowed: choose a folder of yours with --out: permission denied"},
		{"anything", syscall.EIO, "write PATH: input/output error"},
		{"canceled", context.Canceled, "context canceled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "a.mp3")
			if _, err := WriteFile(path, []byte("before")); err != nil {
				t.Fatal(err)
			}
			_, err := write(path, func(w io.Writer) error {
				if _, err := w.Write([]byte("half of it")); err != nil {
					return err
				}
				if errors.Is(tt.err, context.Canceled) {
					return tt.err
				}
				return &os.PathError{Op: "write", Path: path + "123", Err: tt.err}
			})
			if want := strings.ReplaceAll(tt.want, "PATH", path); err == nil || err.Error() != want {
				t.Errorf("error %v\nwant  %s", err, want)
			}
			if !errors.Is(err, tt.err) {
				t.Errorf("%v does not wrap %v", err, tt.err)
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != "before" {
				t.Errorf("the file before is now %q (%v)", got, err)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("%v is left (%v)", entries, err)
			}
		})
	}
}

// A folder that cannot be made is told as a file is.
func TestMakeFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := MakeFolder(filepath.Join(dir, "a", "b")); err != nil {
		t.Error(err)
	}
	in := filepath.Join(dir, "file")
	if _, err := WriteFile(in, nil); err != nil {
		t.Fatal(err)
	}
	in = filepath.Join(in, "b")
	err := MakeFolder(in)
	if want := "write " + in + ": not a directory"; err == nil || err.Error() != want || !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("error %v\nwant  %s", err, want)
	}
}
