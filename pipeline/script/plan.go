package script

import (
	"cmp"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/document"
)

// Plan renders a document for the ear. The findings are what it has left
// unspoken without an announcement; the document's own are not repeated. A
// document that holds no word to speak is a *document.Error.
func Plan(doc *document.Document, b Brief) (*Script, []document.Finding, error) {
	meta := doc.Meta
	s := &Script{
		Version: Version, Source: doc.Source, ID: meta.ID, Slug: meta.Slug, Title: meta.Title,
		Author: cmp.Or(meta.Author, b.Author), Language: cmp.Or(meta.Language, b.Language),
		Link: meta.Link, Summary: meta.Description, Cover: meta.Cover, Date: meta.Date,
	}
	r := &renderer{Brief: &b, english: english(s.Language), file: doc.Source}
	r.elements(doc.Elements, RoleBody)
	body := append(r.passages, r.notes...)
	if !speaks(body) {
		return nil, r.findings, &document.Error{Pos: document.Pos{File: doc.Source}, Reason: "has nothing to speak: no letter or number outside of what is left out"}
	}
	opening, err := b.template(s, b.Options.Opening)
	if err != nil {
		return nil, nil, err
	}
	closing, err := b.template(s, b.Options.Closing)
	if err != nil {
		return nil, nil, err
	}
	a := arranger{brief: &b, script: s, find: r.find, words: newWording(&b, s.Language), mended: func(fs []document.Finding) { r.findings = append(r.findings, fs...) }}
	credits := phrase{text: b.Credits}
	a.arrange(r.phrase(opening, RoleTitle), body, r.phrase(closing, RoleTitle), credits)
	return s, r.findings, nil
}

func (b *Brief) template(s *Script, text string) (string, error) {
	out, err := fill(text, map[string]string{"title": s.Title, "author": s.Author})
	if err != nil {
		return "", &OptionError{"opening or closing", text, err.Error()}
	}
	return out, nil
}

func english(language string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	return primary == "" || primary == "en"
}

func speaks(ps []passage) bool {
	for _, p := range ps {
		if p.text != "" {
			return true
		}
	}
	return false
}

// arranger lays passages out in chapters.
type arranger struct {
	brief  *Brief
	script *Script
	words  *wording
	find   func(pos document.Pos, format string, args ...any)
	mended func([]document.Finding)
	wanted time.Duration // silence that the last passage wants after it
	last   *Segment
}

// untitled names the first chapter of an episode that has no title.
const untitled = "Untitled"

// arrange is the order of an episode: intro, opening, text, closing, credits.
func (a *arranger) arrange(opening phrase, body []passage, closing, credits phrase) {
	b, s := a.brief, a.script
	o, p := b.Options, b.Pauses
	title := cmp.Or(s.Title, untitled)
	heading := body[0].level > 0
	switch {
	case b.HasIntro:
		a.chapter(Chapter{Title: o.Chapters.Intro, Kind: Intro, Hidden: o.Chapters.Intro == ""})
		if !heading {
			a.chapter(Chapter{Title: title})
		}
	case !heading || opening.text != "":
		a.chapter(Chapter{Title: title})
	}
	a.speak(passage{role: RoleTitle, phrase: opening, after: p.Opening})
	for _, x := range body {
		if x.level > 0 {
			a.chapter(Chapter{Title: x.title})
		}
		a.speak(x)
	}
	a.speak(passage{role: RoleTitle, phrase: closing, before: p.Closing, after: p.Closing})
	if b.Credits != "" || b.HasCredits {
		a.chapter(Chapter{Title: o.Chapters.Credits, Kind: Credits, Hidden: o.Chapters.Credits == ""})
		a.speak(passage{role: RoleCredits, phrase: credits, before: p.Closing})
	}
	if a.last != nil {
		a.last.Pause = 0
	}
	a.prune()
}

func (a *arranger) chapter(c Chapter) { a.script.Chapters = append(a.script.Chapters, c) }

// speak puts a passage into words and cuts it into segments of the last
// chapter.
func (a *arranger) speak(p passage) {
	if !strings.ContainsFunc(p.text, speakable) {
		return
	}
	if p.places == nil {
		p.places = func() func(int) document.Pos { return func(int) document.Pos { return p.pos } }
	}
	said := a.words.of(p.phrase, p.role)
	a.mended(mended(p.text, said.Edits, p.places))
	source, place := origin(said.Edits), p.places()
	where := func(off int) string { return at(place(source(off))) }
	if a.last != nil {
		a.last.Pause = max(a.wanted, p.before)
	}
	c := &a.script.Chapters[len(a.script.Chapters)-1]
	for _, x := range segments(said.Text, where, a.brief.bounds(p.role)) {
		c.Segments = append(c.Segments, Segment{
			Role: p.role, Text: x.text, Pause: x.joint.pause(a.brief.Pauses), Announcement: p.announcement, At: x.at,
		})
	}
	a.last, a.wanted = &c.Segments[len(c.Segments)-1], p.after
}

// prune takes out the chapters of text in which nothing is spoken, such as
// those of headings that are skipped and have no text.
func (a *arranger) prune() {
	kept := a.script.Chapters[:0]
	for _, c := range a.script.Chapters {
		if c.Kind == Body && len(c.Segments) == 0 {
			if c.Title != "" {
				a.find(document.Pos{File: a.script.Source}, "chapter %s has nothing to speak: left out", shortened(c.Title))
			}
			continue
		}
		kept = append(kept, c)
	}
	a.script.Chapters = kept
}
