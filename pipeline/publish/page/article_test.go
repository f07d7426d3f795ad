package page

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/document/markup"
	"github.com/narrapress/narrapress/pipeline/script"
)

// corpus is every document that the stages before are tested with.
func corpus(t *testing.T) map[string]*document.Document {
	t.Helper()
	docs := map[string]*document.Document{}
	read := func(key, name, text string) {
		d, err := document.Read(t.Context(), name, strings.NewReader(text), document.Options{})
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		docs[key] = d
	}
	samples, err := filepath.Glob("../../document/testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	samples = append(samples, "../../../examples/curated/post.md")
	for _, path := range samples {
		if b, err := os.ReadFile(path); err != nil {
			t.Fatal(err)
		} else if filepath.Ext(path) != ".golden" {
			read(filepath.Base(path), path, string(b))
		}
	}
	archives, err := fs.Glob(os.DirFS("../../script/testdata/elements"), "*.txtar")
	if err != nil || len(archives) < 50 {
		t.Fatal(err, len(archives))
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(filepath.Join("../../script/testdata/elements", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if f.Name != "script" && f.Name != "findings" {
				read(name, f.Name, string(f.Data))
			}
		}
	}
	return docs
}

func plan(t testing.TB, d *document.Document) *script.Script {
	t.Helper()
	b := script.Brief{Options: script.Defaults(), Pauses: script.DefaultPauses(), Language: "en"}
	sc, _, err := script.Plan(d, b)
	if err != nil {
		t.Skip(err)
	}
	return sc
}

// shown is an article as a browser reads it: its words, and which of them each
// segment has.
func shown(t testing.TB, article string) (words []string, spans map[int][]string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<body><main>" + article + "</main>"))
	if err != nil {
		t.Fatal(err)
	}
	spans = map[int][]string{}
	var walk func(n *html.Node, segment int)
	walk = func(n *html.Node, segment int) {
		if n.Type == html.TextNode {
			for _, w := range markup.Words(n.Data) {
				words = append(words, n.Data[w.From:w.To])
				if segment > 0 {
					spans[segment] = append(spans[segment], n.Data[w.From:w.To])
				}
			}
		}
		for _, at := range n.Attr {
			switch {
			case at.Key == "data-s":
				if segment != 0 {
					t.Errorf("a sentence %s in sentence %d", at.Val, segment)
				}
				segment, _ = strconv.Atoi(at.Val)
				spans[segment] = spans[segment][:len(spans[segment]):len(spans[segment])]
			case at.Key == "alt" && n.Data == "img":
				for _, w := range markup.Words(at.Val) {
					words = append(words, at.Val[w.From:w.To])
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, segment)
		}
	}
	walk(root, 0)
	return words, spans
}

// wordsOf are the words of a document, in the order in which they are written.
func wordsOf(d *document.Document) []string {
	d, _ = d.Article()
	var out []string
	for _, t := range markup.Texts(d) {
		for _, w := range markup.Words(t.Text) {
			out = append(out, t.Text[w.From:w.To])
		}
	}
	return out
}

var notes = regexp.MustCompile(`<sup[^>]*>.*?</sup>`)

// TestNothingIsLost writes every document of the corpus as an article: it has
// all of its words and no others, and each segment that is of the text has its
// own.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	for name, d := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc := plan(t, d)
			a := Compose(d, sc)
			if _, err := check(body(a.HTML)); err != nil {
				t.Errorf("%v\n%s", err, a.HTML)
			}
			// With formulas as they are written, and without the marks of footnotes.
			text, _ := d.Article()
			runs, apart := align(markup.Texts(text), sc)
			article := notes.ReplaceAllString(markup.Article(text, markup.Options{Runs: runs}), "")
			words, spans := shown(t, article)
			// Their letters: a word may be partly raised.
			if diff := cmp.Diff(strings.Join(wordsOf(d), ""), strings.Join(words, "")); diff != "" {
				t.Errorf("words (-document +article):\n%s\n%s", diff, article)
			}
			for at, seg := range sc.Segments() {
				original := seg.Original()
				switch {
				case seg.Announcement:
					continue
				case slices.Contains(apart, at.Ordinal):
					if len(seg.Anchors) > 0 && original != "" {
						t.Errorf("segment %d (%q) is of the text and has no place in it:\n%s", at.Ordinal, original, article)
					}
					continue
				}
				var want []string
				for _, w := range markup.Words(original) {
					want = append(want, original[w.From:w.To])
				}
				if got := spans[at.Ordinal]; !strings.EqualFold(strings.Join(got, ""), strings.Join(want, "")) {
					t.Errorf("segment %d %q is marked at %q:\n%s", at.Ordinal, want, got, article)
				}
			}
		})
	}
}

// TestAlign marks what is hard to find: words that come again, that stand in
// another order than they are spoken, and scripts without spaces.
func TestAlign(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"the same words": {
			"No. No. No.\n\nNo.\n", // joined to one segment a paragraph
			`<p>[2:No. No. No.]</p> <p>[3:No.]</p>`,
		},
		"a footnote is spoken before it is shown": {
			"The lamp was old.[^a] Nobody lit it, and nobody had the heart to take it down.\n\n[^a]: As old as the house.\n",
			`<p>[2:The lamp was old.]1 [4:Nobody lit it, and nobody had the heart to take it down.]</p> <section><ol> <li><p>[3:As old as the house.]</p> ↩</li> </ol></section>`,
		},
		"markup in a sentence": {
			"It *was* a **long, long way** to [the sea](https://e.org), and back.\n",
			`<p>[2:It <em>was</em> a <strong>long, long way</strong> to <a>the sea</a>, and back.]</p>`,
		},
		"markup around sentences": {
			"**The first sentence is a long one, so that it stays alone in what is asked for at once, whatever comes. The second begins in bold** and ends, after a good many more of its words, outside of it.\n",
			`<p><strong>[2:The first sentence is a long one, so that it stays alone in what is asked for at once, whatever comes.] [3:The second begins in bold]</strong> [3:and ends, after a good many more of its words, outside of it.]</p>`,
		},
		"code is shown and not marked": {
			"Run it:\n\n```\nmake the lamp; make it turn; make it turn again, and again, and again, and again, and again, and again\n```\n\nIt turned.\n",
			`<p>[2:Run it:]</p> <pre><code>make the lamp; make it turn; make it turn again, and again, and again, and again, and again, and again </code></pre> <p>[4:It turned.]</p>`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := document.Read(t.Context(), "a.md", strings.NewReader("---\ntitle: T\n---\n\n"+c.text), document.Options{})
			if err != nil {
				t.Fatal(err)
			}
			article := body(Compose(d, plan(t, d)).HTML)
			article = regexp.MustCompile(`<span class="s" data-s="(\d+)"[^>]*>`).ReplaceAllString(article, "[$1:")
			article = strings.ReplaceAll(article, "</span>", "]")
			article = regexp.MustCompile(`</?sup[^>]*>|<a href="#[^>]*>([^<]*)</a>`).ReplaceAllString(article, "$1")
			article = regexp.MustCompile(`<(\w+) [^>]*>`).ReplaceAllString(article, "<$1>")
			if got := strings.Join(strings.Fields(article), " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestScriptAlone is the article of an edited plan, which has no document.
func TestScriptAlone(t *testing.T) {
	t.Parallel()
	d, err := document.Read(t.Context(), "a.md", strings.NewReader("---\ntitle: T\n---\n\nOne &lt;b>.\n\n## Two & more\n\n> Three.\n\nFour.\n"), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	article := body(Compose(nil, plan(t, d)).HTML)
	if _, err := check(article); err != nil {
		t.Error(err)
	}
	want := `<p><span class="s" data-s="2" id="s2">One &lt;b&gt;.</span></p>
<h2><span class="s" data-s="3" id="s3">Two &amp; more</span></h2>
<blockquote>
<p><span class="s" data-s="4" id="s4">Three.</span></p>
</blockquote>
<p><span class="s" data-s="5" id="s5">Four.</span></p>
`
	if diff := cmp.Diff(want, article); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzArticle writes hostile documents: what comes of them is an article, for a
// tokenizer and for a browser, whatever was in them.
func FuzzArticle(f *testing.F) {
	for _, s := range []string{
		"# A\n\n[x](javascript:alert(1)) <script>alert(1)</script> <img src=x onerror=alert(1)> ![a](../../etc/passwd) `</code><script>`\n",
		"<a href=\"java&#10;script:alert(1)\">x</a> <svg onload=alert(1)> <iframe srcdoc='<script>'></iframe>\n\n$</math><script>alert(1)</script>$\n",
		"> [!NOTE\" onclick=\"x] a\n\n- [ ] b\n\n[^\"><script>]: c\n\nd[^\"><script>] [e](#\"onclick=x) [f](data:text/html,<script>)\n",
		"| a\\|b | <c> |\n|---|---|\n| [d](vbscript:x) | ![e](https://e.org/\"onload=x) |\n",
		"<div><p>a<table><tr><td>b<script>c</script></table>\u202e</p></div><details><summary>x<y></summary>z</details>",
	} {
		f.Add(s, "a.md")
		f.Add(s, "a.html")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		if name != "a.html" {
			name = "a.md"
		}
		d, err := document.Read(t.Context(), name, strings.NewReader(text), document.Options{})
		if err != nil {
			t.Skip(err)
		}
		d.Meta.Title = "T"
		article := body(Compose(d, plan(t, d), t.TempDir()).HTML)
		if _, err := check(article); err != nil {
			t.Fatalf("%v\n%s", err, article)
		}
		root, err := html.Parse(strings.NewReader("<main>" + article + "</main>"))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "iframe" || n.Data == "svg") {
				t.Fatalf("<%s>\n%s", n.Data, article)
			}
			for _, at := range n.Attr {
				if strings.HasPrefix(at.Key, "on") || strings.Contains(strings.ToLower(strings.TrimSpace(at.Val)), "script:") && (at.Key == "href" || at.Key == "src") {
					t.Fatalf("%s=%q\n%s", at.Key, at.Val, article)
				}
			}
		}
	})
}
