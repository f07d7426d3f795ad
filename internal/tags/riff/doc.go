// Package riff answers how a WAV file says what it is: it puts words, marks of
// the chapters and a tag of another kind behind the sound of a file, and reads
// them back. The sound passes through as it is.
//
// A chapter is a cue point, with its title (labl) and its length (ltxt) in a
// list beside. Few programs show these but editors; so a whole ID3v2 tag can
// stand in the file as well, in the chunk that players read it from.
//
// A file of more than 4 GiB is RF64. Cue points count frames in 32 bits: where
// a chapter begins later than that, 27 hours in at 44.1 kHz, it has none.
//
// Sources: "Multimedia Programming Interface and Data Specifications 1.0" (IBM
// and Microsoft, 1991), chapters 2 and 3; EBU Tech 3306 (RF64). Text is UTF-8,
// though the first says Windows' own: it is what programs write and read today.
// Functions are safe for concurrent use; a Tag is plain data.
package riff

import (
	"errors"
	"time"
)

// maxChunk is how many bytes of a chunk beside the sound are read.
const maxChunk = 64 << 20

// Errors of reading and rewriting, for errors.Is.
var (
	ErrFormat = errors.New("this is not a WAV file")
	ErrBroken = errors.New("the WAV file is damaged")
)

// Tag is what a file says of itself. An empty field writes nothing.
type Tag struct {
	Title    string    // INAM
	Artist   string    // IART
	Album    string    // IPRD: the show
	Genre    string    // IGNR
	Language string    // ILNG: BCP 47, such as en-US
	Date     time.Time // ICRD: the day, where the date's own zone has it
	Comment  string    // ICMT
	Chapters []Chapter // in order of time
	ID3      []byte    // a whole tag, which is not looked at
	Rate     int       // frames a second; only read
	Frames   int64     // of the sound; only read
}

// Chapter is a titled stretch, [Start, End), to the millisecond.
type Chapter struct {
	Title string
	Start time.Duration
	End   time.Duration
}
