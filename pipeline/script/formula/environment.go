package formula

import (
	"fmt"
	"strings"
)

// environment reads \begin{name} … \end{name}; \begin was taken.
func (p *parser) environment(t token) *node {
	p.rewind()
	name := strings.TrimSuffix(strings.TrimSpace(p.braced()), "*")
	if p.depth >= maxDepth {
		p.fault(t.offset, fmt.Sprintf("nested deeper than %d: \\begin{%s} is passed over", maxDepth, name))
		return nil
	}
	switch name {
	case "array", "tabular", "alignat", "alignedat", "subarray":
		p.bracketed()
		p.braced() // the column layout
	case "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "aligned", "gathered", "smallmatrix":
		p.bracketed()
	}
	p.depth++
	table := p.rows()
	p.depth--
	if p.peek().kind == tokenCommand && p.peek().text == "end" {
		p.take()
		p.rewind()
		if end := strings.TrimSuffix(strings.TrimSpace(p.braced()), "*"); end != name {
			p.fault(t.offset, fmt.Sprintf("\\begin{%s} is closed by \\end{%s}", name, end))
		}
	} else {
		p.fault(t.offset, fmt.Sprintf("\\begin{%s} is not closed", name))
	}
	return finishTable(table, name)
}

// finishTable gives a table the shape its environment says.
func finishTable(table *node, name string) *node {
	fences := map[string][2]string{
		"pmatrix": {"(", ")"}, "bmatrix": {"[", "]"}, "Bmatrix": {"{", "}"},
		"vmatrix": {"|", "|"}, "Vmatrix": {"‖", "‖"},
	}
	switch name {
	case "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix":
		f := fences[name]
		return fenced(symbol(f[0]), []*node{table}, symbol(f[1]))
	case "cases", "dcases", "rcases":
		table.shape = shapeCases
		table.class = classTable
		return table
	case "equation", "displaymath", "math", "split", "multline", "document":
		if len(table.kids) == 1 {
			return buildRow(table.kids[0].kids)
		}
	}
	table.shape = shapeLines
	return table
}

// rows reads cells up to \end into a table. Empty rows at the end are dropped.
func (p *parser) rows() *node {
	table := branch(kindTable)
	table.class = classTable
	line := branch(kindTableRow)
	for {
		line.add(buildRow(p.row()))
		t := p.peek()
		switch {
		case t.kind == tokenCell:
			p.take()
			continue
		case t.kind == tokenRow:
			p.take()
			p.rewind()
			p.bracketed() // \\[2pt]
			table.add(line)
			line = branch(kindTableRow)
			continue
		case t.kind == tokenCommand && t.text == "right":
			p.fault(t.offset, "\\right has no \\left")
			p.take()
			line.add(p.fence())
			continue
		}
		if len(line.kids) > 1 || !line.kids[0].is(kindEmpty) {
			table.add(line)
		}
		return table
	}
}

// looseRows reads \\ outside of any environment, as some write in $$…$$.
func (p *parser) looseRows(first []*node) *node {
	table := branch(kindTable)
	table.class = classTable
	nodes := first
	for {
		t := p.take()
		switch t.kind {
		case tokenRow:
			p.rewind()
			p.bracketed()
			if len(nodes) > 0 {
				table.add(branch(kindTableRow, buildRow(nodes)))
			}
			nodes = nil
		case tokenEnd:
			if len(nodes) > 0 {
				table.add(branch(kindTableRow, buildRow(nodes)))
			}
			if len(table.kids) == 1 {
				return table.kids[0].kids[0]
			}
			return table
		case tokenCell:
		default:
			p.fault(t.offset, fmt.Sprintf("%q closes nothing", t.text))
		}
		nodes = append(nodes, p.row()...)
	}
}

// substack reads \substack{a \\ b}, lines under a sum.
func (p *parser) substack(t token) *node {
	if p.peek().kind != tokenOpen || p.depth >= maxDepth {
		return p.argument()
	}
	p.take()
	p.depth++
	table := p.rows()
	p.depth--
	if p.peek().kind == tokenClose {
		p.take()
	} else {
		p.fault(t.offset, "\\substack is not closed")
	}
	return table
}
