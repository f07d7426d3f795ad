package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Rules of edits that others ask for; the first two hold in every language.
const (
	Damaged   = "damaged"   // bytes or characters that a wrong conversion left
	Invisible = "invisible" // characters that are not seen and not said
	Markup    = "markup"    // marks of formatting that were left in a text
)

// Further rules that hold in every language.
const (
	ruleSpace = "space" // unusual spaces and line ends
	ruleForm  = "form"  // letters in a presentation form
)

// mostMarks is how many combining marks a letter may carry. Vietnamese has
// two; piles of them are decoration.
const mostMarks = 3

// repair gives the text without damaged and invisible characters, and what was
// done. Offsets of the repairs are those of s.
func repair(s string) (string, []Edit) {
	var edits []Edit
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f || c == '\n' || c == '\t' {
			i++
			continue
		}
		e, n := look(s, i)
		if e.Rule == "" {
			i += n
			continue
		}
		if k := len(edits) - 1; k >= 0 && edits[k].To > e.From {
			// A mark after a letter that was repaired itself.
			edits[k] = Edit{From: edits[k].From, To: e.To, Spoken: norm.NFC.String(edits[k].Spoken + s[edits[k].To:e.To]), Rule: edits[k].Rule}
		} else if s[e.From:e.To] != e.Spoken {
			edits = append(edits, e)
		}
		i = e.To
	}
	return apply(s, edits).Text, edits
}

// look judges the character at i. Without a rule it is left, n bytes long.
func look(s string, i int) (e Edit, n int) {
	r, n := utf8.DecodeRuneInString(s[i:])
	say := func(to int, spoken, rule string) (Edit, int) {
		return Edit{From: i, To: to, Spoken: spoken, Rule: rule}, n
	}
	switch {
	case r == utf8.RuneError && n == 1:
		return say(i+1, windows(s[i]), Damaged)
	case r == utf8.RuneError:
		return say(i+n, lost(s, i, n), Damaged)
	case r == '\r' && at(s, i+1) == '\n':
		return say(i+1, "", ruleSpace)
	case r == '\r', r == '\v', r == '\f', r == 0x85, r == 0x2028, r == 0x2029:
		return say(i+n, "\n", ruleSpace)
	case r < ' ' || r == 0x7f:
		return say(i+1, "", Invisible)
	case r >= 0x80 && r < 0xa0:
		return say(i+n, windows(byte(r)), Damaged)
	case r == 'Â' || r == 'Ã' || r == 'â' || r == 'ð':
		if fixed, to := unscramble(s, i); to > 0 {
			return say(to, fixed, Damaged)
		}
	case thin(r) && digit(at(s, i-1)) && digit(at(s, i+n)), r == 0xa0 && grouped(s, i, i+n):
		return Edit{}, n // groups digits: the language's numbers know it
	case r == 0xa0 || r >= 0x2000 && r <= 0x200a || r == 0x202f || r == 0x205f || r == 0x3000:
		return say(i+n, " ", ruleSpace)
	case unseen(r) && !joins(s, i, n, r):
		return say(i+n, "", Invisible)
	case r >= 0xfb00 && r <= 0xfb06, r >= 0x1d400 && r <= 0x1d7ff,
		r >= 0xff10 && r <= 0xff19, r >= 0xff21 && r <= 0xff3a, r >= 0xff41 && r <= 0xff5a:
		return say(i+n, norm.NFKC.String(string(r)), ruleForm)
	case r >= 0x300 && r < 0x370:
		return marks(s, i), n
	}
	return Edit{}, n
}

// grouped says whether what stands from i to j divides three digits from those
// before it.
func grouped(s string, i, j int) bool {
	return digit(at(s, i-1)) && digitsEnd(s, j) == j+3 && closed(s, j+3)
}

// windows is a byte of Windows-1252, the encoding that text most often is in
// where it is not in UTF-8.
func windows(b byte) string {
	r := charmap.Windows1252.DecodeByte(b)
	if r == utf8.RuneError || unicode.IsControl(r) {
		return ""
	}
	if r == 0xa0 {
		return " "
	}
	return string(r)
}

// lost guesses the character that a replacement character stands for: an
// apostrophe inside a word, otherwise nothing.
func lost(s string, i, n int) string {
	if unicode.IsLetter(runeBefore(s, i)) {
		word, _, _ := after(s, i+n)
		switch strings.ToLower(word) {
		case "s", "t", "re", "ve", "ll", "d", "m":
			if !strings.HasPrefix(s[i+n:], " ") {
				return "’"
			}
		}
	}
	return ""
}

// unscramble finds the character whose UTF-8 bytes were read as Windows-1252:
// "â€™" for an apostrophe. Only leading characters that no language writes
// before such signs are asked.
func unscramble(s string, i int) (string, int) {
	var raw []byte
	for j := i; j < len(s) && len(raw) < utf8.UTFMax; {
		r, n := utf8.DecodeRuneInString(s[j:])
		b, ok := charmap.Windows1252.EncodeRune(r)
		if !ok && r >= 0x80 && r < 0xa0 {
			b, ok = byte(r), true
		}
		if !ok || len(raw) > 0 && b&0xc0 != 0x80 {
			break
		}
		raw = append(raw, b)
		j += n
		if utf8.FullRune(raw) && len(raw) > 1 {
			fixed, size := utf8.DecodeRune(raw)
			if fixed == utf8.RuneError || size != len(raw) || raw[0] == 0xe2 && fixed < 0x2000 {
				return "", 0
			}
			if fixed == 0xa0 {
				return " ", j
			}
			return string(fixed), j
		}
	}
	return "", 0
}

// unseen are the characters without a look or a sound.
func unseen(r rune) bool {
	switch {
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x180e, r == 0x3164, r == 0xfeff, r == 0xfffc:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff:
		return true
	case r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000: // private use: symbols of icon fonts
		return true
	}
	return r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe
}

// joins says whether an unseen character does something between its
// neighbours: joins emoji, or letters of a script that needs it.
func joins(s string, i, n int, r rune) bool {
	prev, next := runeBefore(s, i), runeAt(s, i+n)
	emoji := prev >= 0x2190 && prev <= 0x2bff || prev >= 0x1f000 && prev < 0x20000 || prev == 0xfe0f || prev == 0x20e3
	switch {
	case r == 0x200d || r == 0xfe0f || r >= 0xe0020 && r <= 0xe007f:
		if emoji || prev >= 0xe0020 && prev <= 0xe007f || next == 0x20e3 {
			return true
		}
	}
	if r == 0x200b || r == 0x200c || r == 0x200d {
		return unicode.IsOneOf(joined(), prev) && unicode.IsOneOf(joined(), next)
	}
	return false
}

// joined are the scripts in which zero-width characters divide or join.
func joined() []*unicode.RangeTable {
	return []*unicode.RangeTable{
		unicode.Arabic, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil,
		unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Thai, unicode.Lao, unicode.Khmer,
		unicode.Myanmar, unicode.Tibetan, unicode.Mongolian, unicode.Syriac,
	}
}

// marks sets combining marks onto the letter before them.
func marks(s string, i int) Edit {
	end, count := i, 0
	kept := i
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if r < 0x300 || r >= 0x370 {
			break
		}
		end += n
		if count++; count <= mostMarks {
			kept = end
		}
	}
	base := runeBefore(s, i)
	if !unicode.IsLetter(base) {
		if count > mostMarks {
			return Edit{From: i, To: end, Rule: Invisible}
		}
		return Edit{From: i, To: end, Spoken: s[i:end], Rule: ruleForm}
	}
	from := i - utf8.RuneLen(base)
	return Edit{From: from, To: end, Spoken: norm.NFC.String(s[from:kept]), Rule: ruleForm}
}
