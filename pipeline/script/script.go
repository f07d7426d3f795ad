// Package script answers what is said: it turns a Document into the words
// that will be spoken, by which role, in which chapter, with which pause
// after. A Script is also a file that a person can read, edit and diff.
package script

import (
	"iter"
	"strconv"
	"time"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Version is the version of the script's file format that this program writes.
const Version = 1

// Script is everything that will be spoken, in order.
type Script struct {
	Version  int       `yaml:"version" json:"version"`
	Source   string    `yaml:"source,omitempty" json:"source,omitempty"` // path of the document it was made from
	ID       string    `yaml:"id,omitempty" json:"id,omitempty"`
	Slug     string    `yaml:"slug,omitempty" json:"slug,omitempty"`
	Title    string    `yaml:"title,omitempty" json:"title,omitempty"`
	Author   string    `yaml:"author,omitempty" json:"author,omitempty"`
	Language string    `yaml:"language,omitempty" json:"language,omitempty"`
	Link     string    `yaml:"link,omitempty" json:"link,omitempty"`
	Summary  string    `yaml:"description,omitempty" json:"description,omitempty"`
	Cover    string    `yaml:"cover,omitempty" json:"cover,omitempty"`
	Date     time.Time `yaml:"date,omitempty" json:"date,omitzero"`
	podcast.Listing
	Chapters []Chapter `yaml:"chapters" json:"chapters"`
}

// Kind says what a chapter stands for.
type Kind string

// The kinds of chapters. The intro chapter holds the intro track and, where
// the text begins with a heading, the opening; the credits chapter holds the
// spoken credits and the credits track. Either may have no segments. Chapters
// before the intro's are a cold open.
const (
	Body    Kind = ""
	Intro   Kind = "intro"
	Credits Kind = "credits"
)

// Chapter is a titled run of segments. A hidden chapter is spoken but does
// not appear in the chapters of the episode: its time belongs to the chapter
// before it, or after it where none is before.
type Chapter struct {
	Title    string    `yaml:"title" json:"title"`
	Kind     Kind      `yaml:"kind,omitempty" json:"kind,omitempty"`
	Hidden   bool      `yaml:"hidden,omitempty" json:"hidden,omitempty"`
	Link     string    `yaml:"link,omitempty" json:"link,omitempty"`
	Image    string    `yaml:"image,omitempty" json:"image,omitempty"` // path of a JPEG or PNG, relative to the source
	Segments []Segment `yaml:"segments,omitempty" json:"segments,omitempty"`
}

// Segment is what one request speaks.
type Segment struct {
	Role         string        `yaml:"role" json:"role"`
	Text         string        `yaml:"text" json:"text"`
	Pause        time.Duration `yaml:"pause" json:"pause"`                                   // least silence after it
	Between      Joint         `yaml:"-" json:"-"`                                           // what ends with it and what begins with the next; empty where no table set the pause
	Announcement bool          `yaml:"announcement,omitempty" json:"announcement,omitempty"` // words the script added
	Take         int           `yaml:"take,omitempty" json:"take,omitempty"`                 // 0; a retake is 1, 2 …
	Voice        string        `yaml:"voice,omitempty" json:"voice,omitempty"`               // a voice of the show's, over the role's
	Phonemes     []Phoneme     `yaml:"phonemes,omitempty" json:"phonemes,omitempty"`         // for endpoints that take them, in order
	Anchors      []Anchor      `yaml:"at,omitempty" json:"at,omitempty"`                     // where it stands in the source; empty where it does not
	Written      string        `yaml:"written,omitempty" json:"written,omitempty"`           // what the author wrote; empty where that is Text
	Edits        []Edit        `yaml:"edits,omitempty" json:"edits,omitempty"`               // of Written: Text is what they make of it
}

// Phoneme says how a word of a segment is pronounced.
type Phoneme struct {
	From int    `json:"from"` // bytes of Segment.Text
	To   int    `json:"to"`
	IPA  string `json:"ipa"` // International Phonetic Alphabet
}

// At is where the segment begins in the source, as line:column, of a book as
// path:line:column, or "".
func (s *Segment) At() string {
	if len(s.Anchors) == 0 {
		return ""
	}
	a := s.Anchors[0]
	at := strconv.Itoa(a.Line) + ":" + strconv.Itoa(a.Col)
	if a.File != "" {
		return a.File + ":" + at
	}
	return at
}

// Part is what the cast is asked for: the voice that was chosen for the
// segment, as "voice:NAME", else its role.
func (s *Segment) Part() string { return part(s.Role, s.Voice) }

func part(role, voice string) string {
	if voice != "" {
		return "voice:" + voice
	}
	return role
}

// Roles that the script gives to segments. A quote by a named speaker has the
// role "speaker:" followed by the name.
const (
	RoleTitle   = "title"
	RoleBody    = "body"
	RoleHeading = "heading"
	RoleQuote   = "quote"
	RoleNote    = "note"
	RoleCredits = "credits"
)

// Roles are the script's own, without those of named speakers.
func Roles() []string {
	return []string{RoleTitle, RoleBody, RoleHeading, RoleQuote, RoleNote, RoleCredits}
}

// Place says where a segment stands.
type Place struct {
	Ordinal int // among the script's segments, from 1
	Chapter int // index in Script.Chapters
	Index   int // in the chapter's segments
}

// Segments goes through every segment in order.
func (s *Script) Segments() iter.Seq2[Place, *Segment] {
	return func(yield func(Place, *Segment) bool) {
		n := 0
		for c := range s.Chapters {
			for i := range s.Chapters[c].Segments {
				n++
				if !yield(Place{Ordinal: n, Chapter: c, Index: i}, &s.Chapters[c].Segments[i]) {
					return
				}
			}
		}
	}
}

// Len is the number of segments.
func (s *Script) Len() int {
	n := 0
	for _, c := range s.Chapters {
		n += len(c.Segments)
	}
	return n
}
