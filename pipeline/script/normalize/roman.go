package normalize

import "strings"

// romanValue is the value of a Roman numeral as it is written today, or 0.
func romanValue(s string) int {
	if len(s) > 8 {
		return 0
	}
	total, left := 0, s
	for _, r := range []struct {
		sign  string
		value int
	}{
		{"M", 1000},
		{"CM", 900},
		{"D", 500},
		{"CD", 400},
		{"C", 100},
		{"XC", 90},
		{"L", 50},
		{"XL", 40},
		{"X", 10},
		{"IX", 9},
		{"V", 5},
		{"IV", 4},
		{"I", 1},
	} {
		for n := 0; n < 3 && strings.HasPrefix(left, r.sign); n++ {
			left, total = left[len(r.sign):], total+r.value
			if len(r.sign) == 2 || r.value == 500 || r.value == 50 || r.value == 5 {
				break
			}
		}
	}
	if left != "" {
		return 0
	}
	return total
}

// roman reads Roman numerals where the word before them asks for one.
func (e *english) roman(p Passage, i int) (Reading, bool) {
	s := p.Text
	c := s[i]
	if c != 'I' && c != 'V' && c != 'X' && c != 'L' && c != 'C' && c != 'M' && c != 'i' && c != 'v' && c != 'x' || !open(s, i) {
		return Reading{}, false
	}
	j := i
	for j < len(s) && j-i < 9 && alpha(s[j]) {
		j++
	}
	if upper(c) && j-i > 3 && lower(s[j-1]) && e.century(s, j-2) {
		j -= 2 // "XIXth"
	}
	numeral := s[i:j]
	n := romanValue(strings.ToUpper(numeral))
	if len(numeral) == 1 && (c == 'C' || c == 'L' || c == 'M') {
		return Reading{}, false // "Appendix C" is a letter
	}
	if n > 0 && n < 40 && len(numeral) > 1 && upper(c) && e.century(s, j) {
		to := j + mark(s, j, "th", "st", "nd", "rd")
		return Reading{to, e.ordinal(decimal(n)), "roman"}, true
	}
	if n == 0 || !closed(s, j) || at(s, i-1) == '-' || at(s, i-1) == '\'' {
		return Reading{}, false
	}
	digits := decimal(n)
	prev := before(s, i)
	if prev == "" && i > 2 && s[i-1] == ' ' && s[i-2] == '.' {
		if prev = before(s, i-2); !e.numbered[strings.ToLower(prev)] {
			return Reading{}, false
		}
	}
	key := strings.ToLower(prev)
	if key == "and" || key == "or" || key == "to" || key == "through" {
		// "Parts I and II"
		j := i - len(prev) - 1
		if first := before(s, j); first != "" && romanValue(first) > 0 {
			for j > 0 && s[j-1] == ' ' {
				j--
			}
			prev = before(s, j-len(first))
			key = strings.ToLower(prev)
		}
	}
	written := upper(c) && strings.ToUpper(numeral) == numeral
	if r, ok := e.aloneRoman(s, i, j, n, written); ok {
		return r, true
	}
	if numeral == "I" && e.classes[key] && upper(prev[0]) && !e.verbal(s, j) {
		return Reading{j, "one", "roman"}, true // "Class I railroad"
	}
	if e.numbered[key] && (written && (upper(prev[0]) || len(numeral) > 1) || !upper(c) && strings.ToLower(numeral) == numeral && n < 50 && len(numeral) > 1) {
		if numeral == "I" && (e.speaking(s, j) || !upper(prev[0])) {
			return Reading{}, false
		}
		if sep, gap := e.between(s, j); sep {
			end := wordEnd(s, j+gap)
			if m := romanValue(strings.ToUpper(s[j+gap : min(end, j+gap+9)])); m > n && end < j+gap+9 {
				return Reading{end, e.cardinal(digits) + " to " + e.cardinal(decimal(m)), "roman"}, true
			}
		}
		return Reading{j, e.cardinal(digits), "roman"}, true
	}
	if !written || prev == "" || !upper(prev[0]) || n > 39 {
		return Reading{}, false
	}
	if next, _, _ := after(s, j); numeral == "IV" && e.infused[strings.ToLower(next)] || len(prev) == 1 {
		return Reading{}, false
	}
	if e.reigned(s, i, prev) {
		if numeral == "I" && e.speaking(s, j) && !e.crowned(s, i, prev) || len(numeral) == 1 && numeral != "I" && at(s, j) == '.' && !ends(s, j) {
			return Reading{}, false
		}
		return Reading{j, "the " + e.ordinal(digits), "roman"}, true
	}
	if len(numeral) == 1 || n == 20 || n == 30 || strings.ToUpper(prev) == prev && len(prev) > 3 && n == 4 {
		return Reading{}, false
	}
	return Reading{j, e.cardinal(digits), "roman"}, true
}

// century says whether centuries are counted: "the XIX century", "XXth".
func (e *english) century(s string, j int) bool {
	if suffix := mark(s, j, "th", "st", "nd", "rd"); suffix > 0 {
		return closed(s, j+suffix)
	}
	k := j + max(space(s, j), mark(s, j, "-"))
	end := wordEnd(s, k)
	switch strings.ToLower(s[k:min(end, k+9)]) {
	case "century", "centuries":
		return k > j
	}
	return false
}

// aloneRoman reads numerals that need no word before them: years, "MCMXCIX",
// and the marks of items, "(iii)" and "II. Methods" at the start of a line.
func (e *english) aloneRoman(s string, i, j, n int, written bool) (Reading, bool) {
	switch {
	case written && j-i > 3 && n >= 1400 && n < 2100:
		return Reading{j, e.year(decimal(n)), "roman"}, true
	case j-i < 2 || n > 39:
		return Reading{}, false
	case at(s, i-1) == '(' && at(s, j) == ')' && strings.ToLower(s[i:j]) == s[i:j],
		(i == 0 || s[i-1] == '\n') && (at(s, j) == '.' || at(s, j) == ')') && space(s, j+1) > 0 && (written || lower(s[i])):
		return Reading{j, e.cardinal(decimal(n)), "roman"}, true
	}
	return Reading{}, false
}

// verbal says whether the word after "I" is likely what I do: "Part I think".
func (e *english) verbal(s string, i int) bool {
	word, _, _ := after(s, i)
	return mark(s, i, "'", "’") > 0 || e.verbs[word]
}

// reigned says whether the name before a numeral is a person's.
func (e *english) reigned(s string, i int, prev string) bool {
	name := strings.ToLower(strings.TrimSuffix(prev, "'s"))
	if e.rulers[name] {
		return true
	}
	// "Thurston Howell III": the given name stands before.
	j := i
	for j > 0 && (s[j-1] == ' ' || s[j-1] == '\n') {
		j--
	}
	j -= len(prev)
	if j > 2 && s[j-1] == ' ' && s[j-2] == '.' && upper(s[j-3]) && open(s, j-3) {
		return true // "J. Smith III"
	}
	first := before(s, j)
	if first != "" && e.rulers[strings.ToLower(first)] {
		return true
	}
	return false
}

// crowned says whether a title stands before the name.
func (e *english) crowned(s string, i int, prev string) bool {
	j := i
	for j > 0 && (s[j-1] == ' ' || s[j-1] == '\n') {
		j--
	}
	return e.crowns[strings.ToLower(before(s, j-len(prev)))]
}

// speaking says whether the word after "I" makes it the pronoun.
func (e *english) speaking(s string, i int) bool {
	if mark(s, i, "'", "’") > 0 && !prefixed(s, i+mark(s, i, "'", "’"), "s") {
		return true
	}
	word, from, _ := after(s, i)
	if from == i || word == "" {
		return false
	}
	switch word {
	case "of", "in", "to", "and", "or", "by", "as", "at", "on", "for", "from", "with", "who", "is", "ruled", "reigned", "died", "became",
		"the", "a", "an":
		return false
	}
	return lower(word[0])
}

// decimal are the digits of a number.
func decimal(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + string(rune('0'+n%10))
}
