package store

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// mostEntry bounds the bytes of an entry that are taken from a bucket: eight
// times what an endpoint's answer may have by default (check.most_bytes).
const mostEntry = 1 << 30

// An entry in a bucket is one file, so it is there or it is not: a tar archive
// (POSIX.1-1988, ustar) of entry.json and the file it names, in that order and
// with nothing that differs between two machines. A person unpacks it with tar.

// archived is the length of an entry's archive: two headers, both files filled
// up to blocks, and two blocks of nothing.
func archived(description int, size int64) int64 {
	const block = 512
	fill := func(n int64) int64 { return (n + block - 1) / block * block }
	return 4*block + fill(int64(description)) + fill(size)
}

// pack writes an entry whose bytes were found to be as described.
func pack(w io.Writer, head []byte, r record, data io.Reader) error {
	t := tar.NewWriter(w)
	begin := func(name string, size int64) error {
		return t.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: size, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR})
	}
	if err := begin(description, int64(len(head))); err != nil {
		return err
	}
	if _, err := t.Write(head); err != nil {
		return err
	}
	if err := begin(r.File, r.Size); err != nil {
		return err
	}
	if _, err := io.CopyBuffer(struct{ io.Writer }{t}, struct{ io.Reader }{data}, make([]byte, 1<<17)); err != nil {
		return err
	}
	return t.Close()
}

// unpack gives keep the files of the entry with the key, entry.json last, and
// says whether they are as they were packed: else a *DamageError says what is
// wrong. Errors of reading are a *sourceError, those of keep a *localError.
func unpack(from io.Reader, key string, keep func(name string, data io.Reader) error) (r record, err error) {
	damage := func(format string, a ...any) error { return &DamageError{key, fmt.Sprintf(format, a...)} }
	defer func() {
		source, local := new(sourceError), new(localError)
		if err != nil && !errors.As(err, &source) && !errors.As(err, &local) && !errors.As(err, new(*DamageError)) {
			err = damage("it is no archive of an entry: %.100v", err)
		}
	}()
	t := tar.NewReader(&reading{r: from, sum: sha256.New()})
	r, b, err := unpackRecord(t, key)
	if err != nil {
		return r, err
	}
	h, err := t.Next()
	if err != nil {
		return r, err
	}
	if h.Typeflag != tar.TypeReg || h.Name != r.File || h.Size != r.Size {
		return r, damage("%.80q with %d bytes is in it, not %s with %d", h.Name, h.Size, r.File, r.Size)
	}
	sum := sha256.New()
	err = keep(r.File, io.TeeReader(t, sum))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.As(err, new(*sourceError)) {
		err = &localError{err}
	}
	if err != nil {
		return r, err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != r.SHA256 {
		return r, damage("%s has the SHA-256 %s, not %.64s", r.File, got, r.SHA256)
	}
	if err := keep(description, bytes.NewReader(b)); err != nil {
		return r, &localError{err}
	}
	return r, nil
}

// unpackRecord reads the description at the head of an archive: what it says,
// and its bytes.
func unpackRecord(t *tar.Reader, key string) (r record, b []byte, err error) {
	damage := func(format string, a ...any) error { return &DamageError{key, fmt.Sprintf(format, a...)} }
	h, err := t.Next()
	if err != nil {
		return r, nil, err
	}
	if h.Typeflag != tar.TypeReg || h.Name != description || h.Size > mostDescription {
		return r, nil, damage("it begins with %.80q of %d bytes, not with %s", h.Name, h.Size, description)
	}
	if b, err = io.ReadAll(t); err != nil {
		return r, nil, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, nil, damage("%s: %v", description, err)
	}
	if len(r.Meta) > 0 {
		var meta bytes.Buffer
		if err := json.Compact(&meta, r.Meta); err != nil {
			return r, nil, damage("%s: %v", description, err)
		}
		r.Meta = meta.Bytes()
	}
	want, err := r.encode()
	switch {
	case err != nil:
		return r, nil, damage("%s: %v", description, err)
	case r.Version != version:
		return r, nil, damage("version %d is not known", r.Version)
	case r.Key != key:
		return r, nil, damage("%s is about %.80q", description, r.Key)
	case r.File != fileName(r.Meta):
		return r, nil, damage("%s names the file %.80q", description, r.File)
	case r.Size < 0 || r.Size > mostEntry:
		return r, nil, damage("%d bytes are more than the %d that are taken", r.Size, int64(mostEntry))
	case len(r.Meta) > 0 && hexSum(r.Meta) != r.MetaSum:
		return r, nil, damage("the description has changed")
	case !bytes.Equal(b, want):
		return r, nil, damage("%s is not as it was written", description)
	}
	return r, b, nil
}
