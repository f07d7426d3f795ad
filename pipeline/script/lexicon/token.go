package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// next is the end of the token at i: a word (UAX 29), a run of white space, or
// one other character.
func next(s string, i int) int {
	if c := s[i]; c < utf8.RuneSelf {
		if c == ' ' && i+1 < len(s) && alnum(s[i+1]) {
			return i + 1
		}
		if space(rune(c)) {
			return spaceEnd(s, i)
		}
		if to, ok := plainEnd(s, i); ok {
			return to
		}
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	if space(r) {
		return spaceEnd(s, i)
	}
	// Only a stretch is shown to the splitter: it would read on for the whole
	// of a text that never ends a word.
	word, _, _ := uniseg.FirstWordInString(s[i:min(len(s), i+longestToken)], -1)
	to := i + len(word)
	for to < len(s) && to > i+n && !utf8.RuneStart(s[to]) {
		to--
	}
	return to
}

// longestToken bounds a token, in bytes. A longer one is no word.
const longestToken = 256

// plainEnd is the end of a token of ASCII alone, by the rules of UAX 29 for
// its letters, digits and the marks between them (WB5 to WB13b). It is not ok
// where another character has to be looked at.
func plainEnd(s string, i int) (to int, ok bool) {
	j := i
	for j < len(s) && j-i < longestToken {
		c := s[j]
		switch {
		case c >= utf8.RuneSelf:
			return 0, false
		case alnum(c) || c == '_':
			j++
			continue
		case j > i && j+1 < len(s) && (between(c, s[j-1], s[j+1]) || s[j+1] >= utf8.RuneSelf):
			if s[j+1] >= utf8.RuneSelf {
				return 0, false
			}
			j++
			continue
		}
		break
	}
	if j == i {
		if j+1 < len(s) && s[j+1] >= utf8.RuneSelf {
			return 0, false // a mark may belong to it
		}
		j++
	}
	return j, true
}

// between says whether c joins the characters around it: WB6 and WB7, WB11 and
// WB12.
func between(c, before, after byte) bool {
	switch c {
	case '.', '\'':
		return letter(before) && letter(after) || digit(before) && digit(after)
	case ':':
		return letter(before) && letter(after)
	case ',', ';':
		return digit(before) && digit(after)
	}
	return false
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
func alnum(c byte) bool  { return letter(c) || digit(c) }

func space(r rune) bool { return unicode.IsSpace(r) }

func spaceEnd(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !space(r) {
			break
		}
		i += n
	}
	return i
}

// plain is a token in the form in which tokens are compared, but for its case.
func plain(token string) string {
	for i := range len(token) {
		if c := token[i]; c >= utf8.RuneSelf || c != ' ' && space(rune(c)) || c == ' ' && len(token) > 1 {
			return unified(token)
		}
	}
	return token
}

func unified(token string) string {
	if r, _ := utf8.DecodeRuneInString(token); space(r) {
		return " "
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch r {
		case '’', '‘', 'ʼ', '＇', '‛':
			return '\''
		case '‐', '‑', '‒', '–', '—', '−':
			return '-'
		case '\u00ad', '\u2060', '\ufeff': // they are not seen
			return -1
		}
		return r
	}, token))
}

// tokens of a text, in the form in which they are compared but for their case.
func tokens(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		to := next(s, i)
		if t := plain(s[i:to]); t != "" {
			out = append(out, t)
		}
		i = to
	}
	return out
}

// capital says whether there is an upper-case letter in it.
func capital(s string) bool { return strings.ContainsFunc(s, unicode.IsUpper) }

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
