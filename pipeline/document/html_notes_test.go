package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// notesOf is what is read of a page that begins with some HTML: its first
// paragraph, and each footnote, a line each.
func notesOf(t *testing.T, html string) string {
	t.Helper()
	d := read(t, "a.html", pageOf(html), Options{})
	var b strings.Builder
	for i, e := range d.Elements {
		switch {
		case e.Kind == Note:
			fmt.Fprintf(&b, "^%s %s\n", e.Label, plain(e.Children))
		case i == 0:
			b.WriteString(inline(e.Text) + "\n")
		}
	}
	return b.String()
}

// TestLinksBack is about links in a footnote: those back to its mark are not
// spoken, other numbers that are links are.
func TestLinksBack(t *testing.T) {
	t.Parallel()
	const mark = `<p>A<span id="r1"><sup><a href="#n1">1</a></sup></span>.</p><h2 id="ch4">Four</h2><p>B.</p>`
	for _, c := range []struct{ name, note, want string }{
		{"a chapter's number", `<li id="n1">See chapter <a href="#ch4">4</a> for it. <a href="#r1">↩</a></li>`, "See chapter 4 for it."},
		{"a number to nowhere", `<li id="n1">It breaks rule <a href="#rule7">7</a>.</li>`, "It breaks rule 7."},
		{"a number at the end", `<li id="n1">See chapter <a href="#ch4">4</a></li>`, "See chapter 4"},
		{"a letter", `<li id="n1">See part <a href="#text-b">b</a> of it.</li>`, "See part b of it."},
		{"the note's own number", `<p id="n1"><a href="#r1">1</a>. Words.</p>`, "Words."},
		{"its own number, to nowhere", `<p id="n1">[<a href="#gone">1</a>] Words.</p>`, "Words."},
		{"its own number, at the end", `<p id="n1">Words. [<a href="#r1">1</a>]</p>`, "Words."},
		{"another number, to the mark", `<p id="n1"><a href="#r1">12</a> Words.</p>`, "Words."},
		{"a number that begins the note and is another's", `<p id="n1"><a href="#ch4">4</a> is the chapter.</p>`, "4 is the chapter."},
		{"an arrow with a number", `<p id="n1">Words. <a href="#r1">↩</a> <a href="#r1-2">↩<sup>2</sup></a></p>`, "Words."},
		{"brackets around bold words", `<p id="n1">The note of <i>one</i>. (<b>Two</b>). It ends <i>so</i>. <a href="#r1">↩</a></p>`, "The note of one. (Two). It ends so."},
		{"brackets at both ends", `<p id="n1">(<b>Two</b> are <i>one</i>)</p>`, "(Two are one)"},
		{"dots between bold words", `<p id="n1"><b>A</b>.<b>B</b>.<b>C</b></p>`, "A.B.C"},
		{"Wikipedia", `<li id="n1"><span class="mw-cite-backlink">^ <sup><a href="#cite_ref-x_1-0">a</a></sup> <sup><a href="#cite_ref-x_1-1">b</a></sup></span> <span>Words.</span></li>`, "Words."},
		{"Wikipedia, one mark", `<li id="n1"><span class="mw-cite-backlink"><b><a href="#r1">^</a></b></span> <span>Words.</span></li>`, "Words."},
		{"MediaWiki", `<li id="n1"><span class="mw-cite-backlink">↑ <sup><a href="#cite_ref-x_1-0">1.0</a></sup> <sup><a href="#cite_ref-x_1-1">1.1</a></sup></span> Words.</li>`, "Words."},
		{"Word", `<div id="n1"><p><a href="#r1" name="_ftn1"><span>[1]</span></a> Words.</p></div>`, "Words."},
		{"AsciiDoctor", `<div id="n1"><a href="#r1">1</a>. Words.</div>`, "Words."},
		{"Pandoc", `<li id="n1"><p>Words.<a href="#r1" class="footnote-back" role="doc-backlink">↩︎</a></p></li>`, "Words."},
		{"a link back to the whole address", `<li id="n1"><p>Words. <a href="https://e.org/a#r1" class="footnote-backref">Jump back</a></p></li>`, "Words."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := "A{note 1}.\n^1 " + c.want + "\n"
			if diff := cmp.Diff(want, notesOf(t, mark+c.note)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestMarksOfNotes is about links to a footnote: one that is set as a mark is
// not spoken, a number in a sentence about the note is.
func TestMarksOfNotes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"raised", `A<sup><a href="#fn1">1</a></sup>.`, "A{note 1}."},
		{"raised in its link", `A<a href="#fn1"><sup>1</sup></a>.`, "A{note 1}."},
		{"raised, behind a space", `A <sup><a href="#fn1">1</a></sup>, b.`, "A {note 1}, b."},
		{"at a word", `A<a href="#fn1">1</a>.`, "A{note 1}."},
		{"at words in italics", `<i>A b</i><a href="#fn1">1</a>.`, "{emphasis A b}{note 1}."},
		{"behind an empty anchor", `A.<a id="r1"></a><a href="#fn1">1</a>`, "A.{note 1}"},
		{"in brackets", `A <a href="#fn1">[1]</a>, b.`, "A {note 1}, b."},
		{"between brackets", `A [<a href="#fn1">1</a>], b.`, "A {note 1}, b."},
		{"a dagger", `A <a href="#fn1">†</a>, b.`, "A {note †}, b."},
		{"Substack", `A <a class="footnote-anchor" id="footnote-anchor-1" href="#fn1">1</a>, b.`, "A {note 1}, b."},
		{"kramdown", `A<sup id="fnref:1"><a href="#fn1" class="footnote" rel="footnote">1</a></sup>.`, "A{note 1}."},
		{"AsciiDoctor", `A<sup class="footnote">[<a class="footnote" href="#fn1" title="View footnote.">1</a>]</sup>.`, "A{note 1}."},
		{"Word", `A <a href="#fn1" name="_ftnref1"><span class="MsoFootnoteReference">1</span></a>, b.`, "A {note 1}, b."},
		{"a number in a sentence", `As said in note <a href="#fn1">1</a>, and<sup><a href="#fn1">1</a></sup> again.`, "As said in note {link 1#fn1}, and{note 1} again."},
		{"a number behind a no-break space", `Note&nbsp;<a href="#fn1">1</a><sup><a href="#fn1">1</a></sup>.`, "Note\u00a0{link 1#fn1}{note 1}."},
		{"the end of a range", `Notes 0–<a href="#fn1">1</a><sup><a href="#fn1">1</a></sup>.`, "Notes 0–{link 1#fn1}{note 1}."},
		{"words", `See <a href="#fn1">note 1</a>.<sup><a href="#fn1">1</a></sup>`, "See {link note 1#fn1}.{note 1}"},
		{"a number that begins a paragraph", `<a href="#fn1">1</a> is a note.<sup><a href="#fn1">1</a></sup>`, "{link 1#fn1} is a note.{note 1}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			label := "1"
			if strings.Contains(c.want, "note †") {
				label = "†"
			}
			want := c.want + "\n^" + label + " Words.\n"
			if diff := cmp.Diff(want, notesOf(t, "<p>"+c.text+`</p><ol><li id="fn1">Words.</li></ol>`)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestNotesInCode is about marks that stand where text is taken as it is.
func TestNotesInCode(t *testing.T) {
	t.Parallel()
	const mark = `<sup><a href="#fn1">1</a></sup>`
	for _, c := range []struct{ name, text, want string }{
		{"code", `<p>The <code>frob` + mark + `</code>, so.</p>`, "paragraph The {code frob}{note 1}, so.\n^1 Words.\n"},
		{"a key that is only a mark", `<p>The <kbd>` + mark + `</kbd> so.</p>`, "paragraph The {note 1}so.\n^1 Words.\n"},
		{"a block of code", `<pre>frob` + mark + `(7)</pre>`, "code frob(7)\nparagraph {note 1}\n^1 Words.\n"},
		{"verse as it was typed", `<pre class="wp-block-verse">A lamp` + mark + `<br>a tide</pre>`, "verse\nparagraph A lamp // a tide{note 1}\n^1 Words.\n"},
		{"a code in a cell", `<table><tr><th>A</th><th>B</th></tr><tr><td>C</td><td><code>frob` + mark + `</code></td></tr></table>`, "table\nrow\ncell A\ncell B\nrow\ncell C\ncell {code frob}{note 1}\n^1 Words.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.html", pageOf(c.text+`<ol><li id="fn1">Words.</li></ol>`), Options{})
			if len(d.Findings) > 0 {
				t.Errorf("findings: %v", d.Findings)
			}
			if diff := cmp.Diff(c.want, layoutOfNotes(d.Elements)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// layoutOfNotes is elements without the article's own paragraph, one a line.
func layoutOfNotes(es []Element) string {
	var b strings.Builder
	for _, e := range es {
		switch {
		case e.Kind == Note:
			fmt.Fprintf(&b, "^%s %s\n", e.Label, plain(e.Children))
		case !strings.HasPrefix(Plain(e.Text), "Some words of an article"):
			b.WriteString(strings.TrimRight(string(e.Kind)+" "+inline(e.Text)+e.Raw, " ") + "\n" + layoutOfNotes(e.Children))
		}
	}
	return b.String()
}

// A note that was taken out of a page, and to which nothing refers that is
// read, is told of.
func TestNotesThatNothingAsksFor(t *testing.T) {
	t.Parallel()
	d := read(t, "a.html", `<html><body><div class="sidebar"><p>Beside.<sup><a href="#fn1">1</a></sup></p></div><article>`+
		strings.Repeat("<p>Some words of an article, with a comma, and with some more of them, to be found.</p>\n", 9)+`<ol><li id="fn1">A &quot;note&quot;.</li></ol></article></body></html>`, Options{Title: "T"})
	if got := toldOf(d.Findings); got != "A \"note\". " || strings.Contains(plain(d.Elements), "Beside") {
		t.Errorf("%q is told of %q, findings %v", got, plain(d.Elements), d.Findings)
	}
}
