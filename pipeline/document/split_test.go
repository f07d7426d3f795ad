package document_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 200)
	for _, c := range []struct{ name, text, want string }{
		{"one chapter", "# T\n\n## A\n\nx\n", "0/0 \"\": heading paragraph"},
		{"under the title", "# T\n\nIn short.\n\n## A\n\nx\n\n### A1\n\ny\n\n## B\n\nz\n", "1/2 a \"A\": paragraph paragraph heading paragraph\n2/2 b \"B\": paragraph"},
		{"a long preface", "# T\n\n" + long + "\n\n## A\n\nx\n\n## B\n\nz\n", "1/3 front \"T\": paragraph\n2/3 a \"A\": paragraph\n3/3 b \"B\": paragraph"},
		{"titles that repeat", "# A\n\nx\n\n# A\n\ny\n", "1/2 a \"A\": paragraph\n2/2 a-2 \"A\": paragraph"},
		{"parts", "# Part One\n\n## A\n\nx\n\n## B\n\ny\n\n# Part Two\n\nIn between.\n\n## C\n\nz\n\n## D\n\nw\n", "1/4 a \"A\": heading paragraph\n2/4 b \"B\": paragraph\n3/4 c \"C\": heading paragraph paragraph\n4/4 d \"D\": paragraph"},
		{"sections are no chapters", "# A\n\n## A1\n\nx\n\n## A2\n\ny\n\n# B\n\n## B1\n\nz\n\n## B2\n\nw\n", "1/2 a \"A\": heading paragraph heading paragraph\n2/2 b \"B\": heading paragraph heading paragraph"},
		{"empty chapters", "# A\n\n# B\n\nx\n\n# C\n\ny\n\n# D\n", "1/2 b \"B\": heading paragraph\n2/2 c \"C\": paragraph heading"},
		{"notes", "# A\n\nx[^1] y[^2]\n\n# B\n\nz[^1]\n\n[^1]: One.\n[^2]: Two.\n", "1/2 a \"A\": paragraph note note\n2/2 b \"B\": paragraph note"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc, err := document.Read(context.Background(), "t.md", strings.NewReader(c.text), document.Options{Title: "T"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range document.Split(doc) {
				var kinds []string
				for _, e := range p.Elements {
					kinds = append(kinds, string(e.Kind))
				}
				title := p.Meta.Title
				if p.Meta.Parts == 0 {
					title = ""
				}
				got = append(got, strings.TrimSpace(fmt.Sprintf("%d/%d %s %q: %s", p.Meta.Number, p.Meta.Parts, p.Meta.Part, title, strings.Join(kinds, " "))))
			}
			if diff := cmp.Diff(strings.ReplaceAll(c.want, "0/0 ", "0/0  "), strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSplitFindings(t *testing.T) {
	t.Parallel()
	doc := readBook(t, `-- nav.xhtml --
`+head+`<body><nav epub:type="toc"><ol><li><a href="a.xhtml">One</a></li><li><a href="b.xhtml">Two</a></li></ol></nav></body></html>
-- a.xhtml --
`+head+`<body><h1>One</h1><p>Words.</p></body></html>
-- b.xhtml --
`+head+`<body><h1>Two</h1><p>Words.</p><section epub:type="index"><p>Word 1</p></section></body></html>
-- c.xhtml --
`+head+`<body epub:type="colophon"><p>Set in lead.</p></body></html>
`)
	parts := document.Split(doc)
	if len(parts) != 2 {
		t.Fatalf("%d parts", len(parts))
	}
	if got := findings(parts[0]); got != "b.epub!OPS/c.xhtml: the colophon is left out\n" {
		t.Errorf("the first has %q", got)
	}
	if got := findings(parts[1]); !strings.HasSuffix(got, "the index is left out\n") {
		t.Errorf("the second has %q", got)
	}
}
