package normalize

import "strings"

// halfDay reads "am", "p.m.", "PM" at i.
func halfDay(s string, i int) (words string, to int) {
	c := at(s, i) | 0x20
	if c != 'a' && c != 'p' {
		return "", i
	}
	words = strings.ToUpper(string(rune(c))) + "M"
	switch {
	case at(s, i+1) == '.' && at(s, i+2)|0x20 == 'm':
		if at(s, i+3) == '.' {
			return words, i + 4
		}
		if closed(s, i+3) {
			return words, i + 3
		}
	case at(s, i+1)|0x20 == 'm' && closed(s, i+2):
		return words, i + 2
	}
	return "", i
}

// zoneAt reads the zone of a time at i: "EST", "e.s.t.", "UTC+2", "Z".
func (e *english) zoneAt(s string, i int) (words string, to int) {
	end := wordEnd(s, i)
	if end-i >= 2 && end-i <= 5 {
		word := strings.ToUpper(s[i:end])
		if e.zones[word] && (s[i:end] == word || strings.ToLower(word) == s[i:end] && len(word) > 2) {
			if shift, to := e.offset(s, end); word == "UTC" || word == "GMT" {
				return word + shift, to
			}
			return word, end
		}
	}
	var b strings.Builder
	j := i
	for j < len(s) && j < i+10 && alpha(s[j]) && at(s, j+1) == '.' {
		b.WriteByte(s[j] &^ 0x20)
		j += 2
	}
	if b.Len() > 0 && j < len(s) && alpha(s[j]) && closed(s, j+1) {
		b.WriteByte(s[j] &^ 0x20)
		j++
	}
	if b.Len() > 2 && e.zones[b.String()] {
		return b.String(), j
	}
	return "", i
}

// clockAt reads a time of day.
func (e *english) clockAt(s string, i int) (to int, words string, ok bool) {
	j := digitsEnd(s, i)
	if j-i < 1 || j-i > 2 {
		return 0, "", false
	}
	hour := value(s[i:j])
	minute, second := "", ""
	k := j
	if c := at(s, j); (c == ':' || c == '.') && digitsEnd(s, j+1) == j+3 && s[j+1] < '6' {
		minute, k = s[j+1:j+3], j+3
		if c == ':' && at(s, k) == ':' && digitsEnd(s, k+1) == k+3 && s[k+1] < '6' {
			second, k = s[k+1:k+3], k+3
		}
		if c == ':' && second != "" && at(s, k) == '.' && digit(at(s, k+1)) {
			k = digitsEnd(s, k+1) // fractions of seconds are not said
		}
	}
	end := k
	half, halfEnd := halfDay(s, k+space(s, k))
	if half != "" && hour <= 12 {
		k = halfEnd
		if s[k-1] == '.' {
			if _, z := e.zoneAt(s, k); z > k {
				end = k
			} else if _, z := e.zoneAt(s, k+space(s, k)); z > k+space(s, k) {
				end = k
			} else {
				end = e.noonStop(s, k-1)
			}
		} else {
			end = k
		}
	} else {
		half = ""
	}
	zone, zoneEnd := e.zoneAt(s, k+space(s, k))
	if zone == "" && second != "" && at(s, i-1) == 'T' {
		if at(s, k) == 'Z' && closed(s, k+1) {
			zone, zoneEnd = "UTC", k+1
		} else if shift, to := e.offset(s, k); to > k {
			zone, zoneEnd = "UTC"+shift, to
		}
	} else if at(s, k) == 'h' && closed(s, k+1) && minute != "" && second == "" && half == "" {
		k++ // "14:30h"
		end = k
	}
	if half == "" && (minute == "" || at(s, j) == '.') || hour > 24 {
		return 0, "", false
	}
	if zone != "" {
		end = zoneEnd
		if s[end-1] == '.' && ends(s, end-1) {
			end--
		}
	}
	if half == "" && zone == "" && second != "" && at(s, i-1) != 'T' && !strings.EqualFold(before(s, i), "at") && !dated(s, i) {
		return end, e.span(hour, minute, second), closed(s, end)
	}
	words = e.hourMinute(hour, minute, half != "" || zone != "" && hour <= 12 && hour > 0 && minute != "00")
	if second != "" && second != "00" {
		words += " and " + e.small(value(second)) + " seconds"
	}
	if half != "" {
		words += " " + half
	}
	if zone != "" {
		words += " " + e.spellOut(zone)
	}
	return end, words, closed(s, end)
}

// noonStop is the end of "p.m." whose last stop is at i: the sentence goes on
// before a zone, "Eastern", a place's time, "New York time", and a day.
func (e *english) noonStop(s string, i int) int {
	word, from, to := after(s, i+1)
	if _, _, _, day := e.weekdayAt(s, from); day || contains("Eastern Central Mountain Pacific Atlantic Greenwich", word) {
		return i + 1
	}
	for n := 0; n < 3 && word != "" && upper(word[0]); n++ {
		if word, _, to = after(s, to); strings.EqualFold(word, "time") {
			return i + 1
		}
	}
	return stop(s, i)
}

// dated says whether a date stands before a time.
func dated(s string, i int) bool {
	n := i - 1
	if at(s, n) == ' ' && at(s, n-1) == ',' {
		n--
	}
	return n > 0 && !wordRune(rune(s[n])) && digit(s[n-1])
}

// hourMinute says an hour and its minutes.
func (e *english) hourMinute(hour int, minute string, half bool) string {
	m := value(minute)
	switch {
	case minute == "" || m == 0 && half:
		return e.small(hour)
	case m == 0 && hour == 0:
		return "midnight"
	case m == 0 && hour > 12:
		return e.small(hour) + " hundred"
	case m == 0:
		return e.small(hour) + " o'clock"
	case m < 10:
		return e.small(hour) + " oh " + e.small(m)
	}
	return e.small(hour) + " " + e.small(m)
}

// span says hours, minutes and seconds that are not a time of day.
func (e *english) span(hour int, minute, second string) string {
	var parts []string
	for _, p := range []struct {
		n    int
		name unit
	}{{hour, unit{"hour", "hours"}}, {value(minute), unit{"minute", "minutes"}}, {value(second), unit{"second", "seconds"}}} {
		if p.n > 0 {
			parts = append(parts, e.small(p.n)+" "+p.name.of(p.n == 1))
		}
	}
	if len(parts) == 0 {
		return "zero seconds"
	}
	return strings.Join(parts, " ")
}

// clock reads a time of day or a range of them.
func (e *english) clock(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) || at(s, i-1) == ':' || at(s, i-1) == '.' && digit(at(s, i-2)) || e.scriptural(s, i) || e.scaled(s, i) {
		return Reading{}, false
	}
	if r, ok := e.military(s, i); ok {
		return r, true
	}
	to, words, ok := e.clockAt(s, i)
	if !ok {
		return e.hourRange(s, i)
	}
	if at(s, to) == ':' && digit(at(s, to+1)) {
		return Reading{}, false
	}
	if sep, gap := e.between(s, to); sep {
		if end, last, ok := e.clockAt(s, to+gap); ok {
			return Reading{end, words + " to " + last, "range"}, true
		}
		if last, _, end := after(s, to+gap); last == "noon" || last == "midnight" {
			return Reading{end, words + " to " + last, "range"}, true
		}
	}
	return Reading{to, words, "time"}, true
}

// hourRange reads "9-5pm" and "10–11 a.m.".
func (e *english) hourRange(s string, i int) (Reading, bool) {
	j := digitsEnd(s, i)
	if j-i > 2 || value(s[i:j]) > 12 {
		return Reading{}, false
	}
	sep, gap := e.between(s, j)
	if !sep {
		return Reading{}, false
	}
	end, last, ok := e.clockAt(s, j+gap)
	if !ok || !strings.Contains(last, "M") {
		return Reading{}, false
	}
	return Reading{end, e.small(value(s[i:j])) + " to " + last, "range"}, true
}

// scaled says whether words around two numbers make them a ratio.
func (e *english) scaled(s string, i int) bool {
	j := digitsEnd(s, i)
	if at(s, j) != ':' {
		return false
	}
	next, _, _ := after(s, digitsEnd(s, j+1))
	switch strings.ToLower(next) {
	case "ratio", "scale", "odds", "dilution", "mixture", "split", "leverage":
		return true
	}
	switch strings.ToLower(before(s, i)) {
	case "ratio", "odds", "scale":
		return true
	}
	return false
}

// offset reads how far a zone is from UTC: "+2", "-05:30".
func (e *english) offset(s string, i int) (words string, to int) {
	sign, j := " plus ", i+1
	if at(s, i) != '+' {
		sign, j = " minus ", i+dash(s, i)
	}
	end := digitsEnd(s, j)
	if j == i || end == j || end-j > 2 || value(s[j:end]) > 14 {
		return "", i
	}
	words = sign + e.small(value(s[j:end]))
	if at(s, end) == ':' && digitsEnd(s, end+1) == end+3 {
		if m := value(s[end+1 : end+3]); m > 0 {
			words += " " + e.small(m)
		}
		end += 3
	}
	return words, end
}

// military reads "0600 hours" and "14h30".
func (e *english) military(s string, i int) (Reading, bool) {
	j := digitsEnd(s, i)
	if at(s, j) == 'h' && j-i <= 2 && digitsEnd(s, j+1) == j+3 && closed(s, j+3) && value(s[i:j]) < 24 && s[j+1] < '6' {
		return Reading{j + 3, e.hourMinute(value(s[i:j]), s[j+1:j+3], false), "time"}, true
	}
	if j-i != 4 || s[i+2] > '5' || value(s[i:i+2]) > 24 {
		return Reading{}, false
	}
	word, _, _ := after(s, j)
	switch prev := strings.ToLower(before(s, i)); {
	case word != "hours" && word != "hrs" && word != "hour":
		return Reading{}, false
	case s[i] == '0', prev == "at", prev == "by", prev == "until", prev == "before", prev == "after", prev == "around":
	default:
		return Reading{}, false // so many hours
	}
	hour, minute := e.small(value(s[i:i+2])), e.small(value(s[i+2:j]))
	if s[i] == '0' {
		hour = "oh " + hour
	}
	switch {
	case s[i+2:j] == "00":
		minute = "hundred"
	case s[i+2] == '0':
		minute = "oh " + minute
	}
	return Reading{j, hour + " " + minute, "time"}, true
}
