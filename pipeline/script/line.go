package script

import (
	"slices"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// line is running text on its way from what the author wrote to what is said.
// Between the edits the two are the same.
type line struct {
	written []byte
	said    []byte
	edits   []Edit
	marks   []mark           // where stretches of written stand in the source
	kept    []normalize.Span // of said: words already
	code    []normalize.Span // of said: code in running text
	spoken  []Phoneme        // of said, once it is in words
	asides  []aside
}

// mark says where the text from an offset of written on stands in the source.
type mark struct{ off, line, col int }

func (l *line) String() string { return string(l.said) }

// mark says where what is written next stands.
func (l *line) mark(row, col int) {
	if row <= 0 {
		return
	}
	if n := len(l.marks); n > 0 && l.marks[n-1].off == len(l.written) {
		l.marks = l.marks[:n-1]
	}
	l.marks = append(l.marks, mark{len(l.written), row, col})
}

// author adds the author's text, which is said as it stands. White space is one
// space. The place is that of its first character; a row of 0 is not known.
func (l *line) author(text string, row, col int) {
	l.mark(row, col)
	for i := 0; i < len(text); {
		n := i
		for i < len(text) && !blank(text[i]) {
			i++
		}
		if i > n {
			l.put(text[n:i])
			col += utf8.RuneCountInString(text[n:i])
		}
		n = i
		for i < len(text) && blank(text[i]) {
			if col++; text[i] == '\n' && row > 0 {
				row, col = row+1, 1
			}
			i++
		}
		if i == n {
			continue
		}
		added := l.space()
		if row > 0 && i < len(text) && !(added && i-n == 1 && text[n] != '\n') {
			l.mark(row, col)
		}
	}
}

// blank says whether a byte is white space as HTML has it (HTML, section
// "ASCII whitespace"): other spaces are characters that mean something.
func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func (l *line) put(text string) {
	l.written = append(l.written, text...)
	l.said = append(l.said, text...)
}

// space adds a space between words, and says whether it did.
func (l *line) space() bool {
	if n := len(l.said); n > 0 && l.said[n-1] != ' ' {
		l.put(" ")
		return true
	}
	if n := len(l.written); n > 0 && l.written[n-1] != ' ' {
		l.edit(" ", "", RuleSpace)
	}
	return false
}

// edit adds a stretch that is said otherwise than it is written.
func (l *line) edit(written, said, rule string) {
	if written == said {
		l.put(said)
		return
	}
	from := len(l.written)
	l.written = append(l.written, written...)
	l.said = append(l.said, said...)
	if n := len(l.edits); n > 0 && l.edits[n-1].To == from && (l.edits[n-1].Rule == rule || rule == RuleSpace) {
		l.edits[n-1].To, l.edits[n-1].Spoken = len(l.written), l.edits[n-1].Spoken+said
		return
	}
	l.edits = append(l.edits, Edit{From: from, To: len(l.written), Spoken: said, Rule: rule})
}

// words adds an edit whose words are not put into words again.
func (l *line) words(written, said, rule string) {
	l.kept = append(l.kept, normalize.Span{From: len(l.said), To: len(l.said) + len(said)})
	l.edit(written, said, rule)
}

// announce adds words of the script's own.
func (l *line) announce(text string) { l.edit("", text, RuleAnnouncement) }

// add appends another line.
func (l *line) add(o *line) {
	w, s := len(l.written), len(l.said)
	l.written, l.said = append(l.written, o.written...), append(l.said, o.said...)
	for _, e := range o.edits {
		e.From, e.To = e.From+w, e.To+w
		l.edits = append(l.edits, e)
	}
	for _, m := range o.marks {
		m.off += w
		l.marks = append(l.marks, m)
	}
	l.kept, l.code = append(l.kept, moved(o.kept, s)...), append(l.code, moved(o.code, s)...)
	for _, a := range o.asides {
		a.off += s
		l.asides = append(l.asides, a)
	}
}

// repeat appends what another line says, as an announcement: the head of a
// column that every row repeats.
func (l *line) repeat(o *line) {
	l.kept = append(l.kept, moved(o.kept, len(l.said))...)
	l.code = append(l.code, moved(o.code, len(l.said))...)
	l.announce(string(o.said))
}

func moved(spans []normalize.Span, by int) []normalize.Span {
	out := make([]normalize.Span, len(spans))
	for i, s := range spans {
		out[i] = normalize.Span{From: s.From + by, To: s.To + by}
	}
	return out
}

// split divides the line at an offset of what is said.
func (l *line) split(off int) (before, after *line) {
	before, after = &line{}, &line{}
	shift := 0 // written less said, behind the edits so far
	for _, e := range l.edits {
		from := e.From - shift
		to := from + len(e.Spoken)
		if from > off || from == off && e.Spoken != "" {
			break
		}
		if to > off { // the cut goes through the edit
			after.edits = append(after.edits, Edit{From: 0, To: 0, Spoken: e.Spoken[off-from:], Rule: e.Rule})
			e.Spoken, to = e.Spoken[:off-from], off
		}
		before.edits = append(before.edits, e)
		shift = e.To - to
	}
	written := off + shift // of the cut
	for _, e := range l.edits[len(before.edits):] {
		after.edits = append(after.edits, Edit{From: e.From - written, To: e.To - written, Spoken: e.Spoken, Rule: e.Rule})
	}
	before.written, after.written = slices.Clip(l.written[:written]), l.written[written:]
	before.said, after.said = slices.Clip(l.said[:off]), l.said[off:]
	last := -1
	for i, m := range l.marks {
		switch {
		case m.off < written:
			before.marks, last = append(before.marks, m), i
		default:
			after.marks = append(after.marks, mark{m.off - written, m.line, m.col})
		}
	}
	if last >= 0 && (len(after.marks) == 0 || after.marks[0].off > 0) {
		m := l.marks[last]
		m.col += utf8.RuneCount(l.written[m.off:written])
		after.marks = slices.Insert(after.marks, 0, mark{0, m.line, m.col})
	}
	before.kept, after.kept = divided(l.kept, off)
	before.code, after.code = divided(l.code, off)
	before.spoken, after.spoken = within(l.spoken, 0, off), within(l.spoken, off, len(l.said))
	for _, a := range l.asides {
		if a.off <= off {
			before.asides = append(before.asides, a)
		} else {
			a.off -= off
			after.asides = append(after.asides, a)
		}
	}
	return before, after
}

func divided(spans []normalize.Span, off int) (before, after []normalize.Span) {
	for _, s := range spans {
		if s.From < off {
			before = append(before, normalize.Span{From: s.From, To: min(s.To, off)})
		}
		if s.To > off {
			after = append(after, normalize.Span{From: max(0, s.From-off), To: s.To - off})
		}
	}
	return before, after
}

// end gives the line a full stop, unless it has an end of its own.
func (l *line) end() {
	text := string(l.said)
	ended := ended(text)
	if ended == text {
		return
	}
	n := 0
	for n < min(len(text), len(ended)) && text[n] == ended[n] {
		n++
	}
	l.rewrite([]Edit{{From: n, To: len(text), Spoken: ended[n:], Rule: RuleStop}})
}

// rewrite applies edits of what is said. The new edits are in order and do not
// overlap.
func (l *line) rewrite(edits []Edit) {
	if len(edits) == 0 {
		return
	}
	mid := string(l.said)
	l.edits = compose(mid, l.edits, edits)
	l.said = []byte(normalize.Apply(mid, edits))
	l.kept, l.code = shifted(l.kept, edits), shifted(l.code, edits)
	for i, from, to := 0, forward(edits), forward(edits); i < len(l.spoken); i++ {
		l.spoken[i].From, l.spoken[i].To = from(l.spoken[i].From), to(l.spoken[i].To)
	}
	to := forward(edits)
	for i := range l.asides {
		l.asides[i].off = to(l.asides[i].off)
	}
}

func shifted(spans []normalize.Span, edits []Edit) []normalize.Span {
	if len(spans) == 0 {
		return nil
	}
	from, to := forward(edits), forward(edits)
	out := make([]normalize.Span, len(spans))
	for i, s := range spans {
		out[i] = normalize.Span{From: from(s.From), To: to(s.To)}
	}
	return out
}

// places gives the source's place of offsets of written, which grow from call
// to call; from is the place of text that has none of its own.
func (l *line) places(from document.Pos) func(off int) document.Pos {
	i, counted, col := -1, 0, 0 // col is the column of the byte at counted
	return func(off int) document.Pos {
		off = min(off, len(l.written))
		for i+1 < len(l.marks) && l.marks[i+1].off <= off {
			i++
			counted, col = l.marks[i].off, l.marks[i].col
		}
		if i < 0 {
			return from
		}
		col += utf8.RuneCount(l.written[counted:off])
		counted = off
		return document.Pos{File: from.File, Line: l.marks[i].line, Col: col}
	}
}
