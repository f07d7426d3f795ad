package normalize

import "strings"

// mostNames is how many words the name of a street may have.
const mostNames = 4

// address reads a house number with its street: "3140 Los Robles Expy".
func (e *english) address(p Passage, i int) (Reading, bool) {
	s := p.Text
	j := digitsEnd(s, i)
	if j-i > 5 || !open(s, i) || s[i] == '0' {
		return Reading{}, false
	}
	words := []string{e.houseNumber(s[i:j])}
	if upper(at(s, j)) && at(s, j+1) == ' ' {
		words = append(words, s[j:j+1]) // "221B Baker St"
		j++
	}
	if at(s, j) != ' ' {
		return Reading{}, false
	}
	j++
	for n := 0; n <= mostNames; n++ {
		end := j
		for end < len(s) && end-j < 24 && (alpha(s[end]) || digit(s[end]) || s[end] == '\'') {
			end++
		}
		if end == j {
			return Reading{}, false
		}
		word := s[j:end]
		low := strings.ToLower(word)
		if name, ok := e.street[low]; ok && n > 0 && closed(s, end) && (word != strings.ToUpper(word) || len(word) < 2 || n == 1) {
			if next := at(s, end+1); low == "st" && at(s, end) == '.' && next == ' ' && n == 0 {
				return Reading{}, false
			}
			to := stop(s, end)
			words = append(words, name)
			if k := end + mark(s, end, "."); at(s, k) == ' ' && wordEnd(s, k+1) <= k+3 {
				if side := e.directions[s[k+1:wordEnd(s, k+1)]]; side != "" {
					to, words = wordEnd(s, k+1), append(words, side)
				}
			}
			return Reading{to, strings.Join(words, " "), "address"}, true
		}
		k := digitsEnd(word, 0)
		_, ordinal := suffix(word, k, "0"+word[:k])
		switch {
		case k > 0 && ordinal:
			words = append(words, e.ordinal(word[:k]))
		case k > 0:
			return Reading{}, false
		case e.directions[word] != "" && n == 0:
			words = append(words, e.directions[word])
		case upper(word[0]):
			words = append(words, word)
		default:
			return Reading{}, false
		}
		if at(s, end) == '.' && len(word) <= 2 {
			end++
		}
		if at(s, end) != ' ' {
			return Reading{}, false
		}
		j = end + 1
	}
	return Reading{}, false
}

// houseNumber says the number of a house: "thirty-one forty".
func (e *english) houseNumber(digits string) string {
	if len(digits) > 4 {
		return e.spell(digits)
	}
	return e.pairs(digits)
}

// state reads the code of a state after a town: "Santa Clara, CA 95051".
func (e *english) state(p Passage, i int) (Reading, bool) {
	s := p.Text
	if i < 3 || !upper(s[i]) || !upper(at(s, i+1)) || !closed(s, i+2) || s[i-1] != ' ' {
		return Reading{}, false
	}
	name, ok := e.states[s[i:i+2]]
	if !ok {
		return Reading{}, false
	}
	j := i + 2
	zip := j
	if at(s, zip) == ',' {
		zip++
	}
	zip += space(s, zip)
	if zip > j && digitsEnd(s, zip) == zip+5 {
		return Reading{j, name, "address"}, true
	}
	if s[i-2] != ',' {
		return Reading{}, false
	}
	town := before(s, i-2)
	if town == "" || !upper(town[0]) || strings.ToUpper(town) == town {
		return Reading{}, false
	}
	return Reading{j, name, "address"}, true
}
