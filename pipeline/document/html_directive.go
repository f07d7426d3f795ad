package document

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	verbAttr     = "narrapress-verb"
	argumentAttr = "narrapress-argument"
)

// directives replaces comments for this program by signs that the search for
// the article leaves where they are, and gives those signs.
func (p *page) directives(root *html.Node) []*html.Node {
	var signs []*html.Node
	walk(root, func(n *html.Node) bool {
		if n.Type != html.CommentNode {
			return true
		}
		comment, place := n.Data, ""
		if rest, ok := strings.CutPrefix(comment, placeAttr+"="); ok {
			place, comment, _ = strings.Cut(rest, " ")
		}
		verb, argument, ok, err := ParseDirective(comment)
		if !ok {
			return true
		}
		sign := &html.Node{Type: html.ElementNode, Data: "code", DataAtom: atom.Code, Attr: []html.Attribute{
			{Key: verbAttr, Val: verb}, {Key: argumentAttr, Val: argument}, {Key: placeAttr, Val: place},
		}}
		if err != nil {
			p.find(sign, "%v", err)
			return true
		}
		sign.AppendChild(&html.Node{Type: html.TextNode, Data: standIn})
		at := beforeVerbatim(n)
		if at.Parent == nil {
			return true
		}
		at.Parent.InsertBefore(sign, at)
		signs = append(signs, sign)
		return true
	})
	return signs
}

// beforeVerbatim is a node, or the table or code that it stands in and that
// has no place for a directive.
func beforeVerbatim(n *html.Node) *html.Node {
	for up := n.Parent; up != nil; up = up.Parent {
		switch up.DataAtom {
		case atom.Td, atom.Th, atom.Caption:
			return n
		case atom.Table, atom.Pre, atom.Select, atom.Video, atom.Audio, atom.Object:
			return up
		}
	}
	return n
}

// strayed finds the directives that stand outside of the article.
func (p *page) strayed(signs []*html.Node, article *html.Node) {
	kept := map[string]bool{}
	if article != nil {
		walk(article, func(n *html.Node) bool {
			if attr(n, verbAttr) != "" {
				kept[attr(n, placeAttr)] = true
			}
			return true
		})
	}
	for _, n := range p.notes {
		walk(n.body, func(n *html.Node) bool {
			if attr(n, verbAttr) != "" {
				kept[attr(n, placeAttr)] = true
			}
			return true
		})
	}
	for _, s := range signs {
		if !kept[attr(s, placeAttr)] {
			p.find(s, "the directive %s stands outside of the article: left out", attr(s, verbAttr))
		}
	}
}

// command is the inline of a directive's sign.
func (p *page) command(n *html.Node) Inline {
	at := p.pos(n)
	return Inline{Kind: Command, Text: attr(n, verbAttr), Title: attr(n, argumentAttr), Line: at.Line, Col: at.Col}
}

// commands are the directives of a run that has nothing else.
func commands(ins []Inline, name string) []Element {
	var out []Element
	for _, in := range ins {
		switch {
		case in.Kind == Command:
			out = append(out, Element{Kind: Directive, Pos: Pos{File: name, Line: in.Line, Col: in.Col}, Label: in.Text, Raw: in.Title})
		case in.Kind == Break || in.Kind == Text && strings.TrimSpace(in.Text) == "":
		default:
			return nil
		}
	}
	return out
}
