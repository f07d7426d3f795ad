package formula

import "strings"

// frame is a fence waiting for its partner, with what came after it.
type frame struct {
	open    *node
	content []*node
}

// matchFences replaces each pair of fences in a row by one node. What has no
// partner becomes punctuation. A bar closes a bar when one is open, and opens
// one otherwise; inside another fence a single bar is left as a mark.
func matchFences(nodes []*node) []*node {
	stack := []frame{{}}
	top := func() *frame { return &stack[len(stack)-1] }
	put := func(ns ...*node) { top().content = append(top().content, ns...) }
	// unwind gives up on the frames above n: their fences stay as marks.
	unwind := func(n int) {
		for len(stack) > n {
			f := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			f.open.class = classPunct
			put(f.open)
			put(f.content...)
		}
	}
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		switch n.class {
		case classOpen:
			if n.is(kindSymbol) && len(stack) < maxDepth {
				stack = append(stack, frame{open: n})
				continue
			}
			n.class = classPunct
			put(n)
		case classClose:
			at := len(stack) - 1
			for at > 0 && stack[at].open.class != classOpen {
				at--
			}
			if at == 0 {
				n.class = classPunct
				put(n)
				continue
			}
			unwind(at + 1)
			f := stack[at]
			stack = stack[:at]
			put(rescript(n, func(end *node) *node { return fenced(f.open, f.content, end) }))
		case classNeutral:
			core := n.core().text
			double := core == "|" && n.is(kindSymbol) && i+1 < len(nodes) && nodes[i+1].tight &&
				nodes[i+1].class == classNeutral && nodes[i+1].core().text == "|"
			open := top().open
			switch {
			case open != nil && open.class == classNeutral && open.text == core:
				f := *top()
				stack = stack[:len(stack)-1]
				put(rescript(n, func(end *node) *node { return fenced(f.open, f.content, end) }))
			case double && open != nil && open.text == "‖":
				f := *top()
				stack = stack[:len(stack)-1]
				i++
				put(rescript(nodes[i], func(*node) *node { return fenced(f.open, f.content, symbol("‖")) }))
			case double && nodes[i+1].is(kindSymbol) && len(stack) < maxDepth:
				i++
				stack = append(stack, frame{open: symbol("‖")})
			case n.is(kindSymbol) && len(stack) < maxDepth:
				stack = append(stack, frame{open: n})
			default:
				n.class = classPunct
				put(n)
			}
		default:
			put(n)
		}
	}
	unwind(1)
	nameFunctions(stack[0].content)
	return stack[0].content
}

// nameFunctions takes \text{softmax}(x) for the function it is.
func nameFunctions(nodes []*node) {
	for i, n := range nodes {
		if n.is(kindText) && i+1 < len(nodes) && nodes[i+1].core().is(kindFenced) && nodes[i+1].core().marks[0].tight &&
			strings.IndexByte(n.text, ' ') < 0 {
			named := word(n.text)
			named.apart = n.apart
			nodes[i] = named
		}
	}
}

// rescript builds the fenced node from the bare closing fence under n's
// scripts, and puts the scripts around it: in (x)^2 the whole is squared.
func rescript(n *node, build func(end *node) *node) *node {
	var chain []*node
	for !n.is(kindSymbol) {
		chain = append(chain, n)
		n = n.kids[0]
	}
	out := build(n)
	for i := len(chain) - 1; i >= 0; i-- {
		outer := branch(chain[i].kind, append([]*node{out}, chain[i].kids[1:]...)...)
		outer.marks, outer.below = chain[i].marks, chain[i].below
		out = outer
	}
	return out
}

// fenced builds what stands between two fences. Either may be missing.
func fenced(open *node, nodes []*node, end *node) *node {
	inner := buildRow(nodes)
	if inner.is(kindTable) && inner.shape == shapeLines {
		table := *inner
		switch {
		case open.isSymbol("{") && end.is(kindEmpty), open.is(kindEmpty) && end.isSymbol("}"):
			table.shape = shapeCases
			return &table
		case open.class == classNeutral && end.class == classNeutral:
			table.shape = shapeDeterminant
			return &table
		case open.class == classOpen && end.class == classClose:
			table.shape = shapeMatrix
			return &table
		}
	}
	if open.is(kindEmpty) && end.is(kindEmpty) {
		return inner
	}
	if inner.is(kindStack) && inner.marks == nil && open.isSymbol("(") && end.isSymbol(")") {
		stack := *inner
		stack.marks = []*node{open, end}
		return &stack
	}
	n := branch(kindFenced, inner)
	n.marks = []*node{open, end}
	return n
}

// neutral tells |x| and ‖x‖ from parentheses.
func (n *node) neutral() bool {
	return n.is(kindFenced) && n.marks[0].class == classNeutral && n.marks[0].text == n.marks[1].text
}

// isSet tells whether braces hold a set: one thing, things with commas
// between them, or things such that something holds.
func (n *node) isSet() bool {
	if !n.is(kindFenced) || !n.marks[0].isSymbol("{") || !n.marks[1].isSymbol("}") {
		return false
	}
	inner := n.kids[0]
	switch inner.kind {
	case kindEmpty:
		return true
	case kindInfix, kindRelation, kindTable:
		return false
	case kindList:
		first := ""
		for _, kid := range inner.kids {
			if kid.class == classPunct && kid.is(kindSymbol) {
				first = kid.text
				break
			}
		}
		if n.condition() > 0 {
			return true
		}
		last := inner.kids[len(inner.kids)-1]
		return first == "," && inner.kids[0].class != classPunct && last.class != classPunct
	}
	return true
}

// condition gives the place in the list of a set of the bar or colon that
// reads "such that", or 0.
func (n *node) condition() int {
	inner := n.kids[0]
	if !inner.is(kindList) {
		return 0
	}
	at := 0
	for i, kid := range inner.kids {
		if kid.class != classPunct {
			continue
		}
		switch {
		case kid.isSymbol("|"), kid.isSymbol("∣"), kid.isSymbol(":"):
			if at > 0 {
				return 0
			}
			at = i
		case at == 0 && !kid.is(kindText):
			return 0
		}
	}
	if at == len(inner.kids)-1 {
		return 0
	}
	return at
}
