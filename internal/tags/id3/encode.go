package id3

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"time"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// genre is what iTunes and its followers call an episode.
const genre = "Podcast"

// Encode is the tag as bytes, to stand before the first MPEG frame. The same
// tag gives the same bytes; there is no padding.
func (t *Tag) Encode() ([]byte, error) {
	chapters, err := t.check()
	if err != nil {
		return nil, err
	}
	b := make([]byte, headerSize, headerSize+t.room())
	b = appendText(b, "TIT2", text.Line(t.Title))
	b = appendText(b, "TPE1", text.Line(t.Artist))
	b = appendText(b, "TALB", text.Line(t.Album))
	b = appendText(b, "TPE2", text.Line(t.AlbumArtist))
	b = appendText(b, "TCON", genre)
	if !t.Date.IsZero() {
		b = appendText(b, "TYER", t.Date.Format("2006"))
		b = appendText(b, "TDAT", t.Date.Format("0201"))
	}
	if code := iso639(t.Language); code != unknownLanguage {
		b = appendText(b, "TLAN", code)
	}
	if t.Length > 0 {
		b = appendText(b, "TLEN", strconv.FormatInt(milliseconds(t.Length), 10))
	}
	b = appendURL(b, "WOAF", t.Link)
	b = appendComment(b, iso639(t.Language), text.Prose(t.Comment))
	for _, n := range t.Notes {
		b = appendNote(b, n)
	}
	b = appendTOC(b, len(chapters))
	for i, c := range chapters {
		b = appendChapter(b, i, c)
	}
	b = appendImage(b, t.Cover)

	if len(b)-headerSize > MaxTag {
		return nil, fmt.Errorf("the ID3 tag is %d MiB; the format holds less than 256 MiB: use smaller chapter images", len(b)>>20)
	}
	head := append(b[:0], 'I', 'D', '3', 3, 0, 0)
	appendSynchsafe(head, len(b)-headerSize)
	return b, nil
}

// room guesses the size, so that pictures are copied once.
func (t *Tag) room() int {
	n := 1024 + len(t.Cover) + 2*len(t.Comment) + 2*len(t.Title)
	for _, c := range t.Chapters {
		n += 128 + 2*len(c.Title) + len(c.Link) + len(c.Image)
	}
	return min(n, MaxTag+1)
}

// check finds what cannot be written, and puts the chapters in order of time.
func (t *Tag) check() ([]Chapter, error) {
	if err := checkImage(t.Cover); err != nil {
		return nil, fmt.Errorf("the cover %w", err)
	}
	if y := t.Date.Year(); !t.Date.IsZero() && (y < 1 || y > 9999) {
		return nil, fmt.Errorf("the year %d does not fit an ID3 tag", y)
	}
	if t.Length < 0 {
		return nil, fmt.Errorf("the length %v is negative", t.Length)
	}
	if len(t.Chapters) > MaxChapters {
		return nil, fmt.Errorf("%d chapters do not fit an ID3 tag: the most is %d", len(t.Chapters), MaxChapters)
	}
	total := len(t.Cover)
	for i, c := range t.Chapters {
		if c.Start < 0 || c.End < c.Start || milliseconds(c.End) >= math.MaxUint32 {
			return nil, fmt.Errorf("chapter %d (%s) lasts from %v to %v, which an ID3 tag cannot say", i+1, c.Title, c.Start, c.End)
		}
		if err := checkImage(c.Image); err != nil {
			return nil, fmt.Errorf("the image of chapter %d (%s) %w", i+1, c.Title, err)
		}
		if total += len(c.Image); total > MaxTag {
			return nil, errors.New("the chapter images are more than the 256 MiB of an ID3 tag: use smaller ones")
		}
	}
	chapters := append([]Chapter(nil), t.Chapters...)
	sort.SliceStable(chapters, func(i, j int) bool { return chapters[i].Start < chapters[j].Start })
	return chapters, nil
}

func checkImage(file []byte) error {
	switch {
	case len(file) == 0:
		return nil
	case len(file) > MaxImage:
		return fmt.Errorf("is %d MiB; the most is %d MiB", len(file)>>20, MaxImage>>20)
	case text.ImageType(file) == "":
		return errors.New("is neither a JPEG nor a PNG file")
	}
	return nil
}

// milliseconds rounds to the nearest.
func milliseconds(d time.Duration) int64 { return d.Round(time.Millisecond).Milliseconds() }

// appendFrame writes a frame whose body is what fill appends. The size is a
// plain 32-bit number in v2.3 (section 3.3), also inside CHAP.
func appendFrame(b []byte, id string, fill func([]byte) []byte) []byte {
	at := len(b)
	b = append(b, id...)
	b = append(b, 0, 0, 0, 0, 0, 0) // size, flags
	b = fill(b)
	binary.BigEndian.PutUint32(b[at+4:], uint32(len(b)-at-headerSize))
	return b
}

func appendText(b []byte, id, s string) []byte {
	if s == "" {
		return b
	}
	return appendFrame(b, id, func(b []byte) []byte { return appendUTF16(append(b, encodingUTF16), s) })
}

func appendURL(b []byte, id, link string) []byte {
	if link == "" {
		return b
	}
	return appendFrame(b, id, func(b []byte) []byte { return append(b, escapeURL(link)...) })
}

func appendComment(b []byte, language, s string) []byte {
	if s == "" {
		return b
	}
	return appendFrame(b, "COMM", func(b []byte) []byte {
		b = append(b, encodingUTF16)
		b = append(b, language...)
		b = append(appendUTF16(b, ""), 0, 0) // no description
		return appendUTF16(b, s)
	})
}

// appendNote writes a text of a program's own (v2.3.0, section 4.2.2).
func appendNote(b []byte, n Note) []byte {
	return appendFrame(b, "TXXX", func(b []byte) []byte {
		b = append(appendUTF16(append(b, encodingUTF16), n.Name), 0, 0)
		return appendUTF16(b, n.Text)
	})
}

func appendImage(b, file []byte) []byte {
	if len(file) == 0 {
		return b
	}
	return appendFrame(b, "APIC", func(b []byte) []byte {
		b = append(b, encodingLatin1)
		b = append(b, text.ImageType(file)...)
		b = append(b, 0, frontCover, 0) // no description
		return append(b, file...)
	})
}

// frontCover is a picture type (v2.3.0, section 4.15).
const frontCover = 3

func appendChapter(b []byte, i int, c Chapter) []byte {
	return appendFrame(b, "CHAP", func(b []byte) []byte {
		b = append(append(b, chapterID(i)...), 0)
		b = binary.BigEndian.AppendUint32(b, uint32(milliseconds(c.Start)))
		b = binary.BigEndian.AppendUint32(b, uint32(milliseconds(c.End)))
		b = binary.BigEndian.AppendUint64(b, math.MaxUint64) // no byte offsets: the times hold
		b = appendText(b, "TIT2", text.Line(c.Title))
		if c.Link != "" {
			b = appendFrame(b, "WXXX", func(b []byte) []byte {
				b = append(b, encodingLatin1, 0) // no description
				return append(b, escapeURL(c.Link)...)
			})
		}
		return appendImage(b, c.Image)
	})
}

func chapterID(i int) string { return fmt.Sprintf("ch%04d", i+1) }
func tocID(i int) string     { return fmt.Sprintf("toc%04d", i+1) }

// Flags of a CTOC.
const (
	tocOrdered  = 1
	tocTopLevel = 2
)

// appendTOC lists n chapters: in one table, or in tables of a table where
// they are more than one can count.
func appendTOC(b []byte, n int) []byte {
	switch {
	case n == 0:
		return b
	case n <= perTOC:
		return appendCTOC(b, "toc", tocOrdered|tocTopLevel, 0, n, chapterID)
	}
	tables := (n + perTOC - 1) / perTOC
	b = appendCTOC(b, "toc", tocOrdered|tocTopLevel, 0, tables, tocID)
	for i := range tables {
		b = appendCTOC(b, tocID(i), tocOrdered, i*perTOC, min(n, (i+1)*perTOC), chapterID)
	}
	return b
}

func appendCTOC(b []byte, id string, flags byte, from, to int, child func(int) string) []byte {
	return appendFrame(b, "CTOC", func(b []byte) []byte {
		b = append(append(b, id...), 0, flags, byte(to-from))
		for i := from; i < to; i++ {
			b = append(append(b, child(i)...), 0)
		}
		return b
	})
}
