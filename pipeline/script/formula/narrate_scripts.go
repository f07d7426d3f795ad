package formula

import "strings"

// narrateSuper tells raised marks from powers: transpose, inverse, star, index.
func (s *speaker) narrateSuper(n *node, at *place) bool {
	base, exp := n.kids[0], n.kids[1]
	mark := ""
	capital := base.core().is(kindIdent) && strings.ToLower(base.core().text) != base.core().text
	switch {
	case exp.isSymbol("⊤"), capital && exp.is(kindIdent) && (exp.text == "T" || exp.text == "⊤") && !isNumberSet(base),
		base.core().font == fontBold && exp.is(kindIdent) && exp.text == "T":
		mark = "transpose"
	case exp.isSymbol("*"), exp.isSymbol("∗"), exp.isSymbol("⋆"):
		mark = "star"
	case exp.isSymbol("†"):
		mark = "dagger"
	case exp.isSymbol("⊥"):
		mark = "perp"
	case exp.isSymbol("∁"):
		mark = "complement"
	case exp.isSymbol("+") && !isNumberSet(base):
		mark = "plus"
	case exp.isSymbol("-") && !isNumberSet(base):
		mark = "minus"
	case capital && base.is(kindIdent) && isMinusOne(exp):
		mark = "inverse"
	case base.isSymbol("∇") && exp.text == "2":
		mark = "squared"
	}
	if mark != "" {
		s.kid(n, 0, at)
		s.say(mark)
		return true
	}
	if exp.is(kindFenced) && exp.marks[0].isSymbol("(") && s.isSimple(exp.kids[0]) {
		if base.class == classSimple {
			s.say("the", ordinalOr(exp.kids[0]), "derivative of")
			s.kid(n, 0, at)
			return true
		}
		s.kid(n, 0, at)
		s.say("super")
		s.kid(exp, 0, at)
		return true
	}
	if exp.is(kindText) {
		s.kid(n, 0, at)
		s.say("super", exp.text)
		return true
	}
	return false
}

// ordinalOr words the order of a derivative.
func ordinalOr(n *node) string {
	if n.isInteger() || n.isLetter() {
		return ordinal(n)
	}
	return "higher"
}

// narrateSub names the gradient by its variable and a norm by its index.
func (s *speaker) narrateSub(n *node, at *place) bool {
	if f := n.kids[0]; f.neutral() && f.marks[0].text == "‖" {
		s.say("the")
		s.kid(n, 1, at)
		s.say("norm of")
		s.kid(f, 0, at)
		s.pause(shortStop)
		return true
	}
	if n.kids[0].isSymbol("∇") {
		s.say("the gradient with respect to")
		s.kid(n, 1, at)
		return true
	}
	return false
}

// narrateLimits reads "the limit as x approaches 0".
func (s *speaker) narrateLimits(n *node, at *place) bool {
	core := n.kids[0].core()
	lower, upper := n.kids[1], n.kids[2]
	if core.is(kindIdent) && core.class == classLimit && isNamed(core.text, "lim", "limsup", "liminf") &&
		!lower.is(kindEmpty) && upper.is(kindEmpty) {
		if !at.in(kindApply) {
			s.say("the")
		}
		s.kid(n, 0, at)
		s.say("as")
		if lower.is(kindRelation) && len(lower.marks) == 1 && (lower.marks[0].isSymbol("→") || lower.marks[0].isSymbol("⟶")) {
			s.kid(lower, 0, at)
			s.say("approaches")
			s.approached(lower.kids[1], at)
		} else {
			s.kid(n, 1, at)
		}
		return true
	}
	return false
}

// approached speaks where a limit goes; 0^+ is "0 from above".
func (s *speaker) approached(n *node, at *place) {
	if n.is(kindSup) && (n.kids[1].isSymbol("+") || n.kids[1].isSymbol("-")) {
		s.kid(n, 0, at)
		if n.kids[1].isSymbol("+") {
			s.say("from above")
		} else {
			s.say("from below")
		}
		return
	}
	s.speak(n, at)
}

// narrateAccent uses the short names mathematicians say: "x bar", "vector v".
func (s *speaker) narrateAccent(n *node, at *place) bool {
	mark := n.marks[0].text
	switch mark {
	case "vector":
		s.say("vector")
		s.kid(n, 0, at)
		return true
	case "brace", "bracket", "paren":
		s.kid(n, 0, at)
		return true
	case "line":
		if n.below {
			s.kid(n, 0, at)
			return true
		}
		mark = "bar"
	case "right arrow", "left arrow", "left right arrow":
		mark = "arrow"
	}
	s.kid(n, 0, at)
	s.say(mark)
	return true
}
