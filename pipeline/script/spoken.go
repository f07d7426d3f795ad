package script

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// spoken is running text for the ear, with the places it comes from. A line
// feed in it is the end of a source line.
type spoken struct {
	strings.Builder
	marks    []mark
	from     document.Pos // of the element: the place of text that has none
	by       *renderer
	links    bool // addresses are left to be put into words with the rest
	kept     []normalize.Span
	code     []normalize.Span
	pictures []document.Inline
}

// mark says where the text from an offset on stands in the source.
type mark struct{ off, line, col int }

// spoken is empty running text of a role.
func (r *renderer) spoken(from document.Pos, role string) *spoken {
	return &spoken{from: from, by: r, links: r.english && r.mode(role) != normalize.Off}
}

func (r *renderer) speak(ins []document.Inline, from document.Pos, role string) *spoken {
	s := r.spoken(from, role)
	s.walk(ins)
	return s
}

// phrase is a text from outside of the document's body.
func (r *renderer) phrase(text, role string) phrase {
	return r.speak(document.Running(text), document.Pos{File: r.file}, role).phrase()
}

func (s *spoken) phrase() phrase { return phrase{s.String(), s.kept, s.code} }

func (s *spoken) walk(ins []document.Inline) {
	for _, in := range ins {
		switch in.Kind {
		case document.Text:
			s.mark(in)
			s.WriteString(spellLinks(in.Text, s.links))
		case document.CodeSpan:
			s.mark(in)
			s.code = append(s.code, normalize.Span{From: s.Len(), To: s.Len() + len(in.Text)})
			s.WriteString(in.Text)
		case document.Math:
			s.mark(in)
			s.math(in)
		case document.Break:
			s.WriteByte('\n')
		case document.Link:
			s.link(in)
		case document.Picture:
			s.pictures = append(s.pictures, in)
		case document.NoteRef:
		default:
			s.walk(in.Children)
		}
	}
}

func (s *spoken) mark(in document.Inline) {
	if in.Line > 0 {
		s.marks = append(s.marks, mark{s.Len(), in.Line, in.Col})
	}
}

// link speaks a link by its text. Where the text is the address, only the
// address's host is said.
func (s *spoken) link(in document.Inline) {
	text := document.Plain(in.Children)
	if text == "" || !bareLink.MatchString(text) || bareLink.FindString(text) != text {
		s.walk(in.Children)
		return
	}
	s.mark(in.Children[0])
	s.WriteString(linkTo(text, s.links))
}

// bareLink is an address in running text, without the punctuation after it.
var bareLink = regexp.MustCompile(`(?:https?://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?'’)\]}*_]`)

// spellLinks names the hosts of the addresses in a text, or leaves of each
// address what is put into words later.
func spellLinks(text string, later bool) string {
	if !strings.Contains(text, "://") && !strings.Contains(text, "www.") {
		return text
	}
	return bareLink.ReplaceAllStringFunc(text, func(a string) string { return linkTo(a, later) })
}

func linkTo(address string, later bool) string {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return "link"
	}
	if later {
		return "https://" + u.Hostname()
	}
	return "link to " + strings.TrimPrefix(u.Hostname(), "www.")
}

// places gives the source's place of offsets that grow from call to call.
func (s *spoken) places() func(off int) document.Pos {
	text, i := s.String(), -1
	counted, col := 0, 0 // col is the column of the byte at counted
	return func(off int) document.Pos {
		off = min(off, len(text)) // a full stop was added
		for i+1 < len(s.marks) && s.marks[i+1].off <= off {
			i++
			counted, col = s.marks[i].off, s.marks[i].col
		}
		if i < 0 {
			return s.from
		}
		col += utf8.RuneCountInString(text[counted:off])
		counted = off
		return document.Pos{File: s.from.File, Line: s.marks[i].line, Col: col}
	}
}

// at is a place as it stands in a script.
func at(p document.Pos) string {
	if p.Line == 0 {
		return ""
	}
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Col)
}
