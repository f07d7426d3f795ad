package script

import (
	"time"

	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// Options say how a document is rendered for the ear. They stand under
// `script` in a show's file, the pauses under `audio.pauses`.
type Options struct {
	// Opening is spoken first, in the role title. {title} and {author} stand
	// for the episode's; a sentence whose name is empty is left out. An empty
	// text speaks no opening.
	Opening string `yaml:"opening" json:"opening"`
	// Closing is spoken after the last of the text, in the role title.
	Closing string `yaml:"closing" json:"closing"`
	// Normalize says how much of what is written in signs is put into words:
	// numbers, dates, abbreviations. A voice may say otherwise.
	Normalize normalize.Mode `yaml:"normalize" json:"normalize"`
	Elements  Elements       `yaml:"elements" json:"elements"`
	Chapters  Chapters       `yaml:"chapters" json:"chapters"`
	Segment   Length         `yaml:"segment" json:"segment"`
}

// Elements choose how kinds of elements are spoken.
type Elements struct {
	// Heading: "title" speaks the heading's words; "announce" says
	// "Heading." first; "skip" leaves them unspoken (the chapter stays).
	Heading string `yaml:"heading" json:"heading"`
	// Quote: "voice" relies on the second voice and on pauses; "announce"
	// says "Quote." and "End quote."; "auto" announces only where the quote
	// is spoken by the voice of the text around it.
	Quote string `yaml:"quote" json:"quote"`
	// Image: "alt" speaks "Image: " and the alternative text; "skip" nothing.
	Image string `yaml:"image" json:"image"`
	// Code: "announce" says that code was left out; "read" speaks it; "skip" nothing.
	Code string `yaml:"code" json:"code"`
	// Math, of formulas that are set apart: "speak" reads those that can be
	// followed by ear and announces the others; "announce" says of each that it
	// is in the text; "skip" nothing. Mathematics inside a sentence is spoken.
	Math string `yaml:"math" json:"math"`
}

// Chapters choose which chapters an episode has.
type Chapters struct {
	Intro   string `yaml:"intro" json:"intro"`     // title of the intro's chapter; empty hides it
	Credits string `yaml:"credits" json:"credits"` // title of the credits' chapter; empty hides it
	Depth   int    `yaml:"depth" json:"depth"`     // deepest heading level that starts a chapter, 0 to 6
}

// Length bounds a segment, in characters. A segment is one sentence or more:
// sentences are joined until there are Least characters, so that an edit
// changes few segments and no endpoint is asked to speak one word alone. Most
// is an upper bound beside the endpoint's own; 0 is no bound of the show's.
type Length struct {
	Least int `yaml:"least" json:"least"`
	Most  int `yaml:"most" json:"most"`
}

// Pauses are the least silences between segments, by what the text is.
type Pauses struct {
	Sentence      time.Duration `yaml:"sentence" json:"sentence"`             // inside a paragraph
	Paragraph     time.Duration `yaml:"paragraph" json:"paragraph"`           // between paragraphs
	HeadingBefore time.Duration `yaml:"heading_before" json:"heading_before"` //
	HeadingAfter  time.Duration `yaml:"heading_after" json:"heading_after"`   //
	Item          time.Duration `yaml:"item" json:"item"`                     // between items of a list
	Quote         time.Duration `yaml:"quote" json:"quote"`                   // before and after a quote
	Rule          time.Duration `yaml:"rule" json:"rule"`                     // at a thematic break
	Opening       time.Duration `yaml:"opening" json:"opening"`               // after the opening
	Closing       time.Duration `yaml:"closing" json:"closing"`               // before closing and credits
}

// Defaults are the options of a show that says nothing.
func Defaults() Options {
	return Options{
		Opening: "{title}. By {author}.", Normalize: normalize.Full,
		Elements: Elements{Heading: "title", Quote: "auto", Image: "alt", Code: "announce", Math: "speak"},
		Chapters: Chapters{Intro: "Intro", Credits: "Credits", Depth: 3},
		Segment:  Length{Least: 80},
	}
}

// DefaultPauses are the pauses of a show that says nothing. The values are
// judgement; docs/text.md says where they come from.
func DefaultPauses() Pauses {
	return Pauses{
		Sentence: 250 * time.Millisecond, Paragraph: 600 * time.Millisecond,
		HeadingBefore: 1200 * time.Millisecond, HeadingAfter: 700 * time.Millisecond,
		Item: 400 * time.Millisecond, Quote: 700 * time.Millisecond, Rule: 1200 * time.Millisecond,
		Opening: 1200 * time.Millisecond, Closing: 1200 * time.Millisecond,
	}
}
