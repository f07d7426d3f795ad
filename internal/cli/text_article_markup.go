package cli

import (
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/document"
)

// articleMarkdown is a document as Markdown, its metadata as front matter.
func articleMarkdown(d *document.Document) string {
	var b strings.Builder
	m := d.Meta
	b.WriteString("---\n")
	for _, f := range []struct{ key, value string }{
		{"title", m.Title}, {"author", m.Author}, {"language", m.Language}, {"link", m.Link}, {"description", m.Description},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "%s: %q\n", f.key, f.value)
		}
	}
	if !m.Date.IsZero() {
		fmt.Fprintf(&b, "date: %s\n", m.Date.Format(time.RFC3339))
	}
	b.WriteString("---\n")
	markdownBlocks(&b, d.Elements, "")
	return b.String()
}

func markdownBlocks(b *strings.Builder, es []document.Element, indent string) {
	for i, e := range es {
		if i > 0 || indent == "" {
			b.WriteString(strings.TrimRight(indent, " ") + "\n")
		}
		if i > 0 || indent == "" || strings.HasSuffix(b.String()[max(0, b.Len()-1):], "\n") {
			b.WriteString(indent)
		}
		markdownBlock(b, e, indent)
	}
}

func markdownBlock(b *strings.Builder, e document.Element, indent string) {
	text := strings.ReplaceAll(markdownInlines(e.Text), "\n", "\n"+indent)
	switch e.Kind {
	case document.Heading:
		b.WriteString(strings.Repeat("#", e.Level) + " " + strings.ReplaceAll(text, "\n"+indent, " ") + "\n")
	case document.Quote:
		b.WriteString("> ")
		markdownBlocks(b, e.Children, indent+"> ")
	case document.List:
		for i, item := range e.Children {
			mark := "- "
			if e.Start > 0 {
				mark = fmt.Sprintf("%d. ", e.Start+i)
			}
			if i > 0 {
				b.WriteString(indent)
			}
			b.WriteString(mark + map[string]string{"done": "[x] ", "open": "[ ] "}[item.Task])
			markdownBlocks(b, item.Children, indent+strings.Repeat(" ", len(mark)))
		}
	case document.Code:
		fence := "```"
		for strings.Contains(e.Raw, fence) {
			fence += "`"
		}
		raw := strings.ReplaceAll(strings.TrimRight(e.Raw, "\n"), "\n", "\n"+indent)
		b.WriteString(fence + e.Language + "\n" + indent + raw + "\n" + indent + fence + "\n")
	case document.Formula:
		b.WriteString("$$\n" + indent + strings.ReplaceAll(e.Raw, "\n", "\n"+indent) + "\n" + indent + "$$\n")
	case document.Table:
		markdownTable(b, e, indent)
	case document.Image:
		b.WriteString(markdownPicture(e.Alt, e.URL, e.Title) + "\n")
	case document.Rule:
		b.WriteString("***\n")
	case document.Note:
		b.WriteString("[^" + e.Label + "]: ")
		markdownBlocks(b, e.Children, indent+"    ")
	default:
		b.WriteString(text + "\n")
	}
}

func markdownTable(b *strings.Builder, e document.Element, indent string) {
	widest := 0
	for _, row := range e.Children {
		widest = max(widest, len(row.Children))
	}
	line := func(cells []document.Element) {
		b.WriteString("|")
		for i := range widest {
			text := ""
			if i < len(cells) {
				text = strings.ReplaceAll(strings.ReplaceAll(markdownInlines(cells[i].Text), "\\\n", " "), "\n", " ")
			}
			b.WriteString(" " + strings.ReplaceAll(text, "|", `\|`) + " |")
		}
		b.WriteString("\n")
	}
	rows := e.Children
	var heads []document.Element
	if len(rows) > 0 && rows[0].Header {
		heads, rows = rows[0].Children, rows[1:]
	}
	line(heads)
	b.WriteString(indent + "|" + strings.Repeat("---|", widest) + "\n")
	for _, row := range rows {
		b.WriteString(indent)
		line(row.Children)
	}
}

// markdownMarks are the characters that could begin markup.
var markdownMarks = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, "$", `\$`, "~~", `\~~`)

func markdownInlines(ins []document.Inline) string {
	var b strings.Builder
	for _, in := range ins {
		inner := markdownInlines(in.Children)
		switch in.Kind {
		case document.Text:
			b.WriteString(markdownMarks.Replace(in.Text))
		case document.Emphasis:
			b.WriteString(around(inner, "*"))
		case document.Strong:
			b.WriteString(around(inner, "**"))
		case document.Strike:
			b.WriteString(around(inner, "~~"))
		case document.CodeSpan:
			mark := "`"
			for strings.Contains(in.Text, mark) {
				mark += "`"
			}
			if len(mark) > 1 {
				in.Text = " " + in.Text + " "
			}
			b.WriteString(mark + in.Text + mark)
		case document.Math:
			b.WriteString("$" + in.Text + "$")
		case document.Link:
			b.WriteString("[" + inner + "](<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(in.URL) + ">)")
		case document.Picture:
			b.WriteString(markdownPicture(in.Text, in.URL, in.Title))
		case document.Break:
			if in.Hard {
				b.WriteString("\\")
			}
			b.WriteString("\n")
		case document.NoteRef:
			b.WriteString("[^" + in.Text + "]")
		}
	}
	return b.String()
}

// around sets marks directly at the words, as emphasis wants them.
func around(text, mark string) string {
	core := strings.TrimSpace(text)
	if core == "" {
		return text
	}
	i := strings.Index(text, core)
	return text[:i] + mark + core + mark + text[i+len(core):]
}

func markdownPicture(alt, url, title string) string {
	out := "![" + markdownMarks.Replace(alt) + "](<" + strings.NewReplacer("<", "%3C", ">", "%3E").Replace(url) + ">"
	if title != "" {
		out += ` "` + strings.ReplaceAll(title, `"`, `\"`) + `"`
	}
	return out + ")"
}

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

func htmlBlocks(b *strings.Builder, es []document.Element) {
	for _, e := range es {
		text := htmlInlines(e.Text)
		wrap := func(tag string) {
			b.WriteString("<" + tag + ">" + text)
			htmlBlocks(b, e.Children)
			name, _, _ := strings.Cut(tag, " ")
			b.WriteString("</" + name + ">\n")
		}
		switch e.Kind {
		case document.Heading:
			wrap(fmt.Sprintf("h%d", e.Level))
		case document.Quote:
			wrap("blockquote")
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
			b.WriteString(`<p class="math">` + html.EscapeString(e.Raw) + "</p>\n")
		case document.Table:
			wrap("table")
		case document.Row:
			wrap("tr")
		case document.Cell:
			wrap("td")
		case document.Image:
			fmt.Fprintf(b, "<figure><img src=\"%s\" alt=\"%s\"><figcaption>%s</figcaption></figure>\n",
				html.EscapeString(e.URL), html.EscapeString(e.Alt), html.EscapeString(e.Title))
		case document.Rule:
			b.WriteString("<hr>\n")
		case document.Note:
			wrap(fmt.Sprintf(`aside id="note-%s"`, html.EscapeString(e.Label)))
		default:
			wrap("p")
		}
	}
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
		case document.CodeSpan, document.Math:
			b.WriteString("<code>" + text + "</code>")
		case document.Link:
			b.WriteString(`<a href="` + html.EscapeString(in.URL) + `">` + inner + "</a>")
		case document.Picture:
			fmt.Fprintf(&b, `<img src="%s" alt="%s">`, html.EscapeString(in.URL), text)
		case document.Break:
			b.WriteString("<br>\n")
		case document.NoteRef:
			b.WriteString(`<sup><a href="#note-` + text + `">` + text + "</a></sup>")
		default:
			b.WriteString(text)
		}
	}
	return b.String()
}
