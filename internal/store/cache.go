package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// Cache keeps what costs only time to make again, one file a key. With a bucket
// behind it, blocks are shared (see [Cache.With]):
//
//	DIR/ab/abcdef…              the bytes, behind a header
//	DIR/tmp/                    what is being written now
//	DIR/swept                   when it was last looked over
//	DIR/use.lock                held by whoever writes
//
// Nothing is synced: what a power cut leaves is known by its checksum, and
// is not there. What was not used for a month is removed. A nil Cache keeps
// nothing. It is safe for concurrent use, by several processes at once.
type Cache struct {
	dir    string
	now    func() time.Time
	shared *Shared // the bucket behind it; nil is none
	sends  *sends
}

const (
	cacheMagic  = "NPC1"
	cacheHeader = len(cacheMagic) + 4 + 8 // and a CRC-32C and the length
	sweptMark   = "swept"

	cacheKept  = 30 * 24 * time.Hour // that an entry is kept without being used
	sweepEvery = 24 * time.Hour
	touchEvery = 24 * time.Hour // how exactly it is noted when an entry was last used
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// OpenCache is the cache in dir. It makes nothing before something is put.
func OpenCache(dir string, o Options) *Cache {
	c := &Cache{dir: dir, now: o.Now}
	if c.now == nil {
		c.now = time.Now
	}
	return c.With(o.Shared)
}

// Get is the bytes under the key, nil where there are none that are sound.
func (c *Cache) Get(key string) []byte { return c.GetInto(nil, key) }

// GetInto is Get into the room of a slice whose bytes nobody needs, where they
// fit; else into a new one.
func (c *Cache) GetInto(room []byte, key string) []byte {
	if c == nil || valid(key) != nil {
		return nil
	}
	path := c.path(key)
	f, err := openFile(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	b := slices.Grow(room[:0], int(info.Size()))[:info.Size()]
	if _, err := io.ReadFull(f, b); err != nil {
		return nil
	}
	data, ok := sound(b)
	if !ok {
		_ = os.Remove(path) // half written when the power went
		return nil
	}
	c.touched(path, info)
	return data
}

func sound(b []byte) ([]byte, bool) {
	if len(b) < cacheHeader || string(b[:4]) != cacheMagic {
		return nil, false
	}
	data := b[cacheHeader:]
	return data, binary.LittleEndian.Uint64(b[8:]) == uint64(len(data)) &&
		binary.LittleEndian.Uint32(b[4:]) == crc32.Checksum(data, castagnoli)
}

// Peek is the first n bytes under the key, or fewer where it has fewer, and the
// length of all of them. Their checksum is not looked at: [Cache.Get] does. What
// is not in the folder is looked for in the bucket behind it.
func (c *Cache) Peek(key string, n int) (b []byte, size int64) {
	if c == nil || valid(key) != nil {
		return nil, 0
	}
	if b, size = c.peek(key, n); b == nil && c.shared != nil && c.fetch(key) {
		return c.peek(key, n)
	}
	return b, size
}

// peek is Peek of what is in the folder.
func (c *Cache) peek(key string, n int) (b []byte, size int64) {
	f, err := openFile(c.path(key))
	if err != nil {
		return nil, 0
	}
	defer f.Close()
	b = make([]byte, cacheHeader+n)
	k, err := f.ReadAt(b, 0)
	if (err != nil && !errors.Is(err, io.EOF)) || k < cacheHeader || string(b[:4]) != cacheMagic {
		return nil, 0
	}
	info, err := f.Stat()
	size = int64(binary.LittleEndian.Uint64(b[8:]))
	if err != nil || info.Size() != size+int64(cacheHeader) {
		return nil, 0
	}
	c.touched(c.path(key), info)
	return b[cacheHeader:k], size
}

// Has says whether there is an entry under the key. It does not read it.
func (c *Cache) Has(key string) bool {
	if c == nil || valid(key) != nil {
		return false
	}
	_, err := os.Stat(c.path(key))
	return err == nil
}

// Put keeps bytes under the key, in place of those that are there. With a bucket
// behind it, that gets them some time before [Cache.Flush] returns.
func (c *Cache) Put(key string, b []byte) error {
	if c == nil {
		return nil
	}
	head := make([]byte, cacheHeader)
	copy(head, cacheMagic)
	binary.LittleEndian.PutUint32(head[4:], crc32.Checksum(b, castagnoli))
	binary.LittleEndian.PutUint64(head[8:], uint64(len(b)))
	err := c.write(key, func(f *os.File) error {
		_, err := f.Write(head)
		if err == nil {
			_, err = io.Copy(f, bytes.NewReader(b))
		}
		return err
	})
	if err == nil && len(b) >= leastSent {
		c.send(key)
	}
	return err
}

// Open opens a large entry that [Cache.Make] wrote. The error wraps
// fs.ErrNotExist where there is none.
func (c *Cache) Open(key string) (*os.File, error) {
	if c == nil {
		return nil, fs.ErrNotExist
	}
	if err := valid(key); err != nil {
		return nil, err
	}
	f, err := os.Open(c.path(key))
	if err == nil {
		c.touch(c.path(key))
	}
	return f, err
}

// Make writes a large entry, which is not held in memory. It is synced, since
// it has no checksum.
func (c *Cache) Make(key string, write func(io.Writer) error) error {
	return c.write(key, func(f *os.File) error {
		if err := write(f); err != nil {
			return err
		}
		return f.Sync()
	})
}

func (c *Cache) write(key string, write func(*os.File) error) error {
	if err := valid(key); err != nil {
		return err
	}
	tmp := filepath.Join(c.dir, temporary)
	writing := flock.New(filepath.Join(c.dir, useLock))
	locked := writing.RLock()
	if errors.Is(locked, fs.ErrNotExist) {
		if err := os.MkdirAll(tmp, 0o777); err != nil {
			return c.unwritable(err)
		}
		locked = writing.RLock()
	}
	if locked == nil { // where a file system has no locks, nobody is ever alone
		defer writing.Unlock() //nolint:errcheck // closing the file lets go of it in any case
	}
	f, err := os.CreateTemp(tmp, key[:8]+"-")
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(tmp, 0o777); err == nil {
			f, err = os.CreateTemp(tmp, key[:8]+"-")
		}
	}
	if err != nil {
		return c.unwritable(err)
	}
	err = write(f)
	if err = errors.Join(err, f.Close()); err == nil {
		to := c.path(key)
		if err = os.Rename(f.Name(), to); errors.Is(err, fs.ErrNotExist) {
			if err = os.MkdirAll(filepath.Dir(to), 0o777); err == nil {
				err = os.Rename(f.Name(), to)
			}
		}
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return c.unwritable(err)
	}
	return nil
}

// Sweep removes what was not used for a month, once a day; and what killed
// processes left, where nobody is writing.
func (c *Cache) Sweep() {
	if c == nil {
		return
	}
	c.sweepTemporary()
	now, mark := c.now(), filepath.Join(c.dir, sweptMark)
	if info, err := os.Stat(mark); err == nil {
		// A mark of tomorrow is of a clock that was wrong.
		if age := now.Sub(info.ModTime()); age > -sweepEvery && age < sweepEvery {
			return
		}
	}
	if _, err := os.Stat(c.dir); err != nil {
		return
	}
	if err := os.WriteFile(mark, nil, 0o666); err != nil {
		return
	}
	_ = os.Chtimes(mark, now, now)
	_ = filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // what is gone is swept
		}
		shelf := filepath.Base(filepath.Dir(path))
		info, err := d.Info()
		if err != nil || (valid(d.Name()) != nil && shelf != temporary) {
			return nil //nolint:nilerr // as above
		}
		if age := now.Sub(info.ModTime()); age > cacheKept || (shelf == temporary && age > leftover) {
			_ = os.Remove(path)
		}
		return nil
	})
}

// sweepTemporary removes what is half-written, for nobody is there who could be
// writing it.
func (c *Cache) sweepTemporary() {
	tmp := filepath.Join(c.dir, temporary)
	if stray, err := os.ReadDir(tmp); err != nil || len(stray) == 0 {
		return
	}
	l := flock.New(filepath.Join(c.dir, useLock))
	if alone, err := l.TryLock(); err != nil || !alone {
		return
	}
	defer l.Unlock() //nolint:errcheck // closing the file lets go of it in any case
	stray, err := os.ReadDir(tmp)
	if err != nil {
		return
	}
	for _, d := range stray {
		_ = os.Remove(filepath.Join(tmp, d.Name()))
	}
}

func (c *Cache) touch(path string) {
	if info, err := os.Stat(path); err == nil {
		c.touched(path, info)
	}
}

func (c *Cache) touched(path string, info fs.FileInfo) {
	if now := c.now(); now.Sub(info.ModTime()) > touchEvery {
		_ = os.Chtimes(path, now, now)
	}
}

func (c *Cache) path(key string) string { return filepath.Join(c.dir, key[:2], key) }

// unwritable says what to do about the folder.
func (c *Cache) unwritable(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("cache %s: the disk is full: make room, empty this folder or choose another with output.cache, and run it again: %w", c.dir, err)
	}
	return fmt.Errorf("cache %s: %w", c.dir, err)
}
