package epub

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// archive is the zip archive of a book: its files by their paths.
type archive struct {
	files  map[string]*zip.File
	limits Limits
	left   int64 // bytes that may still be read of files
}

// budget fails when more was read through it than it allows. The archive's
// directory may claim few entries and hold millions: what is read of it is
// counted instead.
type budget struct {
	r    io.ReaderAt
	left int64
}

var errDirectory = errors.New("directory too large")

func (b *budget) ReadAt(p []byte, off int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errDirectory
	}
	return b.r.ReadAt(p, off)
}

func openArchive(r io.ReaderAt, size int64, limits Limits) (*archive, error) {
	limits.Entries = cmp.Or(limits.Entries, mostEntries)
	limits.Entry = cmp.Or(limits.Entry, mostEntry)
	limits.Total = cmp.Or(limits.Total, mostTotal)
	counted := &budget{r: r, left: mostDirectory}
	z, err := zip.NewReader(counted, size)
	switch {
	case errors.Is(err, errDirectory) || err == nil && len(z.File) > limits.Entries:
		return nil, &Error{Reason: fmt.Sprintf("has more than %d files: it is no book", limits.Entries)}
	case err != nil:
		return nil, &Error{Reason: "is a damaged zip archive, perhaps cut off: get the file again"}
	}
	counted.left = 1 << 62 // from here on files are counted as they are read
	a := &archive{files: make(map[string]*zip.File, len(z.File)), limits: limits, left: limits.Total}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue // a folder
		}
		if !proper(f.Name) {
			return nil, &Error{Reason: fmt.Sprintf("has a file %q, which leads out of the book: it is not to be trusted", f.Name)}
		}
		if a.files[f.Name] != nil {
			return nil, &Error{Reason: fmt.Sprintf("has two files %s: nobody can tell which is meant", f.Name)}
		}
		a.files[f.Name] = f
	}
	return a, nil
}

// proper says whether a name is that of a file inside the archive
// (EPUB 3.3, 4.2.2).
func proper(name string) bool {
	return name != "" && !strings.HasPrefix(name, "/") && !strings.ContainsAny(name, "\\\x00") && path.Clean(name) == name &&
		name != ".." && !strings.HasPrefix(name, "../") && !(len(name) > 1 && name[1] == ':')
}

func (a *archive) has(name string) bool { return a.files[name] != nil }

// read is a file's content, as long as it and all before it are within bounds.
func (a *archive) read(name string) ([]byte, error) {
	f := a.files[name]
	if f == nil {
		return nil, &Error{Entry: name, Reason: "is not in the book"}
	}
	claimed, packed := f.UncompressedSize64, f.CompressedSize64
	if claimed > uint64(a.limits.Entry) {
		return nil, &Error{Entry: name, Reason: fmt.Sprintf("is larger than %d MiB", a.limits.Entry>>20)}
	}
	if claimed > ratioFrom && claimed/max(packed, 1) > mostRatio {
		return nil, &Error{Entry: name, Reason: fmt.Sprintf("is packed more than %d times smaller than it is: no text is like that", mostRatio)}
	}
	if int64(claimed) > a.left {
		return nil, a.tooMuch()
	}
	r, err := f.Open()
	if err != nil {
		return nil, a.damaged(name, err)
	}
	defer r.Close()
	var b bytes.Buffer
	// What comes may be more than what was claimed.
	n, err := io.Copy(&b, io.LimitReader(r, min(a.limits.Entry, a.left)+1))
	if err != nil {
		return nil, a.damaged(name, err)
	}
	if n > a.limits.Entry {
		return nil, &Error{Entry: name, Reason: fmt.Sprintf("is larger than %d MiB", a.limits.Entry>>20)}
	}
	if a.left -= n; a.left < 0 {
		return nil, a.tooMuch()
	}
	return b.Bytes(), nil
}

func (a *archive) tooMuch() error {
	return &Error{Reason: fmt.Sprintf("has more than %d MiB of text: split it", a.limits.Total>>20)}
}

func (a *archive) damaged(name string, err error) error {
	reason := "is damaged: get the book again"
	if errors.Is(err, zip.ErrAlgorithm) {
		reason = "is packed in a way that EPUB does not allow (only stored and deflated): pack it anew"
	}
	return &Error{Entry: name, Reason: reason}
}
