package document

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Readability knows articles of paragraphs. It drops what an author set apart
// (call-outs in <aside>, players, posts of other sites), and makes paragraphs
// of a poem's stanzas. So these are held back while it looks: in the place of
// each stands a sign that it does not touch, and that has the words which count
// for it; what it keeps is put back.
const (
	ownAttr  = "narrapress-" // of every attribute that is not the page's
	heldAttr = "narrapress-held"

	// standIn is the text of a sign that stands for no words: an object
	// (Unicode 16, 23.8).
	standIn = "\uFFFC"
)

// disown takes out of a page attributes that look like those of this reader.
func disown(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		kept, placed := n.Attr[:0], false
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, ownAttr) && (a.Key != placeAttr || placed) {
				continue
			}
			placed = placed || a.Key == placeAttr // the first is ours
			kept = append(kept, a)
		}
		n.Attr = kept
		return true
	})
}

// hold puts signs in the place of what Readability would lose.
func (p *page) hold(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		switch {
		case n.Type != html.ElementNode:
			return false
		case player(n):
			p.holdBack(wrapping(n), atom.Code, standIn)
		case posted(n) || calloutLabel(n) != "" || poem(n):
			p.holdBack(n, atom.P, wordsOf(n))
		case n.DataAtom == atom.Blockquote:
			keepFooters(n)
			return true
		default:
			return true
		}
		return false
	})
}

func (p *page) holdBack(n *html.Node, as atom.Atom, words string) {
	if n.Parent == nil {
		return
	}
	sign := &html.Node{Type: html.ElementNode, Data: as.String(), DataAtom: as, Attr: []html.Attribute{
		{Key: heldAttr, Val: strconv.Itoa(len(p.held))}, {Key: placeAttr, Val: attr(n, placeAttr)},
	}}
	sign.AppendChild(&html.Node{Type: html.TextNode, Data: words})
	p.held = append(p.held, n)
	n.Parent.InsertBefore(sign, n)
	remove(n)
}

// restore puts back what was held.
func (p *page) restore(article *html.Node) {
	if article == nil {
		return
	}
	walk(article, func(n *html.Node) bool {
		at := attr(n, heldAttr)
		if at == "" {
			return true
		}
		if i, err := strconv.Atoi(at); err == nil && i < len(p.held) && p.held[i].Parent == nil {
			n.Parent.InsertBefore(p.held[i], n)
		}
		remove(n)
		return false
	})
}

// wrapping is the outermost of the divisions around a player that hold
// nothing else. Their classes (video-embed, social) are often those of clutter.
func wrapping(n *html.Node) *html.Node {
	for n.Parent != nil && (n.Parent.DataAtom == atom.Div || n.Parent.DataAtom == atom.P || n.Parent.DataAtom == atom.Center || n.Parent.DataAtom == atom.Span) {
		for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
			if c != n && (c.Type == html.ElementNode || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "") {
				return n
			}
		}
		n = n.Parent
	}
	return n
}

// keepFooters keeps from being dropped what a quotation's footer says: whose
// words they are.
func keepFooters(quote *html.Node) {
	walk(quote, func(n *html.Node) bool {
		if n.DataAtom == atom.Footer {
			n.DataAtom, n.Data = atom.P, "p"
			n.Attr = append(n.Attr, html.Attribute{Key: citeAttr, Val: "footer"})
		}
		return true
	})
}
