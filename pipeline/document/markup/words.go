package markup

import (
	"unicode"
	"unicode/utf8"
)

// Word is a run of letters and numbers in a text, by its bytes. Where a script
// puts no space between words, each character is one, as is a picture.
type Word struct{ From, To int }

// Words are those of a text, in order.
func Words(text string) []Word {
	var out []Word
	from := -1
	for i, r := range text {
		switch {
		case unspaced(r):
			if from >= 0 {
				out = append(out, Word{from, i})
			}
			out = append(out, Word{i, i + utf8.RuneLen(r)})
			from = -1
		case wordRune(r):
			if from < 0 {
				from = i
			}
		case from >= 0:
			out = append(out, Word{from, i})
			from = -1
		}
	}
	if from >= 0 {
		out = append(out, Word{from, len(text)})
	}
	return out
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

// unspaced are the letters of scripts that are written without spaces, and
// pictures.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.So)
}
