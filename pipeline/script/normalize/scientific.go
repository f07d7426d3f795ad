package normalize

import (
	"strings"
	"unicode/utf8"
)

// scientific reads powers of ten with what they are multiplied by, "3.0 x
// 10^8" and "6.02e23", and numbers to the base sixteen, "0xFF".
func (e *english) scientific(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) {
		return Reading{}, false
	}
	if prefixed(s, i, "0x") {
		end := i + 2
		for end < len(s) && end-i < mostCode && (digit(s[end]) || alpha(s[end]) && s[end]|0x20 <= 'f') {
			end++
		}
		if end > i+2 && closed(s, end) {
			return Reading{end, "zero x " + e.characters(s[i+2:end]), "code"}, true
		}
		return Reading{}, false
	}
	if words, to, ok := e.tenTo(s, i); ok {
		if r := e.powered(s, to, words); r.Rule == "measure" {
			return r, true
		}
		return Reading{}, false
	}
	n, ok := scanNumber(s, i)
	if !ok || n.whole == "" || len(n.whole) > mostCounted {
		return Reading{}, false
	}
	if c := at(s, n.to); c == 'e' || c == 'E' {
		k := n.to + 1
		sign := mark(s, k, "-", "−", "+")
		end := digitsEnd(s, k+sign)
		if end == k+sign || end-k-sign > 3 || !closed(s, end) || sign == 0 && !n.decimal() && (c == 'E' || len(n.whole) > 1) {
			return Reading{}, false // "5E4" may be a name
		}
		words := e.say(n) + " times "
		if n.one() {
			words = ""
		}
		return Reading{end, words + "ten " + e.toThe(s[k+sign:end], sign > 0 && at(s, k) != '+'), "sign"}, true
	}
	j := n.to + space(s, n.to)
	x := mark(s, j, "×", "x", "·", "⋅", "*")
	if x == 0 {
		return Reading{}, false
	}
	j += x
	if j += space(s, j); !prefixed(s, j, "10") {
		return Reading{}, false
	}
	words, to, ok := e.tenTo(s, j)
	if !ok {
		return Reading{}, false
	}
	return e.powered(s, to, e.say(n)+" times "+words), true
}

// tenTo reads "10^8" and "10⁸".
func (e *english) tenTo(s string, i int) (words string, to int, ok bool) {
	j := i + len("10")
	if !prefixed(s, i, "10") {
		return "", 0, false
	}
	if at(s, j) == '^' {
		brace := mark(s, j+1, "{", "(")
		k := j + 1 + brace
		sign := mark(s, k, "-", "−")
		end := digitsEnd(s, k+sign)
		if end == k+sign || end-k-sign > 3 {
			return "", 0, false
		}
		return "ten " + e.toThe(s[k+sign:end], sign > 0), end + brace, true
	}
	digits, negative := "", false
	for j < len(s) && len(digits) < 3 {
		r, n := utf8.DecodeRuneInString(s[j:])
		if k := strings.IndexRune(raised, r); k >= 0 {
			digits += decimal(utf8.RuneCountInString(raised[:k]))
		} else if r == '⁻' && digits == "" && !negative {
			negative = true
		} else if r != '⁺' || digits != "" {
			break
		}
		j += n
	}
	return "ten " + e.toThe(digits, negative), j, digits != ""
}

// toThe says the exponent of a power of ten.
func (e *english) toThe(digits string, negative bool) string {
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		digits = "0"
	}
	if negative {
		return "to the minus " + e.cardinal(digits)
	}
	return e.powerOf(digits)
}

// powered adds the unit after a power of ten.
func (e *english) powered(s string, to int, words string) Reading {
	gap := space(s, to)
	if u, end, ok := e.unitAt(s, to+gap, gap > 0); ok {
		return Reading{end, words + " " + u.many, "measure"}
	}
	return Reading{to, words, "sign"}
}
