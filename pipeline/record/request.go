package record

import (
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// Request is what is asked for the segment at a place of a script.
func Request(cast *voices.Cast, sc *script.Script, at script.Place) voices.Request {
	segments := sc.Chapters[at.Chapter].Segments
	seg := &segments[at.Index]
	req := voices.Request{Voice: cast.Voice(seg.Part()), Text: seg.Text, Language: sc.Language, Take: seg.Take}
	for _, p := range seg.Phonemes {
		req.Phonemes = append(req.Phonemes, voices.Phoneme{From: p.From, To: p.To, IPA: p.IPA})
	}
	req.Spellings = spellings(seg.Written, seg.Edits)
	if kind := req.Voice.Context; kind != "" && kind != voices.ContextNone {
		req.Previous = beside(kind, segments, at.Index, -1)
		req.Next = beside(kind, segments, at.Index, 1)
	}
	return req
}

// beside is what is said right before (by is -1) or after (1) a segment of a
// chapter by the same role and voice.
func beside(kind string, segments []script.Segment, i, by int) string {
	if j := i + by; j < 0 || j >= len(segments) {
		return ""
	}
	seg, other := &segments[i], &segments[i+by]
	if other.Role != seg.Role || other.Voice != seg.Voice {
		return ""
	}
	if kind == voices.ContextParagraph {
		return other.Text
	}
	sentences := script.Sentences(other.Text)
	switch {
	case len(sentences) == 0:
		return ""
	case by < 0:
		return sentences[len(sentences)-1]
	default:
		return sentences[0]
	}
}
