package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// reach is how many bytes a rule looks behind or ahead for a word. It bounds
// the work at one place.
const reach = 48

func digit(c byte) bool { return c >= '0' && c <= '9' }
func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
func lower(c byte) bool { return c >= 'a' && c <= 'z' }
func alpha(c byte) bool { return upper(c) || lower(c) }

// at is the byte at i, or 0 beyond the text.
func at(s string, i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}

// digitsEnd is the end of the digits at i.
func digitsEnd(s string, i int) int {
	for i < len(s) && digit(s[i]) {
		i++
	}
	return i
}

// wordEnd is the end of the letters at i.
func wordEnd(s string, i int) int {
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if !alpha(c) {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return i
		}
		i += n
	}
	return i
}

// tokenEnd is the end of the token at i.
func tokenEnd(s string, i int) int {
	if digit(s[i]) {
		return digitsEnd(s, i)
	}
	if e := wordEnd(s, i); e > i {
		return e
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return i + n
}

// runeBefore is the character before i, or 0 at the start.
func runeBefore(s string, i int) rune {
	if i == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

// runeAt is the character at i, or 0 at the end.
func runeAt(s string, i int) rune {
	if i >= len(s) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r
}

// open says whether no letter or digit touches i from before.
func open(s string, i int) bool { return !wordRune(runeBefore(s, i)) }

// closed says whether no letter or digit touches i from behind.
func closed(s string, i int) bool { return !wordRune(runeAt(s, i)) }

// space is the length of one space at i, 0 where there is none.
func space(s string, i int) int {
	switch c := at(s, i); {
	case c == ' ' || c == '\n':
		return 1
	case c < utf8.RuneSelf:
		return 0
	}
	if r, n := utf8.DecodeRuneInString(s[i:]); thin(r) || r == '\u00a0' {
		return n
	}
	return 0
}

// thin are the spaces that group the digits of a number.
func thin(r rune) bool { return r == '\u2009' || r == '\u202f' }

// grouping are the spaces between two digits that show them to be one number's.
func grouping(r rune) bool { return thin(r) || r == '\u00a0' }

// dash is the length of a hyphen, minus or dash at i, 0 where there is none.
func dash(s string, i int) int {
	if at(s, i) == '-' {
		return 1
	}
	switch runeAt(s, i) {
	case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212':
		return 3
	}
	return 0
}

// before is the word that ends at i or before the spaces there; "" where
// something else stands between, or nothing is there.
func before(s string, i int) string {
	end := max(0, i)
	low := max(0, end-reach)
	for end > low && (s[end-1] == ' ' || s[end-1] == '\n') {
		end--
	}
	start := end
	for start > low && (alpha(s[start-1]) || s[start-1] == '\'') {
		start--
	}
	return s[start:end]
}

// after is the word at i or behind one space there, with its place.
func after(s string, i int) (word string, from, to int) {
	from = i + space(s, i)
	to = from
	for to < len(s) && to < from+reach && (alpha(s[to]) || s[to] == '\'' || s[to] >= utf8.RuneSelf && unicode.IsLetter(runeAt(s, to))) {
		_, n := utf8.DecodeRuneInString(s[to:])
		to += n
	}
	return s[from:to], from, to
}

// prefixed says whether s has the prefix at i.
func prefixed(s string, i int, prefix string) bool {
	return i <= len(s) && strings.HasPrefix(s[i:], prefix)
}

// ends says whether a sentence ends at i, where a full stop stands: nothing
// follows, or a capital letter after a space.
func ends(s string, i int) bool {
	j := i + 1
	for j < len(s) && strings.IndexByte(`"')]`, s[j]) >= 0 || prefixed(s, j, "”") || prefixed(s, j, "’") {
		_, n := utf8.DecodeRuneInString(s[j:])
		j += n
	}
	if j >= len(s) || s[j] == '\n' {
		return true
	}
	n := space(s, j)
	if n == 0 {
		return false
	}
	for j += n; j < len(s) && strings.IndexByte("\"'( \n", s[j]) >= 0 || prefixed(s, j, "“") || prefixed(s, j, "‘"); {
		_, n := utf8.DecodeRuneInString(s[j:])
		j += n
	}
	return j >= len(s) || unicode.IsUpper(runeAt(s, j))
}

// stop is the end of an abbreviation at i: its full stop belongs to it, unless
// a sentence ends there too.
func stop(s string, i int) int {
	if at(s, i) == '.' && !ends(s, i) {
		return i + 1
	}
	return i
}

// list makes a set of words divided by spaces.
func list(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// table makes a map from lines of a key, a tab-free space, and a value.
func table(lines string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(lines) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			m[key] = strings.TrimSpace(value)
		}
	}
	return m
}
