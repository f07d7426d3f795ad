package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// File is a published file: its name in the episode's folder, with slashes,
// and what its bytes must be.
type File struct {
	Name      string `json:"name"`
	Kind      Kind   `json:"kind,omitempty"`       // what a listener gets in it
	MediaType string `json:"media_type,omitempty"` // that a web server is to say (RFC 6838)
	Bytes     int64  `json:"bytes"`
	SHA256    string `json:"sha256"` // hex
}

// Kind says what a published file is for.
type Kind string

// The kinds of files.
const (
	KindAudio      Kind = "audio"
	KindChapters   Kind = "chapters"
	KindTranscript Kind = "transcript"
	KindPage       Kind = "page"
	KindImage      Kind = "image" // of a page or a chapter
	KindCover      Kind = "cover" // of the episode
)

// As is f with what it is for.
func (f File) As(kind Kind, mediaType string) File {
	f.Kind, f.MediaType = kind, mediaType
	return f
}

// WriteFile puts data at path, whole or not at all: it writes a file beside,
// brings it to the disk, and renames it.
func WriteFile(path string, data []byte) (File, error) {
	return write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Replace puts what fill writes at path, as [WriteFile] does with bytes.
func Replace(path string, fill func(io.Writer) error) (File, error) { return write(path, fill) }

// MakeFolder makes a folder that files are to be published in, and those that it
// is in.
func MakeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return writeError(dir, err)
	}
	return nil
}

// pending is a file beside the one it will replace.
type pending interface {
	io.Writer
	CloseAtomicallyReplace() error // after bringing it to the disk
	Cleanup() error                // removes it, unless it was renamed
}

// write puts what fill writes at path, whole or not at all.
func write(path string, fill func(io.Writer) error) (File, error) {
	p, err := newPending(path)
	if err != nil {
		return File{}, writeError(path, err)
	}
	sum := beside()
	err = fill(io.MultiWriter(p, sum))
	sum.end()
	if err == nil {
		err = p.CloseAtomicallyReplace()
	}
	if err != nil {
		// The first fault is the one to tell; the file beside is of no use.
		_ = p.Cleanup()
		return File{}, writeError(path, err)
	}
	return File{Name: filepath.Base(path), Bytes: sum.bytes, SHA256: sum.hex()}, nil
}

// Finish brings a file that another program wrote to the disk, and says what
// its bytes are. The file stands where nobody reads it yet.
func Finish(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return File{}, writeError(path, err)
	}
	sum := &tally{hash: sha256.New()}
	_, err = io.Copy(sum, f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return File{}, writeError(path, err)
	}
	return File{Name: filepath.Base(path), Bytes: sum.bytes, SHA256: sum.hex()}, nil
}

// tally hashes and counts what is written to it.
type tally struct {
	hash  hash.Hash
	bytes int64
}

func (t *tally) Write(b []byte) (int, error) {
	t.bytes += int64(len(b))
	return t.hash.Write(b)
}

func (t *tally) hex() string { return hex.EncodeToString(t.hash.Sum(nil)) }

// besideTally is a tally on another core: to hash a file takes as long as to
// write it.
type besideTally struct {
	tally
	full  chan []byte
	spare chan []byte
	ended chan struct{}
}

func beside() *besideTally {
	const buffers = 4
	t := &besideTally{
		tally: tally{hash: sha256.New()}, full: make(chan []byte, buffers), spare: make(chan []byte, buffers), ended: make(chan struct{}),
	}
	for range buffers {
		t.spare <- nil
	}
	go func() {
		defer close(t.ended)
		for b := range t.full {
			_, _ = t.tally.Write(b) // it has no errors
			t.spare <- b
		}
	}()
	return t
}

func (t *besideTally) Write(b []byte) (int, error) {
	t.full <- append((<-t.spare)[:0], b...)
	return len(b), nil
}

// end waits until everything is counted.
func (t *besideTally) end() {
	close(t.full)
	<-t.ended
}

// writeError says what could not be written, and what to do where that is known.
func writeError(path string, err error) error {
	var reading *readError
	switch {
	case errors.As(err, &reading), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case diskFull(err):
		return fmt.Errorf("write %s: the disk is full: make room and run it again: %w", path, cause(err))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("write %s: not allowed: choose a folder of yours with --out: %w", path, cause(err))
	}
	return fmt.Errorf("write %s: %w", path, cause(err))
}

// cause drops the name of the file beside, which means nothing to a person.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// readError is a fault of the input while an output is written.
type readError struct {
	path string
	err  error
}

func (e *readError) Error() string { return fmt.Sprintf("read %s: %v", e.path, cause(e.err)) }
func (e *readError) Unwrap() error { return e.err }
