package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Options are what a Store needs from outside; each has a default.
type Options struct {
	Now    func() time.Time          // nil is time.Now; only to know how old things are
	Report func(key string, e error) // told of every damaged entry; may be nil
	Shared *Shared                   // the bucket behind the folder; nil is none
}

// Store keeps entries in a folder.
type Store struct {
	dir    string
	now    func() time.Time
	report func(string, error)
	shared *Shared // nil is none

	shelves sync.Map // those whose names are surely on the disk: string to struct{}
}

const (
	description = "entry.json"
	temporary   = "tmp"
	quarantine  = "quarantine"
	version     = 1
)

// leftover is how old a folder in tmp is when whoever wrote it is surely gone.
const leftover = time.Hour

// Folder is the store in dir. It makes nothing before something is put; it
// removes what killed processes left half-written more than an hour ago, and
// [Store.Hold] the rest.
func Folder(dir string, o Options) *Store {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	s := &Store{dir: dir, now: now, report: o.Report, shared: o.Shared}
	if s.report == nil {
		s.report = func(string, error) {}
	}
	s.sweep(now(), leftover)
	return s
}

// Dir is the folder.
func (s *Store) Dir() string { return s.dir }

// sweep removes what is being written for longer than age.
func (s *Store) sweep(now time.Time, age time.Duration) {
	stray, err := os.ReadDir(filepath.Join(s.dir, temporary))
	if err != nil {
		return // no folder, or not ours to read: nothing to sweep
	}
	for _, d := range stray {
		if info, err := d.Info(); err == nil && (age == 0 || now.Sub(info.ModTime()) > age) {
			_ = os.RemoveAll(filepath.Join(s.dir, temporary, d.Name()))
		}
	}
}

// record is entry.json.
type record struct {
	Version int             `json:"version"`
	Key     string          `json:"key"`
	File    string          `json:"file"`
	Size    int64           `json:"size"`
	SHA256  string          `json:"sha256"`
	Meta    json.RawMessage `json:"meta,omitempty"`
	MetaSum string          `json:"meta_sha256,omitempty"` // of meta without white space
}

// encode is entry.json, byte for byte.
func (r record) encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // meta as it was given: its hash is checked
	enc.SetIndent("", "  ")
	err := enc.Encode(r)
	return b.Bytes(), err
}

// Open opens the bytes under the key, whose hash has been checked, and their
// description. The error wraps fs.ErrNotExist where there is no such entry; a
// damaged one is moved aside, reported, and not there either. What is not in the
// folder is brought from the bucket behind it; the error is an
// *UnreachableError where that cannot be asked.
func (s *Store) Open(key string) (io.ReadCloser, []byte, error) {
	if err := valid(key); err != nil {
		return nil, nil, err
	}
	if s.shared == nil {
		return s.open(key)
	}
	if s.waits(key) { // the bucket may have another by now
		if _, err := s.sendOnce(key, true); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, err
		}
	}
	f, meta, err := s.open(key)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, meta, err
	}
	if err := s.fetch(key); err != nil {
		return nil, nil, err
	}
	return s.open(key)
}

// open is Open of what is in the folder.
func (s *Store) open(key string) (io.ReadCloser, []byte, error) {
	f, r, err := s.sound(s.path(key), key)
	switch {
	case err == nil:
		s.touch(key)
		return f, r.Meta, nil
	case errors.As(err, new(*DamageError)):
		s.setAside(key, err)
		return nil, nil, fmt.Errorf("store %s: entry %s was damaged and has been moved aside: %w", s.dir, key, fs.ErrNotExist)
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, fmt.Errorf("store %s: no entry %s: %w", s.dir, key, fs.ErrNotExist)
	default:
		return nil, nil, fmt.Errorf("store %s: read entry %s: %w", s.dir, key, err)
	}
}

// Has says whether there is an entry under the key, in the folder or, as far as
// that can be asked, in the bucket. It does not read it.
func (s *Store) Has(key string) bool {
	if valid(key) != nil {
		return false
	}
	if here := s.Here(key); here || s.shared == nil {
		return here
	}
	there, err := s.shared.has(takeName(key))
	return err == nil && there
}

// Here says whether there is an entry under the key in the folder.
func (s *Store) Here(key string) bool {
	if valid(key) != nil {
		return false
	}
	return exists(s.path(key) + string(filepath.Separator) + description)
}

// Put keeps the bytes of data and meta (JSON, or nothing; its white space is
// not kept) under the key, unless there is an entry already: the first one
// wins, and stored says whether it was this one. Where meta is an object with
// a "name", such as take.wav, the file has that name. With a bucket, the first
// one there wins; while that cannot be asked, the one here does, and waits.
func (s *Store) Put(key string, meta []byte, data io.Reader) (stored bool, err error) {
	if err := valid(key); err != nil {
		return false, err
	}
	meta, err = s.compact(key, meta)
	if err != nil {
		return false, err
	}
	if s.there(key) {
		return false, nil
	}
	tmp, err := s.newFolder(key)
	if err != nil {
		return false, err
	}
	defer func() { s.drop(tmp, stored) }()
	if err := s.write(tmp, record{Version: version, Key: key, File: fileName(meta), Meta: meta}, data); err != nil {
		return false, err
	}
	stored, err = s.share(tmp, key)
	return stored, err
}

// compact is the description of an entry without its white space.
func (s *Store) compact(key string, meta []byte) ([]byte, error) {
	var b bytes.Buffer
	if len(meta) > 0 {
		if err := json.Compact(&b, meta); err != nil {
			return nil, fmt.Errorf("store %s: the description of %s is not JSON: %w", s.dir, key, err)
		}
	}
	return b.Bytes(), nil
}

// share places the finished folder, and then puts the entry into the bucket.
func (s *Store) share(tmp, key string) (stored bool, err error) {
	if s.shared == nil {
		return s.place(tmp, key)
	}
	if err := s.wait(key); err != nil {
		return false, err
	}
	if stored, err = s.place(tmp, key); err != nil || !stored {
		return stored, err
	}
	return s.sendOnce(key, false)
}

// there says whether there is a sound entry; a damaged one makes room.
func (s *Store) there(key string) bool {
	f, _, err := s.sound(s.path(key), key)
	if err == nil {
		f.Close()
		return true
	}
	if errors.As(err, new(*DamageError)) {
		s.setAside(key, err)
	}
	return false
}

// newFolder is one in which an entry is made.
func (s *Store) newFolder(key string) (string, error) {
	tmp, err := os.MkdirTemp(filepath.Join(s.dir, temporary), key[:8]+"-")
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Join(s.dir, temporary), 0o777); err != nil {
			return "", s.unwritable(err)
		}
		tmp, err = os.MkdirTemp(filepath.Join(s.dir, temporary), key[:8]+"-")
	}
	if err != nil {
		return "", s.unwritable(err)
	}
	return tmp, nil
}

// drop removes a new folder that did not become an entry.
func (s *Store) drop(tmp string, placed bool) {
	if !placed {
		_ = os.RemoveAll(tmp) // what stays is swept later
	}
}

func (s *Store) write(tmp string, r record, data io.Reader) error {
	sum := sha256.New()
	size, err := writeSynced(filepath.Join(tmp, r.File), &reading{r: data, sum: sum})
	if err != nil {
		if src := new(sourceError); errors.As(err, &src) {
			return src.err // of whoever gave the bytes, not of the folder
		}
		return s.unwritable(err)
	}
	r.Size, r.SHA256 = size, hex.EncodeToString(sum.Sum(nil))
	return s.describe(tmp, r)
}

// describe writes entry.json beside the bytes in a new folder.
func (s *Store) describe(tmp string, r record) error {
	if r.MetaSum = ""; len(r.Meta) > 0 {
		r.MetaSum = hexSum(r.Meta)
	}
	b, err := r.encode()
	if err != nil {
		return fmt.Errorf("store %s: describe %s: %w", s.dir, r.Key, err)
	}
	if _, err := writeSynced(filepath.Join(tmp, description), bytes.NewReader(b)); err != nil {
		return s.unwritable(err)
	}
	if err := os.Chmod(tmp, 0o755); err != nil { // MkdirTemp's 0700 would hide it from the producer's colleagues
		return s.unwritable(err)
	}
	return s.syncDir(tmp)
}

// place renames the finished folder; the parent is synced so that the entry
// outlives a power cut.
func (s *Store) place(tmp, key string) (bool, error) {
	to := s.path(key)
	parent := filepath.Dir(to)
	err := os.Rename(tmp, to)
	if errors.Is(err, fs.ErrNotExist) { // the first on its shelf
		if err := os.MkdirAll(parent, 0o777); err != nil {
			return false, s.unwritable(err)
		}
		err = os.Rename(tmp, to)
	}
	if err != nil {
		if _, statErr := os.Stat(to); statErr == nil {
			return false, nil // somebody was faster
		}
		return false, s.unwritable(err)
	}
	if err := s.syncDir(parent); err != nil {
		return true, err
	}
	if _, known := s.shelves.Load(parent); known {
		return true, nil
	}
	err = s.syncDir(s.dir) // whoever made the shelf may not have come to it
	if err == nil {
		s.shelves.Store(parent, struct{}{})
	}
	return true, err
}

func (s *Store) path(key string) string { return filepath.Join(s.dir, key[:2], key) }

// unwritable says what is wrong with the folder, not only with the call.
func (s *Store) unwritable(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("store %s: the disk is full: make room and run it again, what was finished is kept: %w", s.dir, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("store %s: the folder cannot be written to: choose another with --store or output.store: %w", s.dir, err)
	default:
		return fmt.Errorf("store %s: write: %w", s.dir, err)
	}
}

// valid keeps a key from being a path: it is lower-case hex.
func valid(key string) error {
	if len(key) < 16 || len(key) > 128 || strings.Trim(key, "0123456789abcdef") != "" {
		return fmt.Errorf("store: %.40q is no key: 16 to 128 hex digits are", key)
	}
	return nil
}

// fileName is the name that meta asks for, where it is a plain one.
func fileName(meta []byte) string {
	var m struct {
		Name string `json:"name"`
	}
	const plain = "abcdefghijklmnopqrstuvwxyz0123456789-_."
	if json.Unmarshal(meta, &m) != nil || m.Name == "" || len(m.Name) > 64 || m.Name[0] == '.' ||
		strings.Trim(m.Name, plain) != "" || m.Name == description {
		return "data"
	}
	return m.Name
}

// reading hashes what it reads, and marks the source's errors as such.
type reading struct {
	r   io.Reader
	sum hash.Hash
}

type sourceError struct{ err error }

func (e *sourceError) Error() string { return e.err.Error() }

func (r *reading) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.sum.Write(p[:n])
	if err != nil && err != io.EOF {
		err = &sourceError{err}
	}
	return n, err
}

func writeSynced(path string, r io.Reader) (int64, error) {
	f, err := createFile(path)
	if err != nil {
		return 0, err
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{f}, r, make([]byte, 1<<17)) // larger writes than io.Copy's
	if err == nil {
		err = f.Sync()
	}
	return n, errors.Join(err, f.Close())
}

// syncDir makes the names in a folder durable. Some file systems cannot sync a
// folder and say so; they have no more to give.
func (s *Store) syncDir(dir string) error {
	d, err := openFile(dir)
	if err != nil {
		return s.unwritable(err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) && !errors.Is(err, fs.ErrPermission) {
		return s.unwritable(err)
	}
	return nil
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
