package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	useLock  = "use.lock"
	userList = "users.txt"
)

// Hold says that somebody relies on what the store has, or puts something into it:
// until release, nobody is Alone with it. Whoever comes first tidies up: nobody else
// is there who could be writing.
func (s *Store) Hold() (release func(), err error) {
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return nil, s.unwritable(err)
	}
	l := flock.New(filepath.Join(s.dir, useLock))
	if alone, err := l.TryLock(); err == nil && alone {
		s.tidy()
		_ = l.Unlock()
	}
	if err := l.RLock(); err != nil {
		return nil, s.unwritable(err)
	}
	if s.shared == nil {
		return func() { _ = l.Unlock() }, nil
	}
	s.shared.rely()
	stop := s.settling()
	return func() {
		stop()
		_ = l.Unlock()
	}, nil
}

// tidy removes what killed processes left: half-written entries, and notes in the
// outbox about entries that were never placed. Nobody else may be there.
func (s *Store) tidy() {
	s.sweep(s.now(), 0)
	notes, err := os.ReadDir(filepath.Join(s.dir, outbox))
	if err != nil {
		return
	}
	for _, d := range notes {
		if valid(d.Name()) == nil && !s.Here(d.Name()) {
			s.sent(d.Name())
		}
	}
}

// Alone keeps others from relying on the store until release. ok is false
// where somebody holds it.
func (s *Store) Alone() (release func(), ok bool, err error) {
	if _, err := os.Stat(s.dir); errors.Is(err, fs.ErrNotExist) {
		return func() {}, true, nil // there is nothing to rely on
	}
	l := flock.New(filepath.Join(s.dir, useLock))
	ok, err = l.TryLock()
	if err != nil {
		return nil, false, s.unwritable(err)
	}
	if ok {
		s.tidy()
	}
	return func() { _ = l.Unlock() }, ok, nil
}

// AddUser notes a folder whose files name entries of the store, for whoever
// wants to know which are named by none.
func (s *Store) AddUser(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	users, err := s.Users()
	if err != nil || slices.Contains(users, dir) || strings.ContainsAny(dir, "\r\n") {
		return err
	}
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return s.unwritable(err)
	}
	f, err := os.OpenFile(filepath.Join(s.dir, userList), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return s.unwritable(err)
	}
	_, err = f.WriteString("\n" + dir + "\n") // on a line of its own, whatever a crash left there
	if err = errors.Join(err, f.Close()); err != nil {
		return s.unwritable(err)
	}
	return nil
}

// Users are the folders that were noted, each once.
func (s *Store) Users() ([]string, error) {
	b, err := os.ReadFile(filepath.Join(s.dir, userList))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.unwritable(err)
	}
	var users []string
	for line := range strings.SplitSeq(string(b), "\n") {
		if line = strings.TrimSuffix(line, "\r"); filepath.IsAbs(line) && !slices.Contains(users, line) {
			users = append(users, line)
		}
	}
	return users, nil
}

// RemoveUser forgets a folder.
func (s *Store) RemoveUser(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	users, err := s.Users()
	if err != nil || !slices.Contains(users, dir) {
		return err
	}
	users = slices.DeleteFunc(users, func(u string) bool { return u == dir })
	tmp := filepath.Join(s.dir, userList+".new")
	_ = os.Remove(tmp)
	if _, err := writeSynced(tmp, strings.NewReader(strings.Join(append(users, ""), "\n"))); err != nil {
		return s.unwritable(err)
	}
	if err := os.Rename(tmp, filepath.Join(s.dir, userList)); err != nil {
		return s.unwritable(err)
	}
	return nil
}

// freshness is how exactly it is noted when an entry was last used.
const freshness = time.Hour

// touch notes that an entry was used, in the time of its description. A store
// that cannot be written to notes nothing.
func (s *Store) touch(key string) {
	name, now := filepath.Join(s.path(key), description), s.now()
	if info, err := os.Stat(name); err == nil && now.Sub(info.ModTime()) > freshness {
		_ = os.Chtimes(name, now, now)
	}
}
