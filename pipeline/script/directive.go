package script

import (
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/document"
)

// directive obeys a directive between elements, and says how many of the
// elements that follow it has taken with it.
func (r *renderer) directive(d *document.Element, rest []document.Element, role string) int {
	switch d.Label {
	case document.DirectiveChapter:
		title := d.Raw
		if title == "none" {
			title = ""
		}
		r.chapter = &title
	case document.DirectivePause:
		if wait, ok := r.pause(d.Raw, d.Pos); ok {
			if n := len(r.passages); n > 0 {
				r.passages[n-1].ends = r.passages[n-1].ends.with(silenceOf(wait))
			}
			r.wait = edges{silenceOf(wait)} // may be the first of a list of passages that is put together elsewhere
		}
	case document.DirectiveSkip:
		n, with := scope(rest)
		if n == 0 {
			r.find(d.Pos, "skip has nothing after it")
		}
		return with
	case document.DirectiveVoice:
		n, with := scope(rest)
		if n == 0 {
			r.find(d.Pos, "voice %s has nothing after it", d.Raw)
			return with
		}
		r.as(d.Raw, d.Pos, role, func(role string) { r.elements(rest[:n], role) })
		return with
	case document.DirectiveCast:
		r.casts(d.Raw, d.Pos)
	case document.DirectiveSay:
		l := &line{}
		l.mark(d.Pos.Line, d.Pos.Col)
		l.edit("", d.Raw, RuleSay)
		r.say(passage{role: role, line: l, pos: d.Pos, begins: edges{EdgeParagraph}, ends: edges{EdgeParagraph}})
		if n, with := scope(rest); with > n { // said for all up to the end
			return with
		}
	case document.DirectiveIntro:
		r.introHere(d.Pos)
	default:
		r.find(d.Pos, "end has no skip, voice or say before it")
	}
	return 0
}

// introHere keeps where the intro has its place.
func (r *renderer) introHere(pos document.Pos) {
	switch {
	case r.inner > 0 || r.quotes > 0 || r.lists > 0:
		r.find(pos, "the intro cannot stand inside of a quote, a list or a box: put the comment between paragraphs")
	case r.cold > 0:
		r.find(pos, "the intro has a place already, and is there")
	default:
		r.cold = len(r.passages)
	}
}

// scope is how many of the elements a directive is about: all up to its end,
// or else the next one; and how many that takes with the end itself.
func scope(rest []document.Element) (n, with int) {
	depth := 0
	for i := range rest {
		if rest[i].Kind != document.Directive {
			continue
		}
		switch rest[i].Label {
		case document.DirectiveEnd:
			if depth == 0 {
				return i, i + 1
			}
			depth--
		case document.DirectiveSkip, document.DirectiveVoice:
			if hasEnd(rest[i+1:]) {
				depth++
			}
		}
	}
	n = min(1, len(rest))
	return n, n
}

// hasEnd says whether an end follows before another directive that may have
// one.
func hasEnd(rest []document.Element) bool {
	for i := range rest {
		if rest[i].Kind == document.Directive {
			switch rest[i].Label {
			case document.DirectiveEnd:
				return true
			case document.DirectiveSkip, document.DirectiveVoice:
				return false
			}
		}
	}
	return false
}

// as renders in another voice or role, by its name.
func (r *renderer) as(name string, pos document.Pos, role string, f func(role string)) {
	isVoice, isRole := r.cast(name)
	was := r.voice
	switch {
	case isRole:
		f(name)
	case isVoice:
		r.voice = name
		f(role)
	default:
		r.find(pos, "voice %q is neither a voice nor a role of the show: spoken as the rest", name)
		f(role)
	}
	r.voice = was
}

func (r *renderer) cast(name string) (voice, role bool) {
	if r.Cast != nil {
		if voice, role = r.Cast(name); voice || role {
			return voice, role
		}
	}
	for _, known := range Roles() {
		role = role || known == name
	}
	return false, role || strings.HasPrefix(name, "speaker:")
}

func (r *renderer) pause(text string, pos document.Pos) (time.Duration, bool) {
	d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	if err != nil || d < 0 || d > longestPause {
		r.find(pos, "pause %q is not a time: write 600ms or 1.5s (at most 1h)", text)
		return 0, false
	}
	return d, true
}

// command obeys a directive in running text, and says how many of the inlines
// that follow it has taken with it.
func (s *speech) command(in document.Inline, rest []document.Inline) int {
	pos := s.from
	if in.Line > 0 {
		pos.Line, pos.Col = in.Line, in.Col
	}
	end := -1
	for i := range rest {
		if rest[i].Kind == document.Command && rest[i].Text == document.DirectiveEnd {
			end = i
			break
		}
	}
	between := rest[:max(end, 0)]
	switch in.Text {
	case document.DirectivePause:
		if d, ok := s.by.pause(in.Title, pos); ok {
			s.asides = append(s.asides, aside{off: len(s.said), exact: true, wait: edges{silenceOf(d)}})
		}
		return 0
	case document.DirectiveSay:
		written := document.Plain(between)
		s.mark(in.Line, in.Col)
		before, after := "", ""
		if n := len(s.said); n > 0 && speakable(rune(s.said[n-1])) {
			before = " "
		}
		s.words(written, before+in.Title+after, RuleSay)
		return end + 1
	case document.DirectiveSkip, document.DirectiveVoice:
		if end < 0 {
			s.by.find(pos, "%s in running text needs <!-- narrapress: end --> after what it is about", in.Text)
			return 0
		}
		if in.Text == document.DirectiveSkip {
			s.drop(document.Plain(between), RuleSay, end+1 == len(rest))
			return end + 1
		}
		var said []passage
		s.by.as(in.Title, pos, s.role, func(role string) {
			l := s.by.speak(between, pos, role).line
			said = s.by.apart(func() { s.by.say(passage{role: role, line: l, pos: pos}) })
		})
		s.asides = append(s.asides, aside{off: len(s.said), exact: true, passages: said})
		return end + 1
	case document.DirectiveCast:
		s.by.find(pos, "a role is not cast inside a paragraph: put the comment on a line of its own")
	case document.DirectiveChapter:
		s.by.find(pos, "a chapter cannot begin inside a paragraph: put the comment on a line of its own")
	case document.DirectiveIntro:
		s.by.find(pos, "the intro cannot stand inside a paragraph: put the comment on a line of its own")
	default:
		s.by.find(pos, "end has no skip, voice or say before it")
	}
	return 0
}
