package formula

// narrateMark words a punctuation mark or ∈ by its meaning in its place.
func (s *speaker) narrateMark(n *node, at *place) bool {
	switch {
	case n.isSymbol("∈") && s.bound > 0:
		s.say("in")
	case n.class != classPunct:
		return false
	case n.text == ",":
		return s.comma(at)
	case n.text == "|" || n.text == "∣":
		return s.bar(at)
	case n.text == "°" && at.in(kindList) && at.index > 0 && at.parent.kids[at.index-1].text == "1":
		s.say("degree")
	case n.text == ":" && at.in(kindList):
		return s.colon(at)
	default:
		return false
	}
	return true
}

// bar: a bar in the argument of a function is the condition. Alone between
// numbers it divides.
func (s *speaker) bar(at *place) bool {
	if !at.in(kindList) || at.index == 0 || at.last {
		return false
	}
	if at.up.in(kindFenced) {
		s.say("given")
	} else {
		s.say("divides")
	}
	return true
}

// colon: f: A → B is "f from A to B", 1:2 is "1 to 2", and elsewhere a colon
// is a pause.
func (s *speaker) colon(at *place) bool {
	kids := at.parent.kids
	if at.index == 0 || at.last {
		return false
	}
	before, after := kids[at.index-1], kids[at.index+1]
	switch {
	case before.core().is(kindIdent) && after.is(kindRelation) && (after.marks[0].isSymbol("→") || after.marks[0].isSymbol("⟶")):
		s.say("from")
	case before.is(kindNumber) && after.is(kindNumber):
		s.say("to")
	default:
		s.pause(shortStop)
	}
	return true
}

// label speaks what is set over or under something: the label of a brace, the
// reason over an equals sign.
func (s *speaker) label(n *node, at *place) {
	base := n.kids[0]
	if base.isSymbol("=") && n.kids[1].core().text == "def" {
		s.say("is defined as")
		return
	}
	s.kid(n, 0, at)
	s.say("labelled")
	s.kid(n, 1, at)
	s.pause(shortStop)
}

// comma says where a comma is a pause and not a word: everywhere but among
// indices, where it would be lost.
func (s *speaker) comma(at *place) bool {
	if at == nil || at.up.in(kindSub) || at.in(kindSub) {
		return false
	}
	s.pause(shortStop)
	return true
}
