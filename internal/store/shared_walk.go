package store

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"
)

// String is the bucket's address.
func (s *Shared) String() string { return s.bucket.String() }

// Ready says whether the bucket can be asked, and written to.
func (s *Shared) Ready() error { return s.ready() }

// Walk calls f for every entry in the bucket, by key: its key, the bytes of its
// archive, and when it was put there, by the clock of the bucket. It ends at f's
// first error. Files that are none of its own are passed over.
func (s *Shared) Walk(f func(key string, bytes int64, stored time.Time) error) error {
	return s.list("takes/", takeName, f)
}

// WalkBlocks is Walk of the blocks.
func (s *Shared) WalkBlocks(f func(key string, bytes int64, stored time.Time) error) error {
	return s.list("blocks/", blockName, f)
}

func (s *Shared) list(prefix string, nameOf func(string) string, f func(string, int64, time.Time) error) error {
	return s.ask(func(ctx context.Context, b Bucket) error {
		return b.List(ctx, prefix, func(name string, bytes int64, stored time.Time) error {
			key := keyOf(name, nameOf)
			if key == "" {
				return nil
			}
			if err := f(key, bytes, stored); err != nil {
				return &localError{err}
			}
			return nil
		})
	})
}

// Verify reads the entry under the key in the bucket, all of it, and keeps
// nothing: a *DamageError says what is wrong with it, and the Entry what it says
// of itself, as far as that can be read.
func (s *Shared) Verify(key string) (Entry, error) {
	return s.entry(key, func(archive io.Reader) (record, error) {
		return unpack(archive, key, func(_ string, data io.Reader) error {
			_, err := io.Copy(io.Discard, data)
			return err
		})
	})
}

// Describe is what the bucket's entry under the key says of itself, by the head
// of its archive alone.
func (s *Shared) Describe(key string) (Entry, error) {
	return s.entry(key, func(archive io.Reader) (record, error) {
		r, _, err := unpackRecord(tar.NewReader(&reading{r: archive, sum: sha256.New()}), key)
		return r, err
	})
}

// entry is what read finds in the archive under the key.
func (s *Shared) entry(key string, read func(archive io.Reader) (record, error)) (Entry, error) {
	e := Entry{Key: key}
	if err := valid(key); err != nil {
		return e, err
	}
	err := s.ask(func(ctx context.Context, b Bucket) error {
		archive, err := b.Get(ctx, takeName(key))
		if err != nil {
			return err
		}
		defer archive.Close()
		r, err := read(archive)
		e.Path, e.Size, e.SHA256, e.Meta = r.File, r.Size, r.SHA256, r.Meta
		return err
	})
	return e, err
}

// Remove forgets the entry under the key in the bucket, for all machines that
// have not got it yet. One that is not there is no error.
func (s *Shared) Remove(key string) error { return s.remove(key, takeName) }

// RemoveBlock forgets a block in the bucket.
func (s *Shared) RemoveBlock(key string) error { return s.remove(key, blockName) }

func (s *Shared) remove(key string, nameOf func(string) string) error {
	if err := valid(key); err != nil {
		return err
	}
	err := s.ask(func(ctx context.Context, b Bucket) error { return b.Remove(ctx, nameOf(key)) })
	if err == nil {
		s.sees(nameOf(key), false)
	}
	return err
}

// Offer notes each entry of the folder that the bucket does not have as one to
// be sent, and says how many wait: those that were made without a bucket do not
// get there by themselves. Settle sends them.
func (s *Store) Offer() (waiting int, err error) {
	if s.shared == nil {
		return 0, errors.New("there is no bucket behind the store " + s.dir)
	}
	there := map[string]bool{}
	err = s.shared.Walk(func(key string, _ int64, _ time.Time) error {
		there[key] = true
		return nil
	})
	if err != nil {
		return 0, err
	}
	err = s.Walk(func(e Entry) error {
		if there[e.Key] || e.Damage != nil {
			return nil //nolint:nilerr // what is damaged is not sent
		}
		waiting++
		if err := s.wait(e.Key); err != nil {
			return fmt.Errorf("note that %s is to be sent: %w", e.Key, err)
		}
		return nil
	})
	return waiting, err
}
