package normalize

import "strings"

// thousands reads the power of a thousand that touches a number: "5bn" always,
// "30k" and "1.5M" where what follows is counted, and where nothing is named
// that the letter could belong to.
func (e *english) thousands(s string, n number) (to int, word string) {
	i := n.to
	to = wordEnd(s, i)
	if to == i || to-i > 3 {
		return i, ""
	}
	switch s[i:to] {
	case "bn", "tn", "trn", "mn":
	case "k", "K", "M", "B", "m", "b":
		k := to + mark(s, to, "+")
		next, from, _ := after(s, k)
		if s[i] == 'K' && e.screens[next] && len(s[:i]) > 0 && strings.IndexByte("2458", s[i-1]) >= 0 && !digit(at(s, i-2)) {
			return i, "" // "4K textures": pixels, no thousands
		}
		counted := from > k && (e.masses[next] || e.counted(next) && s[i] != 'm' && s[i] != 'b')
		if !counted && !e.rounded(s, n, to) {
			return i, ""
		}
	default:
		return i, ""
	}
	return to, e.magnitudes[strings.ToLower(s[i:to])]
}

// rounded says whether the letter behind a number is a power of a thousand
// though no noun is counted: "it sold 3.2K." A race of 10K, a screen of 4K, a
// plan called 401k and a "64K limit" keep their letter.
func (e *english) rounded(s string, n number, to int) bool {
	c, word := s[n.to], next(s, to)
	named := word != "" && !e.words[strings.ToLower(word)]
	switch {
	case c == 'm' || c == 'b' || !open(s, n.from) || strings.ContainsRune("-–", runeBefore(s, n.from)):
		return false
	case c == 'M' || c == 'B':
		return n.decimal() && !named
	case c == 'K' && warm(s, n.from, to, !n.decimal()):
		return false
	case n.decimal():
		return true
	}
	return !named && word != "of" && e.manyThousands(s, n)
}

// manyThousands says whether a whole number with a K is an amount, and no name
// or code.
func (e *english) manyThousands(s string, n number) bool {
	if len(n.whole) < 2 || len(n.whole) > 3 && !n.grouped {
		return false
	}
	switch n.whole {
	case "10", "401", "403":
		return false
	}
	prev := before(s, n.from)
	switch strings.ToLower(prev) {
	case "a", "an", "the", "this", "that", "my", "our", "his", "her", "their", "first":
		return false
	}
	return !e.modelled[prev] && !e.coded[strings.ToLower(prev)]
}

// warm says whether the words around a place speak of temperature, so that K is
// kelvin: physics, and for whole numbers also what is cold or hot every day.
func warm(s string, from, to int, whole bool) bool {
	around := strings.ToLower(s[max(0, from-reach):min(len(s), to+reach)])
	for word := range strings.FieldsFuncSeq(around, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if whole && contains("hot cold warm heat gas liquid solid degrees", word) {
			return true
		}
		for _, stem := range []string{
			"temperature", "kelvin", "cool", "cryo", "helium", "nitrogen", "superc", "boil", "freez", "froze", "melt", "bulb", "blackbod", "therm",
		} {
			if strings.HasPrefix(word, stem) {
				return true
			}
		}
	}
	return false
}
