package formula

import (
	"strings"
	"unicode"
)

// fence reads the delimiter after \left, \right and the like.
func (p *parser) fence() *node {
	t := p.take()
	text := canonical(t.text)
	if t.kind == tokenCommand {
		if char, ok := commands[t.text]; ok {
			text = char
		}
	}
	// A control character may stand behind a backslash; it is nothing to be heard.
	switch text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }); text {
	case ".", "":
		return empty()
	case "<":
		text = "⟨"
	case ">":
		text = "⟩"
	case "∣":
		text = "|"
	case "∥":
		text = "‖"
	}
	return symbol(text)
}

// leftRight reads \left( … \right).
func (p *parser) leftRight(t token) *node {
	open := p.fence()
	if p.depth >= maxDepth {
		p.fault(t.offset, "nested too deep: \\left is read without its partner")
		return open
	}
	p.depth++
	nodes := p.row()
	for p.peek().kind == tokenCell || p.peek().kind == tokenRow {
		p.take()
		nodes = append(nodes, p.row()...)
	}
	p.depth--
	if next := p.peek(); next.kind != tokenCommand || next.text != "right" {
		p.fault(t.offset, "\\left has no \\right")
		return buildRow(append([]*node{open}, nodes...))
	}
	p.take()
	closing := p.fence()
	if open.is(kindEmpty) && closing.class == classNeutral {
		// \left. … \right|_{x=0}: the bar is the "evaluated at" sign.
		bar := p.scripts(closing)
		bar.class = classPunct
		n := branch(kindList, buildRow(nodes))
		n.add(bar)
		return n
	}
	return fenced(open, nodes, closing)
}

// overUnder reads \overset, \underset and \stackrel: mark first, base second.
func (p *parser) overUnder(name string) *node {
	mark := p.argument()
	base := p.argument()
	k := kindOver
	if name == "underset" {
		k = kindUnder
	}
	if base.class == classLimit || base.class == classBigOp {
		lower, upper := empty(), mark
		if k == kindUnder {
			lower, upper = mark, empty()
		}
		n := branch(kindLimits, base, lower, upper)
		n.class = base.class
		return n
	}
	n := branch(k, base, mark)
	n.class = base.class
	return n
}

func (p *parser) labelledArrow(name string) *node {
	under := p.optional()
	over := p.argument()
	char := map[string]string{
		"xrightarrow": "→", "xleftarrow": "←", "xRightarrow": "⇒", "xLeftarrow": "⇐",
		"xleftrightarrow": "↔",
	}[name]
	n := symbol(char)
	class := n.class
	if under != nil {
		n = branch(kindUnder, n, under)
	}
	if !over.is(kindEmpty) {
		n = branch(kindOver, n, over)
	}
	n.class = class
	return n
}

// negation reads \not and what it strikes out.
func (p *parser) negation() *node {
	n := p.argument()
	if char, ok := negated[n.text]; ok && n.is(kindSymbol) {
		return symbol(char)
	}
	if n.is(kindEmpty) {
		return word("not")
	}
	not := &node{kind: kindPrefix, kids: []*node{n}, marks: []*node{symbol("¬")}, level: n.level + 1, class: n.class}
	return not
}
