package normalize

import "strings"

// mostIndian is how many digits may stand in groups of two.
const mostIndian = 15

// indian are the digits from i on whose groups a comma divides as in India,
// "12,50,000": two and two, the last three. Their end is i where there are none,
// and for the arguments of a function, "rgb(68,74,106)".
func indian(s string, i int) (digits string, to int) {
	j := digitsEnd(s, i)
	if j == i || j-i > 2 || at(s, i-1) == '(' {
		return "", i
	}
	digits = s[i:j]
	for at(s, j) == ',' && digitsEnd(s, j+1) == j+3 && len(digits) < mostIndian {
		digits, j = digits+s[j+1:j+3], j+3
	}
	if len(digits) < 3 || at(s, j) != ',' || digitsEnd(s, j+1) != j+4 || at(s, j+4) == ',' && digit(at(s, j+5)) {
		return "", i
	}
	return digits + s[j+1:j+4], j + 4
}

// numberAt reads a number as scanNumber does, and one whose thousands a space
// divides where what follows shows that it is one: "1 200 km", "12 500 people".
func (e *english) numberAt(s string, i int) (number, bool) {
	n, ok := scanNumber(s, i)
	if to := spacedEnd(s, n); ok && to > n.to && e.oneNumber(s, i, to, true) {
		n.whole, n.to, n.grouped = strings.ReplaceAll(s[i:to], " ", ""), to, true
	}
	return n, ok
}

// spacedEnd is the end of a number and the groups of three digits that spaces
// divide from it, the number's own end where there are none.
func spacedEnd(s string, n number) int {
	j := n.to
	if !n.plain() || len(n.whole) > 3 || n.whole[0] == '0' || !open(s, n.from) || at(s, n.from-1) == ' ' && digit(at(s, n.from-2)) {
		return j
	}
	for at(s, j) == ' ' && digitsEnd(s, j+1) == j+4 {
		j += 4
	}
	if !closed(s, j) || at(s, j) == ' ' && digit(at(s, j+1)) {
		return n.to
	}
	return j
}

// oneNumber says whether groups of digits from i to j are one number: a
// currency's sign stands before them, or behind them a currency, a unit or a
// noun that is counted, or the other end of a range that is one. "3 500 ml
// bottles" are three, and "page 5 200 words" is a page.
func (e *english) oneNumber(s string, i, j int, two bool) bool {
	word, _, _ := after(s, j)
	counts := e.masses[word] || e.counted(word)
	if prev := before(s, i); e.labels(prev) {
		return false
	} else if _, sign := e.signs[string(runeBefore(s, i-b2i(at(s, i-1) == ' ')))]; sign && prev == "" {
		return !counts
	}
	if sep, gap := e.between(s, j); sep && two {
		n, ok := scanNumber(s, j+gap)
		to := spacedEnd(s, n)
		return ok && to > n.to && e.oneNumber(s, j+gap, to, false)
	}
	if counts {
		return true
	}
	end, ok := e.measured(s, j)
	word, _, _ = after(s, end)
	return ok && !e.counted(word)
}

// measured is the end of the unit or the currency behind a number that ends at i.
func (e *english) measured(s string, i int) (int, bool) {
	j := i + space(s, i)
	if _, to, ok := e.currencyAt(s, j); ok && closed(s, to) && !upper(s[j]) && s[j] != '$' {
		return to, true
	}
	if len(s) >= j+3 && e.codes[s[j:j+3]].major.one != "" && closed(s, j+3) {
		return j + 3, true
	}
	_, to, ok := e.unitAt(s, j, j > i)
	return to, ok
}

// labels says whether a word before a number makes it a name's, so that the
// next number counts by itself: "page 5", "Apollo 13", "May 12".
func (e *english) labels(word string) bool {
	low := strings.ToLower(word)
	if e.words[low] || e.verbs[low] {
		return low == "at"
	}
	return word != "" && (upper(word[0]) || e.numbered[low] || e.months[low] > 0)
}
