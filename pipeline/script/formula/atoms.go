package formula

import (
	"unicode"
	"unicode/utf8"
)

// atom reads one thing without its scripts. It returns nil for what cannot be
// heard.
func (p *parser) atom() *node {
	t := p.peek()
	switch t.kind {
	case tokenOpen:
		p.take()
		return p.group(t)
	case tokenScript: // a script on nothing: {}_a
		return empty()
	case tokenPrime:
		return empty()
	case tokenCommand:
		return p.command()
	case tokenChar:
		return p.char()
	}
	p.take()
	return nil
}

// char reads a number, a letter or a sign written as it is.
func (p *parser) char() *node {
	t := p.take()
	r, _ := utf8.DecodeRuneInString(t.text)
	start := t.offset
	if isDigit(t.text[0]) || t.text == "." && start+1 < len(p.src) && isDigit(p.src[start+1]) {
		return &node{kind: kindNumber, text: p.number(start)}
	}
	if unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) {
		return p.letters(t.text)
	}
	if t.text == ":" && p.pos < len(p.src) && p.src[p.pos] == '=' {
		p.pos++
		return symbol("≔")
	}
	return symbol(canonical(t.text))
}

func canonical(char string) string {
	if c, ok := typed[char]; ok {
		return c
	}
	return char
}

// letters makes an identifier. In the upright alphabets a run of letters is one
// word, as in \mathrm{Var}.
func (p *parser) letters(first string) *node {
	text := canonical(first)
	switch p.font {
	case fontNormal, fontSans, fontMono:
		from := p.pos
		for p.pos < len(p.src) && (isLetter(p.src[p.pos]) ||
			p.src[p.pos] == '-' && p.pos+1 < len(p.src) && isLetter(p.src[p.pos+1])) {
			p.pos++
		}
		if p.pos > from {
			return word(text + p.src[from:p.pos])
		}
	case fontDoubleStruck:
		if set, ok := blackboard[text]; ok {
			return &node{kind: kindIdent, text: set}
		}
	}
	return p.letter(text, p.font)
}

// letter makes the node of a single letter.
func (p *parser) letter(text string, f font) *node {
	n := &node{kind: kindIdent, text: text, font: f}
	if g, ok := glyphs[text]; ok && g.class != classOperand {
		return symbol(text)
	}
	switch text {
	case "f", "g", "h", "F", "G", "H":
		n.class = classSimple
	case "𝔼":
		n.text, n.font = "E", fontDoubleStruck
	default:
		if f == fontNone && p.known[text] {
			n.class = classSimple
		}
	}
	if r, _ := utf8.DecodeRuneInString(text); f == fontNone && r >= 'Α' && r <= 'Ω' {
		n.font = fontNormal
	}
	return n
}

// command reads a command and its arguments.
func (p *parser) command() *node {
	t := p.take()
	name := t.text
	if char, ok := commands[name]; ok {
		return p.named(char)
	}
	if f, ok := functions[name]; ok {
		return &node{kind: kindIdent, text: name, class: f.class}
	}
	if f, ok := fonts[name]; ok {
		return p.fontArgument(f)
	}
	if a, ok := accents[name]; ok {
		base := p.argument()
		n := branch(kindAccent, base)
		n.marks, n.below, n.class = []*node{{kind: kindText, text: a.mark}}, a.below, base.class
		return n
	}
	switch name {
	case "frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac":
		if name == "cfrac" {
			p.optional()
		}
		a := p.argument()
		return branch(kindFraction, a, p.argument())
	case "binom", "dbinom", "tbinom":
		a := p.argument()
		return stacked("(", a, p.argument(), ")")
	case "sqrt":
		return p.root()
	case "left":
		return p.leftRight(t)
	case "begin":
		return p.environment(t)
	case "text", "textrm", "textnormal", "textit", "textbf", "textsf", "texttt", "mbox", "hbox", "fbox", "textup",
		"intertext", "textsc", "emph":
		return p.text()
	case "operatorname", "mathop", "DeclareMathOperator":
		return p.operatorName()
	case "overset", "stackrel", "underset":
		return p.overUnder(name)
	case "xrightarrow", "xleftarrow", "xRightarrow", "xLeftarrow", "xleftrightarrow":
		return p.labelledArrow(name)
	case "not":
		return p.negation()
	case "pmod", "pod":
		return branch(kindModulo, p.argument())
	case "mod":
		return symbol("mod")
	case "cancel", "bcancel", "xcancel", "sout", "cancelto":
		if name == "cancelto" {
			p.argument()
		}
		return branch(kindStruck, p.argument())
	case "substack":
		return p.substack(t)
	case "textcolor", "colorbox", "href", "htmlClass", "htmlId", "htmlStyle":
		p.rewind()
		p.optional()
		p.braced()
		return p.argument()
	case "boxed", "ensuremath", "mathchoice", "ce", "llap", "rlap", "clap", "mathllap", "mathrlap", "mathclap",
		"underbracket*":
		return p.argument()
	case "sideset":
		p.argument()
		p.argument()
		return nil
	case "":
		return nil
	}
	// Unknown: its name is all there is to say. Whatever follows stands beside it.
	return word(name)
}

// named makes the node a command's character stands for.
func (p *parser) named(char string) *node {
	r, n := utf8.DecodeRuneInString(char)
	if n == len(char) && unicode.IsLetter(r) {
		return p.letter(char, fontNone)
	}
	return symbol(char)
}

// optional reads the parsed content of [..], or nil.
func (p *parser) optional() *node {
	p.rewind()
	raw, ok := p.bracketed()
	if !ok {
		return nil
	}
	return p.inner(raw)
}

// inner parses a piece of the input by itself.
func (p *parser) inner(raw string) *node {
	if p.depth >= maxDepth {
		return &node{kind: kindText, text: plainText(raw)}
	}
	q := &parser{scanner: scanner{src: raw}, depth: p.depth + 1, font: p.font, known: p.known}
	var nodes []*node
	for {
		nodes = append(nodes, q.row()...)
		if q.take().kind == tokenEnd {
			return buildRow(nodes)
		}
	}
}

func (p *parser) root() *node {
	degree := p.optional()
	n := branch(kindRoot, p.argument())
	if degree != nil && !degree.is(kindEmpty) {
		n.add(degree)
	}
	return n
}
