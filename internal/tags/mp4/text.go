package mp4

import (
	"encoding/binary"
	"math"
	"unicode/utf8"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// textScale is the timescale of the chapters' track: milliseconds.
const textScale = 1000

// utf8Text says in a sample that its text is UTF-8 (QuickTime File Format,
// "Text Sample Data": encd).
var utf8Text = []byte{0, 0, 0, 12, 'e', 'n', 'c', 'd', 0, 0, 1, 0}

// textSample is a chapter's title behind its length in 16 bits.
func textSample(title string) []byte {
	s := cut(text.Line(title), math.MaxUint16)
	b := append(u16(nil, uint16(len(s))), s...)
	return append(b, utf8Text...)
}

// The identity, as a matrix of fixed-point numbers (section 8.3.2).
var unity = []uint32{0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000}

// inMovie without "enabled": players do not show the track by itself
// (QuickTime File Format, "Chapter lists").
const inMovie = 2

// appendText writes the track of the chapters.
func (m *movie) appendText(b []byte, l *layout) []byte {
	last := milliseconds(m.chapters[len(m.chapters)-1].End)
	shown := min(uint64(last)*uint64(m.scale)/textScale, m.duration) // no longer than the movie
	code, ok := packed(m.tag.Language)
	if !ok {
		code = undetermined
	}
	return appendBox(b, "trak", func(b []byte) []byte {
		b = appendBox(b, "tkhd", func(b []byte) []byte {
			if shown > math.MaxUint32 {
				b = u32(b, 1<<24|inMovie, 0, 0, 0, 0, m.id, 0)
				b = binary.BigEndian.AppendUint64(b, shown)
			} else {
				b = u32(b, inMovie, 0, 0, m.id, 0, uint32(shown))
			}
			b = u32(b, 0, 0, 0, 0) // reserved, layer and group, volume
			b = u32(b, unity...)
			return u32(b, 0, 0) // width and height
		})
		return appendBox(b, "mdia", func(b []byte) []byte {
			b = appendBox(b, "mdhd", func(b []byte) []byte {
				return u16(u32(b, 0, 0, 0, textScale, uint32(last)), code, 0)
			})
			b = appendBox(b, "hdlr", func(b []byte) []byte {
				b = append(u32(b, 0, 0), "text"...)
				return append(u32(b, 0, 0, 0), 0) // reserved, no name
			})
			return appendBox(b, "minf", func(b []byte) []byte {
				b = appendBox(b, "gmhd", appendTextHead)
				b = appendBox(b, "dinf", func(b []byte) []byte {
					return appendBox(b, "dref", func(b []byte) []byte {
						return appendBytes(u32(b, 0, 1), "url ", 0, 0, 0, 1) // the samples are in this file
					})
				})
				return appendBox(b, "stbl", func(b []byte) []byte { return m.appendTextTable(b, l) })
			})
		})
	})
}

// appendTextHead writes what QuickTime wants of media that are neither sound
// nor pictures ("Base media information", "Text media information").
func appendTextHead(b []byte) []byte {
	b = appendBox(b, "gmin", func(b []byte) []byte {
		return u16(u32(b, 0), 0x40, 0x8000, 0x8000, 0x8000, 0, 0) // how pictures are laid over each other
	})
	return appendBox(b, "text", func(b []byte) []byte { return u32(b, unity...) })
}

// appendTextTable says where the samples are and how long each lasts: one
// entry and one chunk a sample.
func (m *movie) appendTextTable(b []byte, l *layout) []byte {
	b = appendBox(b, "stsd", func(b []byte) []byte {
		return appendBox(u32(b, 0, 1), "text", func(b []byte) []byte {
			b = u16(b, 0, 0, 0, 1)                    // reserved; the first of dref
			b = u32(b, 0, 1)                          // no flags, centred
			b = u16(b, 0, 0, 0, 0, 0, 0, 0)           // background, box
			b = append(b, make([]byte, 8+2+2+1+2)...) // reserved, font, face
			return append(u16(b, 0, 0, 0), 0)         // foreground, font without a name
		})
	})
	n := uint32(len(m.chapters))
	b = appendBox(b, "stts", func(b []byte) []byte {
		b = u32(b, 0, n)
		for _, c := range m.chapters {
			b = u32(b, 1, uint32(milliseconds(c.End)-milliseconds(c.Start)))
		}
		return b
	})
	b = appendBox(b, "stsc", func(b []byte) []byte { return u32(b, 0, 1, 1, 1, 1) })
	b = appendBox(b, "stsz", func(b []byte) []byte { return u32(u32(b, 0, 0, n), m.sizes...) })
	places := make([]uint64, n)
	at := uint64(max(0, l.text))
	for i, size := range m.sizes {
		places[i] = at
		at += uint64(size)
	}
	return m.appendChunks(b, places)
}

// appendNero writes Nero's list: starts in units of 100 ns.
func appendNero(b []byte, chapters []Chapter) []byte {
	if len(chapters) == 0 {
		return b
	}
	chapters = chapters[:min(len(chapters), neroMost)]
	return appendBox(b, "chpl", func(b []byte) []byte {
		b = append(u32(b, 1<<24, 0), byte(len(chapters))) // version 1
		for _, c := range chapters {
			b = binary.BigEndian.AppendUint64(b, uint64(milliseconds(c.Start))*10_000)
			s := cut(text.Line(c.Title), neroMost)
			b = append(append(b, byte(len(s))), s...)
		}
		return b
	})
}

// cut is s in at most so many bytes, cut between characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
