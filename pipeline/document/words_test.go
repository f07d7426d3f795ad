package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	emoji "github.com/yuin/goldmark-emoji"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// textReader reads plain text and keeps what was left out.
func textReader(text string) *reader {
	s := newSource("a.txt", text)
	doc := &Document{Source: "a.txt"}
	body, err := s.frontMatter(doc)
	if err != nil {
		return nil
	}
	r := &reader{source: s, doc: doc, latin: mostlyLatin(text)}
	r.drop(0, body)
	r.text(body)
	return r
}

// kept is a source without what was left out or became metadata.
func (r *reader) kept() string {
	raw := []byte(r.src)
	for _, d := range r.dropped {
		for i := d[0]; i < d[1]; i++ {
			raw[i] = ' '
		}
	}
	return string(raw)
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		"Lena Brook\n๐ค TalkOver Time\nI want it.\nHeading.\nTwo.\nThree.", "A Title\n\nBy Jane Roe\n\nText wraps\nhere.", "- a\n- b\n\n1. c\n2. d\n\n> q\n> r",
		"A\n===\nb\n---\n", "  in\nout.\n  in", "---\na: b\n---\nc", "Heading.\nHeading.\n", "* * *\n***\nx", "> Heading.\n> A.\n> - b\n> - c", "ค์ A\u2028b\x0c\n\t9. x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		decoded, err := decode("a.txt", []byte(text))
		if err != nil {
			return
		}
		r := textReader(decoded)
		if r == nil {
			return
		}
		if got, want := letters(plain(r.doc.Elements)), letters(r.kept()); got != want {
			t.Errorf("words lost or made:\n source   %q\n elements %q\n%s", want, got, dump(r.doc))
		}
	})
}

var (
	aTag       = regexp.MustCompile(`(?s)<!--.*?-->|<sup.*?</sup>|<a [^>]*class="footnote-backref".*?</a>|<[^>]*>`)
	anImage    = regexp.MustCompile(`<img [^>]*?alt="([^"]*)"[^>]*>`)
	aKramdown  = regexp.MustCompile(`\{:[^{}\n]*\}`)                                                                         // attributes, which goldmark takes for words
	aSpoiler   = regexp.MustCompile(`(?m)^([ \t>]*>)!([^\[]|$)`)                                                             // a quotation to be hidden, which goldmark takes for a paragraph with a mark
	aShortcode = regexp.MustCompile(`\{\{[<%].*?[%>]\}\}|\{%.*?%\}`)                                                         // what it stands for is told, or is no word
	aWikiPage  = regexp.MustCompile(`\[\[[^\[\]\n]*\|([^\[\]\n]*[^\[\]\s][^\[\]\n]*)\]\]|\[\[([^\[\]\n|]+)#[^\[\]\n|]*\]\]`) // a link, of which its words are shown
	aWikiImage = regexp.MustCompile(`!\[\[[^\[\]\n]*\.[^\[\]\n]*\]\]`)
	aListStart = regexp.MustCompile(`<ol[^>]*>`)
)

// shownBoxes has goldmark's own HTML show what is in a box.
type shownBoxes struct{ boxes }

func (b shownBoxes) Extend(md goldmark.Markdown) {
	b.boxes.Extend(md)
	md.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(b, 1)))
}

func (shownBoxes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindBox, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) { return ast.WalkContinue, nil })
}

// rendered is the words that goldmark's own HTML shows a reader.
func rendered(text string) string {
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.DefinitionList, extension.Footnote, emoji.Emoji, shownBoxes{})) // what a box or an emoji is called is markup
	for _, m := range []struct {
		markup *regexp.Regexp
		shown  string
	}{{aKramdown, ""}, {aShortcode, "·"}, {aSpoiler, "$1 $2"}, {aWikiImage, "·"}, {aWikiPage, "[[$1$2]]"}} {
		text = m.markup.ReplaceAllString(text, m.shown)
	}
	if err := md.Convert([]byte(text), &b); err != nil {
		return ""
	}
	out := anImage.ReplaceAllString(b.String(), " $1 ")
	return html.UnescapeString(aTag.ReplaceAllString(aListStart.ReplaceAllString(out, " "), " "))
}

// within says whether the letters of a stand in b in order, and where not.
func within(a, b string) (string, bool) {
	rest := []rune(b)
	for i, r := range a {
		j := 0
		for j < len(rest) && rest[j] != r {
			j++
		}
		if j == len(rest) {
			return a[i:], false
		}
		rest = rest[j+1:]
	}
	return "", true
}

// sorted is the letters of a text without their order.
func sorted(s string) string {
	all := []rune(s)
	slices.Sort(all)
	return string(all)
}

// spoken is every word of elements, pictures in running text and whose a quotation is included.
func spoken(es []Element) string {
	var b strings.Builder
	var run func([]Inline)
	run = func(ins []Inline) {
		for _, in := range ins {
			if in.Kind != NoteRef {
				b.WriteString(in.Text)
			}
			run(in.Children)
		}
		b.WriteByte(' ')
	}
	for _, e := range es {
		children := spoken(e.Children)
		if e.Kind == Table && len(e.Text) > 0 && e.Text[0].Line > e.Pos.Line { // a caption is said first, and may stand below
			b.WriteString(children + " ")
			children = ""
		}
		run(e.Text)
		b.WriteString(e.Raw + e.Alt + " " + children)
		run(e.Cite)
	}
	return b.String()
}

var aQuotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// toldOf is what findings say is left out of the words that stand in a source.
func toldOf(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		if !strings.Contains(f.Text, "left out") {
			continue
		}
		for _, q := range aQuotation.FindAllString(f.Text, -1) {
			words, err := strconv.Unquote(q)
			if err != nil {
				panic(err) // findings quote as Go does
			}
			b.WriteString(words + " ")
		}
	}
	return b.String()
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"# A\n\nb *c* `d` [e](f \"g\") ![h](i)\n\n> j\n> > k\n\n- l\n  1. m\n\n| n | o |\n|---|---|\n| p | q | r |\n\n```go\ns\n```\n", "a[^1]\n\n[^1]: b\n\n[^2]: c",
		"<div>\na\n</div>\n\nb <i>c</i> <!-- d --> e", "a\\*b &amp; &#x41; &nope; \\&amp;", "a  \nb\\\nc\n---\n", "***a** b*", "[a]\n\n[a]: /u 'v'", "- [x] a\n- [ ] b\n\n\tcode\n", "www.a.b <c@d.ef> ~~g~~", "a | b\n-|-\n`c \\| d` | e",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Read(context.Background(), "a.md", strings.NewReader(text), Options{Title: "\u0001"})
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%v is no *Error", err)
			}
			return
		}
		for _, finding := range d.Findings {
			if strings.Contains(finding.Text, "damage") {
				return // goldmark's HTML has it
			}
			if strings.Contains(finding.Text, "hidden raw HTML") || strings.Contains(finding.Text, "does not end hides the rest") {
				return // which is told, and goldmark shows its words
			}
		}
		decoded, err := decode("a.md", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		_, to, front := frontBounds(decoded)
		if front {
			_, decoded, _ = strings.Cut(decoded[to:], "\n")
		}
		if strings.ContainsAny(decoded, "&<![]`") && strings.Contains(layout(d.Elements), "{math ") || strings.Contains(layout(d.Elements), "formula ") {
			return // goldmark's HTML has markup where the elements have TeX
		}
		want, got := letters(rendered(decoded)), letters(spoken(d.Elements))
		told := letters(toldOf(d.Findings))
		if told != "" || strings.Contains(decoded, "^[") { // a note in the text is moved behind it, and goldmark leaves it there
			want, got = sorted(want), sorted(got+told)
		}
		if rest, ok := within(want, got); !ok {
			t.Errorf("lost from %q:\n page     %q\n elements %q\n%s", rest, want, got, dump(d))
		}
	})
}

// TestNoWordLost makes documents of words that each stand once, in every
// structure at random, and looks for each word in its order.
func TestNoWordLost(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		n := 0
		var want []string
		words := func() string {
			var w []string
			for range 1 + rng.IntN(9) {
				n++
				w = append(w, fmt.Sprintf("w%dx", n))
			}
			want = append(want, w...)
			switch rng.IntN(8) {
			case 0:
				w[0] = "*" + w[0] + "*"
			case 1:
				w[0] = "[" + w[0] + "](http://e.org/a)"
			case 2:
				w[0] = "<b>" + w[0] + "</b>"
			case 3:
				w[0] = "`" + w[0] + "`"
			}
			return strings.Join(w, " ")
		}
		var b strings.Builder
		for range 1 + rng.IntN(12) {
			switch rng.IntN(12) {
			case 0:
				fmt.Fprintf(&b, "## %s\n\n", words())
			case 1:
				fmt.Fprintf(&b, "> %s\n> %s\n>\n> > %s\n\n", words(), words(), words())
			case 2:
				fmt.Fprintf(&b, "- %s\n- %s\n\n  %s\n  1. %s\n\n", words(), words(), words(), words())
			case 3:
				fmt.Fprintf(&b, "| %s | %s |\n|---|---|\n| %s | %s | %s |\n\n", words(), words(), words(), words(), words())
			case 4:
				fmt.Fprintf(&b, "```\n%s\n```\n\n", strings.NewReplacer("*", "", "`", "").Replace(plainWords(words())))
			case 5:
				fmt.Fprintf(&b, "%s\n***\n", words())
			case 6:
				fmt.Fprintf(&b, "<div class=\"note\">\n%s\n\n%s\n\n> %s\n\n</div>\n\n", plainWords(words()), words(), words())
			case 7:
				fmt.Fprintf(&b, "<details>\n<summary>%s</summary>\n\n%s\n\n<blockquote>\n\n- %s\n\n</blockquote>\n%s\n</details>\n\n", plainWords(words()), words(), words(), plainWords(words()))
			case 8:
				fmt.Fprintf(&b, "%s <u>%s</u> <sup>%s</sup><br>\n%s <kbd>%s</kbd> <a href=\"x\">%s</a>\n\n", words(), words(), words(), words(), words(), words())
			case 9:
				fmt.Fprintf(&b, "<table><tr><th>%s</th><td>%s</td></tr><tr><td>\n\n%s\n\n</td><td>%s</td></tr></table>\n\n", plainWords(words()), plainWords(words()), words(), plainWords(words()))
			default:
				fmt.Fprintf(&b, "%s,\n%s.\n\n", words(), words())
			}
		}
		if n == 0 {
			continue
		}
		d := read(t, "a.md", b.String(), Options{})
		got := regexp.MustCompile(`w\d+x`).FindAllString(d.Meta.Title+" "+spoken(d.Elements), -1)
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("round %d:\n%s\n got %v\nwant %v", round, b.String(), got, want)
		}
	}
}

var aWord = regexp.MustCompile(`w\d+x`)

func plainWords(s string) string { return strings.Join(aWord.FindAllString(s, -1), " ") }
