package normalize

// lastDay reads the end of a span of days after its beginning: " – June 2,
// 2020".
func (e *english) lastDay(s string, i int) (words string, to int, ok bool) {
	sep, gap := e.between(s, i)
	if !sep {
		return "", i, false
	}
	month, j, _, ok := e.monthAt(s, i+gap)
	if !ok {
		return "", i, false
	}
	k := j + space(s, j)
	day, end, _, ok := dayAt(s, k)
	if !ok || k == j || !closed(s, end) {
		return "", i, false
	}
	year, to := e.yearAfter(s, end)
	return " to " + e.monthNames[month] + " " + e.ordinal(day) + year, to, true
}

// monthSpan reads spans of months: "Jan-Mar 2020", "Nov. 2019 – Mar. 2020".
func (e *english) monthSpan(s string, i, j int, name string) (Reading, bool) {
	if !upper(s[i]) {
		return Reading{}, false
	}
	year, from := e.yearAfter(s, j)
	sep, gap := e.between(s, from)
	if !sep {
		return Reading{}, false
	}
	k := from + gap
	month, end, _, ok := e.monthAt(s, k)
	if !ok || !upper(s[k]) || !closed(s, end) {
		return Reading{}, false
	}
	last, to := e.yearAfter(s, end)
	if at(s, to-1) == '.' && last == "" {
		to = stop(s, to-1)
	}
	return Reading{to, name + year + " to " + e.monthNames[month] + last, "range"}, true
}

// daySpan reads spans of days of the week, "Mon–Fri", and short names of
// days before a time, "Sat 9am".
func (e *english) daySpan(s string, i int) (Reading, bool) {
	first, j, _, ok := e.weekdayAt(s, i)
	if !ok || !open(s, i) {
		return Reading{}, false
	}
	if sep, gap := e.between(s, j); sep {
		last, to, short, ok := e.weekdayAt(s, j+gap)
		if !ok {
			return Reading{}, false
		}
		if short && s[to-1] == '.' {
			to = stop(s, to-1)
		}
		return Reading{to, first + " to " + last, "range"}, true
	}
	k := j + mark(s, j, ",")
	if gap := space(s, k); gap > 0 && digit(at(s, k+gap)) {
		if _, _, ok := e.clockAt(s, k+gap); ok {
			return Reading{j, first, "date"}, true
		}
		if _, ok := e.hourRange(s, k+gap); ok {
			return Reading{j, first, "date"}, true
		}
	}
	return Reading{}, false
}

// weekdayAt reads the name of a day at i, short forms with their stop.
func (e *english) weekdayAt(s string, i int) (name string, to int, short, ok bool) {
	to = wordEnd(s, i)
	if to-i < 3 || to-i > 9 {
		return "", i, false, false
	}
	word := s[i:to]
	if name = e.weekdays[word]; name != "" {
		return name, to + mark(s, to, "."), true, true
	}
	for _, full := range e.weekdays {
		if full == word {
			return word, to, false, true
		}
	}
	return "", i, false, false
}

// shortYear says the two digits of a year.
func (e *english) shortYear(digits string) string {
	if digits[0] == '0' {
		return "oh " + e.ones[value(digits)]
	}
	return e.small(value(digits))
}
