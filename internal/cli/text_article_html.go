package cli

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// htmlPage is a page that is being written.
type htmlPage struct {
	strings.Builder
	marks map[string]int // of footnotes, by label: how many there are
	noted map[string]int // how many are written
}

// articleHTML is a document as a page. What is not heard stands between
// directives that keep it from being spoken.
func articleHTML(d *document.Document) string {
	b := htmlPage{marks: map[string]int{}, noted: map[string]int{}}
	countMarks(d.Elements, b.marks)
	lang := ""
	if d.Meta.Language != "" {
		lang = ` lang="` + html.EscapeString(d.Meta.Language) + `"`
	}
	title := html.EscapeString(d.Meta.Title)
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html%s>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<h1>%s</h1>\n", lang, title, title)
	rest := d.Elements
	for len(rest) > 0 {
		n := slices.IndexFunc(rest, func(e document.Element) bool { return unheard(e) != unheard(rest[0]) })
		if n < 0 {
			n = len(rest)
		}
		if unheard(rest[0]) {
			b.WriteString(markdownDirective(document.DirectiveSkip, "") + "\n")
			b.blocks(rest[:n])
			b.WriteString(markdownDirective(document.DirectiveEnd, "") + "\n")
		} else {
			b.blocks(rest[:n])
		}
		rest = rest[n:]
	}
	return b.String()
}

// unheard says whether an element is on a page and not to be heard.
func unheard(e document.Element) bool { return e.Furniture || e.Visual }

// countMarks counts the marks of each footnote.
func countMarks(es []document.Element, marks map[string]int) {
	var inlines func([]document.Inline)
	inlines = func(ins []document.Inline) {
		for _, in := range ins {
			if in.Kind == document.NoteRef {
				marks[in.Text]++
			}
			inlines(in.Children)
		}
	}
	for _, e := range es {
		inlines(e.Text)
		inlines(e.Cite)
		countMarks(e.Children, marks)
	}
}

func (b *htmlPage) blocks(es []document.Element) { b.cells(es, false) }

// cells are blocks, or the cells of a row that heads its table.
func (b *htmlPage) cells(es []document.Element, header bool) {
	for i, e := range es {
		text := b.inlines(e.Text)
		if e.Kind == document.Note && (i == 0 || es[i-1].Kind != document.Note) {
			b.WriteString("<section role=\"doc-endnotes\"><ol>\n")
		}
		if i > 0 && es[i-1].Kind == document.Note && e.Kind != document.Note {
			b.WriteString("</ol></section>\n")
		}
		wrap := func(tag string) {
			b.WriteString("<" + tag + ">" + text)
			b.cells(e.Children, e.Kind == document.Row && e.Header)
			if e.Kind == document.Note {
				b.backLinks(e.Label)
			}
			if len(e.Cite) > 0 {
				b.WriteString("<footer>" + b.inlines(e.Cite) + "</footer>")
			}
			name, _, _ := strings.Cut(tag, " ")
			b.WriteString("</" + name + ">\n")
		}
		switch e.Kind {
		case document.Heading:
			wrap(fmt.Sprintf("h%d", e.Level))
		case document.Quote:
			wrap("blockquote")
		case document.Verse:
			wrap(`div class="verse"`)
		case document.Details:
			b.details(e, text)
		case document.Callout:
			b.WriteString(`<div class="admonition ` + html.EscapeString(e.Label) + "\">\n")
			if text != "" {
				b.WriteString(`<p class="admonition-title">` + text + "</p>\n")
			}
			b.blocks(e.Children)
			b.WriteString("</div>\n")
		case document.Embed:
			b.embed(e)
		case document.Directive:
			b.WriteString(markdownDirective(e.Label, e.Raw) + "\n")
		case document.List:
			if e.Start > 0 {
				wrap(fmt.Sprintf(`ol start="%d"`, e.Start))
			} else {
				wrap("ul")
			}
		case document.Item:
			wrap("li")
		case document.Code:
			b.WriteString("<pre><code>" + html.EscapeString(e.Raw) + "</code></pre>\n")
		case document.Typed:
			b.WriteString("<pre>\n" + html.EscapeString(strings.TrimPrefix(e.Raw, "\n")) + "</pre>\n")
		case document.Formula:
			b.WriteString(htmlMath(html.EscapeString(e.Raw), true) + "\n")
		case document.Table:
			if text != "" {
				text = "<caption>" + text + "</caption>"
			}
			wrap("table")
		case document.Row:
			wrap("tr")
		case document.Cell:
			switch {
			case header:
				wrap("th")
			case e.Header:
				wrap(`th scope="row"`)
			default:
				wrap("td")
			}
		case document.Image:
			img := fmt.Sprintf(`<img src="%s" alt="%s"`, html.EscapeString(e.URL), html.EscapeString(e.Alt))
			if e.Decorative {
				img += ` role="presentation"`
			}
			caption := html.EscapeString(e.Title)
			if e.Credit != "" {
				caption = strings.TrimSpace(caption + ` <small class="credit">` + html.EscapeString(e.Credit) + "</small>")
			}
			if caption != "" {
				fmt.Fprintf(b, "<figure>%s><figcaption>%s</figcaption></figure>\n", img, caption)
			} else {
				b.WriteString("<p>" + img + "></p>\n")
			}
		case document.Rule:
			b.WriteString("<hr>\n")
		case document.Note:
			wrap(fmt.Sprintf(`li id="note-%s" role="doc-footnote"`, html.EscapeString(e.Label)))
		default:
			wrap("p")
		}
	}
	if n := len(es); n > 0 && es[n-1].Kind == document.Note {
		b.WriteString("</ol></section>\n")
	}
}

// backLinks lead from a footnote to its marks.
func (b *htmlPage) backLinks(label string) {
	for i := range b.marks[label] {
		text := "↩"
		if i > 0 {
			text += strconv.Itoa(i + 1)
		}
		fmt.Fprintf(b, `<sup><a href="#ref-%s-%d" role="doc-backlink">%s</a></sup>`, html.EscapeString(label), i+1, text)
	}
}

// htmlMath is a formula as MathML has one that is TeX (MathML 3, section 5.4).
func htmlMath(tex string, block bool) string {
	display := ""
	if block {
		display = ` display="block"`
	}
	return "<math" + display + `><semantics><mtext>` + tex + `</mtext><annotation encoding="application/x-tex">` + tex + "</annotation></semantics></math>"
}

func (b *htmlPage) details(e document.Element, summary string) {
	if e.Label != "" {
		b.WriteString(`<details class="` + html.EscapeString(e.Label) + `">`)
	} else {
		b.WriteString("<details>")
	}
	if summary != "" {
		b.WriteString("<summary>" + summary + "</summary>")
	}
	b.WriteByte('\n')
	b.blocks(e.Children)
	b.WriteString("</details>\n")
}

// embed is what is embedded as a link; a post is a quotation.
func (b *htmlPage) embed(e document.Element) {
	title := e.Title
	if title == "" {
		title = e.Label
	}
	link := html.EscapeString(title)
	if e.URL != "" {
		link = `<a href="` + html.EscapeString(e.URL) + `">` + link + "</a>"
	}
	if len(e.Children) == 0 {
		b.WriteString("<p>" + link + "</p>\n")
		return
	}
	b.WriteString("<blockquote>\n")
	b.blocks(e.Children)
	b.WriteString("<footer>" + link + "</footer></blockquote>\n")
}

// htmlInlines is running text outside of a page.
func htmlInlines(ins []document.Inline) string { return new(htmlPage).inlines(ins) }

// inlines is running text. The marks of footnotes have places, which the
// footnotes lead back to.
func (b *htmlPage) inlines(ins []document.Inline) string {
	var out strings.Builder
	for _, in := range ins {
		inner, text := b.inlines(in.Children), html.EscapeString(in.Text)
		switch in.Kind {
		case document.Emphasis:
			out.WriteString("<em>" + inner + "</em>")
		case document.Strong:
			out.WriteString("<strong>" + inner + "</strong>")
		case document.Strike:
			out.WriteString("<s>" + inner + "</s>")
		case document.CodeSpan:
			out.WriteString("<code>" + text + "</code>")
		case document.Math:
			out.WriteString(htmlMath(text, false))
		case document.Link:
			out.WriteString(`<a href="` + html.EscapeString(in.URL) + `">` + inner + "</a>")
		case document.Picture:
			fmt.Fprintf(&out, `<img src="%s" alt="%s">`, html.EscapeString(in.URL), text)
		case document.Break:
			out.WriteString("<br>\n")
		case document.Command:
			out.WriteString(markdownDirective(in.Text, in.Title))
		case document.NoteRef:
			place := ""
			if b.noted != nil {
				b.noted[in.Text]++
				place = fmt.Sprintf(` id="ref-%s-%d"`, text, b.noted[in.Text])
			}
			out.WriteString("<sup" + place + `><a href="#note-` + text + `">` + text + "</a></sup>")
		default:
			out.WriteString(text)
		}
	}
	return out.String()
}
