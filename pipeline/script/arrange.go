package script

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// arranger lays passages out in chapters.
type arranger struct {
	brief    *Brief
	script   *Script
	words    *wording
	findings []document.Finding
	told     map[string]bool // words whose phonemes cannot be said
	ends     edges           // what ends with the last passage
	last     *Segment
}

// untitled names the first chapter of an episode that has no title.
const untitled = "Untitled"

// coldOpen names the chapter of what is spoken before the intro. It is hidden,
// so that its time is that of the intro.
const coldOpen = "Cold open"

// arrange is the order of an episode: cold open, intro, opening, text, closing,
// credits.
func (a *arranger) arrange(opening *line, cold, body []passage, closing, credits *line) {
	b, s := a.brief, a.script
	o := b.Options
	title := cmp.Or(s.Title, untitled)
	heading := body[0].level > 0
	first := passage{role: RoleTitle, line: opening, begins: edges{EdgeOpening}, ends: edges{EdgeOpening}}
	first.silent = len(opening.said) == 0
	early := b.OpeningFirst && b.HasIntro && !first.silent
	if early || len(cold) > 0 && cold[0].level == 0 {
		a.chapter(Chapter{Title: coldOpen, Hidden: true})
	}
	if early {
		a.speak(first)
		first.silent = true
	}
	a.text(cold)
	switch {
	case b.HasIntro:
		a.chapter(Chapter{Title: o.Chapters.Intro, Kind: Intro, Hidden: o.Chapters.Intro == ""})
		if !heading {
			a.chapter(Chapter{Title: title})
		}
	case !heading || !first.silent:
		a.chapter(Chapter{Title: title})
	}
	a.speak(first)
	a.text(body)
	a.speak(passage{role: RoleTitle, line: closing, begins: edges{EdgeClosing}, ends: edges{EdgeClosing}})
	if b.Credits != "" || b.HasCredits {
		a.chapter(Chapter{Title: o.Chapters.Credits, Kind: Credits, Hidden: o.Chapters.Credits == ""})
		a.speak(passage{role: RoleCredits, line: credits, begins: edges{EdgeCredits}, ends: edges{EdgeCredits}})
	}
	if a.last != nil {
		a.last.Pause, a.last.Between = 0, Joint{}
	}
	a.prune()
}

// text speaks passages of the text, each chapter from where it begins.
func (a *arranger) text(ps []passage) {
	said := a.words.all(ps)
	for i, x := range ps {
		if x.level > 0 {
			a.chapter(Chapter{Title: x.title})
			x.begins = x.begins.with(EdgeChapter)
		}
		if c := &a.script.Chapters[len(a.script.Chapters)-1]; c.Kind == Body && c.Image == "" {
			c.Image = x.image
		}
		a.say(x, said[i])
	}
}

func (a *arranger) chapter(c Chapter) { a.script.Chapters = append(a.script.Chapters, c) }

// speak puts a passage into words and cuts it into segments of the last
// chapter.
func (a *arranger) speak(p passage) { a.say(p, a.words.put(p)) }

// say cuts a passage that was put into words into segments of the last chapter. Of
// one in which nothing is spoken there is nothing.
func (a *arranger) say(p passage, said *worded) {
	if said == nil {
		return
	}
	a.findings = append(a.findings, said.mended...)
	for _, u := range said.unsaid {
		if !a.told[u.word] {
			a.told[u.word] = true
			a.findings = append(a.findings, u.finding)
		}
	}
	a.lay(p, said.sentences)
}

// lay cuts a passage that is in words into segments, by its sentences; what is said
// inside of it comes between them.
func (a *arranger) lay(p passage, found []span) {
	asides := p.settled()
	offs := make([]int, len(asides))
	for i, x := range asides {
		offs[i] = x.off
	}
	p.asides = nil
	lines := p.divide(offs)
	if len(asides) > 0 {
		found = nil // its parts have sentences of their own
		for _, l := range lines {
			l.rewrite(tidy(l.String()))
		}
	}
	for i, x := range asides {
		first := p
		first.line, first.ends = lines[i], edges{EdgeSentence}.with(x.wait...)
		if x.exact && len(x.wait) == 0 {
			first.ends = nil
		}
		if strings.ContainsFunc(first.String(), speakable) {
			a.segments(first, nil)
			p.begins = nil
		} else {
			a.ends = a.ends.with(x.wait...)
		}
		for _, aside := range x.passages {
			a.speak(aside)
		}
	}
	p.line = lines[len(asides)]
	if strings.ContainsFunc(p.String(), speakable) {
		a.segments(p, found)
		return
	}
	a.ends = a.ends.with(p.ends...)
}

// segments cuts a passage without asides, by its sentences where they were found
// before.
func (a *arranger) segments(p passage, found []span) {
	if a.last != nil {
		a.last.Between = a.brief.Pauses.joint(a.ends, p.begins)
		a.last.Pause = a.last.Between.Pause
	}
	c := &a.script.Chapters[len(a.script.Chapters)-1]
	cut := newPiecer(p.line)
	text := p.String()
	if found == nil {
		found = sentences(text)
	}
	for _, x := range segments(text, found, a.brief.bounds(part(p.role, p.voice))) {
		s := cut.next(x.from, x.to)
		s.Role, s.Voice, s.Announcement = p.role, p.voice, p.announcement
		s.Between = a.brief.Pauses.joint(edges{x.joint.edge()}, edges{x.joint.edge()})
		s.Pause = s.Between.Pause
		if s.Written == "" && len(s.Edits) > 0 && !slices.ContainsFunc(s.Edits, authored) {
			s.Announcement, s.Edits = true, nil // all of its words are the script's
		}
		if len(s.Anchors) == 0 && p.pos.Line > 0 {
			s.Anchors = []Anchor{{Line: p.pos.Line, Col: p.pos.Col}}
		}
		if _, file, ok := strings.Cut(p.pos.File, "!"); ok && len(s.Anchors) > 0 && p.pos.File != a.script.Source {
			s.Anchors[0].File = file // of a book, the path in it
		}
		c.Segments = append(c.Segments, s)
	}
	a.last, a.ends = &c.Segments[len(c.Segments)-1], p.ends
}

// authored says whether an edit has words that the author gave.
func authored(e Edit) bool { return e.Rule == RuleSay }

// prune takes out the chapters of text in which nothing is spoken, such as
// those of headings that are skipped and have no text.
func (a *arranger) prune() {
	kept := a.script.Chapters[:0]
	for _, c := range a.script.Chapters {
		if c.Kind == Body && len(c.Segments) == 0 {
			if c.Title != "" {
				a.findings = append(a.findings, document.Finding{
					Pos: document.Pos{File: a.script.Source}, Text: fmt.Sprintf("chapter %s has nothing to speak: left out", shortened(c.Title)),
				})
			}
			continue
		}
		kept = append(kept, c)
	}
	a.script.Chapters = kept
}
