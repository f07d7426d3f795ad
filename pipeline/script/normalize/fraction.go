package normalize

import (
	"strings"
	"unicode/utf8"
)

// fraction reads "3/4", "2 1/2", "2/4th", "24/7", "8/10".
func (e *english) fraction(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) || at(s, i-1) == '/' || at(s, i-1) == '-' && wordRune(runeBefore(s, i-1)) {
		return Reading{}, false
	}
	j := digitsEnd(s, i)
	if n := space(s, j); n > 0 || prefixed(s, j, "⁄") || at(s, j) == '-' {
		if at(s, j) == '-' {
			n = 1
		}
		// a whole number before a fraction
		if k := digitsEnd(s, j+n); n > 0 && k > j+n && k-j < 6 && (at(s, k) == '/' || prefixed(s, k, "⁄")) {
			if to, words, ok := e.ratioOf(s, j+n, true); ok && value(s[j+n:k]) > 0 && !e.idiom[s[j+n:to]] && j-i <= 5 {
				return e.fractionUnit(p, to, e.cardinal(s[i:j])+" and "+words), true
			}
		}
	}
	k := j + space(s, j)
	if r, n := utf8.DecodeRuneInString(s[k:]); r != utf8.RuneError {
		if half, ok := e.vulgar[r]; ok && k > i {
			if half == "one half" || half == "one quarter" {
				half = "a" + half[3:]
			}
			return e.fractionUnit(p, k+n, e.cardinal(s[i:j])+" and "+half), true
		}
	}
	to, words, ok := e.ratioOf(s, i, false)
	if !ok {
		return Reading{}, false
	}
	if top, bottom, _ := strings.Cut(s[i:to], "/"); e.meter(s, to, top, bottom) {
		return Reading{to, e.cardinal(top) + " " + e.cardinal(bottom), "fraction"}, true
	} else if e.pressure(s, i, to, top, bottom) {
		words = e.cardinal(top) + " over " + e.cardinal(bottom)
		if u, end, ok := e.unitAt(s, to+space(s, to), true); ok {
			words, to = words+" "+u.many, end
		}
		return Reading{to, words, "fraction"}, true
	}
	if n := e.inchMark(p, to); n > 0 {
		return Reading{to + n, words + " of an inch", "fraction"}, true
	}
	if prev := before(s, i); (prev == "a" || prev == "A") && strings.HasPrefix(words, "one ") && !strings.HasPrefix(words, "one one ") {
		return Reading{to, words[len("one "):], "fraction"}, true // "a 1/4 mile"
	}
	if gap := space(s, to); gap > 0 || at(s, to) == '-' {
		if u, end, ok := e.unitAt(s, to+max(gap, 1), true); ok && gap == 0 {
			return Reading{end, words + " " + u.one, "fraction"}, true
		} else if ok {
			article := " of a "
			if strings.IndexByte("aeiou", u.one[0]) >= 0 || strings.HasPrefix(u.one, "hour") {
				article = " of an "
			}
			return Reading{end, words + article + u.one, "fraction"}, true
		}
	}
	return Reading{to, words, "fraction"}, true
}

// inchMark is the length of the sign of inches after a fraction.
func (e *english) inchMark(p Passage, i int) int {
	if n := mark(p.Text, i, "″", `"`); n > 0 && closed(p.Text, i+n) && (n > 1 || !p.Quoted) {
		return n
	}
	return 0
}

// meter says whether a fraction is music's: "in 4/4 time".
func (e *english) meter(s string, to int, top, bottom string) bool {
	switch bottom {
	case "2", "4", "8", "16":
	default:
		return false
	}
	next, _, _ := after(s, to)
	return next == "time" || next == "meter" || next == "metre" || top == bottom && top == "4"
}

// pressure says whether a fraction is a pressure of blood: "120/80".
func (e *english) pressure(s string, i, to int, top, bottom string) bool {
	if t, b := value(top), value(bottom); t < 60 || t > 300 || b < 30 || b >= t {
		return false
	}
	around := s[max(0, i-reach):i]
	return prefixed(s, to, " mmHg") || strings.Contains(around, "pressure") || strings.Contains(around, "BP ")
}

// fractionUnit adds the unit after a fraction.
func (e *english) fractionUnit(p Passage, to int, words string) Reading {
	s := p.Text
	if n := e.inchMark(p, to); n > 0 {
		return Reading{to + n, words + " inches", "fraction"}
	}
	gap := space(s, to)
	if at(s, to) == '-' {
		gap = 1
	}
	if u, end, ok := e.unitAt(s, to+gap, gap > 0); ok {
		return Reading{end, words + " " + u.many, "fraction"}
	}
	return Reading{to, words, "fraction"}
}

// ratioOf reads one number over another.
func (e *english) ratioOf(s string, i int, mixed bool) (int, string, bool) {
	j := digitsEnd(s, i)
	k := j + mark(s, j, "/", "⁄")
	if k == j || j == i {
		return 0, "", false
	}
	end := digitsEnd(s, k)
	if end == k || at(s, end) == '/' || (at(s, end) == '.' || at(s, end) == ',') && digit(at(s, end+1)) || end-i > reach {
		return 0, "", false
	}
	top, bottom := s[i:j], s[k:end]
	to := end
	if last, ok := suffix(s, end, bottom); ok {
		to = last
	} else if n := mark(s, end, "ths", "rds", "nds"); n > 0 && closed(s, end+n) {
		to = end + n
	}
	if !closed(s, to) {
		return 0, "", false
	}
	if !mixed && e.idiom[s[i:end]] {
		return end, e.small(value(top)) + " " + e.pairs(bottom), true
	}
	if len(top) == 4 && len(bottom) == 2 && top[0] != '0' && (value(top)+1)%100 == value(bottom) {
		return end, e.year(top) + " " + e.pairs(bottom), true // the season 2022/23
	}
	if len(top) == 4 && len(bottom) == 4 && value(bottom) == value(top)+1 {
		return end, e.year(top) + " " + e.year(bottom), true
	}
	if !mixed && e.equation(s, i, end) {
		return end, e.cardinal(top) + " divided by " + e.cardinal(bottom), true
	}
	if strings.HasPrefix(bottom, "0") || len(top) > 1 && top[0] == '0' {
		return end, e.say(number{whole: top}) + " slash " + e.say(number{whole: bottom}), true
	}
	if next, _, _ := after(s, end); !mixed && to == end && (e.rated[strings.ToLower(next)] || e.outOf(s, i, top, bottom)) {
		return end, e.cardinal(top) + " out of " + e.cardinal(bottom), true
	}
	if bottom == "1" || len(bottom) > 1 && len(top) > len(bottom)+2 {
		return end, e.cardinal(top) + " over " + e.cardinal(bottom), true
	}
	if mixed && top == "1" && (bottom == "2" || bottom == "4") {
		return to, map[string]string{"2": "a half", "4": "a quarter"}[bottom], true
	}
	var name string
	switch bottom {
	case "2":
		name = "half"
		if top != "1" {
			name = "halves"
		}
	case "4":
		name = "quarter"
		if top != "1" {
			name = "quarters"
		}
	default:
		if name = e.ordinal(bottom); top != "1" {
			name = e.plural(name)
		}
	}
	return to, e.cardinal(top) + " " + name, true
}

// outOf says whether a fraction is a mark: "10/10", "rated 8/10".
func (e *english) outOf(s string, i int, top, bottom string) bool {
	if bottom != "10" && bottom != "100" && bottom != "5" {
		return false
	}
	prev := strings.ToLower(before(s, i))
	return top == bottom || e.rating[prev] && (prev != "a" || bottom == "10")
}

// vulgarSign reads "½" on its own.
func (e *english) vulgarSign(p Passage, i int) (Reading, bool) {
	r, n := utf8.DecodeRuneInString(p.Text[i:])
	words, ok := e.vulgar[r]
	if !ok {
		return Reading{}, false
	}
	return Reading{i + n, words, "fraction"}, true
}
