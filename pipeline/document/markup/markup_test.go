package markup_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/document/markup"
)

func TestWebLink(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://example.org/a?b=c#d": "https://example.org/a?b=c#d",
		" http://example.org ":        "http://example.org",
		"mailto:press@example.org":    "mailto:press@example.org",
		"mailto:":                     "",
		"https:/no/host":              "",
		"http:":                       "",
		"javascript:alert(1)":         "",
		"ftp://example.org/a":         "",
		"posts/one.md":                "",
		"https://example.org:port/":   "",
		"":                            "",
	} {
		if got := markup.WebLink(in); got != want {
			t.Errorf("%q leads to %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"":                     nil,
		" – ":                  nil,
		"lamp":                 {"lamp"},
		"The lamp, lit.":       {"The", "lamp", "lit"},
		"Café 12":              {"Café", "12"},
		"a灯b":                  {"a", "灯", "b"},
		"灯火":                   {"灯", "火"},
		"e\u0301te\u0301 -end": {"e\u0301te\u0301", "end"},
	} {
		var got []string
		for _, w := range markup.Words(in) {
			got = append(got, in[w.From:w.To])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q has the words %q, want %q", in, got, want)
		}
	}
}

func TestDirective(t *testing.T) {
	t.Parallel()
	if got := markup.Directive("skip", ""); got != "<!-- narrapress: skip -->" {
		t.Error(got)
	}
	if got := markup.Directive("role", "note"); got != `<!-- narrapress: role "note" -->` {
		t.Error(got)
	}
}

func read(t *testing.T, text string) *document.Document {
	t.Helper()
	d, err := document.Read(context.Background(), "pier.md", strings.NewReader(text), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestArticle writes what others open: an outline without holes, links that lead
// somewhere, pictures that the page has or tells of.
func TestArticle(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://example.org/posts/")
	if err != nil {
		t.Fatal(err)
	}
	image := func(address string) string {
		if address == "lamp.png" {
			return "img/lamp.png"
		}
		return ""
	}
	for _, tt := range []struct {
		name, text string
		options    markup.Options
		want       []string // in this order
	}{
		{"levels that are left out", "Text.\n\n## A\n\n#### B\n\n## C\n\n### D\n", markup.Options{}, []string{`<h2 id="h-a">`, `<h3 id="h-b">`, `<h2 id="h-c">`, `<h3 id="h-d">`}},
		{"two headings of one name", "Text.\n\n## A lamp\n\n## A lamp\n", markup.Options{}, []string{`<h2 id="h-a-lamp">`, `<h2>`}},
		{"a link to a heading", "See [there](#A-Lamp).\n\n## A lamp\n", markup.Options{}, []string{`<a href="#h-a-lamp">there</a>`}},
		{"a link to no heading", "See [there](#lamp).\n", markup.Options{}, []string{`<p>See there.</p>`}},
		{"a link beside the document", "See [there](two.md).\n", markup.Options{Base: base}, []string{`<a href="https://example.org/posts/two.md" rel="noopener">there</a>`}},
		{"a link that leads from nowhere", "See [there](two.md).\n", markup.Options{}, []string{`<p>See there.</p>`}},
		{"a link that runs", "See [there](javascript:alert(1)).\n", markup.Options{Base: base}, []string{`<p>See there.</p>`}},
		{"a picture of the page", "Look: ![A lamp](lamp.png) there.\n", markup.Options{Image: image}, []string{`<img src="img/lamp.png" alt="A lamp">`}},
		{"a picture on the web", "Look: ![A < lamp](https://example.org/b.png) there.\n", markup.Options{Image: image}, []string{`<a class="unseen" href="https://example.org/b.png" rel="noopener">A &lt; lamp</a>`}},
		{"a picture nobody described", "Look: ![](https://example.org/b.png) there.\n", markup.Options{Image: image}, []string{`rel="noopener">https://example.org/b.png</a>`}},
		{"a picture nobody has", "Look: ![A lamp](b.png) there.\n", markup.Options{}, []string{`<span class="unseen">A lamp</span>`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := markup.Article(read(t, tt.text), tt.options)
			rest := got
			for _, want := range tt.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("no %s, or not in this order, in\n%s", want, got)
				}
				rest = after
			}
		})
	}
}

// TestArticleRuns gives each text its own runs, in the order of Texts, and none to
// those for which there are none.
func TestArticleRuns(t *testing.T) {
	t.Parallel()
	d := read(t, "One.\n\nTwo.\n\nThree.\n")
	texts := markup.Texts(d)
	if len(texts) != 3 {
		t.Fatalf("%d texts", len(texts))
	}
	runs := [][]markup.Run{{{To: 4, Segment: 1}}, {{To: 4, Segment: 2}}}
	got := markup.Article(d, markup.Options{Runs: runs})
	for i, want := range []int{1, 1, 0} {
		text := texts[i].Text
		line := got[strings.LastIndex(got[:strings.Index(got, text)], "<p"):strings.Index(got, text)]
		if n := strings.Count(line, "<span"); n != want {
			t.Errorf("%s is marked %d times, want %d: %s", text, n, want, got)
		}
	}
}

// TestPage keeps what is not to be heard between directives, all of a stretch at once.
func TestPage(t *testing.T) {
	t.Parallel()
	p := func(text string, furniture, visual bool) document.Element {
		return document.Element{Kind: document.Paragraph, Text: []document.Inline{{Kind: document.Text, Text: text}}, Furniture: furniture, Visual: visual}
	}
	d := &document.Document{Elements: []document.Element{p("Menu", true, false), p("Picture", false, true), p("One", false, false), p("Two", false, false), p("Foot", true, true)}}
	d.Meta.Title, d.Meta.Language = "The <Pier>", "en"
	got := markup.Page(d)
	want := `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>The &lt;Pier&gt;</title>
<h1>The &lt;Pier&gt;</h1>
<!-- narrapress: skip -->
<p>Menu</p>
<p>Picture</p>
<!-- narrapress: end -->
<p>One</p>
<p>Two</p>
<!-- narrapress: skip -->
<p>Foot</p>
<!-- narrapress: end -->
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	d.Meta.Language = ""
	if got := markup.Page(d); !strings.Contains(got, "\n<html>\n") {
		t.Errorf("of a document in no language:\n%s", got)
	}
}
