package store_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/store"
)

// TestKilledWhilePutting has young leavings in the folder of what is being written:
// the first who relies on the store removes them, and nobody does while another
// does, whose they may be.
func TestKilledWhilePutting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	leave := func() string {
		t.Helper()
		tmp := filepath.Join(dir, "tmp", "abababab-1")
		if err := errors.Join(os.MkdirAll(tmp, 0o777), os.WriteFile(filepath.Join(tmp, "take.wav"), []byte("ha"), 0o600)); err != nil {
			t.Fatal(err)
		}
		return tmp
	}
	there := func(path string) bool {
		_, err := os.Stat(path)
		return !errors.Is(err, fs.ErrNotExist)
	}
	s := store.Folder(dir, store.Options{})
	tmp := leave()
	first, err := s.Hold()
	if err != nil {
		t.Fatal(err)
	}
	if there(tmp) {
		t.Error("whoever comes first leaves it")
	}
	leave()
	second, err := store.Folder(dir, store.Options{}).Hold()
	if err != nil {
		t.Fatal(err)
	}
	if !there(tmp) {
		t.Error("what another may be writing is gone")
	}
	second()
	first()
	if letGo, ok, err := s.Alone(); err != nil || !ok {
		t.Fatal(ok, err)
	} else {
		letGo()
	}
	if there(tmp) {
		t.Error("whoever is alone leaves it")
	}
}

// TestCacheKilledWhilePutting is the same of the cache, with a clock that went
// wrong and came right again.
func TestCacheKilledWhilePutting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Now()
	c := store.OpenCache(dir, store.Options{Now: func() time.Time { return now }})
	if err := c.Put(keyA, []byte("a")); err != nil {
		t.Fatal(err)
	}
	c.Sweep() // it was looked over today
	tmp := filepath.Join(dir, "tmp", "cdcdcdcd-1")
	if err := os.WriteFile(tmp, []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Sweep()
	if _, err := os.Stat(tmp); err == nil {
		t.Error("what a killed process left is still there")
	}
	// While somebody writes, nothing is removed.
	err := c.Make(keyB, func(w io.Writer) error {
		before, err := os.ReadDir(filepath.Join(dir, "tmp"))
		if err != nil {
			return err
		}
		store.OpenCache(dir, store.Options{}).Sweep()
		if after, err := os.ReadDir(filepath.Join(dir, "tmp")); err != nil || len(after) != len(before) || len(after) != 1 {
			t.Errorf("of %d files %d are left, %v", len(before), len(after), err)
		}
		_, err = w.Write([]byte("b"))
		return err
	})
	if err != nil || !c.Has(keyB) {
		t.Errorf("what was written meanwhile: %v", err)
	}

	now = now.AddDate(1, 0, 0)
	c.Sweep()
	now = now.AddDate(-1, 0, 0)
	if c.Has(keyA) {
		t.Error("a year later it is still there")
	}
	if err := c.Put(keyA, []byte("a")); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 2, 0)
	c.Sweep()
	if c.Has(keyA) {
		t.Error("it is not looked over before the day on which a clock once was")
	}
}

// TestEveryFlippedBit flips each bit of each file of an entry: a take with what is said of it,
// and a record. Verify finds it. So it is with a block of the
// cache, which is then not there.
func TestEveryFlippedBit(t *testing.T) {
	t.Parallel()
	flips := func(path string, then func(what string)) {
		t.Helper()
		was, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range was {
			for bit := range 8 {
				is := append([]byte{}, was...)
				is[i] ^= 1 << bit
				if err := os.WriteFile(path, is, 0o600); err != nil {
					t.Fatal(err)
				}
				then(fmt.Sprintf("%s, byte %d, bit %d", filepath.Base(path), i, bit))
			}
		}
		if err := os.WriteFile(path, was, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	s := store.Folder(dir, store.Options{})
	for name, meta := range map[string]string{"take.wav": `{"name":"take.wav","text":"Ä <b> & c"}`, "record.json": `{"name":"record.json"}`} {
		key := key[:62] + fmt.Sprintf("%02d", len(name))
		put(t, s, key, meta, `{"length":[1.5,2]}`)
		for _, file := range []string{name, "entry.json"} {
			flips(filepath.Join(dir, key[:2], key, file), func(what string) {
				if err := s.Verify(key); !errors.As(err, new(*store.DamageError)) {
					t.Errorf("%s: Verify says %v", what, err)
				}
			})
		}
		if err := s.Verify(key); err != nil {
			t.Error(err)
		}
	}
	sound := t.TempDir()
	c := store.OpenCache(sound, store.Options{})
	if err := c.Put(keyA, []byte("a block")); err != nil {
		t.Fatal(err)
	}
	flips(filepath.Join(sound, keyA[:2], keyA), func(what string) {
		if b := c.Get(keyA); b != nil {
			t.Errorf("%s: Get gives %q", what, b)
		}
	})
}
