package script

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// speech is the running text of an element as it becomes a line, with what is
// said after it.
type speech struct {
	*line
	by       *renderer
	from     document.Pos // of the element: the place of text that has none
	role     string
	links    bool // addresses are left to be put into words with the rest
	cell     bool // of a table
	wordless bool // the element has no word beside its emoji
	open     bool // a straight quotation mark was opened
	broken   int  // what was said up to the last line break
	pictures []document.Inline
	refs     []noteRef
}

// noteRef is a footnote's mark at an offset of what is said.
type noteRef struct {
	off   int
	label string
}

// speech is empty running text of a role.
func (r *renderer) speech(from document.Pos, role string) *speech {
	s := &speech{line: &line{}, by: r, from: from, role: role, links: r.english && r.mode(part(role, r.voiceOf(role))) != normalize.Off}
	if r.lead != "" {
		s.announce(r.lead + " ")
		r.lead = ""
	}
	return s
}

// speak makes running text of an element's.
func (r *renderer) speak(ins []document.Inline, from document.Pos, role string) *speech {
	s := r.speech(from, role)
	s.all(ins)
	return s
}

// all adds all the running text of an element.
func (s *speech) all(ins []document.Inline) {
	s.wordless = !strings.ContainsFunc(document.Plain(ins), speakable)
	s.walk(ins)
}

// outside is a line of a text from outside of the document's body.
func (r *renderer) outside(text, role string) *line {
	lead := r.lead
	r.lead = ""
	l := r.speak(document.Running(text), document.Pos{File: r.file}, role).line
	r.lead = lead
	return l
}

func (s *speech) walk(ins []document.Inline) {
	for i := 0; i < len(ins); i++ {
		in := ins[i]
		switch in.Kind {
		case document.Text:
			s.text(in.Text, in.Line, in.Col)
		case document.CodeSpan:
			s.inlineCode(in)
		case document.Math:
			s.mark(in.Line, in.Col)
			s.math(in)
			if i+1 < len(ins) && ins[i+1].Kind == document.Text && startsWord(ins[i+1].Text) {
				s.space() // pages set formulas against the next word; an ending, as in "nth", is none
			}
		case document.Break:
			s.lineBreak(in.Hard, ins[i+1:])
		case document.Link:
			if next := ins[i+1:]; s.bracketed(in, next) {
				ins = append([]document.Inline{closing(next[0])}, next[1:]...)
				i = -1
				continue
			}
			s.link(in)
		case document.Picture:
			s.pictures = append(s.pictures, in)
		case document.NoteRef:
			s.refs = append(s.refs, noteRef{len(s.said), in.Text})
		case document.Command:
			i += s.command(in, ins[i+1:])
		default:
			s.walk(in.Children)
		}
	}
}

// text adds the author's text: addresses and emoji are said otherwise than
// they are written.
func (s *speech) text(text string, row, col int) {
	for _, piece := range s.odd(text) {
		switch {
		case piece.rule == "":
			s.quoted(piece.text, row, col)
		case piece.said == "" && piece.rule != RuleAnnouncement:
			s.mark(row, col)
			s.drop(piece.text, piece.rule, piece.end)
		default:
			s.mark(row, col)
			s.edit(piece.text, piece.said, piece.rule)
		}
		row, col = behind(row, col, piece.text)
	}
}

// behind is the place after a text that begins at a place.
func behind(row, col int, text string) (int, int) {
	if row <= 0 {
		return row, col
	}
	p := movedPlace(document.Pos{Line: row, Col: col}, text)
	return p.Line, p.Col
}

// oddity is a stretch of text with what is said for it; without a rule it is
// said as it stands. The end says that no word follows in its sentence.
type oddity struct {
	text, said, rule string
	end              bool
}

// bareLink is an address in running text, without the punctuation after it.
var bareLink = compiled(`(?:https?://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?'’)\]}*_]`)

// odd divides text at what is said otherwise than it is written.
func (s *speech) odd(text string) []oddity {
	if !strings.Contains(text, "://") && !strings.Contains(text, "www.") {
		return s.emoji(text)
	}
	var out []oddity
	at := 0
	for _, m := range bareLink().FindAllStringIndex(text, -1) {
		from, to := m[0], m[1]
		said := s.address(text[from:to])
		if from > at && to < len(text) && strings.IndexByte("([", text[from-1]) >= 0 && strings.IndexByte(")]", text[to]) >= 0 {
			from, to, said = from-1, to+1, "" // an address in brackets is for the eye
		}
		out = append(append(out, s.emoji(text[at:from])...), oddity{text[from:to], said, RuleLink, true})
		at = to
	}
	return append(out, s.emoji(text[at:])...)
}

// address is what is said for an address.
func (s *speech) address(text string) string {
	if s.by.Options.Elements.Link == "skip" {
		return ""
	}
	if s.links {
		return linkTo(text, true)
	}
	return strings.ReplaceAll(s.by.words[sayLink], "{host}", strings.TrimPrefix(linkTo(text, false), "link to "))
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

// drop leaves a text out, with the space before it where no word follows.
func (s *speech) drop(text, rule string, end bool) {
	if n := len(s.said); end && n > 0 && s.said[n-1] == ' ' && s.written[len(s.written)-1] == ' ' && (len(s.edits) == 0 || s.edits[len(s.edits)-1].To < len(s.written)) {
		s.said, s.written = s.said[:n-1], s.written[:len(s.written)-1]
		for len(s.marks) > 0 && s.marks[len(s.marks)-1].off > len(s.written) {
			s.marks = s.marks[:len(s.marks)-1]
		}
		text = " " + text
	}
	s.edit(text, "", rule)
}

// quoted adds text as it stands; where quotations in a sentence are announced,
// with "quote" before each.
func (s *speech) quoted(text string, row, col int) {
	word := s.by.words[sayInlineQuote]
	if s.by.Options.Elements.InlineQuote != "announce" || word == "" {
		s.author(text, row, col)
		return
	}
	at := 0
	for i, r := range text {
		opens := r == '“' || r == '«' || r == '„'
		if r == '"' {
			s.open = !s.open
			opens = s.open
		}
		if !opens {
			continue
		}
		s.author(text[at:i], row, col)
		row, col = behind(row, col, text[at:i])
		at = i
		s.announce(word + " ")
	}
	s.author(text[at:], row, col)
}

// startsWord says whether a text begins with a word of three letters or more.
func startsWord(text string) bool {
	n := 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			break
		}
		n++
	}
	return n > 2
}

// wrapped is how many characters a line has at least that may have been broken
// where it was full, in the middle of a sentence.
const wrapped = 55

// lineBreak is the end of a source's line. One that the author asked for ends
// a sentence, or at least a phrase, unless the line is long and the sentence
// goes on: programs that write pages make such breaks where lines wrapped.
func (s *speech) lineBreak(hard bool, rest []document.Inline) {
	text := strings.TrimRight(string(s.said), " ")
	long := utf8.RuneCountInString(text[min(s.broken, len(text)):]) >= wrapped
	defer func() { s.broken = len(s.said) }()
	if hard && long && goesOn(text, document.Plain(rest)) {
		hard = false
	}
	if next := strings.TrimLeft(document.Plain(rest), " "); hard && text != "" && next != "" && !endsItself(text) && !strings.HasSuffix(text, ",") && !strings.HasSuffix(text, ";") {
		mark := ","
		if r := []rune(next)[0]; strings.ToLower(string(r)) != string(r) || !strings.ContainsFunc(string(r), speakable) {
			mark = "."
		}
		if len(s.said) > len(text) {
			s.rewrite([]Edit{{From: len(text), To: len(s.said), Spoken: mark, Rule: RuleStop}})
		} else {
			s.edit("", mark, RuleStop)
		}
	}
	s.space()
}

// goesOn says whether a sentence goes on behind a break: with a small letter,
// or after a word that no sentence ends with.
func goesOn(text, rest string) bool {
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \"'“‘("))
	if unicode.IsLower(next) {
		return true
	}
	switch strings.ToLower(text[strings.LastIndexByte(text, ' ')+1:]) {
	case "a", "an", "the", "of", "and", "or", "to", "in", "with", "by", "for", "from", "at", "as", "via", "that", "except", "than", "is", "are", "was", "were":
		return true
	}
	return false
}

// link speaks a link by its text. Where the text is the address, only the
// address's host is said.
func (s *speech) link(in document.Inline) {
	text := document.Plain(in.Children)
	if text == "" || !bareLink().MatchString(text) || bareLink().FindString(text) != text {
		s.walk(in.Children)
		return
	}
	first := in.Children[0]
	s.mark(first.Line, first.Col)
	if said := s.address(text); said == "" {
		s.drop(text, RuleLink, true)
	} else {
		s.edit(text, said, RuleLink)
	}
}

// bracketed leaves out a link that is an address in brackets, which is for the
// eye; its closing bracket is the first character of what follows.
func (s *speech) bracketed(in document.Inline, next []document.Inline) bool {
	text := document.Plain(in.Children)
	n := len(s.said)
	if bareLink().FindString(text) != text || text == "" || n == 0 || s.said[n-1] != '(' || s.written[len(s.written)-1] != '(' {
		return false
	}
	if len(next) == 0 || next[0].Kind != document.Text || !strings.HasPrefix(next[0].Text, ")") {
		return false
	}
	s.said, s.written = s.said[:n-1], s.written[:len(s.written)-1]
	s.drop("("+text+")", RuleLink, true)
	return true
}

// closing is running text without the bracket that it begins with.
func closing(in document.Inline) document.Inline {
	in.Text = in.Text[1:]
	if in.Line > 0 {
		in.Col++
	}
	return in
}

// inlineCode speaks code in running text.
func (s *speech) inlineCode(in document.Inline) {
	s.mark(in.Line, in.Col)
	text := strings.Join(strings.Fields(in.Text), " ")
	from := len(s.said)
	if s.by.Options.Elements.InlineCode == "words" && s.by.english {
		said := codeWords(text)
		if !strings.ContainsFunc(said, speakable) {
			said = text
		}
		s.edit(text, said, RuleCode)
	} else {
		s.put(text)
	}
	s.code = append(s.code, normalize.Span{From: from, To: len(s.said)})
}
