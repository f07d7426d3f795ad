package markup

import (
	"fmt"
	"html"
	"slices"

	"github.com/narrapress/narrapress/pipeline/document"
)

// Page is a document as a page. What is not heard stands between directives
// that keep it from being spoken.
func Page(d *document.Document) string {
	b := newWriter(d.Elements, verbatim{})
	lang := ""
	if d.Meta.Language != "" {
		lang = ` lang="` + html.EscapeString(d.Meta.Language) + `"`
	}
	title := html.EscapeString(d.Meta.Title)
	fmt.Fprintf(b, "<!DOCTYPE html>\n<html%s>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<h1>%s</h1>\n", lang, title, title)
	rest := d.Elements
	for len(rest) > 0 {
		n := slices.IndexFunc(rest, func(e document.Element) bool { return unheard(e) != unheard(rest[0]) })
		if n < 0 {
			n = len(rest)
		}
		if unheard(rest[0]) {
			b.WriteString(Directive(document.DirectiveSkip, "") + "\n")
			b.blocks(rest[:n])
			b.WriteString(Directive(document.DirectiveEnd, "") + "\n")
		} else {
			b.blocks(rest[:n])
		}
		rest = rest[n:]
	}
	return b.String()
}

// Blocks are elements as a page has them.
func Blocks(es []document.Element) string {
	b := newWriter(es, verbatim{})
	b.blocks(es)
	return b.String()
}

// Inlines is running text outside of a page.
func Inlines(ins []document.Inline) string {
	b := &writer{dialect: verbatim{}}
	return b.inlines(ins)
}

// Directive is a directive as a comment.
func Directive(verb, argument string) string {
	if argument != "" {
		verb += ` "` + argument + `"`
	}
	return "<!-- narrapress: " + verb + " -->"
}

// unheard says whether an element is on a page and not to be heard.
func unheard(e document.Element) bool { return e.Furniture || e.Visual }

// verbatim writes what was read as it was read.
type verbatim struct{}

func (verbatim) heading(e document.Element) string { return fmt.Sprintf("h%d", e.Level) }

func (verbatim) link(address string) (opening, closing string) {
	return `<a href="` + html.EscapeString(address) + `">`, "</a>"
}

func (verbatim) picture(in document.Inline) string {
	return fmt.Sprintf(`<img src="%s" alt="%s">`, html.EscapeString(in.URL), html.EscapeString(in.Text))
}

func (verbatim) image(e document.Element) string {
	img := fmt.Sprintf(`<img src="%s" alt="%s"`, html.EscapeString(e.URL), html.EscapeString(e.Alt))
	if e.Decorative {
		img += ` role="presentation"`
	}
	return img + ">"
}

func (verbatim) figure(image, caption string) string {
	if caption == "" {
		return "<p>" + image + "</p>\n"
	}
	return "<figure>" + image + "<figcaption>" + caption + "</figcaption></figure>\n"
}

func (verbatim) lineBreak(bool) string                  { return "<br>\n" }
func (verbatim) directive(verb, argument string) string { return Directive(verb, argument) }
func (verbatim) math(tex string, block bool) string     { return texMath(tex, block) }
func (verbatim) noteID(label string) string             { return label }
func (verbatim) item(document.Element) string           { return "li" }
func (verbatim) typed(document.Element) bool            { return false }

func (verbatim) tag(k document.Kind, e document.Element) (opening, closing string) {
	switch k {
	case document.Code:
		return "<pre><code>", "</code></pre>\n"
	case document.Table:
		return "<table>", "</table>\n"
	case document.Note:
		return fmt.Sprintf(`<li id="note-%s" role="doc-footnote">`, html.EscapeString(e.Label)), "</li>\n"
	case document.Callout:
		return `<div class="admonition ` + html.EscapeString(e.Label) + "\">\n", "</div>\n"
	case document.Details:
		if e.Label != "" {
			return `<details class="` + html.EscapeString(e.Label) + `">`, "</details>\n"
		}
		return "<details>", "</details>\n"
	}
	return "", ""
}

// texMath is a formula as MathML has one that is TeX (MathML 3, section 5.4).
func texMath(tex string, block bool) string {
	display := ""
	if block {
		display = ` display="block"`
	}
	tex = html.EscapeString(tex)
	return "<math" + display + `><semantics><mtext>` + tex + `</mtext><annotation encoding="application/x-tex">` + tex + "</annotation></semantics></math>"
}
