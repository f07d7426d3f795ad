package normalize

import "strings"

// mostGroups is how many groups of digits a telephone number may have.
const mostGroups = 7

// telephone reads telephone numbers, and other numbers that are said digit by
// digit in groups: cards, social security numbers.
func (e *english) telephone(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) || at(s, i-1) == '-' || at(s, i-1) == '.' && digit(at(s, i-2)) || at(s, i-1) == '/' {
		return Reading{}, false
	}
	j := i
	plus := at(s, j) == '+'
	if plus {
		j++
	}
	if first := digitsEnd(s, j); first > j && !plus && strings.IndexByte("-.( ", at(s, first)) < 0 && dash(s, first) == 0 && len(before(s, i)) < 3 && at(s, i-2) != ':' {
		return Reading{}, false // most numbers: nothing is joined to them
	}
	var groups []string
	marks := "" // what divides the groups, one sign for each
	brackets := false
	for len(groups) < mostGroups {
		k, divider := j, ""
		if len(groups) > 0 {
			sep := byte(0)
			switch {
			case at(s, k) == ' ' && (digit(at(s, k+1)) || at(s, k+1) == '('), at(s, k) == '.' && digit(at(s, k+1)):
				sep = s[k]
				k++
			case at(s, k) == '-' || prefixed(s, k, "‑"):
				sep = '-'
				k += dash(s, k)
			case at(s, k) == '(':
				sep = '('
			default:
				k = -1
			}
			if k < 0 {
				break
			}
			divider = string(sep)
		}
		bracket := at(s, k) == '('
		if bracket {
			k++
		}
		end := digitsEnd(s, k)
		if end == k || end-k > 12 {
			break
		}
		group := s[k:end]
		if bracket && at(s, end) != ')' {
			break
		}
		marks += divider
		if bracket {
			end++
			brackets = true
			if at(s, end) == ' ' || at(s, end) == '-' {
				if digit(at(s, end+1)) {
					marks += "-"
					end++
				}
			} else if digit(at(s, end)) {
				marks += "-"
			}
		}
		groups = append(groups, group)
		j = end
		if bracket && digit(at(s, j)) {
			end := digitsEnd(s, j)
			groups = append(groups, s[j:end])
			j = end
		}
	}
	if len(groups) == 0 {
		return Reading{}, false
	}
	shape := ""
	for _, g := range groups {
		shape += string(rune('0' + min(len(g), 9)))
	}
	var tail string
	tail, j = e.vanity(s, j, groups)
	if tail == "" && !e.telephonic(s, i, shape, groups, marks, plus, brackets) {
		return Reading{}, false
	}
	if !closed(s, j) || e.dashed(s, j) {
		return Reading{}, false
	}
	extra := ""
	if k := j + space(s, j); at(s, k) == 'x' && tail == "" {
		if end := digitsEnd(s, k+1); end > k+1 && end-k < 7 && closed(s, end) {
			extra, j = " extension "+e.spell(s[k+1:end]), end
		}
	}
	words := make([]string, 0, len(groups))
	for n, g := range groups {
		switch {
		case n == 0 && plus:
			words = append(words, "plus "+e.spell(g))
		case g == "800" && len(groups) > 1 && n < 2:
			words = append(words, "eight hundred")
		default:
			words = append(words, e.spell(g))
		}
	}
	if tail != "" {
		words = append(words, tail)
	}
	return Reading{j, strings.Join(words, ", ") + extra, "telephone"}, true
}

// vanity reads letters in a telephone number: "1-800-MY-APPLE".
func (e *english) vanity(s string, j int, groups []string) (string, int) {
	n := len(groups)
	if n == 0 || n > 2 || at(s, j) != '-' || !(len(groups[n-1]) == 3 && groups[n-1][0] == '8' || n == 2 && groups[0] == "1" && len(groups[1]) == 3) {
		return "", j
	}
	var words []string
	k := j
	for at(s, k) == '-' && k < j+reach {
		end := k + 1
		for end < len(s) && (upper(s[end]) || digit(s[end])) {
			end++
		}
		if end == k+1 {
			break
		}
		word := s[k+1 : end]
		if digit(word[0]) {
			word = e.spell(strings.TrimRight(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		}
		words = append(words, word)
		k = end
	}
	joined := strings.Join(words, " ")
	if !strings.ContainsAny(joined, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || len(joined) < 4 {
		return "", j
	}
	return joined, k
}

// telephonic says whether groups of digits are a telephone number or another
// number that is said in digits.
func (e *english) telephonic(s string, i int, shape string, groups []string, marks string, plus, brackets bool) bool {
	total := 0
	for _, g := range groups {
		total += len(g)
	}
	prev := before(s, i)
	if prev == "" && i > 2 && s[i-1] == ' ' && (s[i-2] == ':' || s[i-2] == '.') {
		prev = before(s, i-2) // "Tel: …"
	}
	near := e.calls[strings.ToLower(prev)]
	switch {
	case plus:
		return total >= 7 && total <= 15 // ITU-T E.164: at most fifteen digits
	case brackets:
		return shape == "334" || shape == "1334" || total >= 9 && total <= 12 && len(groups) <= 4
	}
	same := strings.Trim(marks, marks[:min(1, len(marks))]) == ""
	if strings.EqualFold(prev, "isbn") {
		return same && (total == 10 || total == 9 || total == 13) // ISO 2108; the tenth sign may be an X
	}
	if total == 13 && len(groups) == 5 && same && (groups[0] == "978" || groups[0] == "979") {
		return true
	}
	switch shape {
	case "334", "1334", "324": // North America; social security
		return same && marks[0] != '.' || shape != "324" && same
	case "54": // the long postal code of the United States
		return marks == "-"
	case "4444", "465": // payment cards
		return same && marks[0] != '.'
	case "34":
		// "500-1000" is a range.
		return near && same || marks == "-" && (near || groups[0][0] >= '2' && !strings.HasSuffix(groups[1], "0"))
	case "3", "4", "5", "6":
		word, _, _ := after(s, i+len(groups[0]))
		return near && len(groups) == 1 && marks == "" && !e.counted(word)
	}
	if near && same && total >= 7 && total <= 12 && len(groups) > 1 {
		return true
	}
	// A trunk prefix and groups, as "020 7946 0958".
	return len(groups) >= 3 && groups[0][0] == '0' && total >= 9 && total <= 12 && same && marks[0] == ' '
}

// extension reads "x123" and "ext. 123" after a number, and "call 911".
func (e *english) extension(p Passage, i int) (Reading, bool) {
	s := p.Text
	j := wordEnd(s, i)
	switch strings.ToLower(s[i:j]) {
	case "ext", "extn":
	default:
		return Reading{}, false
	}
	if at(s, j) == '.' {
		j++
	}
	j += space(s, j)
	end := digitsEnd(s, j)
	if end == j || end-j > 6 || !closed(s, end) {
		return Reading{}, false
	}
	return Reading{end, "extension " + e.spell(s[j:end]), "telephone"}, true
}
