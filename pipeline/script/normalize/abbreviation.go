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
	couple := stopped && e.unstopped[low] && (prefixed(s, next, "and ") || prefixed(s, next, "& "))
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
	// References stand before numbers.
	bracketed := c == '(' && (low == "eq" || low == "eqs") && digit(at(s, next+1))
	if said, ok := e.references[low]; ok && (apart || stopped && digit(at(s, next))) && (bracketed || digit(at(s, next)) || romanNumeral(s, next) && low != "no" && low != "p" && low != "art") {
		if stopped || low == "pp" || low == "nos" || low == "no" && word == "No" && before(s, i) != "" && lower(at(s, i-2)) && digit(at(s, next)) {
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
		to := stop(s, j)
		if j+1 < len(s) && !e.final[low] {
			to = j + 1 // more of the sentence follows, whatever its first letter
		}
		return Reading{to, capitalised(said, word), "abbreviation"}, true
	}
	if said, ok := e.street[low]; ok && upper(word[0]) {
		if prev := before(s, i); prev != "" && upper(prev[0]) && low != "dr" && low != "ct" && low != "pl" && low != "way" && low != "sq" {
			return Reading{stop(s, j), said, "address"}, true
		}
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
	if upper(like[0]) && lower(words[0]) {
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
		// Of these only "a.m." and "p.m." stand at the end of a sentence.
		if end++; said == "AM" || said == "PM" {
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
