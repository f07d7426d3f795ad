package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	outbox = "outbox" // an empty file for each entry that is not in the bucket yet
	extra  = "extra"  // entries in whose place the bucket's came
)

// wait notes in the outbox that an entry is to be sent, before it is placed: a
// process that is killed in between leaves a note about nothing.
func (s *Store) wait(key string) error {
	dir := filepath.Join(s.dir, outbox)
	f, err := createFile(filepath.Join(dir, key))
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return s.unwritable(err)
		}
		f, err = createFile(filepath.Join(dir, key))
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return s.unwritable(err)
	}
	if err := f.Close(); err != nil {
		return s.unwritable(err)
	}
	return s.syncDir(dir)
}

// waits says whether an entry is to be sent.
func (s *Store) waits(key string) bool {
	_, err := os.Stat(filepath.Join(s.dir, outbox, key))
	return err == nil
}

func (s *Store) sent(key string) { _ = os.Remove(filepath.Join(s.dir, outbox, key)) }

// sendOnce is send, one at a time for a key.
func (s *Store) sendOnce(key string, late bool) (bool, error) {
	won, err, _ := s.shared.flights.Do("send\x00"+s.dir+"\x00"+key, func() (any, error) { return s.send(key, late) })
	return won.(bool), err
}

// send puts the entry under the key, which is here, into the bucket. Where that
// has one it comes in this one's place, for it was first: won is false then. A
// bucket that cannot be asked is no error: the entry waits. late is that it may
// have been used meanwhile: then it is kept beside.
func (s *Store) send(key string, late bool) (won bool, err error) {
	name := takeName(key)
	f, r, err := s.sound(s.path(key), key)
	if errors.As(err, new(*DamageError)) {
		s.setAside(key, err)
	}
	if err != nil {
		return false, fmt.Errorf("store %s: read entry %s: %w", s.dir, key, err)
	}
	defer f.Close()
	head, err := r.encode()
	if err != nil {
		return false, fmt.Errorf("store %s: describe %s: %w", s.dir, key, err)
	}
	put := func() (stored bool, err error) {
		err = s.shared.ask(func(ctx context.Context, b Bucket) error {
			stored, err = b.PutIfAbsent(ctx, name, archived(len(head), r.Size), func(w io.Writer) error {
				if _, err := f.Seek(0, io.SeekStart); err != nil {
					return &localError{err}
				}
				return pack(w, head, r, localReader{f})
			})
			return err
		})
		return stored, err
	}
	stored, err := put()
	if err == nil && !stored {
		var other string
		if other, stored, err = s.yields(key, r); other != "" {
			return false, s.replace(key, other, late)
		}
		if errors.As(err, new(*DamageError)) {
			stored, err = s.mend(key, err, put)
		}
	}
	if err == nil && stored {
		s.shared.sees(name, true)
		s.sent(key)
		return true, nil
	}
	if local := new(localError); errors.As(err, &local) {
		return false, s.unwritable(local.err)
	}
	return true, nil // it waits in the outbox
}

// yields compares an entry with the bucket's, which was there before: ours says
// that it is the same, as where the answer to a first attempt was lost. Else
// other is a folder with the bucket's.
func (s *Store) yields(key string, r record) (other string, ours bool, err error) {
	tmp, theirs, err := s.download(key)
	if err != nil {
		return "", false, err
	}
	if theirs.SHA256 == r.SHA256 && theirs.MetaSum == r.MetaSum && theirs.File == r.File {
		s.drop(tmp, false)
		return "", true, nil
	}
	return tmp, false, nil
}

// mend puts an entry in place of one that is damaged in the bucket.
func (s *Store) mend(key string, damage error, put func() (bool, error)) (stored bool, err error) {
	s.report(key, fmt.Errorf("bucket %s: %w", s.shared.bucket, damage))
	err = s.shared.ask(func(ctx context.Context, b Bucket) error { return b.Remove(ctx, takeName(key)) })
	if err != nil {
		return false, err
	}
	return put() // where another was faster, it is looked at next time
}

// replace puts the bucket's entry, which is in the folder other, in place of the
// one here.
func (s *Store) replace(key, other string, late bool) error {
	defer s.drop(other, false) // where it is placed, it is not there any more
	aside := filepath.Join(s.dir, temporary, "outdone-"+key)
	if late {
		if err := os.MkdirAll(filepath.Join(s.dir, extra), 0o777); err != nil {
			return s.unwritable(err)
		}
		aside = s.free(filepath.Join(s.dir, extra, key))
	}
	_ = os.RemoveAll(aside)
	if err := os.Rename(s.path(key), aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.unwritable(err)
	}
	if _, err := s.place(other, key); err != nil {
		return err
	}
	s.shared.sees(takeName(key), true)
	s.sent(key)
	if late {
		s.shared.notice(fmt.Sprintf("take %.12s was made by another machine as well, and that one was first: it is the take from now on; the one made here is in %s",
			key, filepath.Join(extra, filepath.Base(aside))))
		return nil
	}
	_ = os.RemoveAll(aside) // what stays is swept later
	return nil
}

// free is a name that nothing has, path or path with a number.
func (*Store) free(path string) string {
	to := path
	for n := 2; n < 1000; n++ {
		if _, err := os.Lstat(to); err != nil {
			break
		}
		to = path + "-" + strconv.Itoa(n)
	}
	return to
}

// Settle sends what waits in the outbox, and says how many entries still do. It
// ends early where the bucket cannot be asked, or with ctx.
func (s *Store) Settle(ctx context.Context) (left int, err error) {
	if s.shared == nil {
		return 0, nil
	}
	files, err := os.ReadDir(filepath.Join(s.dir, outbox))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, s.unwritable(err)
	}
	if len(files) > 0 && s.shared.answers() {
		var g errgroup.Group
		g.SetLimit(transfers / 4)
		for _, d := range files {
			if valid(d.Name()) != nil || ctx.Err() != nil {
				continue
			}
			g.Go(func() error { return s.settle(d) })
		}
		err = errors.Join(g.Wait(), context.Cause(ctx))
	}
	for _, d := range files {
		if s.waits(d.Name()) {
			left++
		}
	}
	return left, err
}

// settle sends one entry. A note about none is of a process that was killed, or
// of one that is about to place it.
func (s *Store) settle(d fs.DirEntry) error {
	if s.Here(d.Name()) {
		_, err := s.sendOnce(d.Name(), true)
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if info, err := d.Info(); err == nil && s.now().Sub(info.ModTime()) > leftover {
		s.sent(d.Name())
	}
	return nil
}

// settleEvery is how often what waits is tried while somebody relies on the
// store, and parting how long whoever lets go of it waits for that.
const (
	settleEvery = restFor
	parting     = 10 * time.Second
)

// settling sends what waits until stop, which does so a last time.
func (s *Store) settling() (stop func()) {
	ctx, cancel := context.WithCancel(s.shared.ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(settleEvery)
		defer tick.Stop()
		for {
			_, _ = s.Settle(ctx) // what waits is said by whoever was told that it does
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(parting):
			return
		}
		last, done := context.WithTimeout(s.shared.ctx, parting)
		defer done()
		_, _ = s.Settle(last)
	}
}

// localReader marks what cannot be read here as no fault of the bucket.
type localReader struct{ r io.Reader }

func (r localReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && err != io.EOF {
		err = &localError{err}
	}
	return n, err
}
