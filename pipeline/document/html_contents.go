package document

import (
	"regexp"
	"strings"
)

// fewestEntries is how many entries a page's list of its own headings has at
// least.
const fewestEntries = 3

var (
	contentsTitle = regexp.MustCompile(`(?i)^((table of )?contents|in this (article|post|section|guide|story)|on this page|jump to.{0,20}|inhalt(sverzeichnis)?|sommaire|índice|indice)[\s:…]*(\[?hide\]?)?$`)
	entryNumber   = regexp.MustCompile(`^(\d+(\.\d+)*|[ivxlc]+|[a-z])[.)]?\s+`)
)

// contents takes out a list of the page's own headings, which is for those who
// can jump to them, with the line that announces it.
func (t *trimmer) contents(es []Element) []Element {
	headings := map[string]bool{}
	for _, e := range es {
		if e.Kind == Heading {
			headings[bareLetters(entryNumber.ReplaceAllString(strings.ToLower(Plain(e.Text)), ""))] = true
		}
	}
	kept := es[:0:0]
	for _, e := range es {
		if e.Kind != List || linkShare(e) < 0.9 || !listsHeadings(e, headings) {
			kept = append(kept, e)
			continue
		}
		if last := len(kept) - 1; last >= 0 && (kept[last].Kind == Heading || kept[last].Kind == Paragraph) && contentsTitle.MatchString(Plain(kept[last].Text)) {
			t.leave(kept[last])
			kept = kept[:last]
		}
		t.leave(e)
	}
	return kept
}

// listsHeadings says whether nearly all entries of a list are headings.
func listsHeadings(list Element, headings map[string]bool) bool {
	entries, found := 0, 0
	var walk func(Element)
	walk = func(e Element) {
		if e.Kind == Paragraph {
			entries++
			if headings[bareLetters(entryNumber.ReplaceAllString(strings.ToLower(Plain(e.Text)), ""))] {
				found++
			}
		}
		for _, c := range e.Children {
			walk(c)
		}
	}
	walk(list)
	const share = 70 // percent: headings at the end of a page are taken out before
	return found >= fewestEntries && found*100 >= entries*share
}
