package mp4

import (
	"encoding/binary"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf16"
)

// Read reads the tag of the MP4 file of size bytes in src. Chapters are those
// of the text track, where there is one, else Nero's. Of what is damaged inside
// the index it reads the rest.
func Read(src io.ReaderAt, size int64) (*Tag, error) {
	boxes, err := scan(src, size)
	if err != nil {
		return nil, err
	}
	moov, err := index(src, boxes)
	if err != nil {
		return nil, err
	}
	t := &Tag{}
	scale, duration, err := times(find(moov, "mvhd"), 4)
	if err != nil {
		return nil, err
	}
	if scale > 0 {
		t.Length = seconds(duration, scale)
	}
	t.take(items(find(moov, "udta", "meta")))
	if track := chapterTrack(moov); track != nil {
		t.Chapters = textChapters(src, track)
	}
	// A text track has no limit to its chapters, but ffmpeg leaves one out that
	// has no title.
	if nero := neroChapters(find(moov, "udta", "chpl"), t.Length); len(nero) > len(t.Chapters) {
		t.Chapters = nero
	}
	return t, nil
}

// seconds is a time of so many units.
func seconds(n uint64, scale uint32) time.Duration {
	s := float64(n) / float64(scale)
	if s > math.MaxInt64/float64(time.Second)/2 {
		return 0
	}
	return time.Duration(math.Round(s * float64(time.Second)))
}

// chapterTrack is the body of the text track that a track of sound refers to.
func chapterTrack(moov []byte) []byte {
	boxes, err := split(moov)
	if err != nil {
		return nil
	}
	named := map[uint32]bool{}
	for _, x := range boxes {
		if x.kind != "trak" || handler(x.body) != "soun" {
			continue
		}
		for ref := find(x.body, "tref", "chap"); len(ref) >= 4; ref = ref[4:] {
			named[binary.BigEndian.Uint32(ref)] = true
		}
	}
	for _, x := range boxes {
		if x.kind != "trak" || handler(x.body) != "text" {
			continue
		}
		if id, err := trackID(x.body); err == nil && named[id] {
			return x.body
		}
	}
	return nil
}

// maxTexts is how many bytes of titles are read: tables may name the same ones
// again and again.
const maxTexts = 16 << 20

// textChapters reads the samples of a text track.
func textChapters(src io.ReaderAt, trak []byte) []Chapter {
	scale, _, err := times(find(trak, "mdia", "mdhd"), 4)
	table := find(trak, "mdia", "minf", "stbl")
	if err != nil || scale == 0 {
		return nil
	}
	lengths := durations(find(table, "stts"))
	var out []Chapter
	var at uint64
	var sum int64
	for i, s := range samples(table) {
		if sum += s.size; sum > maxTexts {
			break
		}
		var long uint64
		if i < len(lengths) {
			long = uint64(lengths[i])
		}
		title, ok := readText(src, s)
		if ok {
			out = append(out, Chapter{Title: title, Start: seconds(at, scale), End: seconds(at+long, scale)})
		}
		at += long
	}
	return out
}

// readText reads a sample: UTF-8, or UTF-16 behind its mark.
func readText(src io.ReaderAt, s sample) (string, bool) {
	if s.size < 2 {
		return "", false
	}
	b := make([]byte, min(s.size, math.MaxUint16+2)) // what is behind the text says how it is written
	if n, _ := src.ReadAt(b, s.at); n < len(b) {
		return "", false
	}
	n := int(binary.BigEndian.Uint16(b))
	if n > len(b)-2 {
		return "", false
	}
	b = b[2 : 2+n]
	var order binary.ByteOrder
	switch {
	case len(b) >= 2 && b[0] == 0xfe && b[1] == 0xff:
		order = binary.BigEndian
	case len(b) >= 2 && b[0] == 0xff && b[1] == 0xfe:
		order = binary.LittleEndian
	default:
		return strings.ToValidUTF8(string(b), "\ufffd"), true
	}
	units := make([]uint16, 0, len(b)/2)
	for b = b[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return string(utf16.Decode(units)), true
}

// neroChapters reads Nero's list; a chapter lasts until the next.
func neroChapters(b []byte, length time.Duration) []Chapter {
	if len(b) < 5 {
		return nil
	}
	skip := 4
	if b[0] == 1 {
		skip = 8
	}
	if len(b) <= skip {
		return nil
	}
	n := int(b[skip])
	b = b[skip+1:]
	var out []Chapter
	for range n {
		if len(b) < 9 || len(b) < 9+int(b[8]) {
			break
		}
		at := binary.BigEndian.Uint64(b)
		if at > math.MaxInt64/100 {
			break
		}
		c := Chapter{Title: strings.ToValidUTF8(string(b[9:9+int(b[8])]), "\ufffd"), Start: time.Duration(at) * 100}
		c.End = max(c.Start, length)
		if k := len(out); k > 0 {
			out[k-1].End = max(out[k-1].Start, c.Start)
		}
		out = append(out, c)
		b = b[9+int(b[8]):]
	}
	return out
}
