package script

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
)

// spoken is running text for the ear, with the places it comes from. A line
// feed in it is the end of a source line.
type spoken struct {
	strings.Builder
	marks    []mark
	from     document.Pos // of the element: the place of text that has none
	pictures []document.Inline
}

// mark says where the text from an offset on stands in the source.
type mark struct{ off, line, col int }

func speak(ins []document.Inline, from document.Pos) *spoken {
	s := &spoken{from: from}
	s.walk(ins)
	return s
}

func (s *spoken) walk(ins []document.Inline) {
	for _, in := range ins {
		switch in.Kind {
		case document.Text:
			s.mark(in)
			s.WriteString(spellLinks(in.Text))
		case document.CodeSpan:
			s.mark(in)
			s.WriteString(in.Text)
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
	s.WriteString(linkTo(text))
}

// bareLink is an address in running text, without the punctuation after it.
var bareLink = regexp.MustCompile(`(?:https?://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?'’)\]}*_]`)

func spellLinks(text string) string {
	if !strings.Contains(text, "://") && !strings.Contains(text, "www.") {
		return text
	}
	return bareLink.ReplaceAllStringFunc(text, linkTo)
}

func linkTo(address string) string {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return "link"
	}
	return "link to " + strings.TrimPrefix(u.Hostname(), "www.")
}

// places gives the source's place of offsets that grow from call to call.
func (s *spoken) places() func(off int) string {
	text, i := s.String(), -1
	counted, col := 0, 0 // col is the column of the byte at counted
	return func(off int) string {
		for i+1 < len(s.marks) && s.marks[i+1].off <= off {
			i++
			counted, col = s.marks[i].off, s.marks[i].col
		}
		if i < 0 {
			return at(s.from)
		}
		col += utf8.RuneCountInString(text[counted:off])
		counted = off
		return at(document.Pos{Line: s.marks[i].line, Col: col})
	}
}

// at is a place as it stands in a script.
func at(p document.Pos) string {
	if p.Line == 0 {
		return ""
	}
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Col)
}
