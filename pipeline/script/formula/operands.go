package formula

// maxIntegrand bounds the look ahead for the dx of an integral, in nodes.
const maxIntegrand = 1000

// bindFunctions gives each function, sum and integral of a row its operand.
// It goes from right to left, so an inner function has its argument before the
// outer one looks for its own.
func bindFunctions(nodes []*node) []*node {
	needed, integral := false, false
	for i, n := range nodes {
		switch n.class {
		case classFunction, classLimit, classSimple, classBigOp, classIntegral:
			needed = true
			integral = integral || n.class == classIntegral
		case classOperand:
			needed = needed || i+1 < len(nodes) && nodes[i+1].core().is(kindFenced)
		}
	}
	if !needed {
		return nodes
	}
	b := binder{integral: integral}
	for i := len(nodes) - 1; i >= 0; i-- {
		b.bind(nodes[i])
	}
	out := make([]*node, 0, len(b.rest))
	for i := len(b.rest) - 1; i >= 0; i-- {
		out = append(out, b.rest[i])
	}
	return out
}

// binder holds what stands to the right of the node at hand, nearest last.
type binder struct {
	rest     []*node
	integral bool // one stands in this row: a dx ends a function's argument
}

func (b *binder) push(n *node) { b.rest = append(b.rest, n) }

func (b *binder) next() *node {
	if len(b.rest) == 0 {
		return nil
	}
	return b.rest[len(b.rest)-1]
}

func (b *binder) pop() *node {
	n := b.next()
	b.rest = b.rest[:len(b.rest)-1]
	return n
}

func (b *binder) bind(n *node) {
	next := b.next()
	if next == nil || next.level > maxLevel {
		b.push(n)
		return
	}
	switch n.class {
	case classFunction, classLimit, classSimple:
		if next.is(kindFenced) {
			b.push(apply(n, b.pop()))
			return
		}
		if next.is(kindApply) {
			b.push(apply(n, b.pop()))
			return
		}
		if arg := b.takeUntil(func(m *node) bool { return isBoundary(m) && !isDivision(m) || m.is(kindApply) }); arg != nil {
			n = apply(n, arg)
		}
		b.push(n)
	case classBigOp:
		if arg := b.takeUntil(isBoundary); arg != nil {
			n = over(n, arg)
		}
		b.push(n)
	case classIntegral:
		if arg := b.integrand(); arg != nil {
			n = over(n, arg)
		}
		b.push(n)
	default:
		inner := next
		if n.is(kindIdent) && len(n.text) > 2 {
			inner = next.core() // a name with (x)_i after it; a letter would be a product
		}
		if inner.is(kindFenced) && !inner.neutral() && isHead(n) && isScope(inner.kids[0]) {
			n = apply(n, b.pop())
		}
		b.push(n)
	}
}

func apply(f, arg *node) *node { return branch(kindApply, f, arg) }

func over(op, arg *node) *node { return branch(kindBigOp, op, arg) }

// takeUntil takes nodes up to a boundary as one operand, nil if there are none.
func (b *binder) takeUntil(boundary func(*node) bool) *node {
	var taken []*node
	for len(b.rest) > 0 && !boundary(b.next()) && !(len(taken) > 0 && b.integral && b.isDifferential(len(b.rest)-1)) {
		taken = append(taken, b.pop())
	}
	if len(taken) == 0 {
		return nil
	}
	return splitOperators(taken)
}

// integrand takes what is integrated: up to and with its dx, or else one term.
func (b *binder) integrand() *node {
	end := -1
	for i := len(b.rest) - 1; i >= 0 && i >= len(b.rest)-maxIntegrand; i-- {
		n := b.rest[i]
		if n.class == classRelation || n.class == classPunct {
			break
		}
		if b.isDifferential(i) {
			end = i - 1
			break
		}
	}
	if end < 0 {
		return b.takeUntil(isBoundary)
	}
	var taken []*node
	for len(b.rest) > end+2 {
		taken = append(taken, b.pop())
	}
	variable := branch(kindRow, b.pop(), b.pop())
	if len(taken) == 0 {
		return variable
	}
	// The dx is no factor: no "times" comes before it.
	return branch(kindList, splitOperators(taken), variable)
}

// isDifferential tells a d with a letter after it.
func (b *binder) isDifferential(i int) bool {
	n := b.rest[i]
	return n.is(kindIdent) && n.text == "d" && i > 0 && b.rest[i-1].core().is(kindIdent)
}

func isBoundary(n *node) bool {
	return n.class == classOperator || n.class == classRelation || n.class == classPunct
}

func isDivision(n *node) bool { return n.isSymbol("/") || n.isSymbol("÷") }

// isHead tells what may be a function by the parenthesis after it: a letter or
// a name, with or without scripts.
func isHead(n *node) bool { return n.core().is(kindIdent) }

// isScope tells what may be an argument: a(b + c) is a product, a(b, c) and
// a(bc) are not.
func isScope(n *node) bool {
	switch n.kind {
	case kindInfix:
		for _, m := range n.marks {
			if !isNamed(m.text, "∩", "∪", "∧", "∨", "∈") {
				return false
			}
		}
	case kindRow:
		for _, kid := range n.kids {
			if kid.is(kindInfix) {
				return false
			}
		}
	}
	return true
}
