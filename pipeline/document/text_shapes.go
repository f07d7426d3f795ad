package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shapes of plain text that a reader sees in how its lines stand: headings with
// numbers, quotes that are set in, verse.

var (
	chapterLine = compiled(`(?i)^(chapter|part|book|section|act|scene|canto) ([0-9]{1,3}|[ivxlc]{1,7}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|the [a-z]{4,10})([.:]?| *[—–:.-] *\S.*)$`)
	aloneLine   = compiled(`(?i)^(prologue|epilogue|foreword|preface|afterword|introduction|conclusion|abstract|acknowledge?ments)$`)
	sectionLine = compiled(`^(\d{1,2}(?:\.\d{1,2}){0,3})\.? +\S`)
)

// mostSectionWords is how many words a heading with a number may have.
const mostSectionWords = 10

// numberedHeading gives the level of the heading that lines without a blank
// line between them are, and 0 for others: "Chapter 1", with a title on the
// same line or the next, or "2.1 Results". after is the next line with words.
func numberedHeading(lines []line, after string) int {
	first := lines[0].text
	switch {
	case chapterLine().MatchString(first) && !endsClause(first) && (len(lines) == 1 || len(lines) == 2 && titleLike(lines[1].text) && len(strings.Fields(first)) <= 3):
		if words := len(strings.Fields(first)); words > mostTitleWords || words > 3 && strings.HasSuffix(first, ".") {
			return 0
		}
		return 2
	case len(lines) > 1:
		return 0
	case aloneLine().MatchString(first):
		return 2
	}
	m := sectionLine().FindStringSubmatch(first)
	if m == nil {
		return 0
	}
	title := strings.TrimSpace(first[len(m[0])-1:])
	if !titleLike(title) || len(strings.Fields(title)) > mostSectionWords {
		return 0
	}
	if next := sectionLine().FindStringSubmatch(after); next != nil && strings.Count(next[1], ".") <= strings.Count(m[1], ".") {
		return 0 // an item of a list whose items stand apart
	}
	if !strings.HasPrefix(first[len(m[1]):], ".") && !strings.Contains(m[1], ".") {
		return 0 // "12 Angry Men"
	}
	return min(6, 2+strings.Count(m[1], "."))
}

// setIn says whether lines are a quotation that is set in: all by the same four
// columns or more, in a text that is not.
func (p *prose) setIn(lines []line) bool {
	const least = 4
	by := lines[len(lines)-1].indent
	if by < least || p.indented || p.depth > 0 {
		return false
	}
	for i, l := range lines {
		if l.indent != by && (i > 0 || l.indent < by) || bullet().MatchString(l.text) || numbered().MatchString(l.text) {
			return false
		}
	}
	const short = 40 // a line alone has to be a sentence
	return len(lines) > 1 && len(lines[0].text) >= short || len(lines[0].text) >= short && endsSentence(lines[0].text)
}

// measure finds how a text is set: the width that its lines are wrapped to, 0
// if they are not, and whether all of it is set in.
func (p *prose) measure(lines []line) {
	longest, all, in := 0, 0, 0
	for _, l := range lines {
		if !l.blank() {
			all++
			longest = max(longest, l.width())
			if l.indent >= 2 {
				in++
			}
		}
	}
	p.indented = in*2 > all
	const least, most = 50, 100 // columns that people wrap to
	if longest < least || longest > most {
		return
	}
	full := 0
	for i := range lines[:max(0, len(lines)-1)] {
		if !lines[i].blank() && !lines[i+1].blank() && lines[i].width()+1+firstWord(lines[i+1].text) > longest-longest/8 {
			full++
		}
	}
	if full >= 3 && full*3 > all {
		p.width = longest
	}
}

func (l line) width() int { return l.indent + utf8.RuneCountInString(l.text) }

func firstWord(text string) int {
	if i := strings.IndexByte(text, ' '); i >= 0 {
		text = text[:i]
	}
	return utf8.RuneCountInString(text)
}

const (
	longestVerse  = 60   // characters in a line
	fewestCapital = 4    // lines of verse where nothing is known but that all begin with capitals
	mostEnded     = 0.67 // the share of its lines that end with a sentence
	verseWidth    = 0.75 // how much of the text's width a line and the first word after it fill at most
)

// verse says whether lines are verse: short ones, which do not fill the width
// that the text is wrapped to; or at least four that begin with capitals. After
// a stanza two are enough.
func (p *prose) verse(lines []line, after bool) bool {
	fewest, most := fewestVerses, 0
	if after {
		fewest = 2
	}
	ended, capitals, ragged := 0, true, p.width > 0
	for i, l := range lines {
		if utf8.RuneCountInString(l.text) > longestVerse || bullet().MatchString(l.text) || numbered().MatchString(l.text) || strings.HasPrefix(l.text, ">") || headerLine().MatchString(l.text) {
			return false
		}
		if strings.Contains(l.text, "  ") || strings.Contains(l.text, "\t") {
			return false // columns of a table
		}
		if endsSentence(l.text) {
			ended++
		}
		if citeDash().MatchString(l.text) && i < len(lines)-1 {
			return false // a dialogue
		}
		capitals = capitals && (startsSentence(l.text) || citeDash().MatchString(l.text) && i == len(lines)-1)
		if i > 0 {
			most = max(most, lines[i-1].width()-lines[i-1].indent+1+firstWord(l.text))
		}
	}
	ragged = ragged && float64(most) <= verseWidth*float64(p.width)
	switch {
	case float64(ended) > mostEnded*float64(len(lines)) || salutes(lines[0].text):
		return false
	case ragged:
		return len(lines) >= fewest
	default:
		return capitals && !p.perLine && p.width == 0 && (len(lines) >= fewestCapital || after && len(lines) >= 2) && ended*2 <= len(lines)
	}
}

// poem is lines as a stanza; its last may say whose they are.
func (p *prose) poem(lines []line) Element {
	e := Element{Kind: Verse, Pos: p.pos(lines[0].off)}
	if last := len(lines) - 1; last > 1 {
		if cite, _, ok := citeLine(lines[last].ins, false); ok {
			e.Cite, lines = cite, lines[:last]
		}
	}
	stanza := Element{Kind: Paragraph, Pos: e.Pos}
	for i, l := range lines {
		if i > 0 {
			stanza.Text = append(stanza.Text, Inline{Kind: Break, Hard: true})
		}
		stanza.Text = append(stanza.Text, l.ins...)
	}
	e.Children = []Element{stanza}
	return e
}

// replies divides lines where quoted ones, with ">" before them, and others
// stand without a blank line between them, as in letters sent by mail.
func (p *prose) replies(lines []line) [][]line {
	quoted := func(l line) bool { return strings.HasPrefix(l.text, ">") }
	var out [][]line
	from := 0
	for i := 1; i <= len(lines); i++ {
		if i < len(lines) && quoted(lines[i]) == quoted(lines[i-1]) {
			continue
		}
		out = append(out, lines[from:i])
		from = i
	}
	for i, part := range out {
		// One line with a mark inside of prose is prose.
		if quoted(part[0]) && len(part) == 1 && i > 0 && p.depth == 0 && !strings.HasSuffix(out[i-1][len(out[i-1])-1].text, ":") {
			return [][]line{lines}
		}
	}
	return out
}

// hyphenated says whether a word is surely divided at the end of a line: by a
// soft hyphen; or by a hyphen, where the text has the word elsewhere in one,
// and nowhere with the hyphen in it.
func (p *prose) hyphenated(l, next line) bool {
	if strings.HasSuffix(l.text, "\u00ad") {
		return true
	}
	first, _ := utf8.DecodeRuneInString(next.text)
	head := lastWord(strings.TrimSuffix(l.text, "-"))
	if !strings.HasSuffix(l.text, "-") || head == "" || !unicode.IsLower(first) {
		return false
	}
	tail := next.text
	if i := strings.IndexFunc(tail, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		tail = tail[:i]
	}
	if p.words == nil {
		p.words = map[string]bool{}
		for w := range strings.FieldsFuncSeq(p.src, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
			p.words[strings.ToLower(w)] = true
		}
	}
	return p.words[strings.ToLower(head+tail)] && !p.words[strings.ToLower(head+"-"+tail)]
}

// lastWord is the letters that a text ends with.
func lastWord(text string) string {
	rest := strings.TrimRightFunc(text, unicode.IsLetter)
	return text[len(rest):]
}
