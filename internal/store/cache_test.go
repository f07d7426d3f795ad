package store_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/store"
)

const (
	keyA = "aaaa0123456789abcdef0123456789ab"
	keyB = "bbbb0123456789abcdef0123456789ab"
)

func TestCache(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "cache")
	c := store.OpenCache(dir, store.Options{})
	if c.Get(keyA) != nil || c.Has(keyA) {
		t.Error("an empty cache has something")
	}
	for _, data := range [][]byte{[]byte("first"), []byte("second, longer"), {}} {
		if err := c.Put(keyA, data); err != nil {
			t.Fatal(err)
		}
		if got := c.Get(keyA); got == nil || !bytes.Equal(got, data) {
			t.Errorf("got %q, put %q", got, data)
		}
	}
	for _, key := range []string{"", "../../../../etc/passwd", "AAAA0123456789abcdef0123456789ab"} {
		if err := c.Put(key, nil); err == nil {
			t.Errorf("%q was taken for a key", key)
		}
	}
	var none *store.Cache
	if err := none.Put(keyA, nil); err != nil || none.Get(keyA) != nil {
		t.Error("no cache keeps something")
	}
}

func TestCacheGetInto(t *testing.T) {
	t.Parallel()
	c := store.OpenCache(t.TempDir(), store.Options{})
	const kept = "what was kept"
	if err := c.Put(keyA, []byte(kept)); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, len(kept), 1 << 10} {
		room := bytes.Repeat([]byte("x"), n)
		if got := c.GetInto(room, keyA); string(got) != kept {
			t.Errorf("%q in a room of %d", got, n)
		}
		if got := c.GetInto(room, keyB); got != nil {
			t.Errorf("%q of what is not there, in a room of %d", got, n)
		}
	}
	room := make([]byte, 1<<10)
	if got := c.GetInto(room, keyA); !bytes.Contains(room, got) {
		t.Error("there was room, and it was not used")
	}
}

func TestCachePeek(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := store.OpenCache(dir, store.Options{})
	if err := c.Put(keyA, []byte("a head and a body")); err != nil {
		t.Fatal(err)
	}
	if b, size := c.Peek(keyA, 6); string(b) != "a head" || size != 17 {
		t.Errorf("%q of %d bytes", b, size)
	}
	if b, size := c.Peek(keyA, 100); string(b) != "a head and a body" || size != 17 {
		t.Errorf("%q of %d bytes", b, size)
	}
	if b, _ := c.Peek(keyB, 6); b != nil {
		t.Errorf("%q of what is not there", b)
	}
	if err := os.Truncate(filepath.Join(dir, keyA[:2], keyA), 20); err != nil {
		t.Fatal(err)
	}
	if b, _ := c.Peek(keyA, 3); b != nil {
		t.Errorf("%q of half an entry", b)
	}
}

// TestCacheKnowsWhatIsBroken changes, cuts and empties files as a power cut
// and a bad disk do.
func TestCacheKnowsWhatIsBroken(t *testing.T) {
	t.Parallel()
	for name, hurt := range map[string]func([]byte) []byte{
		"a bit":      func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		"the length": func(b []byte) []byte { b[9] ^= 1; return b },
		"cut":        func(b []byte) []byte { return b[:len(b)-3] },
		"zeros":      func(b []byte) []byte { return make([]byte, len(b)) },
		"empty":      func([]byte) []byte { return nil },
	} {
		dir := t.TempDir()
		c := store.OpenCache(dir, store.Options{})
		if err := c.Put(keyA, []byte("what was kept")); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, keyA[:2], keyA)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, hurt(b), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := c.Get(keyA); got != nil {
			t.Errorf("%s: it was handed out as %q", name, got)
		}
		if c.Has(keyA) {
			t.Errorf("%s: it is still there", name)
		}
	}
}

func TestCacheMake(t *testing.T) {
	t.Parallel()
	c := store.OpenCache(t.TempDir(), store.Options{})
	if _, err := c.Open(keyB); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one of a file that is not there", err)
	}
	stop := errors.New("stop")
	if err := c.Make(keyB, func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v, want the writer's", err)
	}
	if c.Has(keyB) {
		t.Error("half an entry is there")
	}
	if err := c.Make(keyB, func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }); err != nil {
		t.Fatal(err)
	}
	f, err := c.Open(keyB)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); err != nil || string(b) != "whole" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestCacheSweep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Now()
	c := store.OpenCache(dir, store.Options{Now: func() time.Time { return now }})
	for _, key := range []string{keyA, keyB} {
		if err := c.Put(key, []byte(key)); err != nil {
			t.Fatal(err)
		}
	}
	stray := filepath.Join(dir, "tmp", "stray")
	mine := filepath.Join(dir, "notes.txt")
	for _, f := range []string{stray, mine} {
		if err := os.WriteFile(f, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(20 * 24 * time.Hour)
	c.Get(keyB)
	now = now.Add(20 * 24 * time.Hour)
	c.Sweep()
	if c.Has(keyA) || !c.Has(keyB) {
		t.Errorf("unused kept: %v, used kept: %v", c.Has(keyA), c.Has(keyB))
	}
	if _, err := os.Stat(stray); err == nil {
		t.Error("what a killed process left is still there")
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error("a file that is no entry was removed")
	}
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	err := store.OpenCache(filepath.Join(file, "cache"), store.Options{}).Put(keyA, nil)
	if err == nil || !strings.Contains(err.Error(), "cache "+file) {
		t.Errorf("error %v, want one that names the cache", err)
	}
}

func TestCacheOnAFullDisk(t *testing.T) {
	t.Parallel()
	c := store.OpenCache(t.TempDir(), store.Options{})
	err := c.Make(keyA, func(io.Writer) error { return &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC} })
	if err == nil || !strings.Contains(err.Error(), "choose another with output.cache") {
		t.Errorf("error %v, want one that says what to do", err)
	}
	if c.Has(keyA) {
		t.Error("half an entry is there")
	}
}
