package cli

import (
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/document/markup"
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
		markdownCite(b, e, indent)
	case document.Verse:
		markdownVerse(b, e, indent)
	case document.Callout:
		b.WriteString("> [!" + strings.ToUpper(e.Label) + "]")
		if text != "" {
			b.WriteString(" " + strings.ReplaceAll(text, "\n"+indent, " "))
		}
		b.WriteString("\n" + indent + "> ")
		markdownBlocks(b, e.Children, indent+"> ")
	case document.Details:
		class := ""
		if e.Label != "" {
			class = ` class="` + html.EscapeString(e.Label) + `"`
		}
		b.WriteString("<details" + class + ">\n")
		if len(e.Text) > 0 {
			b.WriteString(indent + "<summary>" + markup.Inlines(e.Text) + "</summary>\n")
		}
		markdownInside(b, e.Children, indent)
		b.WriteString(indent + "</details>\n")
	case document.Embed:
		markdownEmbed(b, e, indent)
	case document.Directive:
		b.WriteString(markup.Directive(e.Label, e.Raw) + "\n")
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

// markdownInside writes blocks between the tags of an HTML block, which blank
// lines set them apart from.
func markdownInside(b *strings.Builder, es []document.Element, indent string) {
	blank := strings.TrimRight(indent, " ") + "\n"
	for _, e := range es {
		b.WriteString(blank + indent)
		markdownBlock(b, e, indent)
	}
	b.WriteString(blank)
}

// markdownCite is whose words a quotation has, as its last line.
func markdownCite(b *strings.Builder, e document.Element, indent string) {
	if len(e.Cite) == 0 {
		return
	}
	cite := strings.NewReplacer("\\\n", " ", "\n", " ").Replace(markdownInlines(e.Cite))
	b.WriteString(indent + ">\n" + indent + "> — " + cite + "\n")
}

// markdownVerse is a poem: as a quotation if it says whose it is.
func markdownVerse(b *strings.Builder, e document.Element, indent string) {
	inner := indent
	if len(e.Cite) > 0 {
		inner += "> "
		b.WriteString("> ")
	}
	for i, stanza := range e.Children {
		if i > 0 {
			b.WriteString(strings.TrimRight(inner, " ") + "\n" + inner)
		}
		markdownBlock(b, stanza, inner)
	}
	markdownCite(b, e, indent)
}

// markdownEmbed is a link to what is embedded, by its title; a post's words
// are a quotation before it.
func markdownEmbed(b *strings.Builder, e document.Element, indent string) {
	title := e.Title
	if title == "" {
		title = e.Label
	}
	link := markdownMarks.Replace(title)
	if e.URL != "" {
		link = markdownLink(link, e.URL)
	}
	if len(e.Children) == 0 {
		b.WriteString(link + "\n")
		return
	}
	b.WriteString("> ")
	markdownBlocks(b, e.Children, indent+"> ")
	b.WriteString(indent + ">\n" + indent + "> — " + link + "\n")
}

func markdownLink(text, url string) string {
	return "[" + text + "](<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(url) + ">)"
}

// markdownTable is a table, its caption before it as Pandoc has it.
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
				text = strings.ReplaceAll(strings.ReplaceAll(markdownInlines(document.CellText(cells[i])), "\\\n", " "), "\n", " ")
			}
			b.WriteString(" " + strings.ReplaceAll(text, "|", `\|`) + " |")
		}
		b.WriteString("\n")
	}
	if len(e.Text) > 0 {
		caption := strings.NewReplacer("\\\n", " ", "\n", " ").Replace(markdownInlines(e.Text))
		b.WriteString("Table: " + caption + "\n" + strings.TrimRight(indent, " ") + "\n" + indent)
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
			b.WriteString(markdownLink(inner, in.URL))
		case document.Command:
			b.WriteString(markup.Directive(in.Text, in.Title))
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
