package document

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHTMLGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"page.html", "forum.html", "linkpost.html", "boxes.html"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("testdata", name)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			show := func(text string) string {
				d := read(t, name, text, Options{})
				return fmt.Sprintf("site=%s image=%s\n%s%s", d.Meta.Site, d.Meta.Image, dump(d), unshown(d.Elements))
			}
			got := show(string(raw))
			if *update {
				if err := os.WriteFile(path+".golden", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path + ".golden")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
			if diff := cmp.Diff(got, show(strings.ReplaceAll(string(raw), "\n", "\r\n"))); diff != "" {
				t.Errorf("%s with CRLF (-LF +CRLF):\n%s", path, diff)
			}
		})
	}
}

// unshown is what elements say that dump does not show, a line each.
func unshown(es []Element) string {
	var b strings.Builder
	for _, e := range es {
		if e.Title != "" {
			fmt.Fprintf(&b, "%d:%d title: %s\n", e.Pos.Line, e.Pos.Col, e.Title)
		}
		if len(e.Cite) > 0 {
			fmt.Fprintf(&b, "%d:%d cite: %s\n", e.Pos.Line, e.Pos.Col, inline(e.Cite))
		}
		if e.Furniture {
			fmt.Fprintf(&b, "%d:%d furniture\n", e.Pos.Line, e.Pos.Col)
		}
		if e.Visual {
			fmt.Fprintf(&b, "%d:%d visual\n", e.Pos.Line, e.Pos.Col)
		}
		if e.Credit != "" {
			fmt.Fprintf(&b, "%d:%d credit: %s\n", e.Pos.Line, e.Pos.Col, e.Credit)
		}
		if e.Decorative {
			fmt.Fprintf(&b, "%d:%d decorative\n", e.Pos.Line, e.Pos.Col)
		}
		b.WriteString(unshown(e.Children))
	}
	return b.String()
}

// pageOf is a page with an article around some HTML, long enough to be found.
func pageOf(body string) string {
	return "<!DOCTYPE html><html><head><title>T</title></head><body><article>" + body +
		"<p>" + strings.Repeat("Some words of an article, with a comma. ", 20) + "</p></article></body></html>"
}

func TestHTMLInlines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"space", "<p> a \n\t b<b> c </b> d </p>", "a b{strong  c }d"},
		{"no space", "<p>a<b>b</b>c</p>", "a{strong b}c"},
		{"entities", "<p>a &amp; b&nbsp;c &lt;d&gt; &#x3A9;</p>", "a & b\u00a0c <d> Ω"},
		{"soft hyphen", "<p>Donau&shy;dampf\u200bschiff</p>", "Donaudampfschiff"},
		{"break", "<p>one<br> two<br></p>", "one // two"},
		{"nested", "<p><em>a <strong>b</strong> <code>c  d</code></em></p>", "{emphasis a {strong b} {code c d}}"},
		{"link", `<p><a href="/u">a <em>b</em></a>.</p>`, "{link a {emphasis b}https://e.org/u}."},
		{"link without an address", `<p><a name="x">a</a> <a href="javascript:x()">b</a></p>`, "a b"},
		{"picture", `<p>see <img src="p.png" alt="an alt"> here</p>`, "see {picture an althttps://e.org/a/p.png} here"},
		{"counter", `<p>see <img src="p.png" width="1" height="1"> here</p>`, "see here"},
		{"strike", "<p><s>gone</s> here</p>", "{strike gone} here"},
		{"powers", "<p>10<sup>-6</sup> m<sup>2</sup> x<sub>n</sub> 1<sup>st</sup> CO<sub>2</sub></p>", "10⁻⁶ m² xₙ 1st CO₂"},
		{"quotation", "<p>He said <q>no</q>.</p>", "He said “no”."},
		{"ruby", "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字</p>", "漢字"},
		{"footnote", `<p>A<sup><a href="#fn1">1</a></sup>.</p><ul><li id="fn1">Note.</li></ul>`, "A{note 1}."},
		{"citation's link back", `<p>A <a href="#top">top</a>.</p><p id="top">X</p>`, "A {link tophttps://e.org/a/b#top}."},
		{"TeX script", `<p>so <script type="math/tex">x^2</script> is</p>`, "so {math x^2} is"},
		{"KaTeX", `<p>so <span class="katex"><span class="katex-mathml"><math><semantics><mi>y</mi><annotation encoding="application/x-tex">y</annotation></semantics></math></span><span class="katex-html" aria-hidden="true">y</span></span> is</p>`, "so {math y} is"},
		{"LaTeX image", `<p>so <img class="latex" src="l.png" alt="a+b"> is</p>`, "so {math a+b} is"},
		{"script and style", `<p>a <script>b()</script><style>c{}</style>d</p>`, "a d"},
		{"quotation in one", "<p><q>a <q>b</q></q></p>", "“a ‘b’”"},
		{"a variable", "<p>let <var>x</var> be <abbr title=y>z</abbr></p>", "let {emphasis x} be z"},
		{"emoji", `<p>so <img class="emoji" src="e.png" alt="🎉"> glad</p>`, "so 🎉 glad"},
		{"decoration", `<p>so <img src="d.png" alt=""> glad</p>`, "so glad"},
		{"directive", `<p>so <!-- narrapress: pause 2s -->glad</p>`, "so {command pause}glad"},
		{"CDATA in a formula", `<p>let <math><mtext><![CDATA[ a > b or <em>c</em> ]]></mtext></math> be <b>d</b></p>`, `let {math \text{a > b or <em>c</em>}} be {strong d}`},
		{"CDATA in a drawing in a formula", `<p>let <math><svg/><mtext><![CDATA[<i>]]></mtext></math> be</p>`, `let {math \text{<i>}} be`},
		{"CDATA elsewhere is a comment", `<p>a <![CDATA[ b > c <em>d</em> ]]> e</p>`, "a c {emphasis d} ]]> e"},
		{"unclosed", "<p>a <b>b <i>c</p>", "a {strong b {emphasis c}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.html", pageOf(c.text), Options{URL: "https://e.org/a/b"})
			if got := inline(d.Elements[0].Text); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	page := func(meta, text string) string {
		return "<!DOCTYPE html><html><head>" + meta + "</head><body><p>" + text + "</p></body></html>"
	}
	utf16 := func(s string) string {
		out := "\xFF\xFE"
		for _, r := range s {
			out += string([]byte{byte(r), byte(r >> 8)})
		}
		return out
	}
	for _, c := range []struct{ name, page, declared, want string }{
		{"utf-8, undeclared", page("", "Grüße"), "", "Grüße"},
		{"utf-8, bom against the server", "\xEF\xBB\xBF" + page("", "Grüße"), "iso-8859-1", "Grüße"},
		{"utf-8, declared as latin-1", page(`<meta charset="iso-8859-1">`, "Grüße"), "", "Grüße"},
		{"windows-1252, undeclared", page("", "Gr\xfc\xdfe \x93x\x94"), "", "Grüße “x”"},
		{"windows-1252, declared as utf-8", page(`<meta charset="utf-8">`, "Gr\xfc\xdfe"), "", "Grüße"},
		{"latin-1 is windows-1252", page(`<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">`, "\x80 5 \xe9"), "", "€ 5 é"},
		{"the server wins", page(`<meta charset="utf-8">`, "\xcf\xf0\xe8"), "windows-1251", "При"},
		{"meta", page(`<meta charset=koi8-r>`, "\xf0\xd2\xc9"), "", "При"},
		{"shift_jis", page(`<meta charset="Shift_JIS">`, "\x93\xfa\x96\x7b"), "", "日本"},
		{"gb18030", page(`<meta charset="gb2312">`, "\xd6\xd0\xb9\xfa"), "", "中国"},
		{"xml declaration", `<?xml version="1.0" encoding="windows-1250"?>` + page("", "\x9ae"), "", "še"},
		{"utf-16", utf16(page("", "Grüße")), "", "Grüße"},
		{"one bad byte", page(`<meta charset="utf-8">`, "Grüße \xff, größer"), "", "Grüße \ufffd, größer"},
		{"zero bytes", page("", "a\x00b"), "", "ab"},
		{"an unknown name", page(`<meta charset="klingon">`, "Grüße"), "elvish", "Grüße"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.html", c.page, Options{Charset: c.declared})
			if got := plain(d.Elements); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	d := read(t, "a.txt", "Gr\xfc\xdfe", Options{Charset: "iso-8859-1"})
	if got := plain(d.Elements); got != "Grüße" {
		t.Errorf("plain text in latin-1: %q", got)
	}
}

func TestHTMLMeta(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time { d, _ := time.Parse(time.RFC3339, s); return d }
	for _, c := range []struct {
		name, head, url string
		want            Meta
	}{
		{"nothing", "<title>A title</title>", "", Meta{Title: "A title"}},
		{"the site's name is cut", `<title>A title | My Site</title><meta property="og:site_name" content="My Site">`, "", Meta{Title: "A title", Site: "My Site"}},
		{"a dash in the title stays", `<title>A - B</title><meta property="og:site_name" content="S">`, "", Meta{Title: "A - B", Site: "S"}},
		{"no name, a long head", `<title>One two three four – Site</title>`, "", Meta{Title: "One two three four"}},
		{"address", "<title>A</title>", "https://u:p@e.org/a?b#c", Meta{Title: "A", Link: "https://e.org/a?b"}},
		{"canonical", `<title>A</title><link rel="canonical" href="/c">`, "https://e.org/a", Meta{Title: "A", Link: "https://e.org/c"}},
		{"canonical start page", `<title>A</title><link rel="canonical" href="/">`, "https://e.org/a", Meta{Title: "A", Link: "https://e.org/a"}},
		{"canonical nonsense", `<title>A</title><link rel="canonical" href="javascript:x">`, "https://e.org/a", Meta{Title: "A", Link: "https://e.org/a"}},
		{"og:url", `<title>A</title><meta property="og:url" content="https://e.org/d">`, "", Meta{Title: "A", Link: "https://e.org/d"}},
		{"author is an address", `<title>A</title><meta property="article:author" content="https://face.example/x"><meta name="parsely-author" content="by Ann Lee">`, "", Meta{Title: "A", Author: "Ann Lee"}},
		{"two authors", `<title>A</title><meta name="citation_author" content="Ann Lee"><meta name="citation_author" content="Bo Ek">`, "", Meta{Title: "A", Author: "Ann Lee and Bo Ek"}},
		{"date", `<title>A</title><meta property="article:published_time" content="2026-01-02T03:04:05+0000">`, "", Meta{Title: "A", Date: at("2026-01-02T03:04:05Z")}},
		{"locale", `<title>A</title><meta property="og:locale" content="pt_BR">`, "", Meta{Title: "A", Language: "pt-BR"}},
		{"broken JSON-LD", `<title>A</title><script type="application/ld+json">{"@type":"Article",</script>`, "", Meta{Title: "A"}},
		{"JSON-LD", `<title>A</title><script type="application/ld+json">[{"@type":"NewsArticle","headline":"B &amp; C","author":"Ann","datePublished":"2026-01-02T00:00:00Z","image":["https://e.org/i.jpg"],"publisher":{"name":"S"},"inLanguage":"de"}]</script>`, "", Meta{Title: "B & C", Author: "Ann", Date: at("2026-01-02T00:00:00Z"), Image: "https://e.org/i.jpg", Site: "S", Language: "de"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.html", "<html><head>"+c.head+"</head><body><p>Words.</p></body></html>", Options{URL: c.url})
			if diff := cmp.Diff(c.want, d.Meta); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNothingButLinks(t *testing.T) {
	t.Parallel()
	d := read(t, "a.html", "<html><body><ul><li><a href=x>One</a></li></ul><p>Read more</p></body></html>", Options{})
	if got := plain(d.Elements); got != "One Read more" || len(d.Findings) != 0 {
		t.Errorf("got %q, findings %v", got, d.Findings)
	}
}

func TestFromWeb(t *testing.T) {
	t.Parallel()
	d := read(t, "a.md", "---\ncover: ../../secret.png\n---\nWords.", Options{URL: "https://e.org/a/b.md"})
	if want := (Meta{Link: "https://e.org/a/b.md", Image: "https://e.org/secret.png"}); !cmp.Equal(want, d.Meta) {
		t.Errorf("a text of the web names a file of this machine: %s", cmp.Diff(want, d.Meta))
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	d := read(t, "a.html", "<html>\n<body>\n<p>Ä</p><h2>b</h2>\n\n<ul>\n <li>c</li></ul></body></html>", Options{})
	var got []string
	for _, e := range d.Elements {
		got = append(got, e.Pos.String())
	}
	// A heading at the end is taken off; the list's place is its own.
	if diff := cmp.Diff([]string{"a.html:3:1", "a.html:3:9", "a.html:5:1"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What looks like tags in CDATA counts as elements: a reader of HTML may take it
// for some.
func TestManyElementsInCDATA(t *testing.T) {
	t.Parallel()
	page := "<svg></p><p><![CDATA[" + strings.Repeat("<b>", mostTags)
	if _, err := Read(context.Background(), "a.html", strings.NewReader(page), Options{Type: TypeHTML}); err == nil || !strings.Contains(err.Error(), "has more than") {
		t.Errorf("got %v", err)
	}
}

func FuzzHTML(f *testing.F) {
	f.Add("<p>a<b>b</b></p>")
	f.Add("<!DOCTYPE html><table><tr><td>a<td>b<tr><th>c</table><ul><li>d<ol start=x><li>e")
	f.Add(`<p>a<sup><a href="#x">1</a></sup><li id="x">b <a href="#y">2</a><li id=y><a href="#x">1</a>`)
	f.Add("<figure><img src=a alt=b><figcaption>c</figcaption></figure><dl><dd>a<dt>b</dl><math><mfrac><mi>a</math>")
	f.Add("<script type=application/ld+json>[[[{}]]]</script><base href='::'><link rel=canonical href=%zz>")
	f.Add("<!-- narrapress: skip --><blockquote class=twitter-tweet>a<br>— b</blockquote><iframe src=//youtube.com/x></iframe><video><source src=x></video>")
	f.Add("<aside class='admonition note'><p class=admonition-title>Note</aside><div class=epigraph>a<br>b<footer>c</footer></div><table><tr><td rowspan=9 colspan=9>a<td>b<tr><th>c</table>")
	f.Add("<math><mtext><![CDATA[a > <b>]]></mtext></math><svg><p><![CDATA[<i>")
	f.Add("<pre>\n\na\n</pre><details><summary>b</details><svg><title>c</title></svg><plaintext></p>")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Read(context.Background(), "a.html", strings.NewReader(text), Options{Type: TypeHTML, URL: "https://e.org/a"})
		var e *Error
		if err != nil {
			if !errors.As(err, &e) {
				t.Fatalf("%v is no *Error", err)
			}
			return
		}
		if len(d.Elements) == 0 {
			t.Fatal("a document without elements was read")
		}
		labels := map[string]bool{}
		for _, e := range d.Elements {
			if e.Kind == Note && labels[e.Label] {
				t.Errorf("two notes are labelled %q", e.Label)
			}
			labels[e.Label] = labels[e.Label] || e.Kind == Note
		}
	})
}

// TestTrim is about what a page has around and in an article: want is what is
// kept, one paragraph a line; the article's own text is in every page.
func TestTrim(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("<p>Rope is made of hemp, by people who walk backwards, and it is sold by weight in the town below.</p>", 6)
	own := strings.TrimSuffix(strings.Repeat("Rope is made of hemp, by people who walk backwards, and it is sold by weight in the town below.\n", 6), "\n")
	link := func(words string) string { return `<a href="/other/` + words[:3] + `">` + words + "</a>" }
	for _, c := range []struct{ name, before, after, kept string }{
		{"byline in one line", "<p>By Rita Vale · 5 January 2026 · 4 min read</p>", "", ""},
		{"byline and date", "<p>By Ann Lee</p><p>March 3, 2026 at 5:30 pm</p><p>4 min read</p>", "", ""},
		{"dates of other languages", "<p>3. März 2026</p><p>Publicado em 3 de março de 2026</p>", "<p>3 марта 2026 г.</p>", ""},
		{"a date in a sentence", "", "<p>On 3 March 2026 it burned down.</p>", "On 3 March 2026 it burned down."},
		{"machinery", "<p>Sign in</p><h6>Share</h6>", "<p>Advertisement</p><p>Copied!</p>", ""},
		{"credits", "<p>Photo: Ann Lee/Reuters</p><p>© Harbour News</p>", "", ""},
		{"a list of others", "", "<p>Related articles</p><ul><li>" + link("How a rope is sold today") + "</li><li>" + link("Who bought the old wheel") + "</li></ul>", ""},
		{"a title of another in a line", "", "<p>" + link("HOW A ROPE IS SOLD TODAY") + "</p><p>The wheel was kept.</p>", "The wheel was kept."},
		{"a link that the text announces", "", "<p>It is told here:</p><p>" + link("How a rope is sold today") + "</p>", "It is told here:\nHow a rope is sold today"},
		{"a link to another site", "", `<p><a href="https://else.example/x">How a rope is sold today</a></p>`, "How a rope is sold today"},
		{"teasers", "", "<h3>More stories like this</h3><h4>A wheel</h4><p>" + strings.Repeat("It turned and turned ", 6) + "</p><h4>A shed</h4><p>" + strings.Repeat("It stood and stood ", 6) + "</p>", ""},
		{"an article that goes on", "", "<h3>See also</h3>" + body, "See also\n" + own},
		{"the author", "", "<p>Ann Lee is a writer who lives in the town below.</p><p>Follow her on Twitter @annlee.</p>", ""},
		{"another person", "", "<p>Tom Ash is a writer who lives in the town below.</p>", "Tom Ash is a writer who lives in the town below."},
		{"invitations", "", "<p>Sign up for our newsletter to hear of ropes every week.</p><p>Filed under: ropes, hemp</p><p>3 comments</p>", ""},
		{"boxes between paragraphs", "", strings.Repeat(`<img src="a.jpg" alt=""><h3>ROPES</h3><p>How a rope came to be sold</p>`, 3) + "<p>The wheel was kept.</p>", "The wheel was kept."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			page := `<!DOCTYPE html><html><head><title>T</title><meta name="author" content="Ann Lee"><link rel="canonical" href="https://rope.example/walk"></head><body><article>` +
				c.before + body + c.after + "</article></body></html>"
			d, _ := read(t, "a.html", page, Options{URL: "https://rope.example/walk"}).Heard()
			var got []string
			for _, e := range d.Elements {
				if words := allWords(e); words != "" {
					got = append(got, words)
				}
			}
			want := own
			if c.kept != "" {
				want += "\n" + c.kept
			}
			if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.kept == "" && len(d.Findings) == 0 {
				t.Error("what was left out is no finding")
			}
		})
	}
}
