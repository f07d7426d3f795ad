package script

import (
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// mostNoteWords is how many words a footnote may have to be spoken after its
// sentence: after a longer one nobody finds back to the thought.
const mostNoteWords = 40

// gather finds the document's footnotes, wherever they stand.
func (r *renderer) gather(es []document.Element) {
	for i := range es {
		if e := &es[i]; e.Kind == document.Note {
			if r.notes[e.Label] == nil {
				r.notes[e.Label] = e
			}
		}
		r.gather(es[i].Children)
	}
}

// refer speaks the footnotes that running text refers to, each at its first
// mark. Those that belong after the whole text are given back.
func (r *renderer) refer(s *speech, mode string) (after []passage) {
	for _, ref := range s.refs {
		e := r.notes[ref.label]
		if e == nil || r.noted[ref.label] {
			continue
		}
		r.noted[ref.label] = true
		switch {
		case mode == "none":
			r.find(e.Pos, "footnote %s is left out", e.Label)
			continue
		case mode == "end":
			r.endnotes = append(r.endnotes, r.endnote(e)...)
			continue
		case onlySources(e):
			r.left.notes++
			r.find(e.Pos, "footnote %s names sources and is not spoken: %s", e.Label, shortened(plainText(e)))
			continue
		}
		note := r.note(e)
		if len(note) == 0 {
			continue
		}
		if mode == "sentence" && wordCount(note) <= mostNoteWords && strings.ContainsFunc(s.String(), speakable) {
			s.asides = append(s.asides, aside{off: ref.off, passages: note})
		} else {
			after = append(after, note...)
		}
	}
	return after
}

// note is a footnote in the text: "Footnote: … End of footnote."
func (r *renderer) note(e *document.Element) []passage {
	var said []passage
	r.elsewhere(func() {
		r.lead = r.words[sayFootnote]
		said = r.apart(func() { r.elements(e.Children, RoleNote) })
		r.lead = ""
	})
	if len(said) == 0 {
		return nil
	}
	if end := r.words[sayFootnoteEnd]; end != "" {
		last := &said[len(said)-1]
		last.end()
		last.announce(" " + end)
	}
	said[0].begins = edges{EdgeNote}
	said[len(said)-1].ends = edges{EdgeNote}
	return said
}

// elsewhere renders what belongs elsewhere: no directive of this place holds.
func (r *renderer) elsewhere(f func()) {
	voice, chapter, quotes, lists, lead := r.voice, r.chapter, r.quotes, r.lists, r.lead
	r.voice, r.chapter, r.quotes, r.lists, r.lead = "", nil, 0, 0, ""
	f()
	r.voice, r.chapter, r.quotes, r.lists, r.lead = voice, chapter, quotes, lists, lead
}

// endnote is a footnote at the end: "Footnote." and its text.
func (r *renderer) endnote(e *document.Element) []passage {
	var said []passage
	r.elsewhere(func() { said = r.apart(func() { r.elements(e.Children, RoleNote) }) })
	if len(said) == 0 {
		return nil
	}
	return append(r.apart(func() { r.announce(RoleNote, r.words[sayEndnote], e.Pos, edges{EdgeEndnote}, edges{EdgeAnnouncement}) }), said...)
}

// unreferred finds the footnotes whose marks are in nothing that is spoken.
func (r *renderer) unreferred(es []document.Element) {
	for i := range es {
		if e := &es[i]; e.Kind == document.Note && !r.noted[e.Label] {
			r.noted[e.Label] = true
			r.find(e.Pos, "footnote %s belongs to something that is left out, and is left out with it", e.Label)
		}
		r.unreferred(es[i].Children)
	}
}

var (
	sourceMark = compiled(`(?i)\b(doi|isbn|issn|arxiv|ibid|op\. ?cit|loc\. ?cit|et al|pp?\. ?\d+|vol\. ?\d+|no\. ?\d+|eds?\.|retrieved|accessed|cited in|(university|oxford|cambridge|mit|academic) press|proceedings|journal|quarterly|press release|preprint|working paper|ch\. ?\d+)\b|§ ?\d`)
	yearMark   = compiled(`[(\s](1[5-9]|20)\d\d[a-z]?[).,:;]|\d+\(\d+\)|\d+ ?: ?\d+[–-]\d+`)
	seeAlso    = compiled(`(?i)^(see( also)?|cf\.?|compare|source|sources|via|from|for (details|more|example),? see|e\.g\.,?|ibid|adapted from|quoted in|as cited in|link|h/t)\b[:,]?`)
	verbs      = compiled(`(?i)\b(is|are|was|were|has|have|had|do|does|did|can|could|would|should|will|may|might|must|i|we|you|they|it|this|these|because|but|although|however|if|when)\b`)
)

// uncited are the parts of a reference that have words of sentences in them
// and are none: titles in quotation marks, initials, the month of May.
var uncited = compiled(`"[^"]{1,300}"|“[^”]{1,600}”|\b\p{Lu}\.|\bMay,? \d{4}|\b\d{1,2} May\b|\bMay \d{1,2},`)

// ownWords is the text of a note without what it has in italics, where it has
// the year of a work: titles are sentences at times.
func ownWords(e *document.Element) string {
	text := plainText(e)
	if !yearMark().MatchString(text + " ") {
		return text
	}
	var titles func(ins []document.Inline)
	titles = func(ins []document.Inline) {
		for _, in := range ins {
			if title := document.Plain(in.Children); in.Kind == document.Emphasis && len(strings.Fields(title)) > 1 {
				text = strings.Replace(text, strings.Join(strings.Fields(title), " "), " ", 1)
			}
			titles(in.Children)
		}
	}
	for i := range e.Children {
		titles(e.Children[i].Text)
	}
	return text
}

// mostSourceWords is how many words a footnote that begins with "See" may have
// beside its links to name sources and nothing else.
const mostSourceWords = 12

// onlySources says whether a footnote only tells where something is from: a
// reference, or links with at most a word or two. A note that says a sentence
// of its own is spoken, whatever it cites.
func onlySources(e *document.Element) bool {
	text := plainText(e)
	free, linked := beside(e.Children, 0)
	words := strings.Fields(bareLink().ReplaceAllString(text, ""))
	if !strings.ContainsFunc(text, speakable) {
		return false
	}
	if !strings.ContainsFunc(bareLink().ReplaceAllString(text, ""), speakable) {
		return true // an address alone
	}
	talks := verbs().MatchString(uncited().ReplaceAllString(bareLink().ReplaceAllString(ownWords(e), ""), " "))
	switch {
	case linked && free == 0:
		return !talks || len(words) <= mostSourceWords
	case seeAlso().MatchString(text):
		return (linked || bareLink().MatchString(text) || yearMark().MatchString(text+" ")) && free <= mostSourceWords || len(words) <= 6 && !talks
	case talks:
		return false
	}
	return sourceMark().MatchString(text) && (yearMark().MatchString(text+" ") || linked) || yearMark().MatchString(text+" ") && (linked || bareLink().MatchString(text))
}

// beside is how many words of elements stand outside of links, and whether
// there are links.
func beside(es []document.Element, depth int) (words int, linked bool) {
	var walk func(ins []document.Inline)
	walk = func(ins []document.Inline) {
		for _, in := range ins {
			switch in.Kind {
			case document.Link:
				linked = true
			case document.Text:
				words += len(strings.FieldsFunc(in.Text, notSpeakable))
			default:
				walk(in.Children)
			}
		}
	}
	for i := range es {
		walk(es[i].Text)
		n, l := beside(es[i].Children, depth+1)
		words, linked = words+n, linked || l
	}
	return words, linked
}

// plainText is the words of an element and of what is in it.
func plainText(e *document.Element) string {
	parts := []string{document.Plain(e.Text)}
	for i := range e.Children {
		parts = append(parts, plainText(&e.Children[i]))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// leftOut counts what was left out without a word in its place.
type leftOut struct{ images, notes, embeds int }

// summary says at the end what was left out.
func (r *renderer) summary() {
	if r.Options.Elements.LeftOut != "count" {
		return
	}
	var list []string
	for _, k := range []struct {
		n         int
		one, more string
	}{
		{r.left.images, sayImageLeft, sayImagesLeft},
		{r.left.notes, sayNoteLeft, sayNotesLeft},
		{r.left.embeds, sayEmbedLeft, sayEmbedsLeft},
	} {
		if k.n > 0 && r.words[k.one] != "" {
			list = append(list, r.words.count(k.n, k.one, k.more))
		}
	}
	if len(list) > 0 {
		r.announce(RoleBody, r.words.say(sayLeftOut, "list", r.words.list(list)), document.Pos{File: r.file}, edges{EdgeLeftOut}, edges{EdgeLeftOut})
	}
}
