package source

import (
	"strings"
	"unicode"

	"github.com/narrapress/narrapress/pipeline/document"
)

// words counts those of a document that may be spoken; what is code, and what is
// not of the article, is none. A sign of Chinese or Japanese counts as one.
func words(elements []document.Element) int {
	n := 0
	for _, e := range elements {
		if !e.Furniture && !e.Visual && e.Kind != document.Directive {
			n += count(document.Plain(e.Text)) + words(e.Children)
		}
	}
	return n
}

func count(text string) int {
	n := 0
	for _, field := range strings.Fields(text) {
		signs, others := 0, false
		for _, r := range field {
			switch {
			case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
				signs++
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				others = true
			}
		}
		if n += signs; others {
			n++
		}
	}
	return n
}
