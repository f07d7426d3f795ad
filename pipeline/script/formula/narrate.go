package formula

// narrate words a node where the narrator departs from ClearSpeak, and tells
// whether it did. The list of departures stands in the project's text guide.
func (s *speaker) narrate(n *node, at *place) bool {
	switch n.kind {
	case kindApply:
		return s.narrateApply(n, at)
	case kindFenced:
		return s.narrateFenced(n, at)
	case kindSup:
		return s.narrateSuper(n, at)
	case kindSub:
		return s.narrateSub(n, at)
	case kindLimits:
		return s.narrateLimits(n, at)
	case kindAccent:
		return s.narrateAccent(n, at)
	case kindFraction:
		return s.narrateFraction(n, at)
	case kindStack:
		if n.marks == nil || !n.marks[0].isSymbol("(") {
			return false
		}
		s.kid(n, 0, at)
		s.say("choose")
		s.kid(n, 1, at)
		return true
	case kindPrefix:
		return s.narratePrefix(n, at)
	case kindRelation:
		return s.narrateRelation(n, at)
	case kindInfix:
		return s.narrateInfix(n, at)
	case kindRow:
		return s.narrateRow(n, at)
	case kindBigOp:
		return s.narrateIntegral(n, at)
	}
	return false
}

// narrateFenced names floors, ceilings, inner products and intervals.
func (s *speaker) narrateFenced(n *node, at *place) bool {
	open, end := n.marks[0].text, n.marks[1].text
	inner := n.kids[0]
	switch {
	case open == "⌊" && end == "⌋":
		s.say("the floor of")
	case open == "⌈" && end == "⌉":
		s.say("the ceiling of")
	case open == "⟨" && end == "⟩":
		if a, b, ok := pair(inner); ok {
			s.say("the inner product of")
			s.two(a, b, "and", n, at)
			return true
		}
		return false
	case inner.is(kindList) && s.interval(n, at):
		return true
	default:
		return false
	}
	s.kid(n, 0, at)
	s.pause(shortStop)
	return true
}

// pair gives the two sides of a list with one comma or semicolon.
func pair(n *node) (a, b *node, ok bool) {
	if n.is(kindList) && len(n.kids) == 3 && (n.kids[1].isSymbol(",") || n.kids[1].isSymbol(";")) {
		return n.kids[0], n.kids[2], true
	}
	return nil, nil, false
}

func (s *speaker) two(a, b *node, between string, n *node, at *place) {
	here := &place{parent: n, up: at}
	s.speak(a, here)
	s.say(between)
	s.speak(b, here)
	s.pause(shortStop)
}

// interval speaks (0, 1], and [0, 1] or (0, 1) where a set must stand: after
// "is in".
func (s *speaker) interval(n *node, at *place) bool {
	a, b, ok := pair(n.kids[0])
	if !ok {
		return false
	}
	open, end := n.marks[0].text, n.marks[1].text
	member := at.in(kindInfix) && at.index > 0 && isMembership(at.parent.marks[at.index-1])
	var name string
	switch {
	case open == "[" && end == ")", open == "(" && end == "]":
		name = "the half-open interval from"
	case open == "[" && end == "]" && (member || a.is(kindNumber) && b.is(kindNumber)):
		name = "the interval from"
	case open == "(" && end == ")" && member && (a.is(kindNumber) || b.isSymbol("∞")):
		name = "the open interval from"
	default:
		return false
	}
	s.say(name)
	s.two(a, b, "to", n, at)
	return true
}

func isMembership(n *node) bool { return n.isSymbol("∈") || n.isSymbol("∉") }

// narratePrefix words the differential operators by what they compute.
func (s *speaker) narratePrefix(n *node, at *place) bool {
	var name string
	m := n.marks[0]
	switch {
	case len(n.marks) == 2 && m.isSymbol("∇") && (n.marks[1].isSymbol("⋅") || n.marks[1].isSymbol("∙")):
		name = "the divergence of"
	case len(n.marks) == 2 && m.isSymbol("∇") && n.marks[1].isSymbol("×"):
		name = "the curl of"
	case len(n.marks) != 1:
		return false
	case m.isSymbol("∇"):
		name = "the gradient of"
	case m.is(kindSup) && m.kids[0].isSymbol("∇") && m.kids[1].text == "2":
		name = "the Laplacian of"
	case m.is(kindSub) && m.kids[0].isSymbol("∇"):
		s.speak(m, &place{parent: n, up: at})
		s.say("of")
		s.kid(n, 0, at)
		return true
	default:
		return false
	}
	s.say(name)
	s.kid(n, 0, at)
	return true
}
