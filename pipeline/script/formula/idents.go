package formula

// ident says a letter with its alphabet, or a name.
func (s *speaker) ident(n *node) {
	if f, ok := functions[n.text]; ok && n.class != classOperand {
		s.say(s.pick(f.plain, heardName(f)))
		return
	}
	if set, ok := numberSets[n.text]; ok {
		s.say(set)
		return
	}
	if n.font != fontNone && n.font != fontItalic && s.saysFont(n) {
		s.say(string(n.font))
	}
	g := glyphOf(n.text)
	name := s.pick(g.plain, g.heard)
	if name == "" {
		name = g.plain
	}
	if s.plain && n.text == "Δ" {
		name = "triangle"
	}
	s.say(name)
}

// saysFont: a listener needs the alphabet only where it makes another letter.
// Bold and upright do not: few texts use x and bold x side by side, and every
// formula would be full of it.
func (s *speaker) saysFont(n *node) bool {
	if s.plain {
		return len([]rune(n.text)) == 1
	}
	return n.font == fontScript || n.font == fontFraktur
}

func heardName(f function) string {
	if f.heard != "" {
		return f.heard
	}
	return f.plain
}

// numberSets names the blackboard letters with one meaning.
var numberSets = map[string]string{
	"ℕ": "the natural numbers", "ℤ": "the integers", "ℚ": "the rational numbers", "ℝ": "the real numbers",
	"ℂ": "the complex numbers",
}

func (s *speaker) symbol(n *node, at *place) {
	g := glyphOf(n.text)
	switch {
	case n.class == classPunct && n.text == "|" && at.in(kindList) && s.plain:
		if at.parent.puncts > 1 || at.index > 0 && !at.last {
			s.say("divides")
			return
		}
	case !s.plain && s.narrateMark(n, at):
		return
	}
	if !s.plain && g.heard != "" {
		s.say(g.heard)
		return
	}
	s.say(g.plain)
}
