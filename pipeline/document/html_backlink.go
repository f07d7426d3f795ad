package document

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// backLinks takes the links back to their marks out of the notes of a page or
// a book. A number that is a link may as well lead to a chapter, and is then a
// word of the note: what it leads to decides.
type backLinks struct {
	marks markPlaces
	// leads is the place of the page or book that a link leads to, which may be
	// nil, and whether it is one there.
	leads func(a *html.Node) (target *html.Node, within bool)
}

// markPlaces are the places at which the marks of notes stand.
type markPlaces map[markPlace]bool

type markPlace struct {
	label string // the note's
	at    *html.Node
}

var (
	// backText is an arrow, which may have the number of one of several marks.
	backText = compiled(`^[\s\[\](){}.:]*$|^[\s\[\](){}.:\d]*[\^↑↩⏎⤴↵]+[\s\[\](){}^↑↩⏎⤴↵︎️.:\d]*$`)
	// backNumber is the number of a note, or of one of its marks.
	backNumber = compiled(`(?i)^[\s\[({]*((foot)?note|fn|n)?\.?\s*(\d{1,4}(\.\d{1,3})?|[a-z]{1,2}|[ivxl]{1,7}|[*†‡§¶#]+)[\s\])}.:]*$`)
	backID     = compiled(`(?i)(ref|rev|anc|back|text|src)`)
)

// add notes where a mark of a note stands: it, what is in it, what is around it
// and nothing else, and the empty places beside these.
func (m markPlaces) add(label string, a *html.Node) {
	walk(a, func(n *html.Node) bool {
		m[markPlace{label, n}] = true
		return true
	})
	for n := a; n != nil && !block(n); n = n.Parent {
		m[markPlace{label, n}] = true
		for _, beside := range []*html.Node{n.PrevSibling, n.NextSibling} {
			if beside != nil && beside.Type == html.ElementNode && beside.FirstChild == nil {
				m[markPlace{label, beside}] = true
			}
		}
		if !marksBeside(n) {
			return
		}
	}
}

// marksBeside says whether an element has beside a mark only other marks, empty
// elements, and signs between them.
func marksBeside(mark *html.Node) bool {
	const most = 16 // elements that are looked at
	if mark.Parent == nil {
		return false
	}
	i := 0
	for c := mark.Parent.FirstChild; c != nil; c = c.NextSibling {
		i++
		words := c.Type == html.TextNode && strings.Trim(c.Data, " \n\t[](),;") != ""
		if words || i > most || c != mark && c.DataAtom != atom.A && c.FirstChild != nil {
			return false
		}
	}
	return true
}

// drop takes the links back out of a note, with the signs around them. The
// number is that of its first mark.
func (b *backLinks) drop(body *html.Node, label, number string) {
	begun, numbered := false, false
	var signs []*html.Node // before the note's words
	walk(body, func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode && !begun:
			if numbered {
				n.Data = strings.TrimLeft(n.Data, " \n\t.)]:")
			}
			if begun = strings.Trim(n.Data, " \n\t.^[]()↑") != ""; !begun {
				signs = append(signs, n)
			}
		case n.DataAtom == atom.A && b.back(n, label, number, !begun):
			if begun {
				unbracket(n)
			} else {
				for _, sign := range signs {
					sign.Data = ""
				}
				signs, numbered = nil, true
			}
			remove(n)
			return false
		}
		return true
	})
	for _, n := range signs {
		if strings.Trim(n.Data, " \n\t^↑") == "" {
			n.Data = " " // an arrow that is no link
		}
	}
}

// back says whether a link in a note leads back to its mark. One with which the
// note begins does so too if it has the mark's number, or a name that programs
// give to marks: the place itself may be lost.
func (b *backLinks) back(a *html.Node, label, number string, begins bool) bool {
	if hasAttr(a, noteAttr) {
		return false
	}
	if hasClass(a, "footnote-backref", "reversefootnote", "footnote-back") || typed(a, "backlink", "referrer") != "" {
		return true
	}
	target, within := b.leads(a)
	text := wordsOf(a)
	switch {
	case !within:
		return false
	case backText().MatchString(text):
		return true
	case !backNumber().MatchString(text):
		return false
	}
	_, fragment, _ := strings.Cut(attr(a, "href"), "#")
	return b.marks[markPlace{label, target}] || begins && (bareMark(text) == number || backID().MatchString(fragment))
}

// bareMark is the words of a mark without what is around them.
func bareMark(words string) string { return strings.Trim(words, "[](){}.: ") }

// unbracket takes away the brackets around a mark, or a link back: they are its
// own.
func unbracket(n *html.Node) {
	prev, next := n.PrevSibling, n.NextSibling
	if prev == nil || next == nil || prev.Type != html.TextNode || next.Type != html.TextNode {
		return
	}
	for _, pair := range []string{"[]", "()"} {
		before, opened := strings.CutSuffix(prev.Data, pair[:1])
		behind, closed := strings.CutPrefix(next.Data, pair[1:])
		if opened && closed {
			prev.Data, next.Data = before, behind
		}
	}
}
