package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/document/markup"
)

// TestArticleMarkdown reads pages, writes them as Markdown and reads that
// again: structure and words are the same.
func TestArticleMarkdown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"page.html", "forum.html", "linkpost.html"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join("..", "..", "pipeline", "document", "testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			page, err := document.Read(t.Context(), name, strings.NewReader(string(raw)), document.Options{})
			if err != nil {
				t.Fatal(err)
			}
			text := articleMarkdown(page)
			again, err := document.Read(t.Context(), "a.md", strings.NewReader(text), document.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(outline(plainer(page.Elements)), outline(plainer(again.Elements))); diff != "" {
				t.Errorf("(-page +Markdown):\n%s\n%s", diff, text)
			}
			want, got := page.Meta, again.Meta
			if want.Title != got.Title || want.Author != got.Author || want.Link != got.Link || want.Language != got.Language || !want.Date.Equal(got.Date) || want.Description != got.Description {
				t.Errorf("the metadata %+v became %+v", want, got)
			}
		})
	}
}

// plainer is elements as Markdown's own grammar can say them: what HTML hides
// is its children, an embed a link, a caption a paragraph.
func plainer(es []document.Element) []document.Element {
	var out []document.Element
	for _, e := range es {
		e.Children = plainer(e.Children)
		switch e.Kind {
		case document.Details:
			out = append(out, e.Children...)
			continue
		case document.Embed:
			e = document.Element{Kind: document.Paragraph, Text: []document.Inline{{Kind: document.Text, Text: e.Label}}}
		case document.Table:
			if len(e.Text) > 0 {
				out = append(out, document.Element{Kind: document.Paragraph, Text: append([]document.Inline{{Kind: document.Text, Text: "Table: "}}, e.Text...)})
				e.Text = nil
			}
		}
		out = append(out, e)
	}
	return out
}

// outline is kinds and words, an element a line.
func outline(es []document.Element) string {
	var b strings.Builder
	var walk func(string, []document.Element)
	walk = func(indent string, es []document.Element) {
		for _, e := range es {
			fmt.Fprintf(&b, "%s%s %d %d %s %s%s %q %q\n", indent, e.Kind, e.Level, e.Start, e.Task, e.Label, e.Language, document.Plain(e.Text), strings.TrimSpace(e.Raw)+e.Alt+e.Title)
			walk(indent+" ", e.Children)
		}
	}
	walk("", es)
	return b.String()
}

func TestMarkdownEscapes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a *b* _c_ `d`", "[a](b) <i>x</i> \\", "costs $5 and $6", "~~no~~", "2 * 3 * 4 [1]"} {
		md := markdownInlines([]document.Inline{{Kind: document.Text, Text: text}})
		d, err := document.Read(t.Context(), "a.md", strings.NewReader("X "+md), document.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := document.Plain(d.Elements[0].Text); got != "X "+text || len(d.Elements[0].Text) != 1 {
			t.Errorf("%q was written as %q and read as %q", text, md, got)
		}
	}
}

// TestArticleMarkup is each kind of element as Markdown and as HTML.
func TestArticleMarkup(t *testing.T) {
	t.Parallel()
	text := func(s string) []document.Inline { return []document.Inline{{Kind: document.Text, Text: s}} }
	paragraph := func(s string) document.Element { return document.Element{Kind: document.Paragraph, Text: text(s)} }
	lines := document.Element{Kind: document.Paragraph, Text: append(append(text("Tar and turn,"), document.Inline{Kind: document.Break, Hard: true}), text("turn and tar.")...)}
	for name, c := range map[string]struct {
		element        document.Element
		markdown, html string
	}{
		"a quotation that says whose it is": {
			document.Element{Kind: document.Quote, Cite: text("Ned"), Children: []document.Element{paragraph("Turn.")}},
			"> Turn.\n>\n> — Ned\n", "<blockquote><p>Turn.</p>\n<footer>Ned</footer></blockquote>\n",
		},
		"verse": {
			document.Element{Kind: document.Verse, Children: []document.Element{lines, lines}},
			"Tar and turn,\\\nturn and tar.\n\nTar and turn,\\\nturn and tar.\n",
			"<div class=\"verse\"><p>Tar and turn,<br>\nturn and tar.</p>\n<p>Tar and turn,<br>\nturn and tar.</p>\n</div>\n",
		},
		"verse that says whose it is": {
			document.Element{Kind: document.Verse, Cite: text("Ned"), Children: []document.Element{lines}},
			"> Tar and turn,\\\n> turn and tar.\n>\n> — Ned\n",
			"<div class=\"verse\"><p>Tar and turn,<br>\nturn and tar.</p>\n<footer>Ned</footer></div>\n",
		},
		"details": {
			document.Element{Kind: document.Details, Text: text("More"), Children: []document.Element{paragraph("Of it.")}},
			"<details>\n<summary>More</summary>\n\nOf it.\n\n</details>\n", "<details><summary>More</summary>\n<p>Of it.</p>\n</details>\n",
		},
		"a spoiler": {
			document.Element{Kind: document.Details, Label: "spoiler", Children: []document.Element{paragraph("She sold it.")}},
			"<details class=\"spoiler\">\n\nShe sold it.\n\n</details>\n", "<details class=\"spoiler\">\n<p>She sold it.</p>\n</details>\n",
		},
		"a call-out": {
			document.Element{Kind: document.Callout, Label: "tip", Text: text("Look"), Children: []document.Element{paragraph("Here."), paragraph("There.")}},
			"> [!TIP] Look\n> Here.\n>\n> There.\n",
			"<div class=\"admonition tip\">\n<p class=\"admonition-title\">Look</p>\n<p>Here.</p>\n<p>There.</p>\n</div>\n",
		},
		"a video": {
			document.Element{Kind: document.Embed, Label: "video", Title: "A wheel", URL: "https://e.org/v"},
			"[A wheel](<https://e.org/v>)\n", "<p><a href=\"https://e.org/v\">A wheel</a></p>\n",
		},
		"a post": {
			document.Element{Kind: document.Embed, Label: "post", Title: "Ned", URL: "https://e.org/p", Children: []document.Element{paragraph("It burns.")}},
			"> It burns.\n>\n> — [Ned](<https://e.org/p>)\n", "<blockquote>\n<p>It burns.</p>\n<footer><a href=\"https://e.org/p\">Ned</a></footer></blockquote>\n",
		},
		"a directive": {
			document.Element{Kind: document.Directive, Label: "chapter", Raw: "The walk"},
			"<!-- narrapress: chapter \"The walk\" -->\n", "<!-- narrapress: chapter \"The walk\" -->\n",
		},
		"a directive in running text": {
			document.Element{Kind: document.Paragraph, Text: append(text("a "), document.Inline{Kind: document.Command, Text: "skip"})},
			"a <!-- narrapress: skip -->\n", "<p>a <!-- narrapress: skip --></p>\n",
		},
		"a table": {
			document.Element{Kind: document.Table, Text: text("Ropes"), Children: []document.Element{
				{Kind: document.Row, Header: true, Children: []document.Element{{Kind: document.Cell, Text: text("Use")}, {Kind: document.Cell, Text: text("Strands")}}},
				{Kind: document.Row, Children: []document.Element{{Kind: document.Cell, Header: true, Text: text("Cable")}, {Kind: document.Cell, Text: text("three")}}},
			}},
			"Table: Ropes\n\n| Use | Strands |\n|---|---|\n| Cable | three |\n",
			"<table><caption>Ropes</caption><tr><th>Use</th>\n<th>Strands</th>\n</tr>\n<tr><th scope=\"row\">Cable</th>\n<td>three</td>\n</tr>\n</table>\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var md strings.Builder
			markdownBlock(&md, c.element, "")
			page := markup.Blocks([]document.Element{c.element})
			if diff := cmp.Diff(c.markdown, md.String()); diff != "" {
				t.Errorf("Markdown (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.html, page); diff != "" {
				t.Errorf("HTML (-want +got):\n%s", diff)
			}
		})
	}
}

// TestArticleHTML writes pages as HTML and reads that again: what stands
// beside an article is on the page, and no more in its article than before.
func TestArticleHTML(t *testing.T) {
	t.Parallel()
	own := "<p>" + strings.Repeat("The keepers left a book of every ship that passed, and of the weather. ", 5) + "</p>"
	for _, c := range []struct{ name, page, has, lacks string }{
		{
			"a caption with a credit", `<figure><img src="a.jpg" alt=""><figcaption>The pier. <span class="credit">Ida Marsh</span></figcaption></figure>`,
			`<figcaption>The pier. <small class="credit">Ida Marsh</small></figcaption>`, "<!--",
		},
		{"a credit alone", `<figure><img src="a.jpg" alt="The pier"><figcaption>Ida Marsh / HBN</figcaption></figure>`, `<figcaption><small class="credit">Ida Marsh / HBN</small></figcaption>`, ""},
		{
			"a page's own headings", `<h2>Contents</h2><ul><li><a href="#a">The lamp</a></li><li><a href="#b">The horn</a></li></ul><h2 id="a">The lamp</h2>` + own + `<h2 id="b">The horn</h2>` + own,
			"<!-- narrapress: skip -->\n<h2>Contents</h2>\n<ul><li><p><a href=\"#a\">The lamp</a></p>\n</li>\n<li><p><a href=\"#b\">The horn</a></p>\n</li>\n</ul>\n<!-- narrapress: end -->\n<h2>The lamp</h2>", "",
		},
		{
			"a footnote and its marks", `<p>It burned.<sup><a href="#fn1">1</a></sup> It went out.<sup><a href="#fn1">1</a></sup></p><ol><li id="fn1">As the Board tells it.</li></ol>`,
			`<sup><a href="#ref-1-1" role="doc-backlink">↩</a></sup><sup><a href="#ref-1-2" role="doc-backlink">↩2</a></sup></li>`, "",
		},
		{
			"the marks of a footnote", `<p>It burned.<sup><a href="#fn1">1</a></sup> It went out.<sup><a href="#fn1">1</a></sup></p><ol><li id="fn1">As the Board tells it.</li></ol>`,
			`<p>It burned.<sup id="ref-1-1"><a href="#note-1">1</a></sup> It went out.<sup id="ref-1-2"><a href="#note-1">1</a></sup></p>`, "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			read := func(page string) *document.Document {
				d, err := document.Read(t.Context(), "a.html", strings.NewReader(page), document.Options{})
				if err != nil {
					t.Fatal(err)
				}
				return d
			}
			d := read("<html><head><title>T</title></head><body><article>" + own + c.page + own + "</article></body></html>")
			page := markup.Page(d)
			if !strings.Contains(page, c.has) || c.lacks != "" && strings.Contains(page, c.lacks) {
				t.Errorf("lacks %s or has %q:\n%s", c.has, c.lacks, page)
			}
			article, _ := d.Heard()
			again, _ := read(page).Heard()
			if diff := cmp.Diff(outline(article.Elements), outline(unskipped(again.Elements))); diff != "" {
				t.Errorf("(-article +read again):\n%s", diff)
			}
		})
	}
}

// unskipped is elements without those that a directive leaves out.
func unskipped(es []document.Element) []document.Element {
	var out []document.Element
	skip := false
	for _, e := range es {
		if e.Kind == document.Directive {
			skip = e.Label == document.DirectiveSkip
		} else if !skip {
			out = append(out, e)
		}
	}
	return out
}

// TestTypedHTML keeps a typed page as it was typed.
func TestTypedHTML(t *testing.T) {
	t.Parallel()
	typed := "   This memo says how the lamp is lit by the keepers of the point,\n   who have to be two &amp; what they have to write in the book of\n   the ships.\n\n" +
		strings.Repeat("   The horn is blown in fog. Whoever blows it has to count to ten\n   between two calls, and has to write it down.\n\n", 3)
	d, err := document.Read(t.Context(), "a.html", strings.NewReader("<html><head><title>T</title></head><body><pre>\n"+typed+"</pre></body></html>"), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if page := markup.Page(d); !strings.Contains(page, "<pre>\n"+typed+"</pre>") {
		t.Errorf("the page is\n%s", page)
	}
	d, _ = d.Heard()
	if md := articleMarkdown(d); strings.Contains(md, "   who") || strings.Count(md, "\n\nThe horn is blown in fog. Whoever blows it has to count to ten") != 3 {
		t.Errorf("the article is\n%s", md)
	}
}
