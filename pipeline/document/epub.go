package document

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/text/language"

	"github.com/narrapress/narrapress/internal/epub"
)

// MostBook is the default bound of a book's size where it is read from a file.
// Pictures and recordings in it are not looked at; of its text, MostBytes are
// read.
const MostBook = 2 << 30

// contentReader is a source of which any part can be read, such as
// *io.SectionReader and *bytes.Reader: a book in one is not loaded whole.
type contentReader interface {
	io.ReaderAt
	Size() int64
}

// bookReader turns a book into a document.
type bookReader struct {
	name   string
	book   *epub.Book
	doc    *Document
	leaves []*leaf
	byPath map[string]*leaf
	left   map[*html.Node]bool // bodies that are left out whole
	notes  bookNotes
	marks  map[Pos]heading // what the table of contents says of headings, by their places
}

// readBook reads an EPUB.
func readBook(ctx context.Context, name string, r io.ReaderAt, size int64, o Options) (*Document, error) {
	b := &bookReader{
		name: name, doc: &Document{Source: name}, byPath: map[string]*leaf{}, left: map[*html.Node]bool{},
		notes: newBookNotes(), marks: map[Pos]heading{},
	}
	most := o.MostBytes
	if most <= 0 {
		most = MostBytes
	}
	var err error
	if b.book, err = epub.Open(r, size, epub.Limits{Entry: min(most, mostPage), Total: most}); err != nil {
		return nil, b.from(err)
	}
	for _, f := range b.book.Findings {
		b.doc.Findings = append(b.doc.Findings, Finding{Pos{File: b.file(f.Entry)}, f.Text})
	}
	b.meta(o)
	if err := b.open(ctx); err != nil {
		return nil, err
	}
	b.leaveOut()
	b.takeNotes()
	b.headings()
	for _, l := range b.leaves {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.read(l)
	}
	for _, l := range b.leaves { // only now: a note is read with the file that refers to it
		sortFindings(l.page.doc.Findings)
		b.doc.Findings = append(b.doc.Findings, l.page.doc.Findings...)
	}
	b.untitled()
	if len(b.doc.Elements) == 0 {
		return nil, &EmptyError{&Error{Pos{File: name}, "has no text to speak: its pages are pictures, or all of it is left out"}}
	}
	return b.doc, nil
}

// meta is the book's metadata (EPUB 3.3, 5.5).
func (b *bookReader) meta(o Options) {
	m, of := &b.doc.Meta, b.book.Meta
	m.Title = of.Title
	if o.Title != "" {
		m.Title = strings.Join(strings.Fields(o.Title), " ")
	}
	m.Author = spokenList(of.Creators)
	if tag, err := language.Parse(of.Language); err == nil && tag != language.Und {
		m.Language = tag.String()
	}
	m.ID = lasting(of.Identifier)
	m.Date = of.Date
	m.Description = clean(plainText(of.Description))
	m.Site = of.Publisher
	m.Image = of.Cover
}

// spokenList are names as they are said: "A", "A and B", "A, B and C".
func spokenList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// lasting is an identifier that stays the book's when it is converted again.
// Converters give a book a new UUID each time.
func lasting(id string) string {
	low := strings.ToLower(id)
	for _, prefix := range []string{"isbn", "urn:isbn:", "doi:", "urn:doi:", "http://", "https://"} {
		if strings.HasPrefix(low, prefix) {
			return id
		}
	}
	return ""
}

// plainText is a description, which may be HTML, without its markup.
func plainText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return ""
	}
	var b strings.Builder
	walk(root, func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case block(n):
			b.WriteByte(' ')
		}
		return true
	})
	return b.String()
}

// open parses the files of the reading order.
func (b *bookReader) open(ctx context.Context) error {
	tags := 0
	for _, ref := range b.book.Spine {
		if err := ctx.Err(); err != nil {
			return err
		}
		it := ref.Text(b.book)
		switch {
		case it == nil:
			b.find(ref.Item.Path, "is %s, not text: left out", kindOfFile(ref.Item.Type))
			continue
		case !b.book.Has(it.Path):
			b.find(it.Path, "is read in place of %s, and is not in the book: left out", ref.Item.Path)
			continue
		case b.byPath[it.Path] != nil:
			continue
		}
		l, err := b.openLeaf(it.Path, ref.Linear)
		if err != nil {
			return b.from(err)
		}
		if tags += l.tags; tags > mostTree {
			return &Error{Pos{File: b.file(it.Path)}, fmt.Sprintf("is where the book has more than %d elements: split it", mostTree)}
		}
		b.leaves = append(b.leaves, l)
		b.byPath[it.Path] = l
	}
	if len(b.leaves) == 0 {
		return &EmptyError{&Error{Pos{File: b.name}, "has no text: its pages are pictures"}}
	}
	return nil
}

func kindOfFile(media string) string {
	switch {
	case strings.HasPrefix(media, "image/"):
		return "a picture"
	case media == "":
		return "of a kind that the book does not say"
	}
	return media
}

func (b *bookReader) find(path, format string, args ...any) {
	b.doc.Findings = append(b.doc.Findings, Finding{Pos{File: b.file(path)}, fmt.Sprintf(format, args...)})
}

// read appends the elements of a file, and the notes that it refers to.
func (b *bookReader) read(l *leaf) {
	if b.left[l.body] {
		return
	}
	es := l.elements(l.body)
	for i := range es {
		if m, ok := b.marks[es[i].Pos]; ok && es[i].Kind == Heading {
			es[i].Anchor, es[i].Label = m.anchor, m.label
		}
	}
	b.doc.Elements = append(b.doc.Elements, es...)
	for _, n := range b.notes.of[l] {
		children := n.leaf.elements(n.body)
		if len(children) > 0 {
			b.doc.Elements = append(b.doc.Elements, Element{Kind: Note, Pos: n.leaf.page.pos(n.body), Label: n.label, Children: children})
		}
	}
}

// untitled takes out a heading that only repeats the book's title, where it
// stands first: the opening says it.
func (b *bookReader) untitled() {
	es := b.doc.Elements
	i := slices.IndexFunc(es, func(e Element) bool { return e.Kind != Image && e.Kind != Rule })
	if i < 0 || es[i].Kind != Heading || len(es) == 1 {
		return
	}
	switch title := Plain(es[i].Text); {
	case b.doc.Meta.Title == "" && es[i].Level == 1 && es[i].Anchor == "":
		b.doc.Meta.Title = title
	case !strings.EqualFold(b.doc.Meta.Title, title):
		return
	}
	b.doc.Elements = slices.Delete(es, i, i+1)
}
