package normalize

import (
	"strings"
	"unicode"
)

// abbreviation reads short forms: "Dr. Lee", "e.g.", "vs.", "No. 5".
func (e *english) abbreviation(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) || at(s, i-1) == '.' && i > 1 && alpha(s[i-2]) {
		return Reading{}, false
	}
	j := wordEnd(s, i)
	if j-i > 8 {
		return Reading{}, false
	}
	if at(s, j) == '.' && j-i <= 2 {
		if r, ok := e.inner(s, i); ok {
			return r, true
		}
	}
	word := s[i:j]
	low := strings.ToLower(word)
	if n := mark(s, j, "'", "’"); n > 0 {
		end := wordEnd(s, j+n)
		if end-j > 8 {
			return Reading{}, false
		}
		said := e.clipped[low+"'"+strings.ToLower(s[j+n:end])]
		return Reading{end, capitalised(said, word), "abbreviation"}, said != ""
	}
	if low == "st" {
		return e.saint(s, i, j)
	}
	stopped := at(s, j) == '.'
	end := j
	if stopped {
		end++
	}
	next := end + space(s, end)
	apart := next > end
	c := runeAt(s, next)
	// Titles stand before names.
	if word == "Gen" && apart && unicode.IsUpper(c) && closed(s, next+1) && at(s, next+1) != '.' {
		return Reading{end, "Generation", "abbreviation"}, true // "Gen. Z"
	}
	if r, ok := e.sideOf(s, i, j, next); ok {
		return r, true
	}
	couple := stopped && e.unstopped[low] && (prefixed(s, next, "and ") || prefixed(s, next, "& "))
	if word == "Sr" && stopped && apart && unicode.IsUpper(c) && before(s, i) == "" && at(s, i-2) != ',' {
		return Reading{}, false // señor, or sister
	}
	if r, ok := e.legal(s, i, j, next); ok {
		return r, true
	}
	if said, ok := e.titles[word]; ok && apart && (unicode.IsUpper(c) || couple) {
		if low == "dr" && e.drive(s, i, next) {
			return Reading{stop(s, j), "Drive", "abbreviation"}, true
		}
		if stopped || e.unstopped[low] {
			return Reading{end, said, "abbreviation"}, true
		}
	}
	if low == "c" && stopped && apart && digitsEnd(s, next) == next+4 {
		return Reading{end, "circa", "abbreviation"}, true // "c. 1850"
	}
	if n, _ := scanNumber(s, next); low == "long" && stopped && apart && n.decimal() {
		return Reading{end, capitalised("longitude", word), "abbreviation"}, true // "lat. 51.5, long. 0.12"
	}
	if word == "c" && stopped && apart && digit(at(s, next)) && (at(s, i-1) == '(' || e.prepositions[strings.ToLower(before(s, i))]) {
		return Reading{end, "circa", "abbreviation"}, true // "in c. 3 hours"
	}
	if r, ok := e.onYear(s, i, j); ok {
		return r, true
	}
	// References stand before numbers.
	bracketed := c == '(' && (low == "eq" || low == "eqs") && digit(at(s, next+1))
	if said, ok := e.references[low]; ok && (apart || stopped && digit(at(s, next))) && (bracketed || digit(at(s, next)) || romanNumeral(s, next) && low != "no" && low != "p" && low != "art") {
		if stopped || low == "pp" || e.roomy[word] && digit(at(s, next)) || low == "nos" || low == "no" && word == "No" && before(s, i) != "" && lower(at(s, i-2)) && digit(at(s, next)) {
			if stopped && low == "no" && e.answered(s, next) {
				return Reading{}, false
			}
			said = capitalised(said, word)
			if !apart {
				said += " " // "No.5"
			}
			return Reading{end, said, "abbreviation"}, true
		}
	}
	if !stopped {
		if said, ok := e.plainForms[word]; ok && !e.dashed(s, j) {
			return Reading{j, said, "abbreviation"}, true
		}
		return Reading{}, false
	}
	if said, ok := e.shortForms[low]; ok {
		switch {
		case low == "pcs" && upper(word[0]):
			return Reading{}, false // computers
		case low == "prob" && upper(word[0]) && (next == len(s) || digit(at(s, next)) || at(s, next) == ','):
			return Reading{j + 1, "Probability", "abbreviation"}, true // a table's column
		case low == "est" && !digit(at(s, next)):
			said = "estimated" // "vs. $8bn est."
		}
		to := stop(s, j)
		if j+1 < len(s) && !e.final[low] {
			to = j + 1 // more of the sentence follows, whatever its first letter
		}
		return Reading{to, capitalised(said, word), "abbreviation"}, true
	}
	if said, ok := e.street[low]; ok && upper(word[0]) {
		if prev := before(s, i); prev != "" && upper(prev[0]) && low != "dr" && low != "ct" && low != "pl" && low != "way" && low != "str" && low != "ter" && low != "cir" && low != "av" {
			return Reading{stop(s, j), said, "address"}, true
		}
	}
	return Reading{}, false
}

// sideOf reads the side of town before a numbered street: "W. 42nd St."
func (e *english) sideOf(s string, i, j, number int) (Reading, bool) {
	k := digitsEnd(s, number)
	to, ok := suffix(s, k, "0"+s[number:k])
	if k == number || !ok || at(s, j) != '.' || number == j+1 {
		return Reading{}, false
	}
	side, word := e.directions[s[i:j]], next(s, to)
	return Reading{j + 1, side, "address"}, side != "" && e.street[strings.ToLower(word)] != ""
}

// onYear reads how figures are compared with those of a period before:
// "4% y/y".
func (e *english) onYear(s string, i, j int) (Reading, bool) {
	if j != i+1 || at(s, j) != '/' || at(s, j+1) != s[i] || !closed(s, j+2) || at(s, i-1) == '/' || at(s, j+2) == '/' {
		return Reading{}, false
	}
	name := map[byte]string{'y': "year", 'q': "quarter", 'm': "month"}[s[i]]
	return Reading{j + 2, name + " on " + name, "abbreviation"}, name != ""
}

// legal reads what stands between and behind names: "Roe v. Wade", "Ford
// Motor Co.", "Smith et al.", "3rd ed.", and a life's years: "b. 1950".
func (e *english) legal(s string, i, j, next int) (Reading, bool) {
	if at(s, j) != '.' {
		return Reading{}, false
	}
	prev := before(s, i)
	named := prev != "" && upper(prev[0])
	bracketed := at(s, i-1) == '(' || at(s, i-1) == ' ' && (at(s, i-2) == ',' || at(s, i-2) == ';')
	yearly := digitsEnd(s, next) >= next+3 && digitsEnd(s, next) <= next+4 && next > j+1
	switch word := s[i:j]; {
	case word == "v" && named && next > j+1 && unicode.IsUpper(runeAt(s, next)):
		return Reading{j + 1, "versus", "abbreviation"}, true
	case word == "Co" && (named || strings.HasSuffix(s[:i], "& ")):
		return Reading{stop(s, j), "Company", "abbreviation"}, true
	case word == "al" && prev == "et":
		return Reading{stop(s, j), "al", "abbreviation"}, true
	case word == "ed" && i > 3 && s[i-1] == ' ' && digit(at(s, i-4)) && lower(s[i-2]):
		return Reading{stop(s, j), "edition", "abbreviation"}, true
	case word == "c" && i > 3 && s[i-1] == ' ' && digit(at(s, i-4)) && lower(s[i-2]):
		if prefixed(s, j, ". AD") || prefixed(s, j, ". BC") || prefixed(s, j, ". CE") {
			return Reading{j + 1, "century", "abbreviation"}, true
		}
		return Reading{stop(s, j), "century", "abbreviation"}, true
	case bracketed && yearly && e.lives[word] != "":
		return Reading{j + 1, e.lives[word], "abbreviation"}, true
	case s[i:j] == "Dr" && named && !e.opens[prev] && e.titles[prev] == "" && !unicode.IsUpper(runeAt(s, next)) && (next >= len(s) || !unicode.IsLetter(runeAt(s, next)) || next > j+1):
		return Reading{stop(s, j), "Drive", "address"}, true
	}
	return e.usState(s, i, j)
}

// usState reads the old short names of the states after a town: "Boston,
// Mass.", "Albany, N.Y."
func (e *english) usState(s string, i, j int) (Reading, bool) {
	if !upper(s[i]) || at(s, i-1) != ' ' || at(s, i-2) != ',' {
		return Reading{}, false
	}
	town := before(s, i-2)
	if town == "" || !upper(town[0]) || e.months[strings.ToLower(town)] > 0 {
		return Reading{}, false
	}
	key, end := s[i:j], j
	if j == i+1 && upper(at(s, j+1)) && at(s, j+2) == '.' {
		key, end = s[i:j]+s[j+1:j+2], j+2
		if name := e.states[key]; name != "" && key != "DC" {
			return Reading{stop(s, end), name, "address"}, true
		}
		return Reading{}, false
	}
	if name := e.oldStates[key]; name != "" {
		return Reading{stop(s, end), name, "address"}, true
	}
	return Reading{}, false
}

// answered says whether "No." before a number is the answer, not the number:
// what follows counts something.
func (e *english) answered(s string, i int) bool {
	n, ok := scanNumber(s, i)
	if !ok {
		return false
	}
	word, _, _ := after(s, n.to)
	return e.counted(word)
}

func romanNumeral(s string, i int) bool {
	j := wordEnd(s, i)
	return j > i && j-i < 9 && romanValue(strings.ToUpper(s[i:j])) > 0
}

// capitalised gives words the capital of what they stand for.
func capitalised(words, like string) string {
	if words != "" && upper(like[0]) && lower(words[0]) {
		return strings.ToUpper(words[:1]) + words[1:]
	}
	return words
}

// inner reads abbreviations with stops inside: "e.g.", "i.e.", "a.k.a.".
func (e *english) inner(s string, i int) (Reading, bool) {
	j := i
	for j < len(s) && j-i < 12 {
		k := j
		for k < len(s) && k-j < 3 && alpha(s[k]) {
			k++
		}
		if k == j || k-j > 2 {
			break
		}
		j = k
		if at(s, j) != '.' {
			break
		}
		j++
	}
	if j <= i || !closed(s, j) {
		return Reading{}, false
	}
	form := strings.TrimSuffix(s[i:j], ".")
	said, ok := e.innerForms[strings.ToLower(form)]
	if !ok {
		return Reading{}, false
	}
	end := i + len(form)
	if at(s, end) == '.' {
		// Of these only "a.m.", "p.m." and "p.a." stand at the end of a sentence.
		switch end++; said {
		case "AM", "PM":
			end = e.noonStop(s, end-1)
		case "per annum":
			end = stop(s, end-1)
		}
	}
	if space(s, end) > 0 && (said == "for example" || said == "that is") {
		said += ","
	}
	return Reading{end, capitalised(said, s[i:i+1]), "abbreviation"}, true
}

// saint tells the saint from the street: the saint stands before a name, the
// street after one where a preposition or a house number makes it an address.
func (e *english) saint(s string, i, j int) (Reading, bool) {
	end := j
	if at(s, j) == '.' {
		end++
	}
	if s[i] != 'S' || s[i+1] == 'T' {
		return Reading{}, false
	}
	next := end + space(s, end)
	word, _, _ := after(s, end)
	prev := before(s, i)
	switch k := strings.TrimRight(s[max(0, i-12):i], " "); prev {
	case "th", "st", "nd", "rd": // "on 5th St."
		if len(k) > 2 && digit(k[len(k)-3]) {
			return Reading{stop(s, j), "Street", "address"}, true
		}
	}
	if prev != "" && upper(prev[0]) && e.located(s, i, prev) {
		return Reading{stop(s, j), "Street", "address"}, true
	}
	if next > end && word != "" && unicode.IsUpper(runeAt(s, next)) && !e.opens[word] &&
		(prev == "" || !upper(prev[0]) || e.saintly[prev] || strings.ToLower(prev) == "the") {
		return Reading{end, "Saint", "abbreviation"}, true
	}
	return Reading{}, false
}

// located says whether a preposition stands before the name of a street of up
// to three words.
func (e *english) located(s string, i int, prev string) bool {
	if e.streets[prev] {
		return true
	}
	for range 3 {
		for i > 0 && (s[i-1] == ' ' || s[i-1] == '\n') {
			i--
		}
		i -= len(prev)
		prev = before(s, i)
		if prev == "" {
			return false
		}
		if e.prepositions[strings.ToLower(prev)] {
			return true
		}
		if !upper(prev[0]) {
			return false
		}
	}
	return false
}

// drive says whether "Dr" after a name is the street.
func (e *english) drive(s string, i, next int) bool {
	prev := before(s, i)
	word, _, _ := after(s, next)
	return prev != "" && upper(prev[0]) && e.opens[word]
}
