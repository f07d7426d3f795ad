package script

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// bounds are the lengths that segments of one role keep to.
type bounds struct {
	least int
	most  int // characters; 0 is no bound
	bytes int // 0 is no bound
}

func (b *Brief) bounds(role string) bounds {
	out := bounds{least: b.Options.Segment.Least, most: b.Options.Segment.Most}
	if b.Most == nil {
		return out
	}
	n, inBytes := b.Most(role)
	switch {
	case n <= 0:
	case inBytes:
		out.bytes = n
	case out.most == 0 || n < out.most:
		out.most = n
	}
	return out
}

func (b bounds) fits(text string) bool {
	if b.most > 0 && len(text) > utf8.UTFMax*b.most {
		return false // without counting what is far too long
	}
	return (b.bytes == 0 || len(text) <= b.bytes) && (b.most == 0 || utf8.RuneCountInString(text) <= b.most)
}

// piece is the text of a segment, where it begins, and how the text after it
// follows.
type piece struct {
	text  string
	at    string
	joint joint
}

// joint says what stands between a piece and the next one.
type joint int

const (
	betweenSentences joint = iota
	betweenClauses
	betweenWords
)

func (j joint) pause(p Pauses) time.Duration {
	switch j {
	case betweenSentences:
		return p.Sentence
	case betweenClauses:
		return p.Sentence / 2
	default:
		return 0
	}
}

// segments cuts a passage's text: sentences are joined until there are least
// characters; a remainder shorter than that joins the piece before it; no
// piece is longer than most. A sentence of least characters ends a piece
// whatever came before it, so an edit changes the pieces around it and no more.
func segments(text string, place func(off int) string, b bounds) []piece {
	var parts []piece
	for _, s := range sentences(text) {
		where := place(s.from)
		sentence := strings.Join(strings.Fields(text[s.from:s.to]), " ")
		if b.fits(sentence) {
			parts = append(parts, piece{text: sentence, at: where})
			continue
		}
		for _, p := range cut(sentence, b) {
			parts = append(parts, piece{p.text, where, p.joint})
		}
	}
	return join(parts, b)
}

func join(parts []piece, b bounds) []piece {
	var out []piece
	closed := true // the last of out takes no more sentences
	for _, p := range parts {
		if !closed {
			last := &out[len(out)-1]
			if both := last.text + " " + p.text; b.fits(both) {
				last.text, last.joint = both, p.joint
				closed = p.joint != betweenSentences || utf8.RuneCountInString(both) >= b.least
				continue
			}
		}
		out = append(out, p)
		closed = p.joint != betweenSentences || utf8.RuneCountInString(p.text) >= b.least
	}
	if n := len(out); n > 1 && utf8.RuneCountInString(out[n-1].text) < b.least {
		before := &out[n-2]
		if both := before.text + " " + out[n-1].text; before.joint == betweenSentences && b.fits(both) {
			before.text, before.joint = both, out[n-1].joint
			out = out[:n-1]
		}
	}
	return out
}

// cut divides a sentence that is too long: after the last clause that fits, or
// else between words, or else, in a word that is too long itself, between
// characters as people see them. Every piece has a word in it: marks alone
// cannot be asked for, so a last word goes with the marks after it, and marks
// that fit nowhere are left out.
func cut(text string, b bounds) []piece {
	var out []piece
	for !b.fits(text) {
		n, j := b.divide(text)
		if !strings.ContainsFunc(text[n:], speakable) {
			n, j = b.lastWord(text, n)
		}
		if p := strings.TrimRightFunc(text[:n], unicode.IsSpace); strings.ContainsFunc(p, speakable) {
			out = append(out, piece{text: p, joint: j})
		}
		text = strings.TrimLeftFunc(text[n:], unicode.IsSpace)
	}
	if strings.ContainsFunc(text, speakable) {
		out = append(out, piece{text: text})
	}
	return out
}

// lastWord is where the last word, or else the last character, before n
// begins, if it fits together with the marks after n; else n.
func (b bounds) lastWord(text string, n int) (int, joint) {
	last := strings.LastIndexFunc(text[:n], speakable)
	if last <= 0 {
		return n, betweenWords
	}
	if i := strings.LastIndexFunc(text[:last], unicode.IsSpace); i > 0 && b.fits(strings.TrimSpace(text[i:])) {
		return i, betweenWords
	}
	start := 0
	for rest, state := text[:n], -1; rest != ""; {
		var g string
		g, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if start+len(g) > last {
			break
		}
		start += len(g)
	}
	if start > 0 && b.fits(text[start:]) && strings.ContainsFunc(text[:start], speakable) {
		return start, betweenWords
	}
	return n, betweenWords
}

// shortestShare keeps a clause from being cut off when it is under a third of
// what fits: better a longer breath at a word.
const shortestShare = 3

func (b bounds) divide(text string) (int, joint) {
	clause, word := 0, 0
	limit := b.reach(text)
	for i, r := range text[:limit] {
		end := i + utf8.RuneLen(r)
		next, _ := utf8.DecodeRuneInString(text[end:])
		switch {
		case strings.ContainsRune("，、；：", r):
			clause = end
		case unicode.IsSpace(next) && (strings.ContainsRune(",;:–—)", r) || r == '-' && i > 0 && text[i-1] == ' '):
			clause, word = end, end
		case unicode.IsSpace(next):
			word = end
		}
	}
	switch {
	case clause > limit/shortestShare:
		return clause, betweenClauses
	case word > 0:
		return word, betweenWords
	case clause > 0:
		return clause, betweenClauses
	}
	// One word alone, or a script without spaces.
	end, state := 0, -1
	for rest := text; end < limit; {
		var g string
		g, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if end > 0 && end+len(g) > limit {
			break
		}
		end += len(g)
	}
	if end > limit { // one character, as people see it, that is too long
		end = limit
	}
	return end, betweenWords
}

// reach is how many bytes of a text fit, at least one character.
func (b bounds) reach(text string) int {
	end, n := 0, 0
	for i, r := range text {
		n++
		next := i + utf8.RuneLen(r)
		if i > 0 && (b.most > 0 && n > b.most || b.bytes > 0 && next > b.bytes) {
			break
		}
		end = next
	}
	return end
}
