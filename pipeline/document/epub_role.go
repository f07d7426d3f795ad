package document

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// unspoken are the parts of a book that a reader looks at and a listener does
// not miss, by their names in the Structural Semantics Vocabulary, with what a
// finding calls them.
var unspoken = map[string]string{
	"cover": "the cover", "titlepage": "the title page, which the opening stands for,", "halftitlepage": "the half title page",
	"toc": "the table of contents", "landmarks": "the list of landmarks", "page-list": "the list of pages",
	"loi": "the list of illustrations", "lot": "the list of tables", "loa": "the list of recordings", "lov": "the list of videos",
	"index": "the index", "copyright-page": "the copyright page", "colophon": "the colophon", "imprint": "the imprint",
}

var unspokenWords = keys(unspoken)

func keys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

// guideWords are the names of the guide of EPUB 2 (OPF 2.0.1, 2.6) that
// differ.
var guideWords = map[string]string{"title-page": "titlepage", "copyright": "copyright-page", "other.cover": "cover", "coverpage": "cover"}

// labels are titles in a table of contents that name such parts, where nothing
// else does.
var labels = map[string]string{
	"cover": "cover", "cover page": "cover", "title page": "titlepage", "titlepage": "titlepage", "half title": "halftitlepage", "half title page": "halftitlepage",
	"contents": "toc", "table of contents": "toc", "copyright": "copyright-page", "copyright page": "copyright-page", "copyright notice": "copyright-page",
	"index": "index", "colophon": "colophon", "list of illustrations": "loi", "list of figures": "loi", "list of tables": "lot",
}

// leaveOut takes out of the book what is not spoken.
func (b *bookReader) leaveOut() {
	b.landmarks()
	for i, l := range b.leaves {
		b.switches(l)
		walk(l.body, func(n *html.Node) bool {
			if n.Type == html.ElementNode && (typed(n, "pagebreak") != "" || n.Data == "epub:trigger") {
				remove(n)
				return false
			}
			return true
		})
		kind := typed(l.body, unspokenWords...)
		if l.path == b.book.Navigation {
			kind = "toc"
		}
		if kind == "" && b.isTitlePage(i, l) {
			kind = "titlepage"
		}
		switch {
		case kind == "" && b.isCover(i, l):
			kind = "cover"
		case kind == "" && b.isContents(l):
			kind = "toc"
		}
		if kind != "" {
			b.leave(l, unspoken[kind]+" is left out")
		}
		walk(l.body, func(n *html.Node) bool {
			kind := ""
			if n.Type == html.ElementNode && !inlineTag(n) {
				kind = typed(n, unspokenWords...)
			}
			if kind == "" {
				b.epigraph(n)
				return true
			}
			if !b.left[l.body] && wordsOf(n) != "" && !hasAttr(n, "hidden") {
				l.page.find(n, "%s is left out", unspoken[kind])
			}
			remove(n)
			return false
		})
		if b.left[l.body] {
			scrub(l.body)
		} else {
			l.page.scrubTold(l.body)
		}
		formulas(l.body)
	}
}

// leave leaves a whole file out.
func (b *bookReader) leave(l *leaf, why string) {
	if b.left[l.body] {
		return
	}
	b.left[l.body] = true
	l.page.doc.Findings = append(l.page.doc.Findings, Finding{Pos{File: l.page.name}, why})
}

// inlineTag says whether an element is part of a line: a word marked "index"
// is no index.
func inlineTag(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A, atom.Span, atom.Em, atom.I, atom.B, atom.Strong, atom.Sup, atom.Sub, atom.Img, atom.Small, atom.Code:
		return true
	}
	return false
}

// landmarks gives the files and sections that landmarks, guide and table of
// contents name the types that these say.
func (b *bookReader) landmarks() {
	entries := map[string]int{} // of the table of contents, by file
	for _, p := range b.book.Contents {
		entries[p.Path]++
	}
	mark := func(path, fragment, kind string) {
		l := b.byPath[path]
		if l == nil || unspoken[kind] == "" {
			return
		}
		n := l.body
		if fragment != "" {
			at := l.ids[fragment]
			for n = at; n != nil && n != l.body; n = n.Parent {
				if n.DataAtom == atom.Section || n.DataAtom == atom.Div || n.DataAtom == atom.Nav || n.DataAtom == atom.Article {
					break
				}
			}
			if n == nil || n == l.body && entries[path] > 1 {
				return // it is one of several things in the file
			}
		} else if entries[path] > 1 {
			return
		}
		setAttr(n, typeAttr, strings.TrimSpace(attr(n, typeAttr)+" "+kind))
	}
	for _, m := range b.book.Landmarks {
		kind := m.Type
		if w := guideWords[kind]; w != "" {
			kind = w
		}
		mark(m.Path, m.Fragment, kind)
	}
	tried := map[*leaf]bool{}
	for _, p := range b.book.Contents {
		l := b.byPath[p.Path]
		kind := labels[strings.ToLower(strings.TrimSpace(p.Label))]
		if l == nil || kind == "" || p.Fragment != "" && l.ids[p.Fragment] == nil || tried[l] {
			continue
		}
		tried[l] = true
		words, linked := len(wordsOf(l.body)), linkedText(l.body)
		switch kind {
		case "toc", "index", "loi", "lot":
			if linked*2 < words {
				continue // a chapter of that name
			}
		default:
			if words > mostCopyright {
				continue
			}
		}
		mark(p.Path, p.Fragment, kind)
	}
}

// mostCopyright is the length of the longest copyright page that is known by
// its label alone.
const mostCopyright = 8000

// A title page without a type is among the first files, short, and says who
// wrote what.
const (
	firstFiles    = 4
	mostTitlePage = 400 // characters
)

func (b *bookReader) isTitlePage(i int, l *leaf) bool {
	if i >= firstFiles {
		return false
	}
	words, title := folded(wordsOf(l.body)), folded(b.book.Meta.Title)
	if len(words) > mostTitlePage || title == "" || !strings.Contains(words, title) {
		return false
	}
	for _, name := range b.book.Meta.Creators {
		if n := folded(name); n != "" && strings.Contains(words, n) {
			return true
		}
	}
	return words == title
}

// isCover says whether a file shows the cover picture and nothing else.
func (b *bookReader) isCover(i int, l *leaf) bool {
	if i >= firstFiles || wordsOf(l.body) != "" || b.book.Meta.Cover == "" {
		return false
	}
	img := first(l.body, func(n *html.Node) bool {
		return n.DataAtom == atom.Img || n.DataAtom == atom.Image || n.Data == "image"
	})
	if img == nil {
		return false
	}
	for _, key := range []string{"src", "xlink:href", "href"} {
		if path, _, ok := b.book.Resolve(l.path, attr(img, key)); ok && path == b.book.Meta.Cover {
			return true
		}
	}
	return false
}

// isContents says whether a file is a list of links to other files of the book
// and nothing else.
func (b *bookReader) isContents(l *leaf) bool {
	const fewest = 3
	letters, linked, links := 0, 0, 0
	walk(l.body, func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode:
			letters += len(strings.TrimSpace(n.Data))
		case isHeading(n):
			return first(n, is(atom.A)) != nil
		case n.DataAtom == atom.A:
			words := len(wordsOf(n))
			letters += words
			path, _, ok := b.book.Resolve(l.path, attr(n, "href"))
			if ok && path != l.path && b.byPath[path] != nil && typed(n, "noteref", "backlink") == "" {
				linked += words
				links++
			}
			return false
		}
		return true
	})
	return links >= fewest && linked*5 > letters*4
}

var notWords = compiled(`[^\p{L}\p{M}\p{N}]+`)

// folded is a text by which titles are compared: its letters and digits.
func folded(s string) string {
	return strings.ToLower(strings.TrimSpace(notWords().ReplaceAllString(s, " ")))
}

// epigraph makes a quote of an epigraph that is not marked as one.
func (b *bookReader) epigraph(n *html.Node) {
	if n.Type != html.ElementNode || inlineTag(n) || typed(n, "epigraph") == "" || n.DataAtom == atom.Blockquote || n.DataAtom == atom.Body {
		return
	}
	if first(n, is(atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)) != nil {
		return
	}
	if n.DataAtom != atom.Div && n.DataAtom != atom.Section && n.DataAtom != atom.Aside {
		return
	}
	n.Data, n.DataAtom = "blockquote", atom.Blockquote
}

// switches chooses between the forms of a thing (EPUB 3.0.1, 2.1.3.3, since
// withdrawn): MathML, which is read, else what every reader can show.
func (b *bookReader) switches(l *leaf) {
	walk(l.body, func(n *html.Node) bool {
		if n.Data != "epub:switch" {
			return true
		}
		var chosen *html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Data == "epub:case" && strings.Contains(attr(c, "required-namespace"), "MathML") || c.Data == "epub:default" && chosen == nil {
				chosen = c
			}
		}
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if c != chosen {
				n.RemoveChild(c)
			}
			c = next
		}
		return true
	})
}

// quotedWords shows the first words of something.
func quotedWords(words string) string {
	const most = 60 // characters shown
	if r := []rune(words); len(r) > most {
		words = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", words)
}
