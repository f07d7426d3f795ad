package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document/markup"
)

// runs divides each text at the words of its segments. A mark goes with the
// word it touches; between two it goes with the one before, up to the last white
// space. That itself is nobody's between two segments.
func (a *aligner) runs() [][]markup.Run {
	out := make([][]markup.Run, len(a.texts))
	k := 0
	before, block := 0, -1 // the segment of the last word, and its block
	for i, t := range a.texts {
		if t.Block != block {
			before, block = 0, t.Block
		}
		var r runsOf
		at := 0
		first := k
		for ; k < len(a.words) && a.words[k].in == i; k++ {
			w := a.words[k]
			r.gap(t.Text, at, w.from, before, w.segment)
			r.add(w.to, w.segment)
			before, at = w.segment, w.to
		}
		switch {
		case k == first && before == 0 && k < len(a.words) && a.words[k].block == t.Block:
			r.add(len(t.Text), a.words[k].segment) // marks before the first word
		default:
			r.gap(t.Text, at, len(t.Text), before, a.after(k, t.Block))
		}
		if t.Whole && k > first {
			r = runsOf{{To: len(t.Text), Segment: most(a.words[first:k])}}
		}
		out[i] = r
	}
	return out
}

// after is the segment of the next word, if that is in the block.
func (a *aligner) after(k, block int) int {
	if k < len(a.words) && a.words[k].block == block {
		return a.words[k].segment
	}
	return 0
}

// most is the segment that speaks the first word that is spoken.
func most(words []token) int {
	for _, w := range words {
		if w.segment != 0 {
			return w.segment
		}
	}
	return 0
}

type runsOf []markup.Run

func (r *runsOf) add(to, segment int) {
	if n := len(*r); n > 0 {
		last := &(*r)[n-1]
		if last.To >= to {
			return
		}
		if last.Segment == segment {
			last.To = to
			return
		}
	} else if to == 0 {
		return
	}
	*r = append(*r, markup.Run{To: to, Segment: segment})
}

// gap adds what stands between two words.
func (r *runsOf) gap(text string, from, to, before, after int) {
	if from == to {
		return
	}
	if before == after {
		r.add(to, before)
		return
	}
	gap := text[from:to]
	i := strings.LastIndexFunc(gap, unicode.IsSpace)
	if i < 0 { // no space: what opens is the next one's
		i = strings.IndexFunc(gap, opens)
		if before == 0 && i < 0 {
			i = 0
		}
		if i < 0 {
			i = len(gap)
		}
		r.add(from+i, before)
		r.add(to, after)
		return
	}
	_, size := utf8.DecodeRuneInString(gap[i:])
	space := len(strings.TrimRightFunc(gap[:i+size], unicode.IsSpace))
	r.add(from+space, before)
	r.add(from+i+size, 0)
	r.add(to, after)
}

// opens says whether a mark belongs to what follows it.
func opens(r rune) bool {
	return unicode.In(r, unicode.Ps, unicode.Pi) || strings.ContainsRune(`"'¿¡`, r)
}
