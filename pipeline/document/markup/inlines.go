package markup

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// Text is a stretch of a document's text in the order in which it is written.
type Text struct {
	Text    string
	Whole   bool         // it is not divided: a formula, an image by its description
	Block   int          // number of the element it stands in, or of its place in one
	Element document.Pos // where that begins
	Line    int          // of the text itself, as document.Inline has it; 0 if not known
	Col     int
}

// Run is a stretch of a text, up to the byte To, and the segment that speaks
// it: its ordinal, 0 without one.
type Run struct {
	To      int
	Segment int
}

// piece is running text as HTML. It is all of one segment, of several (mixed),
// or of none that is known: a mark, which goes with what stands around it.
type piece struct {
	html    string
	segment int
	kind    pieceKind
}

type pieceKind uint8

const (
	spoken pieceKind = iota // of the segment; unspoken if that is 0
	mixed
	neutral
)

// inlines is running text. The marks of footnotes have places, which the
// footnotes lead back to.
func (b *writer) inlines(ins []document.Inline) string { return b.join(b.pieces(ins)) }

// plain is text that has no markup.
func (b *writer) plain(text string) string {
	if text == "" {
		return ""
	}
	return b.join(b.divide(Text{Text: text}))
}

// whole is HTML that is spoken as a text and not divided.
func (b *writer) whole(t Text, shown string) piece {
	t.Whole = true
	p := b.divide(t)[0]
	p.html = shown
	return p
}

func (b *writer) pieces(ins []document.Inline) []piece {
	var out []piece
	for _, in := range ins {
		text := Text{Text: in.Text, Line: in.Line, Col: in.Col}
		switch in.Kind {
		case document.Emphasis:
			out = append(out, b.container("<em>", "</em>", in.Children))
		case document.Strong:
			out = append(out, b.container("<strong>", "</strong>", in.Children))
		case document.Strike:
			out = append(out, b.container("<s>", "</s>", in.Children))
		case document.CodeSpan:
			out = append(out, b.enclose("<code>", "</code>", b.divide(text)))
		case document.Math:
			out = append(out, b.whole(text, b.math(in.Text, false)))
		case document.Link:
			opening, closing := b.link(in.URL)
			out = append(out, b.container(opening, closing, in.Children))
		case document.Picture:
			out = append(out, b.whole(text, b.picture(in)))
		case document.Break:
			out = append(out, piece{html: b.lineBreak(in.Hard), kind: neutral})
		case document.Command:
			out = append(out, piece{html: b.directive(in.Text, in.Title), kind: neutral})
		case document.NoteRef:
			out = append(out, piece{html: b.noteRef(in.Text), kind: neutral})
		default:
			out = append(out, b.divide(text)...)
		}
	}
	return out
}

func (b *writer) noteRef(label string) string {
	id, place := html.EscapeString(b.noteID(label)), ""
	if b.noted != nil {
		b.noted[label]++
		place = fmt.Sprintf(` id="ref-%s-%d"`, id, b.noted[label])
	}
	return "<sup" + place + `><a href="#note-` + id + `">` + id + "</a></sup>"
}

// divide gives a text to its segments. What they do not say about is unspoken:
// no text is lost.
func (b *writer) divide(t Text) []piece {
	if b.text == nil {
		return []piece{{html: html.EscapeString(t.Text)}}
	}
	t.Block, t.Element = b.block, b.at
	runs := b.text(t)
	if t.Whole {
		segment := 0
		if len(runs) > 0 {
			segment = runs[0].Segment
		}
		return []piece{{html: html.EscapeString(t.Text), segment: segment}}
	}
	var out []piece
	at := 0
	for _, r := range runs {
		if to := min(r.To, len(t.Text)); to > at {
			out = append(out, piece{html: html.EscapeString(t.Text[at:to]), segment: r.Segment})
			at = to
		}
	}
	if at < len(t.Text) {
		out = append(out, piece{html: html.EscapeString(t.Text[at:])})
	}
	return out
}

func (b *writer) container(opening, closing string, children []document.Inline) piece {
	return b.enclose(opening, closing, b.pieces(children))
}

// enclose puts tags around pieces: one piece, of their segment if they have the
// same.
func (b *writer) enclose(opening, closing string, inside []piece) piece {
	out := piece{kind: neutral}
	for _, p := range inside {
		switch {
		case p.kind == neutral:
		case out.kind == neutral:
			out.kind, out.segment = p.kind, p.segment
		case p.kind == mixed || p.segment != out.segment:
			out.kind = mixed
		}
	}
	if out.kind == mixed {
		out.html, out.segment = opening+b.join(inside)+closing, 0
		return out
	}
	var s strings.Builder
	for _, p := range inside {
		s.WriteString(p.html)
	}
	out.html = opening + s.String() + closing
	return out
}

// spaces are HTML's white space.
const spaces = " \t\n\f\r"

// join writes pieces, with a span around each stretch of one segment.
func (b *writer) join(pieces []piece) string {
	var out strings.Builder
	open, held := 0, "" // the segment whose span is open, and the marks behind it
	shut := func() {
		if open != 0 {
			out.WriteString("</span>")
		}
		out.WriteString(held)
		open, held = 0, ""
	}
	for _, p := range pieces {
		text := p.html
		switch {
		case p.kind == neutral:
			held += text
			continue
		case p.kind == mixed:
			shut()
		case p.segment == open && open != 0:
			out.WriteString(held)
			held = ""
		default:
			shut()
			if open = p.segment; open != 0 { // a span neither begins nor ends with a space
				rest := strings.TrimLeft(text, spaces)
				out.WriteString(text[:len(text)-len(rest)] + b.span(open))
				text = rest
			}
		}
		if open != 0 {
			rest := strings.TrimRight(text, spaces)
			text, held = rest, text[len(rest):]
		}
		out.WriteString(text)
	}
	shut()
	return out.String()
}

// span opens what a segment speaks. Its first place has its name.
func (b *writer) span(segment int) string {
	n := strconv.Itoa(segment)
	s := `<span class="s" data-s="` + n + `"`
	if !b.said[segment] {
		b.said[segment] = true
		s += ` id="s` + n + `"`
	}
	return s + ">"
}
