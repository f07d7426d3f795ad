// Package document answers what the author wrote: it reads a source
// (Markdown, HTML, plain text or an EPUB) into one structure, metadata and a tree of
// elements, each with its place in the source. It says nothing about speech.
package document

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Document is a source that was read.
type Document struct {
	Source   string // name for messages: the path as the user gave it, or "-"
	Meta     Meta
	Elements []Element
	Findings []Finding // what was mended or left out on reading, in order
}

// Meta is what the source says of itself (front matter, or a title in the text).
type Meta struct {
	ID          string
	Slug        string
	Title       string
	Subtitle    string
	Author      string
	Language    string // BCP 47
	Link        string // canonical URL
	Description string
	Cover       string // path of an image, relative to the source
	Site        string // name of the site that published a page
	Image       string // address of a page's lead image; path of a book's cover in it
	Date        time.Time
	Tags        []string
	Draft       bool            // not to be published yet
	Settings    Settings        // what it says under "narrapress"
	Listing     podcast.Listing // but for its keywords, which are Tags
	TitlePos    Pos             // where a title that was taken from the text, Markdown or plain, stands in it

	// Of a chapter that was divided from a document, see [Split].
	Book   string // title of the whole
	Part   string // name of the chapter in it, which stays while words change: "ch01.xhtml", "the-sea"
	Number int    // of the chapter, from 1
	Parts  int    // how many there are
}

// Pos is a place in a source; lines and columns (in characters) count from 1.
type Pos struct {
	File string
	Line int
	Col  int
}

func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Finding is something about the source that a person should know.
type Finding struct {
	Pos  Pos
	Text string
}

func (f Finding) String() string { return f.Pos.String() + ": " + f.Text }

// Error is a source that cannot be read, with the place and the remedy.
type Error struct {
	Pos    Pos
	Reason string
}

func (e *Error) Error() string { return e.Pos.String() + ": " + e.Reason }

// EmptyError is a source in which there is nothing to speak.
type EmptyError struct{ Err *Error }

func (e *EmptyError) Error() string { return e.Err.Error() }

// Unwrap is the error as those of other sources are.
func (e *EmptyError) Unwrap() error { return e.Err }

// Kind says what an element is.
type Kind string

// The kinds of elements, and which fields of Element each uses.
const (
	Paragraph Kind = "paragraph" // Text
	Heading   Kind = "heading"   // Text, Level
	Quote     Kind = "quote"     // Children; Cite
	Verse     Kind = "verse"     // Children of kind Paragraph, a stanza each, its lines ended by hard breaks; Cite
	List      Kind = "list"      // Children of kind Item; Start
	Item      Kind = "item"      // Children; Task
	Code      Kind = "code"      // Raw, Language
	Table     Kind = "table"     // Children of kind Row; Text: the caption
	Row       Kind = "row"       // Children of kind Cell; Header
	Cell      Kind = "cell"      // Text, or Children where it holds lists, see CellText; Header: it heads its row
	Image     Kind = "image"     // URL, Alt, Title: the caption; Decorative
	Details   Kind = "details"   // Text: what is shown while it is closed; Children
	Callout   Kind = "callout"   // Label: note, tip, important, warning, caution or another word; Text: its own title; Children
	Embed     Kind = "embed"     // Label: video, audio, post, poll or another word; Title; URL; Children: the words of a post
	Rule      Kind = "rule"      // nothing
	Note      Kind = "note"      // Children: the text of a footnote; Label
	Formula   Kind = "formula"   // Raw: the TeX of mathematics that is set apart; Pos is where it begins
	Typed     Kind = "typed"     // Raw: prose as it was typed, line by line (<pre>); Children: what it is read as
	Directive Kind = "directive" // Label, Raw: what a comment for this program says, see ParseDirective
)

// Element is one paragraph, heading, list … of a document.
type Element struct {
	Kind     Kind
	Pos      Pos
	Text     []Inline
	Children []Element
	Level    int    // of a heading, 1 to 6
	Start    int    // first number of an ordered list; 0 for bullets
	Header   bool   // a row of column heads, or the cell that heads a row
	Task     string // "", "done" or "open"
	Raw      string // code or TeX, verbatim; a directive's argument
	Language string // of code
	URL      string
	Alt      string
	Title    string
	Label    string   // of a footnote; the sort of a call-out or an embed; a directive's verb; "part" of the heading of a part of a book
	Anchor   string   // of a heading: its place in the source, if the source names one: "ch01.xhtml#c1"
	Cite     []Inline // who or what is quoted, as the source says it, without a dash before it

	// Furniture says that an element, or an item of a list, stands in what was
	// found of a page and is not of its article: links to other articles, words
	// of the page's machinery.
	Furniture bool

	// Visual says that an element is of the article, and only for those who see
	// it: a list of its headings, a label beside a picture, the foot of a
	// printed page.
	Visual bool

	// Credit says who made or owns an image, where the page does.
	Credit string

	// Decorative says of an image that its author has marked it as one that
	// says nothing: an empty alternative text in HTML, a tracking pixel, an icon.
	Decorative bool

	// Tooltip says that an image's Title is one of Markdown, ![alt](address
	// "title"): a caption that a page shows only where it is pointed at.
	Tooltip bool
}

// InlineKind says what a stretch of running text is.
type InlineKind string

// The kinds of running text, and which fields of Inline each uses.
const (
	Text     InlineKind = "text"     // Text
	Emphasis InlineKind = "emphasis" // Children
	Strong   InlineKind = "strong"   // Children
	Strike   InlineKind = "strike"   // Children
	CodeSpan InlineKind = "code"     // Text
	Link     InlineKind = "link"     // Children, URL
	Picture  InlineKind = "picture"  // Text (the alternative text), URL, Title
	Break    InlineKind = "break"    // the end of a source line; Hard if the author asked for it
	NoteRef  InlineKind = "note"     // Text: the footnote's label
	Math     InlineKind = "math"     // Text: the TeX between the marks; Display
	Command  InlineKind = "command"  // Text: a directive's verb, Title: its argument
)

// Inline is a stretch of running text inside an element.
type Inline struct {
	Kind     InlineKind
	Text     string
	URL      string
	Title    string
	Hard     bool
	Display  bool // mathematics between the marks of what is set apart
	Children []Inline
	Line     int // where Text, CodeSpan or Math begins in the source, as Pos counts; 0 if not known
	Col      int
}

// Plain is the running text without its markup: words only, breaks as one
// space, links by their text, mathematics between dollars, pictures and footnote
// marks left out.
func Plain(inlines []Inline) string {
	var b strings.Builder
	var walk func([]Inline)
	walk = func(ins []Inline) {
		for _, in := range ins {
			switch in.Kind {
			case Text, CodeSpan:
				b.WriteString(in.Text)
			case Math:
				b.WriteString("$" + in.Text + "$")
			case Break:
				b.WriteByte(' ')
			case Picture, NoteRef, Command:
			default:
				walk(in.Children)
			}
		}
	}
	walk(inlines)
	return squeezed(b.String())
}

// squeezed is text with one space between its words and none around them. Most
// texts are so.
func squeezed(text string) string {
	before := ' '
	for _, r := range text {
		if unicode.IsSpace(r) && (r != ' ' || before == ' ') {
			return strings.Join(strings.Fields(text), " ")
		}
		before = r
	}
	return strings.TrimSuffix(text, " ")
}
