package document

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// mostFrontMatter is how many words may stand before the first chapter and
// still be read with it; more are a chapter of their own.
const mostFrontMatter = 150

// partTitle is the heading of a part of a book, which holds chapters.
var partTitle = compiled(`(?i)^(part|book|volume|teil|buch|band|partie|livre|tome|parte|libro|volumen|deel|del)\s+(\d{1,3}|[ivxlc]{1,7}|the\s+\pL+|one|two|three|four|five|six|seven|eight|nine|ten|first|second|third|fourth|fifth)\b`)

// Split divides a document at its chapters: the headings of the highest level
// that it has two of. A part of a book, "Part One", that is nothing but
// chapters is divided at these, and its heading goes with the first of them;
// so does what stands before the first chapter, unless it is long. Each chapter
// has the notes that it refers to and the findings of its own text.
//
// A document with fewer than two chapters is given back as it is, alone; else
// what [Document.Heard] leaves out is in none of them.
func Split(doc *Document) []*Document {
	whole := doc
	doc, _ = doc.Heard()
	es, notes := withoutNotes(doc.Elements)
	starts := chapterStarts(es)
	if len(starts) < 2 {
		return []*Document{whole}
	}
	type piece struct{ head, from, to int } // of es; head is the chapter's heading, or -1
	var pieces []piece
	if wordCount(es[:starts[0].from]) > mostFrontMatter {
		pieces = append(pieces, piece{-1, 0, starts[0].from})
	} else {
		starts[0].from = 0
	}
	for i, s := range starts {
		to := len(es)
		if i+1 < len(starts) {
			to = starts[i+1].from
		}
		pieces = append(pieces, piece{s.head, s.from, to})
	}
	names := map[string]bool{}
	out := make([]*Document, len(pieces))
	for i, p := range pieces {
		part := &Document{Source: doc.Source, Meta: doc.Meta}
		m := &part.Meta
		m.Book, m.Number, m.Parts = doc.Meta.Title, i+1, len(pieces)
		part.Elements = slices.Clone(es[p.from:p.to])
		name := "front"
		if p.head >= 0 {
			h := es[p.head]
			m.Title = Plain(h.Text)
			name = cmp.Or(h.Anchor, anchorOf(m.Title))
			part.Elements = slices.Delete(part.Elements, p.head-p.from, p.head-p.from+1) // the opening says it
		}
		m.Part = unused(name, names)
		part.Elements = append(part.Elements, referred(part.Elements, notes)...)
		out[i] = part
	}
	giveFindings(doc, out)
	return out
}

// beginning is where a chapter begins: at its heading, or at the heading of the
// part that it is the first of.
type beginning struct{ from, head int }

// chapterStarts are the beginnings of a document's chapters that have words.
func chapterStarts(es []Element) []beginning {
	var headings []int
	count := map[int]int{}
	for i, e := range es {
		if e.Kind == Heading && Plain(e.Text) != "" {
			headings = append(headings, i)
			count[e.Level]++
		}
	}
	level := 1
	for level <= 6 && count[level] < 2 {
		level++
	}
	var out []beginning
	after := 0 // the headings of a part that was divided
	for k, at := range headings {
		if es[at].Level > level || k < after {
			continue
		}
		end := len(headings)
		for j := k + 1; j < len(headings); j++ {
			if es[headings[j]].Level <= es[at].Level {
				end = j
				break
			}
		}
		if chapters := chaptersOf(es, headings[k:end]); chapters != nil {
			after = end
			out = append(out, beginning{at, chapters[0]})
			for _, c := range chapters[1:] {
				out = append(out, beginning{c, c})
			}
			continue
		}
		out = append(out, beginning{at, at})
	}
	return joinedEmpty(es, out)
}

// chaptersOf are the headings of the chapters of a part; nil if it is none.
// headings are the part's own and those under it.
func chaptersOf(es []Element, headings []int) []int {
	part := es[headings[0]]
	if part.Label != "part" && !partTitle().MatchString(Plain(part.Text)) || len(headings) < 3 {
		return nil
	}
	if wordCount(es[headings[0]+1:headings[1]]) > mostFrontMatter {
		return nil
	}
	level := es[headings[1]].Level
	var out []int
	for _, h := range headings[1:] {
		if es[h].Level <= level {
			out = append(out, h)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// joinedEmpty takes out the beginnings of chapters without a word under their
// headings: these go with the chapter that follows, else that came before.
func joinedEmpty(es []Element, starts []beginning) []beginning {
	var out []beginning
	from := -1 // of empty ones before
	for i, s := range starts {
		to := len(es)
		if i+1 < len(starts) {
			to = starts[i+1].from
		}
		if from < 0 {
			from = s.from
		}
		if wordCount(es[s.head+1:to]) == 0 {
			continue
		}
		out = append(out, beginning{from, s.head})
		from = -1
	}
	return out
}

// wordCount is how many words elements have.
func wordCount(es []Element) int {
	n := 0
	for _, e := range es {
		n += len(strings.Fields(Plain(e.Text))) + len(strings.Fields(e.Raw)) + len(strings.Fields(e.Title)) + len(strings.Fields(e.Alt)) + wordCount(e.Children)
	}
	return n
}

func withoutNotes(all []Element) (es []Element, notes map[string]Element) {
	notes = map[string]Element{}
	for _, e := range all {
		if e.Kind == Note {
			notes[e.Label] = e
		} else {
			es = append(es, e)
		}
	}
	return es, notes
}

// referred are the notes that elements refer to, and those that these refer
// to, in the order of their marks.
func referred(es []Element, notes map[string]Element) []Element {
	var out []Element
	seen := map[string]bool{}
	var inlines func([]Inline)
	inlines = func(ins []Inline) {
		for _, in := range ins {
			if n, ok := notes[in.Text]; ok && in.Kind == NoteRef && !seen[in.Text] {
				seen[in.Text] = true
				out = append(out, n)
			}
			inlines(in.Children)
		}
	}
	var walk func([]Element)
	walk = func(es []Element) {
		for _, e := range es {
			inlines(e.Text)
			inlines(e.Cite)
			walk(e.Children)
		}
	}
	walk(es)
	for i := 0; i < len(out); i++ { //nolint:intrange // it grows
		walk(out[i].Children)
	}
	return out
}

// giveFindings gives each finding to the chapter that it is about; what is
// about none, such as a file that was left out, to the first.
func giveFindings(doc *Document, parts []*Document) {
	if len(doc.Findings) == 0 {
		return
	}
	type place struct{ line, col, part int }
	places := map[string][]place{} // by file, in the order of the text
	for i, p := range parts {
		for _, e := range p.Elements {
			if e.Kind != Note {
				places[e.Pos.File] = append(places[e.Pos.File], place{e.Pos.Line, e.Pos.Col, i})
			}
		}
	}
	for _, f := range doc.Findings {
		at, to := places[f.Pos.File], 0
		n, exact := slices.BinarySearchFunc(at, f.Pos, func(p place, pos Pos) int {
			return cmp.Or(cmp.Compare(p.line, pos.Line), cmp.Compare(p.col, pos.Col))
		})
		switch {
		case exact || n == 0 && len(at) > 0:
			to = at[n].part
		case n > 0:
			to = at[n-1].part
		}
		parts[to].Findings = append(parts[to].Findings, f)
	}
}

// anchorOf names a heading by its words, as pages made of Markdown do.
func anchorOf(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
	})
	return cmp.Or(strings.Join(words, "-"), "chapter")
}

// unused is a name that no other chapter has.
func unused(name string, names map[string]bool) string {
	out := name
	for n := 2; names[out]; n++ {
		out = name + "-" + strconv.Itoa(n)
	}
	names[out] = true
	return out
}
