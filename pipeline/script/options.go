package script

import (
	"time"

	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// Options say how a document is rendered for the ear. They stand under
// `script` in a show's file, the pauses under `audio.pauses`.
type Options struct {
	// Opening is spoken first, in the role title. {title}, {author}, {date},
	// {site}, {show} and, of a chapter, {book} stand for the episode's and its show's; a sentence with
	// a name that is empty is left out. An empty
	// text speaks no opening, and "auto" that of the text's language.
	Opening string `yaml:"opening" json:"opening"`
	// Closing is spoken after the last of the text, in the role title.
	Closing string `yaml:"closing" json:"closing"`
	// Normalize says how much of what is written in signs is put into words:
	// numbers, dates, abbreviations. A voice may say otherwise.
	Normalize normalize.Mode `yaml:"normalize" json:"normalize"`
	Elements  Elements       `yaml:"elements" json:"elements"`
	// Announcements are words over those of the text's language, by what
	// they announce; an empty text announces nothing.
	Announcements Announcements `yaml:"announcements,omitempty" json:"announcements,omitempty"`
	Chapters      Chapters      `yaml:"chapters" json:"chapters"`
	Segment       Length        `yaml:"segment" json:"segment"`
}

// Elements choose how kinds of elements are spoken; docs/text.md has the table.
type Elements struct {
	// Heading: "title" speaks the heading's words; "announce" says
	// "Heading." first; "skip" leaves them unspoken (the chapter stays).
	Heading string `yaml:"heading" json:"heading"`
	// Quote: "voice" relies on the second voice and on pauses; "announce"
	// says "Quote." and "End quote."; "auto" announces only where the quote
	// is spoken by the voice of the text around it.
	Quote string `yaml:"quote" json:"quote"`
	// InlineQuote, of words in quotation marks: "marks" leaves them to the
	// voice; "announce" says "quote" before.
	InlineQuote string `yaml:"inline_quote" json:"inline_quote"`
	// Dialogue: "auto" gives turns such as "Ann: Hello." to the role
	// speaker:Ann, and reads a name once where it has a voice of its own, else
	// each time; "names" reads every name; "text" leaves turns as paragraphs.
	Dialogue string `yaml:"dialogue" json:"dialogue"`
	// Link, of an address without a text of its own: "host" says "link to"
	// and its host; "skip" leaves it out.
	Link string `yaml:"link" json:"link"`
	// Image: "alt" speaks the caption, and the alternative text where it says
	// more; "caption" the caption alone; "skip" nothing.
	Image string `yaml:"image" json:"image"`
	// Footnote: "sentence" speaks a short footnote after the sentence that
	// refers to it, a longer one after the paragraph; "paragraph" all of them
	// there; "end" all at the end; "none" leaves them out. Footnotes that
	// name sources and nothing else are left out but with "end".
	Footnote string `yaml:"footnote" json:"footnote"`
	// List: "auto" announces how many items a long list has; "announce" of
	// every list; "plain" of none.
	List string `yaml:"list" json:"list"`
	// Table: "auto" reads the rows of a small table and tells the shape of a
	// large one; "rows" reads all; "shape" none; "skip" leaves tables out.
	Table string `yaml:"table" json:"table"`
	// Code: "announce" says that code was left out, and reads a single short
	// line; "read" speaks it; "skip" nothing.
	Code string `yaml:"code" json:"code"`
	// InlineCode: "words" divides names such as maxRetries and max_retries
	// into their words; "verbatim" leaves code as it is written.
	InlineCode string `yaml:"inline_code" json:"inline_code"`
	// Math, of formulas that are set apart: "speak" reads those that can be
	// followed by ear and announces the others; "announce" says of each that it
	// is in the text; "skip" nothing. Mathematics inside a sentence is spoken.
	Math string `yaml:"math" json:"math"`
	// Emoji: "auto" names those that carry a meaning and drops the others;
	// "name" names all, runs once; "drop" none.
	Emoji string `yaml:"emoji" json:"emoji"`
	// Details, of what is folded away: "read" reads it between
	// announcements; "summary" only what is shown; "skip" nothing.
	Details string `yaml:"details" json:"details"`
	// Callout: "announce" says "Note:", "Warning:" first; "plain" reads the
	// box as paragraphs; "skip" nothing.
	Callout string `yaml:"callout" json:"callout"`
	// Embed: "announce" names videos and recordings and reads posts as
	// quotes; "skip" nothing.
	Embed string `yaml:"embed" json:"embed"`
	// Verse: "lines" pauses after every line of a poem; "prose" reads on.
	Verse string `yaml:"verse" json:"verse"`
	// LeftOut: "count" says at the end how many images without descriptions,
	// footnotes with sources and inserts were left out; "silent" does not.
	LeftOut string `yaml:"left_out" json:"left_out"`
}

// modes are what each of the elements may be, its default first.
func (e *Elements) modes() []elementModes {
	return []elementModes{
		{"heading", &e.Heading, []string{"title", "announce", "skip"}},
		{"quote", &e.Quote, []string{"auto", "voice", "announce"}},
		{"inline_quote", &e.InlineQuote, []string{"marks", "announce"}},
		{"dialogue", &e.Dialogue, []string{"auto", "names", "text"}},
		{"link", &e.Link, []string{"host", "skip"}},
		{"image", &e.Image, []string{"alt", "caption", "skip"}},
		{"footnote", &e.Footnote, []string{"sentence", "paragraph", "end", "none"}},
		{"list", &e.List, []string{"auto", "announce", "plain"}},
		{"table", &e.Table, []string{"auto", "rows", "shape", "skip"}},
		{"code", &e.Code, []string{"announce", "read", "skip"}},
		{"inline_code", &e.InlineCode, []string{"words", "verbatim"}},
		{"math", &e.Math, []string{"speak", "announce", "skip"}},
		{"emoji", &e.Emoji, []string{"auto", "name", "drop"}},
		{"details", &e.Details, []string{"read", "summary", "skip"}},
		{"callout", &e.Callout, []string{"announce", "plain", "skip"}},
		{"embed", &e.Embed, []string{"announce", "skip"}},
		{"verse", &e.Verse, []string{"lines", "prose"}},
		{"left_out", &e.LeftOut, []string{"count", "silent"}},
	}
}

type elementModes struct {
	name    string
	value   *string
	allowed []string
}

// ElementModes are what a setting under script.elements may be, its default
// first.
func ElementModes(name string) []string {
	var e Elements
	for _, m := range e.modes() {
		if m.name == name {
			return m.allowed
		}
	}
	return nil
}

func defaultElements() Elements {
	var e Elements
	for _, m := range e.modes() {
		*m.value = m.allowed[0]
	}
	return e
}

// Chapters choose which chapters an episode has.
type Chapters struct {
	Intro   string `yaml:"intro" json:"intro"`     // title of the intro's chapter; empty hides it
	Credits string `yaml:"credits" json:"credits"` // title of the credits' chapter; empty hides it
	Depth   int    `yaml:"depth" json:"depth"`     // deepest heading level that starts a chapter, 0 to 6

	// Least is how long a chapter of the text is at least: a shorter one is joined
	// with the one before, if that is of the text as well. 0 joins none.
	Least time.Duration `yaml:"least" json:"least"`
	// Images: "first" gives a chapter the first image of its section that is a
	// JPEG or PNG file beside the document; "none" gives it none.
	Images string `yaml:"images" json:"images"`
}

// The values of Chapters.Images, the default first.
const (
	imagesNone  = "none"
	imagesFirst = "first"
)

// ChapterImages are what Chapters.Images may be, the default first.
func ChapterImages() []string { return []string{imagesNone, imagesFirst} }

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
	Sentence      time.Duration `yaml:"sentence" json:"sentence"`                   // inside a paragraph
	Paragraph     time.Duration `yaml:"paragraph" json:"paragraph"`                 // between paragraphs
	HeadingBefore time.Duration `yaml:"heading_before" json:"heading_before"`       // of levels 1 and 2
	HeadingAfter  time.Duration `yaml:"heading_after" json:"heading_after"`         //
	SubBefore     time.Duration `yaml:"subheading_before" json:"subheading_before"` // of levels 3 to 6
	SubAfter      time.Duration `yaml:"subheading_after" json:"subheading_after"`   //
	Item          time.Duration `yaml:"item" json:"item"`                           // between items of a list
	Line          time.Duration `yaml:"line" json:"line"`                           // between lines of a poem
	Note          time.Duration `yaml:"note" json:"note"`                           // before and after a footnote in the text
	Quote         time.Duration `yaml:"quote" json:"quote"`                         // before and after a quote
	Rule          time.Duration `yaml:"rule" json:"rule"`                           // at a thematic break
	Opening       time.Duration `yaml:"opening" json:"opening"`                     // after the opening
	Closing       time.Duration `yaml:"closing" json:"closing"`                     // before closing and credits

	// Between are the pauses between an edge that ends and one that begins, as
	// "quote/paragraph", over what the two want else; "quote/*" is what a quote
	// wants after it whatever begins, "*/quote" before it.
	Between map[string]time.Duration `yaml:"between,omitempty" json:"between,omitempty"`
}

// LanguageOpening as an opening is that of the announcements of the text's
// language, in English "{title}. By {author}."
const LanguageOpening = "auto"

// Defaults are the options of a show that says nothing.
func Defaults() Options {
	return Options{
		Opening: LanguageOpening, Normalize: normalize.Full,
		Elements: defaultElements(),
		Chapters: Chapters{Intro: "Intro", Credits: "Credits", Depth: 3, Images: imagesNone},
		Segment:  Length{Least: 80},
	}
}

// DefaultPauses are the pauses of a show that says nothing. The values are
// judgement; docs/text.md says where they come from.
func DefaultPauses() Pauses {
	return Pauses{
		Sentence: 250 * time.Millisecond, Paragraph: 600 * time.Millisecond,
		HeadingBefore: 1200 * time.Millisecond, HeadingAfter: 700 * time.Millisecond,
		SubBefore: 800 * time.Millisecond, SubAfter: 500 * time.Millisecond,
		Item: 400 * time.Millisecond, Line: 250 * time.Millisecond, Note: 400 * time.Millisecond, Quote: 700 * time.Millisecond, Rule: 1200 * time.Millisecond,
		Opening: 1200 * time.Millisecond, Closing: 1200 * time.Millisecond,
	}
}
