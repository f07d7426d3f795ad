package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

// transfers is how many requests to a bucket one of its users makes at once.
const transfers = 16

// fetch brings the entry under the key here from the bucket. The error wraps
// fs.ErrNotExist where it has none, or may be taken to have none.
func (s *Store) fetch(key string) error {
	name := takeName(key)
	if s.shared.absent(name, absentForUse) {
		return fmt.Errorf("store %s: no entry %s: %w", s.dir, key, fs.ErrNotExist)
	}
	_, err, _ := s.shared.flights.Do(s.dir+"\x00"+name, func() (any, error) {
		if s.Here(key) { // another has fetched it meanwhile
			return nil, nil
		}
		tmp, _, err := s.download(key)
		if err != nil {
			return nil, err
		}
		placed, err := s.place(tmp, key)
		s.drop(tmp, placed)
		return nil, err
	})
	damage, local := new(DamageError), new(localError)
	switch {
	case err == nil:
		s.shared.sees(name, true)
		return nil
	case errors.Is(err, fs.ErrNotExist):
		s.shared.sees(name, false)
		return fmt.Errorf("store %s: no entry %s: %w", s.dir, key, fs.ErrNotExist)
	case errors.As(err, &damage): // it is replaced by what is put under its key
		s.report(key, fmt.Errorf("bucket %s: %w", s.shared.bucket, damage))
		return fmt.Errorf("bucket %s: entry %s is damaged: %w", s.shared.bucket, key, fs.ErrNotExist)
	case errors.As(err, &local):
		return s.unwritable(local.err)
	}
	return s.shared.unasked(name, err)
}

// record is the description of an entry, fetched where the bucket alone has it.
func (s *Store) record(key string) (record, error) {
	r, err := readRecord(s.path(key))
	if s.shared != nil && errors.Is(err, fs.ErrNotExist) {
		if err := s.fetch(key); err != nil {
			return r, err
		}
		r, err = readRecord(s.path(key))
	}
	if err != nil {
		return r, fmt.Errorf("store %s: read the description of %s: %w", s.dir, key, err)
	}
	return r, nil
}

// tries is how often an archive that is not as it was packed is read before the
// bucket is taken to have it so: bytes are lost on the way, too.
const tries = 2

// download brings the bucket's entry under the key into a new folder, sound.
func (s *Store) download(key string) (tmp string, r record, err error) {
	for range tries {
		tmp, r, err = s.downloadOnce(key)
		if !errors.As(err, new(*DamageError)) && !errors.As(err, new(*sourceError)) {
			break
		}
	}
	return tmp, r, err
}

func (s *Store) downloadOnce(key string) (tmp string, r record, err error) {
	err = s.shared.ask(func(ctx context.Context, b Bucket) error {
		from, err := b.Get(ctx, takeName(key))
		if err != nil {
			return err
		}
		defer from.Close()
		if tmp, err = s.newFolder(key); err != nil {
			return &localError{err}
		}
		r, err = unpack(from, key, func(name string, data io.Reader) error {
			_, err := writeSynced(filepath.Join(tmp, name), data)
			return err
		})
		if err != nil {
			return err
		}
		if err := os.Chmod(tmp, 0o755); err != nil {
			return &localError{err}
		}
		if err := s.syncDir(tmp); err != nil {
			return &localError{err}
		}
		return nil
	})
	if err != nil && tmp != "" {
		s.drop(tmp, false)
		tmp = ""
	}
	return tmp, r, err
}

// Expect tells of keys that will be asked for with Has. A folder has nothing to
// do; of a bucket, what is not here is asked for at once, several at a time.
func (s *Store) Expect(keys []string) {
	if s.shared == nil || !s.shared.answers() {
		return
	}
	g, ctx := errgroup.WithContext(s.shared.ctx)
	g.SetLimit(transfers)
	for _, key := range keys {
		if s.Here(key) || valid(key) != nil {
			continue
		}
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			_, err := s.shared.has(takeName(key))
			return err
		})
	}
	_ = g.Wait() // Has says that it is not there; Open says why
}
