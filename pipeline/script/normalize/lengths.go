package normalize

import "strings"

// feetInches reads 5'10" and 6′2″.
func (e *english) feetInches(s string, i int) (int, string, bool) {
	j := digitsEnd(s, i)
	n := mark(s, j, "'", "′", "’")
	if j-i > 3 || n == 0 {
		return e.footInch(s, i, j)
	}
	k := j + n
	k += space(s, k)
	end := digitsEnd(s, k)
	if end == k || end-k > 2 {
		if word, from, _ := after(s, j+n); from == j+n+1 && s[from-1] == ' ' && measured(word) {
			return j + n, e.cardinal(s[i:j]) + " feet", true // "30' long"
		}
		if s[j:j+n] == "′" && closed(s, j+n) && !prefixed(s, j+n, "″") {
			return j + n, e.cardinal(s[i:j]) + " feet", true
		}
		return 0, "", false
	}
	inches := s[k:end]
	quote := mark(s, end, `"`, "″", "”", "''")
	if value(inches) > 11 || quote == 0 && (space(s, j+n) > 0 || !closed(s, end)) {
		return 0, "", false
	}
	return end + quote, e.cardinal(s[i:j]) + " foot " + e.cardinal(inches), true
}

// measured says whether a word says which way something was measured.
func measured(word string) bool {
	switch word {
	case "long", "wide", "tall", "high", "deep", "thick", "across":
		return true
	}
	return false
}

// footInch reads "5 ft 10 in".
func (e *english) footInch(s string, i, j int) (int, string, bool) {
	k := j + space(s, j)
	n := mark(s, k, "ft.", "ft", "feet", "foot")
	if n == 0 || j == i || j-i > 3 {
		return 0, "", false
	}
	k += n + space(s, k+n)
	m, ok := scanNumber(s, k)
	if !ok || m.grouped || m.value() > 11 || !digit(at(s, k)) {
		return 0, "", false
	}
	k = m.to + space(s, m.to)
	n = mark(s, k, "inches", "inch", "in")
	if n == 0 || !closed(s, k+n) || e.dashed(s, k+n) {
		return 0, "", false
	}
	words := e.cardinal(s[i:j]) + " " + unit{"foot", "feet"}.of(s[i:j] == "1") + " " + e.say(m) + " " + unit{"inch", "inches"}.of(m.one())
	return stop(s, k+n), words, true
}

// angle reads degrees with minutes, seconds and a direction: 40°26′46″N.
func (e *english) angle(s string, i int) (int, string, bool) {
	n, ok := scanNumber(s, i)
	if !ok || !prefixed(s, n.to, "°") {
		return 0, "", false
	}
	j := n.to + len("°")
	words := e.say(n) + " " + unit{"degree", "degrees"}.of(n.one())
	for _, part := range []struct {
		name  unit
		signs []string
	}{{unit{"minute", "minutes"}, []string{"′", "'", "’"}}, {unit{"second", "seconds"}, []string{"″", `"`, "”"}}} {
		k := j + space(s, j)
		m, ok := scanNumber(s, k)
		if !ok {
			break
		}
		sign := mark(s, m.to, part.signs...)
		if sign == 0 {
			break
		}
		words += " " + e.say(m) + " " + part.name.of(m.one())
		j = m.to + sign
	}
	k := j + space(s, j)
	if direction, ok := e.compass[s[min(k, len(s)):min(k+1, len(s))]]; ok && closed(s, k+1) {
		return k + 1, words + " " + strings.ToLower(direction), true
	}
	if c := at(s, k); (c == 'C' || c == 'F') && closed(s, k+1) {
		return 0, "", false // a temperature
	}
	return j, words, true
}

// lasting reads spans of time: "2h30m", "1h 05m 30s", "5m30s".
func (e *english) lasting(s string, i int) (int, string, bool) {
	names := []struct {
		letter byte
		name   unit
	}{{'d', unit{"day", "days"}}, {'h', unit{"hour", "hours"}}, {'m', unit{"minute", "minutes"}}, {'s', unit{"second", "seconds"}}}
	j, parts, next := i, []string{}, 0
	for next < len(names) {
		k := j
		if len(parts) > 0 {
			k += space(s, k)
		}
		end := digitsEnd(s, k)
		if end == k || end-k > 3 {
			break
		}
		to := end + 1
		if prefixed(s, end, "min") {
			to = end + 3
		}
		which := next
		for which < len(names) && names[which].letter != at(s, end) {
			which++
		}
		if which == len(names) || alpha(at(s, to)) {
			break
		}
		digits := s[k:end]
		parts = append(parts, e.cardinal(digits)+" "+names[which].name.of(value(digits) == 1))
		j, next = to, which+1
	}
	if len(parts) < 2 || !closed(s, j) {
		return 0, "", false
	}
	return j, strings.Join(parts, " "), true
}
