package document

import (
	"strings"
	"testing"
)

// TestHeard holds classes of pages that sounded wrong when whole articles were
// read; docs/text.md lists them.
func TestHeard(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("<p>The keepers of the lamp, who were two in all those years, left a book of every ship that came past the point, and of the weather.</p>\n", 6)
	for _, c := range []struct{ name, page, has, lacks string }{
		{"terms of a class that is cut as a page's head", `<article>` + body + `<dl><dt class="subheaders jump">The lamp</dt><dd>What is lit at dusk.</dd></dl>` + body + `</article>`, "The lamp", ""},
		{
			"a list of the page's own headings",
			`<article><p>The keepers of the lamp kept a book of every ship that came past.</p><h2>Contents</h2><ul><li><a href="#a">1 The lamp</a></li><li><a href="#b">2 The horn</a><ul><li><a href="#d">2.1 The steam</a></li></ul></li><li><a href="#c">3 The book</a></li></ul><h2 id="a">The lamp</h2>` +
				body + `<h2 id="b">The horn</h2>` + body + `<h3 id="d">The steam</h3>` + body + `<h2 id="c">The book</h2>` + body + `</article>`,
			"The steam", "Contents|1 The lamp",
		},
		{"how many comments were posted", `<article>` + body + `<p>Comments (12 posted)</p>` + body + `<p>Next page: The horn&gt;&gt;</p></article>`, "keepers", "posted|Next page"},
		{"where it was printed", `<article>` + body + `<p>A version of this article appears in print on May 3, on Page A1 of the paper. Order Reprints | Subscribe</p></article>`, "keepers", "Order Reprints|in print"},
		{"a credit that is an element of the caption", `<article>` + body + `<figure><div><span>Image</span><img src="a.jpg" alt=""></div><figcaption><span>The pier at night.</span><span itemprop="copyrightHolder"><span>Credit</span>Ida Marsh for the Board</span></figcaption></figure>` + body + `</article>`, "The pier at night.", "Credit|Marsh"},
		{"a caption that is a credit", `<article>` + body + `<figure><img src="a.jpg"><figcaption>Ida Marsh / HBN</figcaption></figure>` + body + `</article>`, "keepers", "Marsh"},
		{"letters that lead back from a note", `<article>` + body + `<p>It burned.<sup><a href="#cite_note-x-1">[1]</a></sup> It went out.<sup><a href="#cite_note-x-1">[1]</a></sup></p>` + body + `<ol><li id="cite_note-x-1"><span>^ <a href="#cite_ref-x_1-0"><sup><i>a</i></sup></a> <a href="#cite_ref-x_1-1"><sup><i>b</i></sup></a></span> <span>As the Board tells it.</span></li></ol></article>`, "As the Board tells it.", "a b As"},
		{
			"a page that is typed",
			`<pre>HARBOUR BOARD                                     Ida Marsh
Expires: 18 June                                  15 December


                      The lamp

Abstract

    This memo says how the lamp is lit by the keepers of the point,
    who have to be two, and what they have to write in the book of
    the ships. It also says what is done with the oil.

Hale                                                    [Page 1]
</pre><pre>Memo                     The lamp                       December

    The horn is blown in fog. Whoever blows it has to count to ten
    between two calls, and has to write down in the book when the
    fog came and when it went. Nobody is asked to wait longer than
    the fog lasts, and nobody is asked to do it for two nights.

    The lamp is trimmed in the morning, when it has gone cold, and
    filled at noon. The glass is cleaned with a dry cloth on every
    day of the week but one, and the brass is left to the visitors.

Hale                                                    [Page 2]
</pre>`, "have to be two, and what they have to write in the book of the ships", "[Page|[code]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.html", "<html><head><title>The keepers of the point</title></head><body>"+c.page+"</body></html>", Options{})
			d, _ = d.Heard()
			var got strings.Builder
			for _, e := range d.Elements {
				if e.Kind == Code {
					got.WriteString("[code] ")
				}
				got.WriteString(allWords(e) + "\n")
			}
			if !strings.Contains(got.String(), c.has) {
				t.Errorf("lacks %q:\n%s", c.has, got.String())
			}
			for lacks := range strings.SplitSeq(c.lacks, "|") {
				if lacks != "" && strings.Contains(got.String(), lacks) {
					t.Errorf("has %q:\n%s", lacks, got.String())
				}
			}
		})
	}
}

// TestHeardTitle wants the title that the page shows where its metadata has a
// description in the title's place.
func TestHeardTitle(t *testing.T) {
	t.Parallel()
	d := read(t, "a.html", `<html><head><title>Oriel - The book of harbours</title><script type="application/ld+json">{"@type":"Article","name":"Oriel","headline":"harbour in the west"}</script></head><body><h1>Oriel</h1><p>Words that the keepers left.</p></body></html>`, Options{})
	if d.Meta.Title != "Oriel" {
		t.Errorf("the title is %q", d.Meta.Title)
	}
}
