package cli

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// screen is a terminal that texts are shown on which others wrote: titles,
// findings, names of files. What would move its cursor, rename its window,
// reach its clipboard or turn the direction of reading is shown as U+FFFD.
type screen struct{ io.Writer }

// Write shows a text. It counts the bytes that it was given.
func (s screen) Write(b []byte) (int, error) {
	if _, err := io.WriteString(s.Writer, harmless(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// bare is the terminal itself, for what moves its cursor with reason.
func bare(w io.Writer) io.Writer {
	if s, ok := w.(screen); ok {
		return s.Writer
	}
	return w
}

// harmless is a text without control characters but line ends and tabs
// (categories Cc of Unicode, C1 among them), without marks of direction
// (Unicode Standard Annex 9, section 2) and without bytes that are no UTF-8.
// The colours of paint stay.
func harmless(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, harmful) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if n := colour(text[i:]); n > 0 {
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if harmful(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

func harmful(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
}

// colour is the length of a colour that paint puts at the beginning of a text.
func colour(text string) int {
	for _, code := range []string{"0", "1", "2", "31", "32", "33"} {
		if s := "\x1b[" + code + "m"; strings.HasPrefix(text, s) {
			return len(s)
		}
	}
	return 0
}
