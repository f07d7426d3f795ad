package cue

import "github.com/narrapress/narrapress/pipeline/script"

// stretch is a stretch of what an author wrote, and that of what is said for
// it: the same, or an edit.
type stretch struct {
	from, to  int // bytes of what is written
	said, end int // bytes of what is said
	edit      *script.Edit
}

// original is what the author of a segment wrote, or what is said where nobody
// wrote it, and its stretches, in order, without gaps. Edits that cannot be of
// the text are one edit of all of it.
func original(seg *script.Segment) (string, []stretch) {
	text := seg.Original()
	if text == "" {
		text = seg.Text
	}
	if len(seg.Edits) == 0 {
		return text, []stretch{{0, len(text), 0, len(text), nil}}
	}
	var out []stretch
	at, said := 0, 0
	for i := range seg.Edits {
		e := &seg.Edits[i]
		if e.From < at || e.To < e.From || e.To > len(seg.Written) {
			return seg.Text, []stretch{{0, len(seg.Text), 0, len(seg.Text), nil}}
		}
		if e.From > at {
			out = append(out, stretch{at, e.From, said, said + e.From - at, nil})
			said += e.From - at
		}
		out = append(out, stretch{e.From, e.To, said, said + len(e.Spoken), e})
		at, said = e.To, said+len(e.Spoken)
	}
	if at < len(seg.Written) {
		out = append(out, stretch{at, len(seg.Written), said, said + len(seg.Written) - at, nil})
	}
	if text != seg.Written { // an empty one: nothing but the script's own words
		return seg.Text, []stretch{{0, len(seg.Text), 0, len(seg.Text), nil}}
	}
	return text, out
}
