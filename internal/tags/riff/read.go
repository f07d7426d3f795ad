package riff

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// Read reads the tag of the WAV file of size bytes in src. Of what is damaged
// beside the sound it reads the rest.
func Read(src io.ReaderAt, size int64) (*Tag, error) {
	in, err := scan(src, size)
	if err != nil {
		return nil, err
	}
	t := &Tag{Rate: int(in.rate), Frames: in.frames()}
	var points []point
	titles, lengths := map[uint32]string{}, map[uint32]uint32{}
	for i, c := range in.chunks {
		ours, err := replaced(src, c)
		if err != nil {
			return nil, err
		}
		if i == in.data || !ours || c.size > maxChunk {
			continue
		}
		b, err := body(src, c)
		if err != nil {
			return nil, err
		}
		switch {
		case c.kind == "cue " && points == nil:
			points = cues(b)
		case c.kind == "LIST" && bytes.HasPrefix(b, []byte("INFO")):
			t.info(b[4:])
		case c.kind == "LIST":
			for kind, b := range inside(b[4:]) {
				switch {
				case len(b) < 4:
				case kind == "labl":
					titles[le.Uint32(b)] = upToNUL(b[4:])
				case kind == "ltxt" && len(b) >= 8:
					lengths[le.Uint32(b)] = le.Uint32(b[4:])
				}
			}
		case (c.kind == "id3 " || c.kind == "ID3 ") && t.ID3 == nil:
			t.ID3 = b
		}
	}
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(a.frame, b.frame) })
	for i, p := range points {
		end := in.frames()
		if n, ok := lengths[p.id]; ok {
			end = int64(p.frame) + int64(n)
		} else if i+1 < len(points) {
			end = int64(points[i+1].frame)
		}
		t.Chapters = append(t.Chapters, Chapter{Title: titles[p.id], Start: in.time(int64(p.frame)), End: in.time(max(end, int64(p.frame)))})
	}
	return t, nil
}

// time is that of a frame.
func (w *wave) time(frame int64) time.Duration {
	return time.Duration(math.Round(float64(frame) / float64(w.rate) * float64(time.Second)))
}

// point is a cue point: its number, and the frame it stands at.
type point struct{ id, frame uint32 }

func cues(b []byte) []point {
	const each = 24
	out := []point{}
	if len(b) < 4 {
		return out
	}
	for b = b[4:]; len(b) >= each; b = b[each:] {
		out = append(out, point{le.Uint32(b), le.Uint32(b[20:])})
	}
	return out
}

// info lays words into the tag; the first of a kind wins.
func (t *Tag) info(b []byte) {
	for kind, b := range inside(b) {
		set := func(s *string) {
			if *s == "" {
				*s = upToNUL(b)
			}
		}
		switch kind {
		case "INAM":
			set(&t.Title)
		case "IART":
			set(&t.Artist)
		case "IPRD":
			set(&t.Album)
		case "IGNR":
			set(&t.Genre)
		case "ILNG":
			set(&t.Language)
		case "ICMT":
			set(&t.Comment)
		case "ICRD":
			if t.Date.IsZero() {
				t.Date = text.Day(upToNUL(b))
			}
		}
	}
}

// upToNUL is what is before the first NUL.
func upToNUL(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return strings.ToValidUTF8(string(b), "\ufffd")
}
