package normalize

import "strings"

// currency is a currency in words. Without a minor unit decimals are said as
// decimals.
type currency struct {
	major, minor unit
}

// currencyAt reads the sign of a currency at i, with the letters of its
// country: "$", "US$", "A$".
func (e *english) currencyAt(s string, i int) (currency, int, bool) {
	for n := min(4, len(s)-i); n > 0; n-- {
		if c, ok := e.signs[s[i:i+n]]; ok {
			return c, i + n, true
		}
	}
	return currency{}, 0, false
}

// magnitude reads the power of a thousand after a sum of money: "5m",
// "5 million", "3.2bn".
func (e *english) magnitude(s string, i int) (string, int) {
	gap := space(s, i)
	if gap == 0 && at(s, i) == '-' {
		gap = 1
	}
	from := i + gap
	to := from
	for to < len(s) && to-from < len("quadrillion")+1 && alpha(s[to]) {
		to++
	}
	word := s[from:to]
	if at(s, i) == '-' && len(word) < 5 {
		return "", i
	}
	name := e.magnitudes[strings.ToLower(word)]
	if name == "" || !closed(s, to) || gap > 0 && len(word) < 2 {
		return "", i
	}
	return name, to
}

// sum is an amount of money as it is written.
type sum struct {
	number
	scale  string
	to     int
	joined bool // a hyphen before the scale: "a $5-million deal"
}

func (e *english) sumAt(s string, i int) (sum, bool) {
	n, ok := e.numberAt(s, i)
	if !ok {
		return sum{}, false
	}
	if at(s, n.to) == ',' && n.plain() && digitsEnd(s, n.to+1) == n.to+3 && closed(s, n.to+3) && at(s, n.to+3) != ',' {
		n.frac, n.to = s[n.to+1:n.to+3], n.to+3 // "€2,50"
	}
	m := sum{number: n, to: n.to}
	m.scale, m.to = e.magnitude(s, n.to)
	m.joined = m.scale != "" && at(s, n.to) == '-'
	return m, true
}

// sumWords says a sum of money. The singular is for a sum before a noun: "a
// five dollar bill".
func (e *english) sumWords(m sum, c currency, singular bool) string {
	if m.scale != "" {
		return e.say(m.number) + " " + m.scale + " " + c.major.of(singular)
	}
	cents := strings.TrimRight(m.frac, "0")
	if len(cents) > 2 || c.minor.one == "" && cents != "" {
		return e.say(number{whole: m.whole, frac: m.frac, grouped: m.grouped}) + " " + c.major.of(singular)
	}
	for len(cents) < 2 {
		cents += "0"
	}
	whole := strings.TrimLeft(m.whole, "0")
	minor := value(cents)
	if minor > 0 && whole == "" {
		return e.small(minor) + " " + c.minor.of(minor == 1 || singular)
	}
	words := e.cardinal(m.whole) + " " + c.major.of(whole == "1" || singular && minor == 0)
	if minor > 0 {
		words += " and " + e.small(minor) + " " + c.minor.of(minor == 1)
	}
	return words
}

// money reads a sum after the sign or the code of its currency.
func (e *english) money(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) {
		return Reading{}, false
	}
	c, j, ok := e.currencyAt(s, i)
	if !ok {
		if c, ok = e.codes[s[i:min(i+3, len(s))]]; !ok || space(s, i+3) == 0 && !digit(at(s, i+3)) {
			return Reading{}, false
		}
		j = i + 3
	}
	if at(s, j) == '.' && s[j-1]|0x20 == 's' {
		j++ // "Rs. 500"
	}
	if alpha(s[j-1]) && !digit(at(s, j)) && !(space(s, j) > 0 && digit(at(s, j+space(s, j)))) {
		return Reading{}, false
	}
	lead := ""
	if r, ok := e.hundredsOf(s, j, c); ok {
		return r, true
	}
	if n := dash(s, j); n > 0 && digit(at(s, j+n)) {
		lead, j = "minus ", j+n
	}
	j += space(s, j)
	m, ok := e.sumAt(s, j)
	if !ok {
		return Reading{}, false
	}
	rule := "money"
	words := ""
	first, to := m, m.to
	if sep, gap := e.between(s, m.to); gap > 0 && sep {
		k := m.to + gap
		if _, next, ok := e.currencyAt(s, k); ok {
			k = next
		}
		if second, ok := e.sumAt(s, k); ok && closed(s, second.to) && !e.dashed(s, second.to) {
			switch {
			case m.scale == "" && second.scale != "" && k == m.to+gap:
				// "$5-10 million": both are millions.
				words = e.say(m.number)
			case k == m.to+gap:
				words = e.say(m.number)
				if m.scale != "" {
					words += " " + m.scale
				}
				if m.decimal() && !second.decimal() || second.decimal() {
					words = e.sumWords(m, c, false)
				}
			default:
				words = e.sumWords(m, c, false)
			}
			words += " to "
			rule = "range"
			first, to = second, second.to
		}
	}
	if name, _, end := after(s, to); first.scale != "" && (name == c.major.many || name == "dollars" && strings.HasSuffix(c.major.many, "dollars")) {
		to = end // "$20 million dollars"
	}
	words = lead + words + e.sumWords(first, c, words == "" && (first.joined || e.attributive(s, i, to)))
	if at(s, to) == '/' {
		if per, end, ok := e.simpleUnit(s, to+1, false); ok {
			words, to = words+" per "+per.one, end
		} else if word, _, end := after(s, to+1); word != "" && !alpha(at(s, end)) && e.periods[strings.ToLower(word)] {
			words, to = words+" per "+strings.ToLower(word), end
		}
	}
	if at(s, to) == '+' && closed(s, to+1) && at(s, to+1) != '+' {
		words, to = words+" plus", to+1
	}
	return Reading{to, words, rule}, true
}

// hundredsOf reads "$100s" as what it means: hundreds of dollars.
func (e *english) hundredsOf(s string, j int, c currency) (Reading, bool) {
	n, ok := scanNumber(s, j)
	if !ok {
		return Reading{}, false
	}
	words, to, ok := e.roundPlural(s, n)
	if !ok {
		return Reading{}, false
	}
	if prefixed(s, to, " of ") {
		return Reading{to, words, "money"}, true
	}
	return Reading{to, words + " of " + c.major.many, "money"}, true
}

// attributive says whether a sum stands before the noun it describes: "a $5
// bill", "the $2 million house".
func (e *english) attributive(s string, i, to int) bool {
	if at(s, to) == '-' && alpha(at(s, to+1)) {
		word, _, _ := after(s, to+1)
		return !e.words[word]
	}
	if word, _, _ := after(s, to); e.notes[word] {
		return true
	}
	switch strings.ToLower(before(s, i)) {
	case "a", "an", "the", "this", "that", "his", "her", "its", "our", "their", "my", "your", "each", "every", "new", "another":
	default:
		return false
	}
	word, from, _ := after(s, to)
	if from > to && len(word) > 2 && upper(word[0]) { // "the $349 Lantern", but "her $50 Tuesday"
		low := strings.ToLower(word)
		return !e.opens[word] && e.months[low] == 0 && !strings.HasSuffix(low, "day")
	}
	return from > to && word != "" && lower(word[0]) && !e.words[word]
}

// priced reads a sum before the sign, the code or the name of its currency:
// "50 €", "50 USD", "25¢".
func (e *english) priced(p Passage, i int) (Reading, bool) {
	s := p.Text
	m, ok := e.sumAt(s, i)
	if !ok {
		return Reading{}, false
	}
	j := m.to + space(s, m.to)
	if c, to, ok := e.currencyAt(s, j); ok && !digit(at(s, to)) && closed(s, to) && s[j] != '$' && !upper(s[j]) {
		return Reading{to, e.sumWords(m, c, false), "money"}, true
	}
	if at(s, m.to) == '$' && closed(s, m.to+1) {
		c, to, _ := e.currencyAt(s, m.to)
		return Reading{to, e.sumWords(m, c, false), "money"}, true
	}
	if n := mark(s, j, "kr", "zł", "Kč"); n > 0 && closed(s, j+n) {
		c := e.signs[s[j:j+n]]
		return Reading{stop(s, j+n), e.sumWords(m, c, false), "money"}, true
	}
	if e.and && at(s, m.to) == 'p' && m.plain() && len(m.whole) < 3 && closed(s, m.to+1) {
		return Reading{m.to + 1, e.say(m.number) + " " + unit{"penny", "pence"}.of(m.one()), "money"}, true
	}
	if prefixed(s, m.to, "¢") {
		return Reading{m.to + len("¢"), e.say(m.number) + " " + unit{"cent", "cents"}.of(m.one()), "money"}, true
	}
	if len(s) >= j+3 && closed(s, j+3) {
		if c, ok := e.codes[s[j:j+3]]; ok {
			return Reading{j + 3, e.sumWords(m, c, false), "money"}, true
		}
	}
	return Reading{}, false
}
