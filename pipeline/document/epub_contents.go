package document

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/narrapress/narrapress/internal/epub"
)

// heading is what a book knows of one of its headings beside its words.
type heading struct {
	anchor string // that the table of contents gives it
	label  string // "part", where it is one's
}

// nearHeading is how many letters may stand between a place that the table of
// contents names and the heading that it means.
const nearHeading = 200

// headings brings the headings into step with the table of contents: an entry's
// depth is its heading's level, other headings are below the entry that they
// stand under, and an entry without a heading gets one.
func (b *bookReader) headings() {
	named := map[*html.Node]epub.Point{}
	for _, p := range b.book.Contents {
		l := b.byPath[p.Path]
		if l == nil || b.left[l.body] {
			continue
		}
		if h := l.headingOf(p, named); h != nil {
			named[h] = p
		}
	}
	if len(named) == 0 {
		return
	}
	level, was := 0, 0 // of the last entry's heading: as it is, as the file had it
	for _, l := range b.leaves {
		if b.left[l.body] {
			continue
		}
		hs := headingsIn(l.body)
		next := make([]*html.Node, len(hs)) // the next heading that is an entry's
		for i := len(hs) - 2; i >= 0; i-- {
			if next[i] = next[i+1]; isNamed(named, hs[i+1]) {
				next[i] = hs[i+1]
			}
		}
		for i, h := range hs {
			old := tagLevel(h)
			switch p, ok := named[h]; {
			case ok:
				level, was = p.Depth, old
				retag(h, level)
				b.note(l, h, p)
			case next[i] != nil && tagLevel(next[i]) > old:
				retag(h, named[next[i]].Depth-1) // over the entry that follows
			case level > 0:
				retag(h, level+max(1, old-was))
			}
		}
	}
}

func isNamed(named map[*html.Node]epub.Point, h *html.Node) bool {
	_, ok := named[h]
	return ok
}

func tagLevel(h *html.Node) int { return int(h.Data[1] - '0') }

// note keeps what is known of a heading until it is an element.
func (b *bookReader) note(l *leaf, h *html.Node, p epub.Point) {
	x := heading{anchor: strings.TrimPrefix(p.Path, folderOf(b.book.Package))}
	if p.Fragment != "" {
		x.anchor += "#" + p.Fragment
	}
	for n := h; n != nil && n != l.body.Parent; n = n.Parent {
		if typed(n, "chapter") != "" {
			break
		}
		if typed(n, "part", "volume") != "" {
			x.label = "part"
			break
		}
	}
	b.marks[l.page.pos(h)] = x
}

func folderOf(path string) string { return path[:strings.LastIndexByte(path, '/')+1] }

func retag(h *html.Node, level int) {
	h.Data = "h" + strconv.Itoa(min(max(level, 1), 6))
	h.DataAtom = atom.Lookup([]byte(h.Data))
}

var isHeading = is(atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)

func headingsIn(n *html.Node) []*html.Node {
	var out []*html.Node
	walk(n, func(c *html.Node) bool {
		if isHeading(c) {
			out = append(out, c)
			return false
		}
		return true
	})
	return out
}

// headingOf is the heading that an entry of the table of contents means. Where
// there is none, a line that says the same becomes one, else one is made.
func (l *leaf) headingOf(p epub.Point, taken map[*html.Node]epub.Point) *html.Node {
	at := l.body
	if p.Fragment != "" {
		if at = l.ids[p.Fragment]; at == nil || !inside(at, l.body) {
			return nil // of a note, or of what is left out
		}
	}
	lines := l.linesFrom(at)
	for n := at; n != nil && n != l.body; n = n.Parent {
		if isHeading(n) {
			if isNamed(taken, n) {
				return nil
			}
			l.merge(lines, p.Label)
			return n
		}
	}
	want := folded(p.Label)
	before := 0
	for i, n := range lines {
		words := folded(wordsOf(n))
		switch {
		case isNamed(taken, n):
			return nil // another entry's
		case isHeading(n) && words == "" && p.Label != "":
			fill(n, p.Label) // a picture of its words
			return n
		case isHeading(n):
			l.merge(lines[i:], p.Label)
			return n
		case words != "" && words == want && n.DataAtom != atom.Li:
			retag(n, p.Depth)
			return n
		}
		if before += len(words); before > nearHeading {
			break // the lines
		}
	}
	if p.Label == "" || len(lines) == 0 {
		return nil
	}
	h := &html.Node{Type: html.ElementNode, Attr: []html.Attribute{{Key: placeAttr, Val: attr(lines[0], placeAttr)}}}
	retag(h, p.Depth)
	fill(h, p.Label)
	if at == l.body {
		l.body.InsertBefore(h, l.body.FirstChild)
		return h
	}
	for at.Parent != nil && at.Parent != l.body && (!block(at) || !flows(at.Parent)) {
		at = at.Parent
	}
	if at.Parent != nil {
		at.Parent.InsertBefore(h, at)
	}
	return h
}

// flows says whether an element holds blocks as the body does.
func flows(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Body, atom.Div, atom.Section, atom.Article, atom.Main:
		return true
	}
	return false
}

func fill(n *html.Node, words string) {
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: words})
}

// merge makes one heading of several in a row that the table of contents knows
// as one: "Chapter 1" and "Loomings" of "Chapter 1: Loomings".
func (l *leaf) merge(lines []*html.Node, label string) {
	want, sum := folded(label), ""
	for i, n := range lines {
		if !isHeading(n) {
			return
		}
		if sum = strings.TrimSpace(sum + " " + folded(wordsOf(n))); !strings.HasPrefix(want, sum) {
			return
		}
		if sum != want {
			continue
		}
		if i > 0 {
			fill(lines[0], label)
			for _, other := range lines[1 : i+1] {
				remove(other)
			}
		}
		return
	}
}

// headingLines is how many lines after a place are looked at for its heading.
const headingLines = 12

// linesFrom are the first lines from a place on: headings and the smallest
// blocks that have words or pictures.
func (l *leaf) linesFrom(at *html.Node) []*html.Node {
	if l.lines == nil {
		l.order = map[*html.Node]int{l.body: 0}
		l.page.survey(l.body)
		l.findLines(l.body)
	}
	from, _ := slices.BinarySearchFunc(l.lines, l.order[at], func(n *html.Node, at int) int { return cmp.Compare(l.order[n], at) })
	if from > 0 && inside(at, l.lines[from-1]) {
		from--
	}
	var out []*html.Node
	for _, n := range l.lines[from:] {
		if len(out) == headingLines {
			break
		}
		if n.Parent != nil && (isHeading(n) || wordsOf(n) != "" || first(n, is(atom.Img)) != nil) {
			out = append(out, n)
		}
	}
	return out
}

func (l *leaf) findLines(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.order[c] = len(l.order)
		if isHeading(c) || block(c) && !l.holdsBlocks(c) {
			l.lines = append(l.lines, c)
		}
		l.findLines(c)
	}
}

func (l *leaf) holdsBlocks(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if l.page.blocks[c] {
			return true
		}
	}
	return false
}
