package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// signed reads a number behind a sign: "-5", "+5", "±3", "~100", "≥ 5".
func (e *english) signed(p Passage, i int) (Reading, bool) {
	s := p.Text
	r, n := utf8.DecodeRuneInString(s[i:])
	words, ok := e.leading[r]
	if !ok {
		return Reading{}, false
	}
	j := i + n
	if r == '>' && at(s, j) == ' ' && (i == 0 || s[i-1] == '\n') {
		return Reading{i + n, "", Markup}, true // a quoted line of mail
	}
	if r == '+' && (prefixed(s, j, "/-") || prefixed(s, j, "/−")) {
		words, j = "plus or minus", j+1+dash(s, j+1)
		r = '±'
		n = j - i
	}
	if r == '<' || r == '>' {
		if at(s, j) == '=' {
			words, j = e.leading[map[rune]rune{'<': '≤', '>': '≥'}[r]], j+1
		}
	}
	gap := space(s, j)
	if (r == '-' || r == '−' || r == '+') && gap > 0 {
		return Reading{}, false
	}
	if r == '-' || r == '+' || r == '−' {
		if prev := runeBefore(s, i); wordRune(prev) || prev == ')' || prev == '.' || prev == '-' || prev == '_' {
			return Reading{}, false
		}
	}
	j += gap
	if !digit(at(s, j)) && !(at(s, j) == '.' && digit(at(s, j+1))) {
		if _, next, ok := e.currencyAt(s, j); !ok || !digit(at(s, next)) {
			return Reading{}, false
		}
	}
	reading, ok := e.Read(Passage{Text: s, Quoted: p.Quoted}, j, Full)
	if !ok {
		return Reading{}, false
	}
	if left := runeBefore(s, i-b2i(at(s, i-1) == ' ')); wordRune(left) && near(s, i, n) {
		if said, ok := e.signWords[r]; ok {
			words = said
		} else if words == "more than" {
			words = "greater than"
		}
	}
	reading.Spoken = words + " " + reading.Spoken
	reading.Rule = "sign"
	return reading, true
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// equation says whether an equals sign stands in the mathematics around a
// place: numbers, single letters and operators.
func (e *english) equation(s string, from, to int) bool {
	for i := from - 1; i >= max(0, from-reach); i-- {
		if s[i] == '=' {
			return true
		}
		if !formulaic(s, i) {
			break
		}
	}
	for i := to; i < min(len(s), to+reach); i++ {
		if s[i] == '=' {
			return at(s, i+1) != '>'
		}
		if !formulaic(s, i) {
			break
		}
	}
	return false
}

// formulaic says whether the byte at i may stand in mathematics.
func formulaic(s string, i int) bool {
	c := at(s, i)
	if c == 0 {
		return false
	}
	if alpha(c) {
		return !alpha(at(s, i-1)) && !alpha(at(s, i+1))
	}
	return digit(c) || strings.IndexByte(" +-*/^().", c) >= 0 || c >= 0x80 && !unicode.IsLetter(runeAt(s, i))
}

// sign reads one sign by itself, where it is said at all.
func (e *english) sign(p Passage, i int) (Reading, bool) {
	s := p.Text
	r, n := utf8.DecodeRuneInString(s[i:])
	switch r {
	case '-', '−':
		return e.minus(s, i, n)
	case '/':
		return e.slash(s, i)
	case '*':
		return e.star(s, i)
	case '^':
		return e.power(s, i)
	case '+':
		prev := at(s, i-1)
		if near(s, i, n) || (digit(prev) || alpha(prev) || prev == '"' || prev == '%') && closed(s, i+n) && at(s, i+n) != '+' {
			return Reading{i + n, spaced(s, i, n, "plus"), "sign"}, true
		}
		return Reading{}, false
	case '=':
		end := i
		for at(s, end) == '=' {
			end++
		}
		if end-i > 2 {
			return Reading{end, "", Markup}, true
		}
		if at(s, end) == '>' {
			return pointing(s, i, end+1-i, "to"), true
		}
		if near(s, i, end-i) {
			return Reading{end, spaced(s, i, end-i, "equals"), "sign"}, true
		}
		return Reading{}, false
	case '!':
		if at(s, i+1) == '=' && near(s, i, 2) && at(s, i+2) != '=' {
			return Reading{i + 2, spaced(s, i, 2, "is not equal to"), "sign"}, true
		}
		return Reading{}, false
	case '<', '>':
		if at(s, i+1) == '=' && i > 0 && near(s, i, 2) {
			words := map[rune]string{'<': "less than or equal to", '>': "greater than or equal to"}[r]
			return Reading{i + 2, spaced(s, i, 2, words), "sign"}, true
		}
		if i > 0 && near(s, i, 1) && space(s, i+1) > 0 && space(s, i-1) > 0 {
			return Reading{i + 1, map[rune]string{'<': "less than", '>': "greater than"}[r], "sign"}, true
		}
		return Reading{}, false
	}
	if (r == '⁺' || r == '⁻') && i > 0 && alpha(s[i-1]) && !strings.ContainsRune(raised, runeAt(s, i+n)) {
		return Reading{i + n, map[rune]string{'⁺': " plus", '⁻': " minus"}[r], "sign"}, true
	}
	if r == '∎' {
		return Reading{i + n, "", Markup}, true // the end of a proof
	}
	if parted(s, i, n, r) {
		return Reading{i + n, ",", "separator"}, true
	}
	if words, ok := e.signWords[r]; ok {
		if prefixed(s, i+n, s[i:i+n]) || i >= n && s[i-n:i] == s[i:i+n] {
			return Reading{}, false // "$$$" means more than its words
		}
		if words == "to" || words == "from" || words == "to and from" {
			return pointing(s, i, n, words), true
		}
		if words == "-" {
			if r == '·' && i > 0 && wordRune(runeBefore(s, i)) && wordRune(runeAt(s, i+n)) {
				if near(s, i, n) && (e.equation(s, i, i+n) || digit(s[i-1]) && digit(at(s, i+n))) {
					return Reading{i + n, " times ", "sign"}, true
				}
				return Reading{i + n, " ", Markup}, true
			}
			return Reading{i + n, "", Markup}, true
		}
		return Reading{i + n, spaced(s, i, n, words), "sign"}, true
	}
	return e.script(s, i, r, n)
}

// pointing reads an arrow: between two things it is a word, behind or before all
// there is it only shows where a link leads, as in "Read more →".
func pointing(s string, i, n int, words string) Reading {
	left, right := strings.TrimRight(behind(s, i), " "), strings.TrimLeft(ahead(s, i+n), " ")
	if left == "" || right == "" || strings.IndexByte("(.,;:!?", left[len(left)-1]) >= 0 || strings.IndexByte(").,;:!?", right[0]) >= 0 {
		return Reading{i + n, "", Markup}
	}
	return Reading{i + n, spaced(s, i, n, words), "sign"}
}

// near says whether a sign stands between two words or numbers, or touches
// one.
func near(s string, i, n int) bool {
	left := strings.TrimRight(s[max(0, i-3):i], " ")
	right := strings.TrimLeft(s[i+n:min(len(s), i+n+4)], " ")
	if left == "" || right == "" {
		return left != "" && operand(runeBefore(s, i)) || right != "" && operand(runeAt(s, i+n))
	}
	last, _ := utf8.DecodeLastRuneInString(left)
	first, _ := utf8.DecodeRuneInString(right)
	return (operand(last) || strings.ContainsRune(")]²³!", last)) && (operand(first) || strings.ContainsRune("([-−$√.€£¥", first))
}

// operand says whether a character may stand beside a sign of mathematics in
// English: signs between the letters of other scripts are left to them.
func operand(r rune) bool {
	return unicode.IsDigit(r) || unicode.In(r, unicode.Latin, unicode.Greek) && unicode.IsLetter(r)
}

// spaced sets spaces around words that are said for a sign, where it touches
// something.
func spaced(s string, i, n int, words string) string {
	if i > 0 && space(s, i-1) == 0 && strings.IndexByte("\n(\"'", s[i-1]) < 0 && (s[i-1] < 0x80 || wordRune(runeBefore(s, i))) {
		words = " " + words
	}
	if i+n < len(s) && space(s, i+n) == 0 && strings.IndexByte(".,;:!?)\"'", s[i+n]) < 0 {
		words += " "
	}
	return words
}

func (e *english) minus(s string, i, n int) (Reading, bool) {
	if left := strings.TrimRight(s[max(0, i-2):i], " "); n == 3 && near(s, i, n) && left != "" && digit(left[len(left)-1]) {
		return Reading{i + n, spaced(s, i, n, "minus"), "sign"}, true
	}
	if n == 1 && at(s, i+1) == '>' {
		return pointing(s, i, 2, "to"), true
	}
	if n == 1 && near(s, i, n) && at(s, i+1) != '-' && e.equation(s, i, i+1) {
		return Reading{i + n, spaced(s, i, n, "minus"), "sign"}, true
	}
	if n == 1 && at(s, i-1) == '0' && at(s, i-2) >= '2' && at(s, i-2) <= '9' && at(s, i+1) >= '1' && at(s, i+1) <= '9' {
		return Reading{i + 1, ", ", "dash"}, true // "380-8" would be heard as 388
	}
	return Reading{}, false
}

// slash reads a slash between words: "miles/hour", "upgrade/update".
func (e *english) slash(s string, i int) (Reading, bool) {
	word, _, end := after(s, i+1)
	if (word == "s" || word == "sec") && i > 0 && closed(s, end) && e.counted(before(s, i)) {
		return Reading{end, " per second", "slash"}, true // "300 rows/s"
	}
	if i > 0 && alpha(s[i-1]) && closed(s, end) && (e.periods[word] || mark(s, end, "²", "³") > 0 && e.units[word].one != "") {
		if u := e.units[word]; u.one != "" && mark(s, end, "²", "³") == 0 {
			return Reading{end, " per " + u.one, "slash"}, true
		}
		return Reading{i + 1, " per ", "slash"}, true
	}
	if prefixed(s, i, "//") {
		for end := i; ; end++ {
			if at(s, end) != '/' {
				return Reading{end, s[i:end], "slash"}, true
			}
		}
	}
	if near(s, i, 1) && e.equation(s, i, i+1) {
		return Reading{i + 1, spaced(s, i, 1, "divided by"), "slash"}, true
	}
	if alpha(at(s, i-1)) && open(s, i-1) && lower(s[i-1]) && digit(at(s, i+1)) && closed(s, i+2) && at(s, i+2) != '/' {
		return Reading{i + 1, " over ", "slash"}, true
	}
	if digit(at(s, i-1)) && alpha(at(s, i+1)) && closed(s, i+2) {
		return Reading{i + 1, " over ", "slash"}, true
	}
	return Reading{i + 1, spaced(s, i, 1, "slash"), "slash"}, true
}

// star reads an asterisk: the sign of a product, or markup.
func (e *english) star(s string, i int) (Reading, bool) {
	end := i
	for at(s, end) == '*' {
		end++
	}
	product := end-i == 1 && (digit(at(s, i-1)) && digit(at(s, end)) || near(s, i, 1) && e.equation(s, i, end) ||
		at(s, i-1) == ' ' && at(s, end) == ' ' && formulaic(s, i-2) && formulaic(s, end+1) && near(s, i, 1))
	if touch := wordRune(runeBefore(s, i)) && wordRune(runeAt(s, end)); touch && end-i > 1 && len(before(s, i)) < 3 && !strings.Contains(ahead(s, end), "**") && !strings.Contains(behind(s, i), "**") {
		return Reading{end, s[i:end], Markup}, true // letters that the author hides: "f**k"
	}
	if end-i == 1 && digit(at(s, i-1)) && at(s, end) == ' ' && lower(at(s, end+1)) {
		return Reading{end, " star", "sign"}, true // "a 5* hotel"
	}
	if product {
		return Reading{end, spaced(s, i, 1, "times"), "sign"}, true
	}
	return Reading{end, "", Markup}, true
}

// power reads "^2".
func (e *english) power(s string, i int) (Reading, bool) {
	negative := at(s, i+1) == '-' && digit(at(s, i+2))
	j := digitsEnd(s, i+1)
	if negative {
		j = digitsEnd(s, i+2)
	}
	if i == 0 || !wordRune(runeBefore(s, i)) && s[i-1] != ')' {
		return Reading{}, false
	}
	switch {
	case negative && j-i < 6 && closed(s, j):
		return Reading{j, spaced(s, i, j-i, "to the minus "+e.cardinal(s[i+2:j])), "sign"}, true
	case j > i+1 && j-i < 5 && closed(s, j):
		return Reading{j, spaced(s, i, j-i, e.powerOf(s[i+1:j])), "sign"}, true
	case alpha(at(s, i+1)) && closed(s, i+2):
		return Reading{i + 2, spaced(s, i, 2, "to the "+s[i+1:i+2]), "sign"}, true
	}
	return Reading{}, false
}

func (e *english) powerOf(digits string) string {
	switch digits {
	case "2":
		return "squared"
	case "3":
		return "cubed"
	}
	return "to the " + e.ordinal(digits)
}

// Small digits, in their order.
const raised, lowered = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"

// script reads small raised and lowered digits: powers, formulas of
// chemistry, and marks of notes, which are not said.
func (e *english) script(s string, i int, r rune, n int) (Reading, bool) {
	digits, set, negative := "", raised, false
	j := i
	if r == '⁻' {
		negative, j = true, j+n
	} else if strings.ContainsRune(lowered, r) {
		set = lowered
	} else if !strings.ContainsRune(raised, r) {
		return Reading{}, false
	}
	for j < len(s) && len(digits) < 4 {
		r, n := utf8.DecodeRuneInString(s[j:])
		k := strings.IndexRune(set, r)
		if k < 0 {
			break
		}
		digits += decimal(utf8.RuneCountInString(set[:k]))
		j += n
	}
	if digits == "" {
		return Reading{}, false
	}
	if set == lowered {
		return Reading{j, spaced(s, i, j-i, e.cardinal(digits)), "sign"}, true
	}
	if sign := mark(s, j, "⁺", "⁻"); sign > 0 && i > 0 && alpha(s[i-1]) {
		words := e.cardinal(digits) + " plus" // a charge: "Fe³⁺"
		if prefixed(s, j, "⁻") {
			words = e.cardinal(digits) + " minus"
		}
		return Reading{j + sign, spaced(s, i, j+sign-i, words), "sign"}, true
	}
	start := i
	for start > max(0, i-3) && alpha(s[start-1]) {
		start--
	}
	if !digit(at(s, i-1)) && at(s, i-1) != ')' && (i-start > 2 || i == start) {
		return Reading{j, "", Markup}, true // the mark of a note
	}
	words := e.powerOf(digits)
	if negative {
		words = "to the minus " + e.cardinal(digits)
	}
	return Reading{j, spaced(s, i, j-i, words), "sign"}, true
}

// telephoneSign reads numbers that begin with a plus or a bracket.
func (e *english) telephoneSign(p Passage, i int) (Reading, bool) {
	if c := p.Text[i]; c != '+' && c != '(' {
		return Reading{}, false
	}
	return e.telephone(p, i)
}

// point reads ".5" and ".NET".
func (e *english) point(p Passage, i int) (Reading, bool) {
	s := p.Text
	if s[i] != '.' || i > 0 && (wordRune(runeBefore(s, i)) || s[i-1] == '.' || s[i-1] == ')') {
		return Reading{}, false
	}
	if digit(at(s, i+1)) {
		if r, ok := e.priced(p, i); ok {
			return r, true
		}
		if r, ok := e.measure(p, i); ok {
			return r, true
		}
		return e.bare(p, i)
	}
	end := wordEnd(s, i+1)
	if word := s[i+1 : end]; end > i+2 && (e.files[word] || e.endings[word]) && closed(s, end) {
		return Reading{end, "dot " + e.symbols(word), "file"}, true
	}
	return Reading{}, false
}
