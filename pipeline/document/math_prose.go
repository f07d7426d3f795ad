package document

import (
	"strings"
	"unicode"
)

// grammar are words that prose between two prices has, and a formula written
// without commands has not.
const grammar = " a an the this that to and or but of for from in on at by with as than then so if not no is was are were be been" +
	" has have had will would can could i he she it we you they his her its our your their my per each every about only just "

// proseRow is how many words in a row are prose, whatever they are: formulas
// name one thing after a sign.
const proseRow = 3

// priced says whether what stands between dollars is a part of a sentence about
// money, as in "from $5 to 10$ each": words in a row, or a word of grammar
// beside another or between numbers. What has a command, a script, a group or
// an operator is none.
func priced(tex string) bool {
	if strings.ContainsAny(tex, "^_{}=+<>|") || command().MatchString(tex) {
		return false
	}
	words, row, told := 0, 0, false
	for token := range strings.FieldsSeq(tex) {
		word := strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) })
		if !plainWord(word) {
			row = 0
			continue
		}
		words++
		row++
		told = told || strings.Contains(grammar, " "+strings.ToLower(word)+" ")
		if row == proseRow {
			return true
		}
	}
	return told && (words > 1 || amounts(tex))
}

// command is a command of TeX.
var command = compiled(`\\[A-Za-z]`)

// plainWord says whether a token is a word: letters only, two or more of them.
func plainWord(token string) bool {
	letters := 0
	for _, r := range token {
		if !unicode.IsLetter(r) && r != '\'' && r != '’' && r != '-' {
			return false
		}
		letters++
	}
	return letters > 1
}

// amounts says whether a text begins and ends with a number: "5 to 10".
func amounts(tex string) bool {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	return tex != "" && digit(tex[0]) && digit(tex[len(tex)-1])
}

// codeEnd is the end of the code span that begins with the backticks at i, or
// of the backticks where none does. Code is found before mathematics
// (CommonMark 0.31.2, section 6.1).
func codeEnd[T []byte | string](text T, i int) int {
	open := backticks(text, i)
	for j := open; j < len(text); {
		if text[j] != '`' {
			j++
			continue
		}
		end := backticks(text, j)
		if end-j == open-i {
			return end
		}
		j = end
	}
	return open
}

// backticks is the end of the backticks at i.
func backticks[T []byte | string](text T, i int) int {
	for i < len(text) && text[i] == '`' {
		i++
	}
	return i
}
