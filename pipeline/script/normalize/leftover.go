package normalize

import (
	"strings"
	"unicode/utf8"
)

// mostLeft is how far the other end of left over markup is looked for.
const mostLeft = 200

// leftover takes out marks of Markdown and TeX that nothing rendered: links,
// notes, tables, mathematics, and what is left of an address.
func (e *english) leftover(p Passage, i int) (Reading, bool) {
	s := p.Text
	switch s[i] {
	case '[':
		if at(s, i+1) == '^' {
			if end := strings.IndexByte(ahead(s, i), ']'); end > 2 {
				return Reading{i + end + 1, "", "citation"}, true // "[^1]"
			}
		}
		if k := strings.Index(ahead(s, i), "]("); k > 0 && target(s, i+k+1) > 0 {
			return Reading{i + 1, "", Markup}, true
		}
	case '!':
		if at(s, i+1) == '[' && open(s, i) {
			if k := strings.Index(ahead(s, i), "]("); k > 0 && target(s, i+k+1) > 0 {
				return Reading{i + 2, "", Markup}, true
			}
		}
	case ']':
		if to := target(s, i+1); to > 0 && strings.IndexByte(behind(s, i), '[') >= 0 {
			return Reading{to, "", Markup}, true
		}
	case ':':
		if prefixed(s, i, "://") && i > 0 && alpha(s[i-1]) {
			return Reading{i + len("://"), " ", Markup}, true
		}
	case '|':
		if parted(s, i, 1, '|') {
			return Reading{i + 1, ",", "separator"}, true
		}
		return e.cell(s, i)
	case '$':
		return e.dollars(s, i)
	}
	return Reading{}, false
}

// ahead is the rest of the line at i, as far as it is looked at.
func ahead(s string, i int) string {
	line, _, _ := strings.Cut(s[i:min(len(s), i+mostLeft)], "\n")
	return line
}

// behind is the line up to i, as far as it is looked at.
func behind(s string, i int) string {
	line := s[max(0, i-mostLeft):i]
	return line[strings.LastIndexByte(line, '\n')+1:]
}

// target is the end of the target of a link, "(https://…)", 0 where none is
// at i. A target has no space (CommonMark 0.31.2, section 6.3), but may have a
// title behind it.
func target(s string, i int) int {
	if at(s, i) != '(' {
		return 0
	}
	rest := ahead(s, i)
	end := strings.IndexByte(rest, ')')
	if end < 0 {
		return 0
	}
	inside := rest[1:end]
	if !strings.ContainsAny(inside, "/.#:") {
		return 0 // "f[1](x)" is code
	}
	if space := strings.IndexByte(inside, ' '); space >= 0 && !strings.HasPrefix(inside[space:], ` "`) {
		return 0
	}
	return i + end + 1
}

// cell takes out the bars of a table: those with a space beside them on a line
// that begins with one.
func (e *english) cell(s string, i int) (Reading, bool) {
	left := behind(s, i)
	if at(s, i+1) == '-' || at(s, i+1) == ':' || at(s, i+1) == ' ' && at(s, i+2) == '-' {
		rest := ahead(s, i)
		if strings.Trim(rest, "|-: ") == "" && strings.Contains(rest, "--") {
			return Reading{i + len(rest), "", Markup}, true
		}
	}
	if left != "" && !strings.HasPrefix(strings.TrimLeft(left, " "), "|") {
		return Reading{}, false
	}
	if at(s, i+1) != ' ' && at(s, i-1) != ' ' {
		return Reading{}, false
	}
	return Reading{i + 1, "", Markup}, true
}

// parted says whether a sign divides the parts of a line, as in "The pier |
// 14 photos" and "Lena Hale • 5 May": between spaces, words on both sides. A
// table's line and a letter's probability, P(A | B), are none.
func parted(s string, i, n int, r rune) bool {
	if r != '|' && r != '•' && r != '·' || at(s, i-1) != ' ' || at(s, i+n) != ' ' || strings.HasPrefix(strings.TrimLeft(behind(s, i), " "), "|") {
		return false
	}
	left, right := runeBefore(s, i-1), runeAt(s, i+n+1)
	return wordRune(left) && wordRune(runeBefore(s, i-1-utf8.RuneLen(left))) && (wordRune(right) || right == '@' || right == '"' || right == '“')
}

// dollars takes out the marks of mathematics around what looks like it:
// "$a_1$", "$$x^2$$".
func (e *english) dollars(s string, i int) (Reading, bool) {
	n := 1
	if at(s, i+1) == '$' {
		n = 2
	}
	if at(s, i+n) == '$' {
		return Reading{}, false
	}
	fence := s[i : i+n]
	if k := strings.Index(ahead(s, i+n), fence); k > 0 && mathematical(s[i+n:i+n+k], n) && !digit(at(s, i+2*n+k)) {
		return Reading{i + n, "", Markup}, true
	}
	if left := behind(s, i); strings.Contains(left, fence) {
		if k := strings.LastIndex(left, fence); mathematical(left[k+n:], n) && !digit(at(s, i+n)) {
			return Reading{i + n, "", Markup}, true
		}
	}
	return Reading{}, false
}

// mathematical says whether a text between dollars is TeX: no space at its
// ends, and a sign of TeX's in it, or two dollars around it.
func mathematical(tex string, n int) bool {
	if tex == "" || tex[0] == ' ' || tex[len(tex)-1] == ' ' {
		return false
	}
	return n == 2 || strings.ContainsAny(tex, `\^_{=`) && strings.ContainsAny(tex, "abcdefghijklmnopqrstuvwxyz") || len(tex) == 1 && alpha(tex[0])
}
