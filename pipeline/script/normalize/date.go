package normalize

import (
	"strings"
)

// monthAt reads the name of a month at i, short forms with their stop.
func (e *english) monthAt(s string, i int) (month, to int, short, ok bool) {
	to = wordEnd(s, i)
	if to-i < 3 || to-i > 9 {
		return 0, 0, false, false
	}
	word := s[i:to]
	month, ok = e.months[strings.ToLower(word)]
	short = ok && len(word) < len(e.monthNames[month])
	if short && at(s, to) == '.' {
		to++
	}
	return month, to, short, ok
}

// weekday reads the short name of a day before a date: "Mon, Jan. 5".
func (e *english) weekday(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !upper(s[i]) {
		return Reading{}, false
	}
	if r, ok := e.daySpan(s, i); ok {
		return r, true
	}
	j := wordEnd(s, i)
	if j-i > 5 || e.weekdays[s[i:j]] == "" || !open(s, i) {
		return Reading{}, false
	}
	end := j + mark(s, j, ".")
	k := end + mark(s, end, ",")
	k += space(s, k)
	_, _, _, month := e.monthAt(s, k)
	if _, to, _, ok := dayAt(s, k); ok && !month {
		_, _, _, month = e.monthAt(s, to+space(s, to))
	}
	if !month || k == end {
		return Reading{}, false
	}
	return Reading{end, e.weekdays[s[i:j]], "date"}, true
}

// dayAt reads the day of a month: "5", "05", "5th".
func dayAt(s string, i int) (digits string, to int, ordinal, ok bool) {
	j := digitsEnd(s, i)
	if j == i || j-i > 2 {
		return "", 0, false, false
	}
	digits = s[i:j]
	if v := value(digits); v < 1 || v > 31 {
		return "", 0, false, false
	}
	if end, ok := suffix(s, j, digits); ok {
		return digits, end, true, true
	}
	return digits, j, false, true
}

// suffix is the end of the ordinal's letters after digits: "st", "nd" …
func suffix(s string, j int, digits string) (int, bool) {
	want := "th"
	if n := len(digits); n < 2 || digits[n-2] != '1' {
		switch digits[n-1] {
		case '1':
			want = "st"
		case '2':
			want = "nd"
		case '3':
			want = "rd"
		}
	}
	if j+2 > len(s) || !strings.EqualFold(s[j:j+2], want) {
		return j, false
	}
	return j + 2, closed(s, j+2)
}

// yearAfter reads ", 2026" or " 2026" after a date, with what divides it.
func (e *english) yearAfter(s string, i int) (words string, to int) {
	j, comma := i, ""
	if at(s, j) == ',' {
		j, comma = j+1, ","
	}
	j += space(s, j)
	if j == i {
		return "", i
	}
	end := digitsEnd(s, j)
	if at(s, j) == '\'' && digitsEnd(s, j+1) == j+3 && closed(s, j+3) {
		return comma + " " + e.cardinal(s[j+1:j+3]), j + 3
	}
	if end-j != 4 || s[j] == '0' || !closed(s, end) || at(s, end) == ':' && digit(at(s, end+1)) ||
		(at(s, end) == ',' || at(s, end) == '.') && digit(at(s, end+1)) {
		return "", i
	}
	return comma + " " + e.year(s[j:end]), end
}

// monthFirst reads "May 5", "Jan. 15, 2020", "Sept 5-7" and "June 2020".
func (e *english) monthFirst(p Passage, i int) (Reading, bool) {
	s := p.Text
	month, j, short, ok := e.monthAt(s, i)
	if !ok || !open(s, i) {
		return Reading{}, false
	}
	name, rule := e.monthNames[month], "date"
	written := s[i] >= 'A' && s[i] <= 'Z'
	k := j
	if at(s, j) == '-' {
		k++
	} else {
		k += space(s, j)
	}
	day, end, ordinal, ok := dayAt(s, k)
	if k > j && ok && closed(s, end) && at(s, end) != ':' && !(at(s, end) == '.' && digit(at(s, end+1))) && at(s, end) != '%' {
		words := name + " " + e.ordinal(day)
		if at(s, end) == '-' && s[k-1] == '-' {
			if y := digitsEnd(s, end+1); y == end+5 && closed(s, y) {
				return Reading{y, words + " " + e.year(s[end+1:y]), "date"}, true
			}
		}
		if sep, gap := e.between(s, end); sep {
			if last, to, _, ok := dayAt(s, end+gap); ok && closed(s, to) && value(last) > value(day) {
				words, end, rule = words+" to "+e.ordinal(last), to, "range"
			}
		}
		year, to := e.yearAfter(s, end)
		if !written && !ordinal && year == "" && (name == "May" || name == "March" || short && name != "September") {
			return Reading{}, false
		}
		if next, _, _ := after(s, end); year == "" && !ordinal && e.counted(next) {
			return Reading{}, false // "May 5 people come?"
		}
		if last, to, ok := e.lastDay(s, to); ok && rule == "date" {
			return Reading{to, words + year + last, "range"}, true
		}
		return Reading{to, words + year, rule}, true
	}
	if r, ok := e.monthSpan(s, i, j, name); ok {
		return r, true
	}
	if !short {
		return Reading{}, false
	}
	if year, to := e.yearAfter(s, j); year != "" {
		return Reading{to, name + year, "date"}, true
	}
	if written && at(s, j-1) == '.' && e.dating[strings.ToLower(before(s, i))] {
		return Reading{stop(s, j-1), name, "date"}, true
	}
	return Reading{}, false
}

// dayFirstDate reads "25 July 2012", "25th of July", "5–7 May".
func (e *english) dayFirstDate(s string, i int) (Reading, bool) { return e.dayFirstUntil(s, i, true) }

// dayFirstUntil reads a day and, where it is the first of two, the other.
func (e *english) dayFirstUntil(s string, i int, two bool) (Reading, bool) {
	day, j, ordinal, ok := dayAt(s, i)
	if !ok || !open(s, i) || at(s, i-1) == '-' && wordRune(runeBefore(s, i-1)) {
		return Reading{}, false
	}
	if next := at(s, j+space(s, j)); !alpha(next) && dash(s, j) == 0 && (dash(s, j+space(s, j)) == 0) {
		return Reading{}, false
	}
	words, rule := e.ordinal(day), "date"
	if sep, gap := e.between(s, j); sep {
		if last, to, ord, ok := dayAt(s, j+gap); ok && !(gap == 1 && digitsEnd(s, to+1) > to+1) {
			words, j, ordinal, rule = words+" to the "+e.ordinal(last), to, ordinal || ord, "range"
		}
	}
	k := j
	if at(s, j) == '-' {
		k++
	} else {
		k += space(s, j)
	}
	if prefixed(s, k, "of ") && ordinal {
		k += len("of ")
	}
	month, end, short, ok := e.monthAt(s, k)
	if !ok || k == j {
		return Reading{}, false
	}
	year, to := e.yearAfter(s, end)
	if year == "" && at(s, end) == '-' {
		if y := digitsEnd(s, end+1); y == end+5 {
			year, to = " "+e.year(s[end+1:y]), y
		} else if y == end+3 && closed(s, y) && at(s, j) == '-' {
			year, to = " "+e.shortYear(s[end+1:y]), y // "05-May-20"
		}
	}
	name := e.monthNames[month]
	if year == "" {
		if !closed(s, end) || lower(s[k]) && (!ordinal && (name == "May" || name == "March") || short && !ordinal && name != "January") {
			return Reading{}, false
		}
		if next := strings.ToLower(before(s, i)); name == "March" && !ordinal && next != "on" && next != "the" && lower(s[k]) {
			return Reading{}, false
		}
		if short && at(s, end-1) == '.' {
			to = stop(s, end-1)
		}
	}
	if !strings.EqualFold(before(s, i), "the") {
		words = "the " + words
	}
	words += " of " + name + year
	if sep, gap := e.between(s, to); sep && rule == "date" && two {
		if r, ok := e.dayFirstUntil(s, to+gap, false); ok && digit(at(s, to+gap)) {
			return Reading{r.To, words + " to " + r.Spoken, "range"}, true // "30 May–2 June"
		}
	}
	return Reading{to, words, rule}, true
}

// dates reads what begins with a digit and is a date.
func (e *english) dates(p Passage, i int) (Reading, bool) {
	if r, ok := e.dayFirstDate(p.Text, i); ok {
		return r, true
	}
	if r, ok := e.quarter(p.Text, i); ok {
		return r, true
	}
	return e.numericDate(p.Text, i)
}

// quarter reads "2Q22" and "1H2024".
func (e *english) quarter(s string, i int) (Reading, bool) {
	if !open(s, i) || s[i] < '1' || s[i] > '4' || at(s, i+1) != 'Q' && at(s, i+1) != 'H' {
		return Reading{}, false
	}
	k := i + 2
	if prefixed(s, k, " 20") || prefixed(s, k, " 19") {
		k++
	}
	j := digitsEnd(s, k)
	if n := j - k; n != 2 && n != 4 || !closed(s, j) {
		return Reading{}, false
	}
	name := "quarter"
	if s[i+1] == 'H' {
		name = "half"
	}
	return Reading{j, "the " + e.ordinal(s[i:i+1]) + " " + name + " of " + e.year(s[k:j]), "date"}, true
}

// numericDate reads "3/4/1998", "15-01-2020", "2020-01-15", "01.02.2020".
func (e *english) numericDate(s string, i int) (Reading, bool) {
	if !open(s, i) || at(s, i-1) == '/' || at(s, i-1) == '.' && digit(at(s, i-2)) || at(s, i-1) == '-' {
		return Reading{}, false
	}
	a := digitsEnd(s, i)
	sep := at(s, a)
	if sep != '/' && sep != '-' && sep != '.' {
		return Reading{}, false
	}
	b := digitsEnd(s, a+1)
	if b == a+1 || b-a > 3 && !(b-a == 5 && sep == '/') {
		return Reading{}, false
	}
	first, second := s[i:a], s[a+1:b]
	if at(s, b) != sep {
		if sep == '-' && len(first) == 4 && len(second) == 2 && closed(s, b) && !e.dashed(s, b) {
			if m, y := value(second), value(first); m >= 1 && m <= 12 && m <= y%100 && y >= 1900 && y < 2100 && y%100 != 0 {
				if y%100 < m || second[0] != '0' && y%100 == m {
					return Reading{}, false
				}
				return Reading{b, e.monthNames[m] + " " + e.year(first), "date"}, true
			}
		}
		if sep == '/' && len(second) == 4 && closed(s, b) {
			if m, y := value(first), value(second); m >= 1 && m <= 12 && y >= 1900 && y < 2100 {
				return Reading{b, e.monthNames[m] + " " + e.year(second), "date"}, true // "05/2021"
			}
		}
		if sep == '/' {
			return e.dayOf(s, i, a, b)
		}
		return Reading{}, false
	}
	c := digitsEnd(s, b+1)
	third := s[b+1 : c]
	if at(s, c) == sep && wordRune(runeAt(s, c+1)) {
		return Reading{}, false
	}
	var month int
	var day, year string
	ok := false
	switch {
	case len(first) == 4 && first[0] != '0' && len(third) > 0 && len(third) <= 2:
		month, day, year = value(second), third, first
		ok = month >= 1 && month <= 12 && value(day) >= 1 && value(day) <= 31
	case len(third) == 2 && sep == '.' && len(first) == 2 && len(second) == 2 && value(first) > 12 && value(second) <= 12 && value(second) > 0:
		month, day, year = value(second), first, third
		ok = value(first) <= 31
	case len(third) == 4 || len(third) == 2 && sep == '/' || len(third) == 2 && sep == '.' && len(second) == 2 && len(first) == 2 && e.dayFirst:
		year = third
		month, day, ok = e.order(first, second)
		if sep == '.' && !e.dayFirst && value(second) <= 12 {
			month, day = value(second), first // dots are a European habit
		}
	}
	if !ok || len(first) > 4 {
		return Reading{}, false
	}
	said := e.year(year)
	if len(year) == 2 {
		said = e.shortYear(year)
	}
	words := e.monthNames[month] + " " + e.ordinal(day) + " " + said
	if e.dayFirst || value(first) > 12 && len(first) <= 2 {
		words = e.ordinal(day) + " of " + e.monthNames[month] + " " + said
		if !strings.EqualFold(before(s, i), "the") {
			words = "the " + words
		}
	}
	if at(s, c) == 'T' && digit(at(s, c+1)) {
		if to, clock, ok := e.clockAt(s, c+1); ok {
			return Reading{to, words + " at " + clock, "date"}, true
		}
	}
	if !closed(s, c) {
		return Reading{}, false
	}
	return Reading{c, words, "date"}, true
}

// order tells the month from the day in the first two numbers of a date.
func (e *english) order(first, second string) (month int, day string, ok bool) {
	a, b := value(first), value(second)
	if len(first) > 2 || len(second) > 2 || a < 1 || b < 1 {
		return 0, "", false
	}
	switch {
	case a <= 12 && b <= 31 && (!e.dayFirst || b > 12):
		return a, second, true
	case b <= 12 && a <= 31:
		return b, first, true
	}
	return 0, "", false
}
