package pipeline_test

import (
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline"
)

// A page is known by what it says of itself, but not as the episode of another
// site where a list led to it.
func TestEpisodeOfAPage(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show})
	p := press(t, dir)
	page := func(canonical string) string {
		return `<html><head><title>A</title><link rel="canonical" href="` + canonical + `"></head><body><article><p>Nobody lives at the point now.</p></article></body></html>`
	}
	for name, tc := range map[string]struct {
		at, kind, text string
		led            bool
		want           string
	}{
		"its own site":         {"https://m.e.org/a?x", "text/html", page("https://www.e.org/a"), true, "https://www.e.org/a"},
		"another site":         {"https://e.org/a?x", "text/html", page("https://f.org/a"), true, "https://e.org/a?x"},
		"a neighbour":          {"https://me.github.io/a", "text/html", page("https://you.github.io/a"), true, "https://me.github.io/a"},
		"another machine":      {"http://192.168.1.7/a", "text/html", page("http://192.168.0.7/a"), true, "http://192.168.1.7/a"},
		"named by a person":    {"http://localhost:1313/a", "text/html", page("https://e.org/a"), false, "https://e.org/a"},
		"Markdown, a name":     {"https://e.org/a.md", "text/markdown", "---\nid: letters/7\n---\n# A\n\nb", true, "https://e.org/a.md"},
		"Markdown, an ID":      {"https://e.org/a.md", "text/markdown", "---\nid: https://f.org/a\n---\n# A\n\nb", true, "https://e.org/a.md"},
		"Markdown, a link":     {"https://e.org/a.md", "text/markdown", "---\nlink: https://e.org/a\n---\n# A\n\nb", true, "https://e.org/a"},
		"Markdown, a person's": {"https://e.org/a.md", "text/markdown", "---\nid: letters/7\n---\n# A\n\nb", false, "letters/7"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan, err := p.Plan(t.Context(), pipeline.Order{Source: tc.at, Reader: strings.NewReader(tc.text), Page: &pipeline.Page{URL: tc.at, ContentType: tc.kind, Led: tc.led}})
			if err != nil {
				t.Fatal(err)
			}
			if plan.Script.ID != tc.want {
				t.Errorf("it is %q, want %q", plan.Script.ID, tc.want)
			}
		})
	}
}
