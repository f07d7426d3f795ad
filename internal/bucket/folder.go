package bucket

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// temporary is the folder in a bucket that is one, where files are written.
const temporary = ".tmp"

// leftover is how old a file in it is when whoever wrote it, on whatever machine, is
// surely gone.
const leftover = 24 * time.Hour

// half is how the names of files begin that this machine is writing: locks of other
// machines are not seen on every file system. It is empty where machines have no
// names.
func half() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%08x-", crc32.ChecksumIEEE([]byte(name)))
}

// link puts what fill writes into a folder. A link to a name that is taken
// fails, between machines too, and a file is on the disk before it has its name.
func (b *Bucket) link(ctx context.Context, name string, fill func(io.Writer) error) (bool, error) {
	path := filepath.FromSlash(name)
	if !filepath.IsLocal(path) || strings.HasPrefix(name, temporary) {
		return false, &fs.PathError{Op: "put", Path: name, Err: fs.ErrInvalid}
	}
	path = filepath.Join(b.dir, path)
	if _, err := os.Lstat(path); err == nil {
		return false, nil
	}
	tmp := filepath.Join(b.dir, temporary)
	if err := errors.Join(os.MkdirAll(tmp, 0o777), os.MkdirAll(filepath.Dir(path), 0o777)); err != nil {
		return false, err
	}
	f, err := begin(tmp, half()+"*")
	if err != nil {
		return false, err
	}
	defer func() { // it is closed last: until then, it is held
		_ = f.Close()
		_ = os.Remove(f.Name()) // what stays is swept later
	}()
	err = fill(f)
	if err == nil {
		err = errors.Join(f.Chmod(0o644), f.Sync())
	}
	if err = errors.Join(err, context.Cause(ctx)); err != nil {
		return false, err
	}
	err = os.Link(f.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil { // a file system without links: whoever comes in between is written over
		b.looks.Store(true)
		from, err := os.Open(f.Name())
		if err != nil {
			return false, err
		}
		defer from.Close()
		return b.put(ctx, name, func(w io.Writer) error {
			_, err := io.Copy(w, from)
			return err
		})
	}
	return true, syncDir(filepath.Dir(path))
}

// syncDir makes the names in a folder durable, where its file system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// sweep removes what killed processes left half-written: those of this machine at
// once, others once they are old.
func sweep(dir string) {
	tmp := filepath.Join(dir, temporary)
	stray, err := os.ReadDir(tmp)
	if err != nil {
		return
	}
	ours := half()
	for _, d := range stray {
		if ours != "" && strings.HasPrefix(d.Name(), ours) {
			abandon(filepath.Join(tmp, d.Name()))
		}
		if info, err := d.Info(); err == nil && time.Since(info.ModTime()) > leftover {
			_ = os.Remove(filepath.Join(tmp, d.Name()))
		}
	}
}
