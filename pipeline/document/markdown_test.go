package document_test

import (
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/document"
)

func TestFrontMatterOrBreak(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		src, title, first string // of the document
		draft             bool
	}{
		"front matter":        {src: "---\ntitle: A\ndraft: true\n---\nText.", title: "A", first: "Text.", draft: true},
		"a comment first":     {src: "---\n# mine\ntitle: A\n---\nText.", title: "A", first: "Text."},
		"not a draft":         {src: "---\ndraft: false\ntitle: A\n---\nText.", title: "A", first: "Text."},
		"two thematic breaks": {src: "---\n\nTo be: or not to be.\n\n---\n\nMore.", first: "To be: or not to be."},
	} {
		doc, err := document.Read(t.Context(), "a.md", strings.NewReader(tc.src), document.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var first string
		for _, e := range doc.Elements {
			if e.Kind == document.Paragraph {
				first = document.Plain(e.Text)
				break
			}
		}
		if doc.Meta.Title != tc.title || first != tc.first || doc.Meta.Draft != tc.draft {
			t.Errorf("%s: title %q, first paragraph %q, draft %v", name, doc.Meta.Title, first, doc.Meta.Draft)
		}
	}
}

func TestCoverOnTheWebIsLeftOut(t *testing.T) {
	t.Parallel()
	const src = "---\ntitle: A\nimage: /img/x.png\ncover: https://example.com/x.png\n---\nText."
	doc, err := document.Read(t.Context(), "a.md", strings.NewReader(src), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Meta.Cover != "" || len(doc.Findings) != 1 || doc.Findings[0].Pos.Line != 4 {
		t.Errorf("cover %q, findings %v; want none and one on line 4", doc.Meta.Cover, doc.Findings)
	}
}

func TestMarkupIsNoProse(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		src, want string // the text of the first element
		finding   string
	}{
		"name of a heading":     {src: "## First part {#first .wide}\n\nText.", want: "First part"},
		"a sentence for a link": {src: "Text.\n\n[Note]: important\n", want: "Text.", finding: `a.md:3:1: "[Note]: important" defines a link that nothing refers to, and is left out`},
		"a link's address":      {src: "Text.\n\n[ref]: https://example.com\n", want: "Text."},
		"one that is used":      {src: "A [note] here.\n\n[note]: important\n", want: "A note here."},
		"an image as a tag":     {src: "Before <img src=a.png alt=\"A hat\"> after.", want: "Before after."},
	} {
		doc, err := document.Read(t.Context(), "a.md", strings.NewReader(tc.src), document.Options{Title: "T"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := document.Plain(doc.Elements[0].Text); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
		var findings []string
		for _, f := range doc.Findings {
			findings = append(findings, f.String())
		}
		if got := strings.Join(findings, "; "); got != tc.finding {
			t.Errorf("%s: findings %q, want %q", name, got, tc.finding)
		}
		if name == "an image as a tag" {
			if in := doc.Elements[0].Text[1]; in.Kind != document.Picture || in.Text != "A hat" {
				t.Errorf("the image is %+v", in)
			}
		}
	}
}
