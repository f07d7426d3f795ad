package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phoneticSigns are letters and marks of the International Phonetic Alphabet
// that no ordinary word has (IPA chart, revised 2020).
const phoneticSigns = "ɐɑɒɓɔɕɖɗɘəɚɛɜɝɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢˈˌːˑ"

// phonetic leaves out how a word is said in phonetic letters, "[ˈɔːriəl]",
// "(/ˈɔːriəl/)": it tells a reader what a listener has just heard.
func phonetic(s string, i int) (Reading, bool) {
	var end byte
	from := i
	bracketed := s[i] == '('
	if bracketed {
		from++
	}
	switch at(s, from) {
	case '[':
		end = ']'
	case '/':
		end = '/'
	default:
		return Reading{}, false
	}
	n := strings.IndexByte(s[from+1:min(len(s), from+1+reach)], end)
	if n <= 0 || !transcribed(s[from+1:from+1+n]) {
		return Reading{}, false
	}
	to := from + n + 2
	if bracketed {
		if at(s, to) != ')' {
			return Reading{}, false
		}
		to++
	}
	return Reading{to, "", Markup}, true
}

// transcribed says whether a text is letters and marks of phonetics.
func transcribed(s string) bool {
	signs := 0
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case strings.ContainsRune(phoneticSigns, r):
			signs++
		case !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" .'’-ʰʲʷˠˤ˞‿|ˀ()", r):
			return false
		}
		s = s[n:]
	}
	return signs > 0
}
