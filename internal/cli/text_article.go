package cli

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/document/markup"
)

// articleOptions are the flags and arguments of text article.
type articleOptions struct {
	*globals
	Input string
	Type  string
	Text  bool
	HTML  bool
}

func newTextArticle(g *globals, s Streams) *cobra.Command {
	o := articleOptions{globals: g}
	c := &cobra.Command{
		Use:   "article INPUT",
		Short: "Show what is read of a page or a file, without what stands around it",
		Long: `article prints the document that an INPUT is read as, before anything is decided
about how it is spoken: as Markdown with its metadata in front, without what is only for
those who see a page; as bare text; or as HTML, which also has what stands on
the page beside its article, between comments that keep it from being spoken.
What was left out or mended is said on standard error.`,
		Example: `  narrapress text article https://example.com/a-post
  narrapress text article page.html --text | wc -w`,
		Args: between(1, 1, "an INPUT"),
		RunE: func(c *cobra.Command, args []string) error {
			o.Input = args[0]
			return runTextArticle(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.Text, "text", false, "print the words alone, a paragraph a line")
	f.BoolVar(&o.HTML, "html", false, "print HTML")
	f.StringVar(&o.Type, "type", "", typeUsage)
	return c
}

// articleDocument is what text article --json prints.
type articleDocument struct {
	Version     int       `json:"version"`
	Source      string    `json:"source"`
	Title       string    `json:"title"`
	Author      string    `json:"author"`
	Date        time.Time `json:"date,omitzero"`
	Language    string    `json:"language"`
	Link        string    `json:"link"`
	Site        string    `json:"site"`
	Description string    `json:"description"`
	Image       string    `json:"image"`
	Markdown    string    `json:"markdown"`
	Text        string    `json:"text"`
	Findings    []string  `json:"findings"`
}

func runTextArticle(ctx context.Context, o articleOptions, s Streams) error {
	if err := validType(o.Type); err != nil {
		return err
	}
	if o.Text && o.HTML {
		return misuse("--text and --html both want standard output")
	}
	sources, err := expand([]string{o.Input})
	if err != nil {
		return err
	}
	if len(sources) > 1 {
		return misuse("the pattern '%s' matches %d files: name one", o.Input, len(sources))
	}
	order := pipeline.Order{Source: sources[0], Type: o.Type}
	if order.Source == stdin {
		text, err := readStdin(ctx, s.In)
		if err != nil {
			return err
		}
		order.Reader = bytes.NewReader(text)
	}
	d, err := pipeline.ReadDocument(ctx, order)
	if err != nil {
		return &sourceError{order.Source, err}
	}
	whole := d
	article, _ := d.Article()
	d, _ = d.Heard()
	if o.JSON {
		m := d.Meta
		out := articleDocument{
			Version: 1, Source: d.Source, Title: m.Title, Author: m.Author, Date: m.Date, Language: m.Language, Link: m.Link,
			Site: m.Site, Description: m.Description, Image: m.Image, Findings: []string{},
			Markdown: articleMarkdown(d), Text: articleText(article),
		}
		for _, f := range d.Findings {
			out.Findings = append(out.Findings, f.String())
		}
		return writeJSON(s.Out, out)
	}
	show := articleMarkdown
	switch {
	case o.Text:
		d, show = article, articleText
	case o.HTML:
		d, show = whole, markup.Page
	}
	if !o.Quiet {
		for _, f := range d.Findings {
			io.WriteString(s.Err, f.String()+"\n")
		}
	}
	_, err = io.WriteString(s.Out, show(d))
	return err
}

// texCommand is what TeX has for signs and layout: it is no word of the author.
var texCommand = regexp.MustCompile(`\\(begin|end)\{\w*\*?\}|\\[A-Za-z]+`)

// bareTeX is the letters, numbers and signs of TeX.
func bareTeX(tex string) string {
	return strings.Join(strings.Fields(texCommand.ReplaceAllString(tex, " ")), " ")
}

// bareText is running text as its words alone.
func bareText(ins []document.Inline) string { return document.Plain(bareInlines(ins)) }

func bareInlines(ins []document.Inline) []document.Inline {
	bare := slices.Clone(ins)
	for i, in := range bare {
		switch {
		case in.Kind == document.Math:
			bare[i] = document.Inline{Kind: document.Text, Text: bareTeX(in.Text)}
		case len(in.Children) > 0:
			bare[i].Children = bareInlines(in.Children)
		}
	}
	return bare
}

// articleText is the words of a document: a paragraph, a cell row, an item a
// line. A title that was taken from the text stands in its place.
func articleText(d *document.Document) string {
	var b bytes.Buffer
	var walk func([]document.Element)
	line := func(s string) {
		if s != "" {
			b.WriteString(s + "\n")
		}
	}
	walk = func(es []document.Element) {
		for _, e := range es {
			switch e.Kind {
			case document.Code:
				line(e.Raw)
			case document.Formula:
				line(bareTeX(e.Raw))
			case document.Directive:
			case document.Image:
				if !e.Tooltip {
					line(strings.TrimSpace(e.Title + " " + e.Credit))
				}
			case document.Embed: // a player's title is its site's
				walk(e.Children)
				if e.Label == "post" {
					line(e.Title)
				}
			case document.Row:
				var cells [][]byte
				for _, c := range e.Children {
					cells = append(cells, []byte(bareText(document.CellText(c))))
				}
				line(string(bytes.Join(cells, []byte("\t"))))
			default:
				line(bareText(e.Text))
				walk(e.Children)
				line(bareText(e.Cite))
			}
		}
	}
	if title := d.Meta.TitlePos; title.Line > 0 { // it was taken from the text
		at := slices.IndexFunc(d.Elements, func(e document.Element) bool { return e.Pos.Line > title.Line })
		if at < 0 {
			at = len(d.Elements)
		}
		walk(d.Elements[:at])
		line(d.Meta.Title)
		walk(d.Elements[at:])
		return b.String()
	}
	walk(d.Elements)
	return b.String()
}
