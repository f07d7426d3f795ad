package script

import (
	"fmt"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// passage is a stretch of speech that shares no segment with what stands
// around it.
type passage struct {
	role         string
	announcement bool
	phrase
	places func() func(off int) document.Pos // of offsets that grow from call to call
	pos    document.Pos
	before time.Duration // least silence that it wants before it
	after  time.Duration
	level  int // > 0: a heading that starts a chapter
	title  string
}

// renderer turns elements into passages.
type renderer struct {
	*Brief
	english  bool
	file     string // the document's name
	passages []passage
	notes    []passage
	findings []document.Finding
}

func (r *renderer) find(pos document.Pos, format string, args ...any) {
	r.findings = append(r.findings, document.Finding{Pos: pos, Text: fmt.Sprintf(format, args...)})
}

// say adds a passage, unless it holds no word.
func (r *renderer) say(p passage) bool {
	if !strings.ContainsFunc(p.text, speakable) {
		if text := strings.TrimSpace(p.text); text != "" {
			r.find(p.pos, "%s has no word to speak: left out", shortened(text))
		}
		return false
	}
	r.passages = append(r.passages, p)
	return true
}

// announce adds words of the script's own.
func (r *renderer) announce(role, text string, pos document.Pos, before, after time.Duration) {
	r.say(passage{role: role, announcement: true, phrase: phrase{text: text}, pos: pos, before: before, after: after})
}

// elements renders elements that are spoken in one role.
func (r *renderer) elements(es []document.Element, role string) {
	for i := range es {
		r.element(&es[i], role)
	}
}

func (r *renderer) element(e *document.Element, role string) {
	p := r.Pauses
	switch e.Kind {
	case document.Paragraph:
		r.paragraph(e, role, p.Paragraph)
	case document.Heading:
		r.heading(e, role)
	case document.Quote:
		r.quote(e, role)
	case document.List:
		r.list(e, role)
	case document.Table:
		r.table(e, role)
	case document.Code:
		r.code(e, role)
	case document.Formula:
		r.formula(e, role)
	case document.Image:
		r.image(e.Alt, e.Title, e.Pos, role)
	case document.Rule:
		if n := len(r.passages); n > 0 {
			r.passages[n-1].after = max(r.passages[n-1].after, p.Rule)
		}
	case document.Note:
		r.note(e)
	default:
		r.elements(e.Children, role)
	}
}

func (r *renderer) paragraph(e *document.Element, role string, after time.Duration) {
	s := r.speak(e.Text, e.Pos, role)
	r.say(passage{role: role, phrase: s.phrase(), places: s.places, pos: e.Pos, after: after})
	r.pictures(s, e.Pos, role)
}

// pictures announces what stands as an image inside running text, after it.
func (r *renderer) pictures(s *spoken, pos document.Pos, role string) {
	for _, in := range s.pictures {
		r.image(in.Text, in.Title, pos, role)
	}
}

func (r *renderer) heading(e *document.Element, role string) {
	s := r.speak(e.Text, e.Pos, RoleHeading)
	title := strings.Join(strings.Fields(spellLinks(s.String(), false)), " ")
	if !strings.ContainsFunc(title, speakable) {
		r.find(e.Pos, "a heading without words: left out")
		r.pictures(s, e.Pos, role)
		return
	}
	h := passage{
		role: RoleHeading, phrase: s.phrase(), places: s.places, pos: e.Pos,
		before: r.Pauses.HeadingBefore, after: r.Pauses.HeadingAfter,
	}
	h.text = ended(h.text)
	if role != RoleBody { // a heading inside a quote belongs to the quote
		h.role = role
		r.say(h)
		return
	}
	level := 0
	if e.Level <= r.Options.Chapters.Depth {
		level = e.Level
	}
	switch r.Options.Elements.Heading {
	case "skip":
		h.text = ""
	case "announce":
		r.announce(RoleHeading, "Heading.", e.Pos, h.before, r.Pauses.Sentence)
		h.before = 0
	}
	at := len(r.passages)
	if r.Options.Elements.Heading == "announce" {
		at--
	}
	if h.text == "" {
		r.passages = append(r.passages, h) // marks the chapter, speaks nothing
	} else {
		r.say(h)
	}
	r.passages[at].level, r.passages[at].title = level, title
	r.pictures(s, e.Pos, role)
}

// quote renders a quotation. A listener hears where it ends by the voice that
// changes; where none does, words say so.
func (r *renderer) quote(e *document.Element, role string) {
	announce := r.Options.Elements.Quote == "announce" ||
		r.Options.Elements.Quote != "voice" && r.sameVoice(role, RoleQuote)
	start := len(r.passages)
	if announce {
		r.announce(role, "Quote.", e.Pos, r.Pauses.Quote, r.Pauses.Sentence)
	}
	inside := len(r.passages)
	r.elements(e.Children, RoleQuote)
	if len(r.passages) == inside {
		r.passages = r.passages[:start] // nothing in it is spoken
		return
	}
	if announce {
		r.passages[len(r.passages)-1].after = r.Pauses.Sentence
		r.announce(role, "End quote.", e.Pos, 0, r.Pauses.Quote)
		return
	}
	r.passages[start].before = max(r.passages[start].before, r.Pauses.Quote)
	r.passages[len(r.passages)-1].after = max(r.passages[len(r.passages)-1].after, r.Pauses.Quote)
}

func (r *renderer) code(e *document.Element, role string) {
	p := r.Pauses
	lines := strings.Count(strings.TrimRight(e.Raw, "\n"), "\n") + 1
	if strings.TrimSpace(e.Raw) == "" {
		return
	}
	switch r.Options.Elements.Code {
	case "read":
		r.say(passage{
			role: role, phrase: phrase{text: e.Raw, code: []normalize.Span{{From: 0, To: len(e.Raw)}}}, pos: e.Pos,
			before: p.Paragraph, after: p.Paragraph,
		})
	case "skip":
		r.find(e.Pos, "code (%s) is left out", number(lines, "line"))
	default:
		text := "Code example"
		if name := languageName(e.Language); name != "" {
			text += " in " + name
		}
		r.announce(RoleBody, text+", "+number(lines, "line")+", left out.", e.Pos, p.Paragraph, p.Paragraph)
	}
}

// adds says whether a text has a word that another lacks.
func adds(to, text string) bool {
	known := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(to), notSpeakable) {
		known[w] = true
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), notSpeakable) {
		if !known[w] {
			return true
		}
	}
	return false
}

func notSpeakable(r rune) bool { return !speakable(r) }

// image announces an image by its caption, and by its alternative text where
// that says more.
func (r *renderer) image(alt, caption string, pos document.Pos, role string) {
	text := ""
	for _, t := range []string{caption, alt} {
		t = strings.Join(strings.Fields(t), " ")
		switch {
		case !describes(t):
		case text == "":
			text = t
		case adds(text, t):
			text = ended(text) + " " + t
		}
	}
	switch {
	case r.Options.Elements.Image == "skip":
		r.find(pos, "an image is left out")
	case text == "" && strings.TrimSpace(alt) == "":
		r.find(pos, "an image without a description is left out")
	case text == "":
		r.find(pos, "an image is left out: %s describes nothing", shortened(alt))
	default:
		said := joined("", phrase{text: "Image: "}, r.phrase(text, role))
		said.text = ended(said.text)
		r.say(passage{role: role, announcement: true, phrase: said, pos: pos, before: r.Pauses.Paragraph, after: r.Pauses.Paragraph})
	}
}

// note keeps a footnote for the end: in the middle of a sentence it would cut
// the thought, and a listener cannot skip it.
func (r *renderer) note(e *document.Element) {
	sub := &renderer{Brief: r.Brief, english: r.english, file: r.file}
	sub.announce(RoleNote, "Footnote.", e.Pos, r.Pauses.Paragraph, r.Pauses.Sentence)
	sub.elements(e.Children, RoleNote)
	r.findings = append(r.findings, sub.findings...)
	if len(sub.passages) > 1 {
		r.notes = append(r.notes, sub.passages...)
	}
}
