package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// DamageError is an entry whose bytes are not those that were stored.
type DamageError struct {
	Key    string
	Reason string
}

func (e *DamageError) Error() string { return fmt.Sprintf("entry %s: %s", e.Key, e.Reason) }

// mostDescription bounds entry.json: a take's holds its text, never more.
const mostDescription = 1 << 20

// sound opens the file of the entry in the folder dir, at its start, once its
// size and hash have been found right.
func (s *Store) sound(dir, key string) (*os.File, record, error) {
	damage := func(format string, a ...any) error { return &DamageError{key, fmt.Sprintf(format, a...)} }
	r, err := readRecord(dir)
	if errors.Is(err, fs.ErrNotExist) && there(dir) {
		// Whole entries are renamed into place: this one may have come since.
		if r, err = readRecord(dir); errors.Is(err, fs.ErrNotExist) && there(dir) {
			return nil, r, damage("%s is missing", description)
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, r, err
	case errors.As(err, new(*fs.PathError)):
		return nil, r, err
	case err != nil:
		return nil, r, damage("%s: %v", description, err)
	case r.Key != key:
		return nil, r, damage("%s is about %.80q", description, r.Key)
	case r.File != filepath.Base(r.File) || r.File == description:
		return nil, r, damage("%s names the file %.80q", description, r.File)
	case len(r.Meta) > 0 && hexSum(r.Meta) != r.MetaSum:
		return nil, r, damage("the description has changed")
	}
	f, err := openFile(filepath.Join(dir, r.File))
	if errors.Is(err, fs.ErrNotExist) && there(dir) {
		return nil, r, damage("%s is missing", r.File)
	}
	if err != nil { // it may have been removed while it was looked at
		return nil, r, err
	}
	if err := checkBytes(f, r, damage); err != nil {
		f.Close()
		return nil, r, err
	}
	return f, r, nil
}

func there(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}

func checkBytes(f *os.File, r record, damage func(string, ...any) error) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != r.Size {
		return damage("%s has %d bytes, not %d", r.File, info.Size(), r.Size)
	}
	sum := sha256.New()
	// Larger reads than io.Copy's: an answer is a few hundred kilobytes.
	if _, err := io.CopyBuffer(sum, struct{ io.Reader }{f}, make([]byte, min(r.Size+1, 1<<18))); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != r.SHA256 {
		return damage("%s has the SHA-256 %s, not %.64s", r.File, got, r.SHA256)
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

func readRecord(dir string) (r record, err error) {
	f, err := openFile(filepath.Join(dir, description))
	if err != nil {
		return r, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostDescription+1))
	if err != nil {
		return r, err
	}
	if len(b) > mostDescription {
		return r, fmt.Errorf("longer than %d bytes", mostDescription)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, err
	}
	if r.Version != version {
		return r, fmt.Errorf("version %d is not known", r.Version)
	}
	if len(r.Meta) > 0 { // indented with the rest of the file
		var meta bytes.Buffer
		if err := json.Compact(&meta, r.Meta); err != nil {
			return r, err
		}
		r.Meta = meta.Bytes()
	}
	return r, nil
}

// setAside moves a damaged entry into the quarantine. Another process may have
// seen the same damage and put a sound entry in its place meanwhile: what
// turns out to be sound goes back.
func (s *Store) setAside(key string, why error) {
	s.report(key, why)
	if os.MkdirAll(filepath.Join(s.dir, quarantine), 0o777) != nil {
		return // a store that cannot be written to still does not hand it out
	}
	for n := 1; n < 1000; n++ {
		to := filepath.Join(s.dir, quarantine, key+"-"+strconv.Itoa(n))
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		if os.Rename(s.path(key), to) != nil {
			return
		}
		if f, _, err := s.sound(to, key); err == nil {
			f.Close()
			_ = os.Rename(to, s.path(key)) // fails where there is one again: just as well
		}
		return
	}
}
