package document

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TestCommonMark reads the examples of the CommonMark specification, or others
// of the same form, from the JSON lines that NARRAPRESS_COMMONMARK names:
// objects with "example", "markdown" and "html"; lines that begin with # are
// none. The words of what is read are those of the HTML, in order.
func TestCommonMark(t *testing.T) {
	t.Parallel()
	name := os.Getenv("NARRAPRESS_COMMONMARK")
	if name == "" {
		t.Skip("NARRAPRESS_COMMONMARK names no file of examples")
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	n, right := 0, 0
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		var c struct {
			Example        int
			Markdown, HTML string
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		n++
		var got []string
		d, err := Read(context.Background(), "a.md", strings.NewReader(c.Markdown), Options{})
		if err == nil {
			got = commonWords(shown(d))
		} else if strings.TrimSpace(c.Markdown) != "" {
			t.Errorf("example %d: %v", c.Example, err)
		}
		if want := commonWords(htmlWords(c.HTML)); !slices.Equal(got, want) {
			t.Errorf("example %d: %q\n got %q\nwant %q", c.Example, c.Markdown, got, want)
			continue
		}
		right++
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d right", right, n)
}

func commonWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '\'' && r != '’' })
}

// shown is the words of a document as a page shows them: alternative texts and
// what appears where one points are none.
func shown(d *Document) string {
	var b strings.Builder
	title := d.Meta.TitlePos
	var walk func(es []Element, top bool)
	walk = func(es []Element, top bool) {
		for _, e := range es {
			if top && title.Line > 0 && e.Pos.Line > title.Line {
				b.WriteString(d.Meta.Title + "\n")
				title = Pos{}
			}
			b.WriteString(Plain(e.Text) + "\n")
			if e.Kind == Code || e.Kind == Formula {
				b.WriteString(e.Raw + "\n")
			}
			if e.Kind == Image && !e.Tooltip {
				b.WriteString(e.Title + "\n")
			}
			walk(e.Children, false)
			b.WriteString(Plain(e.Cite) + "\n")
		}
	}
	walk(d.Elements, true)
	if title.Line > 0 {
		b.WriteString(d.Meta.Title)
	}
	return b.String()
}

// htmlWords is the text of a piece of HTML; a tag that does not end is text.
func htmlWords(text string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	skip := 0
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			b.Write(z.Raw())
			return b.String()
		case html.TextToken:
			if skip == 0 {
				b.WriteString(z.Token().Data)
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			switch {
			case tag.DataAtom != atom.Script && tag.DataAtom != atom.Style:
			case kind == html.StartTagToken:
				skip++
			case kind == html.EndTagToken && skip > 0:
				skip--
			}
			switch tag.Data {
			case "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "br", "blockquote", "pre", "hr":
				b.WriteByte('\n')
			}
		}
	}
}
