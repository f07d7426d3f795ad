package normalize

import "strings"

// dayOf reads a month and a day without a year, "31/12" and "on 4/5", and a
// span of them. What could be a fraction is a day only where the words before
// say so.
func (e *english) dayOf(s string, i, slash, end int) (Reading, bool) {
	first, second := s[i:slash], s[slash+1:end]
	month, day, ok := e.order(first, second)
	if !ok || at(s, end) == '/' || !closed(s, end) || !e.dueOn(s, i, first, second) && !e.calendar(s, i, end, first, second) {
		return Reading{}, false
	}
	words := e.monthNames[month] + " " + e.ordinal(day)
	if sep, gap := e.between(s, end); sep {
		a := digitsEnd(s, end+gap)
		b := digitsEnd(s, a+1)
		if at(s, a) != '/' || b == a+1 || !closed(s, b) || at(s, b) == '/' {
			return Reading{}, false
		}
		month, day, ok := e.order(s[end+gap:a], s[a+1:b])
		return Reading{b, words + " to " + e.monthNames[month] + " " + e.ordinal(day), "range"}, ok
	}
	return Reading{end, words, "date"}, true
}

// dueOn says whether the word before two numbers makes them a day: "on 4/5",
// "Mon. 3/4", and where they cannot be a fraction's, "by 4/15".
func (e *english) dueOn(s string, i int, first, second string) bool {
	switch strings.ToLower(before(s, i)) {
	case "on", "dated":
		return true
	}
	if e.counting(s, i+len(first)+1+len(second)) {
		return false // "by 5/16 in"
	}
	j := i - space(s, i-1)
	if j > 0 && strings.IndexByte(".,:", s[j-1]) >= 0 {
		j--
	}
	prev := before(s, j)
	switch strings.ToLower(prev) {
	case "by", "due", "before", "after", "since", "until", "till", "from", "starting", "through", "effective", "deadline", "ends", "ending",
		"begins", "beginning", "starts", "closes", "closing", "opens", "expires", "expiring":
		return value(first) > 12 || value(second) > 12
	}
	_, to, _, ok := e.weekdayAt(s, j-len(prev))
	return ok && to >= j
}

// mostImproper is the largest denominator of a fraction above one, leastDated
// the least that no fraction below one has, but for twentieths.
const mostImproper, leastDated = 9, 17

// calendar says whether two numbers are a day by themselves, for nobody writes
// such a fraction: "31/12", "12/25". What is counted, scored or one of several
// parts, "page 3/24", is none.
func (e *english) calendar(s string, i, end int, first, second string) bool {
	a, b := value(first), value(second)
	prev := strings.ToLower(before(s, i))
	if e.counting(s, end) || e.equation(s, i, end) || e.rating[prev] || e.scores[prev] || e.numbered[prev] || at(s, i-1) == '(' && at(s, end) == ')' {
		return false
	}
	if a > 12 {
		return b > mostImproper || e.dayFirst && first+"/"+second != "22/7"
	}
	return a > 1 && b >= leastDated && b != 20
}

// counting says whether what follows a number that ends at i is counted by it: a
// unit, a noun, "of".
func (e *english) counting(s string, i int) bool {
	word, from, _ := after(s, i)
	if word == "of" || e.counted(word) || e.masses[word] || mark(s, i, `"`, "″", "%", "°") > 0 {
		return true
	}
	_, _, unit := e.unitAt(s, from, from > i)
	return unit
}
