package script

import (
	"strings"
	"unicode"

	"github.com/narrapress/narrapress/pipeline/document"
)

// longQuote is how many words of a quote may pass before a listener has lost
// whose voice it is: its end is announced, also where the voice changes.
const longQuote = 120

// quote renders a quotation. A listener hears where it ends by the voice that
// changes; where none does, words say so. Where the next element is a quote
// too, the voice does not change between them.
func (r *renderer) quote(e *document.Element, role string, another bool) {
	for len(e.Children) == 1 && e.Children[0].Kind == document.Quote {
		inner := e.Children[0] // marks of quotation one in another, as mail has them, are one quote
		if len(inner.Cite) == 0 {
			inner.Cite = e.Cite
		}
		e = &inner
	}
	if len(e.Children) == 1 && e.Children[0].Kind == document.Verse { // an epigraph
		poem := e.Children[0]
		if len(poem.Cite) == 0 {
			poem.Cite = e.Cite
		}
		r.verse(&poem, role)
		return
	}
	inner := r.quotes > 0
	choice := r.Options.Elements.Quote
	same := choice == "announce" || choice != "voice" && r.sameVoice(part(role, r.voice), RoleQuote)
	edge, opening, closing := EdgeQuote, r.words[sayQuote], r.words[sayQuoteEnd]
	if inner {
		edge, opening, closing = EdgeInnerQuote, r.words[sayInnerQuote], r.words[sayInnerQuoteEnd]
	}
	if !same {
		opening, closing = "", ""
	}
	cited := r.cited(e, inner)
	r.quotes++
	said := r.apart(func() { r.elements(e.Children, RoleQuote) })
	r.quotes--
	if len(said) == 0 {
		return // nothing in it is spoken
	}
	if !same && !inner && choice == "auto" && (another || wordCount(said) > longQuote) {
		closing = r.words[sayLongQuoteEnd]
	}
	first := len(r.passages)
	if cited != nil {
		r.say(passage{role: role, announcement: true, line: cited, pos: e.Pos, begins: edges{EdgeAnnouncement}, ends: edges{EdgeAnnouncement}})
	} else {
		r.announce(role, opening, e.Pos, nil, edges{EdgeAnnouncement})
	}
	r.passages = append(r.passages, said...)
	if closing != "" {
		r.passages[len(r.passages)-1].ends = edges{EdgeSentence}
		r.announce(role, closing, e.Pos, nil, nil)
	}
	r.enclose(first, edge)
}

// cited is who or what a quote is by, moved to the front: "Ann Lee writes:".
func (r *renderer) cited(e *document.Element, inner bool) *line {
	if len(e.Cite) == 0 {
		return nil
	}
	l := r.speak(e.Cite, e.Pos, RoleBody).line
	text := l.String()
	if i := strings.Index(text, " (@"); i > 0 { // of a post: the handle and the date are for the eye
		l.rewrite([]Edit{{From: i, To: len(text), Rule: RuleLink}})
		text = text[:i]
	}
	text = strings.TrimRight(strings.TrimSpace(text), ".,:;")
	head, _, titled := strings.Cut(text, ",")
	switch {
	case attributes(text): // "Attributed to Tom Ash:"
		l.rewrite([]Edit{{From: 0, To: 1, Spoken: strings.ToUpper(text[:1]), Rule: RuleAnnouncement}})
		trimmedLine(l, ".,:;").announce(":")
		return l
	case inner:
		return r.around(sayInnerQuoteBy, "name", l)
	case isName(text):
		return r.around(sayQuoteBy, "name", l)
	case titled && isName(head) && strings.Contains(head, " "): // "Tom Ash, keeper of the lamp, writes:"
		trimmedLine(l, ".,:;").announce(",")
		return r.around(sayQuoteBy, "name", l)
	}
	return r.around(sayQuoteFrom, "name", l)
}

// attributes says whether what names a quote's author begins with words of its
// own for that, in English.
func attributes(text string) bool {
	first, _, _ := strings.Cut(text, " ")
	switch first {
	case "attributed", "adapted", "according", "paraphrasing", "paraphrased", "quoted", "translated", "via", "after", "as":
		return len(text) > len(first)
	}
	return false
}

// around is an announcement with a line in it.
func (r *renderer) around(name, place string, l *line) *line {
	before, after, ok := strings.Cut(r.words[name], "{"+place+"}")
	if !ok || !strings.ContainsFunc(l.String(), speakable) {
		return nil
	}
	out := &line{}
	if lead := strings.Trim(before, " :"); after == "" && lead != "" && strings.HasPrefix(strings.ToLower(l.String()), strings.ToLower(lead)+" ") {
		before = "" // "Table 2. Ships by year" says itself what it is
	}
	if before != "" {
		out.announce(before)
	}
	if after != "" {
		trimmedLine(l, ".:;")
	}
	out.add(l)
	if after != "" {
		out.announce(after)
	}
	return out
}

// mostNameWords is how many words the name of a person has at the most.
const mostNameWords = 4

// isName says whether a text looks like the name of a person: a few words,
// all but particles capitalised, and no figures.
func isName(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > mostNameWords || strings.ContainsAny(text, "0123456789,;:()[]/“”\"") {
		return false
	}
	for i, w := range words {
		first := []rune(w)[0]
		if unicode.IsUpper(first) && !(i == 0 && (w == "The" || w == "A" || w == "An" || w == "From" || w == "In")) || !unicode.In(first, unicode.Latin) && unicode.IsLetter(first) {
			continue
		}
		switch strings.ToLower(w) {
		case "de", "da", "di", "van", "von", "der", "den", "la", "le", "al", "bin", "of", "y", "e", "dos", "ibn":
			if i > 0 {
				continue
			}
		}
		return false
	}
	return true
}

func wordCount(ps []passage) int {
	n := 0
	for _, p := range ps {
		n += len(strings.Fields(p.String()))
	}
	return n
}

// verse renders a poem or an epigraph, a line at a time.
func (r *renderer) verse(e *document.Element, role string) {
	if role == RoleBody {
		role = RoleQuote
	}
	first := len(r.passages)
	for i := range e.Children {
		stanza := &e.Children[i]
		if stanza.Kind != document.Paragraph {
			r.element(stanza, role, nil)
			continue
		}
		if r.Options.Elements.Verse == "prose" {
			r.paragraph(stanza, role, EdgeStanza)
			continue
		}
		from := len(r.passages)
		for _, ins := range verses(stanza.Text) {
			s := r.speak(ins, stanza.Pos, role)
			r.sayText(s, passage{role: role, line: s.line, pos: stanza.Pos, begins: edges{EdgeLine}, ends: edges{EdgeLine}})
		}
		if n := len(r.passages); n > from {
			r.passages[n-1].ends = r.passages[n-1].ends.with(EdgeStanza)
		}
	}
	if len(r.passages) > first && len(e.Cite) > 0 {
		s := r.speak(e.Cite, e.Pos, RoleBody)
		if l := r.around(sayVerseBy, "name", s.line); l != nil {
			r.say(passage{role: RoleBody, announcement: true, line: l, pos: e.Pos})
		}
	}
	r.enclose(first, EdgeVerse)
}

// verses divides running text at its line breaks.
func verses(ins []document.Inline) [][]document.Inline {
	var out [][]document.Inline
	from := 0
	for i, in := range ins {
		if in.Kind == document.Break {
			out = append(out, ins[from:i])
			from = i + 1
		}
	}
	return append(out, ins[from:])
}
