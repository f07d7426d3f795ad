package cue

import (
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// Original is the text of a segment's cue: what its author wrote, to the byte,
// or what is said where nobody wrote it.
func Original(seg *script.Segment) Passage {
	text, stretches := original(seg)
	b := shower{}
	for _, s := range stretches {
		b.tieAt(s.from, s.said)
		b.tieAt(s.to, s.end)
	}
	return Passage{Text: text, ties: b.ties}
}

// Sentences are when the sentences of a passage are heard.
func Sentences(p Passage, c *Clock) []podcast.Word {
	var out []podcast.Word
	from := 0
	for to := range sentences(p.Text) {
		from = skipSpace(p.Text, from)
		start := c.At(p.Said(from))
		out = append(out, podcast.Word{Start: start, End: max(start, c.At(p.Said(to))), From: from, To: to})
		from = to
	}
	return out
}

func skipSpace(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) {
			break
		}
		i += n
	}
	return i
}

// Words are when the words of a segment's original text are heard, as its
// endpoint told; nil where it did not. What is said in several words, such as
// a number, is one.
func Words(seg *script.Segment, marks []voices.Mark, c *Clock) []podcast.Word {
	_, all := original(seg)
	var out []podcast.Word
	for _, m := range Told(seg.Text, marks) {
		for len(all) > 0 && all[0].end <= m.From {
			all = all[1:]
		}
		if len(all) == 0 {
			break
		}
		last := 0
		for last+1 < len(all) && all[last+1].said < m.To {
			last++
		}
		from, to := all[0].from, all[last].to
		if all[0].edit == nil {
			from += m.From - all[0].said
		}
		if all[last].edit == nil {
			to = min(to, all[last].from+m.To-all[last].said)
		}
		if from >= to {
			continue // words that nobody wrote
		}
		w := podcast.Word{Start: c.At(m.From), End: c.At(m.To), From: from, To: to}
		if n := len(out); n > 0 && from < out[n-1].To {
			out[n-1].End, out[n-1].To = max(out[n-1].End, w.End), max(out[n-1].To, to)
			continue
		}
		out = append(out, w)
	}
	return out
}
