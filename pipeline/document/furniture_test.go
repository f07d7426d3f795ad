package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHeardElements reads pages with things beside their text: the document keeps
// them, and what is heard is without them, with a finding for each. A % is text
// of the author's.
func TestHeardElements(t *testing.T) {
	t.Parallel()
	own := "<p>" + strings.Repeat("The keepers left a book of every ship that passed, and of the weather. ", 5) + "</p>"
	for _, c := range []struct{ name, page, document, heard, left string }{
		{
			"a picture that only has a credit", `%<figure><img src="a.jpg" alt="The pier"><figcaption>Ida Marsh / HBN</figcaption></figure>%`,
			"image The pier (Ida Marsh / HBN)", "image The pier", "Ida Marsh / HBN",
		},
		{
			"a credit in an element of its own", `%<figure><img src="a.jpg"><figcaption>The pier at night. <span class="credit">Ida Marsh</span></figcaption></figure>%`,
			"image The pier at night. (Ida Marsh)", "image The pier at night.", "Ida Marsh",
		},
		{
			"a credit with a label, and a label of the picture", `%<figure><span>Photo</span><a href="/b"><img src="a.jpg" alt=""></a><figcaption><span><span>Credit</span>Ida Marsh</span></figcaption></figure>%`,
			"~ paragraph Photo\nimage (CreditIda Marsh)", "image", "Photo|CreditIda Marsh",
		},
		{
			"a credit at the end of a caption", `%<figure><img src="a.jpg"><figcaption>The pier at night. (Photo: Ida Marsh)</figcaption></figure>%`,
			"image The pier at night. ((Photo: Ida Marsh))", "image The pier at night.", "(Photo: Ida Marsh)",
		},
		{
			"a remark in brackets", `%<img src="a.jpg"><p>(Pictures of the lamp hang in the hall.)</p>%`,
			"image\nparagraph (Pictures of the lamp hang in the hall.)", "image\nparagraph (Pictures of the lamp hang in the hall.)", "",
		},
		{
			"the credit of a table", `%<figure><table><tr><th>Ship</th><th>Year</th></tr><tr><td>Ann</td><td>1901</td></tr></table><figcaption><span class="credit">The Board</span></figcaption></figure>%`,
			"table\n row\n  cell Ship\n  cell Year\n row\n  cell Ann\n  cell 1901\n~ paragraph The Board", "table\n row\n  cell Ship\n  cell Year\n row\n  cell Ann\n  cell 1901", "The Board",
		},
		{
			"an image whose height was not known", `%<img src="a.jpg" alt="The pier" width="570" height="0">%<img src="b.gif" alt="" width="1" height="0">%`,
			"image The pier", "image The pier", "",
		},
		{
			"teasers in rows", "%" + strings.Repeat(`<img src="a.jpg"><h3>SHIPS</h3><p>How a ship came to be sold</p>`, 3) + "%",
			strings.TrimSuffix(strings.Repeat("- image\n- heading SHIPS\n- paragraph How a ship came to be sold\n", 3), "\n"), "",
			strings.TrimSuffix(strings.Repeat("SHIPS|How a ship came to be sold|", 3), "|"),
		},
		{
			"a line of the page in a list", `%<ul><li>One lamp.</li><li>Advertisement</li><li>One horn.</li></ul>%`,
			"list\n item\n  paragraph One lamp.\n - item\n  paragraph Advertisement\n item\n  paragraph One horn.", "list\n item\n  paragraph One lamp.\n item\n  paragraph One horn.", "Advertisement",
		},
		{
			"a list of nothing else", `%<ul><li>Advertisement</li><li>Share</li></ul>%`,
			"- list\n - item\n  paragraph Advertisement\n - item\n  paragraph Share", "", "Advertisement|Share",
		},
		{
			"a page's own headings", `%<h2>Contents</h2><ul><li><a href="#a">The lamp</a></li><li><a href="#b">The horn</a></li></ul><h2 id="a">The lamp</h2>%<h2 id="b">The horn</h2>%`,
			"~ heading Contents\n~ list\n item\n  paragraph The lamp\n item\n  paragraph The horn\nheading The lamp\nheading The horn", "heading The lamp\nheading The horn", "Contents|The lamp The horn",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.html", "<html><head><title>T</title></head><body><article>"+own+strings.ReplaceAll(c.page, "%", own)+"</article></body></html>", Options{})
			var b strings.Builder
			var walk func(string, []Element)
			walk = func(indent string, es []Element) {
				for _, e := range es {
					words := Plain(e.Text)
					if strings.HasPrefix(words, "The keepers") {
						continue
					}
					b.WriteString(indent)
					if e.Furniture {
						b.WriteString("- ")
					} else if e.Visual {
						b.WriteString("~ ")
					}
					credit := e.Credit
					if credit != "" {
						credit = "(" + credit + ")"
					}
					b.WriteString(strings.Join(strings.Fields(strings.Join([]string{string(e.Kind), words, e.Alt, e.Title, credit}, " ")), " ") + "\n")
					walk(indent+" ", e.Children)
				}
			}
			shape := func(es []Element) string {
				b.Reset()
				walk("", es)
				return strings.TrimSuffix(b.String(), "\n")
			}
			if diff := cmp.Diff(c.document, shape(d.Elements)); diff != "" {
				t.Errorf("the document (-want +got):\n%s", diff)
			}
			heard, left := d.Heard()
			if diff := cmp.Diff(c.heard, shape(heard.Elements)); diff != "" {
				t.Errorf("what is heard (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.document, shape(d.Elements)); diff != "" {
				t.Errorf("the document was changed (-before +after):\n%s", diff)
			}
			var words []string
			for _, f := range left {
				words = append(words, strings.Split(f.Text, `"`)[1])
			}
			if got := strings.Join(words, "|"); c.left == "" && len(left) > 0 || got != c.left {
				t.Errorf("left out is %q, not %q", got, c.left)
			}
			if again, left := heard.Heard(); again != heard || left != nil {
				t.Errorf("what is heard has something to leave out: %v", left)
			}
		})
	}
}

// TestArticle leaves of a page what is for those who see its article.
func TestArticle(t *testing.T) {
	t.Parallel()
	line := func(words string) Element { return visual(Pos{"a.html", 1, 1}, words) }
	furniture := line("Share")
	furniture.Furniture, furniture.Visual = true, false
	d := &Document{Elements: []Element{line("Photo"), {Kind: Image, Credit: "Ida Marsh"}, furniture, {Kind: Typed, Raw: "A\n[Page 1]", Children: []Element{line("[Page 1]")}}}}
	article, left := d.Article()
	if diff := cmp.Diff([]Element{d.Elements[0], d.Elements[1], d.Elements[3]}, article.Elements); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(left) != 1 || left[0].Text != `"Share" is of the page, not of its article: left out` {
		t.Errorf("left out are %v", left)
	}
	heard, left := article.Heard()
	if diff := cmp.Diff([]Element{{Kind: Image}}, heard.Elements); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
	if len(left) != 3 {
		t.Errorf("left out are %v", left)
	}
}

// TestTypedSheets keeps each <pre> of a typed page, with what begins in it.
func TestTypedSheets(t *testing.T) {
	t.Parallel()
	d := read(t, "a.html", `<html><head><title>The lamp</title></head><body>
<pre>Abstract

   This memo says how the lamp is lit by the keepers of the point,
   who have to be two, and what they have to write in the book of
   the ships. It also says what is done with the oil when it is

Hale                                                    [Page 1]</pre>
<p>A line between.</p>
<pre>Memo                     The lamp                       December

   sold at the end of the year to whoever comes up to fetch it.

   The horn is blown in fog. Whoever blows it has to count to ten
   between two calls, and has to write down in the book when the
   fog came and when it went.
</pre></body></html>`, Options{})
	var kinds []string
	for _, e := range d.Elements {
		kinds = append(kinds, string(e.Kind))
	}
	if got := strings.Join(kinds, " "); got != "typed paragraph typed" {
		t.Fatalf("the document is %s", got)
	}
	if raw := d.Elements[0].Raw; !strings.Contains(raw, "\n   who have to be two") || !strings.HasSuffix(raw, "[Page 1]") {
		t.Errorf("the first sheet is %q", raw)
	}
	heard, left := d.Heard()
	var got []string
	for _, e := range heard.Elements {
		got = append(got, Plain(e.Text))
	}
	want := []string{
		"Abstract",
		"This memo says how the lamp is lit by the keepers of the point, who have to be two, and what they have to write in the book of the ships. It also says what is done with the oil when it is sold at the end of the year to whoever comes up to fetch it.",
		"A line between.",
		"The horn is blown in fog. Whoever blows it has to count to ten between two calls, and has to write down in the book when the fog came and when it went.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is heard (-want +got):\n%s", diff)
	}
	if len(left) != 2 || left[0].Pos.Line != 8 || left[1].Pos.Line != 10 {
		t.Errorf("left out are %v, not the foot and the head", left)
	}
}

// TestSplitLeavesFurniture begins no chapter at a heading of the page.
func TestSplitLeavesFurniture(t *testing.T) {
	t.Parallel()
	heading := func(words string, beside bool) Element {
		return Element{Kind: Heading, Level: 2, Pos: Pos{"a.html", 1, 1}, Text: []Inline{{Kind: Text, Text: words}}, Furniture: beside}
	}
	text := Element{Kind: Paragraph, Pos: Pos{"a.html", 2, 1}, Text: []Inline{{Kind: Text, Text: "It was late."}}}
	parts := Split(&Document{Source: "a.html", Elements: []Element{heading("The lamp", false), text, heading("See also", true), heading("The horn", false), text}})
	if len(parts) != 2 || parts[0].Meta.Title != "The lamp" || parts[1].Meta.Title != "The horn" {
		t.Fatalf("%d chapters: %+v", len(parts), parts)
	}
	if f := append(parts[0].Findings, parts[1].Findings...); len(f) != 1 || !strings.Contains(f[0].Text, "See also") {
		t.Errorf("the findings are %v", f)
	}
}
