package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// places is the elements of a document on a few lines, with their places.
func places(d *Document) string {
	var b strings.Builder
	var walk func(int, []Element)
	walk = func(depth int, es []Element) {
		for _, e := range es {
			fmt.Fprintf(&b, "%*s%d:%d %s", depth, "", e.Pos.Line, e.Pos.Col, e.Kind)
			for _, s := range []string{e.Label, e.Alt, e.Title, strings.TrimSpace(e.Raw), e.URL, e.Task} {
				if s != "" {
					fmt.Fprintf(&b, " <%s>", s)
				}
			}
			if len(e.Text) > 0 {
				b.WriteString(" " + inline(e.Text))
			}
			if len(e.Cite) > 0 {
				b.WriteString(" cite=" + inline(e.Cite))
			}
			b.WriteByte('\n')
			walk(depth+1, e.Children)
		}
	}
	walk(0, d.Elements)
	for _, f := range d.Findings {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

func TestRawHTML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a block", "A.\n\n<div>\nWords <b>here</b>.\n</div>\n\nB.", "1:1 paragraph A.\n3:1 paragraph Words {strong here}.\n7:1 paragraph B.\n"},
		{"Markdown between tags", "<div class=\"wide\">\n\nSome *Markdown*.\n\n- one\n\n</div>\n\nB.", "3:1 paragraph Some {emphasis Markdown}.\n5:1 list\n 5:1 item\n  5:3 paragraph one\n9:1 paragraph B.\n"},
		{"a quote", "<blockquote>\n\nSome *Markdown*.\n\n</blockquote>", "1:1 quote\n 3:1 paragraph Some {emphasis Markdown}.\n"},
		{"in a quote", "> <blockquote>\n> A\n>\n> B\n>\n> </blockquote>", "1:1 quote\n 1:3 quote\n  1:3 paragraph A\n  4:3 paragraph B\n"},
		{"not closed", "<div>\nA\n\n*B*", "1:1 paragraph A\n4:1 paragraph {emphasis B}\n"},
		{"closed twice", "<div>\nA\n</div>\n</div>\n\nB", "1:1 paragraph A\n6:1 paragraph B\n"},
		{"a picture", "<p align=\"center\"><img src=\"a.png\" alt=\"A hat\"></p>", "1:19 image <A hat> <a.png>\n"},
		{"a figure", "<figure>\n<img src=\"a.png\">\n<figcaption>\n\nA *hat*.\n\n</figcaption>\n</figure>", "2:1 image <A hat.> <a.png>\n"},
		{"a cell", "<table><tr><th>A</th><th>B</th></tr><tr><td>\n\n**one**\n\n</td><td>2</td></tr></table>", "1:1 table\n 1:8 row\n  1:12 cell A\n  1:22 cell B\n 1:37 row\n  1:41 cell {strong one}\n  5:6 cell 2\n"},
		{"out of its place", "<table>\n\nWords\n\n<tr><th>A</th><td>B</td></tr></table>", "3:1 paragraph Words\n1:1 table\n 5:1 row\n  5:5 cell A\n  5:15 cell B\n"},
		{"comments", "A<!-- b --> c.\n\n<!-- d\n\ne -->\n\nF.", "1:1 paragraph A c.\n7:1 paragraph F.\n"},
		{"a comment without an end", "A.\n\n<!-- b\n\nC.", "1:1 paragraph A.\na.md:3:1: a comment that does not end hides the rest: end it with -->\n"},
		{"a declaration without an end", "A.\n\n<!B\n\nC.", "1:1 paragraph A.\na.md:3:1: what begins with \"<!\" and does not end hides the rest: end it with >, or put \\ before it\n"},
		{"an instruction without an end", "A.\n\n<?b\n\nC.", "1:1 paragraph A.\na.md:3:1: what begins with \"<?\" and does not end hides the rest: end it with >, or put \\ before it\n"},
		{"a doctype without an end", "A.\n\n<!DOCTYPE b\n\nC.", "1:1 paragraph A.\na.md:3:1: what begins with \"<!\" and does not end hides the rest: end it with >, or put \\ before it\n"},
		{"CDATA in a formula", "Let <math><mtext><![CDATA[ a > b or <em>c</em> ]]></mtext></math> be.\n\n<div><math><mtext><![CDATA[a > <i>]]></mtext></math></div>\n\nA <![CDATA[ b ]]> c.", "1:1 paragraph Let {math \\text{a > b or <em>c</em>}} be.\n3:6 paragraph {math \\text{a > <i>}}\n5:1 paragraph A  c.\n"},
		{"directives", "<!-- narrapress: chapter \"Two\" -->\n\nA <!-- narrapress: pause 2s --> b.", "1:1 directive <chapter> <Two>\n3:1 paragraph A {command pause} b.\n"},
		{"no directive", "> <!-- narrapress: sing -->\n> A.", "1:1 quote\n 2:3 paragraph A.\na.md:1:3: the directive \"sing\" is not known: use chapter, voice, cast, pause, skip, say, intro, end\n"},
		{"scripts and styles", "<script>\nlet a = 1\n</script>\n\nA <style>b {}</style> c.\n\n<form><input name=q> Find</form>", "5:1 paragraph A  c.\na.md:1:1: raw HTML (<script>) is left out\na.md:5:3: raw HTML (<style>) is left out\na.md:7:1: raw HTML (<form>) is left out\n"},
		{"a script without an end", "A <script> b *c*.", "1:1 paragraph A  b {emphasis c}.\n"},
		{"an end before its beginning", "A</script> b <script> c.", "1:1 paragraph A b  c.\n"},
		{"hidden", "<div hidden>\n\nA\n\n</div>\n\nB <span style=\"display:none\">c *d*</span> e.", "7:1 paragraph B  e.\na.md:1:1: hidden raw HTML (<div>) is left out\na.md:7:3: hidden raw HTML (<span>) is left out\n"},
		{"tags in a line", "H<sub>2</sub>O, 10<sup>6</sup>, 1<sup>st</sup>, <u>a</u> <kbd>B</kbd> <q>c</q> <abbr title=\"d\">e</abbr> <a href=\"f\">g *h*</a>", "1:1 paragraph H₂O, 10⁶, 1st, a {code B} “c” e {link g {emphasis h}f}\n"},
		{"breaks", "One<br>\ntwo<br/>three<br><br>four", "1:1 paragraph One // two // three\n1:1 paragraph four\n"},
		{"tags across marks", "*a <b>b* c</b> d <code>e *f* g</code>", "1:1 paragraph {emphasis a {strong b}} c d e {emphasis f} g\n"},
		{"a heading", "## A <small>b</small>\n\n<h3 id=\"x\">C</h3>\n\nD.", "1:1 heading A b\n3:1 heading C\n5:1 paragraph D.\n"},
		{"a tag without an end", "<div class=\n*a* b", "1:1 paragraph div class= *a* b\na.md:1:1: a tag that does not end is read as text: put \\ before a < that is none\n"},
		{"signs of this program", "<div narrapress-insert=0>\n\nA\n\n</div>\n<svg><style><p narrapress-insert=0></p></style></svg>", "3:1 paragraph A\na.md:6:1: raw HTML (<svg>) is left out\n"},
		{"a list item", "- a\n\n  <div>\n  b\n  </div>\n\n  c", "1:1 list\n 1:1 item\n  1:3 paragraph a\n  3:3 paragraph b\n  7:3 paragraph c\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, places(read(t, "a.md", c.text, Options{Title: "T"}))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
