package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Entry is what a store says of one of its entries.
type Entry struct {
	Key    string
	Path   string // of the file with the bytes
	Size   int64  // bytes, as described
	SHA256 string // hex
	Meta   json.RawMessage
	Stored time.Time
	Used   time.Time // last, to the hour
	Damage error     // its description cannot be read; nil does not mean that its bytes are right: see Verify
}

// Walk calls f for every entry, by key. It ends at f's first error.
func (s *Store) Walk(f func(Entry) error) error {
	shelves, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store %s: %w", s.dir, err)
	}
	for _, shelf := range shelves {
		if !shelf.IsDir() || len(shelf.Name()) != 2 {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(s.dir, shelf.Name()))
		if err != nil {
			return fmt.Errorf("store %s: %w", s.dir, err)
		}
		for _, d := range entries {
			if valid(d.Name()) != nil || d.Name()[:2] != shelf.Name() {
				continue
			}
			if err := f(s.entry(d)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) entry(d fs.DirEntry) Entry {
	e := Entry{Key: d.Name()}
	if info, err := d.Info(); err == nil {
		e.Stored = info.ModTime()
	}
	if info, err := os.Stat(filepath.Join(s.path(e.Key), description)); err == nil {
		e.Used = info.ModTime()
	}
	r, err := readRecord(s.path(e.Key))
	if err != nil {
		e.Damage = &DamageError{e.Key, description + ": " + err.Error()}
		return e
	}
	e.Path = filepath.Join(s.path(e.Key), filepath.Base(r.File))
	e.Size, e.SHA256, e.Meta = r.Size, r.SHA256, r.Meta
	return e
}

// Verify reads the entry under the key: a *DamageError says what is wrong with
// it. It moves nothing.
func (s *Store) Verify(key string) error {
	if err := valid(key); err != nil {
		return err
	}
	f, r, err := s.sound(s.path(key), key)
	if err != nil {
		return fmt.Errorf("store %s: %w", s.dir, err)
	}
	defer f.Close()
	// The description as it is written: a bit of it can change and leave the
	// same meaning.
	want, err := r.encode()
	if err != nil {
		return fmt.Errorf("store %s: %w", s.dir, err)
	}
	got, err := os.ReadFile(filepath.Join(s.path(key), description))
	if err != nil {
		return fmt.Errorf("store %s: %w", s.dir, err)
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("store %s: %w", s.dir, &DamageError{key, description + " is not as it was written"})
	}
	return nil
}

// Remove forgets the entry under the key, in the bucket as well, unless that
// cannot be asked: then it stays there, until a person prunes it. One that is not there
// is no error.
func (s *Store) Remove(key string) error {
	if err := s.Evict(key); err != nil || s.shared == nil {
		return err
	}
	err := s.shared.ask(func(ctx context.Context, b Bucket) error { return b.Remove(ctx, takeName(key)) })
	if err == nil {
		s.shared.sees(takeName(key), false)
	}
	return context.Cause(s.shared.ctx)
}

// Evict forgets the entry under the key in the folder alone.
func (s *Store) Evict(key string) error {
	if err := valid(key); err != nil {
		return err
	}
	// Renamed first, so that no reader sees half of it.
	gone := filepath.Join(s.dir, temporary, "removed-"+key)
	err := os.Rename(s.path(key), gone)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		// Somebody was killed while he removed the same, or is about it.
		if err = os.RemoveAll(gone); err == nil {
			err = os.Rename(s.path(key), gone)
		}
	}
	if errors.Is(err, fs.ErrNotExist) && there(s.path(key)) { // the folder for it is missing
		if err = os.MkdirAll(filepath.Dir(gone), 0o777); err == nil {
			err = os.Rename(s.path(key), gone)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return s.unwritable(err)
	}
	_ = os.RemoveAll(gone) // what stays is swept later
	if s.shared != nil {
		s.sent(key)
	}
	return nil
}

// Describe is what was said of the entry under the key when it was put. Its
// bytes are not looked at.
func (s *Store) Describe(key string) ([]byte, error) {
	if err := valid(key); err != nil {
		return nil, err
	}
	r, err := s.record(key)
	if err != nil {
		return nil, err
	}
	return r.Meta, nil
}

// Mark tells whether the bytes under the key are still those that were read:
// it changes with the file's size, time of change and place on the disk. It is
// empty where there is no such entry.
func (s *Store) Mark(key string) string {
	if valid(key) != nil {
		return ""
	}
	files, err := os.ReadDir(s.path(key))
	if err != nil {
		return ""
	}
	mark := ""
	for _, f := range files {
		if f.Name() == description {
			continue // its time is when it was used
		}
		info, err := f.Info()
		if err != nil {
			return ""
		}
		mark += fmt.Sprintf("%s %d %d %d;", f.Name(), info.Size(), info.ModTime().UnixNano(), inode(info))
	}
	return mark
}
