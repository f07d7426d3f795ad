package script

import (
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// details renders what a page folds away: its summary, then what is in it
// between announcements. A spoiler is one that warns.
func (r *renderer) details(e *document.Element, role string) {
	mode := r.Options.Elements.Details
	if mode == "skip" {
		r.find(e.Pos, "a section that is folded away is left out: %s", shortened(plainText(e)))
		return
	}
	first := len(r.passages)
	r.paragraph(&document.Element{Kind: document.Paragraph, Pos: e.Pos, Text: unpressed(e.Text)}, role, EdgeAnnouncement)
	if len(r.passages) > first {
		r.passages[first].end()
	}
	if mode == "summary" {
		r.find(e.Pos, "what is folded away under %s is left out", shortened(document.Plain(e.Text)))
		r.enclose(first, EdgeBox)
		return
	}
	opening, closing := sayDetails, sayDetailsEnd
	if e.Label == "spoiler" {
		opening, closing = saySpoiler, saySpoilerEnd
	}
	r.enclosed(e, role, r.words[opening], r.words[closing])
	r.enclose(first, EdgeBox)
}

// pressMe is what summaries tell those who see them to do.
var pressMe = compiled(`(?i)\s*[(\[](click|tap|press)( here)? (to|and) (expand|open|show|reveal|see|view|unfold)[^()\[\]]{0,40}[)\]]\s*$`)

// unpressed is a summary without that.
func unpressed(ins []document.Inline) []document.Inline {
	last := len(ins) - 1
	if last < 0 || ins[last].Kind != document.Text {
		return ins
	}
	at := pressMe().FindStringIndex(ins[last].Text)
	if at == nil || last == 0 && at[0] == 0 {
		return ins
	}
	ins = slices.Clone(ins)
	ins[last].Text = ins[last].Text[:at[0]]
	return ins
}

// enclosed renders children between two announcements, if any word of them is
// spoken.
func (r *renderer) enclosed(e *document.Element, role, opening, closing string) {
	said := r.apart(func() { r.elements(e.Children, role) })
	if len(said) == 0 {
		return
	}
	r.announce(role, opening, e.Pos, nil, edges{EdgeAnnouncement})
	r.passages = append(r.passages, said...)
	if closing != "" {
		r.announce(role, closing, e.Pos, nil, nil)
	}
}

// callout renders a box: "Warning:" and what is in it.
func (r *renderer) callout(e *document.Element, role string) {
	first := len(r.passages)
	mode := r.Options.Elements.Callout
	if mode == "skip" {
		r.find(e.Pos, "a box is left out: %s", shortened(plainText(e)))
		return
	}
	if mode == "announce" {
		lead, ok := r.words[e.Label]
		if !ok || !strings.HasSuffix(lead, ":") {
			lead = r.words[sayNote]
		}
		r.lead = lead
	}
	if strings.ContainsFunc(document.Plain(e.Text), speakable) {
		s := r.speak(e.Text, e.Pos, role)
		s.end()
		r.sayText(s, passage{role: role, line: s.line, pos: e.Pos, begins: edges{EdgeAnnouncement}, ends: edges{EdgeAnnouncement}})
	}
	r.elements(e.Children, role)
	r.lead = ""
	r.enclose(first, EdgeBox)
}

// embed renders what a page shows of another: a video or a recording by its
// title, a post by its words.
func (r *renderer) embed(e *document.Element, role string) {
	first := len(r.passages)
	if r.Options.Elements.Embed == "skip" {
		r.find(e.Pos, "something from another page is left out: %s", shortened(e.Title+" "+e.URL))
		return
	}
	titled, bare := sayEmbed, ""
	switch e.Label {
	case "video":
		titled, bare = sayVideo, sayVideoBare
	case "audio":
		titled, bare = sayAudio, sayAudioBare
	case "post":
		if said := r.apart(func() { r.post(e, role) }); len(said) > 0 {
			r.passages = append(r.passages, said...)
			return
		}
	}
	switch title := strings.Join(strings.Fields(e.Title), " "); {
	case describes(title) && e.Label != "poll" && r.words[titled] != "":
		said := r.outside(title, role)
		said.end()
		if l := r.around(titled, "title", said); l != nil {
			r.say(passage{role: role, announcement: true, line: l, pos: e.Pos})
		}
	case r.words[bare] != "":
		r.announce(role, r.words[bare], e.Pos, nil, nil)
	default:
		r.left.embeds++
		r.find(e.Pos, "something from another page is left out: %s", shortened(strings.TrimSpace(e.Title+" "+e.URL)))
	}
	r.enclose(first, EdgeEmbed)
}

// post is a post of another page, as a quote.
func (r *renderer) post(e *document.Element, role string) {
	q := document.Element{Kind: document.Quote, Pos: e.Pos, Children: e.Children, Cite: e.Cite}
	if len(q.Cite) == 0 && e.Title != "" {
		q.Cite = document.Running(e.Title)
	}
	if len(q.Cite) == 0 {
		r.announce(role, r.words[sayPost], e.Pos, edges{EdgeQuote}, edges{EdgeAnnouncement})
		if n := len(r.passages); n > 0 {
			said := r.apart(func() { r.quote(&q, role, false) })
			if len(said) == 0 {
				r.passages = r.passages[:n-1]
			}
			r.passages = append(r.passages, said...)
			return
		}
	}
	r.quote(&q, role, false)
}
