package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The first lines of a plain text may be its title, its author, or labels of
// the page that it was copied from. They leave the prose only if the whole
// shape is there:
//
//   - The author's shape: a line like a name, directly under it lines like
//     labels (or none), then nothing but lines that are whole sentences, one
//     sentence or paragraph a line. The name becomes the author; labels are
//     left out, each with a finding. Prose that wraps, verse, letters and
//     lists do not have this shape: their lines do not end with sentences.
//   - The title's shape: one line like a title, a blank line, then prose. It
//     becomes the title (or a heading, if there is another title). A line
//     "By NAME" after it becomes the author.

// lead reads the first lines and gives the number of lines it has read.
func (p *prose) lead(lines []line) int {
	a := 0
	for a < len(lines) && lines[a].blank() {
		a++
	}
	if a == len(lines) {
		return a
	}
	p.perLine = perLine(lines[a+1:])
	if first, ok := authorShape(lines, a); ok {
		p.author(lines[a].text)
		if first == a+1 {
			p.find(lines[a].off, "%q is taken for the author: if it is the title, leave a blank line after it", lines[a].text)
		}
		p.drop(lines[a].off, p.eol(lines[a].off))
		for _, l := range lines[a+1 : first] {
			if !l.blank() {
				p.find(l.off, "%q is a title or a label, not a sentence of the text: left out", l.text)
				p.drop(l.off, p.eol(l.off))
			}
		}
		return first
	}
	after, ok := p.titleShape(lines, a)
	if !ok {
		return a
	}
	p.titled(lines[a])
	b := after
	for b < len(lines) && lines[b].blank() {
		b++
	}
	if name, ok := byline(lines, b); ok && (p.doc.Meta.Author == "" || strings.EqualFold(p.doc.Meta.Author, name)) {
		p.author(name)
		p.drop(lines[b].off, p.eol(lines[b].off))
		return b + 1
	}
	return after
}

// eol is the end of the line that holds an offset.
func (s *source) eol(off int) int {
	if i := strings.IndexByte(s.src[off:], '\n'); i >= 0 {
		return off + i
	}
	return len(s.src)
}

func (p *prose) author(name string) {
	if p.doc.Meta.Author == "" {
		p.doc.Meta.Author = name
	}
}

func (p *prose) titled(l line) {
	switch {
	case p.doc.Meta.Title == "":
		p.doc.Meta.Title = l.text
	case !strings.EqualFold(p.doc.Meta.Title, l.text):
		p.doc.Elements = append(p.doc.Elements, p.heading(l, 1))
		return
	}
	p.doc.Meta.TitlePos = p.pos(l.off)
	p.drop(l.off, p.eol(l.off))
}

// mostLabels is how many labels may stand under a name.
const mostLabels = 10

// authorShape says whether the line at a is the author's name, and gives the
// first line of the prose.
func authorShape(lines []line, a int) (first int, ok bool) {
	if !nameLike(lines[a].text) || a+1 == len(lines) || lines[a+1].blank() {
		return 0, false
	}
	first = a + 1
	for first < len(lines) && !lines[first].blank() && first-a <= mostLabels && labelLike(lines[first].text) {
		first++
	}
	labels := first - a - 1
	for first < len(lines) && lines[first].blank() {
		first++
	}
	if first == len(lines) || labels == 0 && len(strings.Fields(lines[a].text)) < 2 {
		return 0, false
	}
	if !endsSentence(lines[first].text) || !startsSentence(lines[first].text) {
		return 0, false
	}
	return first, perLine(lines[first:])
}

// perLineShare is the share of lines that end with a sentence where lines are
// sentences; wrapped prose has about one in ten, verse about one in four.
const perLineShare = 0.8

// perLine says whether a text's lines are whole sentences or paragraphs.
func perLine(lines []line) bool {
	ended, all := 0, 0
	for i, l := range lines {
		if l.blank() || announced(lines, i) >= 0 || i > 0 && announced(lines, i-1) == i {
			continue
		}
		all++
		if endsSentence(l.text) {
			ended++
		}
	}
	return float64(ended) >= perLineShare*float64(all)
}

// fewestSentences is how many lines must end with sentences before a first
// line without a blank line after it is taken for a title.
const fewestSentences = 3

func (p *prose) titleShape(lines []line, a int) (after int, ok bool) {
	text := lines[a].text
	if underlined(lines[a:]) == 1 {
		return a + 2, true
	}
	if !titleLike(text) || bullet().MatchString(text) || a+1 == len(lines) {
		return 0, false
	}
	sentences := 0
	for _, l := range lines[a+1:] {
		if endsSentence(l.text) {
			sentences++
		}
	}
	_, by := byline(lines, a+1)
	switch {
	case sentences == 0:
		return 0, false
	case lines[a+1].blank() || by:
		return a + 1, true
	default:
		return a + 1, p.perLine && sentences >= fewestSentences && endsSentence(lines[a+1].text) && startsSentence(lines[a+1].text)
	}
}

// byline reads a line "By NAME" that stands at the end of its block.
func byline(lines []line, i int) (string, bool) {
	if i >= len(lines) || i+1 < len(lines) && !lines[i+1].blank() {
		return "", false
	}
	word, name, ok := strings.Cut(lines[i].text, " ")
	name = strings.TrimSpace(name)
	return name, ok && strings.EqualFold(word, "by") && nameLike(name)
}

const (
	mostTitleWords = 12
	mostTitleBytes = 120
	mostLabelWords = 8
	mostNameWords  = 5
)

// titleLike says whether a line can be a title: short, and not ended as a
// sentence, a clause or the address of a letter is.
func titleLike(text string) bool {
	if text == "" || len(text) > mostTitleBytes || len(strings.Fields(text)) > mostTitleWords {
		return false
	}
	if endsSentence(text) || endsClause(text) || !startsSentence(text) || !strings.ContainsFunc(text, unicode.IsLetter) {
		return false
	}
	return !salutes(text)
}

func labelLike(text string) bool {
	return titleLike(text) && len(strings.Fields(text)) <= mostLabelWords && !bullet().MatchString(text)
}

func salutes(text string) bool {
	switch first, _, _ := strings.Cut(strings.ToLower(text), " "); first {
	case "dear", "dearest", "hello", "hi", "hey":
		return true
	}
	return false
}

// endsSentence says whether a line ends with a sentence's punctuation, quotes
// and brackets after it aside.
func endsSentence(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`"'”’»«›)]}*_`, r)
	})
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?…。！？．।۔؟", r)
}

func endsClause(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(",;:-–—、，；：", r)
}

// startsSentence says whether a line begins as a sentence or a title does: not
// with a small letter or a mark that continues one.
func startsSentence(text string) bool {
	text = strings.TrimLeftFunc(text, func(r rune) bool {
		return strings.ContainsRune(`"'“‘„«‹([*_¿¡`, r)
	})
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r) || unicode.IsTitle(r) || unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.IsLower(r)
}

// nameLike says whether a line can be a person's name: up to five words, each
// with a capital, but for the particles of names, and none of the words that
// titles are made of.
func nameLike(text string) bool {
	fields := strings.Fields(text)
	if len(fields) == 0 || len(fields) > mostNameWords || salutes(text) {
		return false
	}
	for i, f := range fields {
		if !nameWord(f, i == 0) {
			return false
		}
	}
	return true
}

func nameWord(f string, first bool) bool {
	word := strings.TrimSuffix(f, ".")
	if word == "&" && !first {
		return true
	}
	if word != f && utf8.RuneCountInString(word) > 4 {
		return false // a full stop only after initials, Jr., Prof.
	}
	if word != f && utf8.RuneCountInString(word) > 2 && !strings.Contains(" Prof Mrs Rev Hon ", " "+word+" ") && !strings.Contains(word, ".") {
		return false
	}
	low := strings.ToLower(word)
	if !first && low == f && strings.Contains(particles, " "+low+" ") {
		return true
	}
	if strings.Contains(titleWords, " "+low+" ") {
		return false
	}
	for i, r := range word {
		switch {
		case i == 0 && (unicode.IsLower(r) || !unicode.IsLetter(r)):
			return false
		case !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("'’-.", r):
			return false
		}
	}
	return word != ""
}

const (
	particles  = " de da di do del della der den des dos das du la le van von vom zu zur ter ten te al el bin ibn ben bint y e i af av and und et "
	titleWords = " the a an my our your his her their its how why what when where who whose which in on at to for from with without by about into over under after before" +
		" of and or but not no yes if is are was were be been do does did have has can will this that these those there here" +
		" he she it we you they us them chapter part section introduction preface prologue epilogue appendix contents notes heading abstract summary overview" +
		" once new more most all some every one two three "
)
