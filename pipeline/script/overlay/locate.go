package overlay

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
)

// on is what an edit of a segment is on: what its author wrote, else its text.
func on(s *script.Segment) string {
	if written := fold(s.Original()); written != "" {
		return written
	}
	return fold(s.Text)
}

// anchors are the segments of an automatic script by what edits are on.
type anchors struct {
	on     []string         // by ordinal; 0 is none
	like   map[string][]int // ordinals of the segments that are alike, in order
	spoken map[string][]int // and of those that are spoken otherwise than they are written
}

func anchorsOf(auto *script.Script) *anchors {
	n := auto.Len()
	a := &anchors{on: make([]string, 1, n+1), like: make(map[string][]int, n), spoken: map[string][]int{}}
	for p, s := range auto.Segments() {
		text := on(s)
		a.on = append(a.on, text)
		a.like[text] = append(a.like[text], p.Ordinal)
		if s.Text != text {
			a.spoken[s.Text] = append(a.spoken[s.Text], p.Ordinal)
		}
	}
	return a
}

// alike are the segments that say what an edit is on: as it is written, or else
// as a plan shows it.
func (a *anchors) alike(e *Edit) []int {
	text := fold(e.On)
	if like := a.like[text]; len(like) > 0 {
		return like
	}
	return a.spoken[text]
}

// exact is the segment that an edit is on; 0 where it is not there as it was.
func (a *anchors) exact(e *Edit) int {
	if like := a.alike(e); max(1, e.Nth) <= len(like) {
		return like[max(1, e.Nth)-1]
	}
	return 0
}

// nth is which of the segments that are alike one is; the first is 0.
func (a *anchors) nth(ordinal int) int {
	for i, n := range a.like[a.on[ordinal]] {
		if n == ordinal && i > 0 {
			return i + 1
		}
	}
	return 0
}

// stretch is where an edit's segment is now: more than one where it was divided.
type stretch struct {
	from, to int // ordinals; 0 where it is nowhere
	exact    bool
}

// located are the segments that edits are on.
type located struct {
	*anchors
	at       []stretch     // by edit
	by       map[int]*Edit // what holds for a segment, by ordinal
	findings []document.Finding
}

// locate finds the segments of all edits. It takes time in proportion to the
// script's words and the overlay's.
func (o *Overlay) locate(auto *script.Script) *located {
	l := &located{anchors: anchorsOf(auto), at: make([]stretch, len(o.Edits)), by: make(map[int]*Edit, len(o.Edits))}
	whole := true
	for i := range o.Edits {
		e := &o.Edits[i]
		n := l.exact(e)
		switch {
		case n == 0:
			whole = false
		case l.by[n] != nil: // of an overlay that was put together, not read
			l.find(e, "another edit is on the same segment, and is used: put both into one")
			l.at[i] = stretch{n, n, true}
		default:
			l.at[i], l.by[n] = stretch{n, n, true}, e
		}
	}
	if whole {
		return l
	}
	taken := make(map[int]bool, len(l.by))
	for n := range l.by {
		taken[n] = true
	}
	ix := newIndex(l.on, taken)
	windows := o.windows(l)
	for i := range o.Edits {
		if l.at[i].from > 0 || o.Edits[i].Empty() {
			continue
		}
		e := &o.Edits[i]
		if n := len(l.alike(e)); n > 0 {
			l.find(e, "this is on number %d of the segments that say %s, and there %s: it is not used; correct nth, or remove the edit", e.Nth, quoted(e.On), countText(n))
			continue
		}
		l.at[i] = ix.search(fold(e.On), windows[i])
		l.moved(e, l.at[i])
	}
	return l
}

// window is where an edit's segment should be: between those of its neighbours.
type window struct{ after, before int } // ordinals

func (w window) holds(n int) bool { return w.after < n && n < w.before }

// windows are those of the edits, by the segments of those that were found.
func (o *Overlay) windows(l *located) []window {
	out := make([]window, len(o.Edits))
	last := 0
	for i := range o.Edits {
		out[i].after = last
		if n := l.at[i].from; n > 0 {
			last = n
		}
	}
	next := len(l.on)
	for i := len(o.Edits) - 1; i >= 0; i-- {
		if out[i].before = next; out[i].after >= next { // they are in no order
			out[i] = window{0, len(l.on)}
		}
		if n := l.at[i].from; n > 0 {
			next = n
		}
	}
	return out
}

// moved takes what still holds of an edit whose segment is not as it was, and
// tells a person of the rest.
func (l *located) moved(e *Edit, at stretch) {
	if at.from == 0 {
		l.find(e, "no segment says %s any more: it is not used; write on: with what is there now (narrapress plan shows it), or remove the edit", quoted(e.On))
		return
	}
	what := "there now is " + quoted(l.on[at.from])
	if at.to > at.from {
		what = fmt.Sprintf("these words are in %d segments now, of which the first is %s", at.to-at.from+1, quoted(l.on[at.from]))
	}
	m := e.manner()
	m.Note = ""
	text := fmt.Sprintf("this is on %s, and %s", quoted(e.On), what)
	if words := e.words(); len(words) > 0 {
		text += fmt.Sprintf(": %s %s not used, for other words; write on: with what is there now, and see that %s with it", enumerated(words), plural(words, "is", "are"), plural(words, "it goes", "they go"))
	} else {
		text += ": it still holds; write on: with what is there now"
	}
	if words := e.words(); len(words) > 0 && !m.Empty() {
		text += "; the rest of it holds"
	}
	l.find(e, "%s", text)
	for n := at.from; n <= at.to; n++ {
		part := Edit{Role: m.Role, Voice: m.Voice, pos: e.pos}
		if n == at.from {
			part.Chapter, part.Join = m.Chapter, m.Join
		}
		if n == at.to {
			part.Pause = m.Pause
		}
		l.merge(n, part)
	}
}

// merge adds what still holds of an edit to what holds for a segment.
func (l *located) merge(n int, part Edit) {
	if part.Empty() {
		return
	}
	if was := l.by[n]; was != nil { // of another edit whose segment it became, too
		for _, f := range []struct{ to, from *string }{{&part.Role, &was.Role}, {&part.Voice, &was.Voice}, {&part.Chapter, &was.Chapter}} {
			if *f.to == "" {
				*f.to = *f.from
			}
		}
		if part.Pause == nil {
			part.Pause = was.Pause
		}
		part.Join = part.Chapter == "" && (part.Join || was.Join)
	}
	l.by[n] = &part
}

func (l *located) find(e *Edit, format string, args ...any) {
	l.findings = append(l.findings, document.Finding{Pos: e.pos, Text: fmt.Sprintf(format, args...)})
}

// quoted is a text in a message, its beginning if it is long.
func quoted(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) > most {
		text = strings.TrimSpace(string([]rune(text)[:most])) + "…"
	}
	return "“" + text + "”"
}

func countText(n int) string {
	if n == 1 {
		return "is one"
	}
	return fmt.Sprintf("are %d", n)
}

// enumerated is "say", "say and take" or "say, take and before".
func enumerated(words []string) string {
	n := len(words)
	if n == 1 {
		return words[0]
	}
	return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
}

func plural(words []string, one, more string) string {
	if len(words) == 1 {
		return one
	}
	return more
}
