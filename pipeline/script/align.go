package script

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// Anchor says where the text of a segment from an offset on stands in the
// source. Lines and columns (in characters) count from 1.
type Anchor struct {
	Off  int    `json:"off"`            // bytes of Segment.Written
	File string `json:"file,omitempty"` // of a book: the path in it, of a segment's first anchor
	Line int    `json:"line"`
	Col  int    `json:"col"`
}

// Original is what the author wrote for a segment; "" for words that are all
// the script's own.
func (s *Segment) Original() string {
	switch {
	case len(s.Edits) > 0:
		return s.Written
	case s.Announcement:
		return ""
	default:
		return s.Text
	}
}

// Words is what the author wrote for a segment in words: without formulas,
// code, addresses and emoji, which are said otherwise, and with the words that
// are said for units and short forms: nobody hears "kn".
func (s *Segment) Words() string {
	if len(s.Edits) == 0 {
		return s.Original()
	}
	var out strings.Builder
	at := 0
	for _, e := range s.Edits {
		out.WriteString(s.Written[at:e.From])
		written := s.Written[e.From:e.To]
		switch rule, _, _ := strings.Cut(e.Rule, "+"); rule {
		case RuleMath, RuleCode, RuleLink, RuleEmoji, RuleSay, RuleOverlay:
			written = strings.Repeat(" ", len(written))
		case "measure", "range", "money", "time", "date", "duration", "percent", "fraction", "dimensions", "abbreviation", "address", "reference":
			if !holdsWords(e.Spoken, written) {
				written = e.Spoken
			}
		}
		out.WriteString(written)
		at = e.To
	}
	out.WriteString(s.Written[at:])
	return out.String()
}

// holdsWords says whether all words of another text stand in a text.
func holdsWords(text, other string) bool {
	words := strings.FieldsFunc(text, notLetter)
	for w := range strings.FieldsFuncSeq(other, notLetter) {
		if !slices.Contains(words, w) {
			return false
		}
	}
	return true
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// realign makes the alignment of a segment true after a person has changed
// its text: what was changed is an edit of its own, and the rest keeps the
// rules that made it.
func (s *Segment) realign() {
	if s.Written == "" && len(s.Edits) == 0 {
		return
	}
	if !valid(s.Written, s.Edits) {
		s.Edits = nil
	}
	was := normalize.Apply(s.Written, s.Edits)
	if was != s.Text {
		s.Edits = compose(was, s.Edits, []Edit{changed(was, s.Text)})
	}
	if len(s.Edits) == 0 {
		s.Written = ""
	}
}

// changed is the one edit that makes a text of another, in whole words.
func changed(was, is string) Edit {
	head := 0
	for head < min(len(was), len(is)) && was[head] == is[head] {
		head++
	}
	head = wordStart(was, is, head)
	tail := 0
	for tail < min(len(was), len(is))-head && was[len(was)-1-tail] == is[len(is)-1-tail] {
		tail++
	}
	tail = wordEnd(was, is, tail)
	return Edit{From: head, To: len(was) - tail, Spoken: is[head : len(is)-tail], Rule: RuleEdited}
}

// wordStart moves the end of a common beginning back to where a word ends.
func wordStart(a, b string, n int) int {
	for n > 0 {
		before, size := utf8.DecodeLastRuneInString(a[:n])
		if !inWord(before) || (n == len(a) || !inWord(runeAt(a, n))) && (n == len(b) || !inWord(runeAt(b, n))) {
			if utf8.ValidString(a[:n]) {
				return n
			}
		}
		n -= size
	}
	return 0
}

// wordEnd makes a common end shorter until it begins where a word does.
func wordEnd(a, b string, n int) int {
	for n > 0 {
		i, j := len(a)-n, len(b)-n
		first := runeAt(a, i)
		if utf8.RuneStart(a[i]) {
			before, _ := utf8.DecodeLastRuneInString(a[:i])
			other, _ := utf8.DecodeLastRuneInString(b[:j])
			if !inWord(first) || !(i > 0 && inWord(before)) && !(j > 0 && inWord(other)) {
				return n
			}
		}
		n--
	}
	return 0
}

func runeAt(s string, i int) rune {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '\'' || r == '’'
}

// piecer cuts a line into aligned pieces, from its beginning to its end. It
// passes everything once: a line may have as many pieces as it has words.
type piecer struct {
	line     *line
	edits    []Edit    // those that are not passed yet
	phonemes []Phoneme // likewise
	said     int       // how far the line is passed
	written  int
	marks    int // how many marks are passed
	counted  int // how far the characters after the last mark are counted
	chars    int // how many there are
}

func newPiecer(l *line) *piecer {
	return &piecer{line: l, edits: slices.Clone(l.edits), phonemes: l.spoken}
}

// next is the piece of what is said between two offsets, which are not before
// those of the last call.
func (p *piecer) next(from, to int) Segment {
	p.advance(from, false, nil)
	start := p.written
	var edits []Edit
	p.advance(to, true, func(e Edit) {
		e.From, e.To = e.From-start, e.To-start
		edits = append(edits, e)
	})
	s := Segment{Text: string(p.line.said[from:to]), Phonemes: p.spoken(from, to)}
	if len(edits) > 0 {
		s.Written, s.Edits = string(p.line.written[start:p.written]), edits
	}
	s.Anchors = p.anchors(start)
	return s
}

// spoken are the phonemes of a piece. A word that is cut has none.
func (p *piecer) spoken(from, to int) []Phoneme {
	n := 0
	for n < len(p.phonemes) && p.phonemes[n].From < to {
		n++
	}
	out := within(p.phonemes[:n], from, to)
	p.phonemes = p.phonemes[n:]
	return out
}

// within are the phonemes of a stretch, from its beginning. A word that is cut
// has none.
func within(all []Phoneme, from, to int) []Phoneme {
	var out []Phoneme
	for _, p := range all {
		if p.From >= from && p.To <= to {
			out = append(out, Phoneme{From: p.From - from, To: p.To - from, IPA: p.IPA})
		}
	}
	return out
}

// advance passes what is said before an offset; with ending, also what is
// left out there.
func (p *piecer) advance(to int, ending bool, passed func(Edit)) {
	for len(p.edits) > 0 {
		e := p.edits[0]
		at := p.said + e.From - p.written
		if at > to || at == to && (e.Spoken != "" || !ending) {
			break
		}
		if end := at + len(e.Spoken); end > to { // the cut goes through the edit
			rest := Edit{From: e.To, To: e.To, Spoken: e.Spoken[to-at:], Rule: e.Rule}
			e.Spoken = e.Spoken[:to-at]
			p.edits[0] = rest
		} else {
			p.edits = p.edits[1:]
		}
		p.said, p.written = at+len(e.Spoken), e.To
		if passed != nil {
			passed(e)
		}
		if p.said == to && len(p.edits) > 0 && p.edits[0].From == p.written && p.edits[0].Spoken != "" {
			break
		}
	}
	if p.said < to {
		p.written += to - p.said
		p.said = to
	}
}

// anchors are those of a piece that ends where the piecer stands.
func (p *piecer) anchors(start int) []Anchor {
	marks := p.line.marks
	for p.marks+1 < len(marks) && marks[p.marks+1].off <= start {
		p.marks++
		p.counted, p.chars = marks[p.marks].off, 0
	}
	if len(marks) == 0 || marks[p.marks].off > start && marks[p.marks].off >= p.written {
		return nil
	}
	var out []Anchor
	for i := p.marks; i < len(marks) && (marks[i].off < p.written || len(out) == 0); i++ {
		m := marks[i]
		place := Anchor{Off: m.off - start, Line: m.line, Col: m.col}
		if m.off < start {
			p.counted = max(p.counted, m.off)
			p.chars += utf8.RuneCount(p.line.written[p.counted:start])
			p.counted = start
			place = Anchor{Line: m.line, Col: m.col + p.chars}
		}
		out = append(out, place)
	}
	return out
}
