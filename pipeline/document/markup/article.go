package markup

import (
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// Options are how an article is written.
type Options struct {
	// Runs are those of each text of the article, in the order of Texts. Without
	// them nothing is spoken.
	Runs [][]Run

	// Image is the address of a picture that the page may load: an address in its
	// folder, or a data: URL. "" is none: the picture is shown by its description,
	// with a link where it is on the web.
	Image func(address string) string

	// Formula is a formula in TeX as HTML; nil shows the TeX.
	Formula func(tex string, block bool) string

	// Base is where the document's own links lead from; without one, relative
	// links are text.
	Base *url.URL
}

// Texts are the texts of an article.
func Texts(d *document.Document) []Text {
	var texts []Text
	b := newWriter(d.Elements, newArticle(d.Elements, Options{}))
	b.text = func(t Text) []Run {
		texts = append(texts, t)
		return nil
	}
	b.blocks(d.Elements)
	return texts
}

// Article is a document as a part of a page: what belongs to its article, from
// headings of the second level on.
func Article(d *document.Document, o Options) string {
	b := newWriter(d.Elements, newArticle(d.Elements, o))
	n := -1
	b.text = func(Text) []Run {
		if n++; n < len(o.Runs) {
			return o.Runs[n]
		}
		return nil
	}
	b.blocks(d.Elements)
	return b.String()
}

// article is the dialect of what others open.
type article struct {
	Options
	open  []int             // levels of the headings that are open, as the document has them
	notes map[string]string // label → number
	named map[string]bool   // footnotes that have their place
	heads map[string]string // places of headings that the article's own links lead to, by what the links say
	used  map[string]bool   // those places that are taken
}

func newArticle(es []document.Element, o Options) *article {
	a := &article{Options: o, notes: map[string]string{}, named: map[string]bool{}, heads: map[string]string{}, used: map[string]bool{}}
	a.gather(es)
	return a
}

// gather numbers the footnotes, and finds the headings that links may lead to.
func (a *article) gather(es []document.Element) {
	for _, e := range es {
		switch e.Kind {
		case document.Note:
			if a.notes[e.Label] == "" {
				a.notes[e.Label] = strconv.Itoa(len(a.notes) + 1)
			}
		case document.Heading:
			if slug := slugOf(e); slug != "" && a.heads[slug] == "" {
				a.heads[slug] = "h-" + slug
			}
		}
		a.gather(e.Children)
	}
}

// slugOf is what pages call the place of a heading: its words in small letters
// with hyphens between them.
func slugOf(e document.Element) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(document.Plain(e.Text)), func(r rune) bool { return !wordRune(r) }), "-")
}

// heading keeps the outline whole: each level is at most one deeper than the
// one before, under the page's own heading.
func (a *article) heading(e document.Element) string {
	for len(a.open) > 0 && a.open[len(a.open)-1] >= e.Level {
		a.open = a.open[:len(a.open)-1]
	}
	a.open = append(a.open, e.Level)
	tag := fmt.Sprintf("h%d", min(len(a.open)+1, 6))
	if slug := slugOf(e); slug != "" && !a.used[slug] {
		a.used[slug] = true
		tag += ` id="` + html.EscapeString(a.heads[slug]) + `"`
	}
	return tag
}

func (a *article) link(address string) (opening, closing string) {
	if place, ok := strings.CutPrefix(address, "#"); ok {
		if id := a.heads[strings.ToLower(place)]; id != "" {
			return `<a href="#` + html.EscapeString(url.PathEscape(id)) + `">`, "</a>"
		}
		return "", ""
	}
	to := a.web(address)
	if to == "" {
		return "", ""
	}
	return `<a href="` + html.EscapeString(to) + `" rel="noopener">`, "</a>"
}

// web is an address that a link of the article may lead to, "" if it may not.
func (a *article) web(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	if !u.IsAbs() && a.Base != nil {
		u = a.Base.ResolveReference(u)
	}
	return WebLink(u.String())
}

// WebLink is an address if it is one on the web or for mail, else "".
func WebLink(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return ""
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return u.String()
	case u.Scheme == "mailto" && u.Opaque != "":
		return u.String()
	}
	return ""
}

// address is that of a picture as a page may load it.
func (a *article) address(of string) string {
	if a.Image == nil {
		return ""
	}
	return a.Image(of)
}

// unseen is a picture that the page does not load.
func (a *article) unseen(address, alt string) string {
	to := a.web(address)
	if to == "" {
		return `<span class="unseen">` + html.EscapeString(alt) + "</span>"
	}
	text := alt
	if strings.TrimSpace(text) == "" {
		text = to
	}
	return `<a class="unseen" href="` + html.EscapeString(to) + `" rel="noopener">` + html.EscapeString(text) + "</a>"
}

func (a *article) picture(in document.Inline) string {
	if src := a.address(in.URL); src != "" {
		return `<img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(in.Text) + `">`
	}
	return a.unseen(in.URL, in.Text)
}

func (a *article) image(e document.Element) string {
	alt := e.Alt
	if e.Decorative {
		alt = ""
	}
	if src := a.address(e.URL); src != "" {
		return `<img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(alt) + `">`
	}
	if e.Decorative {
		return ""
	}
	return a.unseen(e.URL, e.Alt)
}

func (*article) figure(image, caption string) string {
	switch {
	case image == "" && caption == "":
		return ""
	case caption == "":
		return "<figure>" + image + "</figure>\n"
	}
	return "<figure>" + image + "<figcaption>" + caption + "</figcaption></figure>\n"
}

func (*article) lineBreak(hard bool) string {
	if hard {
		return "<br>\n"
	}
	return "\n"
}

func (*article) directive(string, string) string { return "" }

func (a *article) math(tex string, block bool) string {
	if a.Formula != nil {
		return a.Formula(tex, block)
	}
	class := "tex"
	if block {
		class = "tex block"
	}
	return `<code class="` + class + `">` + html.EscapeString(tex) + "</code>"
}

func (a *article) noteID(label string) string {
	if a.notes[label] == "" { // a mark without its footnote
		a.notes[label] = strconv.Itoa(len(a.notes) + 1)
	}
	return a.notes[label]
}

func (*article) item(e document.Element) string {
	if e.Task == "done" || e.Task == "open" {
		return `li class="` + e.Task + `"`
	}
	return "li"
}

func (*article) typed(e document.Element) bool { return len(e.Children) > 0 }

// sorts are the call-outs that look like something.
var sorts = []string{"note", "tip", "important", "warning", "caution"}

func (a *article) tag(k document.Kind, e document.Element) (opening, closing string) {
	switch k {
	case document.Code:
		return `<pre tabindex="0"><code>`, "</code></pre>\n"
	case document.Table:
		return `<div class="table" tabindex="0"><table>`, "</table></div>\n"
	case document.Note:
		id := ""
		if !a.named[e.Label] {
			a.named[e.Label] = true
			id = ` id="note-` + a.noteID(e.Label) + `"`
		}
		return "<li" + id + ">", "</li>\n"
	case document.Callout:
		class := "callout"
		if slices.Contains(sorts, e.Label) {
			class += " " + e.Label
		}
		return `<div class="` + class + `" data-label="` + html.EscapeString(e.Label) + "\">\n", "</div>\n"
	case document.Details:
		return "<details>", "</details>\n"
	}
	return "", ""
}
