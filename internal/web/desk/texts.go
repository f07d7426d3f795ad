package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/narrapress/narrapress/internal/epub"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// file is what the list of episodes knows of a file in the show's folder, as long
// as it has this size and time.
type file struct {
	size int64
	time time.Time

	title  string // that a document gives itself; empty where it was not looked for, or there is none
	titled bool
	sha256 string // of its bytes; empty where it was not asked for
}

// Bounds of the list: how much of a text is read for its title, how many files are
// read anew for one page, how much of them, and how many are remembered. What is
// not read this time is when the page is asked for again.
const (
	mostTitle = 16 << 10
	mostRead  = 400
	mostSum   = 64 << 20
	mostFiles = 2 * mostDocuments
)

// reading looks into the files of a show's folder for one page.
type reading struct {
	room  *room
	root  *os.Root
	files int   // that may be read yet
	bytes int64 // that may be hashed yet
}

// look begins to look into the files of the show's folder; done ends it.
func (m *room) look() (l *reading, done func(), err error) {
	root, err := os.OpenRoot(m.show().Dir)
	if err != nil {
		return nil, nil, err
	}
	return &reading{m, root, mostRead, mostSum}, func() { root.Close() }, nil
}

// open is a regular file of the folder by its path with slashes, and what is known
// of it. The file is to be closed.
func (l *reading) open(name string) (*os.File, *file) {
	at := filepath.FromSlash(name)
	if info, err := l.root.Stat(at); err != nil || !info.Mode().IsRegular() {
		return nil, nil // a pipe could be waited on for ever
	}
	f, err := l.root.Open(at)
	if err != nil {
		return nil, nil
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, nil
	}
	l.room.mu.Lock()
	defer l.room.mu.Unlock()
	is := l.room.files[name]
	if is.size != info.Size() || !is.time.Equal(info.ModTime()) {
		is = file{size: info.Size(), time: info.ModTime()}
	}
	return f, &is
}

// keep remembers what is known of a file.
func (l *reading) keep(name string, is *file) {
	l.room.mu.Lock()
	defer l.room.mu.Unlock()
	if len(l.room.files) >= mostFiles {
		clear(l.room.files)
	}
	if l.room.files == nil {
		l.room.files = map[string]file{}
	}
	l.room.files[name] = *is
}

// title is what a document calls itself: in its front matter, its metadata or its
// first heading, as far as its beginning tells; else the name of its file.
func (l *reading) title(ctx context.Context, name string) string {
	f, is := l.open(name)
	if f == nil {
		return titleOfFile(name)
	}
	defer f.Close()
	if !is.titled && l.files > 0 {
		l.files--
		is.title, is.titled = titleIn(ctx, name, f, is.size), true
		l.keep(name, is)
	}
	if is.title == "" {
		return titleOfFile(name)
	}
	return is.title
}

// titleIn reads the title of a document from its file.
func titleIn(ctx context.Context, name string, f *os.File, size int64) string {
	head := make([]byte, mostTitle)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return ""
	}
	if head = head[:n]; document.IsArchive(head) {
		b, err := epub.Open(f, size, epub.Limits{})
		if err != nil {
			return ""
		}
		return plain(b.Meta.Title)
	}
	if int64(n) < size { // not in the midst of a line
		if i := bytes.LastIndexByte(head, '\n'); i > 0 {
			head = head[:i+1]
		}
	}
	doc, err := pipeline.ReadDocument(ctx, pipeline.Order{Source: name, Reader: bytes.NewReader(head)})
	if err != nil {
		return "" // its page says what is wrong with it
	}
	return plain(doc.Meta.Title)
}

// sum is the SHA-256 of a file, hex; empty where there is none, or it was not read
// this time.
func (l *reading) sum(name string) string {
	f, is := l.open(name)
	if f == nil {
		return ""
	}
	defer f.Close()
	if is.sha256 == "" && l.files > 0 && is.size <= l.bytes {
		l.files--
		l.bytes -= is.size
		h := sha256.New()
		if _, err := io.Copy(h, io.LimitReader(f, is.size+1)); err != nil {
			return ""
		}
		is.sha256 = hex.EncodeToString(h.Sum(nil))
		l.keep(name, is)
	}
	return is.sha256
}

// changed says whether a document, or what a person changed of it, is not as it
// was when its episode was made. Other lexicons and settings are not looked at: its
// script shows what they come to.
func (l *reading) changed(made publish.Source, divided bool) bool {
	if made.Plan != "" || made.SHA256 == "" {
		return false // it was made from a plan, whatever the document says
	}
	if now := l.sum(made.Path); now != "" && now != made.SHA256 {
		return true
	}
	name, was := overlay.Name(made.Path, ""), ""
	switch {
	case made.Overlay != nil:
		name, was = path.Join(path.Dir(made.Path), made.Overlay.Name), made.Overlay.SHA256
	case divided: // a manifest does not say which chapter's edits would be its own
		return false
	}
	if _, err := l.root.Stat(filepath.FromSlash(name)); err != nil {
		return was != ""
	}
	now := l.sum(name)
	return now != "" && now != was
}
