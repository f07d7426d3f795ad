package document

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// note is a footnote of a page.
type note struct {
	label string
	body  *html.Node
	mark  *html.Node // the first
	asked bool       // by a mark that is read
}

const noteAttr = "narrapress-note"

var (
	noteText  = compiled(`^[\[(]?(\d{1,4}|[a-z*†‡§¶]|note \d{1,3})[\])]?$`)
	noteID    = compiled(`(?i)^_?(fn|ftn|footnote|note|endnote|cite_note|sdfootnote)[-_:.]?`)
	noteClass = compiled(`(?i)(^|[\s_-])(fn|ftn|foot-?note|end-?note|note-?ref|MsoFootnote)`)
)

// takeNotes finds the marks of footnotes, which are small links to a place in
// the page, takes the notes out of the text, and leaves a sign at each mark. It
// is done before the article is looked for: lists of links count against one.
func (p *page) takeNotes(root *html.Node) {
	ids := map[string]*html.Node{}
	var marks []*html.Node
	walk(root, func(n *html.Node) bool {
		if id := attr(n, "id"); id != "" && ids[id] == nil {
			ids[id] = n
		}
		if n.DataAtom == atom.A {
			if name := attr(n, "name"); name != "" && ids[name] == nil {
				ids[name] = n
			}
			if isMark(n) {
				marks = append(marks, n)
			}
		}
		return true
	})
	taken := map[*html.Node]*note{}
	back := backLinks{marks: markPlaces{}, leads: func(a *html.Node) (*html.Node, bool) {
		id, ok := strings.CutPrefix(attr(a, "href"), "#")
		return ids[id], ok
	}}
	for _, a := range marks {
		id := strings.TrimPrefix(attr(a, "href"), "#")
		body := noteBody(ids[id], a)
		if body == nil || inside(a, body) && taken[body] == nil {
			continue
		}
		if leadsBack(ids[id], a, taken) {
			continue
		}
		n := taken[body]
		if n == nil {
			n = &note{mark: a, label: noteLabel(a, len(taken)+1, p.notes), body: body}
			taken[body], p.notes[n.label] = n, n
		}
		a.Attr = append(a.Attr, html.Attribute{Key: noteAttr, Val: n.label})
		unbracket(a)
		back.marks.add(n.label, a)
	}
	for body, n := range taken {
		list := body.Parent
		remove(body)
		back.drop(body, n.label, bareMark(wordsOf(n.mark)))
		for list != nil && list.Parent != nil && list.DataAtom != atom.Body && strings.TrimSpace(textOf(list)) == "" {
			up := list.Parent
			remove(list)
			list = up
		}
	}
}

// isMark says whether a link is a footnote's mark by its own looks.
func isMark(a *html.Node) bool {
	id, ok := strings.CutPrefix(attr(a, "href"), "#")
	if !ok || id == "" {
		return false
	}
	if attr(a, "role") == "doc-noteref" || hasClass(a, "footnote-ref", "footnote-reference", "footnote", "footnoteref", "fn-ref") {
		return true
	}
	text := wordsOf(a)
	if !noteText().MatchString(text) {
		return false
	}
	raised := a.Parent != nil && (a.Parent.DataAtom == atom.Sup || hasClass(a.Parent, "footnote-reference", "footnote-ref")) || first(a, is(atom.Sup)) != nil
	return !backID().MatchString(id) && (raised || noteID().MatchString(id) && setAsMark(a, text))
}

// setAsMark says whether a link to a note that is not raised is set as a mark,
// not as a word of its sentence ("see note 3"): it says so, or is in brackets or
// a sign, or stands directly at what is before it.
func setAsMark(a *html.Node, text string) bool {
	if attr(a, "rel") == "footnote" || strings.ContainsAny(text, "[(*†‡§¶") {
		return true
	}
	for _, n := range []*html.Node{a, a.Parent, a.FirstChild} {
		if n != nil && !block(n) && noteClass().MatchString(attr(n, "class")) {
			return true
		}
	}
	before := signBefore(a)
	return !unicode.IsSpace(before) && !strings.ContainsRune("-–—/#№", before)
}

// signBefore is the last sign before a node on its line; a space if there is none.
func signBefore(n *html.Node) rune {
	for ; n != nil && !block(n); n = n.Parent {
		for s := n.PrevSibling; s != nil; s = s.PrevSibling {
			if block(s) || s.DataAtom == atom.Br {
				return ' '
			}
			if text := textOf(s); text != "" {
				last, _ := utf8.DecodeLastRuneInString(text)
				return last
			}
		}
	}
	return ' '
}

// noteBody is the note that a mark leads to: the list item, paragraph or
// division that has the place.
func noteBody(n, mark *html.Node) *html.Node {
	for ; n != nil; n = n.Parent {
		switch n.DataAtom {
		case atom.Li, atom.Dd, atom.P, atom.Aside:
			return n
		case atom.Div, atom.Section:
			if inside(mark, n) || len(textOf(n)) > 1<<14 {
				return nil
			}
			return n
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Body, atom.Article, atom.Main, atom.Table, atom.Tr, atom.Td:
			return nil
		}
	}
	return nil
}

// leadsBack says whether a link in a note that was taken leads to where that
// note's mark stands: some pages give both a number.
func leadsBack(target, a *html.Node, taken map[*html.Node]*note) bool {
	for n := a; n != nil; n = n.Parent {
		if own := taken[n]; own != nil {
			return target == own.mark || inside(own.mark, target) || target.Parent != nil && target.Parent == own.mark.Parent
		}
	}
	return false
}

func inside(n, outer *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}

func noteLabel(a *html.Node, n int, known map[string]*note) string {
	label := strings.Trim(wordsOf(a), "[]() ")
	if label == "" || known[label] != nil {
		label = strconv.Itoa(n)
	}
	for known[label] != nil {
		label += "'"
	}
	return label
}

// refer is the inline of a mark, and puts its note among those to be read.
func (p *page) refer(label string) Inline {
	if n := p.notes[label]; n != nil && !n.asked {
		n.asked = true
		p.order = append(p.order, n)
	}
	return Inline{Kind: NoteRef, Text: label}
}

// unmarked is the text in a node as it stands, without the marks of footnotes,
// and these.
func (p *page) unmarked(n *html.Node) (text string, refs []Inline) {
	var b strings.Builder
	walk(n, func(c *html.Node) bool {
		switch label := attr(c, noteAttr); {
		case label != "":
			refs = append(refs, p.refer(label))
			return false
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.DataAtom == atom.Br:
			b.WriteByte('\n')
		}
		return true
	})
	return b.String(), refs
}

// unasked tells of the notes that were taken out of the page, and whose marks
// are in nothing that is read.
func (p *page) unasked() {
	for _, label := range slices.Sorted(maps.Keys(p.notes)) {
		n := p.notes[label]
		if words := wordsOf(n.body); !n.asked && words != "" {
			p.find(n.body, "the note %s, whose mark is in nothing that is read, is left out", quotedWords(words))
		}
	}
}
