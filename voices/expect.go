package voices

import (
	"strings"
	"unicode"
)

// extent is how long a text is to say, in letters of an average word: at least
// so much, and at most. They differ where signs may be said in several ways,
// or not at all.
type extent struct{ least, most float64 }

// Weights of letters: a vowel takes longer than a consonant, and the second of
// two in a row hardly anything. With them, the takes of three engines differ
// in pace by a fifth at most, from two words on.
const (
	vowel, glide, consonant = 1.25, 0.4, 0.75
	ideograph               = 3.0 // a syllable, in letters
)

// extentOf measures a text. Digits are three letters to twelve ("1" is "one",
// or "thousand" too); what three engines pause at commas and stops is one
// letter to five.
func extentOf(text string) extent {
	e := extent{2, 4}
	var last rune
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			e.add(3, 12)
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			e.add(1, 2*ideograph)
		case unicode.IsLetter(r):
			x := consonant
			switch {
			case isVowel(r) && isVowel(last):
				x = glide
			case isVowel(r):
				x = vowel
			}
			e.add(x, x)
			if unicode.IsUpper(r) && unicode.IsUpper(last) { // spelt
				e.add(0, 3)
			}
		case unicode.IsSymbol(r) || r == '%' || r == '&' || r == '@' || r == '/' || r == '#':
			e.add(0, 10)
		case unicode.IsPunct(r):
			e.add(1, 5)
		}
		last = r
	}
	return e
}

func (e *extent) add(least, most float64) { e.least, e.most = e.least+least, e.most+most }

func isVowel(r rune) bool {
	return strings.ContainsRune("aeiouyAEIOUYäöüáéíóúàèìòùâêîôû", r)
}

// insists says how many times over the text itself ends in the same words, or
// the same digits: so often a voice may, too.
func insists(text string) int {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = words[max(0, len(words)-48):]
	most := 1
	for length := 1; length <= 8 && 2*length <= len(words); length++ {
		n := 1
		for i := len(words) - 1; i >= length && words[i] == words[i-length]; i-- {
			if (len(words)-i)%length == 0 {
				n++
			}
		}
		most = max(most, n)
	}
	var last rune
	n := 0
	for _, r := range text {
		if !unicode.IsDigit(r) {
			continue
		}
		if r != last {
			n = 0
		}
		n, last = n+1, r
		most = max(most, n)
	}
	return most
}
