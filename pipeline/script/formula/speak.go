package formula

import "strings"

// Style is a way of wording formulas.
type Style string

// The styles.
const (
	// Narrator is ClearSpeak with the departures a listener wants.
	Narrator Style = "narrator"
	// ClearSpeak is the published standard with its default preferences.
	ClearSpeak Style = "clearspeak"
)

// Options says how to word a formula. The zero value is the narrator's style.
type Options struct {
	Style Style
}

// Speak words the formula in one line of plain English, without a full stop
// at the end. Commas and full stops inside mark the pauses. An empty formula
// gives "".
func (e *Expr) Speak(o Options) string {
	if e == nil || e.root == nil {
		return ""
	}
	s := &speaker{plain: o.Style == ClearSpeak}
	s.speak(e.root, nil)
	return s.line()
}

// Words counts the words of the narrator's wording, to decide whether a formula
// can be followed by ear.
func Words(e *Expr) int {
	return len(strings.Fields(e.Speak(Options{})))
}

// stopMark is the length of a pause, as the punctuation that makes it.
type stopMark string

const (
	noStop    stopMark = ""
	shortStop stopMark = ","
	longStop  stopMark = "."
)

// speaker gathers the words. A pause is written only once words follow, so
// none is left at the end, and two in a row are the longer one.
type speaker struct {
	plain   bool
	out     strings.Builder
	pending stopMark
	bound   int // > 0 while speaking what stands under a sum: "x in S", not "x is in S"
}

func (s *speaker) say(words ...string) {
	for _, w := range words {
		if w == "" {
			continue
		}
		if s.out.Len() > 0 {
			s.out.WriteString(string(s.pending))
			s.out.WriteByte(' ')
		}
		s.pending = noStop
		s.out.WriteString(w)
	}
}

func (s *speaker) pause(m stopMark) {
	if s.pending != longStop {
		s.pending = m
	}
}

// pick says one thing in ClearSpeak and another as the narrator.
func (s *speaker) pick(plain, heard string) string {
	if s.plain {
		return plain
	}
	return heard
}

func (s *speaker) line() string { return s.out.String() }

// place is where a node stands: the node above, and the one above that.
type place struct {
	parent *node
	up     *place
	index  int  // among the kids of parent
	last   bool // nothing follows in parent
}

func (p *place) in(k kind) bool { return p != nil && p.parent.is(k) }

// kid speaks one kid of n.
func (s *speaker) kid(n *node, i int, at *place) {
	s.speak(n.kids[i], &place{parent: n, up: at, index: i, last: i == len(n.kids)-1})
}

// speak words a node in its place.
func (s *speaker) speak(n *node, at *place) {
	if !s.plain && s.narrate(n, at) {
		return
	}
	switch n.kind {
	case kindEmpty:
	case kindNumber:
		s.say(n.text)
		if len(n.kids) > 0 {
			s.say("and")
			s.kid(n, 0, at)
		}
	case kindIdent:
		s.ident(n)
	case kindText:
		s.say(n.text)
	case kindSymbol:
		s.symbol(n, at)
	case kindRow:
		s.product(n, at)
	case kindInfix:
		s.between(n, at, s.operator)
	case kindRelation:
		s.between(n, at, s.relation)
	case kindPrefix:
		s.prefix(n, at)
	case kindPostfix:
		s.kid(n, 0, at)
		for _, m := range n.marks {
			s.speak(m, &place{parent: n, up: at})
		}
	case kindList:
		s.list(n, at)
	case kindFenced:
		s.fenced(n, at)
	case kindApply:
		s.apply(n, at)
	case kindBigOp:
		s.say("the")
		s.kid(n, 0, at)
		s.say("of")
		s.kid(n, 1, at)
		s.pause(shortStop)
	case kindFraction:
		s.fraction(n, at)
	case kindStack:
		s.stack(n, at)
	case kindRoot:
		s.root(n, at)
	case kindSub:
		s.kid(n, 0, at)
		if n.kids[0].text == "ℕ" && n.kids[1].text == "0" {
			s.say("with zero")
			return
		}
		if n.core().text == "log" {
			s.say("base")
		} else {
			s.say("sub")
		}
		s.kid(n, 1, at)
	case kindSup:
		s.super(n, at)
	case kindLimits:
		s.limits(n, at)
	case kindAccent:
		s.accent(n, at)
	case kindOver, kindUnder:
		if !s.plain {
			s.label(n, at)
			return
		}
		if n.is(kindUnder) {
			s.kid(n, 0, at)
			s.say("over")
			s.kid(n, 1, at)
			return
		}
		if c := n.class; c == classOperator || c == classRelation {
			if n.kids[0].isSymbol("=") && n.kids[1].core().text == "def" {
				s.say(s.pick("is defined to be", "is defined as"))
				return
			}
			s.kid(n, 0, at)
			s.say("sign with")
			s.kid(n, 1, at)
			s.say("over it")
			return
		}
		s.kid(n, 0, at)
		s.say("under")
		s.kid(n, 1, at)
	case kindTable:
		s.table(n, at)
	case kindTableRow:
		for i := range n.kids {
			s.kid(n, i, at)
		}
	case kindStruck:
		s.say("crossed out")
		s.kid(n, 0, at)
	case kindModulo:
		s.say(s.pick("of mod", "mod"))
		s.kid(n, 0, at)
	}
}

// between speaks operands with what stands between them.
func (s *speaker) between(n *node, at *place, mark func(m *node, at *place)) {
	for i, kid := range n.kids {
		if i > 0 {
			mark(n.marks[i-1], &place{parent: n, up: at, index: i})
		}
		s.speak(kid, &place{parent: n, up: at, index: i, last: i == len(n.kids)-1})
	}
}

func (s *speaker) operator(m *node, at *place) {
	if isPercent(m) {
		s.say(s.pick("divided by", glyphs[m.text].heard))
		return
	}
	s.speak(m, at)
}

// relation speaks a relation. Without a left side, as in the index <t, it is no
// statement: "x sub less than t".
func (s *speaker) relation(m *node, at *place) {
	if name, ok := strings.CutPrefix(glyphOf(m.text).plain, "is "); ok && !s.plain && at.index == 1 &&
		at.parent.kids[0].is(kindEmpty) {
		s.say(name)
		return
	}
	s.speak(m, at)
}

// product speaks operands side by side. "times" is said only where a
// parenthesis or a matrix would otherwise run into its neighbour.
func (s *speaker) product(n *node, at *place) {
	for i := range n.kids {
		if i > 0 && (s.bulky(n.kids[i-1]) || s.bulky(n.kids[i]) || !s.plain && saysTimes(n.kids[i-1], n.kids[i])) {
			s.say("times")
		}
		s.kid(n, i, at)
	}
}

func (s *speaker) bulky(n *node) bool {
	if n.is(kindFenced) || n.is(kindTable) && n.shape != shapeLines || n.is(kindStack) {
		return true
	}
	core := n.core()
	return core.is(kindFenced) && !core.neutral()
}

// prefix speaks signs before an operand: one minus alone is "negative".
func (s *speaker) prefix(n *node, at *place) {
	if len(n.marks) == 1 && n.marks[0].isSymbol("-") && n.kids[0].is(kindRoot) && len(n.kids[0].kids) == 1 {
		s.say("the negative square root of")
		s.kid(n.kids[0], 0, &place{parent: n, up: at, last: true})
		s.pause(shortStop)
		return
	}
	for i, m := range n.marks {
		lone := (i == 0 || !n.marks[i-1].isSymbol(m.text)) && (i+1 == len(n.marks) || !n.marks[i+1].isSymbol(m.text))
		switch {
		case lone && m.isSymbol("-") && !s.plain && n.kids[0].articled():
			s.say("minus")
		case lone && m.isSymbol("-"):
			s.say("negative")
		case lone && m.isSymbol("+"):
			s.say("positive")
		default:
			s.speak(m, &place{parent: n, up: at, index: i})
		}
	}
	s.kid(n, 0, at)
}

// list speaks things with punctuation among them.
func (s *speaker) list(n *node, at *place) {
	for i, kid := range n.kids {
		if kid.class == classPunct && kid.core().text == "|" && (kid.is(kindSub) || kid.is(kindSup)) {
			s.evaluated(kid, at)
			continue
		}
		if i > 0 && kid.class == classOperand && n.kids[i-1].is(kindRelation) && !kid.is(kindText) {
			s.pause(shortStop) // a wide space between two statements
		}
		s.kid(n, i, at)
	}
}

// evaluated speaks the bar with limits after an expression.
func (s *speaker) evaluated(bar *node, at *place) {
	s.pause(shortStop)
	s.say("evaluated at")
	if bar.is(kindSup) && bar.kids[0].is(kindSub) {
		s.kid(bar, 1, at)
		s.say("minus the same expression evaluated at")
		s.kid(bar.kids[0], 1, at)
	} else {
		s.kid(bar, 1, at)
	}
	s.pause(shortStop)
}
