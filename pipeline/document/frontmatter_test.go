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
