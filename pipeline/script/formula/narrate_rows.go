package formula

// narrateRelation words arrows and tildes by what they mean where they stand.
func (s *speaker) narrateRelation(n *node, at *place) bool {
	special := false
	for i, m := range n.marks {
		if s.relationName(n, i) != "" || m.isSymbol("≡") {
			special = true
		}
	}
	if !special {
		return false
	}
	for i := range n.kids {
		if i > 0 {
			if name := s.relationName(n, i-1); name != "" {
				s.say(name)
			} else {
				s.speak(n.marks[i-1], &place{parent: n, up: at, index: i})
			}
		}
		s.kid(n, i, at)
	}
	return true
}

// relationName gives the words for a relation that depend on its sides, "" for
// the usual ones.
func (s *speaker) relationName(n *node, i int) string {
	right := n.kids[i+1]
	switch m := n.marks[i]; {
	case m.isSymbol("∼") && isDistribution(right) && s.bound > 0:
		return "distributed as"
	case m.isSymbol("∼") && isDistribution(right):
		return "is distributed as"
	case m.isSymbol("≡") && holds(right, kindModulo):
		return "is congruent to"
	case (m.isSymbol("→") || m.isSymbol("⟶")) && (right.isSymbol("∞") || right.is(kindNumber) || right.is(kindPrefix)):
		return "approaches"
	}
	return ""
}

// isDistribution tells what a random variable can follow: N(0, 1), a script
// letter, a capital, p(x).
func isDistribution(n *node) bool {
	if n.is(kindApply) && n.kids[1].is(kindFenced) {
		return true
	}
	core := n.core()
	if !core.is(kindIdent) {
		return false
	}
	return core.font == fontScript || 'A' <= core.text[0] && core.text[0] <= 'Z' || isNamed(core.text, "p", "q", "π", "μ", "ρ")
}

func holds(n *node, k kind) bool {
	if n.is(k) {
		return true
	}
	for _, kid := range n.kids {
		if kid.is(k) {
			return true
		}
	}
	return false
}

// narrateInfix words ∇· and ∇×, and the sizes of matrices: "R m by n".
func (s *speaker) narrateInfix(n *node, at *place) bool {
	power := at.in(kindSup) && at.index == 1 && isNumberSet(at.parent.kids[0])
	if power {
		for i := range n.kids {
			if i > 0 {
				if n.marks[i-1].isSymbol("×") {
					s.say("by")
				} else {
					s.speak(n.marks[i-1], &place{parent: n, up: at})
				}
			}
			s.kid(n, i, at)
		}
		return true
	}
	gradient := false
	for _, m := range n.marks {
		gradient = gradient || m.core().isSymbol("∇")
	}
	if !gradient {
		return false
	}
	for i := range n.kids {
		if i > 0 {
			switch m := n.marks[i-1]; {
			case m.isSymbol("∇"):
				s.say("times the gradient of")
			case m.core().isSymbol("∇"):
				s.say("times")
				s.speak(m, &place{parent: n, up: at})
				s.say("of")
			default:
				s.speak(m, &place{parent: n, up: at})
			}
		}
		s.kid(n, i, at)
	}
	return true
}

// narrateRow leaves out "times" before a unit or a lone matrix product, and
// reads money and modulo.
func (s *speaker) narrateRow(n *node, at *place) bool {
	if len(n.kids) == 2 && n.kids[0].isSymbol("$") && n.kids[1].is(kindNumber) {
		s.kid(n, 1, at)
		if n.kids[1].text == "1" {
			s.say("dollar")
		} else {
			s.say("dollars")
		}
		return true
	}
	return false
}

// narrateIntegral keeps the dx apart by a pause.
func (s *speaker) narrateIntegral(n *node, at *place) bool {
	if n.class != classIntegral && n.kids[0].core().class != classIntegral {
		return false
	}
	arg := n.kids[1]
	if !arg.is(kindList) || len(arg.kids) != 2 || arg.kids[0].class == classPunct {
		return false
	}
	s.say("the")
	s.kid(n, 0, at)
	s.say("of")
	s.kid(arg, 0, at)
	s.pause(shortStop)
	s.kid(arg, 1, at)
	s.pause(shortStop)
	return true
}

// saysTimes tells products whose factors would run together: two function
// values, a fraction and a sum.
func saysTimes(a, b *node) bool {
	call := func(n *node) bool { return n.is(kindApply) && n.kids[1].is(kindFenced) }
	return call(a) && call(b) || a.is(kindFraction) && !a.smallVulgar() && !differential(a.kids[0]).ok ||
		a.is(kindFraction) && b.is(kindBigOp) && !differential(a.kids[0]).ok
}

// articled tells what is spoken with "the" first, where "negative" is odd.
func (n *node) articled() bool {
	switch n.kind {
	case kindBigOp, kindFraction:
		return !n.smallVulgar()
	case kindRow:
		return n.kids[0].articled()
	}
	return false
}

// continues tells whether the same sum or product goes on after this place, so
// that the end of a root or a fraction must be heard.
func (p *place) continues() bool {
	for ; p != nil; p = p.up {
		switch p.parent.kind {
		case kindInfix, kindRow:
			if !p.last {
				return true
			}
		case kindPrefix:
		default:
			return false
		}
	}
	return false
}
