package document

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode"
)

const (
	// mostlyTyped is the share of a page's words, in percent, that stands in
	// <pre> where the page is a typed text, as RFCs and old letters are.
	mostlyTyped = 80

	// fewestTyped is how many words such a text has at least.
	fewestTyped = 60

	// mostCodeLines is how many of its lines, in percent, may end as lines of
	// programs do.
	mostCodeLines = 10

	// leastLetters is the least share of letters, in percent, of its characters.
	leastLetters = 75
)

var (
	codeLine = compiled(`[;{}]\s*$|^\s*(//|#include|import |def |func |<\w+|\$ )|=>|==|\(\)`)
	pageFoot = compiled(`(?i)\[page \d+\]\s*$`)
)

// typedLine is a line of a typed page and the source's line that it is from.
type typedLine struct {
	text string
	at   int
}

// typed reads a page that is nothing but text in <pre> as plain text: it is no
// code that could be left out. A sentence may go on from one <pre> to the next,
// so what they hold is read as one and put on its sheets later, by onSheets.
func (p *page) typed(es []Element) []Element {
	var lines []typedLine
	first, in := -1, 0
	for i, e := range es {
		if e.Kind != Code {
			continue
		}
		if e.Language != "" {
			return es
		}
		if first < 0 {
			first = i
		}
		in += len(strings.Fields(e.Raw))
		n := 0
		for text := range strings.SplitSeq(e.Raw, "\n") {
			lines = append(lines, typedLine{strings.TrimRightFunc(text, unicode.IsSpace), e.Pos.Line + n})
			n++
		}
	}
	if in < fewestTyped || in*100 < wordsIn(es)*mostlyTyped || !prosaic(lines) {
		return es
	}
	p.doc.Findings = append(p.doc.Findings, Finding{es[first].Pos, "the page is typed text: read as plain text"})
	var out []Element
	for i, e := range es {
		switch {
		case i == first:
			out = append(out, p.plainText(p.unpaged(lines))...)
		case e.Kind != Code:
			out = append(out, e)
		}
		if e.Kind == Code {
			p.sheets = append(p.sheets, Element{Kind: Typed, Pos: e.Pos, Raw: e.Raw})
		}
	}
	return out
}

// onSheets puts the elements that a typed text was read as into the <pre> in
// which each begins, with the heads and feet of printed pages.
func (p *page) onSheets(es []Element) []Element {
	if len(p.sheets) == 0 {
		return es
	}
	var rest []Element
	for _, e := range slices.Concat(es, p.feet) {
		i := sort.Search(len(p.sheets), func(i int) bool { return p.sheets[i].Pos.Line > e.Pos.Line }) - 1
		if i < 0 || e.Pos.Line > p.sheets[i].Pos.Line+strings.Count(p.sheets[i].Raw, "\n") {
			rest = append(rest, e)
			continue
		}
		p.sheets[i].Children = append(p.sheets[i].Children, e)
	}
	var out []Element
	at := 0
	for _, e := range rest {
		for ; at < len(p.sheets) && p.sheets[at].Pos.Line <= e.Pos.Line; at++ {
			out = append(out, p.sheets[at])
		}
		out = append(out, e)
	}
	out = append(out, p.sheets[at:]...)
	for i := range out {
		if out[i].Kind == Typed {
			slices.SortStableFunc(out[i].Children, func(x, y Element) int { return cmp.Compare(x.Pos.Line, y.Pos.Line) })
		}
	}
	return out
}

// prosaic says whether lines are those of a text and not of a program.
func prosaic(lines []typedLine) bool {
	all, code, letters, signs := 0, 0, 0, 0
	for _, l := range lines {
		if l.text == "" {
			continue
		}
		all++
		if codeLine().MatchString(l.text) {
			code++
		}
		for _, r := range l.text {
			switch {
			case unicode.IsLetter(r):
				letters++
			case !unicode.IsSpace(r):
				signs++
			}
		}
	}
	return code*100 <= all*mostCodeLines && letters*100 >= (letters+signs)*leastLetters
}

// unpaged takes out the foot of each page, "Hale [Page 2]", and the head of the
// next. A form feed stands in their place, for a sentence may go on.
func (p *page) unpaged(lines []typedLine) []typedLine {
	var out []typedLine
	for i := 0; i < len(lines); i++ {
		if !pageFoot().MatchString(lines[i].text) {
			out = append(out, lines[i])
			continue
		}
		p.paged(lines[i])
		for len(out) > 0 && out[len(out)-1].text == "" {
			out = out[:len(out)-1]
		}
		for i+1 < len(lines) && strings.TrimSpace(lines[i+1].text) == "" {
			i++
		}
		if i+1 < len(lines) { // the head
			i++
			p.paged(lines[i])
		}
		for i+1 < len(lines) && strings.TrimSpace(lines[i+1].text) == "" {
			i++
		}
		out = append(out, typedLine{"\f", lines[i].at})
	}
	return out
}

// paged notes a line of a printed page.
func (p *page) paged(l typedLine) {
	words := strings.Join(strings.Fields(l.text), " ")
	p.feet = append(p.feet, visual(Pos{p.name, l.at, 1}, words))
}

// plainText reads lines as plain text is read.
func (p *page) plainText(lines []typedLine) []Element {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text + "\n")
	}
	rd := &reader{source: newSource(p.name, b.String()), doc: &Document{Source: p.name}, latin: mostlyLatin(b.String())}
	pr := &prose{reader: rd}
	text := pages(rd.textLines(0))
	pr.measure(text)
	es := pr.flow(text)
	at := func(pos Pos) Pos {
		return Pos{p.name, lines[min(max(pos.Line, 1), len(lines))-1].at, 1}
	}
	atPage(es, at)
	for _, f := range rd.doc.Findings {
		p.doc.Findings = append(p.doc.Findings, Finding{at(f.Pos), f.Text})
	}
	return es
}

// atPage gives elements the places that they have in the page. Their running
// text has none of its own, as all text of pages.
func atPage(es []Element, at func(Pos) Pos) {
	for i := range es {
		es[i].Pos = at(es[i].Pos)
		unplaced(es[i].Text)
		unplaced(es[i].Cite)
		atPage(es[i].Children, at)
	}
}

func unplaced(ins []Inline) {
	for i := range ins {
		ins[i].Line, ins[i].Col = 0, 0
		unplaced(ins[i].Children)
	}
}
