package script

import (
	"strings"
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

func (b *Brief) bounds(part string) bounds {
	out := bounds{least: b.Options.Segment.Least, most: b.Options.Segment.Most}
	if b.Likes != nil {
		if likes := b.Likes(part); likes > 0 {
			out.least = likes
		}
	}
	if b.Most == nil {
		return out
	}
	n, inBytes := b.Most(part)
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

// piece is where a segment's text stands, and how the text after it follows.
type piece struct {
	span
	joint joint
}

// joint says what stands between a piece and the next one.
type joint int

const (
	betweenSentences joint = iota
	betweenClauses
	betweenWords
)

func (j joint) edge() Edge {
	switch j {
	case betweenSentences:
		return EdgeSentence
	case betweenClauses:
		return EdgeClause
	default:
		return EdgeWord
	}
}

// segments cuts a passage's text, in which words stand one space apart, by its
// sentences: they are joined until there are least characters; a remainder shorter
// than that joins the piece before it; no piece is longer than most. A sentence
// of least characters ends a piece whatever came before it, so an edit changes
// the pieces around it and no more.
func segments(text string, found []span, b bounds) []piece {
	var parts []piece
	for _, s := range found {
		if b.fits(text[s.from:s.to]) {
			parts = append(parts, piece{span: s})
			continue
		}
		for _, p := range cut(text[s.from:s.to], b) {
			parts = append(parts, piece{span{s.from + p.from, s.from + p.to}, p.joint})
		}
	}
	return join(text, parts, b)
}

func join(text string, parts []piece, b bounds) []piece {
	long := func(p piece) bool { return utf8.RuneCountInString(text[p.from:p.to]) >= b.least }
	var out []piece
	closed := true // the last of out takes no more sentences
	for _, p := range parts {
		if !closed {
			last := &out[len(out)-1]
			if b.fits(text[last.from:p.to]) {
				last.to, last.joint = p.to, p.joint
				closed = p.joint != betweenSentences || long(*last)
				continue
			}
		}
		out = append(out, p)
		closed = p.joint != betweenSentences || long(p)
	}
	if n := len(out); n > 1 && !long(out[n-1]) {
		before := &out[n-2]
		if before.joint == betweenSentences && b.fits(text[before.from:out[n-1].to]) {
			before.to, before.joint = out[n-1].to, out[n-1].joint
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
	from := 0
	add := func(to int, j joint) {
		end := trimmed(text, from, to)
		if strings.ContainsFunc(text[from:end], speakable) {
			out = append(out, piece{span{from, end}, j})
		}
		from = skipSpace(text, to)
	}
	for !b.fits(text[from:]) {
		n, j := b.divide(text[from:])
		if !strings.ContainsFunc(text[from+n:], speakable) {
			n, j = b.lastWord(text[from:], n), betweenWords
		}
		add(from+n, j)
	}
	add(len(text), betweenSentences)
	return out
}

// lastWord is where the last word, or else the last character, before n
// begins, if it fits together with the marks after n; else n.
func (b bounds) lastWord(text string, n int) int {
	last := strings.LastIndexFunc(text[:n], speakable)
	if last <= 0 {
		return n
	}
	if i := strings.LastIndexFunc(text[:last], unicode.IsSpace); i > 0 && b.fits(strings.TrimSpace(text[i:])) {
		return i
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
		return start
	}
	return n
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
