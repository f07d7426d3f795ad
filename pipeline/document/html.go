package document

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostPage bounds a page's size. The longest articles have some 2 MiB; larger
// pages are exports and logs.
const mostPage = 16 << 20

// page is an HTML page that is being read.
type page struct {
	doc    *Document
	name   string
	base   *url.URL            // links are relative to it; nil if not known
	blocks map[*html.Node]bool // whether a node is, or holds, a block
	notes  map[string]*note    // by label
	order  []*note             // in the order of their marks
	held   []*html.Node        // what stands apart, until the article is found
	sheets []Element           // what is typed of a page that is typed text, of kind Typed
	feet   []Element           // what stands on these of printed pages
	bare   bool                // the article is an element of its own: all in it is its author's
	found  bool                // the article was found by scores
	book   bool                // it is a file of a book
	ruby   bool                // it was told that readings beside words are left out

	inserts []insert // what stands in a fragment and was read elsewhere
}

// readHTML reads a page: its metadata, and of its body the article.
func readHTML(ctx context.Context, name string, raw []byte, o Options) (*Document, error) {
	if len(raw) > mostPage {
		return nil, &Error{Pos{File: name}, fmt.Sprintf("is a page larger than %s: save its article as a file of its own", size(mostPage))}
	}
	text, err := decodeHTML(name, raw, o.Charset)
	if err != nil {
		return nil, err
	}
	text, err = placed(name, text)
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		// The parser's one error: more than 512 elements inside each other.
		return nil, &Error{Pos{File: name}, "is HTML nested deeper than 512 elements: save its article as a file of its own"}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p := &page{doc: &Document{Source: name}, name: name, blocks: map[*html.Node]bool{}, notes: map[string]*note{}}
	disown(root)
	p.base = baseOf(root, o.URL)
	p.meta(root, o)
	signs := p.directives(root)
	scrub(root)
	formulas(root)
	p.takeNotes(root)
	p.hold(root)
	plainTerms(root)
	article := p.article(root)
	p.restore(article)
	p.strayed(signs, article)
	p.elements(article)
	if o.Title != "" {
		p.doc.Meta.Title = strings.Join(strings.Fields(o.Title), " ")
	}
	if len(p.doc.Elements) == 0 {
		return nil, &EmptyError{&Error{Pos{File: name}, "no article was found on the page: save its text as a file"}}
	}
	sortFindings(p.doc.Findings)
	return p.doc, ctx.Err()
}

// elements turns the article into the document's elements, and the notes that
// it refers to.
func (p *page) elements(article *html.Node) {
	if article == nil {
		return
	}
	p.survey(article)
	es := p.trim(p.typed(p.flow(article)))
	p.doc.Elements = p.onSheets(p.untitled(es))
	if len(p.doc.Elements) == 0 {
		return
	}
	// A note may refer to another: the list grows while it is read.
	for i := 0; i < len(p.order); i++ { //nolint:intrange // see above
		n := p.order[i]
		p.survey(n.body)
		children := p.flow(n.body)
		if len(children) > 0 {
			p.doc.Elements = append(p.doc.Elements, Element{Kind: Note, Pos: p.pos(n.body), Label: n.label, Children: children})
		}
	}
	p.unasked()
}

// untitled takes the page's title out of its text, where it stands first; a
// page that names no title has its first heading of level 1.
func (p *page) untitled(es []Element) []Element {
	for i, e := range es {
		if e.Kind != Heading || e.Furniture || e.Visual {
			if e.Furniture || e.Visual || e.Kind == Image || e.Kind == Rule || e.Kind == Directive || e.Kind == Embed {
				continue
			}
			return es
		}
		title := Plain(e.Text)
		if p.doc.Meta.Title == "" && e.Level == 1 {
			p.doc.Meta.Title = title
		}
		if strings.EqualFold(p.doc.Meta.Title, title) {
			return slices.Concat(es[:i], es[i+1:])
		}
		return es
	}
	return es
}

func (p *page) find(n *html.Node, format string, args ...any) {
	p.doc.Findings = append(p.doc.Findings, Finding{p.pos(n), fmt.Sprintf(format, args...)})
}

// link is an address as it is absolute, if the page's own is known.
func (p *page) link(ref string) string {
	ref = strings.TrimSpace(ref)
	if p.base == nil || ref == "" {
		return ref
	}
	u, err := p.base.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

// attr is the value of an attribute, or "".
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// hasClass says whether a node is of one of the classes.
func hasClass(n *html.Node, classes ...string) bool {
	for c := range strings.FieldsSeq(attr(n, "class")) {
		for _, want := range classes {
			if c == want {
				return true
			}
		}
	}
	return false
}

// walk visits a node's descendants in their order, and does not go into those
// for which visit says false. It may take out the node that it visits.
func walk(n *html.Node, visit func(*html.Node) bool) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if visit(c) {
			walk(c, visit)
		}
		c = next
	}
}

// first is the first descendant that is wanted, or nil.
func first(n *html.Node, wanted func(*html.Node) bool) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && wanted(c) {
			return c
		}
		if found := first(c, wanted); found != nil {
			return found
		}
	}
	return nil
}

func is(kinds ...atom.Atom) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for _, k := range kinds {
			if n.DataAtom == k {
				return true
			}
		}
		return false
	}
}

// textOf is all the text in a node, as it stands.
func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	walk(n, func(c *html.Node) bool {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.DataAtom == atom.Br:
			b.WriteByte('\n')
		}
		return true
	})
	return b.String()
}

// wordsOf is the text in a node as one line.
func wordsOf(n *html.Node) string { return strings.Join(strings.Fields(textOf(n)), " ") }

func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}
