package document

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

const (
	// mostLinks is the length of the longest list of links that is taken for
	// one to other articles; longer ones are what a page is about.
	mostLinks = 600

	mostStray = 20

	// mostTail is the share, in percent, of an article's words that can follow
	// it as teasers of others.
	mostTail = 40
)

// trim finds in an article what is not its text: links to other articles,
// invitations to share, dates, credits and the author's portrait. It does so by
// whole elements, which become furniture.
func (p *page) trim(es []Element) []Element {
	if p.bare {
		return es
	}
	all := slices.Clone(es)
	kept := make([]*Element, len(all))
	for i := range all {
		kept[i] = &all[i]
	}
	t := trimmer{page: p}
	kept = t.lines(kept)
	kept = t.contents(kept)
	if p.found {
		kept = t.head(kept)
		kept = t.rails(t.links(kept))
		kept = t.teasers(kept)
	}
	kept = t.tail(kept)
	words := 0
	for _, e := range kept {
		words += len(strings.Fields(allWords(*e)))
	}
	if words*2 < wordsIn(es) || len(kept) == 0 {
		return es // nothing else is there: it may be what the page is about
	}
	return slices.DeleteFunc(all, func(e Element) bool { return e.Kind == "" })
}

// trimmer sorts the elements of an article. Each of its passes is given those
// that the passes before took for the article's text, and gives back fewer.
type trimmer struct {
	cut bool // something was left out
	*page
}

// leave makes an element furniture.
func (t *trimmer) leave(e *Element) {
	t.cut = true
	e.Furniture = true
}

// see makes an element one for those who see the page.
func (t *trimmer) see(e *Element) {
	t.cut = true
	e.Visual = true
}

// lines takes out what is of the page wherever it stands.
func (t *trimmer) lines(es []*Element) []*Element {
	kept := es[:0:0]
	for i, e := range es {
		words := allWords(*e)
		if e.Kind == Paragraph && len(words) > mostLinks {
			kept = append(kept, e) // no line
			continue
		}
		switch e.Kind {
		case Paragraph, Heading:
			beside := i > 0 && es[i-1].Kind == Image || i+1 < len(es) && es[i+1].Kind == Image
			if machineLine().MatchString(words) || credits(words) || call().MatchString(words) && linkShare(*e) > 0.5 || number(words) && beside {
				t.leave(e)
				continue
			}
			if e.Kind == Paragraph && t.caption(kept, words) {
				*e = Element{} // it is the image's
				continue
			}
			if start := captionStart().FindString(words); start != "" && e.Text[0].Kind == Text && strings.HasPrefix(e.Text[0].Text, start) {
				e.Text[0].Text = strings.TrimPrefix(e.Text[0].Text, start)
			}
		case List:
			if t.items(e); e.Furniture {
				continue
			}
		case Image:
			t.uncredited(e)
		}
		kept = append(kept, e)
	}
	return kept
}

// items finds the lines of a page in a list.
func (t *trimmer) items(list *Element) {
	list.Children = slices.Clone(list.Children)
	left := 0
	for i := range list.Children {
		if item := &list.Children[i]; machineLine().MatchString(allWords(*item)) {
			t.leave(item)
			left++
		}
	}
	list.Furniture = left > 0 && left == len(list.Children)
}

// caption gives a paragraph to the image before it where it says that it is
// the image's caption: by a credit at its end, a mark at its start, or the
// image's own description.
func (t *trimmer) caption(kept []*Element, words string) bool {
	last := len(kept) - 1
	if last < 0 || kept[last].Kind != Image || kept[last].Title != "" || len(strings.Fields(words)) > 3*mostStray {
		return false
	}
	alt := kept[last].Alt
	described := len(strings.Fields(alt)) > 3 && strings.HasPrefix(bareLetters(words), bareLetters(alt)) && len(words) < 2*len(alt)
	if !described && !creditEnd().MatchString(words) && !captionStart().MatchString(words) {
		return false
	}
	kept[last].Title, kept[last].Decorative = words, false
	t.uncredited(kept[last])
	return true
}

// uncredited tells who made or owns a picture from its caption.
func (t *trimmer) uncredited(e *Element) {
	title := captionStart().ReplaceAllString(e.Title, "")
	bare := creditEnd().ReplaceAllString(title, "")
	if credits(e.Title) || housed().MatchString(e.Title) {
		bare = ""
	}
	if bare != title {
		t.cut = true
		e.Credit = strings.TrimSpace(e.Credit + " " + strings.TrimSpace(strings.TrimPrefix(title, bare)))
	}
	e.Title = bare
}

func credits(line string) bool {
	return creditLine().MatchString(line) ||
		agency().MatchString(line) && strings.ContainsAny(line, "/|") && len(strings.Fields(line)) <= 10 && !endsSentence(line)
}

func number(line string) bool {
	return line != "" && len(line) < 4 && strings.Trim(line, "0123456789") == ""
}

// head takes out what stands before an article's first sentences: its title
// again, who wrote it, when, how long it takes.
func (t *trimmer) head(es []*Element) []*Element {
	const sentence = 12 // words; a line above an article has one at most
	end, title, sentences := 0, -1, 0
	for ; end < len(es); end++ {
		e := es[end]
		if t.isTitle(e) {
			title = end
			continue
		}
		words := len(strings.Fields(Plain(e.Text)))
		if e.Kind == Paragraph && words >= 2*mostStray || e.Kind == Quote || e.Kind == Code || e.Kind == Table || e.Kind == Verse {
			break
		}
		if e.Kind == Paragraph && words >= sentence && endsSentence(Plain(e.Text)) {
			if sentences++; sentences > 1 {
				break
			}
		}
	}
	kept := es[:0:0]
	for i, e := range es[:end] {
		words := allWords(*e)
		short := len(strings.Fields(words)) < mostStray
		switch {
		case i == title && i > 0:
			*e = Element{} // it is said already
			continue
		case e.Kind != Paragraph && e.Kind != Heading && e.Kind != List, i == title:
		case i < title && short && !endsSentence(words), dateLine(words), authorLine(words, t.doc.Meta.Author), readingTime().MatchString(words), postLine(words) && short && len(strings.Fields(words)) < 5,
			short && bareLetters(words) == bareLetters(t.doc.Meta.Site), machineLine().MatchString(words), t.byline(words), moreLine().MatchString(words), agency().FindString(words) == words && words != "", t.stamped(words):
			t.leave(e)
			continue
		}
		kept = append(kept, e)
	}
	return append(kept, es[end:]...)
}

// bylineSeparator is what stands between the parts of a line about an article.
var bylineSeparator = compiled(`\s+[·•|/—–]\s+`)

// byline says whether a line is nothing but who wrote the article, when, and
// how long it takes: "By Ann Lee · 5 January 2026 · 4 min read".
func (t *trimmer) byline(line string) bool {
	parts := bylineSeparator().Split(line, 6)
	if len(parts) < 2 {
		return false
	}
	for _, part := range parts {
		if !dateLine(part) && !authorLine(part, t.doc.Meta.Author) && !readingTime().MatchString(part) {
			return false
		}
	}
	return true
}

// isTitle says whether an element repeats the page's title.
func (t *trimmer) isTitle(e *Element) bool {
	return (e.Kind == Heading || e.Kind == Paragraph) && t.doc.Meta.Title != "" && bareLetters(Plain(e.Text)) == bareLetters(t.doc.Meta.Title)
}

// stamped says whether a short line ends with, or is, a date after a name or a
// place: "example.com November 18, 2019".
func (t *trimmer) stamped(line string) bool {
	fields := strings.Fields(line)
	for i := 1; i < len(fields) && i <= 6 && len(fields) <= 20; i++ {
		rest := strings.Join(fields[i:], " ")
		if dateLine(rest) && len(strings.Fields(rest)) >= 2 && !endsSentence(line) {
			return true
		}
	}
	return false
}

// links takes out lines and lists in an article that only lead to others of
// the same site, with the lines and images that announce them.
func (t *trimmer) links(es []*Element) []*Element {
	kept := es[:0:0]
	for i, e := range es {
		led := i > 0 && e.Kind == Paragraph && linkShare(*e) > 0.6 && moreLine().MatchString(Plain(es[i-1].Text))
		if !led && !t.leads(e) || i > 0 && introduces(es[i-1]) {
			kept = append(kept, e)
			continue
		}
		last := len(kept) - 1
		for ; last >= 0 && (announces(kept[last]) || kept[last].Kind == Heading && linkShare(*kept[last]) > 0.9 && t.sameSite(kept[last])); last-- {
			t.leave(kept[last])
			for last > 0 && kept[last-1].Kind == Image && kept[last-1].Title == "" {
				last-- // the picture of what it announces
				t.leave(kept[last])
			}
		}
		kept = kept[:last+1]
		t.leave(e)
	}
	return kept
}

// leads says whether an element is nothing but titles of other articles.
func (t *trimmer) leads(e *Element) bool {
	const least = 4 // words of a title
	words := allWords(*e)
	n := len(strings.Fields(words))
	switch e.Kind {
	case Paragraph:
		if n < least || n > 2*mostStray || endsSentence(words) && !strings.HasSuffix(words, "?") || countLinks(e.Text) != 1 {
			return false
		}
	case List:
		if len(words) > mostLinks || n < least*len(e.Children) {
			return false
		}
	default:
		return false
	}
	return linkShare(*e) > 0.9 && t.sameSite(e)
}

func countLinks(ins []Inline) int {
	n := 0
	for _, in := range ins {
		if in.Kind == Link {
			n++
		}
		n += countLinks(in.Children)
	}
	return n
}

// introduces says whether an element says that what follows belongs to it.
func introduces(e *Element) bool {
	text := Plain(e.Text)
	return e.Kind == Paragraph && strings.HasSuffix(text, ":") && !moreLine().MatchString(text)
}

// announces says whether an element is a line before links to other articles.
func announces(e *Element) bool {
	if e.Kind != Paragraph && e.Kind != Heading {
		return false
	}
	text := Plain(e.Text)
	return moreLine().MatchString(text) || len(strings.Fields(text)) <= 4 && text == strings.ToUpper(text) && strings.IndexFunc(text, unicode.IsLetter) >= 0
}

// sameSite says whether all of an element's links lead to other pages of the
// site that it stands on.
func (t *trimmer) sameSite(e *Element) bool {
	own, _ := url.Parse(t.doc.Meta.Link)
	all := true
	var inlines func([]Inline)
	inlines = func(ins []Inline) {
		for _, in := range ins {
			if in.Kind == Link {
				u, err := url.Parse(in.URL)
				switch {
				case err != nil, strings.HasPrefix(in.URL, "#"), u.Scheme != "" && !web(u):
					all = false
				case u.Host == "":
				case own == nil || own.Host == "":
					all = false
				case bareHost(u.Host) != bareHost(own.Host), u.Path == own.Path && u.Fragment != "":
					all = false
				}
			}
			inlines(in.Children)
		}
	}
	var walk func(*Element)
	walk = func(e *Element) {
		inlines(e.Text)
		for i := range e.Children {
			walk(&e.Children[i])
		}
	}
	walk(e)
	return all
}

// teasers takes off the end of an article from the line that begins what is no
// more of it: other articles with a sentence each, comments. Where paragraphs
// follow each other the article goes on.
func (t *trimmer) teasers(es []*Element) []*Element {
	all, after, cut, following := 0, 0, len(es), false
	for _, e := range es {
		all += len(strings.Fields(allWords(*e)))
	}
	for i := len(es) - 1; i >= 0; i-- {
		e := es[i]
		if after += len(strings.Fields(allWords(*e))); after*100 > all*mostTail || e.Kind == Code || e.Kind == Table || e.Kind == Quote {
			break
		}
		long := e.Kind == Paragraph && len(strings.Fields(Plain(e.Text))) >= mostStray && linkShare(*e) < 0.5
		if long && following {
			break
		}
		following = long
		if (e.Kind == Heading || e.Kind == Paragraph) && moreLine().MatchString(Plain(e.Text)) {
			cut = i
		}
	}
	for _, e := range es[cut:] {
		t.leave(e)
	}
	return es[:cut]
}

// rails takes out rows of boxes with a picture, a few words and a title each,
// as pages set them between paragraphs.
func (t *trimmer) rails(es []*Element) []*Element {
	const least = 3 // boxes of a row
	kept := es[:0:0]
	for i := 0; i < len(es); {
		end, boxes := i, 0
		for n := boxed(es[end:]); n > 0; n = boxed(es[end:]) {
			end += n
			boxes++
		}
		if boxes < least {
			kept = append(kept, es[i])
			i++
			continue
		}
		for _, e := range es[i:end] {
			t.leave(e)
		}
		i = end
	}
	return kept
}

// boxed is how many elements the box has that elements begin with, or 0.
func boxed(es []*Element) int {
	const most = 6 // words above a title
	n := 0
	for n < len(es) && n < 2 && es[n].Kind == Image && es[n].Title == "" {
		n++
	}
	if n > 0 && n < len(es) && es[n].Kind == Paragraph && len(strings.Fields(Plain(es[n].Text))) == 1 {
		n++ // a mark on the picture
	}
	if n == 0 || n+1 >= len(es) || es[n].Kind != Heading || es[n+1].Kind != Paragraph {
		return 0
	}
	text := Plain(es[n+1].Text)
	if len(strings.Fields(Plain(es[n].Text))) > most || len(strings.Fields(text)) > mostStray || endsSentence(text) {
		return 0
	}
	return n + 2
}

// tail takes off the end of an article what only stands there.
func (t *trimmer) tail(es []*Element) []*Element {
	for i := len(es) - 1; i >= 0; i-- {
		e := es[i]
		switch {
		case e.Kind == Heading && i+1 == len(es) && !t.cut:
			return es // nothing of the page stood below it
		case e.Kind == Rule, t.trails(e), e.Kind == Paragraph && t.portrait(allWords(*e)),
			e.Kind == Image && e.Title == "" && i > 0 && t.trails(es[i-1]): // a portrait beside what is said of an author
			t.leave(e)
		default:
			return es[:i+1]
		}
	}
	return nil
}

// trails says whether an element at the end of an article is none of its text.
func (t *trimmer) trails(e *Element) bool {
	words := allWords(*e)
	switch e.Kind {
	case Heading:
		return true
	case List:
		return len(words) < mostLinks && linkShare(*e) > 0.9
	case Paragraph:
		return tailLine().MatchString(words) || moreLine().MatchString(words) || t.found && (dateLine(words) || credits(words) || authorLine(words, t.doc.Meta.Author) || strings.HasPrefix(words, "@") && !strings.Contains(words, " "))
	}
	return false
}

// portrait says whether a paragraph says who the author is.
func (t *trimmer) portrait(words string) bool {
	const most = 100 // words
	if n := len(strings.Fields(words)); !t.found || n > most || !aboutAuthor().MatchString(words) {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(words, "About "), " ")
	for _, name := range strings.Fields(t.doc.Meta.Author) {
		if len(name) > 2 && strings.EqualFold(strings.Trim(first, ",’'"), name) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(words), "follow ") && strings.Contains(words, "@")
}

func wordsIn(es []Element) int {
	n := 0
	for _, e := range es {
		n += len(strings.Fields(allWords(e)))
	}
	return n
}

// bareHost is a host without "www.": another part of a site is often another
// thing, such as its help.
func bareHost(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
