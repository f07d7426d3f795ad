package normalize

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostTag is the longest tag that is taken out of a text.
const mostTag = 200

// markup takes out tags, entities, marks of emphasis and of notes.
func (e *english) markup(p Passage, i int) (Reading, bool) {
	s := p.Text
	switch s[i] {
	case '<':
		if r, ok := e.electronic(Passage{Text: s}, min(i+1, len(s)-1)); ok && at(s, r.To) == '>' && (r.Rule == "url" || r.Rule == "mail") {
			return Reading{r.To + 1, r.Spoken, r.Rule}, true // "<https://example.com>"
		}
		return e.element(s, i)
	case '&':
		return e.entity(s, i)
	case '[':
		if r, ok := phonetic(s, i); ok {
			return r, true
		}
		return e.citation(s, i)
	case '/', '(':
		return phonetic(s, i)
	case '`':
		return Reading{i + 1, "", Markup}, true
	case '~':
		if prefixed(s, i, "~~") {
			return Reading{i + 2, "", Markup}, true
		}
	case '#':
		if i == 0 || s[i-1] == '\n' {
			end := i
			for at(s, end) == '#' {
				end++
			}
			if end-i <= 6 && at(s, end) == ' ' { // headings have six levels (CommonMark 0.31.2, section 4.2)
				return Reading{end, "", Markup}, true
			}
		}
	case '\\':
		if next := at(s, i+1); strings.IndexByte("*_#[]()`!-.", next) >= 0 && next != 0 {
			return Reading{i + 1, "", Markup}, true
		}
	case '_':
		// "_word_", but not "snake_case"
		touches := wordRune(runeBefore(s, i)) != wordRune(runeAt(s, i+1))
		if touches || at(s, i+1) == '_' {
			end := i
			for at(s, end) == '_' {
				end++
			}
			return Reading{end, "", Markup}, true
		}
	}
	return Reading{}, false
}

// element takes out a tag of HTML.
func (e *english) element(s string, i int) (Reading, bool) {
	j := i + 1
	if at(s, j) == '/' {
		j++
	}
	end := j
	for end < len(s) && end-j < 12 && (alpha(s[end]) || digit(s[end])) {
		end++
	}
	if !e.tags[strings.ToLower(s[j:end])] {
		return Reading{}, false
	}
	if c := at(s, end); c != '>' && c != '/' && c != ' ' {
		return Reading{}, false
	}
	for k := end; k < len(s) && k-i < mostTag && s[k] != '<'; k++ {
		if s[k] == '>' {
			return Reading{k + 1, "", Markup}, true
		}
	}
	return Reading{}, false
}

// entity reads "&amp;" and its like as their characters; an ampersand is
// "and".
func (e *english) entity(s string, i int) (Reading, bool) {
	end := strings.IndexByte(s[i:min(len(s), i+12)], ';')
	if end > 1 {
		entity := s[i : i+end+1]
		if char := html.UnescapeString(entity); char != entity {
			r, n := utf8.DecodeRuneInString(char)
			switch {
			case r == '&':
				for prefixed(s, i+len(entity), "amp;") {
					entity = s[i : i+len(entity)+len("amp;")] // written twice: "&amp;amp;"
				}
				return Reading{i + len(entity), spaced(s, i, len(entity), "and"), Markup}, true
			case n == len(char) && (unicode.IsSpace(r) || unicode.IsControl(r)):
				return Reading{i + len(entity), " ", Markup}, true
			case strings.ContainsRune("<>\u00ad\u200b", r):
				return Reading{i + len(entity), "", Markup}, true
			}
			return Reading{i + len(entity), char, Markup}, true
		}
	}
	if at(s, i-1) == ' ' && at(s, i+1) == ' ' && i > 1 && (unicode.IsLetter(runeAt(s, i+2)) || digit(at(s, i+2))) {
		return Reading{i + 1, "and", "ampersand"}, true // "Mr. & Mrs. Lee"
	}
	if c := runeAt(s, i+1); at(s, i+1) == '&' || wordRune(c) || i > 0 && near(s, i, 1) {
		n := 1
		for at(s, i+n) == '&' {
			n++
		}
		return Reading{i + n, spaced(s, i, n, "and"), "ampersand"}, true
	}
	return Reading{}, false
}

// citation takes out the marks of notes: "[12]", "[3, 4]", "[citation
// needed]".
func (e *english) citation(s string, i int) (Reading, bool) {
	end := strings.IndexByte(s[i:min(len(s), i+reach)], ']')
	if end < 2 || i == 0 {
		return Reading{}, false
	}
	inside := s[i+1 : i+end]
	prev := runeBefore(s, i)
	if prev == ' ' {
		prev = runeBefore(s, i-1)
	}
	numbers := strings.Trim(inside, "0123456789,-– ") == "" && digit(inside[0]) && digitsEnd(inside, 0) <= 3 && !strings.Contains(inside, ", 0")
	if numbers && (unicode.IsLetter(prev) || strings.ContainsRune(".,;:!?\"'”’)]", prev)) && at(s, i+end+1) != '(' {
		return Reading{i + end + 1, "", "citation"}, true
	}
	switch inside {
	case "citation needed", "sic", "edit", "note 1", "clarification needed":
		if inside != "sic" {
			return Reading{i + end + 1, "", "citation"}, true
		}
	}
	return Reading{}, false
}
