package document

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/narrapress/narrapress/internal/epub"
)

// This file is where books touch the reader of pages: a file of a book is
// parsed into the same tree, and its body is turned into elements by the same
// reader. Which part of a page is its article is not asked: all of it is.

// mostTree bounds the elements of a whole book; the largest of 45 sample books,
// an epic of 36 MB, has 400,000.
const mostTree = 1_000_000

// leaf is a file of a book, parsed.
type leaf struct {
	path   string // in the book
	linear bool
	page   *page
	body   *html.Node
	ids    map[string]*html.Node
	tags   int
	lines  []*html.Node       // headings and smallest blocks, where they were asked for
	order  map[*html.Node]int // of its nodes, where lines were
}

// openLeaf parses a file of a book. XHTML is read as the XML that it is: a
// reader of HTML would take <a id="p1"/> for a link that nothing ends. What is
// not well formed is read as HTML.
func (b *bookReader) openLeaf(path string, linear bool) (*leaf, error) {
	raw, err := b.book.ReadFile(path)
	if err != nil {
		return nil, err
	}
	name := b.file(path)
	l := &leaf{path: path, linear: linear, ids: map[string]*html.Node{}}
	l.page = &page{book: true, doc: &Document{Source: name}, name: name, blocks: map[*html.Node]bool{}, notes: map[string]*note{}}
	text, err := decodeHTML(name, raw, "")
	if err != nil {
		return nil, err
	}
	root, fault := parseXHTML(name, text)
	if fault != nil {
		if root, err = parseLoose(name, text); err != nil {
			return nil, err
		}
		l.page.doc.Findings = append(l.page.doc.Findings, Finding{fault.Pos, fault.Reason + ": read as HTML"})
	}
	if l.body = first(root, is(atom.Body)); l.body == nil {
		l.body = &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	}
	if p := l.body.Parent; p != nil {
		// What is said of the whole file is said of its body.
		for _, key := range []string{typeAttr, "role"} {
			if v := attr(p, key); v != "" {
				setAttr(l.body, key, strings.TrimSpace(attr(l.body, key)+" "+v))
			}
		}
	}
	walk(l.body, func(n *html.Node) bool {
		l.tags++
		for _, key := range []string{"id", "name", "xml:id"} {
			if id := attr(n, key); id != "" && l.ids[id] == nil && (key != "name" || n.DataAtom == atom.A) {
				l.ids[id] = n
			}
		}
		return true
	})
	return l, nil
}

// elements turns a node of the file, its body or a note, into elements.
func (l *leaf) elements(n *html.Node) []Element {
	l.page.survey(n)
	return l.page.flow(n)
}

// parseXHTML builds the tree of a well-formed file. The error is where and why
// it is not.
func parseXHTML(name, text string) (*html.Node, *Error) {
	src := newSource(name, text)
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	root := &html.Node{Type: html.DocumentNode}
	top, depth, tags := root, 0, 0
	for {
		at := int(d.InputOffset())
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var syntax *xml.SyntaxError
			reason := err.Error()
			if errors.As(err, &syntax) {
				reason = syntax.Msg
			}
			return nil, &Error{src.pos(int(d.InputOffset())), "is not well-formed XHTML (" + reason + ")"}
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if tags++; tags > mostTags || depth >= mostDeep {
				return nil, &Error{src.pos(at), "is not XHTML that can be read (too many elements, or too deep)"}
			}
			n := element(t, src.pos(at))
			top.AppendChild(n)
			top = n
			depth++
		case xml.EndElement:
			if top == root || top.Data != local(t.Name) {
				return nil, &Error{src.pos(at), fmt.Sprintf("is not well-formed XHTML (</%s> ends nothing)", t.Name.Local)}
			}
			top = top.Parent
			depth--
		case xml.CharData:
			if top != root {
				top.AppendChild(&html.Node{Type: html.TextNode, Data: string(t)})
			}
		}
	}
	switch {
	case top != root:
		return nil, &Error{src.pos(len(text)), fmt.Sprintf("is not well-formed XHTML (<%s> is not ended)", top.Data)}
	case first(root, is(atom.Html)) == nil:
		return nil, &Error{src.pos(0), "is not XHTML (there is no <html>)"}
	}
	return root, nil
}

// mostDeep is how deep the elements of a file nest, as in pages.
const mostDeep = 512

// element is a start tag as a node. Prefixes of XHTML, MathML and SVG are
// dropped; those of attributes stay, as in "epub:type".
func element(t xml.StartElement, at Pos) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: local(t.Name)}
	n.DataAtom = atom.Lookup([]byte(n.Data))
	n.Attr = make([]html.Attribute, 0, len(t.Attr)+1)
	for _, a := range t.Attr {
		key := a.Name.Local
		if a.Name.Space != "" {
			key = a.Name.Space + ":" + key
		}
		n.Attr = append(n.Attr, html.Attribute{Key: key, Val: a.Value})
	}
	n.Attr = append(n.Attr, html.Attribute{Key: placeAttr, Val: fmt.Sprintf("%d:%d", at.Line, at.Col)})
	return n
}

// local is a name without its prefix, but for EPUB's own elements, which are
// named like none of HTML's.
func local(name xml.Name) string {
	if name.Space == "epub" || name.Space == "ops" {
		return "epub:" + name.Local
	}
	return name.Local
}

// selfClosed are elements that XML may end in their start tag, and HTML may not.
var selfClosed = compiled(`<(a|abbr|b|big|blockquote|canvas|cite|code|dd|div|dt|em|figure|h[1-6]|i|iframe|li|ol|p|pre|q|script|section|small|span|strong|style|sub|sup|table|td|textarea|th|title|tr|u|ul|video|audio|object)(\s[^<>]*)?/>`)

// subset is a document type with declarations of its own.
var subset = compiled(`(?is)<!DOCTYPE[^>\[]*\[.*?\]\s*>`)

// parseLoose parses what is not well formed as pages are.
func parseLoose(name, text string) (*html.Node, error) {
	text = subset().ReplaceAllStringFunc(text, func(s string) string {
		return strings.Repeat("\n", strings.Count(s, "\n")) // a reader of HTML would take its end for text
	})
	text, err := placed(name, text)
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(strings.NewReader(selfClosed().ReplaceAllString(text, "<$1$2></$1>")))
	if err != nil {
		return nil, &Error{Pos{File: name}, "is nested deeper than 512 elements: repair it with Calibre or Sigil"}
	}
	return root, nil
}

// typeAttr holds words of the Structural Semantics Vocabulary (EPUB 3.3, 6.3).
const typeAttr = "epub:type"

func setAttr(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

// typed says which of the words an element has as its epub:type, or, with
// "doc-" before it, as its role (DPUB-ARIA 1.1); "" if none.
func typed(n *html.Node, words ...string) string {
	types, roles := attr(n, typeAttr), attr(n, "role")
	if types == "" && roles == "" {
		return ""
	}
	for _, w := range words {
		for t := range strings.FieldsSeq(types) {
			if strings.EqualFold(t, w) {
				return w
			}
		}
		for r := range strings.FieldsSeq(roles) {
			if strings.EqualFold(r, "doc-"+w) {
				return w
			}
		}
	}
	return ""
}

// file names a file of the book in messages.
func (b *bookReader) file(path string) string { return b.name + "!" + path }

// from is an error of the book's container as one of the document.
func (b *bookReader) from(err error) error {
	var fault *epub.Error
	switch {
	case errors.Is(err, epub.ErrNotEPUB):
		return unread(b.name, "a zip archive or an office document")
	case !errors.As(err, &fault):
		return err
	case fault.Entry == "":
		return &Error{Pos{File: b.name}, fault.Reason}
	}
	return &Error{Pos{b.file(fault.Entry), fault.Line, fault.Col}, fault.Reason}
}
