package document

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// The parser of HTML keeps no places. So that elements have theirs, every
// start tag is given an attribute with it before the page is parsed, and so is
// every comment that is a directive.
const placeAttr = "narrapress-at"

// mostTags bounds the elements of a page; the largest of the pages measured,
// a city's history in an encyclopedia, has 30,000.
const mostTags = 200_000

// placed writes line and column into every start tag and directive of a page.
func placed(name, text string) (string, error) {
	var b strings.Builder
	b.Grow(len(text) + len(text)/2)
	z := html.NewTokenizer(strings.NewReader(text))
	line, col, tags, within := 1, 1, 0, 0
	for {
		z.AllowCDATA(within > 0) // as the parser does
		kind := z.Next()
		if kind == html.ErrorToken {
			break // the end: the tokenizer mends everything else
		}
		raw := z.Raw()
		within = max(0, within+nesting(kind, raw))
		if tags += mostElements(kind, raw); tags > mostTags {
			return "", &Error{Pos{name, line, col}, fmt.Sprintf("has more than %d elements: save its article as a file of its own", mostTags)}
		}
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			n := 1
			for n < len(raw) && !strings.ContainsRune(" \t\n\f/>", rune(raw[n])) {
				n++
			}
			b.Write(raw[:n])
			fmt.Fprintf(&b, " %s=%d:%d", placeAttr, line, col)
			if n < len(raw) && raw[n] == '/' {
				b.WriteByte(' ') // or the slash would be the value's
			}
			b.Write(raw[n:])
		} else if rest, ok := bytes.CutPrefix(raw, []byte("<!--")); ok && kind == html.CommentToken && bytes.HasPrefix(bytes.TrimSpace(rest), []byte("narrapress:")) {
			fmt.Fprintf(&b, "<!--%s=%d:%d %s", placeAttr, line, col, rest)
		} else {
			b.Write(raw)
		}
		for _, c := range raw {
			switch {
			case c == '\n':
				line++
				col = 1
			case c&0xC0 != 0x80: // no continuation byte of UTF-8
				col++
			}
		}
	}
	return b.String(), nil
}

// mostElements is how many elements a token may become: what looks like tags in
// CDATA may be some to the parser.
func mostElements(kind html.TokenType, raw []byte) int {
	switch {
	case kind == html.StartTagToken || kind == html.SelfClosingTagToken:
		return 1
	case bytes.HasPrefix(raw, []byte("<![CDATA[")):
		return bytes.Count(raw, []byte("<"))
	}
	return 0
}

// nesting is how many elements of MathML and SVG a tag opens; less than 0 if it
// ends one.
func nesting(kind html.TokenType, raw []byte) int {
	if kind != html.StartTagToken && kind != html.EndTagToken {
		return 0
	}
	name := bytes.TrimLeft(raw, "</")
	if end := bytes.IndexAny(name, " \t\n\f\r/>"); end >= 0 {
		name = name[:end]
	}
	switch {
	case !bytes.EqualFold(name, []byte("math")) && !bytes.EqualFold(name, []byte("svg")):
		return 0
	case kind == html.EndTagToken:
		return -1
	}
	return 1
}

// pos is the place of a node: its own, or that of the nearest before it.
func (p *page) pos(n *html.Node) Pos {
	for ; n != nil; n = n.Parent {
		if l, c, ok := strings.Cut(attr(n, placeAttr), ":"); ok {
			line, _ := strconv.Atoi(l)
			col, _ := strconv.Atoi(c)
			return Pos{File: p.name, Line: line, Col: col}
		}
	}
	return Pos{File: p.name}
}
