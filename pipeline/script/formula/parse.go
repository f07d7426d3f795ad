package formula

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits on what is read. A formula beyond them is hostile or broken: no one
// could follow it by ear.
const (
	// maxInput is the longest input Parse reads, in bytes; the rest is left out.
	maxInput = 1 << 20
	// maxDepth is how deep groups, arguments and environments may nest. Deeper
	// ones are read as if their braces were not there.
	maxDepth = 100
	// maxLevel is how high the tree over a row may grow by functions of
	// functions and sums of sums, which nest without braces.
	maxLevel = 400
)

// Expr is a formula that was read. The zero value is an empty formula.
type Expr struct {
	root *node
}

// SyntaxError says what is wrong with the LaTeX and where.
type SyntaxError struct {
	Offset int    // in bytes from the start of the input
	Reason string // one clause, lower case
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("formula: at byte %d: %s", e.Offset, e.Reason)
}

// Parse reads LaTeX mathematics, with or without its dollar signs.
//
// It is lenient: the Expr is never nil and holds every word of the input, also
// when the error is not. An unknown command is read by its name and is not an
// error. The error joins one [*SyntaxError] for each of the first faults.
func Parse(tex string) (*Expr, error) {
	p := &parser{}
	root := p.parse(tex)
	known := map[string]bool{}
	appliedLetters(root, known)
	if len(known) > 0 {
		// A letter used as a function once is one throughout: with P(A) in a
		// formula, P(B + C) is no product.
		p = &parser{known: known}
		root = p.parse(tex)
	}
	return &Expr{root: root}, errors.Join(p.faults...)
}

// appliedLetters gathers the letters that stand before a parenthesis as
// functions.
func appliedLetters(n *node, known map[string]bool) {
	if n.is(kindApply) && n.kids[0].isLetter() && n.kids[0].class == classOperand && n.kids[0].font == fontNone {
		known[n.kids[0].text] = true
	}
	for _, kid := range n.kids {
		appliedLetters(kid, known)
	}
}

func (p *parser) parse(tex string) *node {
	if len(tex) > maxInput {
		cut := maxInput
		for cut > 0 && !utf8.RuneStart(tex[cut]) {
			cut--
		}
		p.fault(cut, fmt.Sprintf("longer than %d bytes: the rest is left out", maxInput))
		tex = tex[:cut]
	}
	body, offset := trimDelimiters(tex)
	p.scanner.src, p.base = body, offset
	var parts []*node
	for {
		parts = append(parts, p.row()...)
		// What stopped the row closes nothing here: say so and read on.
		t := p.peek()
		if t.kind == tokenEnd {
			break
		}
		switch t.kind {
		case tokenRow:
			return p.looseRows(parts)
		case tokenCell: // a stray column mark separates nothing by ear
		default:
			p.fault(t.offset, fmt.Sprintf("%q closes nothing", t.text))
		}
		p.take()
	}
	return buildRow(parts)
}

// trimDelimiters takes off $…$, $$…$$, \(…\) and \[…\].
func trimDelimiters(tex string) (body string, offset int) {
	body = strings.TrimSpace(tex)
	offset = strings.Index(tex, body)
	for _, d := range [][2]string{{"$$", "$$"}, {"$", "$"}, {`\(`, `\)`}, {`\[`, `\]`}} {
		if len(body) >= len(d[0])+len(d[1]) && strings.HasPrefix(body, d[0]) && strings.HasSuffix(body, d[1]) &&
			!strings.HasSuffix(body, `\`+d[1]) {
			return body[len(d[0]) : len(body)-len(d[1])], offset + len(d[0])
		}
	}
	return body, offset
}

// parser is the descent over the tokens. It looks one token ahead.
type parser struct {
	scanner
	ahead  token
	looked bool
	base   int // offset of the scanner's text in the input
	depth  int
	font   font
	faults []error
	known  map[string]bool // letters that are functions, in the second reading
}

// maxFaults is how many faults are reported; later ones follow from these.
const maxFaults = 8

func (p *parser) fault(offset int, reason string) {
	if len(p.faults) < maxFaults {
		p.faults = append(p.faults, &SyntaxError{Offset: p.base + offset, Reason: reason})
	}
}

func (p *parser) peek() token {
	if !p.looked {
		p.ahead, p.looked = p.next(), true
	}
	return p.ahead
}

func (p *parser) take() token {
	t := p.peek()
	p.looked = false
	return t
}

// rewind puts the scanner at the token ahead, for raw reading.
func (p *parser) rewind() {
	if p.looked {
		p.pos, p.looked = p.ahead.offset, false
	}
}

// ends tells what ends a row; who called for the row knows what to do with it.
func (p *parser) ends(t token) bool {
	switch t.kind {
	case tokenEnd, tokenClose, tokenCell, tokenRow:
		return true
	case tokenCommand:
		return t.text == "right" || t.text == "end"
	}
	return false
}

// row reads atoms with their scripts until something ends it, which it leaves.
func (p *parser) row() []*node {
	var nodes []*node
	font, apart, spaced := p.font, false, false
	defer func() { p.font = font }()
	for {
		t := p.peek()
		if p.ends(t) {
			return nodes
		}
		if t.kind == tokenCommand {
			if build, ok := infixCommand(t.text); ok {
				p.take()
				if p.depth >= maxDepth {
					continue
				}
				left := buildRow(nodes)
				p.depth++
				right := buildRow(p.row())
				p.depth--
				return []*node{build(left, right)}
			}
			if p.state(t.text) {
				spaced = true
				apart = apart || t.text == "quad" || t.text == "qquad" || t.text == " "
				continue
			}
		}
		n := p.atom()
		if n == nil {
			continue
		}
		n = p.scripts(n)
		n.tight, n.apart = !t.spaced && !spaced, apart
		apart, spaced = false, false
		nodes = append(nodes, n)
	}
}

// infixCommand gives the builder of a command that splits its whole group.
func infixCommand(name string) (func(a, b *node) *node, bool) {
	stack := func(open, closing string) func(a, b *node) *node {
		return func(a, b *node) *node { return stacked(open, a, b, closing) }
	}
	switch name {
	case "over":
		return func(a, b *node) *node { return branch(kindFraction, a, b) }, true
	case "choose":
		return stack("(", ")"), true
	case "atop":
		return stack("", ""), true
	case "brack":
		return stack("[", "]"), true
	case "brace":
		return stack("{", "}"), true
	}
	return nil, false
}

// stacked puts a over b without a bar, between fences if there are any.
func stacked(open string, a, b *node, closing string) *node {
	n := branch(kindStack, a, b)
	if open == "" {
		return n
	}
	n.marks = []*node{symbol(open), symbol(closing)}
	return n
}

// group reads what stands between braces; the opening one was taken.
func (p *parser) group(open token) *node {
	if p.depth >= maxDepth {
		p.fault(open.offset, fmt.Sprintf("nested deeper than %d: the inner braces are passed over", maxDepth))
		return nil
	}
	p.depth++
	nodes := p.row()
	for {
		t := p.peek()
		switch t.kind {
		case tokenClose:
			p.take()
			p.depth--
			return buildGroup(nodes)
		case tokenCell, tokenRow:
			if t.kind == tokenRow {
				nodes = append(nodes, symbol(","))
			}
			p.take()
			nodes = append(nodes, p.row()...)
			continue
		case tokenEnd:
			p.fault(open.offset, "{ is not closed")
		}
		p.depth--
		return buildGroup(nodes)
	}
}

// argument reads what a command takes: a group, or the next atom.
func (p *parser) argument() *node {
	t := p.peek()
	if p.ends(t) {
		return empty()
	}
	if p.depth >= maxDepth {
		p.fault(t.offset, fmt.Sprintf("nested deeper than %d: the argument is read beside its command", maxDepth))
		return empty()
	}
	p.depth++
	defer func() { p.depth-- }()
	if t.kind == tokenCommand && p.state(t.text) {
		return p.argument()
	}
	if t.kind == tokenScript {
		return empty()
	}
	if t.kind == tokenChar && isDigit(t.text[0]) {
		p.take() // \frac12 takes one digit
		return &node{kind: kindNumber, text: t.text}
	}
	if n := p.atom(); n != nil {
		return n
	}
	return empty()
}

// fontArgument reads an argument in another alphabet.
func (p *parser) fontArgument(f font) *node {
	save := p.font
	switch {
	case f == fontBold && save == fontItalic, f == fontItalic && save == fontBold:
		p.font = fontBoldItalic
	default:
		p.font = f
	}
	n := p.argument()
	p.font = save
	return n
}
