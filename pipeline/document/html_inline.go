package document

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inliner turns inline nodes into running text. Space is collapsed as pages
// show it: one between words, none at the ends of a line.
type inliner struct {
	*page
	space  bool // the text so far ends with space, or is empty
	quoted int  // how many <q> are open
}

// inlines is all the running text of a node; blocks in it are set off by breaks.
func (p *page) inlines(n *html.Node) []Inline {
	w := &inliner{page: p, space: true}
	return trimmed(w.children(n))
}

func (w *inliner) children(n *html.Node) []Inline {
	var out []Inline
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out = append(out, w.node(c)...)
	}
	return out
}

func (w *inliner) nodes(ns []*html.Node) []Inline {
	var out []Inline
	for _, n := range ns {
		out = append(out, w.node(n)...)
	}
	return out
}

func (w *inliner) node(n *html.Node) []Inline {
	if n.Type == html.TextNode {
		return w.text(n.Data)
	}
	if n.Type != html.ElementNode {
		return nil
	}
	if out, ok := w.inserted(n); ok {
		return out
	}
	if label := attr(n, noteAttr); label != "" {
		return []Inline{w.refer(label)}
	}
	if set := attr(n, texAttr); set != "" {
		w.space = false
		at := w.pos(n)
		return []Inline{{Kind: Math, Text: textOf(n), Display: set == "display", Line: at.Line, Col: at.Col}}
	}
	if attr(n, verbAttr) != "" {
		return []Inline{w.command(n)}
	}
	if spoils(n) && !w.blocks[n] {
		w.find(n, "a spoiler, which the page hides until it is touched, is spoken")
	}
	switch n.DataAtom {
	case atom.Em, atom.I, atom.Var, atom.Cite, atom.Dfn:
		return w.wrap(Emphasis, n)
	case atom.Strong, atom.B:
		return w.wrap(Strong, n)
	case atom.Del, atom.S, atom.Strike:
		return w.wrap(Strike, n)
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		return w.code(n)
	case atom.A:
		return w.link(n)
	case atom.Img:
		return w.picture(n)
	case atom.Br:
		w.space = true
		return []Inline{{Kind: Break, Hard: true}}
	case atom.Sup, atom.Sub:
		return w.script(n)
	case atom.Q:
		marks := []string{"“", "”", "‘", "’"}[2*(w.quoted%2):]
		w.quoted++
		out := append(w.text(marks[0]), w.children(n)...)
		w.quoted--
		return append(out, w.text(marks[1])...)
	case atom.Rt:
		w.reading(n)
		return nil
	case atom.Rp, atom.Wbr, atom.Script, atom.Style:
		return nil
	case atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Embed:
		return w.player(n)
	}
	if !block(n) {
		return w.children(n)
	}
	// A block where only text is asked for: in a table's cell, a heading.
	out := w.lineBreak()
	out = append(out, w.children(n)...)
	return append(out, w.lineBreak()...)
}

// lineBreak ends a line that has begun.
func (w *inliner) lineBreak() []Inline {
	if w.space {
		return nil
	}
	w.space = true
	return []Inline{{Kind: Break}}
}

// reading tells of the readings that ruby has beside words: once, a book may have
// one beside each of its words.
func (w *inliner) reading(rt *html.Node) {
	words := wordsOf(rt)
	if w.ruby || words == "" || first(rt, func(n *html.Node) bool { return hasAttr(n, insertAttr) }) != nil {
		return
	}
	w.ruby = true
	w.find(rt, "the readings beside words (<ruby>), the first of them %s, are left out", quotedWords(words))
}

func (w *inliner) text(s string) []Inline {
	var b strings.Builder
	for i, r := range s {
		switch r {
		case ' ', '\t', '\n', '\f', '\r':
			if !w.space {
				b.WriteByte(' ')
			}
			w.space = true
		case '\u00ad', '\u200b', '\ufeff', '\u2060': // only say where a line may break
		default:
			b.WriteString(s[i : i+utf8.RuneLen(r)])
			w.space = false
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return []Inline{{Kind: Text, Text: b.String()}}
}

func (w *inliner) wrap(kind InlineKind, n *html.Node) []Inline {
	in := w.children(n)
	if len(in) == 0 {
		return nil
	}
	return []Inline{{Kind: kind, Children: in}}
}

// code is code in a sentence. The mark of a footnote is no part of it, and comes
// behind it.
func (w *inliner) code(n *html.Node) []Inline {
	all, refs := w.unmarked(n)
	text := strings.Join(strings.Fields(all), " ")
	if text == "" {
		return append(w.text(all), refs...)
	}
	w.space = false
	return append([]Inline{{Kind: CodeSpan, Text: text}}, refs...)
}

func (w *inliner) link(n *html.Node) []Inline { return w.linkTo(n, w.children(n)) }

// linkTo is running text as a link, where the node has an address for it.
func (w *inliner) linkTo(n *html.Node, in []Inline) []Inline {
	href := strings.TrimSpace(attr(n, "href"))
	scheme, _, _ := strings.Cut(strings.ToLower(href), ":")
	if len(in) == 0 || href == "" || scheme == "javascript" || scheme == "data" {
		return in
	}
	return []Inline{{Kind: Link, URL: w.page.link(href), Children: in}}
}

// picture is an image inside running text; one that says nothing is left out.
func (w *inliner) picture(n *html.Node) []Inline {
	i := w.image(n)
	switch {
	case i.text != "":
		return w.text(i.text)
	case i.decorative, i.url == "" && i.alt == "":
		return nil
	}
	w.space = false
	return []Inline{{Kind: Picture, Text: i.alt, URL: i.url}}
}

const (
	plainScripts = "0123456789+-−=()n"
	superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"
	subscripts   = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₙ"
)

// script keeps numbers above and below the line apart from those on it: 10⁶ is
// not 106. Other letters, as in 1st, stay as they are.
func (w *inliner) script(n *html.Node) []Inline {
	text := strings.TrimSpace(textOf(n))
	signs := []rune(superscripts)
	if n.DataAtom == atom.Sub {
		signs = []rune(subscripts)
	}
	out := strings.Map(func(r rune) rune {
		i := strings.IndexRune(plainScripts, r)
		if i < 0 {
			return -1
		}
		return signs[utf8.RuneCountInString(plainScripts[:i])]
	}, text)
	if text == "" || first(n, is(atom.A)) != nil || utf8.RuneCountInString(out) != utf8.RuneCountInString(text) {
		return w.children(n)
	}
	return w.text(out)
}

// trimmed takes space and breaks from the ends of running text.
func trimmed(ins []Inline) []Inline {
	for len(ins) > 0 && ins[0].Kind == Break {
		ins = ins[1:]
	}
	for len(ins) > 0 {
		last := &ins[len(ins)-1]
		if last.Kind == Text {
			last.Text = strings.TrimRight(last.Text, " ")
		}
		if last.Kind != Break && (last.Kind != Text || last.Text != "") {
			break
		}
		ins = ins[:len(ins)-1]
	}
	return ins
}
