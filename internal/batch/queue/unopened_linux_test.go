package queue_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// SQLite says of a file that it cannot open that it cannot: the queue says why.
func TestUnopened(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	// Room for the folder, the lock, and the database: the next file is one too many.
	for room := 1; room <= 3; room++ {
		dir := t.TempDir()
		if err := syscall.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=4m,nr_inodes=%d", room)); err != nil {
			t.Skip("no file system can be mounted here: ", err)
		}
		_, err := queue.Open(t.Context(), filepath.Join(dir, "queue.db"), queue.Options{})
		if !errors.Is(err, queue.ErrFull) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "make room") {
			t.Errorf("room for %d: %v", room, err)
		}
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil { // a process that another test starts may have its files for a moment
			t.Error(err)
		}
	}

	whole := t.TempDir()
	if err := os.Mkdir(filepath.Join(whole, "queue.db-wal"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := queue.Open(t.Context(), filepath.Join(whole, "queue.db"), queue.Options{})
	if err == nil || strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a folder in the place of the log: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(whole, ".tried-*")); len(left) > 0 {
		t.Errorf("it left %q", left)
	}
}
