package document

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Damage is what an earlier conversion left of a character it did not know:
// an emoji read in a Thai code page becomes two Thai characters stuck before a
// word. No voice can say it. The rule has to spare every word that an author
// wrote in another script, so it looks only at runs of at most mostDamaged
// characters in a script whose letters do not live among Latin ones.

// mostDamaged is the length of the longest run that can be damage: the four
// bytes of an emoji hold at most three characters that look like letters.
const mostDamaged = 3

// mostlyLatin says whether more than half of a text's letters are Latin.
func mostlyLatin(text string) bool {
	latin, others := 0, 0
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				latin++
			}
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
		default:
			others++
		}
	}
	return latin > others
}

// foreign says whether a character belongs to a script that does not mix with
// Latin letters. Greek and Cyrillic do (μm, α-particle, look-alikes); Chinese,
// Japanese and Korean words may be one character long and stand without spaces.
func foreign(r rune) bool {
	if r < 0x0530 || !(unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)) {
		return false
	}
	return !unicode.In(r, unicode.Latin, unicode.Common, unicode.Inherited, unicode.Greek, unicode.Cyrillic,
		unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo)
}

func latinLetter(r rune) bool { return unicode.IsLetter(r) && unicode.Is(unicode.Latin, r) }

// span is a stretch of bytes.
type span struct{ from, to int }

// damaged finds the damage in a line of running text, or a part of one:
// runs that touch a Latin letter; and at the start of the line also a run one
// space before a Latin word, unless it can be a word itself.
func damaged(text string, lineStart bool) []span {
	var out []span
	blank := lineStart // nothing but space so far
	var before rune    // the character before i
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !foreign(r) {
			blank = blank && unicode.IsSpace(r)
			before = r
			i += n
			continue
		}
		run := runFrom(text[i:])
		end := i + run.bytes
		next, width := utf8.DecodeRuneInString(text[end:])
		switch {
		case run.runes > mostDamaged:
		case latinLetter(before) || latinLetter(next):
			out = append(out, span{i, end})
		case blank && (next == ' ' || next == '\u00a0'):
			after, _ := utf8.DecodeRuneInString(text[end+width:])
			if latinLetter(after) && (run.broken || run.letters == 1 && unicode.IsUpper(after)) {
				out = append(out, span{i, end + width})
			}
		}
		before, _ = utf8.DecodeLastRuneInString(text[:end])
		blank = false
		i = end
	}
	return out
}

// run is a stretch of foreign characters.
type run struct {
	bytes, runes, letters int
	broken                bool // no word: it begins with a mark, or mixes digits and letters
}

func runFrom(text string) run {
	var u run
	digits := 0
	for i, r := range text {
		joiner := r == '\u200c' || r == '\u200d'
		if !foreign(r) && !(joiner && u.runes > 0) && !(u.runes > 0 && unicode.Is(unicode.Inherited, r)) {
			break
		}
		switch {
		case unicode.IsLetter(r):
			u.letters++
		case unicode.IsNumber(r):
			digits++
		case unicode.IsMark(r) && i == 0:
			u.broken = true
		}
		if !joiner {
			u.runes++
		}
		u.bytes = i + utf8.RuneLen(r)
	}
	u.broken = u.broken || digits > 0 && u.letters > 0
	return u
}

// mended is running text of the source as inlines without its damage. plain
// turns source text into what it stands for (escapes, entities).
func (r *reader) mended(text string, off int, lineStart bool, plain func(string) string) []Inline {
	var out []Inline
	add := func(from, to int) {
		if from < to {
			p := r.pos(off + from)
			out = append(out, Inline{Kind: Text, Text: plain(text[from:to]), Line: p.Line, Col: p.Col})
		}
	}
	if !r.latin {
		add(0, len(text))
		return out
	}
	at := 0
	for _, d := range damaged(text, lineStart) {
		add(at, d.from)
		r.find(off+d.from, "%s is damage from an earlier conversion: left out", quoted(text[d.from:d.to]))
		r.drop(off+d.from, off+d.to)
		at = d.to
	}
	add(at, len(text))
	return out
}

// quoted shows characters that may not print by themselves.
func quoted(s string) string {
	codes := ""
	for _, r := range s {
		if !unicode.IsSpace(r) {
			codes += fmt.Sprintf(" U+%04X", r)
		}
	}
	return fmt.Sprintf("%q (%s)", s, codes[1:])
}
