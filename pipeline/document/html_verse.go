package document

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostPoem is the length, in bytes, of the longest poem that is known by its
// class; longer ones are a page's text.
const mostPoem = 1 << 16

// poem says whether an element is verse by its class.
func poem(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.P, atom.Pre, atom.Section, atom.Blockquote, atom.Aside, atom.Figure:
	default:
		return false
	}
	return hasClass(n, "poem", "poetry", "verse", "verseblock", "wp-block-verse", "epigraph") &&
		briefly(n, mostPoem) && first(n, is(atom.H1, atom.Article)) == nil
}

// verse is a poem; an epigraph in prose is a quotation.
func (p *page) verse(n *html.Node, e Element) []Element {
	e.Kind = Verse
	inner := n
	if q := first(n, is(atom.Blockquote)); q != nil && strings.TrimSpace(textOf(q)) == strings.TrimSpace(textOf(n)) {
		inner = q
	}
	pre := inner
	if inner.DataAtom != atom.Pre {
		pre = first(inner, is(atom.Pre))
	}
	switch {
	case pre != nil && hasClass(n, "poem", "poetry", "verse", "verseblock", "wp-block-verse"):
		if by := citation(n); by != nil {
			remove(by)
			e.Cite = trimLead(p.inlines(by), dashes)
		}
		text, refs := p.unmarked(pre)
		e.Children = preStanzas(text, p.pos(pre))
		if last := len(e.Children) - 1; last >= 0 {
			e.Children[last].Text = append(e.Children[last].Text, refs...)
		}
	default:
		var children []Element
		e.Cite, children = p.cited(inner)
		if len(e.Cite) == 0 {
			children = attributed(children)
		}
		return p.versed(n, e, children)
	}
	if len(e.Children) == 0 {
		return nil
	}
	return []Element{e}
}

// versed is what stands in a poem as its stanzas, and what is no verse beside
// them.
func (p *page) versed(n *html.Node, e Element, children []Element) []Element {
	epigraph := hasClass(n, "epigraph") && !hasClass(n, "poem", "poetry", "verse")
	if epigraph && len(children) == 1 && children[0].Kind == Quote {
		if len(children[0].Cite) == 0 {
			children[0].Cite = e.Cite
		}
		return children
	}
	lines, longest, broken := 0, 0, false
	for _, c := range children {
		for _, l := range linesOf(c.Text) {
			lines++
			longest = max(longest, utf8.RuneCountInString(Plain(l)))
		}
		broken = broken || len(linesOf(c.Text)) > 1
	}
	if epigraph && (!broken || longest > 2*mostVerse) {
		e.Kind, e.Children = Quote, children
		if len(children) == 0 {
			return nil
		}
		return []Element{e}
	}
	var out []Element
	for _, c := range children {
		switch {
		case c.Kind == Verse:
			e.Children = append(e.Children, c.Children...)
		case c.Kind != Paragraph && len(e.Children) == 0:
			out = append(out, c)
		case c.Kind != Paragraph:
			out = append(out, e, c)
			e.Children = nil
		case !broken && longest <= 2*mostVerse && len(e.Children) > 0 && first(n, stanza) == nil:
			// A paragraph a line: they are one stanza.
			s := &e.Children[0]
			s.Text = append(append(s.Text, Inline{Kind: Break, Hard: true}), c.Text...)
		default:
			e.Children = append(e.Children, c)
		}
	}
	if len(e.Children) > 0 {
		out = append(out, e)
	}
	return out
}

func stanza(n *html.Node) bool { return hasClass(n, "stanza", "strophe", "linegroup") }

// preStanzas are the stanzas of verse that is set as typed.
func preStanzas(text string, pos Pos) []Element {
	var out []Element
	var lines []Inline
	flush := func() {
		if lines = trimmed(lines); len(lines) > 0 {
			out = append(out, Element{Kind: Paragraph, Pos: pos, Text: lines})
		}
		lines = nil
	}
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line == "" {
			flush()
			continue
		}
		lines = append(lines, Inline{Kind: Text, Text: line}, Inline{Kind: Break, Hard: true})
	}
	flush()
	return out
}

// linesOf divides running text at its hard breaks.
func linesOf(ins []Inline) [][]Inline {
	var out [][]Inline
	from := 0
	for i, in := range ins {
		if in.Kind == Break && in.Hard {
			out = append(out, ins[from:i])
			from = i + 1
		}
	}
	if from < len(ins) {
		out = append(out, ins[from:])
	}
	return out
}

const (
	leastVerse = 3  // lines of a stanza
	mostVerse  = 60 // characters of its lines on average
)

var (
	// noVerse begins or is a line of a list, an address, a label and its value.
	noVerse = compiled(`^([-*+•‣◦▪–—]\s|\(?\d{1,4}[.):/]|\(?[a-z][.)]\s|[^.!?]{1,30}:(\s|$))|@\w|https?:|www\.|\d{4}|©|\(?\+?\d[\d ()/-]{6,}`)
	spaced  = compiled(`\S\s+\S+\s+\S`)
)

// stanzaLike says whether a paragraph is verse by its lines: at least three,
// short, of several words, that are no list, address, signature or table.
func stanzaLike(ins []Inline) bool {
	lines := linesOf(ins)
	if len(lines) < leastVerse {
		return false
	}
	letters, odd, names, linked := 0, 0, 0, 0
	for _, l := range lines {
		words := Plain(l)
		n := utf8.RuneCountInString(words)
		letters += n
		if n > 2*mostVerse || slices.ContainsFunc(l, func(in Inline) bool { return in.Kind == Picture || in.Kind == Math || in.Kind == CodeSpan }) {
			return false
		}
		if noVerse().MatchString(words) {
			odd++
		}
		if !spaced().MatchString(words) || nameLike(words) {
			names++
		}
		if len(l) > 0 && linkShare(Element{Text: l}) > 0.5 {
			linked++
		}
	}
	most := len(lines) / 3
	return letters <= mostVerse*len(lines) && odd == 0 && names <= most && linked <= most
}
