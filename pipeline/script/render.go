package script

import (
	"fmt"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// passage is a stretch of speech that shares no segment with what stands
// around it.
type passage struct {
	role         string
	voice        string // of a directive, over the role's
	announcement bool
	*line
	pos    document.Pos
	begins edges // what begins with it
	ends   edges
	level  int // > 0: it starts a chapter
	title  string
	silent bool   // marks a chapter, speaks nothing
	image  string // file of the first image that stands in it or behind it
}

// renderer turns elements into passages.
type renderer struct {
	*Brief
	words    Announcements
	english  bool
	file     string          // the document's name
	title    string          // the document's
	shown    map[string]bool // descriptions of images that were spoken
	passages []passage
	endnotes []passage
	notes    map[string]*document.Element // by label
	noted    map[string]bool              // footnotes that were spoken or left out
	findings []document.Finding
	left     leftOut
	lead     string  // announcement that the next words begin with
	voice    string  // of a directive
	chapter  *string // title of a directive, for what follows
	recast   recast
	wait     edges // silence that a directive asks for, where nothing is before it
	quotes   int   // how many quotes the elements stand in
	lists    int   // how many lists
	began    int   // how many passages there were when the item began
	inner    int   // how many elements that are put together elsewhere
	cold     int   // passages before the place of the intro

	picture string // file of an image that stands before the next passage
}

func newRenderer(b *Brief, s *Script) *renderer {
	return &renderer{
		Brief: b, words: DefaultAnnouncements(s.Language).with(b.Options.Announcements), english: english(s.Language),
		file: s.Source, title: s.Title, shown: map[string]bool{}, notes: map[string]*document.Element{}, noted: map[string]bool{},
	}
}

func (r *renderer) find(pos document.Pos, format string, args ...any) {
	r.findings = append(r.findings, document.Finding{Pos: pos, Text: fmt.Sprintf(format, args...)})
}

// say adds a passage, unless it holds no word.
func (r *renderer) say(p passage) {
	if !p.silent && !strings.ContainsFunc(p.String(), speakable) {
		if text := strings.TrimSpace(string(p.written)); strings.ContainsFunc(text, visible) {
			r.find(p.pos, "%s has no word to speak: left out", shortened(text))
		}
		return
	}
	if r.chapter != nil && *r.chapter != "" {
		p.level, p.title = max(1, p.level), *r.chapter
	}
	r.chapter = nil
	if p.level > 0 {
		r.recast.turn()
	}
	if p.voice == "" {
		p.voice = r.voiceOf(p.role)
	}
	p.begins = p.begins.with(r.wait...)
	r.wait = nil
	if p.image == "" {
		p.image = r.picture
	}
	r.picture = ""
	r.passages = append(r.passages, p)
}

// visible says whether a character is neither space nor an emoji, which are
// dropped without a word.
func visible(r rune) bool { return r > ' ' && r != 0xa0 && !pictorial(r) && r != 0x200d }

// announce adds words of the script's own.
func (r *renderer) announce(role, text string, pos document.Pos, begins, ends edges) {
	if text == "" {
		return
	}
	l := &line{}
	l.announce(text)
	if begins == nil {
		begins = edges{EdgeAnnouncement}
	}
	r.say(passage{role: role, announcement: true, line: l, pos: pos, begins: begins, ends: ends})
}

// apart is the passages that a function adds, which are not added.
func (r *renderer) apart(f func()) []passage {
	kept := r.passages
	r.passages = nil
	r.inner++
	f()
	r.inner--
	out := r.passages
	r.passages = kept
	return out
}

// enclose says that what was added since there were n passages is an element,
// which begins and ends with them.
func (r *renderer) enclose(n int, e Edge) {
	if len(r.passages) > n {
		r.passages[n].begins = r.passages[n].begins.with(e)
		last := &r.passages[len(r.passages)-1]
		last.ends = last.ends.with(e)
	}
}

// elements renders elements that are spoken in one role.
func (r *renderer) elements(es []document.Element, role string) {
	turns := r.dialogue(es, role)
	for i := 0; i < len(es); i++ {
		if t, ok := turns[i]; ok {
			r.turn(t, &es[i], role)
			continue
		}
		if es[i].Kind == document.Directive {
			i += r.directive(&es[i], es[i+1:], role)
			continue
		}
		if labels(es, i) {
			r.find(es[i].Pos, "%s says what stands beside it is a picture: left out", shortened(document.Plain(es[i].Text)))
			continue
		}
		r.element(&es[i], role, es[i+1:])
	}
}

// pictureWord is what pages say beside pictures for readers who do not see.
var pictureWord = compiled(`^(?i:image|photo|picture|video|media)$`)

// labels says whether a paragraph is nothing but the word for the picture
// beside it.
func labels(es []document.Element, i int) bool {
	if es[i].Kind != document.Paragraph || !pictureWord().MatchString(document.Plain(es[i].Text)) {
		return false
	}
	picture := func(k int) bool {
		return k >= 0 && k < len(es) && (es[k].Kind == document.Image || es[k].Kind == document.Embed)
	}
	return picture(i-1) || picture(i+1)
}

// element renders an element; the rest is what follows it.
func (r *renderer) element(e *document.Element, role string, rest []document.Element) {
	silent := e.Kind == document.Rule || e.Kind == document.Note || e.Kind == document.Image && e.Decorative
	if r.lead != "" && e.Kind != document.Paragraph && !silent {
		lead := r.lead
		r.lead = ""
		r.announce(role, lead, e.Pos, nil, edges{EdgeAnnouncement})
	}
	switch e.Kind {
	case document.Paragraph:
		r.paragraph(e, role, EdgeParagraph)
	case document.Heading:
		r.heading(e, role)
	case document.Quote:
		r.quote(e, role, len(rest) > 0 && rest[0].Kind == document.Quote)
	case document.Verse:
		r.verse(e, role)
	case document.List:
		r.list(e, role)
	case document.Table:
		r.table(e, role)
	case document.Code:
		r.code(e, role)
	case document.Formula:
		r.formula(e, role)
	case document.Image:
		if !e.Decorative {
			r.pictured(e.URL, e.Pos)
			r.image(e.Alt, e.Title, e.Pos, role)
		}
	case document.Details:
		r.details(e, role)
	case document.Callout:
		r.callout(e, role)
	case document.Embed:
		r.embed(e, role)
	case document.Rule:
		if n := len(r.passages); n > 0 {
			r.passages[n-1].ends = r.passages[n-1].ends.with(EdgeRule)
		}
	case document.Note: // spoken at its mark
	default:
		r.elements(e.Children, role)
	}
}

func (r *renderer) paragraph(e *document.Element, role string, ends Edge) {
	s := r.speak(e.Text, e.Pos, role)
	r.sayText(s, passage{role: role, line: s.line, pos: e.Pos, begins: edges{EdgeParagraph}, ends: edges{ends}})
}

// sayText adds a passage of running text, with the footnotes and the images
// that stand in it.
func (r *renderer) sayText(s *speech, p passage) {
	after := r.refer(s, r.Options.Elements.Footnote)
	r.say(p)
	r.passages = append(r.passages, after...)
	for _, in := range s.pictures {
		r.pictured(in.URL, p.pos)
		r.image(in.Text, in.Title, p.pos, p.role)
	}
}

func (r *renderer) heading(e *document.Element, role string) {
	s := r.speak(e.Text, e.Pos, RoleHeading)
	title := strings.Join(strings.Fields(shownLinks(s.String())), " ")
	if !strings.ContainsFunc(title, speakable) {
		r.find(e.Pos, "a heading without words: left out")
		r.sayText(s, passage{line: &line{}, role: role, pos: e.Pos})
		return
	}
	h := passage{role: RoleHeading, line: s.line, pos: e.Pos, begins: edges{EdgeHeading}, ends: edges{EdgeHeading}}
	if e.Level > 2 {
		h.begins, h.ends = edges{EdgeSubheading}, edges{EdgeSubheading}
	}
	h.end()
	if role != RoleBody { // a heading inside a quote belongs to the quote
		h.role = role
		r.sayText(s, h)
		return
	}
	if e.Level <= r.Options.Chapters.Depth && (r.chapter == nil || *r.chapter != "") {
		h.level, h.title = e.Level, title
	}
	switch {
	case r.Options.Elements.Heading == "skip":
		h.silent, h.line = true, &line{}
	case r.Options.Elements.Heading == "announce" && r.words[sayHeading] != "":
		a := &line{}
		a.announce(r.words[sayHeading])
		r.say(passage{role: RoleHeading, announcement: true, line: a, pos: e.Pos, begins: h.begins, ends: edges{EdgeAnnouncement}, level: h.level, title: h.title})
		h.begins, h.level = nil, 0
	}
	if !h.silent || h.level > 0 || r.chapter != nil {
		r.sayText(s, h)
	}
}

// shownLinks is a text with its addresses as a title shows them.
func shownLinks(text string) string {
	return bareLink().ReplaceAllStringFunc(text, func(a string) string { return linkTo(a, false) })
}
