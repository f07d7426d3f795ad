package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
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
			if diff := cmp.Diff(outline(page.Elements), outline(again.Elements)); diff != "" {
				t.Errorf("(-page +Markdown):\n%s\n%s", diff, text)
			}
			want, got := page.Meta, again.Meta
			if want.Title != got.Title || want.Author != got.Author || want.Link != got.Link || want.Language != got.Language || !want.Date.Equal(got.Date) || want.Description != got.Description {
				t.Errorf("the metadata %+v became %+v", want, got)
			}
		})
	}
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
