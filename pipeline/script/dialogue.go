package script

import (
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// A dialogue is taken for one where at least so many turns by at least so many
// speakers stand side by side, at least two of whom speak more than once.
const (
	fewestTurns    = 4
	fewestSpeakers = 2
)

// turn is a paragraph that somebody speaks.
type turn struct {
	name   string
	prefix int  // how many bytes of the running text the name has, with its colon
	named  bool // the name is read
	opens  bool // the paragraph begins with the name
}

var turnName = compiled(`^\s*(\p{Lu}[\p{L}\p{M}\p{N}.'’-]*(?: \p{Lu}[\p{L}\p{M}\p{N}.'’-]*){0,2})\s*:\s*`)

// dialogue finds the turns among elements, by their index. A paragraph without
// a name between two turns goes on with the one before it.
func (r *renderer) dialogue(es []document.Element, role string) map[int]turn {
	if r.Options.Elements.Dialogue == "text" || role != RoleBody {
		return nil
	}
	turns := map[int]turn{}
	for from := 0; from < len(es); {
		to, run := from, map[int]turn{}
		last := -1
		for ; to < len(es) && es[to].Kind == document.Paragraph; to++ {
			if t, ok := turnOf(&es[to]); ok {
				run[to], last = t, to
			}
		}
		if isDialogue(run) {
			speaker := ""
			for i := from; i <= last; i++ {
				if t, ok := run[i]; ok {
					speaker = t.name
					turns[i] = t
				} else if speaker != "" {
					turns[i] = turn{name: speaker}
				}
			}
		}
		from = max(to, from+1)
	}
	r.voices(turns, len(es))
	return turns
}

func turnOf(e *document.Element) (turn, bool) {
	text := runningText(e.Text)
	m := turnName().FindStringSubmatchIndex(text)
	if m == nil || m[1] == len(text) || strings.HasPrefix(text[m[1]:], "//") {
		return turn{}, false
	}
	return turn{name: strings.TrimRight(text[m[2]:m[3]], "."), prefix: m[1], opens: true}, true
}

// runningText is the words of running text as they follow each other, up to
// what is no text.
func runningText(ins []document.Inline) string {
	var b strings.Builder
	for _, in := range ins {
		switch in.Kind {
		case document.Text:
			b.WriteString(in.Text)
		case document.Emphasis, document.Strong:
			b.WriteString(runningText(in.Children))
		default:
			return b.String()
		}
		if b.Len() > 200 {
			break
		}
	}
	return b.String()
}

func isDialogue(run map[int]turn) bool {
	count := map[string]int{}
	for _, t := range run {
		count[t.name]++
	}
	again := 0
	for _, n := range count {
		if n > 1 {
			again++
		}
	}
	return len(run) >= fewestTurns && len(count) >= fewestSpeakers && again >= fewestSpeakers
}

// voices decides which names are read: each the first time, and every time
// where the speaker's voice is also that of another speaker or of the text.
func (r *renderer) voices(turns map[int]turn, n int) {
	heard := map[string]bool{}
	names := map[string]bool{}
	for _, t := range turns {
		names[t.name] = true
	}
	shared := r.sharing(names)
	for i := range n {
		t, ok := turns[i]
		if !ok || !t.opens {
			continue
		}
		t.named = !heard[t.name] || shared[t.name] || r.Options.Elements.Dialogue == "names"
		heard[t.name] = true
		turns[i] = t
	}
}

// sharing finds the speakers whose voice is also that of another speaker or of
// the text. A show has few voices, whatever number of speakers a text has: so
// each is compared with one speaker of every voice.
func (r *renderer) sharing(names map[string]bool) map[string]bool {
	shared := map[string]bool{}
	if r.SameVoice == nil {
		return shared
	}
	var first []string // of each voice
	for name := range names {
		if r.sameVoice(speakerRole(name), RoleBody) {
			shared[name] = true
			continue
		}
		alone := true
		for _, other := range first {
			if r.sameVoice(speakerRole(name), speakerRole(other)) {
				shared[name], shared[other], alone = true, true, false
				break
			}
		}
		if alone {
			first = append(first, name)
		}
	}
	return shared
}

func speakerRole(name string) string { return "speaker:" + name }

// turn renders what somebody says.
func (r *renderer) turn(t turn, e *document.Element, role string) {
	speaker := speakerRole(t.name)
	s := r.speak(e.Text, e.Pos, speaker)
	l := s.line
	if t.opens {
		own := !r.sameVoice(speaker, role)
		switch {
		case !t.named:
			l.rewrite([]Edit{{From: 0, To: nameEnd(l), Rule: RuleSpeaker}})
		case own: // the narrator says who it is
			name, rest := l.split(nameEnd(l))
			r.say(passage{role: role, line: name, pos: e.Pos, begins: edges{EdgeTurn}, ends: edges{EdgeAnnouncement}})
			s.line = rest
		}
	}
	r.sayText(s, passage{role: speaker, line: s.line, pos: e.Pos, begins: edges{EdgeTurn}, ends: edges{EdgeTurn}})
}

// nameEnd is where the words of a turn begin, behind its name and colon.
func nameEnd(l *line) int {
	m := turnName().FindStringIndex(l.String())
	if m == nil {
		return 0
	}
	return m[1]
}
