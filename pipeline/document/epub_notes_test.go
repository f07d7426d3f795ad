package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
)

// TestLinksInNotes is about links in a book's note: those back to its mark are
// not spoken, other numbers that are links are.
func TestLinksInNotes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, note, want string }{
		{"chapters and parts", `<p>See chapter <a href="b.xhtml">4</a>, and part <a href="b.xhtml#p">XII</a>, section <a href="#gone">c</a>.</p>`, "See chapter 4, and part XII, section c."},
		{"its own number", `<p><a href="a.xhtml#r1">1</a>. Words.</p>`, "Words."},
		{"its own number, and the file alone", `<p><a href="a.xhtml">[1]</a> Words.</p>`, "Words."},
		{"its own number, to nowhere", `<p><sup><a href="a.xhtml#gone">1</a></sup> Words.</p>`, "Words."},
		{"another number, to the mark", `<p><a href="a.xhtml#r1">12.</a> Words.</p>`, "Words."},
		{"the number of a page", `<p><a href="b.xhtml#p">12</a> he went: words.</p>`, "12 he went: words."},
		{"Standard Ebooks", `<p>Words. <a href="a.xhtml#r1" epub:type="backlink">↩</a></p>`, "Words."},
		{"Pandoc", `<p>Words.<a href="a.xhtml#r1" class="footnote-back" role="doc-backlink">↩︎</a></p>`, "Words."},
		{"at the end, in brackets", `<p>Words <i>so</i>. [<a href="a.xhtml#r1">1</a>]</p>`, "Words so."},
		{"brackets of its own", `<p>(<b>Two</b>) <a href="a.xhtml#r1">↑</a></p>`, "(Two)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := readBook(t, "-- a.xhtml --\n"+head+`<body><p>A<sup><a epub:type="noteref" id="r1" href="b.xhtml#n1">1</a></sup>.</p></body></html>
-- b.xhtml --
`+head+`<body><h1 id="p">B</h1><p>Words.</p><aside epub:type="footnote" id="n1">`+c.note+"</aside></body></html>\n")
			i := 0
			for doc.Elements[i].Kind != document.Note {
				i++
			}
			got := strings.TrimSpace(strings.ReplaceAll(outline(doc.Elements[i].Children, ""), "paragraph ", ""))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
