package script

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

var update = flag.Bool("update", false, "write the golden files anew")

func brief() Brief {
	return Brief{Options: Defaults(), Pauses: DefaultPauses(), SameVoice: func(a, b string) bool {
		return a != RoleQuote && b != RoleQuote
	}}
}

func read(t testing.TB, name, text string) *document.Document {
	t.Helper()
	d, err := document.Read(context.Background(), name, strings.NewReader(text), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func plan(t testing.TB, text string, b Brief) (*Script, []document.Finding) {
	t.Helper()
	s, findings, err := Plan(read(t, "a.md", text), b)
	if err != nil {
		t.Fatal(err)
	}
	return s, findings
}

// sheet is a script on a few lines: a chapter or a segment a line.
func sheet(s *Script) string {
	var b strings.Builder
	for _, c := range s.Chapters {
		fmt.Fprintf(&b, "== %s", c.Title)
		if c.Kind != "" {
			fmt.Fprintf(&b, " (%s)", c.Kind)
		}
		if c.Hidden {
			b.WriteString(" hidden")
		}
		b.WriteByte('\n')
		for _, g := range c.Segments {
			mark := ""
			if g.Announcement {
				mark = "+"
			}
			if g.Voice != "" {
				mark += "@" + g.Voice
			}
			fmt.Fprintf(&b, "%s%s: %s [%v]\n", g.Role, mark, g.Text, g.Pause)
		}
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"post.md", "talk.txt", "story.txt"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join("..", "document", "testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			b := brief()
			b.HasIntro, b.Credits, b.Author, b.Language = true, "Read by nobody you know.", "The Show", "en"
			s, findings, err := Plan(read(t, name, string(raw)), b)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := Encode(&got, s, YAML); err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				fmt.Fprintf(&got, "# %s\n", f)
			}
			path := filepath.Join("testdata", name+".yaml")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		})
	}
}

func TestElements(t *testing.T) {
	t.Parallel()
	oneVoice := func(b *Brief) { b.SameVoice = func(string, string) bool { return true } }
	for _, c := range []struct {
		name, text string
		change     func(*Brief)
		want       string // without opening and chapters
		found      int
	}{
		{"paragraph", "One two.", nil, "body: One two. [0s]\n", 0},
		{"heading gets a stop", "a.\n\n## Two words\n\nb.", nil, "body: a. [1.2s]\nheading: Two words. [700ms]\nbody: b. [0s]\n", 0},
		{"heading keeps its mark", "## Why?\n\nb.", nil, "heading: Why? [700ms]\nbody: b. [0s]\n", 0},
		{"heading announced", "## Why\n\nb.", func(b *Brief) { b.Options.Elements.Heading = "announce" }, "heading+: Heading. [250ms]\nheading: Why. [700ms]\nbody: b. [0s]\n", 0},
		{"heading skipped", "## Why\n\nb.", func(b *Brief) { b.Options.Elements.Heading = "skip" }, "body: b. [0s]\n", 0},
		{"heading without words", "##\n\nb.\n\n## —\n\nc.", nil, "body: b. [600ms]\nbody: c. [0s]\n", 2},
		{"quote in its voice", "a.\n\n> b.\n>\n> c.\n\nd.", nil, "body: a. [700ms]\nquote: b. [600ms]\nquote: c. [700ms]\nbody: d. [0s]\n", 0},
		{"quote in one voice", "a.\n\n> b.\n\nd.", oneVoice, "body: a. [700ms]\nbody+: Quote. [250ms]\nquote: b. [250ms]\nbody+: End quote. [700ms]\nbody: d. [0s]\n", 0},
		{"quote in one voice, not announced", "a.\n\n> b.", func(b *Brief) { oneVoice(b); b.Options.Elements.Quote = "voice" }, "body: a. [700ms]\nquote: b. [0s]\n", 0},
		{"quote always announced", "> b.", func(b *Brief) { b.Options.Elements.Quote = "announce" }, "body+: Quote. [250ms]\nquote: b. [250ms]\nbody+: End quote. [0s]\n", 0},
		{"quote in a quote", "> a.\n>\n> > b.", nil, "quote: a. [600ms]\nquote+: Quoting: [250ms]\nquote: b. [250ms]\nquote+: End of inner quote. [0s]\n", 0},
		{"a quote of nothing but a quote", "a.\n\n> > > b.", nil, "body: a. [700ms]\nquote: b. [0s]\n", 0},
		{"two quotes", "> a.\n\n<!-- -->\n\n> b.", func(b *Brief) { b.Options.Elements.Quote = "voice" }, "quote: a. [700ms]\nquote: b. [0s]\n", 0},
		{"heading in a quote", "> ## a\n>\n> b.", nil, "quote: a. [700ms]\nquote: b. [0s]\n", 0},
		{"quote of nothing", "a.\n\n> —\n\nb.", oneVoice, "body: a. [600ms]\nbody: b. [0s]\n", 1},
		{"bullets", "- a\n- b,\n- c?\n\nd.", nil, "body: a. [400ms]\nbody: b, [400ms]\nbody: c? [600ms]\nbody: d. [0s]\n", 0},
		{"numbers", "3. a\n4. b", nil, "body: Three. a. [400ms]\nbody: Four. b. [0s]\n", 0},
		{"numbers past twenty", "20. a\n21. b", nil, "body: Twenty. a. [400ms]\nbody: Twenty-one. b. [0s]\n", 0},
		{"numbers in German", "1. a", func(b *Brief) { b.Language = "de-AT" }, "body: 1. a. [0s]\n", 0},
		{"tasks", "- [x] a\n- [ ] b", nil, "body: Done: a. [400ms]\nbody: To do: b. [0s]\n", 0},
		{"item of two paragraphs", "- a\n\n  b\n- c", nil, "body: a. [400ms]\nbody: b. [400ms]\nbody: c. [0s]\n", 0},
		{"list in a quote", "> - a\n> - b", nil, "quote: a. [400ms]\nquote: b. [0s]\n", 0},
		{"table", "| A | B |\n|---|---|\n| c | d |\n| e | |", nil, "body+: Table. Two columns: A, B. [400ms]\nbody: c: B d. [400ms]\nbody: e. [400ms]\nbody+: End of table. [0s]\n", 0},
		{"wide table", "|A|B|C|D|\n|-|-|-|-|\n|e||g|h|", nil, "body+: Table. Four columns: A, B, C, D. [400ms]\nbody: e, blank, g, h. [0s]\n", 0},
		{"code", "a.\n\n```go\nx\ny\n```", nil, "body: a. [600ms]\nbody+: Code example in Go, two lines, left out. [0s]\n", 0},
		{"code of no language", "    x\n    y\n\nb.", nil, "body+: Code example, two lines, left out. [600ms]\nbody: b. [0s]\n", 0},
		{"code read", "a.\n\n```\nx = 1\n```", func(b *Brief) { b.Options.Elements.Code = "read" }, "body: a. [600ms]\nbody: x equals one. [0s]\n", 0},
		{"code skipped", "a.\n\n```\nx = 1\n```", func(b *Brief) { b.Options.Elements.Code = "skip" }, "body: a. [0s]\n", 1},
		{"image", "a.\n\n![A red boat](x.png)", nil, "body: a. [600ms]\nbody+: Image: A red boat. [0s]\n", 0},
		{"image with a caption", "![boat](x.png \"The boat in May\")\n\na.", nil, "body+: Image: The boat in May. [600ms]\nbody: a. [0s]\n", 0},
		{"images that say nothing", "a. ![](x.png) ![IMG_1234.JPG](x) ![image](x) ![a1b2c3d4e5f6a7](x)", func(b *Brief) { b.Options.Elements.LeftOut = "silent" }, "body: a. [0s]\n", 4},
		{"image in a sentence", "See ![A red boat](x.png) there.", nil, "body: See there. [600ms]\nbody+: Image: A red boat. [0s]\n", 0},
		{"image behind a sentence", "See there ![A red boat](x.png)", nil, "body: See there [600ms]\nbody+: Image: A red boat. [0s]\n", 0},
		{"image skipped", "a.\n\n![A red boat](x.png)", func(b *Brief) { b.Options.Elements.Image = "skip" }, "body: a. [0s]\n", 1},
		{"rule", "a.\n\n***\n\nb.", nil, "body: a. [1.2s]\nbody: b. [0s]\n", 0},
		{"no words", "a.\n\n— … —\n\nb.", nil, "body: a. [600ms]\nbody: b. [0s]\n", 1},
		{"links", "See [this](https://e.org) and https://www.e.org/a?b=c. Or <https://f.org/x>!", nil, "body: See this and link to e dot org. Or link to f dot org! [0s]\n", 0},
		{"links, left as they are", "See https://www.e.org/a?b=c now.", func(b *Brief) { b.Options.Normalize = normalize.Off }, "body: See link to e.org now. [0s]\n", 0},
		{"links in German", "Siehe https://www.e.org/a?b=c heute.", func(b *Brief) { b.Language = "de" }, "body: Siehe Link zu e.org heute. [0s]\n", 0},
		{"mail", "Write to a@b.org.", nil, "body: Write to a at b dot org. [0s]\n", 0},
		{"inline", "*a* **b** ~~c~~ `d e`", nil, "body: a b c d e [0s]\n", 0},
		{"a footnote of nothing", "[^1]\n\n[^1]: c.\n\ne.", nil, "body: e. [0s]\n", 1},
		{"footnotes", "a[^1] b[^2].\n\n[^2]: d.\n[^1]: c.\n\ne.", nil, "body: a b. [400ms]\nnote: Footnote: c. End of footnote. [400ms]\nnote: Footnote: d. End of footnote. [600ms]\nbody: e. [0s]\n", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := brief()
			b.Options.Opening = ""
			if c.change != nil {
				c.change(&b)
			}
			s, findings := plan(t, c.text, b)
			got := ""
			for line := range strings.Lines(sheet(s)) {
				if !strings.HasPrefix(line, "==") {
					got += line
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(findings) != c.found {
				t.Errorf("%d findings, want %d: %v", len(findings), c.found, findings)
			}
		})
	}
}

func TestChapters(t *testing.T) {
	t.Parallel()
	intro := func(b *Brief) { b.HasIntro = true }
	credits := func(b *Brief) { b.Credits = "Thanks." }
	for _, c := range []struct {
		name, text string
		changes    []func(*Brief)
		want       string
	}{
		{"no heading", "a.", nil, "== T\ntitle: T. [1.2s]\nbody: a. [0s]\n"},
		{"no heading, intro", "a.", []func(*Brief){intro}, "== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: a. [0s]\n"},
		{"heading first", "## H\n\na.", nil, "== T\ntitle: T. [1.2s]\n== H\nheading: H. [700ms]\nbody: a. [0s]\n"},
		{"heading first, intro", "## H\n\na.", []func(*Brief){intro}, "== Intro (intro)\ntitle: T. [1.2s]\n== H\nheading: H. [700ms]\nbody: a. [0s]\n"},
		{"text before the heading", "a.\n\n## H\n\nb.", []func(*Brief){intro}, "== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: a. [1.2s]\n== H\nheading: H. [700ms]\nbody: b. [0s]\n"},
		{"two headings in a row", "## H\n\n### I\n\na.", nil, "== T\ntitle: T. [1.2s]\n== H\nheading: H. [800ms]\n== I\nheading: I. [500ms]\nbody: a. [0s]\n"},
		{"deep heading", "## H\n\n#### I\n\na.", nil, "== T\ntitle: T. [1.2s]\n== H\nheading: H. [800ms]\nheading: I. [500ms]\nbody: a. [0s]\n"},
		{"deep heading first", "#### I\n\na.", []func(*Brief){intro}, "== Intro (intro)\n== T\ntitle: T. [1.2s]\nheading: I. [500ms]\nbody: a. [0s]\n"},
		{"no chapters of headings", "## H\n\na.", []func(*Brief){func(b *Brief) { b.Options.Chapters.Depth = 0 }}, "== T\ntitle: T. [1.2s]\nheading: H. [700ms]\nbody: a. [0s]\n"},
		{"hidden intro", "a.", []func(*Brief){intro, func(b *Brief) { b.Options.Chapters.Intro = "" }}, "==  (intro) hidden\n== T\ntitle: T. [1.2s]\nbody: a. [0s]\n"},
		{"credits", "a.", []func(*Brief){credits}, "== T\ntitle: T. [1.2s]\nbody: a. [1.2s]\n== Credits (credits)\ncredits: Thanks. [0s]\n"},
		{"credits track alone", "a.", []func(*Brief){func(b *Brief) { b.HasCredits = true }}, "== T\ntitle: T. [1.2s]\nbody: a. [0s]\n== Credits (credits)\n"},
		{"hidden credits", "a.", []func(*Brief){credits, func(b *Brief) { b.Options.Chapters.Credits = "" }}, "== T\ntitle: T. [1.2s]\nbody: a. [1.2s]\n==  (credits) hidden\ncredits: Thanks. [0s]\n"},
		{"closing", "## H\n\na.", []func(*Brief){credits, func(b *Brief) { b.Options.Closing = "End of {title}." }}, "== T\ntitle: T. [1.2s]\n== H\nheading: H. [700ms]\nbody: a. [1.2s]\ntitle: End of T. [1.2s]\n== Credits (credits)\ncredits: Thanks. [0s]\n"},
		{"no opening, heading first", "## H\n\na.", []func(*Brief){func(b *Brief) { b.Options.Opening = "" }}, "== H\nheading: H. [700ms]\nbody: a. [0s]\n"},
		{"author", "a.", []func(*Brief){func(b *Brief) { b.Author = "Jo Roe" }}, "== T\ntitle: T. By Jo Roe. [1.2s]\nbody: a. [0s]\n"},
		{"skipped headings in a row", "## H\n\n## I\n\na.", []func(*Brief){func(b *Brief) { b.Options.Elements.Heading = "skip" }}, "== T\ntitle: T. [1.2s]\n== I\nbody: a. [0s]\n"},
		{"footnotes", "## H\n\na[^1].\n\n[^1]: n.", []func(*Brief){credits}, "== T\ntitle: T. [1.2s]\n== H\nheading: H. [700ms]\nbody: a. [400ms]\nnote: Footnote: n. End of footnote. [1.2s]\n== Credits (credits)\ncredits: Thanks. [0s]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := brief()
			for _, change := range c.changes {
				change(&b)
			}
			s, _ := plan(t, "# T\n\n"+c.text, b)
			if diff := cmp.Diff(c.want, sheet(s)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	const opening = "{title}. By {author}."
	for _, c := range []struct{ template, title, author, want string }{
		{opening, "A b", "Jo", "A b. By Jo."},
		{opening, "Why?", "Jo", "Why? By Jo."},
		{opening, "“Why?”", "Jo Jr.", "“Why?” By Jo Jr."},
		{opening, "A b.", "", "A b."},
		{opening, "", "Jo", "By Jo."},
		{opening, "", "", ""},
		{"{title}, by {author}. Welcome.", "A", "", "Welcome."},
		{"Hear {title}!", "Why?", "", "Hear Why?"},
		{opening, "1.5 ways. And more", "", "1.5 ways. And more."},
		{"Version 1.5 of {title}", "A", "", "Version 1.5 of A"},
	} {
		got, err := fill(c.template, map[string]string{"title": c.title, "author": c.author})
		if err != nil || got != c.want {
			t.Errorf("fill(%q, %q, %q) = %q, %v; want %q", c.template, c.title, c.author, got, err, c.want)
		}
	}
	if _, err := fill("{titel}.", nil); err == nil {
		t.Error("an unknown name was filled")
	}
}

func TestNothingToSpeak(t *testing.T) {
	t.Parallel()
	const nothing, title = "a.md: has nothing to speak: no letter or number outside of what is left out", "a.md: has a title and no text: there is nothing to speak under it"
	for text, want := range map[string]string{"---\ntitle: A\n---\n": title, "# A title alone\n": title, "***\n": nothing, "<script>\na\n</script>\n": nothing, "![](x.png)\n": nothing, "# A title\n\n***\n": nothing} {
		_, _, err := Plan(read(t, "a.md", text), brief())
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestMetadataAndPlaces(t *testing.T) {
	t.Parallel()
	doc := read(t, "a.md", "---\nid: i\nslug: s\ntitle: T\ndate: 2026-01-02\n---\nOne is\nhere. *Two* is\nhere.\n\n> Three.\n")
	b := brief()
	b.Options.Segment.Least = 5
	b.Author, b.Language = "Jo", "en"
	s, _, err := Plan(doc, b)
	if err != nil {
		t.Fatal(err)
	}
	if s.ID != "i" || s.Slug != "s" || s.Title != "T" || s.Author != "Jo" || s.Language != "en" || s.Source != "a.md" || s.Date.Year() != 2026 || s.Version != Version {
		t.Errorf("metadata %+v", s)
	}
	var at []string
	for p, g := range s.Segments() {
		at = append(at, fmt.Sprintf("%d %s %s", p.Ordinal, g.At(), g.Text))
	}
	want := []string{"1  T. By Jo.", "2 7:1 One is here.", "3 8:8 Two is here.", "4 11:3 Three."}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if err := Defaults().Validate(); err != nil {
		t.Errorf("defaults: %v", err)
	}
	if err := DefaultPauses().Validate(); err != nil {
		t.Errorf("default pauses: %v", err)
	}
	o := Defaults()
	o.Normalize, o.Elements.Math = "some", "read"
	o.Elements.Quote, o.Opening, o.Chapters.Depth, o.Segment = "loud", "{name}", 7, Length{Least: 80, Most: 40}
	want := `chapters.depth: "7" is not from 0 to 6
elements.math: "read" is not known: use speak, announce, skip
elements.quote: "loud" is not known: use auto, voice, announce
normalize: "some" is not known: use full, light, off
opening: "{name}" has {name}: {title}, {author}, {date}, {site}, {show}, {book} are known
segment.most: "40" is less than segment.least`
	if err := o.Validate(); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	p := DefaultPauses()
	p.Rule = -time.Second
	if err := p.Validate(); err == nil || err.Error() != `rule: "-1s" is not from 0 to 1h` {
		t.Errorf("pauses: %v", err)
	}
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, s)
}

// FuzzPlan checks that every word of a plain text is spoken, in order, within
// its bounds, and that the script comes back from its file the same.
func FuzzPlan(f *testing.F) {
	for _, s := range []string{
		"One. Two! Three?", "Dr. A. Smith went to the U.S. He came back at 5 p.m. It rained.", "“Why?” he said… And left.\n\n- a\n- b\n\n> q", "世界。你好！", "1. a 2. b", "Heading.\nA.\nB.\n", "a\u00a0b\u2028c\ufeff d", "x\n---\ny", "é\u0301👨‍👩‍👧 .!? . . . .",
	} {
		f.Add(s, uint16(30))
	}
	f.Fuzz(func(t *testing.T, text string, most uint16) {
		d, err := document.Read(context.Background(), "a.txt", strings.NewReader(text), document.Options{})
		if err != nil || strings.Contains(text, "://") || strings.Contains(text, "www.") || strings.ContainsAny(text, "✅✔✓☑❌✖✘✗❎") {
			return // addresses are said as their hosts, and a tick that stands alone as "yes"
		}
		b := brief()
		b.Options.Opening, b.Options.Normalize, b.Language, b.Options.Segment.Least = "", normalize.Off, "xx", 10
		b.Options.Segment.Most = int(most)%200 + 10
		s, _, err := Plan(d, b)
		if err != nil {
			return
		}
		var want, got strings.Builder
		var walk func([]document.Element)
		walk = func(es []document.Element) {
			for _, e := range es {
				for _, in := range e.Text {
					want.WriteString(in.Text)
				}
				for i, c := range e.Children {
					if e.Start > 0 {
						fmt.Fprint(&want, e.Start+i)
					}
					walk([]document.Element{c})
				}
			}
		}
		walk(d.Elements)
		for _, g := range s.Segments() {
			if !g.Announcement {
				got.WriteString(g.Text)
			}
			if n := utf8.RuneCountInString(g.Text); n > b.Options.Segment.Most {
				t.Errorf("segment of %d characters: %q", n, g.Text)
			}
			if !strings.ContainsFunc(g.Text, speakable) {
				t.Errorf("segment without a word: %q", g.Text)
			}
		}
		if diff := cmp.Diff(letters(want.String()), letters(got.String())); diff != "" {
			t.Errorf("words lost or made (-document +script):\n%s", diff)
		}
		var file bytes.Buffer
		if err := Encode(&file, s, YAML); err != nil {
			t.Fatal(err)
		}
		back, err := Decode("a.yaml", bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, file.String())
		}
		if diff := cmp.Diff(s, back); diff != "" {
			t.Errorf("file (-script +decoded):\n%s\n%s", diff, file.String())
		}
	})
}

func TestAForgottenSpaceIsHeard(t *testing.T) {
	t.Parallel()
	b := brief()
	b.Options.Opening = ""
	s, _ := plan(t, "The lamp is on the floor.They left it there.", b)
	g := s.Chapters[0].Segments[0]
	if want := "The lamp is on the floor. They left it there."; g.Text != want || g.Written != "The lamp is on the floor.They left it there." {
		t.Errorf("%q of %q, want %q", g.Text, g.Written, want)
	}
}
