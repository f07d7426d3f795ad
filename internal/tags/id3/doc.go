// Package id3 answers how an MP3 says what it is: it writes and reads the
// ID3v2 tag at the head of the file, with the cover and the chapters.
//
// What it writes is ID3v2.3 with UTF-16 text, because every reader takes it:
// a common reader loses chapters with long titles or pictures in v2.4, where
// sizes inside a frame are synchsafe. It reads v2.3 and v2.4.
//
// Sources: id3.org "ID3 tag version 2.3.0" and "2.4.0", and "ID3v2 Chapter
// Frame Addendum 1.0" (C. Newell, 2005). Functions are safe for concurrent
// use; a Tag is plain data.
package id3

import (
	"errors"
	"time"
)

// Limits of what is written.
const (
	MaxImage    = 16 << 20        // bytes of one picture: players load the whole tag before the first sound
	MaxTag      = 1<<28 - 1       // bytes behind the header: 28 bits of a synchsafe size (v2.3.0, section 3.1)
	MaxChapters = perTOC * perTOC // two levels of tables of contents
)

// perTOC is the most children of one CTOC: its count is one byte (Chapter
// Frame Addendum, section 3.2).
const perTOC = 255

// Errors of Read, for errors.Is.
var (
	ErrNoTag   = errors.New("there is no ID3v2 tag")
	ErrVersion = errors.New("the ID3v2 tag is neither v2.3 nor v2.4")
	ErrTag     = errors.New("the ID3v2 tag is damaged")
)

// Tag is what an MP3 says of itself. An empty field writes no frame.
type Tag struct {
	Title       string        // TIT2
	Artist      string        // TPE1
	Album       string        // TALB: the show
	AlbumArtist string        // TPE2
	Language    string        // BCP 47, such as en-US; TLAN has its ISO 639-2 code
	Date        time.Time     // TYER and TDAT: the day, where the date's own zone has it
	Length      time.Duration // TLEN, to the millisecond: as played, without encoder delay
	Comment     string        // COMM
	Link        string        // WOAF: the page of this audio file
	Notes       []Note        // TXXX: what programs write down for themselves
	Cover       []byte        // APIC: a JPEG or PNG file
	Chapters    []Chapter     // CHAP, in order of time, and CTOC
}

// Note is a text under a name that only its writer knows.
type Note struct{ Name, Text string }

// Chapter is a titled stretch of the audio as played, [Start, End), to the
// millisecond. Its element ID is its place: ch0001, ch0002 …
type Chapter struct {
	Title string
	Start time.Duration
	End   time.Duration
	Link  string
	Image []byte // a JPEG or PNG file
}

// Size is the length in bytes of the whole tag that begins with head, for
// skipping it; ok is false where head begins no tag.
func Size(head [10]byte) (n int64, ok bool) {
	if string(head[:3]) != "ID3" || head[3] == 0xff || head[4] == 0xff {
		return 0, false
	}
	size, ok := synchsafe(head[6:10])
	if !ok {
		return 0, false
	}
	n = int64(size) + headerSize
	if head[3] >= 4 && head[5]&flagFooter != 0 {
		n += headerSize
	}
	return n, true
}

const (
	headerSize = 10 // of a tag, a frame and a footer

	flagUnsync   = 0x80 // of a tag
	flagExtended = 0x40
	flagFooter   = 0x10 // v2.4
)

// synchsafe reads four bytes of seven bits each (v2.4.0, section 6.2).
func synchsafe(b []byte) (int, bool) {
	n := 0
	for _, c := range b[:4] {
		if c >= 0x80 {
			return 0, false
		}
		n = n<<7 | int(c)
	}
	return n, true
}

func appendSynchsafe(b []byte, n int) []byte {
	return append(b, byte(n>>21&0x7f), byte(n>>14&0x7f), byte(n>>7&0x7f), byte(n&0x7f))
}
