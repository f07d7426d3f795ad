package document

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// mostSpan bounds the columns or rows that a cell stands for (HTML, 4.9.11,
	// has 1,000 columns).
	mostSpan = 100
	// mostRepeated bounds the cells that a table has because others span.
	mostRepeated = 10_000
	// mostCell is how many words a cell of data has at the most, in a table
	// without heads; more of them are paragraphs that a table lays out.
	mostCell = 25
)

// table is a table of data. One that only lays the page out (of one row or
// column, or with blocks in its cells) is read as what stands in it.
func (p *page) table(n *html.Node, e Element) []Element {
	if rows, _ := tableParts(n); p.layout(n, rows) {
		return p.flow(n)
	}
	before := p.flow(p.fostered(n))
	rows, captions := tableParts(n)
	e.Kind = Table
	var said []Element
	for _, c := range captions {
		said = append(said, Element{Text: p.inlines(c)})
	}
	e.Text = flattened(said)
	g := grid{page: p, left: mostRepeated}
	for _, r := range rows {
		if row := g.row(r); len(row.Children) > 0 {
			row.Header = row.Header && (r.Parent.DataAtom == atom.Thead || len(e.Children) == 0 || e.Children[len(e.Children)-1].Header)
			e.Children = append(e.Children, row)
		}
	}
	if len(e.Children) == 0 {
		return append(before, paragraph(e.Text, e.Pos)...)
	}
	headless(e.Children)
	return append(before, e)
}

// tableParts are a table's rows and captions, but not those of a table in it.
func tableParts(n *html.Node) (rows, captions []*html.Node) {
	walk(n, func(c *html.Node) bool {
		switch c.DataAtom {
		case atom.Tr:
			rows = append(rows, c)
			return false
		case atom.Caption:
			captions = append(captions, c)
			return false
		}
		return c.DataAtom != atom.Table
	})
	return rows, captions
}

// fostered takes out of a table what has no place in one, and gives it back: in
// a book, which is XML, it stays where it was written, and a reader of HTML puts it
// before the table (HTML, 13.2.6.4.9).
func (p *page) fostered(table *html.Node) *html.Node {
	before := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div, Attr: []html.Attribute{{Key: placeAttr, Val: attr(table, placeAttr)}}}
	var strays func(n *html.Node)
	strays = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			switch {
			case rightly(c, n.DataAtom):
				if c.DataAtom != atom.Td && c.DataAtom != atom.Th && c.DataAtom != atom.Caption {
					strays(c)
				}
			case c.Type == html.ElementNode || strings.TrimSpace(c.Data) != "":
				remove(c)
				before.AppendChild(c)
			}
			c = next
		}
	}
	strays(table)
	p.survey(before)
	return before
}

// rightly says whether a node stands where the parts of a table may.
func rightly(n *html.Node, in atom.Atom) bool {
	switch n.DataAtom {
	case atom.Td, atom.Th:
		return in == atom.Tr
	case atom.Tr:
		return in != atom.Tr
	case atom.Caption:
		return in == atom.Table
	case atom.Thead, atom.Tbody, atom.Tfoot:
		return in == atom.Table
	case atom.Colgroup, atom.Col:
		return true
	}
	return false
}

// grid lays out a table's cells so that each stands in its column: a cell that
// spans several is repeated in them.
type grid struct {
	*page
	down []spanned // by column: a cell of a row above that reaches here
	left int       // cells that may yet be repeated
}

// spanned is a cell that reaches into the rows below.
type spanned struct {
	cell Element
	rows int
}

func (g *grid) row(r *html.Node) Element {
	row := Element{Kind: Row, Pos: g.pos(r), Header: r.Parent.DataAtom == atom.Thead}
	heads, own := 0, 0
	put := func(cell Element, down int) {
		at := len(row.Children)
		row.Children = append(row.Children, cell)
		for len(g.down) <= at {
			g.down = append(g.down, spanned{})
		}
		g.down[at] = spanned{again(cell), down}
	}
	above := func() {
		for at := len(row.Children); at < len(g.down) && g.down[at].rows > 0 && g.left > 0; at++ {
			g.left--
			put(g.down[at].cell, g.down[at].rows-1)
		}
	}
	cells := cellsOf(r)
	for _, c := range cells {
		above()
		cell := Element{Kind: Cell, Pos: g.pos(c)}
		if listed(c) {
			cell.Children = g.flow(c)
		} else {
			cell.Text = g.inlines(c)
		}
		if own++; c.DataAtom == atom.Th {
			heads++
			scope := strings.ToLower(attr(c, "scope"))
			cell.Header = scope == "row" || scope == "rowgroup" || len(row.Children) == 0 && scope != "col"
		}
		down := spans(c, "rowspan") - 1
		put(cell, down)
		if len(cells) == 1 {
			continue // a line across the table
		}
		for range spans(c, "colspan") - 1 {
			if g.left--; g.left < 0 {
				break
			}
			put(again(cell), down)
		}
	}
	if own > 0 {
		above()
	}
	row.Header = row.Header || heads == own && own > 1
	for i := range row.Children {
		row.Children[i].Header = row.Children[i].Header && !row.Header
	}
	return row
}

func cellsOf(r *html.Node) []*html.Node {
	var out []*html.Node
	for c := r.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			out = append(out, c)
		}
	}
	return out
}

func spans(c *html.Node, key string) int {
	v, err := strconv.Atoi(strings.TrimSpace(attr(c, key)))
	if err != nil {
		return 1
	}
	return min(max(v, 1), mostSpan)
}

// listed says whether a cell holds a list of data, and no other block.
func listed(c *html.Node) bool {
	return first(c, is(atom.Ul, atom.Ol)) != nil && first(c, func(n *html.Node) bool {
		return block(n) && n.DataAtom != atom.Ul && n.DataAtom != atom.Ol && n.DataAtom != atom.Li && n.DataAtom != atom.Div && n.DataAtom != atom.P
	}) == nil
}

// again is a cell as it stands in the next column or row: its footnotes and
// directives were in the first.
func again(cell Element) Element {
	if len(cell.Children) > 0 {
		cell.Text, cell.Children = CellText(cell), nil
	}
	if slices.ContainsFunc(cell.Text, func(in Inline) bool { return in.Kind == NoteRef || in.Kind == Command }) {
		cell.Text = slices.DeleteFunc(slices.Clone(cell.Text), func(in Inline) bool { return in.Kind == NoteRef || in.Kind == Command })
	}
	return cell
}

func (p *page) layout(table *html.Node, rows []*html.Node) bool {
	if role := attr(table, "role"); role == "presentation" || role == "none" {
		return true
	}
	widest, bulky, cells := 0, 0, 0
	for _, r := range rows {
		width := 0
		for _, c := range cellsOf(r) {
			width++
			cells++
			if first(c, is(atom.Pre, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4)) != nil || len(strings.Fields(textOf(c))) > mostCell {
				bulky++
			}
		}
		widest = max(widest, width)
	}
	if first(table, is(atom.Table)) != nil || widest < 2 {
		return true
	}
	heads := first(table, is(atom.Th)) != nil
	return !heads && (len(rows) < 2 || bulky*2 > cells)
}

// CellText is what a cell says as running text: that of its blocks, where it
// has some, with a break between two of them.
func CellText(cell Element) []Inline {
	if len(cell.Children) == 0 {
		return cell.Text
	}
	return flattened([]Element{cell})
}

// headless makes the first row of a table without heads its heads where it
// looks like them: it has words alone, and below most of them stand figures.
func headless(rows []Element) {
	if len(rows) < 3 || slices.ContainsFunc(rows, func(r Element) bool { return r.Header }) {
		return
	}
	figures := 0
	for i, c := range rows[0].Children {
		text := Plain(CellText(c))
		if i > 0 && text == "" || strings.ContainsAny(text, "0123456789") {
			return
		}
		below := 0
		for _, r := range rows[1:] {
			if i < len(r.Children) && strings.ContainsAny(Plain(CellText(r.Children[i])), "0123456789") {
				below++
			}
		}
		if below*2 > len(rows)-1 {
			figures++
		}
	}
	rows[0].Header = figures > 0
}
