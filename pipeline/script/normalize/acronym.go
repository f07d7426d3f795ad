package normalize

import (
	"strings"
	"unicode"
)

// mostCode is how long letters and digits are read as a code.
const mostCode = 64

// code reads letters and digits without a space between them: "K3D41F",
// "MP3s", "H2O", "401(k)", "5G".
func (e *english) code(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) {
		return Reading{}, false
	}
	j := i
	letters, digits := false, false
	for j < len(s) && j-i < mostCode && (alpha(s[j]) || digit(s[j])) {
		letters = letters || alpha(s[j])
		digits = digits || digit(s[j])
		j++
	}
	if digits && !letters && j-i == 3 && at(s, j) == '(' && lower(at(s, j+1)) && at(s, j+2) == ')' {
		// a plan or a paragraph of a law: "401(k)", "501(c)(3)"
		words, end := e.pairs(s[i:j])+" "+s[j+1:j+2], j+3
		if k := digitsEnd(s, end+1); at(s, end) == '(' && k > end+1 && at(s, k) == ')' {
			words, end = words+" "+e.cardinal(s[end+1:k]), k+1
		}
		return Reading{end, words, "code"}, true
	}
	if letters && !digits && j == i+1 && upper(s[i]) && at(s, j) == '.' && digit(at(s, j+1)) {
		// a standard: "H.264"
		if end := digitsEnd(s, j+1); closed(s, end) && end-j < 5 && at(s, end) != '.' {
			return Reading{end, s[i:j] + " " + e.codeNumber(s[j+1:end]), "code"}, true
		}
	}
	if digits && letters && j-i >= mostCode {
		return Reading{j, e.characters(s[i:j]), "code"}, true
	}
	if !letters || !digits || !closed(s, j) {
		return Reading{}, false
	}
	token := s[i:j]
	if end := digitsEnd(s, j+1); at(s, j) == '.' && end > j+1 && end < j+4 && upper(token[0]) && digit(token[len(token)-1]) && closed(s, end) && at(s, end) != '.' {
		if head := wordEnd(token, 0); digitsEnd(token, head) == len(token) && len(token)-head < 3 {
			return Reading{end, token[:head] + " " + e.cardinal(token[head:]) + " point " + e.spell(s[j+1:end]), "code"}, true // "PM2.5"
		}
	}
	first := digitsEnd(token, 0)
	if first > 0 {
		if _, ok := suffix(token, first, token[:first]); ok {
			return Reading{}, false
		}
		if _, ok := plural(s, i+first); ok || token[first:] == "ths" || token[first:] == "ers" || token[first:] == "er" {
			return Reading{}, false
		}
	}
	if e.hex(token) {
		return Reading{j, e.characters(token), "code"}, true
	}
	var parts []string
	for k := 0; k < len(token); {
		end := digitsEnd(token, k)
		if end == k {
			end = wordEnd(token, k)
			letters := token[k:end]
			if letters == "s" && end == len(token) && upper(token[0]) && k > 0 {
				parts[len(parts)-1] = e.plural(parts[len(parts)-1])
			} else if e.formulas[token] {
				parts = append(parts, strings.Join(strings.Split(letters, ""), " "))
			} else {
				parts = append(parts, letters)
			}
		} else {
			if k == 0 && end == len(token)-1 && end < 4 && strings.IndexByte("kKMBb", token[end]) >= 0 {
				if token == "401k" || token == "403b" || token == "457b" {
					parts = append(parts, e.pairs(token[:end]))
				} else {
					parts = append(parts, e.say(number{whole: token[:end]})) // thousands, millions
				}
			} else {
				parts = append(parts, e.codeNumber(token[k:end]))
			}
		}
		k = end
	}
	return Reading{j, strings.Join(parts, " "), "code"}, true
}

// codeNumber says the digits inside a code.
func (e *english) codeNumber(digits string) string {
	switch {
	case len(digits) > 1 && digits[0] == '0', len(digits) > 4:
		return e.spell(digits)
	case len(digits) < 3:
		return e.cardinal(digits)
	}
	return e.pairs(digits)
}

// hex says whether a token is a long number to the base sixteen: a hash.
func (e *english) hex(token string) bool {
	changes := 0
	for i := range len(token) {
		c := token[i] | 0x20
		if !digit(token[i]) && (c < 'a' || c > 'f') {
			return false
		}
		if i > 0 && digit(token[i]) != digit(token[i-1]) {
			changes++
		}
	}
	return len(token) >= 7 && changes >= 3
}

// characters says letters and digits one by one.
func (e *english) characters(token string) string {
	parts := make([]string, 0, len(token))
	for i := range len(token) {
		if digit(token[i]) {
			parts = append(parts, e.ones[token[i]-'0'])
		} else {
			parts = append(parts, strings.ToUpper(token[i:i+1]))
		}
	}
	return strings.Join(parts, " ")
}

// pair reads capitals around an ampersand: "R&D", "AT&T". Short ones are said
// letter by letter. Acronyms without signs are left to the engine: engines
// say NASA and spell FBI.
func (e *english) pair(p Passage, i int) (Reading, bool) {
	s := p.Text
	j := wordEnd(s, i)
	if at(s, j) != '&' || !open(s, i) || prefixed(s, j, "&amp;") && j+5 >= len(s) {
		return Reading{}, false
	}
	k, rule := j+1, "ampersand"
	if prefixed(s, j, "&amp;") {
		k, rule = j+len("&amp;"), Markup
	}
	end := wordEnd(s, k)
	if end == k || end-k > reach || at(s, end) == ';' {
		return Reading{}, false
	}
	left, right := s[i:j], s[k:end]
	tail := ""
	if strings.HasSuffix(right, "s") && len(right) > 1 && strings.ToUpper(right[:len(right)-1]) == right[:len(right)-1] {
		right, tail = right[:len(right)-1], "s"
	}
	if len(left) <= 2 && len(right) <= 2 && strings.ToUpper(left) == left && strings.ToUpper(right) == right {
		left, right = strings.Join(strings.Split(left, ""), " "), strings.Join(strings.Split(right, ""), " ")
	}
	return Reading{end, left + " and " + right + tail, rule}, true
}

// named reads names that end in a sign: "C++", "C#", "A+".
func (e *english) named(p Passage, i int) (Reading, bool) {
	s := p.Text
	j := wordEnd(s, i)
	if !open(s, i) || j-i > reach {
		return Reading{}, false
	}
	switch {
	case prefixed(s, j, "++") && closed(s, j+2) && at(s, j+2) != '+':
		return Reading{j + 2, s[i:j] + " plus plus", "name"}, true
	case j == i+1 && s[i] >= 'A' && s[i] <= 'D' && dash(s, j) > 0 && e.grade(s, i, j+dash(s, j)):
		return Reading{j + dash(s, j), s[i:j] + " minus", "name"}, true
	case at(s, j) == '#' && closed(s, j+1) && j-i == 1 && upper(s[i]):
		return Reading{j + 1, s[i:j] + " sharp", "name"}, true
	case at(s, j) == '+' && closed(s, j+1) && at(s, j+1) != '+' && (j-i > 1 || upper(s[i])) && !e.equation(s, i, j+1):
		if space(s, j+1) > 0 && digit(at(s, j+1+space(s, j+1))) {
			return Reading{}, false
		}
		return Reading{j + 1, s[i:j] + " plus", "name"}, true
	}
	return Reading{}, false
}

// grade says whether a letter with a minus is a mark: "an A- student".
func (e *english) grade(s string, i, to int) bool {
	if c := at(s, to); c != 0 && strings.IndexByte(" .,;:!?)\"\n", c) < 0 {
		return false
	}
	next, _, _ := after(s, to)
	prev := strings.ToLower(before(s, i))
	switch next {
	case "and", "or", "to":
		return false
	case "student", "students", "grade", "average", "rating":
		return true
	}
	return prev == "a" || prev == "an" || prev == "got" || prev == "grade" || prev == "straight"
}

// hashtag reads "#BlackLivesMatter" as its words, and "#5" as a number.
func (e *english) hashtag(p Passage, i int) (Reading, bool) {
	s := p.Text
	if s[i] != '#' || !open(s, i) {
		return Reading{}, false
	}
	if n, ok := scanNumber(s, i+1); ok && digit(s[i+1]) && closed(s, n.to) {
		if n.plain() && len(n.whole) > mostCounted {
			return Reading{n.to, "number " + e.spell(n.whole), "number"}, true
		}
		return Reading{n.to, "number " + e.say(n), "number"}, true
	}
	j := i + 1
	for j < len(s) && j-i < reach*2 && (alpha(s[j]) || digit(s[j]) || s[j] == '_') {
		j++
	}
	if j == i+1 || !closed(s, j) {
		return Reading{}, false
	}
	return Reading{j, "hashtag " + e.tagWords(s[i+1:j]), "hashtag"}, true
}

// tagWords divides a hashtag into its words: at capitals, digits and lows.
func (e *english) tagWords(tag string) string {
	var parts []string
	for i := 0; i < len(tag); {
		j := i
		switch {
		case tag[i] == '_':
			i++
			continue
		case digit(tag[i]):
			j = digitsEnd(tag, i)
			parts = append(parts, e.codeNumber(tag[i:j]))
			i = j
			continue
		case upper(tag[i]):
			for j < len(tag) && upper(tag[j]) {
				j++
			}
			if j-i > 1 && j < len(tag) && lower(tag[j]) {
				j-- // "HTMLPage": the last capital begins the next word
			} else if j-i == 1 {
				for j < len(tag) && lower(tag[j]) {
					j++
				}
			}
		default:
			for j < len(tag) && lower(tag[j]) {
				j++
			}
		}
		parts = append(parts, tag[i:j])
		i = j
	}
	return strings.Join(parts, " ")
}

// handle reads "@name".
func (e *english) handle(p Passage, i int) (Reading, bool) {
	s := p.Text
	if s[i] != '@' || !open(s, i) || !unicode.IsLetter(runeAt(s, i+1)) {
		return Reading{}, false
	}
	j := i + 1
	for j < len(s) && j-i < mostLocal && (alpha(s[j]) || digit(s[j]) || s[j] == '_' || (s[j] == '.' || s[j] == '-') && wordRune(runeAt(s, j+1))) {
		j++
	}
	if j == i+1 || !closed(s, j) {
		return Reading{i + 1, "at ", "handle"}, true
	}
	return Reading{j, "at " + e.symbols(s[i+1:j]), "handle"}, true
}
