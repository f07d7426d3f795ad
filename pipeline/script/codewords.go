package script

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostSigns is how many signs of a piece of code are named; with more of them a
// listener hears nothing but signs.
const mostSigns = 3

// codeSigns are the signs that say something in code, by their names. Those of
// file names, versions and paths are left to the normaliser.
var codeSigns = map[rune]string{
	'=': "equals", '+': "plus", '*': "star", '&': "and", '|': "pipe", '<': "less than", '>': "greater than",
	'!': "not", '?': "question mark", '%': "percent", '@': "at", '#': "hash", '~': "tilde", '^': "caret", '$': "dollar", '\\': "backslash",
}

// codeWords is code as it is said: names divided into their words, brackets
// and quotation marks unspoken, and the other signs named if they are few.
func codeWords(code string) string {
	signs := 0
	for _, r := range code {
		if codeSigns[r] != "" {
			signs++
		}
	}
	var b strings.Builder
	last := ' '
	space := func() {
		if last != ' ' {
			b.WriteByte(' ')
			last = ' '
		}
	}
	for i, r := range code {
		next, _ := utf8.DecodeRuneInString(code[i+utf8.RuneLen(r):])
		switch {
		case r == '_' || unicode.IsSpace(r) || strings.ContainsRune("(){}[]\"'`;", r):
			space()
			continue
		case r == ',':
			if last != ' ' {
				b.WriteRune(r)
				last = r
			}
			continue
		case codeSigns[r] != "":
			if space(); signs <= mostSigns {
				b.WriteString(codeSigns[r] + " ")
			}
			continue
		case unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsUpper(last) && unicode.IsLower(next)):
			space()
		}
		b.WriteRune(r)
		last = r
	}
	return strings.Trim(b.String(), " ,")
}
