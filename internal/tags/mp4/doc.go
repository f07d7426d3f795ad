// Package mp4 answers how an M4A or an M4B says what it is: it writes the file
// that an encoder made anew, with the cover, the words and the chapters in its
// index, and reads them back. The sound passes through as it is, a piece at a
// time, so that a file of any size takes the memory of its index.
//
// The index (moov) stands before the sound (mdat). Chapters are there twice, for
// players differ in what they read: as a QuickTime text track that the track of
// the sound refers to, and as Nero's list, which holds 255 of them and 255 bytes
// of a title. The texts of the track stand in front of the sound in the same
// mdat, one chunk a sample: some readers take nothing else.
//
// Sources: ISO/IEC 14496-12 (boxes, tables of samples); Apple, "QuickTime File
// Format Specification" (text media, chapter lists, metadata); Nero's chpl has
// no specification, its shape is what players agree on. Functions are safe for
// concurrent use; a Tag is plain data.
package mp4

import (
	"errors"
	"time"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// Limits of what is written and read.
const (
	MaxChapters = 65535     // far more than any player lists
	MaxImage    = 16 << 20  // bytes of the cover
	maxIndex    = 256 << 20 // bytes of a moov: of two weeks of sound
	neroMost    = 255       // chapters, and bytes of a title, of chpl: both are counted in one byte
)

// Errors of reading and rewriting, for errors.Is.
var (
	ErrFormat = errors.New("this is not an MP4 file with sound")
	ErrBroken = errors.New("the MP4 file is damaged")
)

// The media kinds that players sort files by (stik).
const (
	KindAudiobook = 2
	KindPodcast   = 21
)

// Tag is what a file says of itself. An empty field writes nothing.
type Tag struct {
	Title       string        // ©nam
	Artist      string        // ©ART
	Album       string        // ©alb: the show
	AlbumArtist string        // aART
	Genre       string        // ©gen
	Language    string        // BCP 47, such as en-US; the track of the sound has its ISO 639-2 code
	Date        time.Time     // ©day: the day, where the date's own zone has it
	Comment     string        // ©cmt; desc has its beginning
	Link        string        // a text of its own, WEBSITE
	Kind        int           // stik; 0 is none
	Cover       []byte        // covr: a JPEG or PNG file
	Length      time.Duration // of the movie; only read
	Chapters    []Chapter     // in order of time
}

// Chapter is a titled stretch, [Start, End), to the millisecond. It lasts until
// the next begins, whatever its end; time before the first is an untitled one.
type Chapter struct {
	Title string
	Start time.Duration
	End   time.Duration
}

// imageType is iTunes' number of a JPEG or PNG file's type, 0 for anything else
// (QuickTime File Format, "Well-known types").
func imageType(file []byte) uint32 {
	switch text.ImageType(file) {
	case text.JPEG:
		return typeJPEG
	case text.PNG:
		return typePNG
	}
	return 0
}

// Well-known types of values (QuickTime File Format, "Well-known types").
const (
	typeUTF8 = 1
	typeJPEG = 13
	typePNG  = 14
	typeInt  = 21 // big-endian, signed
)
