package store

import (
	"errors"
	"os"
	"path/filepath"
)

// Adopt keeps the bytes of the entry from under another key, too, with another
// description, as [Store.Put] would. They are not written again where the file
// system has hard links; they are not read, so it is Open that finds out whether
// they are sound.
func (s *Store) Adopt(key, from string, meta []byte) (stored bool, err error) {
	if err := errors.Join(valid(key), valid(from)); err != nil {
		return false, err
	}
	meta, err = s.compact(key, meta)
	if err != nil {
		return false, err
	}
	if s.there(key) {
		return false, nil
	}
	r, err := s.record(from)
	if err != nil {
		return false, err
	}
	tmp, err := s.newFolder(key)
	if err != nil {
		return false, err
	}
	defer func() { s.drop(tmp, stored) }()
	was := filepath.Join(s.path(from), filepath.Base(r.File))
	r.Key, r.File, r.Meta = key, fileName(meta), meta
	if os.Link(was, filepath.Join(tmp, r.File)) != nil {
		data, _, err := s.Open(from)
		if err != nil {
			return false, err
		}
		defer data.Close()
		return s.Put(key, meta, data)
	}
	if err := s.describe(tmp, r); err != nil {
		return false, err
	}
	stored, err = s.share(tmp, key)
	return stored, err
}
