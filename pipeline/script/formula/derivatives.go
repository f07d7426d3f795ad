package formula

// narrateFraction words derivatives as derivatives.
func (s *speaker) narrateFraction(n *node, at *place) bool {
	top, bottom := differential(n.kids[0]), differential(n.kids[1])
	if !top.ok || !bottom.ok || top.sign != bottom.sign || bottom.of == nil {
		return false
	}
	s.say("the")
	if top.order != nil {
		s.say(ordinalOr(top.order))
	}
	if top.sign == "∂" {
		s.say("partial")
	}
	s.say("derivative")
	if top.of != nil {
		s.say("of")
		s.speak(top.of, at)
	}
	s.say("with respect to")
	if bottom.of.is(kindSup) && top.order != nil && bottom.of.kids[1].text == top.order.text {
		s.speak(bottom.of.kids[0], at)
	} else {
		s.speak(bottom.of, at)
	}
	if top.of == nil {
		s.say("of")
	} else {
		s.pause(shortStop)
	}
	return true
}

// differentialPart is one side of a derivative: d² y has the order 2 and is of y.
type differentialPart struct {
	sign  string
	order *node
	of    *node
	ok    bool
}

// differential reads d, d², dx, ∂x, ∂²f as a side of a derivative.
func differential(n *node) differentialPart {
	sign := n
	var p differentialPart
	switch {
	case n.is(kindRow) && len(n.kids) >= 2:
		sign = n.kids[0]
		rest := n.kids[1:]
		p.of = rest[0]
		if len(rest) > 1 {
			p.of = branch(kindRow, rest...)
		}
	case n.is(kindPrefix) && len(n.marks) == 1:
		sign, p.of = n.marks[0], n.kids[0]
	}
	if sign.is(kindSup) && (sign.kids[1].isInteger() || sign.kids[1].isLetter()) {
		p.order, sign = sign.kids[1], sign.kids[0]
	}
	p.sign = sign.text
	p.ok = sign.isSymbol("∂") || sign.is(kindIdent) && sign.text == "d"
	return p
}
