package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// greekNames are the letters that stand for quantities, by themselves or
// before a Latin letter: "Δx", "πr²". Words in Greek stay.
func greekNames() map[rune]string {
	names := map[rune]string{}
	letters := []rune("αβγδεζηθικλμνξοπρστυφχψω")
	for i, name := range strings.Fields("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau " +
		"upsilon phi chi psi omega") {
		names[letters[i]] = name
		names[unicode.ToUpper(letters[i])] = name
	}
	names['ϕ'], names['ϵ'], names['ϑ'] = "phi", "epsilon", "theta"
	return names
}

// letter reads a Greek letter.
func (e *english) letter(p Passage, i int) (Reading, bool) {
	s := p.Text
	if s[i] < utf8.RuneSelf {
		return Reading{}, false
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	name, ok := e.greek[r]
	if !ok || unicode.Is(unicode.Greek, runeAt(s, i+n)) || unicode.Is(unicode.Greek, runeBefore(s, i)) || !wordless(s, i+n) {
		return Reading{}, false
	}
	if unicode.IsUpper(r) && open(s, i) && closed(s, i+n) && (r != 'Δ' || at(s, i+n) != ' ') {
		return Reading{}, false // by itself it may be a name's
	}
	return Reading{i + n, name, "greek"}, true
}

// wordless says whether at most two letters follow: a quantity, not a word.
func wordless(s string, i int) bool { return wordEnd(s, i)-i < 3 }
