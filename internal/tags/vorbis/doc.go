// Package vorbis answers how an Opus or a FLAC file says what it is: it puts
// Vorbis comments, with the cover and the chapters, into a file that an encoder
// made, and reads them back. The sound passes through as it is.
//
// In Opus the comments are the second packet of the Ogg stream. They may take
// another number of pages than before, so that all later pages are numbered and
// summed anew. In FLAC they are a metadata block, and the cover is another.
//
// A chapter has a start and no end: it lasts until the next. There are numbers
// for 1,000 of them; where there are more, the last that has a number lasts to
// the end of the file.
//
// Sources: "Ogg Vorbis I format specification: comment field and header
// specification" (xiph.org); XiphWiki "Chapter Extension"; RFC 3533 (Ogg), RFC
// 7845 (Opus in Ogg), RFC 9639 (FLAC). Functions are safe for concurrent use; a
// Tag is plain data.
package vorbis

import (
	"errors"
	"time"
)

// Limits of what is written and read.
const (
	MaxChapters = 1000             // three digits (Chapter Extension)
	MaxImage    = 1<<24 - 1 - 1024 // bytes: a FLAC block counts 24 bits (RFC 9639, section 8.1), of which the picture's head takes a few
	maxComments = 64 << 20         // bytes of all comments, of a file that is read
)

// Errors of reading and rewriting, for errors.Is.
var (
	ErrFormat = errors.New("this is neither an Opus nor a FLAC file")
	ErrBroken = errors.New("the file is damaged")
)

// Tag is what a file says of itself. An empty field writes nothing.
type Tag struct {
	Title       string    // TITLE
	Artist      string    // ARTIST
	Album       string    // ALBUM: the show
	AlbumArtist string    // ALBUMARTIST
	Genre       string    // GENRE
	Language    string    // LANGUAGE: BCP 47, such as en-US
	Date        time.Time // DATE: the day, where the date's own zone has it
	Comment     string    // DESCRIPTION
	Link        string    // WEBSITE
	Cover       []byte    // a JPEG or PNG file
	Chapters    []Chapter // CHAPTER000 and so on, in order of time
}

// Chapter begins at Start, to the millisecond, and lasts until the next.
type Chapter struct {
	Title string
	Start time.Duration
	Link  string
}
