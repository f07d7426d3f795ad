package normalize

import (
	"strings"
	"unicode/utf8"
)

// unit is a unit of measure in words.
type unit struct{ one, many string }

func (u unit) of(singular bool) string {
	if singular {
		return u.one
	}
	return u.many
}

// unitAt reads the unit at i, with what divides it: "km", "km²", "km/h",
// "sq ft".
func (e *english) unitAt(s string, i int, spaced bool) (unit, int, bool) {
	u, to, ok := e.simpleUnit(s, i, spaced)
	if !ok {
		return unit{}, 0, false
	}
	// "mg/kg/day": by two things
	for n := 0; n < 2 && at(s, to) == '/'; n++ {
		per, end, ok := e.simpleUnit(s, to+1, false)
		if word, _, stop := after(s, to+1); !ok && word != "" && alpha(s[to+1]) && e.periods[word] && closed(s, stop) {
			per, end, ok = unit{one: word}, stop, true
		}
		if m, num := scanNumber(s, to+1); !ok && num && digit(s[to+1]) && !m.decimal() {
			// "5 L/100 km"
			if many, stop, is := e.simpleUnit(s, m.to+space(s, m.to), true); is {
				per, end, ok = unit{one: e.say(m) + " " + many.many}, stop, true
			}
		}
		if !ok {
			break
		}
		u = unit{u.one + " per " + per.one, u.many + " per " + per.one}
		to = end
	}
	return u, to, true
}

// simpleUnit reads one unit. After a space some symbols are too like words and
// initials to be units.
func (e *english) simpleUnit(s string, i int, spaced bool) (unit, int, bool) {
	j := i
	for j < len(s) && j < i+reach {
		r, n := utf8.DecodeRuneInString(s[j:])
		if !alpha(s[j]) && !strings.ContainsRune("°ºµμΩΩ′″Åéè", r) {
			break
		}
		j += n
	}
	key := s[i:j]
	if n := mark(s, j, "·", "⋅", "-"); n > 0 {
		// units that are multiplied: "N·m", "ft-lb"
		if end := wordEnd(s, j+n); end > j+n && end < j+n+4 {
			if u, ok := e.units[s[i:end]]; ok && closed(s, end) {
				return u, end, true
			}
		}
	}
	if before, lead, ok := e.areaPrefix(s, key, j); ok {
		if prefixed(s, lead, "in") && closed(s, lead+2) {
			return unit{before + " inch", before + " inches"}, stop(s, lead+2), true
		}
		u, to, ok := e.simpleUnit(s, lead, false)
		return unit{before + " " + u.one, before + " " + u.many}, to, ok
	}
	if key == "" {
		return unit{}, 0, false
	}
	power := ""
	end := j
	switch {
	case prefixed(s, j, "²"), prefixed(s, j, "³"):
		power, end = s[j:j+2], j+2
	case prefixed(s, j, "^2"), prefixed(s, j, "^3"):
		power, end = s[j+1:j+2], j+2
	case (at(s, j) == '2' || at(s, j) == '3') && closed(s, j+1):
		power, end = s[j:j+1], j+1
	}
	u, ok := e.units[key]
	if !ok && e.shouted[strings.ToLower(key)] {
		u, ok = e.units[strings.ToLower(key)] // "5 KG", "60 Mph"
	}
	if !ok || !closed(s, end) {
		return unit{}, 0, false
	}
	if per := at(s, i-1) == '/'; per && power != "" && strings.HasSuffix(u.one, "second") {
		return unit{u.one + " squared", u.many + " squared"}, end, true
	}
	switch power {
	case "²", "2":
		return unit{"square " + u.one, "square " + u.many}, end, true
	case "³", "3":
		return unit{"cubic " + u.one, "cubic " + u.many}, end, true
	}
	if spaced && e.mistaken(s, key, end) {
		return unit{}, 0, false
	}
	if key == "in" && spaced && !e.inches(s, end) {
		return unit{}, 0, false
	}
	if len(key) > 1 && (key == "in" || !e.words[key]) {
		end = stop(s, end)
	}
	return u, end, true
}

// areaPrefix reads "sq", "cu" and "fl" before a unit.
func (e *english) areaPrefix(s, key string, j int) (word string, next int, ok bool) {
	switch key {
	case "sq", "Sq":
		word = "square"
	case "cu":
		word = "cubic"
	case "fl":
		word = "fluid"
	default:
		return "", 0, false
	}
	if at(s, j) == '.' {
		j++
	}
	n := space(s, j)
	return word, j + n, n > 0 && alpha(at(s, j+n))
}

// mistaken says whether a symbol after a space is likelier a word or an
// initial: "12 W 5th St", "a 5 in the test".
func (e *english) mistaken(s, key string, end int) bool {
	if len(key) > 1 || !upper(key[0]) {
		return false
	}
	if key != "V" && key != "W" && key != "L" {
		return true
	}
	next := at(s, end+space(s, end))
	return space(s, end) > 0 && (upper(next) || digit(next))
}

// inches says whether "in" after a number is the unit.
func (e *english) inches(s string, end int) bool {
	if at(s, end) == '.' || at(s, end) == ')' || end == len(s) {
		return true
	}
	next, _, _ := after(s, end)
	switch next {
	case "x", "by", "tall", "wide", "long", "deep", "thick", "high", "across", "diameter":
		return true
	}
	return prefixed(s, end, " ×")
}

// amount is a number with what it counts.
type amount struct {
	number
	end     int
	scale   string // "million"
	unit    unit
	percent bool
	joined  bool // a hyphen before the unit: "a 5-km run"
}

func (a amount) bare() bool { return a.unit.one == "" && !a.percent && a.scale == "" }

// amountAt reads a number with its unit.
func (e *english) amountAt(s string, i int) (amount, bool) {
	n, ok := e.numberAt(s, i)
	if !ok {
		return amount{}, false
	}
	a := amount{number: n, end: n.to}
	gap := space(s, n.to)
	if word, _, to := after(s, n.to); gap > 0 && e.magnitudes[strings.ToLower(word)] != "" && len(word) > 2 && lower(word[0]) {
		if _, _, ok := e.unitAt(s, to+space(s, to), true); ok {
			a.scale, a.end, gap = word, to, space(s, to)
		}
	}
	if a.scale == "" && gap == 0 {
		if to, word := e.thousands(s, n); word != "" {
			a.scale, a.end = word, to
			return a, true
		}
	}
	j := a.end
	switch {
	case at(s, j) == '%' || at(s, j+gap) == '%' && gap > 0:
		if a.end = j + gap + 1; at(s, j) == '%' {
			a.end = j + 1
		}
		a.percent = true
	case gap == 0 && at(s, j) == 'x' && closed(s, j+1):
		a.unit, a.end = unit{"x", "x"}, j+1
		if next, _, _ := after(s, j+1); e.compares(next) {
			a.unit = unit{"times", "times"}
		}
	case prefixed(s, j, "‰"):
		a.unit, a.end = unit{"per mille", "per mille"}, j+len("‰")
	case at(s, j) == '-' && a.scale == "":
		if u, to, ok := e.unitAt(s, j+1, false); ok && to-j > 2 && (!e.words[s[j+1:to]] || s[j+1:to] == "in" && space(s, to) > 0) {
			a.unit, a.end, a.joined = u, to, true
		}
	case a.scale == "" && e.thermal(s, j, gap, n.decimal()) > 0:
		a.end = e.thermal(s, j, gap, n.decimal())
		name := map[byte]string{'C': "Celsius", 'F': "Fahrenheit"}[s[a.end-1]]
		a.unit = unit{"degree " + name, "degrees " + name}
	default:
		if u, to, ok := e.unitAt(s, j+gap, gap > 0); ok && !e.letterCode(s, j, to, n, gap) {
			if a.unit, a.end = u, to; u == e.units["pp"] && e.bound(s, n, j+gap+len("pp")) {
				a.unit = unit{"page", "pages"}
			}
		}
	}
	return a, true
}

// mostPoints is the largest share there is, in percentage points.
const mostPoints = 100

// bound says whether the "pp" that ends at i counts a book's pages, and not the
// points by which a share changed: there are more of them than there are points,
// the stop of an abbreviation stands in a sentence, or a book is spoken of.
func (e *english) bound(s string, n number, i int) bool {
	if n.decimal() {
		return false
	}
	if n.grouped || n.value() > mostPoints {
		return true
	}
	for word := range strings.FieldsFuncSeq(strings.ToLower(s[max(0, n.from-reach):min(len(s), i+reach)]), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if contains("book books booklet paperback hardback hardcover isbn novel pamphlet illustrated edition publisher press pages", word) {
			return true
		}
	}
	return at(s, i) == '.' && at(s, i+1) == ')' && at(s, n.from-1) == '('
}

// compares says whether a word compares: "5x faster", "3x as many".
func (e *english) compares(word string) bool {
	switch word {
	case "more", "less", "as", "better", "worse", "the", "their", "its", "his", "her", "greater", "smaller", "higher":
		return true
	}
	return len(word) > 4 && strings.HasSuffix(word, "er") && lower(word[0])
}

// thermal is the end of "° C" and " degrees C" behind a number, and of " F"
// behind a decimal; 0 where none is there.
func (e *english) thermal(s string, j, gap int, decimal bool) int {
	if gap == 0 && mark(s, j, "°", "º") == 0 {
		return 0
	}
	k := j + gap
	n := mark(s, k, "degrees", "degree", "deg.", "deg", "°", "º")
	if n == 0 && !decimal {
		return 0
	}
	if n > 0 {
		n += space(s, k+n)
	}
	if c := at(s, k+n); c != 'C' && c != 'F' || !closed(s, k+n+1) || at(s, k+n+1) == '#' || at(s, k+n+1) == '+' {
		return 0
	}
	return k + n + 1
}

// rate reads units without a number: "in km/h", "W/m²", "people/km²", "a km²".
func (e *english) rate(p Passage, i int) (Reading, bool) {
	s := p.Text
	j := wordEnd(s, i)
	if !open(s, i) || j-i > 4 {
		return Reading{}, false
	}
	squared := mark(s, j, "²", "³", "^2", "^3") > 0
	if !squared && (at(s, j) != '/' || j-i > 3 || !e.rates[s[i:j]]) {
		return Reading{}, false
	}
	if k := wordEnd(s, j+1); !squared && (k > j+4 || !e.spans[s[j+1:k]] && mark(s, k, "²", "³") == 0) {
		return Reading{}, false
	}
	if squared && j == i+1 && s[i] != 'm' {
		return Reading{}, false // "x²"
	}
	u, to, ok := e.unitAt(s, i, false)
	if !ok {
		return Reading{}, false
	}
	if squared && j == i+1 && e.equation(s, i, to) {
		return Reading{}, false
	}
	switch strings.ToLower(before(s, i)) {
	case "per", "a", "each", "every", "one":
		return Reading{to, u.one, "measure"}, true
	}
	if at(s, i-1) == '/' {
		return Reading{to, u.one, "measure"}, true
	}
	return Reading{to, u.many, "measure"}, true
}

// letterCode says whether letters that touch a number are rather a name's:
// "5G", "5s", "4A", "2h".
func (e *english) letterCode(s string, j, to int, n number, gap int) bool {
	if gap > 0 || to-j != 1 || n.decimal() {
		return false
	}
	switch s[j] {
	case 'm', 'g', 'l', 'L', 'V', 'W', 'h':
		return false
	}
	return true
}

// words are an amount in words.
func (e *english) amountWords(a amount) string {
	words := e.quantity(a.number)
	if a.scale != "" {
		words += " " + a.scale
	}
	switch {
	case a.percent:
		return words + " percent"
	case a.unit.one == "":
		return words
	case a.joined:
		return words + "-" + a.unit.one
	}
	return words + " " + a.unit.of(a.one() && a.scale == "")
}

// quantity says a number that counts something: never a year.
func (e *english) quantity(n number) string { return e.say(n) }

// measure reads numbers with units.
func (e *english) measure(p Passage, i int) (Reading, bool) {
	s := p.Text
	if to, words, ok := e.feetInches(s, i); ok {
		return Reading{to, words, "measure"}, true
	}
	if to, words, ok := e.angle(s, i); ok {
		return Reading{to, words, "measure"}, true
	}
	if to, words, ok := e.lasting(s, i); ok {
		return Reading{to, words, "duration"}, true
	}
	a, ok := e.amountAt(s, i)
	if !ok {
		return Reading{}, false
	}
	switch {
	case a.percent:
		return Reading{a.end, e.amountWords(a), "percent"}, true
	case a.scale != "" && a.unit.one == "" && alpha(s[a.end-1]) && alpha(at(s, a.to)):
		words := e.amountWords(a) // "2.5m people"
		if at(s, a.end) == '+' && closed(s, a.end+1) {
			return Reading{a.end + 1, words + " plus", "cardinal"}, true
		}
		return Reading{a.end, words, "cardinal"}, true
	case a.unit.one != "":
		if (at(s, a.end-1) != '.' || a.unit.one == "page") && !a.joined && e.attributive(s, i, a.end) {
			a.unit.many = a.unit.one // "a five watt bulb"
		}
		return Reading{a.end, e.amountWords(a), "measure"}, true
	}
	if at(s, a.to) == '/' {
		if end := digitsEnd(s, a.to+1); a.decimal() && end > a.to+1 && closed(s, end) && at(s, end) != '/' && at(s, end) != '.' {
			if top := s[a.to+1 : end]; top == "5" || top == "10" || top == "100" {
				return Reading{end, e.say(a.number) + " out of " + e.cardinal(top), "fraction"}, true // "4.5/5"
			}
		}
		if u, to, ok := e.simpleUnit(s, a.to+1, false); ok && alpha(s[a.to+1]) {
			return Reading{to, e.quantity(a.number) + " per " + u.one, "measure"}, true
		}
	}
	if !a.decimal() && at(s, a.to) == '"' && !p.Quoted && closed(s, a.to+1) {
		return Reading{a.to + 1, e.say(a.number) + " " + unit{"inch", "inches"}.of(a.one()), "measure"}, true
	}
	if prefixed(s, a.to, "″") {
		return Reading{a.to + len("″"), e.say(a.number) + " " + unit{"inch", "inches"}.of(a.one()), "measure"}, true
	}
	return Reading{}, false
}

// mark is the length of one of the signs at i, 0 where none is there.
func mark(s string, i int, signs ...string) int {
	for _, sign := range signs {
		if prefixed(s, i, sign) {
			return len(sign)
		}
	}
	return 0
}
