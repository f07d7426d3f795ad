package cue

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unit is what is spoken in one go as far as is known here: a word, with the
// marks around it, or a character of a script that has no spaces.
type unit struct {
	from, to int     // bytes of what is said
	at       float64 // where it begins on the scale
	weight   float64 // its length on the scale
	end      phraseEnd
}

// phraseEnd says what ends with a unit.
type phraseEnd int

const (
	noEnd phraseEnd = iota
	clauseEnd
	sentenceEnd
)

// The scale: how long things take to be said, one letter of an alphabet being
// one. The pauses are those that two engines make by themselves, of about 0.25
// and 0.3 s; they count only where none was measured.
const (
	lettersOf     = 1.0
	figureWeighs  = 4.0 // where a number is not written in words
	syllableSigns = 2.0 // Hangul, kana
	ideograph     = 3.0
	wordWeighs    = 0.3 // each word beside its letters
	leastGap      = 0.01
	clauseGap     = 3.5
	sentenceGap   = 4.5
)

// gap is what an end is worth on the scale.
func (e phraseEnd) gap() float64 {
	switch e {
	case sentenceEnd:
		return sentenceGap
	case clauseEnd:
		return clauseGap
	default:
		return leastGap
	}
}

// units divides what is said, and lays it out on the scale. Its length is the
// end of the last unit.
func units(text string) []unit {
	var out []unit
	var u unit
	open := false
	at := 0.0
	shut := func(to int) {
		if !open {
			return
		}
		open = false
		u.to, u.end = to, endOf(text, u.from, to)
		if u.weight == 0 { // marks alone belong to the word before them
			if n := len(out); n > 0 {
				out[n-1].to, out[n-1].end = to, max(out[n-1].end, u.end)
				return
			}
		}
		u.weight += wordWeighs
		out = append(out, u)
	}
	for i, r := range text {
		w := weight(r)
		switch {
		case unicode.IsSpace(r):
			shut(i)
			continue
		case w >= syllableSigns && r > unicode.MaxLatin1:
			shut(i)
		}
		if !open {
			open, u = true, unit{from: i}
		}
		u.weight += w
	}
	shut(len(text))
	for i := range out {
		out[i].at = at
		at += out[i].weight + out[i].end.gap()
	}
	return out
}

// weight is how long a character takes to be said.
func weight(r rune) float64 {
	switch {
	case unicode.Is(unicode.Han, r):
		return ideograph
	case unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return syllableSigns
	case unicode.IsLetter(r):
		return lettersOf
	case unicode.IsNumber(r):
		return figureWeighs
	}
	return 0
}

// endOf says what ends with the marks at the end of a word.
func endOf(text string, from, to int) phraseEnd {
	word := strings.TrimRight(text[from:to], `"'”’»)]}」』）】〉》`)
	r, n := utf8.DecodeLastRuneInString(word)
	switch {
	case strings.ContainsRune(".!?…。！？．｡।॥።։។؟۔", r):
		if r == '.' && abbreviated(word[:len(word)-n]) {
			return noEnd
		}
		return sentenceEnd
	case strings.ContainsRune(",;:–—，、；：،؛", r), r == '-' && len(word) == n:
		return clauseEnd
	}
	return noEnd
}

// abbreviated says whether a stop after a word is hardly the end of a
// sentence: it follows a single letter, as in initials.
func abbreviated(word string) bool {
	word = strings.TrimLeft(word, `"'“‘«([{`)
	_, n := utf8.DecodeLastRuneInString(word)
	return n == len(word) && n > 0 || strings.HasSuffix(word[:max(0, len(word)-n)], ".")
}

// place is where a byte of what is said stands on the scale.
func place(all []unit, off int) float64 {
	i := sort.Search(len(all), func(i int) bool { return all[i].to >= off })
	if i == len(all) {
		if i == 0 {
			return 0
		}
		return all[i-1].at + all[i-1].weight
	}
	u := all[i]
	if off <= u.from {
		return u.at
	}
	return u.at + u.weight*float64(off-u.from)/float64(u.to-u.from)
}
