package document

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/growth"
)

// Documents that ask a careless reader to look back, or ahead, over and over:
// each makes a text of a size.

const sentence = "Hello there, my dear. It is *so* good to see you & me at [home](http://x.y) now. "

var largeTexts = map[string]func(size int) string{
	"one line":      func(size int) string { return strings.Repeat(sentence, size/len(sentence)) },
	"chinese":       func(size int) string { return strings.Repeat("你好世界，我们在这里。", size/33) },
	"short lines":   func(size int) string { return strings.Repeat("A short line.\n", size/14) },
	"open links":    func(size int) string { return strings.Repeat("[a](", size/4) },
	"open links, <": func(size int) string { return strings.Repeat("[a](<b ", size/7) },
	"open titles":   func(size int) string { return strings.Repeat("[a](b \"c ", size/9) },
	"quotes":        func(size int) string { return strings.Repeat(">", size) },
	"brackets":      func(size int) string { return strings.Repeat("[", size) },
	"emphasis":      func(size int) string { return strings.Repeat("*a_ ", size/4) },
	"backticks":     func(size int) string { return strings.Repeat("`a``b", size/5) },
	"footnotes": func(size int) string {
		return strings.Repeat("[^a] ", size/10) + "\n\n" + strings.Repeat("[^b]: c\n\n", size/131)
	},
	"damage": func(size int) string {
		return "All of this is Latin text. " + strings.Repeat("ไทยabc def ", size/20)
	},
	"lists":           func(size int) string { return strings.Repeat("- a\n  - b\n", size/10) },
	"table":           func(size int) string { return "a|b\n-|-\n" + strings.Repeat("c|d\n", size/4) },
	"open html":       func(size int) string { return strings.Repeat("<a b='", size/6) },
	"brackets, lines": func(size int) string { return strings.Repeat("[\n]", size/3) },
	"code marks":      func(size int) string { return strings.Repeat("``\\", size/3) },
	"list of links":   func(size int) string { return strings.Repeat("- [a](http://b.c)\n", size/18) },
	"entities":        func(size int) string { return strings.Repeat("&", size) },
	"empty headings":  func(size int) string { return strings.Repeat("#\n", size/2) },
	"dollars":         func(size int) string { return strings.Repeat("$a ", size/3) + ` \) \] word` },
	"dollars, code":   func(size int) string { return strings.Repeat("$a ` b `` ", size/10) + " $ ` word" },
	"double dollars":  func(size int) string { return strings.Repeat("$$a ", size/4) + ` \) \] word` },
	"open brackets":   func(size int) string { return strings.Repeat(`\(a `, size/4) + ` \) \] word` },
	"double lines":    func(size int) string { return strings.Repeat("$$\n", size/3) + ` \) \] word` },
	"escaped dollars": func(size int) string { return strings.Repeat(`$x\$`, size/5) + ` \) \] word` },
}

// Tags of which a parser of HTML makes more and more.
var largeTags = map[string]func(size int) string{
	"blocks that do not end": func(size int) string { return strings.Repeat("<div>\n\na\n\n", size/10) },
	"blocks that end":        func(size int) string { return strings.Repeat("</div>\n\na\n\n", size/11) },
	"open and closed": func(size int) string {
		return strings.Repeat("<div>\n\n", size/14) + strings.Repeat("</div>\n\n", size/14)
	},
	"formatting": func(size int) string { return strings.Repeat("<b>", 400) + strings.Repeat("<b x=1><p>a</p>", size/15) },
	"formatting, blocks": func(size int) string {
		return "<div>" + strings.Repeat("<i a=1><p>b</p>", 200) + strings.Repeat("\n\n<p>a</p>", size/10) + "\n\n</div>"
	},
	"tags in a line":       func(size int) string { return strings.Repeat("a <b>b</b> ", size/11) },
	"tags in a line, open": func(size int) string { return strings.Repeat("a <i b=c>", size/9) },
	"scripts in a line":    func(size int) string { return strings.Repeat("a <script>", size/10) },
	"scripts in a line, shut": func(size int) string {
		return strings.Repeat("a <script>", size/20) + strings.Repeat("</script> b", size/20)
	},
	"comments":          func(size int) string { return strings.Repeat("<!-- ", size/5) },
	"comments in lines": func(size int) string { return strings.Repeat("a <!-- narrapress: skip --> b\n", size/30) },
	"in quotes":         func(size int) string { return strings.Repeat(strings.Repeat(">", 90)+" <div>\n", size/98) },
	"smuggled": func(size int) string {
		return strings.Repeat("<svg><title><p narrapress-insert=0></title></svg>\n\n", size/52) + strings.Repeat("a ", size/32)
	},
}

const pageParagraph = "<p>Hello there, my dear. It is <em>so</em> good to see you &amp; me, at <a href=x>home</a> now.</p>\n"

var largePages = map[string]func(size int) string{
	"paragraphs":        func(size int) string { return strings.Repeat(pageParagraph, size/len(pageParagraph)) },
	"one pageParagraph": func(size int) string { return "<p>" + strings.Repeat("Hello there, my dear, and you. ", size/31) },
	"100-fold": func(size int) string {
		return strings.Repeat(strings.Repeat("<div>", 100)+"a, b"+strings.Repeat("</div>", 100), size/1200)
	},
	"breaks":       func(size int) string { return strings.Repeat("a, b<br>", size/8) },
	"open formats": func(size int) string { return strings.Repeat("<b><p>", 250) + strings.Repeat("a ", size/2) },
	"anchors":      func(size int) string { return strings.Repeat("<a href=#a>1</a>", size/16) },
	"notes": func(size int) string {
		return strings.Repeat("<p>a<sup><a href=#n>1</a></sup>", size/64) + "<li id=n>b"
	},
	"list":           func(size int) string { return "<ul>" + strings.Repeat("<li>a", size/5) },
	"table":          func(size int) string { return "<table>" + strings.Repeat("<tr><td>a<td>b", size/14) },
	"comment":        func(size int) string { return "<!--" + strings.Repeat("-", size) },
	"open attribute": func(size int) string { return `<p a="` + strings.Repeat("b", size) },
	"attributes":     func(size int) string { return "<p " + strings.Repeat("a ", size/2) + ">x" },
	"entities":       func(size int) string { return strings.Repeat("&amp", size/4) },
	"quotes": func(size int) string {
		return strings.Repeat("<blockquote><div class=quote-author>a</div>", 200) + strings.Repeat("a, b ", size/5)
	},
	"row of quotes": func(size int) string { return strings.Repeat("<blockquote>a</blockquote><p>— Ann Lee</p>", size/40) },
	"cites":         func(size int) string { return "<blockquote>" + strings.Repeat("<cite></cite>", size/13) + "x" },
	"posts": func(size int) string {
		return "<blockquote class=twitter-tweet>" + strings.Repeat("<a href=http://a></a>", size/21) + "x"
	},
	"call-outs": func(size int) string {
		return strings.Repeat("<div class=note>", 200) + strings.Repeat("a, b ", size/5)
	},
	"poems": func(size int) string {
		return strings.Repeat("<div class=epigraph><blockquote>", 200) + strings.Repeat("a<br>", size/5)
	},
	"spans": func(size int) string {
		return "<table>" + strings.Repeat("<tr><td rowspan=65534 colspan=1000>a<th>b", size/40)
	},
	"players":     func(size int) string { return strings.Repeat("<div><iframe src=a></iframe></div>", size/34) },
	"related":     func(size int) string { return strings.Repeat("<h2>Related</h2>", size/16) },
	"spoilers":    func(size int) string { return strings.Repeat("<p class=spoiler>a</p>", size/22) },
	"directives":  func(size int) string { return strings.Repeat("<!-- narrapress: skip -->a ", size/27) },
	"meta":        func(size int) string { return strings.Repeat("<meta name=a content=b>", size/24) + "<p>x" },
	"inline code": func(size int) string { return strings.Repeat("<code>a</code> ", size/15) },
}

// The time of reading grows with the document, not with its square.
func TestReadingIsLinear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, before string
		shapes       map[string]func(size int) string
	}{
		{"a.md", "", largeTexts},
		{"a.txt", "", largeTexts},
		{"tags.md", "", largeTags},
		{"a.html", "<html><body>", largePages},
	} {
		for name, shape := range c.shapes {
			t.Run(c.file+"/"+name, func(t *testing.T) {
				t.Parallel()
				growth.Linear(t, 1<<14, func(size int) func() {
					text := c.before + shape(size)
					return func() { mayFail(t, c.file, text) }
				})
			})
		}
	}
}

// mayFail reads a document that need not be read, but may not end in anything
// but an *Error.
func mayFail(t testing.TB, file, text string) {
	_, err := Read(context.Background(), file, strings.NewReader(text), Options{})
	var e *Error
	if err != nil && !errors.As(err, &e) {
		t.Errorf("%v is no *Error", err)
	}
}

func BenchmarkRead(b *testing.B) {
	const size = 1 << 20
	for _, c := range []struct {
		file, before string
		shapes       map[string]func(size int) string
	}{{"a.md", "", largeTexts}, {"tags.md", "", largeTags}, {"a.html", "<html><body>", largePages}} {
		for name, shape := range c.shapes {
			b.Run(c.file+"/"+name, func(b *testing.B) {
				text := c.before + shape(size)
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					mayFail(b, c.file, text)
				}
			})
		}
	}
}
