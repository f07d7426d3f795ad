package normalize

import "strings"

// germanNumbers are the words of German numbers (Duden, Die Grammatik, "Die
// Kardinalzahlen").
type germanNumbers struct {
	ones, tens     []string
	scale, scales  []string // thousand million …, one and many
	firsts         map[string]string
	months         []string
	monthsByName   map[string]int
	yearly, weakly map[string]bool
}

func newGermanNumbers() germanNumbers {
	n := germanNumbers{
		ones: strings.Fields("null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn " +
			"siebzehn achtzehn neunzehn"),
		tens:   strings.Fields("- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"),
		scale:  strings.Fields("- - Million Milliarde Billion Billiarde"),
		scales: strings.Fields("- - Millionen Milliarden Billionen Billiarden"),
		firsts: table("eins erst\ndrei dritt\nsieben siebt\nacht acht"),
		months: strings.Fields("- Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
		yearly: list("jahr jahre jahren in im seit anno ab bis von vor nach um zwischen und januar februar märz april mai juni juli " +
			"august september oktober november dezember frühjahr sommer herbst winter ende anfang mitte"),
		weakly:       list("am vom zum dem den des der beim ab seit bis nach vor im einem eines"),
		monthsByName: map[string]int{},
	}
	for i, name := range n.months {
		if i > 0 {
			n.monthsByName[name] = i
		}
	}
	for i, name := range strings.Fields("Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez") {
		n.monthsByName[name] = i + 1
	}
	n.monthsByName["Sept"], n.monthsByName["Jänner"] = 9, 1
	return n
}

// mostGerman is how many digits are said as one number: billiards, 10^15.
const mostGerman = 18

// cardinal says a whole number: "einhunderteinundzwanzig".
func (g *germanNumbers) cardinal(digits string) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return g.ones[0]
	}
	if len(digits) > mostGerman {
		return g.spell(digits)
	}
	var parts []string
	low := digits
	for len(low) > 6 {
		n := (len(low) - 1) / 3 * 3
		v := value(low[:len(low)-n])
		if low = low[len(low)-n:]; v == 1 {
			parts = append(parts, "eine "+g.scale[n/3])
		} else if v > 0 {
			parts = append(parts, g.small(v, true)+" "+g.scales[n/3])
		}
	}
	if v := value(low); v > 0 {
		parts = append(parts, g.thousands(v))
	}
	return strings.Join(parts, " ")
}

// thousands says a number below a million.
func (g *germanNumbers) thousands(v int) string {
	if v < 1000 {
		return g.small(v, false)
	}
	words := g.small(v/1000, true) + "tausend"
	if v%1000 > 0 {
		words += g.small(v%1000, false)
	}
	return words
}

// small says a number below a thousand. Before another word "eins" is "ein".
func (g *germanNumbers) small(v int, joined bool) string {
	if v >= 100 {
		words := strings.TrimSuffix(g.ones[v/100], "s")
		if v/100 == 6 {
			words = g.ones[6]
		}
		words += "hundert"
		if v%100 > 0 {
			words += g.small(v%100, joined)
		}
		return words
	}
	switch {
	case v == 1 && joined:
		return "ein"
	case v < 20:
		return g.ones[v]
	case v%10 == 0:
		return g.tens[v/10]
	}
	return g.small(v%10, true) + "und" + g.tens[v/10]
}

// year says a year: "neunzehnhundertneunundachtzig".
func (g *germanNumbers) year(digits string) string {
	v := value(digits)
	if len(digits) != 4 || v < 1100 || v > 1999 {
		return g.cardinal(digits)
	}
	words := g.small(v/100, true) + "hundert"
	if v%100 > 0 {
		words += g.small(v%100, false)
	}
	return words
}

// ordinal says the place in an order, with an ending: "dritt" and "er".
func (g *germanNumbers) ordinal(digits, ending string) string {
	words := g.cardinal(digits)
	v := value(digits)
	if last := v % 100; last > 0 && last < 20 {
		base := g.ones[last]
		head := strings.TrimSuffix(words, base)
		if first, ok := g.firsts[base]; ok {
			return head + first + ending
		}
		return words + "t" + ending
	}
	return words + "st" + ending
}

// spell says digits one by one.
func (g *germanNumbers) spell(digits string) string {
	words := make([]string, 0, len(digits))
	for i := range len(digits) {
		words = append(words, g.ones[digits[i]-'0'])
	}
	return strings.Join(words, " ")
}

// germanNumber is a number as it is written in German: points group, a comma
// divides.
type germanNumber struct {
	whole, frac string
	grouped     bool
	to          int
}

// scanGerman reads "1.234,5", "3,14", "12".
func scanGerman(s string, i int) (germanNumber, bool) {
	j := digitsEnd(s, i)
	if j == i {
		return germanNumber{}, false
	}
	n := germanNumber{whole: s[i:j], to: j}
	if j-i <= 3 {
		var b strings.Builder
		b.WriteString(n.whole)
		for sep := germanGroup(s, n.to); sep > 0 && b.Len() < reach; sep = germanGroup(s, n.to) {
			b.WriteString(s[n.to+sep : n.to+sep+3])
			n.to, n.grouped = n.to+sep+3, true
		}
		n.whole = b.String()
	}
	if end := digitsEnd(s, n.to+1); at(s, n.to) == ',' && end > n.to+1 {
		n.frac, n.to = s[n.to+1:end], end
	}
	return n, true
}

// germanGroup is the length of the mark at i that groups three digits.
func germanGroup(s string, i int) int {
	n := 0
	switch {
	case at(s, i) == '.':
		n = 1
	case i < len(s) && grouping(runeAt(s, i)):
		n = space(s, i)
	}
	if n == 0 || i+n+3 > len(s) || digitsEnd(s, i+n) != i+n+3 {
		return 0
	}
	return n
}

// say is a number in words.
func (g *germanNumbers) say(n germanNumber) string {
	words := g.cardinal(n.whole)
	if len(n.whole) > 1 && n.whole[0] == '0' && !n.grouped {
		words = g.spell(n.whole)
	}
	if n.frac != "" {
		words += " Komma " + g.spell(n.frac)
	}
	return words
}
