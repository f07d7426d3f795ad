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
// all of its words and no others, and every segment has its own.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	docs := corpus(t)
	segments, apart := 0, 0
	for name, d := range docs {
		t.Run(name, func(t *testing.T) {
			sc := plan(t, d)
			a := Compose(d, sc)
			article := body(a.HTML)
			if _, err := check(article); err != nil {
				t.Errorf("%v\n%s", err, article)
			}
			words, spans := shown(t, notes.ReplaceAllString(article, ""))
			// Their letters: a word may be partly raised.
			if diff := cmp.Diff(strings.Join(wordsOf(d), ""), strings.Join(words, "")); diff != "" {
				t.Errorf("words (-document +article):\n%s\n%s", diff, article)
			}
			for at, seg := range sc.Segments() {
				if seg.Announcement {
					continue
				}
				segments++
				if slices.Contains(a.Apart, at.Ordinal) {
					apart++
					t.Logf("apart: %d %s %q %v", at.Ordinal, seg.Role, seg.Original(), seg.Anchors)
					continue
				}
				var want []string
				for _, w := range markup.Words(seg.Original()) {
					want = append(want, seg.Original()[w.From:w.To])
				}
				if got := spans[at.Ordinal]; !strings.EqualFold(strings.Join(got, ""), strings.Join(want, "")) {
					t.Logf("segment %d: %q\nspans %q", at.Ordinal, want, got)
				}
			}
		})
	}
	t.Logf("%d segments, %d apart", segments, apart)
}
