// Package epub answers what an EPUB book is made of: its files, its metadata,
// the order in which they are read, and its tables of contents. It reads the
// container (EPUB 3.3, 4), the package document of EPUB 2 and 3 (EPUB 3.3, 5;
// OPF 2.0.1), the navigation document (EPUB 3.3, 7) and the NCX (OPF 2.0.1,
// 2.4.1). It does not know what its files say.
//
// A book is hostile until it is read: its size in memory is bounded by what is
// asked of it, whatever the archive claims.
package epub

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// Media types of files that hold text.
const (
	XHTML     = "application/xhtml+xml"
	HTML      = "text/html"
	OEB       = "text/x-oeb1-document" // of OEBPS 1, allowed in EPUB 2
	SVG       = "image/svg+xml"
	NCX       = "application/x-dtbncx+xml"
	PLS       = "application/pls+xml" // pronunciation lexicons
	MediaType = "application/epub+zip"
)

// ErrNotEPUB is a zip archive that is no EPUB: neither its first entry nor its
// container says so.
var ErrNotEPUB = errors.New("is a zip archive, but no EPUB: it has no META-INF/container.xml")

// Error is a book that cannot be read, or cannot be trusted.
type Error struct {
	Entry     string // file in the book; empty for the archive as a whole
	Line, Col int    // in the entry; 0 if not known
	Reason    string
}

func (e *Error) Error() string {
	switch {
	case e.Entry == "":
		return e.Reason
	case e.Line == 0:
		return e.Entry + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Entry, e.Line, e.Col, e.Reason)
}

// Book is an EPUB that was opened. Its paths are those in the archive.
type Book struct {
	Version    string // of the package document: "2.0", "3.0"
	Package    string // path of the package document
	Meta       Metadata
	Items      []Item     // the manifest, in its order
	Spine      []Ref      // in reading order
	Contents   []Point    // the table of contents: of the navigation document, else the NCX
	Landmarks  []Landmark // places with a meaning: of the navigation document, else the guide
	Navigation string     // path of the navigation document; empty without one
	Findings   []Finding  // what was mended on opening
	files      *archive
	byID       map[string]*Item
	byPath     map[string]*Item
}

// Metadata is what a book says of itself (EPUB 3.3, 5.5).
type Metadata struct {
	Title       string
	Creators    []string // the authors, in their order
	Language    string
	Identifier  string // the unique one
	Date        time.Time
	Description string // may hold HTML
	Publisher   string
	Cover       string // path of the cover picture; empty without one
}

// Item is a file of the manifest.
type Item struct {
	ID         string
	Path       string // in the archive; empty for what is not in it
	Type       string // media type, lower case
	Properties []string
	Fallback   string // ID of the item to use instead
}

// Ref is a place in the reading order.
type Ref struct {
	Item   *Item
	Linear bool // false: it is read only where something leads to it
}

// Point is an entry of the table of contents.
type Point struct {
	Label    string
	Path     string // of the file that it leads to; empty for a mere heading
	Fragment string
	Depth    int // from 1
}

// Landmark is a place with a meaning: a word of the Structural Semantics
// Vocabulary ("cover", "toc", "bodymatter"); those of EPUB 2's guide are
// given by their names there.
type Landmark struct {
	Type     string
	Path     string
	Fragment string
}

// Finding is something that was mended.
type Finding struct {
	Entry string
	Text  string
}

// Limits bound what a book may take; 0 is the default.
type Limits struct {
	Entries int   // files in the archive: 20,000
	Entry   int64 // bytes of one file that is read: 16 MiB
	Total   int64 // bytes of all files that are read: 64 MiB
}

// Bounds of a book. The largest of 45 sample books has 2,020 files and 36 MB of
// text.
const (
	mostEntries   = 20_000
	mostEntry     = 16 << 20
	mostTotal     = 64 << 20
	mostDirectory = 8 << 20 // bytes of the archive's directory
	mostRatio     = 200     // decompressed by compressed, of files over ratioFrom
	ratioFrom     = 1 << 20
	mostDepth     = 64     // of the table of contents
	mostPoints    = 50_000 // of the table of contents
)

// Open opens a book. The reader is read when files are asked for, too. The
// error is ErrNotEPUB for another archive, else an *Error.
func Open(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	files, err := openArchive(r, size, limits)
	if err != nil {
		return nil, err
	}
	b := &Book{files: files, byID: map[string]*Item{}, byPath: map[string]*Item{}}
	if b.Package, err = b.rootfile(); err != nil {
		return nil, err
	}
	if err := b.locks(); err != nil {
		return nil, err
	}
	if err := b.readPackage(); err != nil {
		return nil, err
	}
	b.contents()
	return b, nil
}

// Has says whether a file is in the archive.
func (b *Book) Has(path string) bool { return b.files.has(path) }

// ReadFile is the content of a file. The error is an *Error.
func (b *Book) ReadFile(path string) ([]byte, error) { return b.files.read(path) }

// Item is the manifest's item of a path, or nil.
func (b *Book) Item(path string) *Item { return b.byPath[path] }

// Text is the item that is read at a place of the reading order: its own file
// where that holds text, else the first that does along its fallbacks
// (EPUB 3.3, 5.6.2.1), nil if there is none.
func (r Ref) Text(b *Book) *Item {
	seen := map[*Item]bool{}
	for it := r.Item; it != nil && !seen[it]; it = b.byID[it.Fallback] {
		seen[it] = true
		if it != r.Item && it.Path == b.Navigation {
			continue // what pictures that have no words are given
		}
		switch it.Type {
		case XHTML, HTML, OEB:
			return it
		}
	}
	return nil
}

// Lexicons are the paths of the book's pronunciation lexicons (PLS), in the
// manifest's order. EPUB 3.3 has files name theirs by
// <link rel="pronunciation" type="application/pls+xml" hreflang="en">.
func (b *Book) Lexicons() []string {
	var out []string
	for i := range b.Items {
		if b.Items[i].Type == PLS && b.Has(b.Items[i].Path) {
			out = append(out, b.Items[i].Path)
		}
	}
	return out
}

func (b *Book) find(entry, format string, args ...any) {
	b.Findings = append(b.Findings, Finding{entry, fmt.Sprintf(format, args...)})
}
