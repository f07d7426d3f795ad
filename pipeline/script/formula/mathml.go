package formula

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostShown is how high a tree MathML writes: readers of HTML bound how deep
// elements stand in each other, Go's to 512.
const mostShown = 60

// MathML writes the formula as presentation MathML (MathML Core), block says
// whether it is set apart. It has nothing but the elements m… and text. It is
// "" for an empty formula, and for one that is nested too deep to be shown.
func (e *Expr) MathML(block bool) string {
	if e == nil || e.root == nil || e.root.is(kindEmpty) || e.root.level > mostShown {
		return ""
	}
	opening := "<math>"
	if block {
		opening = `<math display="block">`
	}
	return opening + row(e.root) + "</math>"
}

// element is a MathML element around others.
func element(name string, inside ...string) string {
	return "<" + name + ">" + strings.Join(inside, "") + "</" + name + ">"
}

func operator(text string) string {
	if text == "-" {
		text = "−"
	}
	return element("mo", html.EscapeString(text))
}

// row is a node as the content of an element that may hold several.
func row(n *node) string { return strings.Join(parts(n), "") }

// one is a node as exactly one element.
func one(n *node) string {
	p := parts(n)
	if len(p) == 1 {
		return p[0]
	}
	return element("mrow", p...)
}

// parts is a node as elements beside each other.
func parts(n *node) []string {
	switch n.kind {
	case kindEmpty:
		return nil
	case kindNumber:
		return append([]string{element("mn", html.EscapeString(n.text))}, all(n.kids)...)
	case kindIdent:
		return []string{identifier(n)}
	case kindText:
		return []string{element("mtext", strings.ReplaceAll(html.EscapeString(n.text), " ", "\u00a0"))}
	case kindSymbol:
		return []string{sign(n)}
	case kindInfix, kindRelation:
		return woven(n.kids, n.marks)
	case kindPrefix:
		return append(all(n.marks), parts(n.kids[0])...)
	case kindPostfix:
		return append(parts(n.kids[0]), all(n.marks)...)
	case kindFenced:
		return []string{element("mrow", append(append(all(n.marks[:1]), parts(n.kids[0])...), all(n.marks[1:])...)...)}
	case kindApply, kindBigOp:
		out := parts(n.kids[0])
		if n.is(kindApply) {
			out = append(out, element("mo", "\u2061")) // function application
		}
		if n.is(kindApply) && !n.kids[1].is(kindFenced) {
			out = append(out, `<mspace width="0.17em"></mspace>`)
		}
		return append(out, parts(n.kids[1])...)
	case kindModulo:
		return []string{element("mrow", operator("("), element("mi", "mod"), `<mspace width="0.3em"></mspace>`, one(n.kids[0]), operator(")"))}
	case kindTable:
		return []string{table(n)}
	case kindList, kindRow, kindTableRow:
		return all(n.kids)
	}
	return []string{built(n)}
}

// built are the nodes that are one element: fractions, roots, scripts.
func built(n *node) string {
	kid := func(i int) string { return one(n.kids[i]) }
	switch n.kind {
	case kindFraction:
		return element("mfrac", kid(0), kid(1))
	case kindStack:
		stack := `<mfrac linethickness="0">` + kid(0) + kid(1) + "</mfrac>"
		if len(n.marks) == 2 {
			return element("mrow", one(n.marks[0]), stack, one(n.marks[1]))
		}
		return stack
	case kindRoot:
		if len(n.kids) > 1 {
			return element("mroot", kid(0), kid(1))
		}
		return element("msqrt", row(n.kids[0]))
	case kindSub:
		return element("msub", kid(0), kid(1))
	case kindSup:
		if base := n.kids[0]; base.is(kindSub) {
			return element("msubsup", one(base.kids[0]), one(base.kids[1]), kid(1))
		}
		return element("msup", kid(0), kid(1))
	case kindLimits:
		return limits(n)
	case kindAccent:
		return accent(n)
	case kindOver:
		return element("mover", kid(0), kid(1))
	case kindUnder:
		return element("munder", kid(0), kid(1))
	case kindStruck:
		return element("menclose", kid(0))
	}
	return element("mrow", all(n.kids)...)
}

// all are several nodes beside each other.
func all(ns []*node) []string {
	var out []string
	for _, n := range ns {
		out = append(out, parts(n)...)
	}
	return out
}

// woven are operands with marks between them.
func woven(operands, marks []*node) []string {
	var out []string
	for i, n := range operands {
		out = append(out, parts(n)...)
		if i < len(marks) {
			out = append(out, parts(marks[i])...)
		}
	}
	return out
}

func limits(n *node) string {
	under, over, both := "munder", "mover", "munderover"
	if n.class == classIntegral {
		under, over, both = "msub", "msup", "msubsup"
	}
	lower, upper := n.kids[1], n.kids[2]
	switch {
	case lower.is(kindEmpty) && upper.is(kindEmpty):
		return one(n.kids[0])
	case upper.is(kindEmpty):
		return element(under, one(n.kids[0]), one(lower))
	case lower.is(kindEmpty):
		return element(over, one(n.kids[0]), one(upper))
	}
	return element(both, one(n.kids[0]), one(lower), one(upper))
}

// accentSigns are the characters of accents, by the words that the tree has
// for them.
var accentSigns = map[string]string{
	"hat": "^", "tilde": "~", "bar": "¯", "line": "¯", "vector": "→", "right arrow": "→", "left arrow": "←", "left right arrow": "↔",
	"dot": "˙", "double dot": "¨", "triple dot": "⃛", "check": "ˇ", "acute": "´", "grave": "`", "breve": "˘", "ring": "˚",
	"brace": "⏞", "bracket": "⎴", "paren": "⏜",
}

func accent(n *node) string {
	mark := n.marks[0].text
	text, ok := accentSigns[mark]
	if !ok {
		text = mark
	}
	if n.below {
		below := map[string]string{"brace": "⏟", "bracket": "⎵", "paren": "⏝", "line": "_"}
		if b, ok := below[mark]; ok {
			text = b
		}
		return element("munder", one(n.kids[0]), operator(text))
	}
	return `<mover accent="true">` + one(n.kids[0]) + operator(text) + "</mover>"
}

func table(n *node) string {
	var rows []string
	for _, r := range n.kids {
		var cells []string
		kids := []*node{r}
		if r.is(kindTableRow) {
			kids = r.kids
		}
		for _, c := range kids {
			cells = append(cells, element("mtd", row(c)))
		}
		rows = append(rows, element("mtr", cells...))
	}
	t := element("mtable", rows...)
	switch n.shape {
	case shapeMatrix:
		return element("mrow", operator("["), t, operator("]"))
	case shapeDeterminant:
		return element("mrow", operator("|"), t, operator("|"))
	case shapeCases:
		return element("mrow", operator("{"), t)
	}
	return t
}

// sign is a character: of an operator, or a letter that is named as one.
func sign(n *node) string {
	r, size := utf8.DecodeRuneInString(n.text)
	if n.class != classOperand || size > 0 && !unicode.IsLetter(r) {
		return operator(n.text)
	}
	return element("mi", html.EscapeString(n.text))
}

// identifier is a letter or a name. MathML sets a single letter in italics by
// itself; other alphabets have characters of their own.
func identifier(n *node) string {
	if n.font == fontNormal && utf8.RuneCountInString(n.text) == 1 {
		return `<mi mathvariant="normal">` + html.EscapeString(n.text) + "</mi>"
	}
	if a, ok := alphabets[n.font]; ok {
		return element("mi", html.EscapeString(strings.Map(a.letter, n.text)))
	}
	return element("mi", html.EscapeString(n.text))
}

// alphabet is where the capitals and the small letters of one begin, and which
// capitals are elsewhere (Unicode, Mathematical Alphanumeric Symbols).
type alphabet struct {
	capitals, small rune
	others          map[rune]rune
}

var alphabets = map[font]alphabet{
	fontBold:         {capitals: 0x1d400, small: 0x1d41a},
	fontBoldItalic:   {capitals: 0x1d468, small: 0x1d482},
	fontDoubleStruck: {0x1d538, 0x1d552, map[rune]rune{'C': 'ℂ', 'H': 'ℍ', 'N': 'ℕ', 'P': 'ℙ', 'Q': 'ℚ', 'R': 'ℝ', 'Z': 'ℤ'}},
	fontScript:       {0x1d49c, 0x1d4b6, map[rune]rune{'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ', 'R': 'ℛ', 'e': 'ℯ', 'g': 'ℊ', 'o': 'ℴ'}},
	fontFraktur:      {0x1d504, 0x1d51e, map[rune]rune{'C': 'ℭ', 'H': 'ℌ', 'I': 'ℑ', 'R': 'ℜ', 'Z': 'ℨ'}},
	fontSans:         {capitals: 0x1d5a0, small: 0x1d5ba},
	fontMono:         {capitals: 0x1d670, small: 0x1d68a},
}

func (a alphabet) letter(r rune) rune {
	if other, ok := a.others[r]; ok {
		return other
	}
	switch {
	case r >= 'A' && r <= 'Z':
		return a.capitals + r - 'A'
	case r >= 'a' && r <= 'z':
		return a.small + r - 'a'
	}
	return r
}
