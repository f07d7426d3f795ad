package formula

// kind is what a node is; class (below) is how it behaves among its neighbours.
type kind uint8

const (
	kindEmpty    kind = iota
	kindNumber        // 3.14; with one kid, a mixed number: 4 and the fraction
	kindIdent         // x, Var
	kindText          // \text{…}
	kindSymbol        // a character spoken by name: operators, relations, marks
	kindRow           // operands with nothing between them: implicit product
	kindInfix         // kids with the operators in marks between them
	kindPrefix        // marks before kids[0]
	kindPostfix       // marks after kids[0]
	kindRelation      // kids with the relations in marks between them
	kindList          // kids in order, punctuation among them
	kindFenced        // marks[0] kids[0] marks[1]
	kindApply         // function kids[0] applied to kids[1]
	kindBigOp         // sum, product, integral kids[0] over the operand kids[1]
	kindFraction      // kids[0] over kids[1]
	kindStack         // kids[0] over kids[1] without a bar: \binom, \atop
	kindRoot          // kids[0]; the degree, if any, is kids[1]
	kindSub           // kids[0] with the subscript kids[1]
	kindSup           // kids[0] with the superscript kids[1]
	kindLimits        // kids[0] with the lower limit kids[1] and the upper kids[2]; either may be empty
	kindAccent        // kids[0] under the accent marks[0] (over it when below)
	kindOver          // kids[1] set over kids[0]
	kindUnder         // kids[1] set under kids[0]
	kindTable         // kids are rows; shape tells matrix, cases or lines
	kindTableRow      // kids are cells
	kindStruck        // \cancel
	kindModulo        // \pmod: kids[0]
)

// class is the part a node plays in its row. Scripts and accents inherit it
// from their base, so x ≤_P y still is a relation.
type class uint8

const (
	classOperand  class = iota
	classOperator       // + − ×
	classRelation       // = < →
	classPunct          // , ; ! and fences without a partner
	classOpen
	classClose
	classNeutral  // | and ‖, which both open and close
	classBigOp    // ∑ ∏ ⋃
	classIntegral // ∫ ∮
	classFunction // sin, log: takes what follows as its argument
	classLimit    // lim, max: a function whose scripts are limits
	classSimple   // f, g, h: a function by habit
	classTable
)

// font is the alphabet a letter is set in.
type font string

// Alphabets, by the words ClearSpeak reads for them.
const (
	fontNone         font = ""
	fontNormal       font = "normal"
	fontBold         font = "bold"
	fontBoldItalic   font = "bold italic"
	fontItalic       font = "italic"
	fontDoubleStruck font = "double struck"
	fontScript       font = "script"
	fontFraktur      font = "German"
	fontSans         font = "sans serif"
	fontMono         font = "monospace"
)

// shape is what a table stands for.
type shape uint8

const (
	shapeLines shape = iota
	shapeMatrix
	shapeDeterminant
	shapeCases
)

// node is one part of a formula, before and after its row was understood.
type node struct {
	kind   kind
	class  class
	text   string // the character or the letters
	font   font
	shape  shape
	below  bool    // an accent under its base
	tight  bool    // touches the node before it in the source
	apart  bool    // a wide space (\quad) stands before it: another expression begins
	kids   []*node // operands
	marks  []*node // operators, relations, fences
	puncts int     // in a list: how many of its kids are punctuation
	level  int     // height of the tree below, to bound it
}

func (n *node) is(k kind) bool { return n != nil && n.kind == k }

// isSymbol tells whether n is exactly this character.
func (n *node) isSymbol(text string) bool { return n.is(kindSymbol) && n.text == text }

// branch makes a node over others and keeps its height.
func branch(k kind, kids ...*node) *node {
	n := &node{kind: k, kids: kids}
	for _, kid := range kids {
		if kid.level >= n.level {
			n.level = kid.level + 1
		}
	}
	return n
}

func (n *node) add(kid *node) {
	n.kids = append(n.kids, kid)
	if kid.level >= n.level {
		n.level = kid.level + 1
	}
}

func empty() *node { return &node{kind: kindEmpty} }

func symbol(text string) *node {
	return &node{kind: kindSymbol, text: text, class: glyphOf(text).class}
}

// core is the node under scripts, limits and accents.
func (n *node) core() *node {
	for {
		switch n.kind {
		case kindSub, kindSup, kindLimits, kindAccent, kindOver, kindUnder:
			n = n.kids[0]
		default:
			return n
		}
	}
}

// isLetter tells a single letter, the simplest operand there is.
func (n *node) isLetter() bool {
	if !n.is(kindIdent) {
		return false
	}
	_, word := functions[n.text]
	return !word && (len([]rune(n.text)) == 1)
}

func (n *node) isInteger() bool {
	if !n.is(kindNumber) || len(n.kids) > 0 || n.text == "" {
		return false
	}
	for i := range len(n.text) {
		if !isDigit(n.text[i]) && n.text[i] != ',' {
			return false
		}
	}
	return true
}
