package document

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table is a table of data. One that only lays the page out (of one row or
// column, or with blocks in its cells) is read as what stands in it.
func (p *page) table(n *html.Node, e Element) []Element {
	var rows []*html.Node
	var caption *html.Node
	walk(n, func(c *html.Node) bool {
		switch c.DataAtom {
		case atom.Tr:
			rows = append(rows, c)
			return false
		case atom.Caption:
			caption = c
			return false
		case atom.Table:
			return false
		}
		return true
	})
	if p.layout(n, rows) {
		return p.flow(n)
	}
	e.Kind = Table
	for _, r := range rows {
		row := Element{Kind: Row, Pos: p.pos(r), Header: r.Parent.DataAtom == atom.Thead}
		heads := 0
		for c := r.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			if c.DataAtom == atom.Th {
				heads++
			}
			row.Children = append(row.Children, Element{Kind: Cell, Pos: p.pos(c), Text: p.inlines(c)})
		}
		row.Header = row.Header || heads == len(row.Children) && heads > 0 && len(e.Children) == 0
		if len(row.Children) > 0 {
			e.Children = append(e.Children, row)
		}
	}
	var out []Element
	if caption != nil {
		out = p.flow(caption)
	}
	if len(e.Children) == 0 {
		return out
	}
	return append(out, e)
}

func (p *page) layout(table *html.Node, rows []*html.Node) bool {
	if role := attr(table, "role"); role == "presentation" || role == "none" {
		return true
	}
	widest, blocks, cells := 0, 0, 0
	for _, r := range rows {
		width := 0
		for c := r.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			width++
			cells++
			if first(c, is(atom.P, atom.Div, atom.Table, atom.Pre, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4)) != nil {
				blocks++
			}
		}
		widest = max(widest, width)
	}
	if first(table, is(atom.Table)) != nil || widest < 2 {
		return true
	}
	heads := first(table, is(atom.Th)) != nil
	return !heads && (len(rows) < 2 || blocks*2 > cells)
}

// hostOf is the host of an address as people say it.
func hostOf(address string) string {
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
