package document

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// calloutWords are the words by which generators of pages name a call-out's
// sort, and what this program calls it.
var calloutWords = map[string]string{
	"note": "note", "info": "info", "information": "info", "tip": "tip", "hint": "tip", "success": "tip", "check": "tip", "done": "tip",
	"important": "important", "warning": "warning", "warn": "warning", "attention": "warning", "caution": "caution", "danger": "danger",
	"error": "danger", "failure": "danger", "bug": "danger", "example": "example", "question": "question", "faq": "question",
	"abstract": "summary", "summary": "summary", "tldr": "summary", "seealso": "note", "todo": "note", "experimental": "note",
	"primary": "note", "secondary": "note", "light": "note", "dark": "note", "success-message": "tip",
}

// calloutFamilies are the classes of boxes: a word above beside one, or after
// it and a hyphen, is the box's sort. What alone is enough is true.
var calloutFamilies = map[string]bool{
	"admonition": true, "admonitionblock": true, "theme-admonition": true, "markdown-alert": true, "custom-block": true, "notecard": true,
	"callout": true, "confluence-information-macro": true, "alert": false, "notice": false, "hint": false, "book-hint": false, "message": false, "panel": false,
}

// calloutAlone are the words that are a class of their own in the pages of
// Sphinx, Hugo, Microsoft and others.
var calloutAlone = map[string]bool{"note": true, "tip": true, "important": true, "warning": true, "caution": true, "danger": true}

var (
	// noCallout are classes and names of boxes that are of the page.
	noCallout = compiled(`(?i)share|social|newsletter|subscri|sign-?up|promo|advert|(^|[-_ ])ads?($|[-_ ])|related|author|(^|[-_ ])bio($|[-_ ])|comment|cookie|consent|gdpr|banner|footnote|endnote|(^|[-_ ])nav|login|paywall|member|donat|breadcrumb|widget|(^|[-_ ])cta($|[-_ ])|popup|modal|toast|dismiss|flash`)
	// invitation are words of boxes that want something of the reader.
	invitation = compiled(`(?i)\b(subscribe|newsletter|sign up|log ?in|cookies?|javascript)\b`)

	calloutTitle = compiled(`(?i)^((admonition|custom-block|markdown-alert|callout|alert|note|hint|notice|tip|warning|box|panel|message|theme-admonition)[-_]*(title|heading|header|label)([-_].*)?|admonitionHeading.*|title)$`)
)

// mostCallout is the length, in bytes, of the longest call-out; larger boxes
// are parts of a page.
const mostCallout = 6000

// calloutLabel says what sort of call-out an element is, or "". It would
// rather miss one than take a part of the page for one.
func calloutLabel(n *html.Node) string {
	switch n.DataAtom {
	case atom.Div, atom.Aside, atom.Section, atom.P:
	default:
		return ""
	}
	sort, boxed := calloutSort(n)
	if sort == "" || noCallout().MatchString(attr(n, "class")+" "+attr(n, "id")) || noteID().MatchString(attr(n, "id")) && attr(n, "id") != "note" {
		return ""
	}
	words, linked := 0, 0
	if !measure(n, false, &words, &linked) || linked*2 > words {
		return ""
	}
	if !boxed && words < 4*mostCite && invitation().MatchString(textOf(n)) {
		return ""
	}
	return sort
}

// calloutSort is what an element's role or classes say, and whether they can
// mean nothing else.
func calloutSort(n *html.Node) (sort string, boxed bool) {
	switch attr(n, "role") {
	case "note", "doc-notice":
		return "note", true
	case "doc-tip":
		return "tip", true
	case "doc-footnote", "doc-endnote", "doc-endnotes":
		return "", false
	}
	for _, key := range []string{"data-callout", "data-type"} {
		if word := strings.ToLower(attr(n, key)); calloutWords[word] != "" && (key == "data-callout" || calloutAlone[word]) {
			return calloutWords[word], true
		}
	}
	family, enough, word := false, false, ""
	for c := range strings.FieldsSeq(strings.ToLower(attr(n, "class"))) {
		c = strings.TrimPrefix(c, "is-")
		if alone, ok := calloutFamilies[c]; ok {
			family, enough = true, enough || alone
		}
		for i, r := range c {
			if r != '-' && r != '_' {
				continue
			}
			of, rest := c[:i], strings.TrimLeft(c[i:], "-_")
			if _, ok := calloutFamilies[of]; ok && calloutWords[rest] != "" {
				family, word = true, pick(word, rest)
			}
		}
		if calloutWords[c] != "" && (word == "" || calloutAlone[c]) {
			word = c
		}
	}
	switch {
	case family && word != "":
		return calloutWords[word], true
	case enough:
		return "note", false
	case calloutAlone[word]:
		return calloutWords[word], false
	}
	return "", false
}

// measure counts the bytes of a node's words, and those in links, up to
// mostCallout; it says whether there are no more, and no title of a page.
func measure(n *html.Node, link bool, words, linked *int) bool {
	switch {
	case n.DataAtom == atom.H1 || n.DataAtom == atom.Article:
		return false
	case n.Type == html.TextNode:
		k := len(strings.TrimSpace(n.Data))
		if *words += k; link {
			*linked += k
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !measure(c, link || n.DataAtom == atom.A, words, linked) {
			return false
		}
	}
	return *words <= mostCallout
}

// callout is a box that an author set beside the text.
func (p *page) callout(n *html.Node, e Element, label string) []Element {
	e.Kind, e.Label = Callout, label
	if hasClass(n, "admonitionblock") {
		// AsciiDoctor: a table with an icon, which has the sort, and the words.
		if content := first(n, func(c *html.Node) bool { return c.DataAtom == atom.Td && hasClass(c, "content") }); content != nil {
			n = content
		}
	}
	title := first(n, func(c *html.Node) bool {
		for class := range strings.FieldsSeq(attr(c, "class")) {
			if calloutTitle().MatchString(class) {
				return utf8.RuneCountInString(wordsOf(c)) <= mostCite
			}
		}
		return false
	})
	if title != nil {
		remove(title)
		if e.Text = p.inlines(title); repeats(Plain(e.Text), label) {
			e.Text = nil
		}
	}
	e.Children = unlabelled(p.flow(n), label)
	if len(e.Children) == 0 {
		if len(e.Text) == 0 {
			return nil
		}
		e.Children, e.Text = []Element{{Kind: Paragraph, Pos: e.Pos, Text: e.Text}}, nil
	}
	return []Element{e}
}

// repeats says whether a line says what a call-out's label says.
func repeats(line, label string) bool {
	word := strings.ToLower(strings.Trim(line, " :.!\u00a0"))
	return word == label || calloutWords[strings.ReplaceAll(word, " ", "")] == label
}

// unlabelled takes the word that a call-out begins with ("Note:") from its
// text, where its label says the same.
func unlabelled(es []Element, label string) []Element {
	if len(es) == 0 || (es[0].Kind != Paragraph && es[0].Kind != Heading) {
		return es
	}
	if repeats(Plain(es[0].Text), label) && len(es) > 1 {
		return es[1:]
	}
	text := es[0].Text
	if es[0].Kind == Heading || len(text) == 0 {
		return es
	}
	switch head := text[0]; head.Kind {
	case Strong, Emphasis:
		after := Plain(text[1:])
		if word := Plain(head.Children); repeats(word, label) && after != "" && (strings.ContainsAny(word, ":.!") || strings.ContainsAny(after[:1], ":.!")) {
			es[0].Text = trimLead(text[1:], ":.! \u00a0")
		}
	case Text:
		if word, _, ok := strings.Cut(head.Text, ":"); ok && repeats(word, label) {
			if rest := trimLead(text, word+": \u00a0"); len(rest) > 0 {
				head.Text = strings.TrimLeft(head.Text[len(word)+1:], " \u00a0")
				es[0].Text = append([]Inline{head}, text[1:]...)
			}
		}
	}
	return es
}

// details is what a page hides until a reader asks for it.
func (p *page) details(n *html.Node, e Element) []Element {
	e.Kind = Details
	if summary := first(n, is(atom.Summary)); summary != nil && summary.Parent == n {
		remove(summary)
		e.Text = p.inlines(summary)
	}
	e.Children = p.flow(n)
	if len(e.Children) == 0 && Plain(e.Text) == "" {
		return nil
	}
	return []Element{e}
}

// spoils says whether an element's words are hidden because they tell an end.
func spoils(n *html.Node) bool {
	return n.Type == html.ElementNode && hasClass(n, "spoiler", "spoilers", "spoiler-text", "spoiled", "spoiler-blurred", "md-spoiler-text", "bbCodeSpoiler", "bbc_spoiler")
}

// spoiler is a stretch that a forum hides until it is touched. Paragraphs of
// one that stand one after another are one.
func (p *page) spoiler(n *html.Node, e Element) []Element {
	e.Kind, e.Label, e.Children = Details, "spoiler", p.flow(n)
	if len(e.Children) == 0 {
		return nil
	}
	return []Element{e}
}

// merged makes one of spoilers that follow each other, and of the stanzas of
// one poem.
func merged(es []Element) []Element {
	out := es[:0]
	for _, e := range es {
		if last := len(out) - 1; last >= 0 && out[last].Kind == e.Kind && len(out[last].Cite) == 0 &&
			(e.Kind == Verse || e.Kind == Details && e.Label == "spoiler" && out[last].Label == e.Label && len(e.Text) == 0) {
			out[last].Children = append(out[last].Children, e.Children...)
			out[last].Cite = e.Cite
			continue
		}
		out = append(out, e)
	}
	return out
}
