package normalize

import (
	"strings"
	"unicode"
)

// date reads "3. Mai 2024", "3.5.2024" and "2024-05-03".
func (g *german) date(s string, i int) (Reading, bool) {
	if !open(s, i) || at(s, i-1) == '.' || at(s, i-1) == '-' {
		return Reading{}, false
	}
	j := digitsEnd(s, i)
	if j-i == 4 && at(s, j) == '-' && digitsEnd(s, j+1) == j+3 && at(s, j+3) == '-' && digitsEnd(s, j+4) == j+6 && closed(s, j+6) {
		if m, d := value(s[j+1:j+3]), value(s[j+4:j+6]); m >= 1 && m <= 12 && d >= 1 && d <= 31 {
			return Reading{j + 6, g.ordinal(s[j+4:j+6], g.ending(s, i)) + " " + g.months[m] + " " + g.year(s[i:j]), "date"}, true
		}
	}
	day := value(s[i:j])
	if j-i > 2 || day < 1 || day > 31 || at(s, j) != '.' {
		return Reading{}, false
	}
	k := j + 1 + space(s, j+1)
	first := g.ordinal(s[i:j], g.ending(s, i))
	if end := digitsEnd(s, k); end > k && end-k <= 2 && at(s, end) == '.' {
		month := value(s[k:end])
		from := end + 1 + space(s, end+1)
		to := digitsEnd(s, from)
		if n := to - from; month < 1 || month > 12 || n != 2 && n != 4 || !closed(s, to) || at(s, to) == '.' && digit(at(s, to+1)) {
			return Reading{}, false
		}
		return Reading{to, first + " " + g.ordinal(s[k:end], g.ending(s, i)) + " " + g.year(s[from:to]), "date"}, true
	}
	end := wordEnd(s, k)
	month, ok := g.monthsByName[s[k:end]]
	if !ok {
		return Reading{}, false
	}
	words, to := first+" "+g.months[month], end
	if len(s[k:end]) < 5 && s[k:end] != g.months[month] && at(s, end) == '.' {
		to = stop(s, end)
	}
	from := to + space(s, to)
	if last := digitsEnd(s, from); from > to && last-from == 4 && closed(s, last) {
		words, to = words+" "+g.year(s[from:last]), last
	}
	return Reading{to, words, "date"}, true
}

// ending is that of an ordinal after the word before i: "am dritten", "der
// dritte", else "dritter".
func (g *german) ending(s string, i int) string {
	switch word := strings.ToLower(before(s, i)); {
	case word == "der" || word == "die" || word == "das":
		return "e"
	case g.weakly[word]:
		return "en"
	}
	return "er"
}

// ordered reads an ordinal whose ending is sure: "im 19. Jahrhundert".
func (g *german) ordered(s string, i int) (Reading, bool) {
	j := digitsEnd(s, i)
	if j-i > 2 || at(s, j) != '.' || space(s, j+1) == 0 || !open(s, i) {
		return Reading{}, false
	}
	word, _, to := after(s, j+1)
	if word == "bis" {
		// "vom 8. bis 20. März"
		r, ok := g.date(s, to+space(s, to))
		return Reading{r.To, g.ordinal(s[i:j], "en") + " bis " + r.Spoken, "range"}, ok && g.weakly[strings.ToLower(before(s, i))]
	}
	switch strings.ToLower(before(s, i)) {
	case "im", "am", "vom", "zum", "beim", "dem", "des":
	default:
		return Reading{}, false
	}
	if word == "" || !unicode.IsUpper([]rune(word)[0]) {
		return Reading{}, false
	}
	words := g.ordinal(s[i:j], "en")
	if word == "Jh" && at(s, to) == '.' {
		return Reading{stop(s, to), words + " Jahrhundert", "ordinal"}, true
	}
	return Reading{j + 1, words, "ordinal"}, true
}

// clock reads "14:30 Uhr", "8.00 Uhr" and "9–17 Uhr".
func (g *german) clock(s string, i int) (Reading, bool) {
	if !open(s, i) {
		return Reading{}, false
	}
	words, j, ok := g.timeAt(s, i)
	if !ok {
		return Reading{}, false
	}
	if n := dash(s, j+space(s, j)); n > 0 {
		k := j + space(s, j) + n
		last, to, ok := g.timeAt(s, k+space(s, k))
		if !ok || !prefixed(s, to+space(s, to), "Uhr") {
			return Reading{}, false
		}
		return Reading{to + space(s, to) + len("Uhr"), strings.TrimSuffix(g.hours(words), " Uhr") + " bis " + g.hours(last), "range"}, true
	}
	k := j + space(s, j)
	if !prefixed(s, k, "Uhr") || !closed(s, k+len("Uhr")) {
		return Reading{}, false
	}
	return Reading{k + len("Uhr"), g.hours(words), "time"}, true
}

// timeAt reads an hour and its minutes, as two words.
func (g *german) timeAt(s string, i int) (words [2]string, to int, ok bool) {
	j := digitsEnd(s, i)
	if j == i || j-i > 2 || value(s[i:j]) > 24 {
		return words, i, false
	}
	words[0] = g.small(value(s[i:j]), true)
	if c := at(s, j); (c == ':' || c == '.') && digitsEnd(s, j+1) == j+3 && s[j+1] < '6' {
		if m := value(s[j+1 : j+3]); m > 0 {
			words[1] = g.small(m, false)
		}
		j += 3
	}
	return words, j, true
}

func (g *german) hours(words [2]string) string {
	return strings.TrimSpace(words[0] + " Uhr " + words[1])
}

// span reads two numbers with a dash between them: years, amounts.
func (g *german) span(s string, i int) (Reading, bool) {
	a, ok := scanGerman(s, i)
	if !ok || !open(s, i) || strings.ContainsRune("-–—−", runeBefore(s, i)) {
		return Reading{}, false
	}
	k := a.to + space(s, a.to)
	n := dash(s, k)
	if n == 0 || prefixed(s, k, "−") {
		return Reading{}, false
	}
	gap := space(s, k+n)
	b, ok := scanGerman(s, k+n+gap)
	if !ok || (gap > 0) != (k > a.to) || !closed(s, b.to) || dash(s, b.to) > 0 || a.frac == "" && b.frac == "" && value(a.whole) >= value(b.whole) ||
		len(a.whole) > 1 && a.whole[0] == '0' {
		return Reading{}, false
	}
	first := g.say(a)
	if len(a.whole) == 4 && !a.grouped && len(b.whole) == 4 && !b.grouped {
		if _, _, counted := g.unitAt(s, b.to); !counted {
			return Reading{b.to, g.year(a.whole) + " bis " + g.year(b.whole), "range"}, true
		}
	}
	for _, rule := range []germanRule{(*german).sum, (*german).measure} {
		if r, ok := rule(g, s, k+n+gap); ok {
			return Reading{r.To, first + " bis " + r.Spoken, "range"}, true
		}
	}
	return Reading{b.to, first + " bis " + g.say(b), "range"}, true
}

// sum reads an amount of money before its sign: "2,50 €", "3 Mio. Euro".
func (g *german) sum(s string, i int) (Reading, bool) {
	n, ok := scanGerman(s, i)
	if !ok || !open(s, i) || at(s, i-1) == '/' {
		return Reading{}, false
	}
	words, to := "", n.to
	if word, end, ok := g.scaleAt(s, n.to); ok {
		words, to = g.say(n)+" "+word, end
		if n.whole == "1" && n.frac == "" {
			words = "eine " + map[string]string{"Millionen": "Million", "Milliarden": "Milliarde", "Billionen": "Billion"}[word]
		}
	}
	name, end, ok := g.currency(s, to+space(s, to))
	switch {
	case !ok && words != "":
		return Reading{to, words, "cardinal"}, true
	case !ok:
		return Reading{}, false
	case words != "":
		return Reading{end, words + " " + name, "money"}, true
	}
	return Reading{end, g.sumWords(n, name), "money"}, true
}

func (g *german) sumWords(n germanNumber, name string) string {
	whole := g.cardinal(n.whole)
	if v := value(n.whole); v == 1 {
		whole = "ein"
		if name == "D-Mark" {
			whole = "eine"
		}
	}
	cents := strings.TrimLeft(n.frac, "0")
	switch {
	case n.frac == "" || cents == "" && len(n.frac) == 2:
		return whole + " " + name
	case len(n.frac) != 2 || name == "Yen":
		return g.say(n) + " " + name
	}
	return whole + " " + name + " " + g.cardinal(n.frac)
}

// sumFirst reads a sum behind its sign: "€ 2,50".
func (g *german) sumFirst(s string, i int) (Reading, bool) {
	name, j, ok := g.currency(s, i)
	if !ok || !open(s, i) || name == "Dollar" || strings.HasPrefix(s[i:j], "Euro") {
		return Reading{}, false
	}
	n, ok := scanGerman(s, j+space(s, j))
	if !ok || !closed(s, n.to) {
		return Reading{}, false
	}
	if word, end, ok := g.scaleAt(s, n.to); ok {
		return Reading{end, g.say(n) + " " + word + " " + name, "money"}, true
	}
	return Reading{n.to, g.sumWords(n, name), "money"}, true
}

// currency reads the sign, the code or the name of a currency.
func (g *german) currency(s string, i int) (name string, to int, ok bool) {
	for n := min(4, len(s)-i); n > 0; n-- {
		if name, ok := g.money[s[i:i+n]]; ok && (!alpha(s[i]) || closed(s, i+n)) && (s[i] != '$' || !digit(at(s, i+n))) {
			return name, i + n, true
		}
	}
	return "", i, false
}

// scaleAt reads "Mio." and its like.
func (g *german) scaleAt(s string, i int) (word string, to int, ok bool) {
	j := i + space(s, i)
	end := wordEnd(s, j)
	if j == i || end == j || end-j > 10 {
		return "", i, false
	}
	word, ok = g.scaled[s[j:end]]
	if ok && end-j < 4 && at(s, end) == '.' {
		end = stopGerman(s, end)
	}
	return word, end, ok
}

// stopGerman is the end of a short form that more of the sentence follows.
func stopGerman(s string, i int) int {
	if i+1 < len(s) && s[i+1] == ' ' {
		return i + 1
	}
	return i
}
