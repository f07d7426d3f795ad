package document

import (
	"strings"
)

// A page's list of its own headings has at least so many entries, and fewer
// where a line says what it is.
const fewestEntries, fewestAnnounced = 4, 2

var (
	contentsTitle = compiled(`(?i)^((table of )?contents|in this (article|post|section|guide|story)|on this page|jump to.{0,20}|inhalt(sverzeichnis)?|sommaire|índice|indice)[\s:…]*(\[?hide\]?)?$`)
	entryNumber   = compiled(`^(\d+(\.\d+)*|[ivxlc]+|[a-z])[.)]?\s+`)
)

// contents finds a list of the page's own headings, which is for those who
// can jump to them, with the line that announces it.
func (t *trimmer) contents(es []*Element) []*Element {
	headings := map[string]bool{}
	for _, e := range es {
		if e.Kind == Heading {
			headings[bareLetters(entryNumber().ReplaceAllString(strings.ToLower(Plain(e.Text)), ""))] = true
		}
	}
	kept := es[:0:0]
	for _, e := range es {
		last := len(kept) - 1
		announced := last >= 0 && (kept[last].Kind == Heading || kept[last].Kind == Paragraph) && contentsTitle().MatchString(Plain(kept[last].Text))
		fewest := fewestEntries
		if announced {
			fewest = fewestAnnounced
		}
		if e.Kind != List || linkShare(*e) < 0.9 || !listsHeadings(*e, headings, fewest) {
			kept = append(kept, e)
			continue
		}
		if announced {
			t.see(kept[last])
			kept = kept[:last]
		}
		t.see(e)
	}
	return kept
}

// listsHeadings says whether a list has entries enough, and nearly all of them
// are headings.
func listsHeadings(list Element, headings map[string]bool, fewest int) bool {
	entries, found := 0, 0
	var walk func(Element)
	walk = func(e Element) {
		if e.Kind == Paragraph {
			entries++
			if headings[bareLetters(entryNumber().ReplaceAllString(strings.ToLower(Plain(e.Text)), ""))] {
				found++
			}
		}
		for _, c := range e.Children {
			walk(c)
		}
	}
	walk(list)
	const share = 70 // percent: headings at the end of a page are taken out before
	return found >= fewest && found*100 >= entries*share
}
