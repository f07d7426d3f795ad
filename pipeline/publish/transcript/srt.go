package transcript

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/narrapress/narrapress/pipeline/publish/cue"
)

// srtShape is what Podcasting 2.0 asks for (transcripts.md, SRT).
func srtShape() cue.Shape { return cue.Shape{Width: 32, Rows: 2} }

// mostName is how much of a name a SubRip file shows, so that there is room for
// words beside it.
const mostName = 20

// writeSRT writes SubRip. Whoever begins to speak is named.
func writeSRT(b *bytes.Buffer, t *transcript) error {
	speaker := ""
	lines := t.timed(func(p *part) []line {
		passage := p.Passage
		if p.speaker != speaker && p.speaker != "" {
			passage = passage.After(shortened(p.speaker, mostName) + ": ")
		}
		speaker = p.speaker
		return shaped(passage, p.clock, srtShape())
	})
	for i, l := range t.held(lines) {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strconv.Itoa(i+1) + "\n")
		b.Write(stamp(l.start, ','))
		b.WriteString(" --> ")
		b.Write(stamp(l.end, ','))
		b.WriteByte('\n')
		for _, row := range l.rows {
			b.WriteString(harmless(row) + "\n")
		}
	}
	return nil
}

// harmless keeps players from taking text for markup. SubRip has no way to
// escape: a space of no width stands where a tag, an override of a player's, or
// an arrow would begin.
func harmless(row string) string {
	if !strings.ContainsAny(row, "<{>") {
		return row
	}
	const nothing = '\u200b'
	var b strings.Builder
	for i, r := range row {
		next, _ := utf8.DecodeRuneInString(row[i+utf8.RuneLen(r):])
		if r == '>' && strings.HasSuffix(row[:i], "--") {
			b.WriteRune(nothing)
		}
		b.WriteRune(r)
		if r == '<' && (unicode.IsLetter(next) || strings.ContainsRune("/!?", next)) || r == '{' {
			b.WriteRune(nothing)
		}
	}
	return b.String()
}

// shortened is a text of at most so many characters, as people see them.
func shortened(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	out, n := "", 0
	for rest, state := text, -1; rest != ""; {
		var g string
		g, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if n += utf8.RuneCountInString(g); n >= most {
			break
		}
		out += g
	}
	return strings.TrimSpace(out) + "…"
}
