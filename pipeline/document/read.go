package document

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MostBytes is the default bound of a source's size: 64 MiB, some sixty long
// novels.
const MostBytes = 64 << 20

// Types of a source.
const (
	TypeMarkdown = "markdown"
	TypeText     = "text"
	TypeHTML     = "html"
	TypeEPUB     = "epub"
)

// Types are the types of sources that are read.
func Types() []string { return []string{TypeMarkdown, TypeText, TypeHTML, TypeEPUB} }

// Options say how a source is read.
type Options struct {
	Title     string // wins over the source's own
	Type      string // one of Types; empty: by name, then by content
	URL       string // address that the source was read from; links are relative to it
	Charset   string // of the bytes, as a server declared it; empty: found in the source
	MostBytes int64  // larger sources are refused, and books with more text; 0 is MostBytes
}

// Read reads a source. The name is its path, or "-" for a stream: it is used
// in messages and, where Options.Type is empty, tells the type. What the
// source's author can mend is an *Error with its place.
//
// A book in a reader that is also an [io.ReaderAt] with a Size, such as
// [io.SectionReader], is read from there: its pictures are never loaded.
func Read(ctx context.Context, name string, r io.Reader, o Options) (*Document, error) {
	if o.Type != "" && !slices.Contains(Types(), o.Type) {
		return nil, &Error{Pos{File: name}, fmt.Sprintf("type %q is not known: use %s", o.Type, strings.Join(Types(), ", "))}
	}
	if at, ok := r.(contentReader); ok && (o.Type == "" || o.Type == TypeEPUB) {
		head := make([]byte, len(zipMagic))
		if n, _ := at.ReadAt(head, 0); IsArchive(head[:n]) {
			if at.Size() > MostBook {
				return nil, &Error{Pos{File: name}, fmt.Sprintf("is larger than %s: leave its pictures and recordings out", size(MostBook))}
			}
			return readBook(ctx, name, at, at.Size(), o)
		}
	}
	raw, err := load(ctx, name, r, o)
	if err != nil {
		return nil, err
	}
	switch {
	case IsArchive(raw) && (o.Type == "" || o.Type == TypeEPUB):
		return readBook(ctx, name, bytes.NewReader(raw), int64(len(raw)), o)
	case o.Type == TypeEPUB:
		return nil, &Error{Pos{File: name}, "is no EPUB: it is no zip archive"}
	}
	if o.Type == TypeHTML || o.Type == "" && isHTML(name, raw) {
		if what := magic(raw); what != "" && what != "HTML" {
			return nil, unread(name, what)
		}
		return readHTML(ctx, name, raw, o)
	}
	if raw, err = recode(name, raw, o.Charset); err != nil {
		return nil, err
	}
	text, err := decode(name, raw)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, &EmptyError{&Error{Pos{File: name}, "is empty: there is nothing to speak"}}
	}
	if o.Type == "" {
		if reason := unspeakable(text); reason != "" {
			return nil, &Error{Pos{File: name}, reason}
		}
	}
	src := newSource(name, text)
	kind := o.Type
	if kind == "" {
		kind = typeOf(name, text)
	}
	doc := &Document{Source: name}
	body, err := src.frontMatter(doc)
	if err != nil {
		return nil, err
	}
	if o.Title != "" {
		doc.Meta.Title = strings.Join(strings.Fields(o.Title), " ")
	}
	rd := &reader{source: src, doc: doc, latin: mostlyLatin(text[body:])}
	if kind == TypeMarkdown {
		err = rd.markdown(ctx, body)
	} else {
		rd.text(body)
	}
	if err != nil {
		return nil, err
	}
	if o.URL != "" {
		doc.fromWeb(o.URL)
	}
	sortFindings(doc.Findings)
	return doc, ctx.Err()
}

// reader turns one source's text into elements.
type reader struct {
	*source
	doc     *Document
	latin   bool     // the document's letters are mostly Latin
	dropped [][2]int // stretches of the source that a finding says are left out
}

func (r *reader) find(off int, format string, args ...any) {
	r.doc.Findings = append(r.doc.Findings, Finding{r.pos(off), fmt.Sprintf(format, args...)})
}

func (r *reader) drop(from, to int) { r.dropped = append(r.dropped, [2]int{from, to}) }

// load reads at most the bytes that are allowed.
func load(ctx context.Context, name string, r io.Reader, o Options) ([]byte, error) {
	most := o.MostBytes
	if most <= 0 {
		most = MostBytes
	}
	raw, err := io.ReadAll(io.LimitReader(&cancelled{ctx, r}, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if int64(len(raw)) > most {
		return nil, &Error{Pos{File: name}, fmt.Sprintf("is larger than %s: split it into episodes", size(most))}
	}
	return raw, nil
}

// cancelled stops a long read when its context ends.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}

// TitleFromName makes a title of a file's name: "my-first_post.md" is
// "My first post". A name that is only an extension or "-" gives "".
func TitleFromName(path string) string {
	base := filepath.Base(filepath.ToSlash(path))
	if i := strings.LastIndexAny(base, `/\`); i >= 0 {
		base = base[i+1:]
	}
	if ext := filepath.Ext(base); knownExtension(ext) {
		base = strings.TrimSuffix(base, ext)
	}
	words := strings.FieldsFunc(base, func(r rune) bool { return r == '-' || r == '_' || unicode.IsSpace(r) })
	title := strings.Join(words, " ")
	if strings.Trim(title, ".") == "" {
		return ""
	}
	first, n := utf8.DecodeRuneInString(title)
	return string(unicode.ToUpper(first)) + title[n:]
}

// knownExtension says whether the end of a name is an extension and not the
// rest of a title such as "Part 2. The sea".
func knownExtension(ext string) bool {
	if len(ext) < 2 || len(ext) > 9 {
		return false
	}
	for _, r := range ext[1:] {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return strings.ContainsFunc(ext[1:], unicode.IsLetter)
}
