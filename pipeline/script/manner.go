package script

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// manner is how a text is written, as far as that moves the ends of its
// sentences. It is told from the words alone: a paragraph in another language
// than its document's is judged by its own.
type manner struct {
	english bool
	loose   bool // in English, and not every sentence begins with a capital
}

// mannerOf looks at the words of a text once.
func mannerOf(text string) manner {
	var words, known int
	var small bool
	english := englishWords()
	for from, to := word(text, 0); from < to; from, to = word(text, to) {
		words++
		if to-from > longestWord {
			continue
		}
		w := strings.TrimFunc(text[from:to], func(r rune) bool { return !unicode.IsLetter(r) })
		switch {
		case w == "":
		case english[strings.ReplaceAll(strings.ToLower(w), "’", "'")]:
			known++
			small = small || amongst(smallPronouns, strings.ReplaceAll(text[from:to], "’", "'"))
		case text[from:to] == "i":
			small = true
		}
	}
	is := known > 0 && known*mostForeign >= words
	return manner{english: is, loose: is && (small || startsLower(text))}
}

// mostForeign is how many words of a text stand for one that only English has.
const mostForeign = 12

// longestWord is the length in bytes of what is looked up as a word.
const longestWord = 40

// amongst says whether a list of words between spaces has a word.
func amongst(list, word string) bool {
	return len(word) <= longestWord && strings.Contains(list, " "+word+" ")
}

// word is the next stretch of a text without white space, from i on; it is
// empty at the end of the text.
func word(text string, i int) (from, to int) {
	from = skipSpace(text, i)
	end := strings.IndexFunc(text[from:], unicode.IsSpace)
	if end < 0 {
		return from, len(text)
	}
	return from, from + end
}

// startsLower says whether a sentence begins with a small letter: then its
// author writes without capitals, and the next one may too.
func startsLower(text string) bool {
	r, n := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[n:])
	return unicode.IsLower(r) && !unicode.IsUpper(second)
}

// englishWords are words of English that its neighbours do not have: each word of
// a text is looked up in them.
var englishWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields("the and that this these they them their there with have has had you your my our it its it's i'm i've i'll he's" +
		" she's don't would could should what when where which who how why from been are were not but because about just very please" +
		" thanks yes any some only other than then here his her she we") {
		out[w] = true
	}
	return out
})

// smallPronouns are "I", written small.
const smallPronouns = " i'm i've i'll i'd "
