package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is one line of plain text.
type line struct {
	off    int      // where text begins in the source
	indent int      // columns of space before it
	text   string   // without space around it and without damage
	ins    []Inline // the same, with places
	signs  bool     // a line of "-- ", below which a signature stands
	feeds  bool     // a form feed and nothing else
}

func (l line) blank() bool { return l.text == "" }

// text reads plain text. What is no prose is told by shape alone, and a shape
// has to be whole before a word is taken out of the prose: see lead.go.
func (r *reader) text(body int) {
	lines := r.textLines(body)
	p := &prose{reader: r}
	lines = p.around(pages(lines))
	p.measure(lines)
	n := p.lead(lines)
	r.doc.Elements = append(r.doc.Elements, p.flow(lines[n:])...)
}

func (r *reader) textLines(body int) []line {
	var out []line
	off := body
	for raw := range strings.Lines(r.src[body:]) {
		text := strings.TrimRightFunc(raw, unicode.IsSpace)
		lead := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
		l := line{off: off + lead, indent: columns(text[:lead])}
		if text = text[lead:]; text != "" {
			n := len(r.dropped)
			l.ins = r.mended(text, l.off, true, same)
			if len(r.dropped) > n && r.dropped[n][0] == l.off {
				l.off = r.dropped[n][1] // the line begins after its damage
			}
			l.text = strings.TrimSpace(Plain(l.ins))
		}
		l.signs = raw == "-- \n" || raw == "-- "
		l.feeds = l.blank() && strings.Contains(raw, "\f")
		out = append(out, l)
		off += len(raw)
	}
	return out
}

// pages joins what a form feed divides in the middle of a sentence.
func pages(lines []line) []line {
	out := lines[:0]
	for i, l := range lines {
		if l.feeds && i > 0 && i+1 < len(lines) && !lines[i-1].blank() && !endsSentence(lines[i-1].text) && lines[i+1].text != "" && !startsSentence(lines[i+1].text) {
			continue
		}
		out = append(out, l)
	}
	return out
}

func same(s string) string { return s }

// columns is the width of white space, with tabs to every fourth column.
func columns(space string) int {
	n := 0
	for _, r := range space {
		n++
		if r == '\t' {
			n = (n + 3) / 4 * 4
		}
	}
	return n
}

// prose turns lines into elements.
type prose struct {
	*reader
	perLine bool // each line is a whole sentence or paragraph
	depth   int  // of quotes

	width    int             // that lines are wrapped to; 0 if they are not
	indented bool            // most of the text is set in
	words    map[string]bool // of the text, in small letters; nil until it is asked for
}

// deepestQuote is how many quotes a text can nest: more ">" are marks in prose.
const deepestQuote = 8

// headingMark announces, alone on a line, that the next line is a heading.
const headingMark = "Heading."

// longestHeading is how long, in bytes, a line after the mark may be.
const longestHeading = 300

// announced gives the line that a heading mark at i announces, or -1.
func announced(lines []line, i int) int {
	if lines[i].text != headingMark {
		return -1
	}
	for j := i + 1; j < len(lines) && j <= i+2; j++ {
		if !lines[j].blank() {
			if len(lines[j].text) > longestHeading || !strings.ContainsFunc(lines[j].text, speakable) {
				return -1
			}
			return j
		}
	}
	return -1
}

// flow reads lines as blocks: runs of lines between blank lines, heading
// marks and rules.
func (p *prose) flow(lines []line) []Element {
	var out []Element
	apart := false // the block before is an item of a list whose items stand apart
	for i := 0; i < len(lines); {
		if lines[i].blank() {
			i++
			continue
		}
		if h := announced(lines, i); h >= 0 {
			p.drop(lines[i].off, p.eol(lines[i].off))
			out = append(out, p.heading(lines[h], 2))
			i = h + 1
			continue
		}
		if isRule(lines[i].text) {
			out = append(out, Element{Kind: Rule, Pos: p.pos(lines[i].off)})
			i++
			continue
		}
		if level := underlined(lines[i:]); level > 0 {
			out = append(out, p.heading(lines[i], level))
			i += 2
			continue
		}
		j := i + 1
		for j < len(lines) && !lines[j].blank() && !isRule(lines[j].text) && announced(lines, j) < 0 && underlined(lines[j:]) == 0 {
			j++
		}
		k := j
		for k < len(lines) && lines[k].blank() {
			k++
		}
		after := ""
		if k < len(lines) {
			after = lines[k].text
		}
		level := numberedHeading(lines[i:j], after)
		if sectionLine().MatchString(lines[i].text) {
			if apart {
				level = 0
			}
			apart = level == 0
		} else {
			apart = false
		}
		if level > 0 && after != "" {
			e := p.heading(lines[i], level)
			if j-i == 2 {
				e.Text = append(append(e.Text, Inline{Kind: Break}), lines[i+1].ins...)
			}
			out, i = append(out, e), j
			continue
		}
		last := len(out) - 1
		stanza := last >= 0 && out[last].Kind == Verse && len(out[last].Cite) == 0
		if p.verse(lines[i:j], stanza) {
			e := p.poem(lines[i:j])
			if stanza {
				out[last].Children, out[last].Cite = append(out[last].Children, e.Children...), e.Cite
			} else {
				out = append(out, e)
			}
			i = j
			continue
		}
		out = append(out, p.block(lines[i:j], j < len(lines))...)
		i = j
	}
	return out
}

func (p *prose) heading(l line, level int) Element {
	e := Element{Kind: Heading, Level: level, Pos: p.pos(l.off), Text: l.ins}
	if last := len(e.Text) - 1; last >= 0 {
		t := e.Text[last].Text
		if strings.HasSuffix(t, ".") && !strings.HasSuffix(t, "..") && !strings.HasSuffix(t, "…") {
			e.Text[last].Text = strings.TrimSuffix(t, ".")
		}
	}
	return e
}

// isRule says whether a line is a break between scenes: at least one mark that
// people use for it, and nothing else.
func isRule(text string) bool {
	marks := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune("*-_=~#•·⁂—–", r):
			marks++
		case !unicode.IsSpace(r):
			return false
		}
	}
	return marks >= 3 || marks > 0 && (text == "*" || text == "#" || text == "⁂" || text == "⁂ ⁂")
}

// underlined gives the level of a heading that the next line underlines, or 0.
func underlined(lines []line) int {
	if len(lines) < 2 || !titleLike(lines[0].text) {
		return 0
	}
	under := lines[1].text
	switch {
	case len(under) >= 3 && strings.Trim(under, "=") == "":
		return 1
	case len(under) >= 3 && strings.Trim(under, "-") == "" && lines[1].indent < 4:
		return 2
	}
	return 0
}

// block reads lines without a blank line between them.
func (p *prose) block(lines []line, more bool) []Element {
	if quoted, ok := unquoted(lines); ok && p.depth < deepestQuote {
		p.depth++
		e := Element{Kind: Quote, Pos: p.pos(lines[0].off), Children: p.flow(quoted)}
		p.depth--
		return []Element{e}
	}
	if parts := p.replies(lines); len(parts) > 1 && p.depth < deepestQuote {
		var out []Element
		for i, part := range parts {
			out = append(out, p.block(part, more || i < len(parts)-1)...)
		}
		return out
	}
	if p.setIn(lines) {
		p.depth++
		e := Element{Kind: Quote, Pos: p.pos(lines[0].off), Children: p.flow(lines)}
		p.depth--
		cited(&e, nil, nil)
		return []Element{e}
	}
	if len(lines) == 1 && more && capitals(lines[0].text) {
		return []Element{p.heading(lines[0], 2)}
	}
	for i := range lines {
		if i > 0 && !strings.HasSuffix(lines[i-1].text, ":") {
			continue
		}
		if list, ok := p.list(lines[i:]); ok {
			return append(p.paragraphs(lines[:i]), list)
		}
	}
	return p.paragraphs(lines)
}

// unquoted takes the marks of a quotation off lines that all have one.
func unquoted(lines []line) ([]line, bool) {
	out := make([]line, len(lines))
	for i, l := range lines {
		if !strings.HasPrefix(l.text, ">") {
			return nil, false
		}
		out[i] = l.from(1)
	}
	return out, true
}

// from is the line without its first n bytes and the space after them.
func (l line) from(n int) line {
	rest := strings.TrimLeftFunc(l.text[n:], unicode.IsSpace)
	// Spaces may be others in the source, where they have not become plain ones.
	mark := strings.Join(strings.Fields(l.text[:len(l.text)-len(rest)]), "")
	left := utf8.RuneCountInString(mark)
	out := line{off: l.off, indent: l.indent, text: rest}
	for i, in := range l.ins {
		take := 0
		for take < len(in.Text) {
			r, size := utf8.DecodeRuneInString(in.Text[take:])
			if space := unicode.IsSpace(r); left == 0 && !space {
				break
			} else if !space {
				left--
			}
			take += size
		}
		runes := utf8.RuneCountInString(in.Text[:take])
		out.off, out.indent, in.Col = out.off+take, out.indent+runes, in.Col+runes
		if in.Text = in.Text[take:]; in.Text != "" {
			out.ins = append(append(out.ins, in), l.ins[i+1:]...)
			break
		}
	}
	return out
}

// capitals says whether a line is a heading set in capitals.
func capitals(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLower(r) || unicode.IsLetter(r) && !unicode.IsUpper(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 3 && titleLike(text)
}

// paragraphs joins lines to paragraphs. Between lines a Break is kept: a
// sentence may end there without a space to show it.
func (p *prose) paragraphs(lines []line) []Element {
	var out []Element
	for i := 0; i < len(lines); {
		j := i + 1
		for j < len(lines) && !p.parts(lines, j) {
			j++
		}
		e := Element{Kind: Paragraph, Pos: p.pos(lines[i].off)}
		for k, l := range lines[i:j] {
			if prev := len(e.Text) - 1; k > 0 && prev >= 0 && p.hyphenated(lines[i+k-1], l) {
				e.Text[prev].Text = strings.TrimRight(e.Text[prev].Text, "-\u00ad ")
			} else if k > 0 {
				e.Text = append(e.Text, Inline{Kind: Break})
			}
			e.Text = append(e.Text, l.ins...)
		}
		out = append(out, e)
		i = j
	}
	return out
}

// longLine is the length in bytes from which a line is a paragraph of its own
// where lines end with sentences.
const longLine = 400

// parts says whether a new paragraph begins at line i without a blank line
// before it.
func (p *prose) parts(lines []line, i int) bool {
	prev, l := lines[i-1], lines[i]
	ended := endsSentence(prev.text)
	switch {
	case ended && l.indent >= 2 && prev.indent < 2 && len(lines) > 2:
		return true // a first line that is set in
	case !p.perLine || !startsSentence(l.text):
		return false
	case ended && (len(prev.text) > longLine || len(l.text) > longLine):
		return true
	case ended:
		return !endsSentence(l.text) && titleLike(l.text) && i+1 < len(lines) && startsSentence(lines[i+1].text)
	default: // a label or a title of its own between sentences
		return titleLike(prev.text) && (i == 1 || endsSentence(lines[i-2].text))
	}
}
