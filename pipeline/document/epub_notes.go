package document

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// bookNotes are the notes of a book, which stand at the foot of a page of it,
// at the end of a file, or in a file of their own.
type bookNotes struct {
	byBody  map[*html.Node]*bookNote
	byLabel map[string]*bookNote
	given   map[*bookNote]bool    // to a file
	of      map[*leaf][]*bookNote // that a file is the first to refer to, in the order of their marks
}

type bookNote struct {
	label string
	leaf  *leaf
	body  *html.Node
	mark  string // the words of its first mark
}

func newBookNotes() bookNotes {
	return bookNotes{
		byBody: map[*html.Node]*bookNote{}, byLabel: map[string]*bookNote{}, given: map[*bookNote]bool{}, of: map[*leaf][]*bookNote{},
	}
}

// noteMark is a link from the text to a note.
type noteMark struct {
	leaf *leaf
	a    *html.Node
	note *bookNote // nil if there is none
}

var (
	noteTypes  = []string{"footnote", "endnote", "rearnote", "note", "annotation"}
	notesTypes = []string{"footnotes", "endnotes", "rearnotes"}
	// markText is a mark that is no word of the text.
	markText = compiled(`(?i)^[\s\[({]*((foot)?note|fn|n)?\.?\s*(\d{1,4}|[a-z]|[ivxl]{1,7}|[*†‡§¶#]+)[\s\])}.:]*$`)
	// raisedText is one that is known by being raised.
	raisedText = compiled(`^[\s\[({]*(\d{1,4}|[a-z]|[*†‡§¶]+)[\s\])}]*$`)
)

// takeNotes finds the marks of notes, takes the notes out of the text, and
// leaves a sign at each mark.
func (b *bookReader) takeNotes() {
	order := map[*html.Node]int{}
	for _, l := range b.leaves {
		walk(l.body, func(n *html.Node) bool {
			order[n] = len(order)
			return true
		})
	}
	marks := map[*leaf][]noteMark{}
	places := markPlaces{}
	lost := map[*leaf]bool{} // files that notes were taken from
	for _, l := range b.leaves {
		walk(l.body, func(n *html.Node) bool {
			if n.DataAtom != atom.A {
				return true
			}
			if m, ok := b.noteMark(l, n, order); ok {
				marks[l] = append(marks[l], m)
				return false
			}
			return true
		})
	}
	for _, l := range b.leaves {
		for _, m := range marks[l] {
			if m.note == nil {
				l.page.find(m.a, "the note that %s refers to is not in the book", quotedWords(wordsOf(m.a)))
			}
			sign(m)
			if m.note != nil {
				places.add(m.note.label, m.a)
			}
		}
	}
	// A number that leads back to a mark is no mark.
	for body, n := range b.notes.byBody {
		lost[n.leaf] = true
		remove(body)
		b.dropBackLinks(n, places)
	}
	for _, l := range b.leaves {
		if l.linear && !b.left[l.body] {
			b.refer(l, l.body)
		}
	}
	for _, l := range b.leaves {
		b.emptied(l, lost[l])
	}
}

// noteMark says whether a link is the mark of a note, and finds the note. A
// mark that is only known by its looks leads forward: the number before a note
// that leads back to the text looks the same.
func (b *bookReader) noteMark(l *leaf, a *html.Node, order map[*html.Node]int) (noteMark, bool) {
	m := noteMark{leaf: l, a: a}
	said := typed(a, "noteref", "annoref") != ""
	if typed(a, "backlink", "referrer") != "" {
		return m, false
	}
	href := attr(a, "href")
	path, fragment, ok := b.book.Resolve(l.path, href)
	raised := a.Parent != nil && a.Parent.DataAtom == atom.Sup || first(a, is(atom.Sup)) != nil
	if !said && !(ok && raised && fragment != "" && raisedText().MatchString(wordsOf(a))) {
		return m, false
	}
	to := b.byPath[path]
	if !ok || to == nil || href == "" {
		return m, said
	}
	target := to.ids[fragment]
	if target == nil || !said && order[target] <= order[a] {
		return m, said
	}
	body := bookNoteBody(target, a)
	if body == nil || inside(a, body) {
		return m, said
	}
	if n := b.notes.byBody[body]; n != nil {
		m.note = n
		return m, true
	}
	m.note = &bookNote{label: strconv.Itoa(len(b.notes.byBody) + 1), leaf: to, body: body, mark: bareMark(wordsOf(a))}
	b.notes.byBody[body], b.notes.byLabel[m.note.label] = m.note, m.note
	return m, true
}

// bookNoteBody is the note that a place is in: what the book says is one, the
// definition of a term, else as in a page.
func bookNoteBody(target, mark *html.Node) *html.Node {
	for n := target; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if typed(n, noteTypes...) != "" && !inlineTag(n) {
			return n
		}
		if n.DataAtom == atom.Dt {
			for dd := n.NextSibling; dd != nil; dd = dd.NextSibling {
				if dd.DataAtom == atom.Dd {
					return dd
				}
			}
		}
	}
	return noteBody(target, mark)
}

// sign leaves the sign of a note at its mark. The words of a mark that is a
// number are not spoken; others are the text's.
func sign(m noteMark) {
	at := m.a
	if !markText().MatchString(wordsOf(m.a)) {
		if m.note == nil {
			return
		}
		at = &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A}
		m.a.Parent.InsertBefore(at, m.a.NextSibling)
	}
	if m.note == nil {
		remove(at)
		return
	}
	at.Attr = append(at.Attr, html.Attribute{Key: noteAttr, Val: m.note.label})
	unbracket(at) // they are the mark's
}

// refer gives a file the notes that it is the first to refer to, and those
// that they refer to.
func (b *bookReader) refer(l *leaf, n *html.Node) {
	queue := []*html.Node{n}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		walk(n, func(c *html.Node) bool {
			if x := b.notes.byLabel[attr(c, noteAttr)]; x != nil && !b.notes.given[x] {
				b.notes.given[x] = true
				b.notes.of[l] = append(b.notes.of[l], x)
				queue = append(queue, x.body)
			}
			return true
		})
	}
}

// dropBackLinks takes out of a note the links back to its mark, and the number
// that it repeats.
func (b *bookReader) dropBackLinks(n *bookNote, marks markPlaces) {
	back := backLinks{marks: marks, leads: func(a *html.Node) (*html.Node, bool) {
		path, fragment, ok := b.book.Resolve(n.leaf.path, attr(a, "href"))
		to := b.byPath[path]
		if !ok || to == nil {
			return nil, false
		}
		return to.ids[fragment], true
	}}
	back.drop(n.body, n.label, n.mark)
	// The number in front, where it is the mark's.
	if n.mark == "" || !markText().MatchString(n.mark) {
		return
	}
	done := false
	walk(n.body, func(c *html.Node) bool {
		if done || c.Type != html.TextNode || strings.TrimSpace(c.Data) == "" {
			return !done
		}
		done = true
		rest, ok := strings.CutPrefix(strings.TrimLeft(c.Data, " \n\t[("), n.mark)
		if ok && (strings.TrimLeft(rest, " .)]:\n\t") != rest || rest == "") {
			c.Data = strings.TrimLeft(rest, " .)]:\n\t")
		}
		return false
	})
}

// emptied takes out what is left where notes were: headings over nothing, and
// notes that nothing refers to; and files that are not in the reading order.
func (b *bookReader) emptied(l *leaf, lost bool) {
	if b.left[l.body] {
		return
	}
	if !l.linear {
		if wordsOf(l.body) != "" || !lost {
			b.leave(l, `is outside of the reading order (linear="no"): left out`)
		}
		b.left[l.body] = true
		return
	}
	walk(l.body, func(n *html.Node) bool {
		switch {
		case n.Type != html.ElementNode || inlineTag(n):
			return n.Type == html.ElementNode
		case typed(n, "footnote", "endnote", "rearnote") != "":
			if words := wordsOf(n); words != "" {
				l.page.find(n, "the note %s, which nothing refers to, is left out", quotedWords(words))
			}
			remove(n)
			return false
		}
		return true
	})
	walk(l.body, func(n *html.Node) bool {
		if n.Type != html.ElementNode || typed(n, notesTypes...) == "" || unheaded(n) {
			return true
		}
		if words := wordsOf(n); words != "" {
			l.page.find(n, "%s is over notes that are spoken elsewhere: left out", quotedWords(words))
		}
		remove(n)
		return false
	})
	if lost && !unheaded(l.body) {
		b.left[l.body] = true
		if wordsOf(l.body) != "" {
			l.page.doc.Findings = append(l.page.doc.Findings, Finding{Pos{File: l.page.name}, "holds notes, which are spoken elsewhere, and no other text: its heading is left out"})
		}
	}
}

// unheaded says whether a node has words outside of its headings.
func unheaded(n *html.Node) bool {
	found := false
	walk(n, func(c *html.Node) bool {
		switch c.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return false
		}
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" || c.DataAtom == atom.Img {
			found = true
		}
		return !found
	})
	return found
}
