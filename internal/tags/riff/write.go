package riff

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// ds64Size is the body of RF64's chunk of sizes, with an empty table (EBU Tech
// 3306).
const ds64Size = 28

// Write copies the WAV file of size bytes in src to w with the tag in place of
// its own, behind the sound.
func Write(w io.Writer, src io.ReaderAt, size int64, t *Tag) error {
	chapters, err := t.check()
	if err != nil {
		return err
	}
	in, err := scan(src, size)
	if err != nil {
		return err
	}
	// What is left of the old file, and where it was: sound and what is not told here.
	var kept []chunk
	total := int64(4) // "WAVE"
	for i, c := range in.chunks {
		old, err := replaced(src, c)
		switch {
		case err != nil:
			return err
		case old && i != in.data:
			continue
		}
		kept = append(kept, c)
		total += 8 + c.size + c.size&1
	}
	tail := appendCues(nil, chapters, in)
	tail = appendInfo(tail, t)
	if len(t.ID3) > 0 {
		tail = appendChunk(tail, "id3 ", t.ID3)
	}
	total += int64(len(tail))
	data := in.chunks[in.data].size
	head := []byte("RIFF")
	wide := total > math.MaxUint32
	if wide {
		head = []byte("RF64")
		total += 8 + ds64Size
		head = le.AppendUint32(head, sizeUnknown)
	} else {
		head = le.AppendUint32(head, uint32(total))
	}
	head = append(head, "WAVE"...)
	if wide {
		b := le.AppendUint64(nil, uint64(total))
		b = le.AppendUint64(b, uint64(data))
		b = le.AppendUint64(b, uint64(in.frames()))
		head = appendChunk(head, "ds64", le.AppendUint32(b, 0))
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	buf := make([]byte, 256<<10)
	for _, c := range kept {
		if err := copyChunk(w, src, c, wide, buf); err != nil {
			return err
		}
	}
	_, err = w.Write(tail)
	return err
}

// replaced says whether a chunk is of what is written anew, or only keeps a
// place for RF64's sizes.
func replaced(src io.ReaderAt, c chunk) (bool, error) {
	switch c.kind {
	case "ds64", "JUNK", "cue ", "id3 ", "ID3 ":
		return true, nil
	case "LIST":
		var b [4]byte
		if n, err := src.ReadAt(b[:], c.at); n < len(b) && err != io.EOF { // a list of nothing may be a file's end
			return false, err
		}
		return string(b[:]) == "INFO" || string(b[:]) == "adtl", nil
	}
	return false, nil
}

func copyChunk(w io.Writer, src io.ReaderAt, c chunk, wide bool, buf []byte) error {
	size := uint32(min(c.size, math.MaxUint32))
	if wide && c.kind == "data" {
		size = sizeUnknown
	}
	if _, err := w.Write(le.AppendUint32([]byte(c.kind), size)); err != nil {
		return err
	}
	n, err := io.CopyBuffer(onlyWriter{w}, io.NewSectionReader(src, c.at, c.size), buf)
	if err == nil && n < c.size {
		err = fmt.Errorf("%w: it ends inside a chunk", ErrBroken)
	}
	if err == nil && c.size%2 != 0 {
		_, err = w.Write([]byte{0})
	}
	return err
}

// onlyWriter keeps io.CopyBuffer to its buffer.
type onlyWriter struct{ io.Writer }

func (t *Tag) check() ([]Chapter, error) {
	if y := t.Date.Year(); !t.Date.IsZero() && (y < 1 || y > 9999) {
		return nil, fmt.Errorf("the year %d does not fit four digits", y)
	}
	if len(t.ID3) > maxChunk {
		return nil, errors.New("the ID3 tag is larger than 64 MiB")
	}
	for i, c := range t.Chapters {
		if c.Start < 0 || c.End < c.Start {
			return nil, fmt.Errorf("chapter %d (%s) lasts from %v to %v", i+1, c.Title, c.Start, c.End)
		}
	}
	out := slices.Clone(t.Chapters)
	slices.SortStableFunc(out, func(a, b Chapter) int { return cmp.Compare(a.Start, b.Start) })
	return out, nil
}

// appendCues writes the cue points (chapter 3, "Cue-Points Chunk") and the list
// of what they are ("Associated Data Chunk"). They are numbered from 0, as
// ffmpeg numbers the chapters of the ID3 tag: it takes those of one number for
// the same.
func appendCues(b []byte, chapters []Chapter, in *wave) []byte {
	var points, list []byte
	n := uint32(0)
	for _, c := range chapters {
		from, to := in.frame64(c.Start), in.frame64(c.End)
		if from > math.MaxUint32 {
			break
		}
		points = le.AppendUint32(points, n)
		points = le.AppendUint32(points, uint32(from))
		points = append(points, "data"...)
		points = append(points, 0, 0, 0, 0, 0, 0, 0, 0) // one chunk, one block
		points = le.AppendUint32(points, uint32(from))
		list = appendChunk(list, "labl", append(append(le.AppendUint32(nil, n), text.Line(c.Title)...), 0))
		region := le.AppendUint32(nil, n)
		region = le.AppendUint32(region, uint32(min(to-from, math.MaxUint32)))
		region = append(region, "rgn \x00\x00\x00\x00\x00\x00\x00\x00"...) // no country, language, dialect, code page
		list = appendChunk(list, "ltxt", region)
		n++
	}
	if n == 0 {
		return b
	}
	b = appendChunk(b, "cue ", append(le.AppendUint32(nil, n), points...))
	return appendChunk(b, "LIST", append([]byte("adtl"), list...))
}

// frame64 is the frame at a time, which is taken to the millisecond.
func (w *wave) frame64(d time.Duration) int64 {
	return int64(min(math.Round(d.Round(time.Millisecond).Seconds()*float64(w.rate)), 1<<62))
}

// appendInfo writes the words of the file (chapter 2, "INFO List Chunk").
func appendInfo(b []byte, t *Tag) []byte {
	var list []byte
	add := func(kind, s string) {
		if s != "" {
			list = appendChunk(list, kind, append([]byte(s), 0))
		}
	}
	add("INAM", text.Line(t.Title))
	add("IART", text.Line(t.Artist))
	add("IPRD", text.Line(t.Album))
	add("IGNR", text.Line(t.Genre))
	if !t.Date.IsZero() {
		add("ICRD", t.Date.Format(time.DateOnly))
	}
	add("ILNG", text.Line(t.Language))
	add("ICMT", text.Prose(t.Comment))
	if list == nil {
		return b
	}
	return appendChunk(b, "LIST", append([]byte("INFO"), list...))
}
