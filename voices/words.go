package voices

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Spelling is a stretch of a text that is written otherwise elsewhere: From and
// To are bytes of the text, Written is what stands there in the other.
type Spelling struct {
	From, To int
	Written  string
}

// Speller puts a text in a language (BCP 47) into words, as a voice says it,
// and tells how what it changed was written.
type Speller func(text, language string) (spoken string, spellings []Spelling)

// wording is what is said, as words that can be compared: without case, marks
// and accents. Stretches of it may be written otherwise.
type wording struct {
	words  []string
	others []other
}

// other is how a stretch of words, [from, to), may be written.
type other struct {
	from, to int
	letters  string
}

// wordingOf puts a text into words, some of which may be written otherwise in a
// further text that it was made from.
func wordingOf(text, language string, spell Speller, written []Spelling) wording {
	spoken, own := text, []Spelling(nil)
	if spell != nil {
		spoken, own = spell(text, language)
	}
	words, at := wordsOf(spoken)
	w := wording{words: words}
	for _, s := range own {
		w.also(at, s)
	}
	for _, s := range written {
		s.From, s.To = moved(s.From, own, false), moved(s.To, own, true)
		w.also(at, s)
	}
	return w
}

// also notes how a stretch is written elsewhere. What is said and not written,
// such as an announcement, has no other spelling.
func (w *wording) also(at []place, s Spelling) {
	letters := lettersOf(s.Written)
	from := sort.Search(len(at), func(i int) bool { return at[i].to > s.From })
	to := sort.Search(len(at), func(i int) bool { return at[i].from >= s.To })
	if letters != "" && from < to && letters != strings.Join(w.words[from:to], "") {
		w.others = append(w.others, other{from, to, letters})
	}
}

// moved is where a place of a text is in what the text was made into, whose
// spellings are given; inside of one it is its beginning, or its end.
func moved(p int, made []Spelling, end bool) int {
	longer := 0 // what was made is, up to here
	for _, m := range made {
		from := m.From - longer
		to := from + len(m.Written)
		switch {
		case p < from, p == from && end:
			return p + longer
		case end && p <= to:
			return m.To
		case p < to:
			return m.From
		}
		longer += m.To - m.From - len(m.Written)
	}
	return p + longer
}

// place of a word in its text, in bytes.
type place struct{ from, to int }

// wordsOf are the words of a text, and where they stand. An apostrophe is no
// end of a word; of scripts without spaces, each sign is a word.
func wordsOf(text string) (words []string, at []place) {
	var word strings.Builder
	var in place
	put := func() {
		if word.Len() > 0 {
			words, at = append(words, word.String()), append(at, in)
			word.Reset()
		}
	}
	add := func(i int, r rune) {
		if word.Len() == 0 {
			in.from = i
		}
		word.WriteString(folded(r))
		in.to = i + utf8.RuneLen(r)
	}
	for i, r := range text {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			put()
			add(i, r)
			put()
		case unicode.IsLetter(r), unicode.IsNumber(r):
			add(i, r)
		case unicode.IsMark(r), r == '\'', r == '’', r == '\u00ad': // a part of the word, and no letter
		default:
			put()
		}
	}
	put()
	return words, at
}

// folded is a letter without case and accents: two transcribers write the same
// name in two ways.
func folded(r rune) string {
	if r < utf8.RuneSelf {
		return string(unicode.ToLower(r))
	}
	if r == 'ß' || r == 'ẞ' {
		return "ss"
	}
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		if !unicode.IsMark(part) {
			b.WriteRune(unicode.ToLower(part))
		}
	}
	return b.String()
}

// lettersOf is a text without anything between its letters.
func lettersOf(text string) string {
	words, _ := wordsOf(text)
	return strings.Join(words, "")
}
