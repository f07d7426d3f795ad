package formula

import (
	"strconv"
	"strings"
)

// super speaks a superscript: a power, a prime, an inverse.
func (s *speaker) super(n *node, at *place) {
	base, exp := n.kids[0], n.kids[1]
	function := base.class == classFunction
	switch {
	case isPrimes(exp):
		s.kid(n, 0, at)
		s.primes(exp)
		return
	case numberSets[base.text] != "":
		s.setPower(base, exp, n, at)
		return
	case exp.isSymbol("∘") && s.isQuantity(base), exp.isSymbol("°"):
		s.kid(n, 0, at)
		s.say("degrees")
		return
	case exp.text == "2" && exp.isInteger():
		s.kid(n, 0, at)
		s.say("squared")
		return
	case exp.text == "3" && exp.isInteger():
		s.kid(n, 0, at)
		s.say("cubed")
		return
	case (function || base.class == classSimple) && isMinusOne(exp):
		s.kid(n, 0, at)
		s.say("inverse")
		return
	case (function || base.class == classSimple && s.plain) && (exp.isInteger() || exp.isLetter()):
		s.say("the", ordinal(exp), "power of")
		s.kid(n, 0, at)
		return
	}
	if s.plain && base.class == classSimple && exp.is(kindFenced) && (exp.kids[0].isInteger() || exp.kids[0].isLetter()) {
		s.say("the", ordinal(exp.kids[0]), "power of")
		s.kid(n, 0, at)
		return
	}
	s.kid(n, 0, at)
	switch {
	case exp.isInteger() && exp.text == "0":
		s.say("to the 0 power")
	case exp.isInteger(), exp.isLetter() && ordinalLetter(exp):
		s.say("to the", ordinal(exp), "power")
	case exp.isLetter() && !isNumberSet(exp):
		s.say("to the")
		s.kid(n, 1, at)
		s.say("power")
	case exp.is(kindPrefix) && len(exp.marks) == 1 && exp.marks[0].isSymbol("-") && exp.kids[0].isInteger():
		s.say("to the")
		s.kid(n, 1, at)
		s.say("power")
	case s.isFlatExponent(exp):
		s.say("raised to the")
		s.kid(n, 1, at)
		s.say("power")
	default:
		s.say("raised to the exponent")
		s.pause(shortStop)
		s.kid(n, 1, at)
		s.pause(shortStop)
		s.say("end exponent")
	}
	s.pause(shortStop)
}

func isNumberSet(n *node) bool { return n.is(kindIdent) && numberSets[n.text] != "" }

func isPrimes(n *node) bool {
	if n.is(kindRow) {
		for _, kid := range n.kids {
			if !kid.isSymbol("′") {
				return false
			}
		}
		return true
	}
	return n.isSymbol("′")
}

func (s *speaker) primes(n *node) {
	count := max(1, len(n.kids))
	if s.plain || count == 1 || count > 3 {
		for range count {
			s.say("prime")
		}
		return
	}
	s.say([]string{"double prime", "triple prime"}[count-2]) //nolint:gosec // 2 or 3, see above
}

func isMinusOne(n *node) bool {
	return n.is(kindPrefix) && len(n.marks) == 1 && n.marks[0].isSymbol("-") && n.kids[0].is(kindNumber) && n.kids[0].text == "1"
}

// isQuantity tells what can be so many degrees.
func (s *speaker) isQuantity(n *node) bool {
	return n.is(kindNumber) || n.is(kindIdent) || n.is(kindFenced)
}

// isFlatExponent tells an exponent that needs no spoken end: it holds no
// exponent itself, or only a square or cube at its end.
func (s *speaker) isFlatExponent(n *node) bool {
	if !hasSuper(n, 0) {
		return true
	}
	plainPower := func(n *node) bool {
		return n.is(kindSup) && (n.kids[1].text == "2" || n.kids[1].text == "3") && n.kids[1].is(kindNumber) &&
			(n.kids[0].is(kindNumber) || n.kids[0].is(kindIdent) || n.kids[0].smallVulgar())
	}
	return plainPower(n) || n.is(kindRow) && len(n.kids) == 2 && s.isSimple(n.kids[0]) && plainPower(n.kids[1])
}

// maxScan bounds the look below an exponent, in levels; deeper counts as found.
const maxScan = 12

func hasSuper(n *node, depth int) bool {
	if n.is(kindSup) || depth > maxScan {
		return true
	}
	for _, kid := range n.kids {
		if hasSuper(kid, depth+1) {
			return true
		}
	}
	return false
}

// setPower speaks the powers of a number set: "r-n", "the positive integers".
func (s *speaker) setPower(base, exp, n *node, at *place) {
	switch {
	case exp.isSymbol("+") && (base.text == "ℤ" || base.text == "ℚ" || !s.plain):
		s.say(strings.Replace(numberSets[base.text], "the ", "the positive ", 1))
		return
	case exp.isSymbol("-") && (base.text == "ℤ" || base.text == "ℚ" || !s.plain):
		s.say(strings.Replace(numberSets[base.text], "the ", "the negative ", 1))
		return
	}
	letter := map[string]string{"ℕ": "n", "ℤ": "z", "ℚ": "q", "ℝ": "r", "ℂ": "c"}[base.text]
	if !s.plain {
		letter = strings.ToUpper(letter)
	}
	switch {
	case exp.isInteger() && len(exp.text) < 3:
		if v, err := strconv.Atoi(exp.text); err == nil && v < len(cardinals) {
			s.say(letter + "-" + cardinals[v])
			return
		}
	case exp.isLetter():
		s.say(letter + "-" + glyphOf(exp.text).plain)
		return
	}
	s.say(letter)
	s.kid(n, 1, at)
}

var (
	cardinals = [...]string{
		"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
		"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	}
	ordinals = [...]string{
		"zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
		"ninth", "tenth",
	}
)

// ordinal words an exponent or the degree of a root: "tenth", "12th", "n-th".
func ordinal(n *node) string {
	if !n.isInteger() {
		return glyphOf(n.text).plain + "-th"
	}
	digits := strings.ReplaceAll(n.text, ",", "")
	if v, err := strconv.Atoi(digits); err == nil && v < len(ordinals) {
		return ordinals[v]
	}
	tens := len(digits) > 1 && digits[len(digits)-2] == '1'
	switch last := digits[len(digits)-1]; {
	case last == '1' && !tens:
		return digits + "st"
	case last == '2' && !tens:
		return digits + "nd"
	case last == '3' && !tens:
		return digits + "rd"
	}
	return digits + "th"
}

// ordinalLetter: small letters take "-th"; capitals are read as they are.
func ordinalLetter(n *node) bool {
	return strings.ToLower(n.text) == n.text && numberSets[n.text] == ""
}

// limits speaks an operator with what stands under and over it.
func (s *speaker) limits(n *node, at *place) {
	lower, upper := !n.kids[1].is(kindEmpty), !n.kids[2].is(kindEmpty)
	s.kid(n, 0, at)
	s.bound++
	defer func() { s.bound-- }()
	switch {
	case lower && upper:
		s.say("from")
		s.kid(n, 1, at)
		s.say("to")
		s.kid(n, 2, at)
	case lower:
		s.say("over")
		s.kid(n, 1, at)
	case upper:
		s.say("under")
		s.kid(n, 2, at)
	}
}

// accent speaks a mark over or under its base.
func (s *speaker) accent(n *node, at *place) {
	mark := n.marks[0].text
	s.kid(n, 0, at)
	if n.below {
		s.say("over")
	}
	name := map[string]string{
		"vector": "right arrow", "dot": "dot above", "double dot": "two dots",
		"triple dot": "dot dot dot", "bar": "overline", "line": "horizontal bar", "ring": "ring above",
		"brace": "top brace", "bracket": "top square bracket", "paren": "top parenthesis",
	}[mark]
	if n.below {
		name = strings.Replace(name, "top", "bottom", 1)
	}
	if name == "" {
		name = mark
	}
	if n.class == classOperator || n.class == classRelation {
		s.say("sign with", name, "over it")
		return
	}
	s.say(name)
}
