package formula

import "strconv"

// isSimple is ClearSpeak's notion of an expression so short that it needs no
// fences and no "the fraction with numerator": a number, a letter, one or two
// letters with a small coefficient, their negative, a function of these.
func (s *speaker) isSimple(n *node) bool {
	switch n.kind {
	case kindNumber:
		return len(n.kids) == 0
	case kindIdent:
		return n.isLetter() && !isNumberSet(n)
	case kindFraction:
		return n.smallVulgar()
	case kindRow:
		factor := func(n *node) bool { return s.isCoefficient(n) || n.isLetter() }
		switch len(n.kids) {
		case 2:
			return factor(n.kids[0]) && n.kids[1].isLetter()
		case 3:
			return s.isCoefficient(n.kids[0]) && n.kids[1].isLetter() && n.kids[2].isLetter()
		}
	case kindPrefix:
		if len(n.marks) != 1 || !n.marks[0].isSymbol("-") {
			return false
		}
		kid := n.kids[0]
		return !kid.is(kindApply) && !kid.is(kindList) && s.isSimple(kid)
	case kindApply:
		switch n.kids[0].class {
		case classFunction, classSimple, classOperand:
			arg := n.kids[1]
			return s.isSimple(arg) || arg.is(kindFenced) && s.isSimple(arg.kids[0])
		}
	case kindSup:
		return n.kids[1].isSymbol("∘") && (n.kids[0].isLetter() || n.kids[0].is(kindNumber))
	case kindList:
		if len(n.kids) == 2 && n.kids[1].isSymbol("°") {
			return n.kids[0].isLetter() || n.kids[0].is(kindNumber) || n.kids[0].is(kindPrefix) && s.isSimple(n.kids[0])
		}
		// "2,5": a decimal comma.
		return s.plain && len(n.kids) == 3 && n.kids[0].isInteger() && n.kids[1].isSymbol(",") &&
			n.kids[2].isInteger() && n.kids[1].tight && n.kids[2].tight
	}
	return false
}

func (s *speaker) isCoefficient(n *node) bool {
	return n.is(kindNumber) && len(n.kids) == 0 || n.smallVulgar()
}

// smallVulgar tells the fractions with names: up to nineteen tenths.
func (n *node) smallVulgar() bool {
	if !n.vulgar() {
		return false
	}
	a, errA := strconv.Atoi(n.kids[0].text)
	b, errB := strconv.Atoi(n.kids[1].text)
	return errA == nil && errB == nil && 0 < a && a < len(cardinals) && 1 < b && b < len(ordinals)
}

func (s *speaker) fraction(n *node, at *place) {
	a, b := n.kids[0], n.kids[1]
	switch {
	case n.smallVulgar():
		s.say(fractionName(a.text, b.text))
	case n.vulgar(), s.isPart(a) && s.isPart(b):
		s.kid(n, 0, at)
		s.say("over")
		s.kid(n, 1, at)
		s.pause(shortStop)
	default:
		if s.plain {
			s.pause(shortStop)
		}
		s.say("the fraction with numerator")
		s.kid(n, 0, at)
		s.pause(shortStop)
		s.say("and denominator")
		s.kid(n, 1, at)
		s.pause(shortStop)
		if !s.plain && !s.isSimple(b) && at.continues() {
			s.say("end fraction")
			s.pause(shortStop)
		}
	}
}

// isPart tells what may stand above or below a plain "over".
func (s *speaker) isPart(n *node) bool {
	return n.is(kindText) || n.is(kindRow) && s.plain || s.isSimple(n)
}

// fractionName words a fraction of small whole numbers.
func fractionName(a, b string) string {
	over, _ := strconv.Atoi(a)
	under, _ := strconv.Atoi(b)
	part := ordinals[under]
	if under == 2 {
		part = "half"
	}
	if over != 1 {
		part += "s"
		if under == 2 {
			part = "halves"
		}
	}
	return cardinals[over] + " " + part
}

func (s *speaker) root(n *node, at *place) {
	switch {
	case len(n.kids) == 1:
		s.say("the square root of")
	case n.kids[1].is(kindNumber) && n.kids[1].text == "3":
		s.say("the cube root of")
	case n.kids[1].isInteger() || n.kids[1].isLetter():
		s.say("the", ordinal(n.kids[1]), "root of")
	default:
		s.say("the")
		s.kid(n, 1, at)
		s.say("root of")
	}
	s.kid(n, 0, at)
	s.pause(shortStop)
	if in := n.kids[0]; !s.plain && at.continues() && (in.is(kindInfix) || in.is(kindRow) && !s.isSimple(in)) {
		s.say("end root")
		s.pause(shortStop)
	}
}

// fenced speaks a pair of fences and what is between. Round, square and other
// pairs around something simple are not heard.
func (s *speaker) fenced(n *node, at *place) {
	inner := n.kids[0]
	switch {
	case n.neutral():
		s.pause(shortStop)
		if n.marks[0].text == "‖" {
			s.say(s.pick("the metric of", "the norm of"))
		} else {
			s.say("the absolute value of")
		}
		s.kid(n, 0, at)
		s.pause(shortStop)
		return
	case n.isSet() && !(s.plain && at.in(kindApply) && at.index == 1):
		s.set(n, at)
		return
	case s.dropsFence(n, at):
		s.kid(n, 0, at)
		return
	}
	s.speak(n.marks[0], nil)
	if !inner.is(kindEmpty) {
		s.pause(shortStop)
	}
	s.kid(n, 0, at)
	s.pause(shortStop)
	s.speak(n.marks[1], nil)
	s.pause(shortStop)
}

func (s *speaker) dropsFence(n *node, at *place) bool {
	inner := n.kids[0]
	if n.marks[0].class != classOpen || n.marks[1].class != classClose {
		return false
	}
	switch {
	case at.in(kindSup):
		return inner.is(kindNumber) || inner.core().isLetter() && inner.core().class == classOperand || inner.smallVulgar()
	case at.in(kindSub):
		return false
	}
	return s.isSimple(inner) || at.in(kindApply) && at.index == 1 && isNested(inner)
}

// isNested tells a function of something indexed or raised, which needs no
// fence of its own inside another function.
func isNested(n *node) bool {
	if !n.is(kindApply) || n.kids[0].class == classOperand {
		return false
	}
	arg := n.kids[1]
	if arg.is(kindFenced) {
		arg = arg.kids[0]
	}
	return arg.is(kindSub) || arg.is(kindSup)
}

// set speaks braces as a set.
func (s *speaker) set(n *node, at *place) {
	inner := n.kids[0]
	if inner.is(kindEmpty) {
		s.say("the empty set")
		return
	}
	bar := n.condition()
	if bar == 0 {
		s.say("the set")
		s.kid(n, 0, at)
		s.pause(shortStop)
		return
	}
	s.say("the set of all")
	for i := range inner.kids {
		switch {
		case i == bar:
			s.say("such that")
		case i < bar && inner.kids[i].is(kindInfix) && len(inner.kids[i].marks) == 1 && inner.kids[i].marks[0].isSymbol("∈"):
			s.kid(inner.kids[i], 0, at)
			s.say("in")
			s.kid(inner.kids[i], 1, at)
		default:
			s.kid(inner, i, at)
		}
	}
	s.pause(shortStop)
}

// apply speaks a function of its argument.
func (s *speaker) apply(n *node, at *place) {
	f, arg := n.kids[0], n.kids[1]
	name := f.core().text
	inner := arg
	if arg.is(kindFenced) && !arg.neutral() {
		inner = arg.kids[0]
	}
	of := func(article bool) {
		if article {
			s.say("the")
		}
		s.kid(n, 0, at)
		s.say("of")
		s.kid(n, 1, at)
		s.pause(shortStop)
	}
	switch {
	case f.class != classFunction:
		of(false)
	case f.is(kindIdent) && name == "ln":
		s.kid(n, 0, at)
		if arg.is(kindFenced) {
			s.say("of")
		}
		s.kid(n, 1, at)
	case f.is(kindIdent) && isNamed(name, "sinh", "cosh", "tanh", "coth", "hom", "Hom"):
		of(false)
	case f.is(kindSup) && isMinusOne(f.kids[1]):
		s.say("the inverse")
		s.kid(f, 0, at)
		s.say("of")
		s.kid(n, 1, at)
		s.pause(shortStop)
	case f.is(kindSub) && arg.is(kindFenced) && s.isSimple(inner) && !inner.is(kindNumber) && !inner.is(kindIdent) &&
		!inner.is(kindApply):
		s.kid(n, 0, at)
		s.kid(n, 1, at)
	case f.is(kindSub) || !s.isSimple(inner) || arg.is(kindFraction):
		of(!at.in(kindSup))
	default:
		s.kid(n, 0, at)
		s.kid(n, 1, at)
	}
}

func isNamed(name string, of ...string) bool {
	for _, o := range of {
		if name == o {
			return true
		}
	}
	return false
}
