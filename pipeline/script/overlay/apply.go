package overlay

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Applied is an automatic script with a person's edits.
type Applied struct {
	Script *script.Script
	// Origin has for each segment of Script, in order, the ordinal of the segment
	// of the automatic script that it came from; 0 where it was put in.
	Origin []int
	// Places has for each segment of Script where in the overlay's file it was
	// changed or put in; nothing where it is as it was.
	Places []document.Pos
}

// Apply gives the automatic script with the edits; it itself is not changed.
// Pauses where segments were put in or left out are those of the default table
// until the script is given its own ([script.Script.Pace]). The findings are of
// edits that were not used, or only in part.
func (o *Overlay) Apply(auto *script.Script) (*Applied, []document.Finding) {
	found := o.locate(auto)
	head := *auto
	head.Chapters = nil
	a := &applier{out: &Applied{Script: &head}, name: o.name, findings: found.findings}
	n := 0
	for c := range auto.Chapters {
		chapter := auto.Chapters[c]
		segments := chapter.Segments
		chapter.Segments = nil
		head.Chapters = append(head.Chapters, chapter)
		for i := range segments {
			n++
			a.segment(n, &segments[i], found.by[n], i == 0)
		}
	}
	if last := a.last(); last != nil && !a.timed { // nothing follows
		last.Between, last.Pause = script.Joint{}, 0
	}
	head.Chapters = slices.DeleteFunc(head.Chapters, func(c script.Chapter) bool {
		return c.Kind == script.Body && len(c.Segments) == 0 // all of it is left out
	})
	slices.SortStableFunc(a.findings, func(x, y document.Finding) int { return cmp.Compare(x.Pos.Line, y.Pos.Line) })
	return a.out, a.findings
}

// applier builds the edited script, segment by segment.
type applier struct {
	out      *Applied
	name     string
	findings []document.Finding
	timed    bool // the last segment's pause is a person's
}

func (a *applier) find(e *Edit, format string, args ...any) {
	a.findings = append(a.findings, document.Finding{Pos: e.pos, Text: fmt.Sprintf(format, args...)})
}

// last is the last segment that was put into the script.
func (a *applier) last() *script.Segment {
	for i := len(a.out.Script.Chapters) - 1; i >= 0; i-- {
		if c := &a.out.Script.Chapters[i]; len(c.Segments) > 0 {
			return &c.Segments[len(c.Segments)-1]
		}
	}
	return nil
}

func (a *applier) add(s script.Segment, origin int, pos document.Pos) {
	c := &a.out.Script.Chapters[len(a.out.Script.Chapters)-1]
	c.Segments = append(c.Segments, s)
	a.out.Origin = append(a.out.Origin, origin)
	a.out.Places = append(a.out.Places, pos)
	a.timed = false
}

// place is where an edit stands, of none that is known the file alone.
func (a *applier) place(pos document.Pos) document.Pos {
	if pos.File == "" {
		pos.File = a.name
	}
	return pos
}

// segment takes a segment of the automatic script over; begins says that a
// chapter does with it.
func (a *applier) segment(ordinal int, s *script.Segment, e *Edit, begins bool) {
	if e == nil {
		a.add(*s, ordinal, document.Pos{})
		return
	}
	a.mark(e, begins)
	joint := s.Between
	if e.Skip {
		lines := slices.Concat(e.Before, e.After)
		if len(lines) == 0 {
			a.bridge(s)
			return
		}
		for i, l := range lines {
			g := line(l)
			if i == len(lines)-1 && l.Pause == nil { // it stands for what is left out
				g.Between, g.Pause = joint, s.Pause
			}
			a.put(g, l)
		}
		return
	}
	a.before(e.Before)
	g := *s
	if e.Say != "" {
		g.Respeak(e.Say, script.RuleOverlay)
	}
	if e.Role != "" {
		g.Role = e.Role
	}
	if e.Voice != "" {
		g.Voice = e.Voice
	}
	if e.Take > 0 {
		g.Take = e.Take
	}
	if e.Pause != nil {
		g.Pause, g.Between = *e.Pause, script.Joint{}
	} else if len(e.After) > 0 {
		g.Between = jointOf(endsOf(joint), []script.Edge{script.EdgeParagraph})
		g.Pause = g.Between.Pause
	}
	a.add(g, ordinal, a.place(e.pos))
	a.timed = e.Pause != nil
	for i, l := range e.After {
		g := line(l)
		if i == len(e.After)-1 && l.Pause == nil && len(joint.Ends) > 0 {
			g.Between = jointOf([]script.Edge{script.EdgeParagraph}, joint.Begins)
			g.Pause = g.Between.Pause
		}
		a.put(g, l)
	}
}

// before puts segments before the one that follows.
func (a *applier) before(lines []Line) {
	if len(lines) == 0 {
		return
	}
	begins := []script.Edge{script.EdgeParagraph}
	a.turn(func(all []script.Edge) []script.Edge {
		now := []script.Edge{script.EdgeParagraph}
		if slices.Contains(all, script.EdgeChapter) { // it begins with the first of them
			now = append(now, script.EdgeChapter)
		}
		if rest := slices.DeleteFunc(all, func(e script.Edge) bool { return e == script.EdgeChapter }); len(rest) > 0 {
			begins = rest
		}
		return now
	})
	for i, l := range lines {
		g := line(l)
		if i == len(lines)-1 && l.Pause == nil {
			g.Between = jointOf([]script.Edge{script.EdgeParagraph}, begins)
			g.Pause = g.Between.Pause
		}
		a.put(g, l)
	}
}

func (a *applier) put(g script.Segment, l Line) {
	a.add(g, 0, a.place(l.pos))
	a.timed = l.Pause != nil
}

// line is a segment that a person put in, with the pause of a paragraph.
func line(l Line) script.Segment {
	g := script.Segment{Role: l.Role, Voice: l.Voice, Text: fold(l.Say), Take: l.Take}
	if g.Role == "" {
		g.Role = script.RoleBody
	}
	if l.Pause != nil {
		g.Pause = *l.Pause
		return g
	}
	paragraph := []script.Edge{script.EdgeParagraph}
	g.Between = jointOf(paragraph, paragraph)
	g.Pause = g.Between.Pause
	return g
}

// bridge lets the segment before meet the one after the segment that is left out.
func (a *applier) bridge(s *script.Segment) {
	last := a.last()
	switch {
	case last == nil || a.timed:
	case len(last.Between.Ends) > 0 && len(s.Between.Ends) > 0:
		last.Between = jointOf(last.Between.Ends, s.Between.Begins)
		last.Pause = last.Between.Pause
	default:
		last.Between, last.Pause = script.Joint{}, max(last.Pause, s.Pause)
	}
}

// mark lets a chapter begin, or end, where a segment stands.
func (a *applier) mark(e *Edit, begins bool) {
	all := a.out.Script.Chapters
	at := len(all) - 1
	switch here := &all[at]; {
	case e.Chapter != "" && begins:
		here.Title, here.Hidden = e.Chapter, false
	case e.Chapter != "" && here.Kind != script.Body:
		a.find(e, "no chapter can begin inside of %s, which is bound to its music: it is not used", quoted(here.Title))
	case e.Chapter != "" && len(here.Segments) == 0: // what stood before it is left out
		here.Title, here.Hidden = e.Chapter, false
	case e.Chapter != "":
		a.turn(func(begins []script.Edge) []script.Edge { return append(begins, script.EdgeChapter) })
		a.out.Script.Chapters = append(all, script.Chapter{Title: e.Chapter})
	case !e.Join:
	case !begins:
		a.find(e, "join: no chapter begins here: remove it")
	case at == 0:
		a.find(e, "join: no chapter is before this one: remove it")
	case here.Kind != script.Body || all[at-1].Kind != script.Body:
		a.find(e, "join: %s and %s stay apart, for one is bound to its music: remove it", quoted(all[at-1].Title), quoted(here.Title))
	default:
		if all[at-1].Image == "" {
			all[at-1].Image = here.Image
		}
		a.out.Script.Chapters = all[:at]
		a.turn(func(begins []script.Edge) []script.Edge {
			return slices.DeleteFunc(begins, func(e script.Edge) bool { return e == script.EdgeChapter })
		})
	}
}

// turn changes what begins behind the last segment.
func (a *applier) turn(change func([]script.Edge) []script.Edge) {
	last := a.last()
	if last == nil || a.timed || len(last.Between.Ends) == 0 {
		return
	}
	begins := change(slices.Clone(last.Between.Begins))
	if len(begins) == 0 {
		begins = []script.Edge{script.EdgeParagraph}
	}
	last.Between = jointOf(last.Between.Ends, begins)
	last.Pause = last.Between.Pause
}

func jointOf(ends, begins []script.Edge) script.Joint {
	pauses := script.DefaultPauses()
	return script.Joint{Ends: slices.Clone(ends), Begins: slices.Clone(begins), Pause: pauses.Of(ends, begins)}
}

// endsOf are the edges that end at a joint; of the end of a script, a paragraph.
func endsOf(j script.Joint) []script.Edge {
	if len(j.Ends) == 0 {
		return []script.Edge{script.EdgeParagraph}
	}
	return j.Ends
}
