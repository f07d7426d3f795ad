package document

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dump shows a document as text, an element a line.
func dump(d *Document) string {
	var b strings.Builder
	m := d.Meta
	fmt.Fprintf(&b, "id=%s slug=%s title=%q author=%q language=%s link=%s cover=%s date=%s tags=%v\ndescription=%q\n",
		m.ID, m.Slug, m.Title, m.Author, m.Language, m.Link, m.Cover, m.Date.Format(time.DateOnly), m.Tags, m.Description)
	var walk func(int, []Element)
	walk = func(depth int, es []Element) {
		for _, e := range es {
			fmt.Fprintf(&b, "%*s%d:%d %s", depth*2, "", e.Pos.Line, e.Pos.Col, e.Kind)
			for _, f := range []struct {
				key   string
				value any
				shown bool
			}{
				{"level", e.Level, e.Level > 0},
				{"start", e.Start, e.Start > 0},
				{"header", e.Header, e.Header},
				{"task", e.Task, e.Task != ""},
				{"language", e.Language, e.Language != ""},
				{"label", e.Label, e.Label != ""},
				{"alt", e.Alt, e.Alt != ""},
				{"url", e.URL, e.URL != ""},
			} {
				if f.shown {
					fmt.Fprintf(&b, " %s=%v", f.key, f.value)
				}
			}
			if e.Raw != "" {
				fmt.Fprintf(&b, " %q", e.Raw)
			}
			if len(e.Text) > 0 {
				b.WriteString(" | " + inline(e.Text))
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

func inline(ins []Inline) string {
	var b strings.Builder
	for _, in := range ins {
		switch in.Kind {
		case Text:
			b.WriteString(in.Text)
		case Break:
			b.WriteString(map[bool]string{false: " / ", true: " // "}[in.Hard])
		default:
			fmt.Fprintf(&b, "{%s %s%s%s}", in.Kind, in.Text, inline(in.Children), in.URL)
		}
	}
	return b.String()
}

func read(t *testing.T, name, text string, o Options) *Document {
	t.Helper()
	d, err := Read(context.Background(), name, strings.NewReader(text), o)
	if err != nil {
		t.Fatalf("Read(%q): %v", text, err)
	}
	return d
}

// plain is every word of a document's elements, in order.
func plain(es []Element) string {
	var b strings.Builder
	for _, e := range es {
		b.WriteString(Plain(e.Text) + " " + e.Raw + " " + e.Alt + " " + plain(e.Children) + " ")
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"post.md", "talk.txt", "story.txt"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("testdata", name)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := dump(read(t, name, string(raw), Options{}))
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
			crlf := read(t, name, strings.ReplaceAll(string(raw), "\n", "\r\n"), Options{})
			if diff := cmp.Diff(got, dump(crlf)); diff != "" {
				t.Errorf("%s with CRLF (-LF +CRLF):\n%s", path, diff)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, text, want string }{
		{"empty", "a.md", "", "a.md: is empty: there is nothing to speak"},
		{"blank", "a.txt", " \n\t\n", "a.txt: is empty: there is nothing to speak"},
		{"zero byte", "a.md", "one\ntw\x00o", "a.md:2:3: is not text (a zero byte): save it as UTF-8 text"},
		{"latin-1", "a.txt", "één\r\ncaf\xe9 x", "a.txt:2:4: is not UTF-8 (byte 0xE9): save it as UTF-8 text"},
		{"half a pair", "a.txt", "\xFF\xFEa\x00\x00\xD8b\x00", "a.txt:1:2: is not UTF-16 (half a surrogate pair): save it as UTF-8 text"},
		{"odd UTF-16", "a.txt", "\xFE\xFF\x00a\x00", "a.txt:1:2: is not UTF-16 (half a character at the end): save it as UTF-8 text"},
		{"empty html", "page", "\n<!DOCTYPE html><body><nav>Home</nav>", "page: no article was found on the page: save its text as a file"},
		{"blank html", "a.html", " \n", "a.html: is empty: there is nothing to speak"},
		{"nested html", "a.html", "<html>" + strings.Repeat("<div>", 600) + "x", "a.html: is HTML nested deeper than 512 elements: save its article as a file of its own"},
		{"epub", "b.epub", "PK\x03\x04................mimetypeapplication/epub+zip", "b.epub: is a damaged zip archive, perhaps cut off: get the file again"},
		{"zip", "b.docx", "PK\x03\x04....", "b.docx: is a damaged zip archive, perhaps cut off: get the file again"},
		{"pdf", "b.md", "%PDF-1.7\n", "b.md: is PDF: this version reads EPUB, Markdown, HTML and plain text"},
		{"front matter", "a.md", "---\ntitle: A\nlist: [1,2\nb: 3\n---\nText.", "a.md:3:1: front matter is not YAML: did not find expected ',' or ']'"},
		{"front matter colon", "a.md", "---\ntitle: A: B\n---\nText.", "a.md:2:1: front matter is not YAML: mapping values are not allowed in this context: put a value that has a colon in it in quotes"},
		{"front matter open", "a.md", "---\ntitle: A\n\nText.", "a.md:1:1: front matter is not closed: end it with a line of ---"},
		{"toml", "a.md", "+++\ntitle = 'A'\nb = \n+++\n", "a.md:3:5: front matter is not TOML: incomplete number"},
		{"toml not closed", "a.md", "+++\ntitle = 'A'\n", "a.md:1:1: front matter is not closed: end it with a line of +++"},
		{"settings that are no map", "a.md", "---\ntitle: A\nnarrapress: [a]\n---\nB.", "a.md:3:13: narrapress in front matter is not a map: write keys of the show's file, indented, below it"},
		{"nesting", "a.md", "x\n\n" + strings.Repeat(">", 500) + " y", "a.md:3:1: opens 500 quotes and lists in one line: 100 are read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(context.Background(), c.file, strings.NewReader(c.text), Options{})
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v is no *Error", err)
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	_, err := Read(context.Background(), "a.md", strings.NewReader("12345678901"), Options{MostBytes: 10})
	if want := "a.md: is larger than 10 bytes: split it into episodes"; err == nil || err.Error() != want {
		t.Errorf("too large: %v, want %s", err, want)
	}
	if _, err = Read(context.Background(), "a.md", strings.NewReader("x"), Options{Type: "rtf"}); err == nil {
		t.Error("an unknown type was read")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, "a.md", strings.NewReader("x"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	text := "Grüße, 世界 🎤.\r\nZweite Zeile."
	units := utf16.Encode([]rune(text))
	le, be := []byte{0xFF, 0xFE}, []byte{0xFE, 0xFF}
	for _, u := range units {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	for name, raw := range map[string]string{"utf-8": text, "bom": "\xEF\xBB\xBF" + text, "utf-16le": string(le), "utf-16be": string(be), "old mac": strings.ReplaceAll(text, "\r\n", "\r")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.txt", raw, Options{})
			if got, want := inline(d.Elements[0].Text), "Grüße, 世界 🎤. / Zweite Zeile."; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestTypeByNameAndContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a.md", "Plain words.", TypeMarkdown},
		{"a.Markdown", "Plain words.", TypeMarkdown},
		{"a.txt", "# A heading\n", TypeText},
		{"-", "Plain words.\n\nMore of them, at 5 * 3 and a_b_c.", TypeText},
		{"-", "---\ntitle: A\n---\nWords.", TypeMarkdown},
		{"-", "Words.\n\n## Two\n", TypeMarkdown},
		{"-", "- one\n- two\n", TypeMarkdown},
		{"-", "See [this](https://example.com).", TypeMarkdown},
		{"-", "It is *very* late.", TypeMarkdown},
		{"-", "It is **very** late.", TypeMarkdown},
		{"-", "> quoted\n", TypeMarkdown},
		{"-", "```\ncode\n```", TypeMarkdown},
		{"notes", "--- not front matter ---\n\nWords.", TypeText},
		{"-", "#hashtag is not a heading", TypeText},
	} {
		if got := typeOf(c.name, c.text); got != c.want {
			t.Errorf("%s %q is %s, want %s", c.name, c.text, got, c.want)
		}
	}
}

func TestTitleFromName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"my-first_post.md": "My first post", "a/b/éclair.txt": "Éclair", "-": "", ".md": "", "2024-01-02-hello.markdown": "2024 01 02 hello",
		"Part 2. The sea": "Part 2. The sea", `c:\texts\one.txt`: "One", "": "", "v1.2": "V1.2",
	} {
		if got := TitleFromName(name); got != want {
			t.Errorf("TitleFromName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestMarkdownTitle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, option, title, rest string }{
		{"first heading", "# A b\n\nText.", "", "A b", "Text."},
		{"setext", "A b\n===\n\nText.", "", "A b", "Text."},
		{"front matter wins", "---\ntitle: X\n---\n# A b\n\nText.", "", "X", "A b Text."},
		{"same as front matter", "---\ntitle: a B\n---\n# A b\n\nText.", "", "a B", "Text."},
		{"option wins", "---\ntitle: X\n---\nText.", " O  p ", "O p", "Text."},
		{"option, other heading", "# A b\n\nText.", "O", "O", "A b Text."},
		{"option, same heading", "# A b\n\nText.", "A b", "A b", "Text."},
		{"after an image", "![A tower](t.jpg)\n\n# A b\n\nText.", "", "A b", "A tower Text."},
		{"after words, the only one", "Posted.\n\n# A b\n\nText.", "", "A b", "Posted. Text."},
		{"after words, one of two", "Posted.\n\n# A b\n\n# C\n\nText.", "", "", "Posted. A b C Text."},
		{"level two", "## A b\n\nText.", "", "", "A b Text."},
		{"no words", "#\n\nText.", "", "", "Text."},
		{"markup", "# *A* `b`[^1]\n\nText.\n\n[^1]: N.", "", "A b", "Text. N."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.md", c.text, Options{Title: c.option})
			if d.Meta.Title != c.title || plain(d.Elements) != c.rest {
				t.Errorf("title %q, text %q; want %q, %q", d.Meta.Title, plain(d.Elements), c.title, c.rest)
			}
		})
	}
}

func TestFrontMatter(t *testing.T) {
	t.Parallel()
	d := read(t, "a.md", "---\n# comment\nTitle: 'A: b'\nauthor:\n  name: Ann Lee\ndate: 2 March 2026\ntags: x, y\nsummary: |\n  Two\n  lines\nurl: https://e.org\ncover: {image: c.png}\nlang: de\nextra: {deep: [1]}\n...\nText.\n", Options{})
	want := Meta{Title: "A: b", Author: "Ann Lee", Date: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Tags: []string{"x", "y"}, Description: "Two lines", Link: "https://e.org", Cover: "c.png", Language: "de"}
	if diff := cmp.Diff(want, d.Meta); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p := d.Elements[0].Pos; p.Line != 16 || p.Col != 1 {
		t.Errorf("text is at %v, want line 16", p)
	}
	d = read(t, "a.md", "---\n\nA break, no front matter.\n\n---\n", Options{})
	if len(d.Elements) != 3 || d.Elements[0].Kind != Rule {
		t.Errorf("thematic breaks were read as %v", dump(d))
	}
	d = read(t, "a.md", "---\ndate: someday\n---\nText.\n", Options{})
	if len(d.Findings) != 1 || d.Findings[0].Pos.Line != 2 || d.Findings[0].Pos.Col != 7 {
		t.Errorf("findings %v", d.Findings)
	}
}

func TestInlines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"escapes", `\*no\* \# a &amp; b &lt;c&gt; &#x3A9; &copy \&amp;`, "*no* # a & b <c> Ω &copy &amp;"},
		{"delimiters that are none", "a_b_c and 2 * 3 * 4 [not a link] x", "a_b_c and 2 * 3 * 4 [not a link] x"},
		{"break", "one  \ntwo\nthree\\\nfour", "one // two / three // four"},
		{"html", "a <em>b</em> <!-- c --> d<br/>e", "a {emphasis b}  d // e"},
		{"nested", "*a **b** `c`*", "{emphasis a {strong b} {code c}}"},
		{"link", "[a *b*](<u v> \"t\") [c][r]\n\n[r]: /z", "{link a {emphasis b}u v} {link c/z}"},
		{"auto", "<https://a.b/c> www.d.e x@f.gh", "{link https://a.b/chttps://a.b/c} {link www.d.ehttp://www.d.e} {link x@f.ghx@f.gh}"},
		{"picture", "see ![an *alt*](p.png) here", "see {picture an altp.png} here"},
		{"strike", "~~gone~~ here", "{strike gone} here"},
		{"footnote", "A[^x].\n\n[^x]: Note.", "A{note x}."},
		{"tabs", "a\tb", "a\tb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.md", c.text, Options{})
			if got := inline(d.Elements[0].Text); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestInlinePlaces(t *testing.T) {
	t.Parallel()
	d := read(t, "a.md", "---\na: b\n---\nÄé *ö* `x`\nzwei [drei](u)", Options{})
	var got []string
	var walk func([]Inline)
	walk = func(ins []Inline) {
		for _, in := range ins {
			if in.Line > 0 {
				got = append(got, fmt.Sprintf("%s %d:%d", strings.TrimSpace(in.Text), in.Line, in.Col))
			}
			walk(in.Children)
		}
	}
	walk(d.Elements[0].Text)
	want := []string{"Äé 4:1", "ö 4:5", " 4:7", "x 4:9", "zwei 5:1", "drei 5:7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestColumnsOfALongLine(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("é", 5000) + "\nx" + strings.Repeat("世", 3000)
	s := newSource("a", text)
	for _, c := range []struct{ off, line, col int }{{0, 1, 1}, {2, 1, 2}, {10000, 1, 5001}, {10001, 2, 1}, {10002, 2, 2}, {10002 + 3*1500, 2, 1502}, {len(text), 2, 3002}} {
		if p := s.pos(c.off); p.Line != c.line || p.Col != c.col {
			t.Errorf("offset %d is %d:%d, want %d:%d", c.off, p.Line, p.Col, c.line, c.col)
		}
	}
}

// letters are the letters and digits of a text: what a voice says.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, s)
}
