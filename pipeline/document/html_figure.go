package document

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// figure is an image with its caption, or something else and then its caption.
func (p *page) figure(n *html.Node) []Element {
	caption := first(n, is(atom.Figcaption))
	var after []Element
	credit := ""
	if caption != nil {
		if caption.Parent != nil {
			remove(caption)
		}
		credit = p.uncredit(caption)
		after = p.flow(caption)
	}
	label := p.unlabel(n)
	out := p.flow(n)
	if !captioned(out, after) {
		out = append(out, after...)
	}
	switch {
	case credit == "":
	case len(out) > 0 && out[0].Kind == Image:
		out[0].Credit = credit
	default:
		out = append(out, visual(p.pos(caption), credit))
	}
	return append(label, out...)
}

// visual is a line for those who see the page.
func visual(at Pos, words string) Element {
	return Element{Kind: Paragraph, Pos: at, Text: []Inline{{Kind: Text, Text: words}}, Visual: true}
}

var figureLabel = compiled(`^(?i:image|photo|picture|video|media)$`)

// unlabel takes out of a figure the word that tells readers who do not see it
// what it is, and gives it back as a line of its own: beside it the image would be
// part of a line of text.
func (p *page) unlabel(figure *html.Node) (label []Element) {
	if first(figure, is(atom.Img)) == nil {
		return nil
	}
	walk(figure, func(n *html.Node) bool {
		if n.DataAtom == atom.Span && n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.TextNode && figureLabel().MatchString(wordsOf(n)) {
			label = append(label, visual(p.pos(n), wordsOf(n)))
			remove(n)
			return false
		}
		return true
	})
	return label
}

var creditClass = compiled(`(?i)(^|[-_ ])(credits?|copyright)($|[-_ ])`)

// uncredit takes out of a caption the elements that say who made the picture,
// and gives back their words.
func (p *page) uncredit(caption *html.Node) string {
	var credit []string
	walk(caption, func(n *html.Node) bool {
		if n.Type != html.ElementNode || !creditsOf(n) || !briefly(n, 2*mostCite) {
			return true
		}
		if words := wordsOf(n); words != "" {
			credit = append(credit, words)
		}
		remove(n)
		return false
	})
	return strings.Join(credit, " ")
}

// creditsOf says whether an element of a caption is its credit: by what its
// markup says, or by a label that it begins with.
func creditsOf(n *html.Node) bool {
	prop := attr(n, "itemprop")
	if prop == "copyrightHolder" || prop == "creditText" || creditClass().MatchString(attr(n, "class")) {
		return true
	}
	label := n.FirstChild
	for label != nil && label.Type == html.TextNode && strings.TrimSpace(label.Data) == "" {
		label = label.NextSibling
	}
	return n.DataAtom == atom.Span && label != nil && label.DataAtom == atom.Span && creditLabel().MatchString(wordsOf(label))
}

var creditLabel = compiled(`^(?i:(image |photo |picture )?credits?):?$`)

var captionClass = compiled(`(?i)(^|[-_ ])caption([-_]?text)?($| )`)

// captionAfter gives to images what follows them in the page, where its
// element or class says that it is their caption.
func (p *page) captionAfter(n *html.Node, images []Element) {
	if slices.ContainsFunc(images, func(e Element) bool { return e.Kind != Image }) {
		return
	}
	c := n.NextSibling
	for c != nil && c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
		c = c.NextSibling
	}
	if c == nil || !p.blocks[c] || c.DataAtom != atom.Figcaption && !captionClass().MatchString(attr(c, "class")) {
		return
	}
	if caption := p.flow(c); captioned(images, caption) {
		remove(c)
	}
}

// captioned gives a figure's caption to what stands in it, where that has a
// place for one.
func captioned(out, caption []Element) bool {
	if len(out) == 0 || len(caption) == 0 {
		return false
	}
	var text []Inline
	for i, e := range caption {
		if e.Kind != Paragraph {
			return false
		}
		if i > 0 {
			text = append(text, Inline{Kind: Break})
		}
		text = append(text, e.Text...)
	}
	same := !slices.ContainsFunc(out, func(e Element) bool { return e.Kind != out[0].Kind })
	switch fig := &out[0]; {
	case fig.Kind == Image && same:
		fig.Title, fig.Decorative = Plain(text), false
	case len(out) > 1:
		return false
	case fig.Kind == Quote && len(fig.Cite) == 0, fig.Kind == Verse && len(fig.Cite) == 0:
		fig.Cite = trimLead(text, dashes)
	case fig.Kind == Table && len(fig.Text) == 0:
		fig.Text = text
	case fig.Kind == Embed && fig.Label != "post":
		fig.Title = Plain(text)
	default:
		return false
	}
	return true
}
