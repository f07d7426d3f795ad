package pipeline

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestAbandoned has a press killed while it makes an episode that nobody makes
// again, such as one of a batch that was finished and not yet left: another command
// in the folder removes what it had begun, and nothing of a press that is at work.
func TestAbandoned(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	begin := func(slug string) *place {
		pl := &place{dir: filepath.Join(out, slug), work: filepath.Join(out, making, slug)}
		if other, err := pl.hold(slug + ".md"); err != nil || other != "" {
			t.Fatal(other, err)
		}
		if err := errors.Join(os.MkdirAll(pl.work, 0o755), os.WriteFile(filepath.Join(pl.work, "half.mp3"), []byte("half"), 0o600)); err != nil {
			t.Fatal(err)
		}
		return pl
	}
	dead, alive := begin("dead"), begin("alive")
	if err := dead.lock.Unlock(); err != nil { // as the system does for a process that is killed
		t.Fatal(err)
	}
	if err := Settle(out); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{dead.work, dead.work + lockEnding} {
		if _, err := os.Lstat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(alive.work, "half.mp3")); err != nil {
		t.Error(err)
	}
	if other, err := (&place{dir: alive.dir, work: alive.work}).hold("another.md"); err != nil || other != "alive.md" {
		t.Errorf("the one at work is held by %q, %v", other, err)
	}
	alive.leave()
	if left, err := os.ReadDir(out); err != nil || len(left) != 0 {
		t.Errorf("there is %v, %v", left, err)
	}
}
