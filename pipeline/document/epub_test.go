package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/narrapress/narrapress/internal/growth"
	"github.com/narrapress/narrapress/pipeline/document"
)

// book packs the files of a txtar archive as an EPUB. The files *.xhtml are
// its spine, in their order, unless the package document is among them.
func book(t testing.TB, files string) []byte {
	t.Helper()
	return bookOf(t, txtar.Parse([]byte(files)))
}

func bookOf(t testing.TB, a *txtar.Archive) []byte {
	t.Helper()
	var manifest, spine, meta strings.Builder
	names := map[string]bool{}
	for i, f := range a.Files {
		names[f.Name] = true
		switch {
		case f.Name == "meta":
			meta.Write(f.Data)
		case f.Name == "nav.xhtml":
			fmt.Fprintf(&manifest, `<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>`)
		case strings.HasSuffix(f.Name, ".xhtml"):
			fmt.Fprintf(&manifest, `<item id="i%d" href="%s" media-type="application/xhtml+xml"/>`, i, f.Name)
			linear := ""
			if strings.HasPrefix(f.Name, "aside") {
				linear = ` linear="no"`
			}
			fmt.Fprintf(&spine, `<itemref idref="i%d"%s/>`, i, linear)
		case strings.HasSuffix(f.Name, ".ncx"):
			fmt.Fprintf(&manifest, `<item id="ncx" href="%s" media-type="application/x-dtbncx+xml"/>`, f.Name)
		}
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name string, method uint16, data []byte) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("mimetype", zip.Store, []byte("application/epub+zip"))
	put("META-INF/container.xml", zip.Deflate, []byte(`<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>`))
	if !names["book.opf"] {
		put("OPS/book.opf", zip.Deflate, fmt.Appendf(nil, `<package version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">%s</metadata><manifest>%s</manifest><spine toc="ncx">%s</spine></package>`,
			meta.String(), manifest.String(), spine.String()))
	}
	for _, f := range a.Files {
		if f.Name != "meta" {
			put("OPS/"+f.Name, zip.Deflate, f.Data)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readBook(t testing.TB, files string) *document.Document {
	t.Helper()
	doc, err := document.Read(context.Background(), "b.epub", bytes.NewReader(book(t, files)), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// outline is a document's elements, one a line.
func outline(es []document.Element, indent string) string {
	var b strings.Builder
	for _, e := range es {
		var marks strings.Builder
		var walk func([]document.Inline)
		walk = func(ins []document.Inline) {
			for _, in := range ins {
				if in.Kind == document.NoteRef {
					marks.WriteString(" ^" + in.Text)
				}
				walk(in.Children)
			}
		}
		walk(e.Text)
		line := string(e.Kind)
		if e.Level > 0 {
			line += fmt.Sprint(e.Level)
		}
		if e.Kind == document.Note {
			line += " ^" + e.Label
		}
		if e.Anchor != "" {
			line += " <" + e.Anchor + ">"
		}
		b.WriteString(strings.TrimSpace(indent+line+" "+document.Plain(e.Text)+e.Raw+e.Alt+marks.String()) + "\n")
		b.WriteString(outline(e.Children, indent+"  "))
	}
	return b.String()
}

func findings(doc *document.Document) string {
	var b strings.Builder
	for _, f := range doc.Findings {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

const head = `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">`

func TestBook(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, files, want, findings string }{
		{"notes in a file of their own, without types", `-- meta --
<dc:title>Boats</dc:title>
-- a.xhtml --
` + head + `<body><h1>The Pier</h1><p>It stood<a id="r1" href="notes.xhtml#n1"><sup>1</sup></a> there.<sup><a href="notes.xhtml#n2">2</a></sup></p></body></html>
-- b.xhtml --
` + head + `<body><h1>The Ship</h1><p>It left<sup><a id="r3" href="notes.xhtml#n3">1</a></sup>.</p></body></html>
-- notes.xhtml --
` + head + `<body><h2>Notes</h2><p id="n1"><a href="a.xhtml#r1">1</a>. Till the storm of 1903.</p><p id="n2">2. No one knows where.</p><p id="n3"><sup><a href="b.xhtml#r3">1</a></sup> At dawn.</p></body></html>
`, `heading1 The Pier
paragraph It stood there. ^1 ^2
note ^1
paragraph Till the storm of 1903.
note ^2
paragraph No one knows where.
heading1 The Ship
paragraph It left. ^3
note ^3
paragraph At dawn.
`, `b.epub!OPS/notes.xhtml: holds notes, which are spoken elsewhere, and no other text: its heading is left out
`},
		{"typed notes", `-- a.xhtml --
` + head + `<body><p>One<a epub:type="noteref" href="#f">*</a> and a <a role="doc-noteref" href="aside.xhtml#e">phrase</a>.<a epub:type="noteref" href="#gone">9</a></p>
<aside epub:type="footnote" id="f"><p>First<a epub:type="noteref" href="aside.xhtml#g">2</a>. <a role="doc-backlink" href="#x">back</a></p></aside>
<aside epub:type="footnote" id="z"><p>Nobody asks.</p></aside></body></html>
-- aside.xhtml --
` + head + `<body><section epub:type="endnotes"><h2>Notes</h2><ol><li epub:type="endnote" id="e">Second.</li><li epub:type="endnote" id="g">Third.</li></ol></section></body></html>
`, `paragraph One and a phrase. ^1 ^2
note ^1
paragraph First. ^3
note ^2
paragraph Second.
note ^3
paragraph Third.
`, `b.epub!OPS/a.xhtml:1:197: the note that "9" refers to is not in the book
b.epub!OPS/a.xhtml:3:1: the note "Nobody asks.", which nothing refers to, is left out
b.epub!OPS/aside.xhtml: is outside of the reading order (linear="no"): left out
`},
		{"contents give levels and titles", `-- nav.xhtml --
` + head + `<body><nav epub:type="toc"><ol><li><a href="p1.xhtml">Part One</a><ol><li><a href="a.xhtml">Chapter 1: The Pier</a></li><li><a href="b.xhtml">The Ship</a></li></ol></li>
<li><a href="c.xhtml#x">Afterword</a></li></ol></nav></body></html>
-- p1.xhtml --
` + head + `<body><h1>Part One</h1></body></html>
-- a.xhtml --
` + head + `<body><h1>Chapter 1</h1><h2>The Pier</h2><p>Words.</p><h3>Planks</h3><p>More.</p></body></html>
-- b.xhtml --
` + head + `<body><p class="title">THE SHIP</p><p>It left.</p></body></html>
-- c.xhtml --
` + head + `<body><p>An end.</p><div><a id="x"/><p>Thanks to all.</p></div></body></html>
`, `heading1 <p1.xhtml> Part One
heading2 <a.xhtml> Chapter 1: The Pier
paragraph Words.
heading4 Planks
paragraph More.
heading2 <b.xhtml> THE SHIP
paragraph It left.
paragraph An end.
heading1 <c.xhtml#x> Afterword
paragraph Thanks to all.
`, ``},
		{"what is left out", `-- meta --
<dc:title>The Harbour</dc:title><dc:creator>Ada Lind</dc:creator>
-- t.xhtml --
` + head + `<body><h1>The Harbour</h1><p>by Ada Lind</p></body></html>
-- a.xhtml --
` + head + `<body><section epub:type="toc"><h2>Contents</h2><p>One 1</p></section><section epub:type="dedication"><p>For Ben.</p></section>
<section epub:type="epigraph"><p>The sea is wide.</p></section><p>Page <span epub:type="pagebreak" title="7">7</span>turns. <span hidden="hidden">Unseen.</span></p></body></html>
-- c.xhtml --
` + head + `<body epub:type="copyright-page"><p>All rights.</p></body></html>
-- asidebar.xhtml --
` + head + `<body><p>An extra.</p></body></html>
`, `paragraph For Ben.
quote
paragraph The sea is wide.
paragraph Page turns.
`, `b.epub!OPS/t.xhtml: the title page, which the opening stands for, is left out
b.epub!OPS/a.xhtml:1:92: the table of contents is left out
b.epub!OPS/c.xhtml: the copyright page is left out
b.epub!OPS/asidebar.xhtml: is outside of the reading order (linear="no"): left out
`},
		{"what the contents name is left out, a chapter of that name is not", `-- nav.xhtml --
` + head + `<body><nav epub:type="toc"><ol><li><a href="t.xhtml">Contents</a></li><li><a href="a.xhtml">Index</a></li><li><a href="z.xhtml">Copyright</a></li></ol></nav></body></html>
-- t.xhtml --
` + head + `<body><h1>Contents</h1><p><a href="a.xhtml">The Pier at Dawn</a></p></body></html>
-- a.xhtml --
` + head + `<body><h1>Index</h1><p>It pointed to <a href="t.xhtml">the ship</a>, and nobody followed.</p></body></html>
-- z.xhtml --
` + head + `<body><p>All rights.</p></body></html>
`, `heading1 <a.xhtml> Index
paragraph It pointed to the ship, and nobody followed.
`, `b.epub!OPS/t.xhtml: the table of contents is left out
b.epub!OPS/z.xhtml: the copyright page is left out
`},
		{"XHTML is XML", `-- a.xhtml --
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/></head><body><p><a id="p1"/>Caf&eacute;&nbsp;A.</p><p><i/>B<![CDATA[ & C]]>.</p></body></html>
`, "paragraph Café A.\nparagraph B & C.\n", ``},
		{"what is not well formed is read as HTML", `-- a.xhtml --
<html><head><title/></head><body><p><a id="p1"/>A<br>B & <b>C</p><p>D.</p></body></html>
`, "paragraph A B & C\nparagraph D.\n", `b.epub!OPS/a.xhtml:1:57: is not well-formed XHTML (invalid character entity & (no semicolon)): read as HTML
`},
		{"entities of a bomb stay as they are", `-- a.xhtml --
<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<html><body><p>Before &c; after.</p></body></html>
`, "paragraph Before &c; after.\n", `b.epub!OPS/a.xhtml:2:26: is not well-formed XHTML (invalid character entity &c;): read as HTML
`},
		{"formulas and tables", `-- a.xhtml --
` + head + `<body><p>Say <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi><mo>+</mo><mn>1</mn></math> now.</p>
<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></body></html>
`, `paragraph Say $x + 1$ now.
table
row
cell A
cell B
row
cell 1
cell 2
`, ``},
		{"what is not spoken of a chapter is told", `-- n.xhtml --
` + head + `<body><p>Before.</p><aside epub:type="footnote" id="n1"><p><ruby>二<rp>(</rp><rt>ni</rt></ruby>.</p></aside></body></html>
-- a.xhtml --
` + head + `<body><p>One<a epub:type="noteref" href="n.xhtml#n1">1</a> <button>Press</button> <textarea>Type</textarea> <select><option>Choose</option><option>this</option></select></p>
<svg xmlns="http://www.w3.org/2000/svg"><style>text {}</style><title>A map</title><text>Pier</text></svg><nav><p>Go back</p></nav><nav hidden="hidden">unseen</nav><script>no()</script>
<p><ruby>東<rt>to</rt></ruby><ruby>京<rt>kyo</rt></ruby>.</p><noscript><p>Without</p></noscript>
<object data="movie.swf">An old film.</object><video src="x.mp4"><source src="y"/>A new one.</video><audio>A song.</audio><video src="z.mp4"></video></body></html>
`, `paragraph Before.
paragraph One ^1
paragraph 東京.
embed
embed
embed
note ^1
paragraph 二.
`, `b.epub!OPS/n.xhtml:1:162: the readings beside words (<ruby>), the first of them "ni", are left out
b.epub!OPS/a.xhtml:1:145: "Press", which stands in <button>, is left out
b.epub!OPS/a.xhtml:1:168: "Type", which stands in <textarea>, is left out
b.epub!OPS/a.xhtml:1:194: "Choose this", which stands in <select>, is left out
b.epub!OPS/a.xhtml:2:1: "A map Pier", which stands in <svg>, is left out
b.epub!OPS/a.xhtml:2:106: "Go back", which stands in <nav>, is left out
b.epub!OPS/a.xhtml:3:11: the readings beside words (<ruby>), the first of them "to", are left out
b.epub!OPS/a.xhtml:3:60: "Without", which stands in <noscript>, is left out
b.epub!OPS/a.xhtml:4:1: "An old film.", which is for readers without a player, is left out
b.epub!OPS/a.xhtml:4:47: "A new one.", which is for readers without a player, is left out
b.epub!OPS/a.xhtml:4:101: "A song.", which is for readers without a player, is left out
`},
		{"what stands in a table beside its cells", `-- a.xhtml --
` + head + `<body><table>In<caption>One</caption><caption>Two</caption><tr><th>A</th><th>B</th></tr><p>between</p><tr>row<td>1</td><p>cells</p><td>2</td></tr>
<tbody><td>a cell</td><tr><td>3</td><td>4</td><caption>Three</caption><tr><td>5</td></tr></tr></tbody><div>behind<tr><td>6</td></tr></div></table></body></html>
`, `paragraph In
paragraph between
paragraph row
paragraph cells
paragraph a cell
paragraph Three
paragraph 5
paragraph behind
paragraph 6
table One Two
row
cell A
cell B
row
cell 1
cell 2
row
cell 3
cell 4
`, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := readBook(t, c.files)
			got := strings.ReplaceAll(outline(doc.Elements, ""), "\n  ", "\n")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.findings, findings(doc)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBookMeta(t *testing.T) {
	t.Parallel()
	doc := readBook(t, `-- meta --
<dc:title>The Harbour</dc:title><dc:creator>Ada Lind</dc:creator><dc:creator>Ben Ola</dc:creator><dc:language>en_GB</dc:language>
<dc:identifier>urn:isbn:9780000000000</dc:identifier><dc:description>&lt;p&gt;A &lt;b&gt;tale&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;Of tides.&lt;/p&gt;</dc:description><dc:publisher>Quay</dc:publisher><dc:date>2019</dc:date>
-- a.xhtml --
`+head+`<body><h1>The Harbour</h1><p>Words.</p></body></html>
`)
	want := document.Meta{
		ID: "urn:isbn:9780000000000", Title: "The Harbour", Author: "Ada Lind and Ben Ola", Language: "en-GB", Description: "A tale. Of tides.", Site: "Quay",
		Date: time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, doc.Meta); diff != "" {
		t.Error(diff)
	}
	if got := outline(doc.Elements, ""); got != "paragraph Words.\n" {
		t.Errorf("the title is in the text: %s", got)
	}
	if got, want := doc.Elements[0].Pos.String(), "b.epub!OPS/a.xhtml:1:112"; got != want {
		t.Errorf("the place is %s, want %s", got, want)
	}
}

func paragraphs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<p>%d</p>", i*i)
	}
	return b.String()
}

func TestBookErrors(t *testing.T) {
	t.Parallel()
	page := func(body string) []byte { return book(t, "-- a.xhtml --\n"+head+"<body>"+body+"</body></html>\n") }
	for _, c := range []struct {
		name string
		raw  []byte
		o    document.Options
		want string
	}{
		{"pictures", page(`<img src="a.jpg"/>`), document.Options{}, ""},
		{"no text", page(`<p></p>`), document.Options{}, "b.epub: has no text to speak"},
		{"too deep", page(strings.Repeat("<div>", 600) + "x" + strings.Repeat("</div>", 600)), document.Options{}, "b.epub!OPS/a.xhtml: is nested deeper than 512 elements"},
		{"too many elements", page(paragraphs(250_000)), document.Options{}, "has more than 200000 elements"},
		{"another type", page("<p>x</p>"), document.Options{Type: document.TypeText}, "b.epub: is EPUB: read it with the type epub"},
		{"no EPUB", []byte("words"), document.Options{Type: document.TypeEPUB}, "b.epub: is no EPUB: it is no zip archive"},
		{"too much", page("<p>" + strings.Repeat("words ", 1<<16) + "</p>"), document.Options{MostBytes: 1 << 16}, "b.epub!OPS/a.xhtml: is larger than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := document.Read(context.Background(), "b.epub", bytes.NewReader(c.raw), c.o)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), "b.epub") || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// The time of reading a book grows with it, not with its square.
func TestLargeBook(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		files func(n int) string
	}{
		{"notes", func(n int) string {
			var refs, notes strings.Builder
			for i := range n {
				fmt.Fprintf(&refs, `<p>w<a epub:type="noteref" href="n.xhtml#n%d">1</a></p>`, i)
				fmt.Fprintf(&notes, `<aside epub:type="footnote" id="n%d">x</aside>`, i)
			}
			return "-- a.xhtml --\n" + head + "<body>" + refs.String() + "</body></html>\n-- n.xhtml --\n" + head + "<body>" + notes.String() + "</body></html>\n"
		}},
		{"contents", func(n int) string {
			var toc, body strings.Builder
			for i := range n {
				fmt.Fprintf(&toc, `<li><a href="a.xhtml#h%d">Contents</a></li>`, i)
				fmt.Fprintf(&body, `<h2>a</h2><p id="h%d">w</p>`, i)
			}
			return "-- nav.xhtml --\n" + head + `<body><nav epub:type="toc"><ol>` + toc.String() + "</ol></nav></body></html>\n-- a.xhtml --\n" + head + "<body>" + body.String() + "</body></html>\n"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			growth.Linear(t, 1000, func(n int) func() {
				files := c.files(n)
				return func() { document.Split(readBook(t, files)) }
			})
		})
	}
}

func FuzzBook(f *testing.F) {
	f.Add(`<nav epub:type="toc"><ol><li><a href="a.xhtml#x">A</a></li></ol></nav>`,
		`<div id="x"><p>A<a epub:type="noteref" href="aside.xhtml#n">1</a></p></div><h2>B</h2>`, `<ol><li id="n"><a href="a.xhtml">1</a> N</li></ol>`)
	f.Add(``, `<h1>A</h1><p>x<sup><a id="r" href="#n">1</a></sup></p><aside epub:type="footnote" id="n">N</aside>`, `<p>a<br>b`)
	f.Fuzz(func(t *testing.T, nav, a, aside string) {
		page := func(name, body string) txtar.File {
			return txtar.File{Name: name, Data: []byte(head + "<body>" + body + "</body></html>")}
		}
		raw := bookOf(t, &txtar.Archive{Files: []txtar.File{page("nav.xhtml", nav), page("a.xhtml", a), page("b.xhtml", a), page("aside.xhtml", aside)}})
		doc, err := document.Read(context.Background(), "b.epub", bytes.NewReader(raw), document.Options{})
		if err != nil {
			return
		}
		whole := elementsBut(doc.Elements, document.Note)
		parts := document.Split(doc)
		sum := 0
		for _, p := range parts {
			if sum += elementsBut(p.Elements, document.Note); len(parts) > 1 && p.Meta.Part != "front" {
				sum++ // its heading
			}
		}
		if sum != whole {
			t.Errorf("%d elements in %d parts have %d", whole, len(parts), sum)
		}
	})
}

func elementsBut(es []document.Element, kind document.Kind) int {
	n := 0
	for _, e := range es {
		if e.Kind != kind {
			n++
		}
	}
	return n
}
