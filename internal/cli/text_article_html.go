package cli

import (
	"fmt"
	"html"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// articleHTML is a document as a page.
func articleHTML(d *document.Document) string {
	var b strings.Builder
	lang := ""
	if d.Meta.Language != "" {
		lang = ` lang="` + html.EscapeString(d.Meta.Language) + `"`
	}
	title := html.EscapeString(d.Meta.Title)
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html%s>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<h1>%s</h1>\n", lang, title, title)
	htmlBlocks(&b, d.Elements)
	return b.String()
}

func htmlBlocks(b *strings.Builder, es []document.Element) { htmlCells(b, es, false) }

// htmlCells are blocks, or the cells of a row that heads its table.
func htmlCells(b *strings.Builder, es []document.Element, header bool) {
	for i, e := range es {
		text := htmlInlines(e.Text)
		if e.Kind == document.Note && (i == 0 || es[i-1].Kind != document.Note) {
			b.WriteString("<section role=\"doc-endnotes\"><ol>\n")
		}
		if i > 0 && es[i-1].Kind == document.Note && e.Kind != document.Note {
			b.WriteString("</ol></section>\n")
		}
		wrap := func(tag string) {
			b.WriteString("<" + tag + ">" + text)
			htmlCells(b, e.Children, e.Kind == document.Row && e.Header)
			if len(e.Cite) > 0 {
				b.WriteString("<footer>" + htmlInlines(e.Cite) + "</footer>")
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
			htmlDetails(b, e, text)
		case document.Callout:
			b.WriteString(`<div class="admonition ` + html.EscapeString(e.Label) + "\">\n")
			if text != "" {
				b.WriteString(`<p class="admonition-title">` + text + "</p>\n")
			}
			htmlBlocks(b, e.Children)
			b.WriteString("</div>\n")
		case document.Embed:
			htmlEmbed(b, e)
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
			if e.Title != "" {
				fmt.Fprintf(b, "<figure>%s><figcaption>%s</figcaption></figure>\n", img, html.EscapeString(e.Title))
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

// htmlMath is a formula as MathML has one that is TeX (MathML 3, section 5.4).
func htmlMath(tex string, block bool) string {
	display := ""
	if block {
		display = ` display="block"`
	}
	return "<math" + display + `><semantics><mtext>` + tex + `</mtext><annotation encoding="application/x-tex">` + tex + "</annotation></semantics></math>"
}

func htmlDetails(b *strings.Builder, e document.Element, summary string) {
	if e.Label != "" {
		b.WriteString(`<details class="` + html.EscapeString(e.Label) + `">`)
	} else {
		b.WriteString("<details>")
	}
	if summary != "" {
		b.WriteString("<summary>" + summary + "</summary>")
	}
	b.WriteByte('\n')
	htmlBlocks(b, e.Children)
	b.WriteString("</details>\n")
}

// htmlEmbed is what is embedded as a link; a post is a quotation.
func htmlEmbed(b *strings.Builder, e document.Element) {
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
	htmlBlocks(b, e.Children)
	b.WriteString("<footer>" + link + "</footer></blockquote>\n")
}

func htmlInlines(ins []document.Inline) string {
	var b strings.Builder
	for _, in := range ins {
		inner, text := htmlInlines(in.Children), html.EscapeString(in.Text)
		switch in.Kind {
		case document.Emphasis:
			b.WriteString("<em>" + inner + "</em>")
		case document.Strong:
			b.WriteString("<strong>" + inner + "</strong>")
		case document.Strike:
			b.WriteString("<s>" + inner + "</s>")
		case document.CodeSpan:
			b.WriteString("<code>" + text + "</code>")
		case document.Math:
			b.WriteString(htmlMath(text, false))
		case document.Link:
			b.WriteString(`<a href="` + html.EscapeString(in.URL) + `">` + inner + "</a>")
		case document.Picture:
			fmt.Fprintf(&b, `<img src="%s" alt="%s">`, html.EscapeString(in.URL), text)
		case document.Break:
			b.WriteString("<br>\n")
		case document.Command:
			b.WriteString(markdownDirective(in.Text, in.Title))
		case document.NoteRef:
			b.WriteString(`<sup><a href="#note-` + text + `">` + text + "</a></sup>")
		default:
			b.WriteString(text)
		}
	}
	return b.String()
}
