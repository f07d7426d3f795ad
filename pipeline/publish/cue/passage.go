package cue

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/script"
)

// Passage is what is shown of a segment: its words one space apart, without
// anything that cannot be seen. Each place in it is tied to one of what is said.
type Passage struct {
	Text string
	ties []tie // both sides grow
}

// tie is a place in a passage's text and the one in what is said.
type tie struct{ shown, said int }

// Show is what a transcript shows of a segment. That is what its author wrote,
// but for what a reader could not make sense of: a formula with commands of TeX
// in it is shown in the words that are spoken, and so is what a person has
// changed in the plan; edits beside the document are how it is spoken, and change
// nothing of what is shown. The name of who speaks is left out where a voice stands
// for it. Announcements are words of the script's own: with them they are shown
// as they are heard, without them what they replace is.
func Show(seg *script.Segment, announcements bool) Passage {
	if seg.Announcement && !announcements {
		return Passage{}
	}
	var b shower
	text, stretches := original(seg)
	for _, t := range stretches {
		part := text[t.from:t.to]
		if t.edit != nil {
			part = shown(part, t.edit, announcements)
		}
		b.add(part, t.said, t.end)
	}
	return Passage{Text: b.text.String(), ties: b.ties}
}

// shown is what is shown of a stretch that is said otherwise.
func shown(written string, e *script.Edit, announcements bool) string {
	for rule := range strings.SplitSeq(e.Rule, "+") {
		switch rule {
		case script.RuleEdited:
			return e.Spoken
		case script.RuleMath:
			if strings.ContainsAny(written, `\{}`) {
				return e.Spoken
			}
		case script.RuleAnnouncement:
			if announcements {
				return e.Spoken
			}
		case script.RuleSpeaker:
			return ""
		}
	}
	return written
}

// Said is where a byte of the passage is in what is said.
func (p *Passage) Said(off int) int {
	i := sort.Search(len(p.ties), func(i int) bool { return p.ties[i].shown > off })
	switch {
	case len(p.ties) == 0:
		return 0
	case i == 0:
		return p.ties[0].said
	case i == len(p.ties):
		return p.ties[i-1].said
	}
	a, b := p.ties[i-1], p.ties[i]
	return a.said + (b.said-a.said)*(off-a.shown)/(b.shown-a.shown)
}

// After is the passage behind words that nobody says, such as a name.
func (p Passage) After(words string) Passage {
	out := Passage{Text: words + p.Text}
	first := tie{}
	if len(p.ties) > 0 {
		first.said = p.ties[0].said
	}
	out.ties = append(out.ties, first)
	for _, t := range p.ties {
		out.ties = append(out.ties, tie{t.shown + len(words), t.said})
	}
	return out
}

// shower puts a passage together.
type shower struct {
	text  strings.Builder
	ties  []tie
	space bool // stands before what comes next
}

// tie ties what comes next to what is said.
func (b *shower) tie(said int) { b.tieAt(b.text.Len(), said) }

func (b *shower) tieAt(shown, said int) {
	t := tie{shown, said}
	if n := len(b.ties); n > 0 {
		last := &b.ties[n-1]
		t.said = max(t.said, last.said)
		if last.shown == t.shown {
			last.said = t.said
			return
		}
	}
	b.ties = append(b.ties, t)
}

// add shows a text for a stretch of what is said. Where they are as long as
// each other, they are the same.
func (b *shower) add(text string, from, to int) {
	same := len(text) == to-from
	begun, shift, end := false, 0, 0
	for i, r := range text {
		if unicode.IsSpace(r) {
			b.space = true
			continue
		}
		if unseen(r) {
			continue
		}
		if b.space && b.text.Len() > 0 {
			b.text.WriteByte(' ')
		}
		b.space = false
		if here := b.text.Len() - i; !begun || same && here != shift {
			said := from
			if same {
				said += i
			}
			b.tie(said)
			begun, shift = true, here
		}
		b.text.WriteRune(r)
		_, size := utf8.DecodeRuneInString(text[i:])
		end = i + size
	}
	switch {
	case begun && same:
		b.tie(from + end)
	case begun:
		b.tie(to)
	}
}

// unseen are characters that no reader of a line sees, and that may make it
// another: controls, and what is no character at all.
func unseen(r rune) bool {
	return unicode.IsControl(r) || r == '\ufeff' || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// Plain is a text as a passage shows it: one line, its words one space apart,
// without anything that cannot be seen.
func Plain(text string) string {
	var b shower
	b.add(text, 0, len(text))
	return b.text.String()
}
