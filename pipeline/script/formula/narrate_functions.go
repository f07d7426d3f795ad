package formula

// measure gives the words for the operators of probability.
func measure(f *node) (string, bool) {
	core := f.core()
	if !core.is(kindIdent) {
		return "", false
	}
	switch {
	case core.text == "E" && core.font == fontDoubleStruck, core.text == "E" && core.font == fontNormal:
		return "the expectation", true
	case core.text == "P" && core.font == fontDoubleStruck, core.text == "Pr", core.text == "Prob":
		return "the probability", true
	case isNamed(core.text, "Var", "var"), core.text == "V" && core.font == fontDoubleStruck:
		return "the variance", true
	case isNamed(core.text, "Cov", "cov"):
		return "the covariance", true
	}
	return "", false
}

// narrateApply gives probability its words, the named functions their article,
// and lists of arguments no parentheses.
func (s *speaker) narrateApply(n *node, at *place) bool {
	f, arg := n.kids[0], n.kids[1]
	name, ok := measure(f)
	bare := f.is(kindIdent)
	switch {
	case ok, bare && f.text == "E" && arg.is(kindFenced) && arg.marks[0].isSymbol("["):
		if !ok {
			name = "the expectation"
		}
		s.say(name)
		s.under(f, at)
		s.measured(n, name, at)
		s.pause(shortStop)
		return true
	case bare && f.text == "arg" && arg.is(kindApply) && isNamed(arg.kids[0].core().text, "max", "min"):
		s.say("the arg", arg.kids[0].core().text)
		s.under(arg.kids[0], at)
		s.say("of")
		s.argument(arg, at)
		s.pause(shortStop)
		return true
	case f.core().is(kindIdent) && f.core().class == classLimit:
		s.say("the")
		s.kid(n, 0, at)
		s.say("of")
		s.argument(n, at)
		s.pause(shortStop)
		return true
	case bare && f.text == "exp" || bare && isNamed(f.text, "tr", "Tr", "trace", "rank", "dim", "ker", "Ker", "det",
		"gcd", "lcm", "ln", "arg", "deg", "sgn", "sign"):
		if f.text != "exp" {
			s.say("the")
		}
		s.kid(n, 0, at)
		if f.text != "exp" {
			s.say("of")
		}
		s.argument(n, at)
		s.pause(shortStop)
		return true
	case f.class == classSimple && !arg.is(kindFenced) && !arg.is(kindApply):
		// f x side by side is a product as often as not: no "of".
		s.kid(n, 0, at)
		s.kid(n, 1, at)
		return true
	case f.class != classFunction && arg.is(kindFenced):
		s.kid(n, 0, at)
		s.say("of")
		s.argument(n, at)
		s.pause(shortStop)
		return true
	}
	return false
}

// measured speaks what an expectation or a probability is taken of. An event
// is a clause: "the probability that X is at least a".
func (s *speaker) measured(n *node, name string, at *place) {
	arg := n.kids[1]
	if !arg.is(kindFenced) || arg.neutral() {
		s.say("of")
		s.kid(n, 1, at)
		return
	}
	inner := arg.kids[0]
	if name == "the probability" && (inner.is(kindRelation) || inner.is(kindInfix) && isMembership(inner.marks[0])) {
		s.say("that")
	} else if a, b, ok := pair(inner); ok && name == "the covariance" {
		s.say("of")
		s.two(a, b, "and", n, at)
		return
	} else {
		s.say("of")
	}
	s.speak(inner, &place{parent: arg, up: &place{parent: n, up: at, index: 1, last: true}, last: true})
}

// under speaks what stands under an operator: "over x in S".
func (s *speaker) under(f *node, at *place) {
	switch {
	case f.is(kindSub), f.is(kindLimits) && !f.kids[1].is(kindEmpty):
		s.say("over")
		s.bound++
		s.kid(f, 1, at)
		s.bound--
	}
}

// argument speaks what a function takes. The parentheses of a list are not
// heard, as its end is: "P of A given B", "f of x, y".
func (s *speaker) argument(n *node, at *place) {
	arg := n.kids[1]
	if !arg.is(kindFenced) || arg.neutral() || arg.isSet() {
		s.kid(n, 1, at)
		return
	}
	inner := arg.kids[0]
	if a, b, ok := pair(inner); ok && isNamed(n.kids[0].core().text, "max", "min", "gcd", "lcm", "Cov", "cov", "sup", "inf") {
		s.two(a, b, "and", n, at)
		return
	}
	if inner.is(kindInfix) && isScope(inner) || inner.is(kindList) || inner.is(kindRow) || inner.is(kindRelation) || s.isSimple(inner) || isNested(inner) || inner.is(kindSub) ||
		arg.marks[0].isSymbol("[") || inner.is(kindApply) || inner.is(kindSup) && !inner.kids[0].is(kindFenced) {
		s.speak(inner, &place{parent: arg, up: &place{parent: n, up: at, index: 1, last: true}, last: true})
		return
	}
	s.kid(n, 1, at)
}
