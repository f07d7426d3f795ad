package markup

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// writer writes elements. Its dialect says what they become.
type writer struct {
	strings.Builder
	dialect
	marks map[string]int // of footnotes, by label: how many there are
	noted map[string]int // how many are written
	text  func(Text) []Run
	said  map[int]bool // segments that have a place
	at    document.Pos // of the element that is being written
	block int          // its number
}

// dialect is what a page and an article write differently.
type dialect interface {
	heading(document.Element) string // its tag
	link(address string) (opening, closing string)
	picture(document.Inline) string
	image(document.Element) string
	figure(image, caption string) string // both HTML
	lineBreak(hard bool) string
	directive(verb, argument string) string
	math(tex string, block bool) string
	noteID(label string) string    // what its places are called by
	item(document.Element) string  // its tag
	typed(e document.Element) bool // whether it is written as what it is read as
	tag(k document.Kind, e document.Element) (opening, closing string)
}

func newWriter(es []document.Element, d dialect) *writer {
	b := &writer{dialect: d, marks: map[string]int{}, noted: map[string]int{}, said: map[int]bool{}}
	countMarks(es, b.marks)
	return b
}

// countMarks counts the marks of each footnote.
func countMarks(es []document.Element, marks map[string]int) {
	var inlines func([]document.Inline)
	inlines = func(ins []document.Inline) {
		for _, in := range ins {
			if in.Kind == document.NoteRef {
				marks[in.Text]++
			}
			inlines(in.Children)
		}
	}
	for _, e := range es {
		inlines(e.Text)
		inlines(e.Cite)
		countMarks(e.Children, marks)
	}
}

func (b *writer) blocks(es []document.Element) { b.cells(es, false) }

// cells are blocks, or the cells of a row that heads its table.
func (b *writer) cells(es []document.Element, header bool) {
	for i, e := range es {
		b.block++
		b.at = e.Pos
		if e.Kind == document.Note && (i == 0 || es[i-1].Kind != document.Note) {
			b.WriteString("<section role=\"doc-endnotes\"><ol>\n")
		}
		if i > 0 && es[i-1].Kind == document.Note && e.Kind != document.Note {
			b.WriteString("</ol></section>\n")
		}
		b.element(e, header)
	}
	if n := len(es); n > 0 && es[n-1].Kind == document.Note {
		b.WriteString("</ol></section>\n")
	}
}

func (b *writer) element(e document.Element, header bool) {
	switch e.Kind {
	case document.Heading:
		b.within(e, b.heading(e))
	case document.Quote:
		b.within(e, "blockquote")
	case document.Verse:
		b.within(e, `div class="verse"`)
	case document.Details, document.Callout:
		b.box(e)
	case document.Embed:
		b.embed(e)
	case document.Directive:
		if d := b.directive(e.Label, e.Raw); d != "" {
			b.WriteString(d + "\n")
		}
	case document.List:
		if e.Start > 0 {
			b.within(e, fmt.Sprintf(`ol start="%d"`, e.Start))
		} else {
			b.within(e, "ul")
		}
	case document.Item:
		b.within(e, b.item(e))
	case document.Code:
		opening, closing := b.tag(e.Kind, e)
		b.WriteString(opening + b.plain(e.Raw) + closing)
	case document.Typed:
		if b.typed(e) {
			b.blocks(e.Children)
			return
		}
		b.WriteString("<pre>\n" + b.plain(strings.TrimPrefix(e.Raw, "\n")) + "</pre>\n")
	case document.Formula:
		b.WriteString(b.join([]piece{b.whole(Text{Text: e.Raw}, b.math(e.Raw, true))}) + "\n")
	case document.Table:
		opening, closing := b.tag(e.Kind, e)
		b.WriteString(opening)
		if text := b.inlines(e.Text); text != "" {
			b.WriteString("<caption>" + text + "</caption>")
		}
		b.blocks(e.Children)
		b.WriteString(closing)
	case document.Row:
		b.WriteString("<tr>")
		b.cells(e.Children, e.Header)
		b.WriteString("</tr>\n")
	case document.Cell:
		switch {
		case header:
			b.within(e, "th")
		case e.Header:
			b.within(e, `th scope="row"`)
		default:
			b.within(e, "td")
		}
	case document.Image:
		b.imageElement(e)
	case document.Rule:
		b.WriteString("<hr>\n")
	case document.Note:
		opening, closing := b.tag(e.Kind, e)
		b.WriteString(opening + b.inlines(e.Text))
		b.blocks(e.Children)
		b.backLinks(e.Label)
		b.cite(e)
		b.WriteString(closing)
	default:
		b.within(e, "p")
	}
}

// within writes an element between tags, of which the first may have
// attributes.
func (b *writer) within(e document.Element, tag string) {
	name, _, _ := strings.Cut(tag, " ")
	b.around(e, "<"+tag+">", "</"+name+">\n")
}

func (b *writer) around(e document.Element, opening, closing string) {
	b.WriteString(opening + b.inlines(e.Text))
	b.blocks(e.Children)
	b.cite(e)
	b.WriteString(closing)
}

func (b *writer) cite(e document.Element) {
	if len(e.Cite) > 0 {
		b.block++
		b.at = e.Pos
		b.WriteString("<footer>" + b.inlines(e.Cite) + "</footer>")
	}
}

// box is what is folded away, or a call-out.
func (b *writer) box(e document.Element) {
	opening, closing := b.tag(e.Kind, e)
	b.WriteString(opening)
	text := b.inlines(e.Text)
	switch {
	case e.Kind == document.Details:
		if text != "" {
			text = "<summary>" + text + "</summary>"
		}
		b.WriteString(text + "\n")
	case text != "":
		b.WriteString(`<p class="admonition-title">` + text + "</p>\n")
	}
	b.blocks(e.Children)
	b.WriteString(closing)
}

func (b *writer) imageElement(e document.Element) {
	alt := e.Alt
	if e.Decorative {
		alt = "" // it says nothing
	}
	image := b.join([]piece{b.whole(Text{Text: alt}, b.image(e))})
	caption := b.plain(e.Title)
	if e.Credit != "" {
		caption = strings.TrimSpace(caption + ` <small class="credit">` + b.plain(e.Credit) + "</small>")
	}
	b.WriteString(b.figure(image, caption))
}

// backLinks lead from a footnote to its marks.
func (b *writer) backLinks(label string) {
	id := html.EscapeString(b.noteID(label))
	for i := range b.marks[label] {
		text := "↩"
		if i > 0 {
			text += strconv.Itoa(i + 1)
		}
		fmt.Fprintf(b, `<sup><a href="#ref-%s-%d" role="doc-backlink">%s</a></sup>`, id, i+1, text)
	}
}

// embed is what is embedded as a link; a post is a quotation.
func (b *writer) embed(e document.Element) {
	title := e.Title
	if title == "" {
		title = e.Label
	}
	link := func() string {
		text := b.plain(title)
		if e.URL == "" {
			return text
		}
		opening, closing := b.link(e.URL)
		return opening + text + closing
	}
	if len(e.Children) == 0 {
		b.WriteString("<p>" + link() + "</p>\n")
		return
	}
	b.WriteString("<blockquote>\n")
	b.blocks(e.Children)
	b.block++
	b.at = e.Pos
	b.WriteString("<footer>" + link() + "</footer></blockquote>\n")
}
