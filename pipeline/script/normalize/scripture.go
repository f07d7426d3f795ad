package normalize

import "strings"

// scriptural says whether a book of scripture stands before a place.
func (e *english) scriptural(s string, i int) bool {
	prev := before(s, i)
	if e.scripture[prev] {
		return true
	}
	if prev == "" && i > 2 && s[i-1] == ' ' && s[i-2] == '.' {
		prev = before(s, i-2)
	}
	return e.books[prev] != ""
}

// verse reads a book of scripture before its chapter and verse, "Gen. 1:1",
// and which of several books it is: "1 Cor. 13:4", "II Samuel 5:3".
func (e *english) verse(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) {
		return Reading{}, false
	}
	j, which := i, ""
	for _, n := range []struct{ written, said string }{
		{"1 ", "First "},
		{"2 ", "Second "},
		{"3 ", "Third "},
		{"III ", "Third "},
		{"II ", "Second "},
		{"I ", "First "},
	} {
		if prefixed(s, i, n.written) {
			j, which = i+len(n.written), n.said
			break
		}
	}
	end := wordEnd(s, j)
	if end == j || end-j > 16 || !upper(s[j]) {
		return Reading{}, false
	}
	book := s[j:end]
	name := e.books[book]
	if name != "" {
		end += mark(s, end, ".")
	} else if name = book; which == "" || !e.scripture[book] {
		return Reading{}, false
	}
	k := end + space(s, end)
	chapter := digitsEnd(s, k)
	cited := k > end && chapter > k && chapter-k < 4 && at(s, chapter) == ':' && digit(at(s, chapter+1))
	switch strings.TrimSuffix(name, "s") {
	case "Corinthian", "Thessalonian", "Chronicle", "Maccabee":
		cited = cited || which != ""
	}
	if !cited {
		return Reading{}, false
	}
	return Reading{end, which + name, "reference"}, true
}

// bookLines are short names of books (The SBL Handbook of Style, 2nd edition,
// section 8.3).
const bookLines = `Gen Genesis
	Exod Exodus
	Lev Leviticus
	Num Numbers
	Deut Deuteronomy
	Josh Joshua
	Judg Judges
	Sam Samuel
	Kgs Kings
	Chr Chronicles
	Chron Chronicles
	Neh Nehemiah
	Esth Esther
	Ps Psalm
	Pss Psalms
	Prov Proverbs
	Eccl Ecclesiastes
	Isa Isaiah
	Jer Jeremiah
	Lam Lamentations
	Ezek Ezekiel
	Dan Daniel
	Hos Hosea
	Mic Micah
	Hab Habakkuk
	Zech Zechariah
	Mal Malachi
	Matt Matthew
	Rom Romans
	Cor Corinthians
	Gal Galatians
	Eph Ephesians
	Phil Philippians
	Col Colossians
	Thess Thessalonians
	Tim Timothy
	Heb Hebrews
	Jas James
	Pet Peter
	Rev Revelation
	Macc Maccabees`
