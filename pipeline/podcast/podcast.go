// Package podcast holds the plain data that publishers, feeds and pages all
// speak: the show, an episode of it, and what is in the episode.
package podcast

import (
	"time"

	"github.com/narrapress/narrapress/pipeline/level"
)

// Show is the series that episodes belong to, as the show's file has it.
type Show struct {
	ID          string `yaml:"id,omitempty" json:"id,omitempty"`
	Title       string `yaml:"title,omitempty" json:"title,omitempty"`
	Author      string `yaml:"author,omitempty" json:"author,omitempty"`
	Language    string `yaml:"language,omitempty" json:"language,omitempty"` // BCP 47, such as en-US
	Link        string `yaml:"link,omitempty" json:"link,omitempty"`
	Description string `yaml:"description,omitempty" json:"description,omitempty"`
	Cover       string `yaml:"cover,omitempty" json:"cover,omitempty"`     // path of a JPEG or PNG file
	Credits     string `yaml:"credits,omitempty" json:"credits,omitempty"` // text spoken at the end of every episode
	Copyright   string `yaml:"copyright,omitempty" json:"copyright,omitempty"`
	Notice      string `yaml:"notice,omitempty" json:"notice,omitempty"` // what listeners are told of the voices, such as that they are synthetic

	// What only the feed says, see Unlisted.
	Category []string `yaml:"category,omitempty" json:"category,omitempty"` // of Apple's, see ParseCategory; the first one counts
	Explicit *bool    `yaml:"explicit,omitempty" json:"explicit,omitempty"`
	Type     string   `yaml:"type,omitempty" json:"type,omitempty"` // one of ShowTypes
	Owner    Owner    `yaml:"owner,omitempty" json:"owner,omitzero"`
	Locked   bool     `yaml:"locked,omitempty" json:"locked,omitempty"` // other hosts may not take the feed over
}

// Episode is one instalment, finished.
type Episode struct {
	ID          string     `json:"id"`
	Slug        string     `json:"slug"`
	Title       string     `json:"title"`
	Author      string     `json:"author,omitempty"`
	Language    string     `json:"language,omitempty"`
	Link        string     `json:"link,omitempty"`
	Description string     `json:"description,omitempty"`
	Date        time.Time  `json:"date,omitzero"`
	Length      Seconds    `json:"length"` // as played, in seconds
	Loudness    Loudness   `json:"loudness"`
	Chapters    []Chapter  `json:"chapters"`
	Enclosure   *Enclosure `json:"enclosure,omitempty"`
	Released    time.Time  `json:"released,omitzero"` // when it was first made, where the source has no date of its own
	Links       []Link     `json:"links,omitempty"`   // that its text names, in order
	Listing
}

// Seconds is a time or a length in seconds from the start of the episode.
type Seconds float64

// Duration is s to the nanosecond.
func (s Seconds) Duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

// Loudness is what a listener's meter says of the finished, decoded file. A
// mono file is measured as heard on two loudspeakers.
type Loudness struct {
	Integrated level.LUFS `json:"integrated_lufs"`
	Range      float64    `json:"range_lu"` // EBU Tech 3342
	TruePeak   level.DBTP `json:"true_peak_dbtp"`
}

// Chapter is a titled stretch of the episode, [Start, End).
type Chapter struct {
	Title string  `json:"title"`
	Start Seconds `json:"start"`
	End   Seconds `json:"end"`
	Link  string  `json:"link,omitempty"`
	Image string  `json:"image,omitempty"` // path of a JPEG or PNG file
}

// Cue is a stretch of what is spoken with its time, [Start, End): a segment, or
// a part of one.
type Cue struct {
	Segment      int     `json:"segment"` // ordinal of the segment, from 1
	Role         string  `json:"role"`
	Speaker      string  `json:"speaker,omitempty"` // who is heard, by the name that a listener is told
	Start        Seconds `json:"start"`
	End          Seconds `json:"end"`
	Text         string  `json:"text"`                   // as its author wrote it
	Spoken       string  `json:"spoken,omitempty"`       // as it is spoken; empty where that is Text
	Announcement bool    `json:"announcement,omitempty"` // words that the script added

	Words     []Word `json:"words,omitempty"`     // when the words of Text are heard, in order, where the endpoint told
	Sentences []Word `json:"sentences,omitempty"` // and its sentences, as near as is known
}

// Word is a stretch of a cue's text with its time.
type Word struct {
	Start Seconds `json:"start"`
	End   Seconds `json:"end"`
	From  int     `json:"from"` // bytes of Cue.Text
	To    int     `json:"to"`
}

// Enclosure is the audio file that a feed refers to.
type Enclosure struct {
	File      string `json:"file"` // name in the episode's folder
	MediaType string `json:"media_type"`
	Bytes     int64  `json:"bytes"`
	SHA256    string `json:"sha256"`
}
