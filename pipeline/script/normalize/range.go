package normalize

import "strings"

// between says whether a sign at i divides the ends of a range, and how long
// it is with its spaces: "5-10", "5–10", "5 – 10".
func (e *english) between(s string, i int) (bool, int) {
	j := i + space(s, i)
	n := dash(s, j)
	if n == 0 || prefixed(s, j, "−") {
		return false, 0
	}
	k := j + n
	gap := space(s, k)
	if (j > i) != (gap > 0) {
		return false, 0
	}
	return true, k + gap - i
}

// dashed says whether a dash and a letter or digit follow: a longer code.
func (e *english) dashed(s string, i int) bool {
	n := dash(s, i)
	return n > 0 && wordRune(runeAt(s, i+n))
}

// ranges reads two numbers with a dash between them: a range of years, a
// range, or a score; and dimensions, "2x4".
func (e *english) ranges(p Passage, i int) (Reading, bool) {
	s := p.Text
	if r := runeBefore(s, i); !open(s, i) || (r == '-' || r == '–' || r == '/') && i > 1 && wordRune(runeBefore(s, i-1)) {
		return Reading{}, false
	}
	a, ok := e.amountAt(s, i)
	if !ok {
		return Reading{}, false
	}
	if r, ok := e.thousandsRange(s, a); ok {
		return r, true
	}
	if to, words, ok := e.dimensions(s, a); ok {
		return Reading{to, words, "dimensions"}, true
	}
	if reading, ok := e.decades(s, i); ok {
		return reading, true
	}
	if a.bare() {
		if word, _, to := after(s, a.to); space(s, a.to) > 0 && e.magnitudes[word] != "" && len(word) > 3 && lower(word[0]) {
			if sep, gap := e.between(s, to); sep {
				if n, ok := scanNumber(s, to+gap); ok && digit(s[to+gap]) {
					if again, _, end := after(s, n.to); again == word {
						return Reading{end, e.say(a.number) + " " + word + " to " + e.say(n) + " " + word, "range"}, true
					}
				}
			}
		}
	}
	sep, gap := e.between(s, a.end)
	if !sep || a.joined {
		return Reading{}, false
	}
	b, ok := e.amountAt(s, a.end+gap)
	if ok && a.bare() && b.bare() && a.plain() && b.plain() && gap < 4 && at(s, b.end) == '-' && a.value() >= 0 && a.value() < b.value() {
		// "18-24-year-olds"
		if word, _, _ := after(s, b.end+1); e.periods[strings.TrimSuffix(word, "s")] {
			return Reading{b.end, e.say(a.number) + " to " + e.say(b.number), "range"}, true
		}
	}
	if ok && a.bare() && b.bare() && b.scale == "" && at(s, b.end)|0x20 == 'k' && closed(s, b.end+1) {
		return Reading{b.end + 1, e.say(a.number) + " to " + e.say(b.number) + " thousand", "range"}, true // "10-20k"
	}
	if ok && a.bare() && at(s, a.end)|0x20 == 'k' {
		return Reading{}, false
	}
	if !ok || !closed(s, b.end) || e.dashed(s, b.end) || at(s, b.end) == '/' && digit(at(s, b.end+1)) {
		return Reading{}, false
	}
	if e.equation(s, a.end, b.end) {
		return Reading{}, false
	}
	if at(s, b.end) == ':' && digit(at(s, b.end+1)) {
		return Reading{}, false
	}
	if !a.bare() && a.unit != b.unit && a.percent == b.percent {
		return Reading{}, false
	}
	if b.bare() && a.bare() {
		return e.bareRange(s, i, a, b)
	}
	first := amount{number: a.number, scale: a.scale}
	if a.scale == b.scale {
		first.scale = ""
	}
	return Reading{b.end, e.amountWords(first) + " to " + e.amountWords(b), "range"}, true
}

// thousandsRange reads "10k-20k".
func (e *english) thousandsRange(s string, a amount) (Reading, bool) {
	if c := at(s, a.to); c != 'k' && c != 'K' || a.unit.one != "" || a.percent {
		return Reading{}, false
	}
	sep, gap := e.between(s, a.to+1)
	n, ok := scanNumber(s, a.to+1+gap)
	if !sep || !ok || at(s, n.to) != s[a.to] || !closed(s, n.to+1) {
		return Reading{}, false
	}
	return Reading{n.to + 1, e.say(a.number) + " thousand to " + e.say(n) + " thousand", "range"}, true
}

// bareRange reads two numbers without units.
func (e *english) bareRange(s string, i int, a, b amount) (Reading, bool) {
	x, y := a.value(), b.value()
	if a.plain() && b.plain() && len(a.whole) == 4 && x >= 1000 && x < 2200 {
		switch {
		case len(b.whole) == 4 && y >= 1000 && y < 2200:
			return Reading{b.end, e.year(a.whole) + " to " + e.year(b.whole), "range"}, true
		case len(b.whole) == 2 && y > x%100:
			words := e.small(y)
			if b.whole[0] == '0' {
				words = "oh " + e.ones[y]
			}
			return Reading{b.end, e.year(a.whole) + " to " + words, "range"}, true
		case len(b.whole) == 1 && y > x%10 && x >= 1700 && x < 2100 && !e.countedNext(s, b.end):
			return Reading{b.end, e.year(a.whole) + " to " + e.ones[y], "range"}, true // "2008-9"
		}
	}
	if a.plain() && b.plain() && (len(a.whole) > 1 && a.whole[0] == '0') != (len(b.whole) > 1 && b.whole[0] == '0') {
		return Reading{}, false // parts of a code
	}
	if a.decimal() || b.decimal() {
		if a.whole == "" || x > y {
			return Reading{}, false
		}
		return Reading{b.end, e.say(a.number) + " to " + e.say(b.number), "range"}, true
	}
	spaced := s[a.end] == ' '
	switch {
	case x < 0 || y < 0:
		return Reading{}, false
	case x < y:
		return Reading{b.end, e.quantity(a.number) + " to " + e.quantity(b.number), "range"}, true
	case x == 9 && y == 5 && !spaced: // hours of work
		return Reading{b.end, "nine to five", "range"}, true
	case x >= y && len(a.whole) < 4 && !spaced && (e.contest(s, i, b.end) || s[a.end] != '-' || x > 19 && x%10 == 0 && y > 0 && y < 10):
		// A dash between them, or "20-7", which would be heard as 27.
		return Reading{b.end, e.quantity(a.number) + " to " + e.quantity(b.number), "score"}, true
	}
	return Reading{}, false
}

// contest says whether the words around a pair of numbers speak of a game.
func (e *english) contest(s string, i, to int) bool {
	next, _, _ := after(s, to)
	return e.scores[strings.ToLower(before(s, i))] || e.scores[strings.ToLower(next)]
}

// dimensions reads "2x4", "10 × 12 cm", "1920x1080".
func (e *english) dimensions(s string, a amount) (int, string, bool) {
	words, to, n := e.side(a, true), a.end, 0
	last := a
	// "8.5"x11"", "12'x10'": the same sign at every side
	sign := mark(s, to, `"`, "″", "'", "′", "”", "’")
	if k := to + sign + space(s, to+sign); sign > 0 && a.bare() && mark(s, k, "x", "×", "X") > 0 {
		a.unit = unit{"inch", "inches"}
		if c := s[to : to+sign]; c == "'" || c == "′" || c == "’" {
			a.unit = unit{"foot", "feet"}
		}
		to += sign
	} else {
		sign = 0
	}
	for n < 3 {
		j := to + space(s, to)
		x := mark(s, j, "x", "×", "X")
		if x == 0 {
			break
		}
		k := j + x
		k += space(s, k)
		b, ok := e.amountAt(s, k)
		if s[j:j+x] == "×" && j > to && ok && b.unit.one == "" && a.unit.one == "" {
			break // a product, not two sides
		}
		if !ok || (j > to) != (k > j+x) && s[j:j+x] != "×" {
			break
		}
		if words, to, last, n = words+" by "+e.side(b, false), b.end, b, n+1; sign > 0 && b.unit.one == "" {
			last.unit = a.unit
			to += mark(s, to, s[a.end:a.end+sign])
		}
	}
	if next := runeAt(s, to); n == 0 || !closed(s, to) || next == '^' || strings.ContainsRune("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", next) || e.equation(s, a.end, to) {
		return 0, "", false
	}
	if last.unit.one != "" {
		words += " " + last.unit.many
	}
	return to, words, true
}

// side is one side of dimensions; the unit is said once, at the end.
func (e *english) side(a amount, first bool) string {
	if a.plain() && len(a.whole) == 4 {
		return e.pairs(a.whole)
	}
	if first && a.unit.one != "" {
		return e.amountWords(a)
	}
	return e.say(a.number)
}

// decades reads "1960s-1980s" and "1960s/70s".
func (e *english) decades(s string, i int) (Reading, bool) {
	first, j, ok := e.decadeAt(s, i)
	if !ok {
		return Reading{}, false
	}
	word := " to "
	sep, gap := e.between(s, j)
	if at(s, j) == '/' {
		word, sep, gap = " slash ", true, 1+mark(s, j+1, "'", "’")
	}
	if !sep {
		return Reading{}, false
	}
	second, to, ok := e.decadeAt(s, j+gap)
	if k := digitsEnd(s, i); word == " slash " && k == i+2 && value(s[i:k]) >= value(s[j+gap:digitsEnd(s, j+gap)]) {
		return Reading{}, false // "60s/30s" are seconds
	}
	return Reading{to, first + word + second, "range"}, ok
}

// ratio reads "16:9" and "3:1".
func (e *english) ratio(p Passage, i int) (Reading, bool) {
	s := p.Text
	j := digitsEnd(s, i)
	if at(s, j) != ':' || !open(s, i) || j-i > 4 || runeBefore(s, i) == ':' {
		return Reading{}, false
	}
	k := digitsEnd(s, j+1)
	if k == j+1 || k-j > 5 || !closed(s, k) || at(s, k) == ':' {
		return Reading{}, false
	}
	if e.scriptural(s, i) {
		words := e.cardinal(s[i:j]) + " " + e.cardinal(s[j+1:k])
		if sep, gap := e.between(s, k); sep {
			if end := digitsEnd(s, k+gap); end > k+gap && end-k < 6 && at(s, end) != ':' {
				return Reading{end, words + " to " + e.cardinal(s[k+gap:end]), "reference"}, true
			}
		}
		return Reading{k, words, "reference"}, true
	}
	if k-j == 3 && s[j+1] < '6' && j-i == 2 {
		// minutes and seconds
		words := e.small(value(s[j+1 : k]))
		if s[j+1] == '0' {
			words = strings.Replace("oh "+words, "oh zero", "oh oh", 1)
		}
		return Reading{k, e.say(number{whole: s[i:j]}) + " " + words, "duration"}, true
	}
	return Reading{k, e.cardinal(s[i:j]) + " to " + e.cardinal(s[j+1:k]), "ratio"}, true
}
