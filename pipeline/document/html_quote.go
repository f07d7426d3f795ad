package document

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	citeAttr = "narrapress-cite"

	// mostCite is the length of the longest line, in characters, that can say
	// whose words were quoted.
	mostCite = 120

	dashes = "-–—―− \u00a0\t\n"
)

// quote is a quotation with, where it says so, who or what is quoted.
func (p *page) quote(n *html.Node, e Element) []Element {
	if posted(n) {
		return p.post(n, e)
	}
	e.Kind = Quote
	e.Cite, e.Children = p.cited(n)
	if len(e.Children) == 0 {
		if len(e.Cite) == 0 {
			return nil
		}
		e.Children, e.Cite = []Element{{Kind: Paragraph, Pos: e.Pos, Text: e.Cite}}, nil
	}
	return []Element{e}
}

// cited is what stands in a quotation or a poem, and apart from it whose it is.
func (p *page) cited(n *html.Node) (cite []Inline, children []Element) {
	if by := citation(n); by != nil {
		remove(by)
		cite = trimLead(p.inlines(by), dashes)
	}
	children = p.flow(n)
	if len(cite) > 0 {
		return cite, undashed(children)
	}
	return lastCite(children)
}

var citeClass = compiled(`(?i)(^|[-_ ])(attribution|citation|cite|quote[-_]*(author|source|credit|by)|blockquote[-_]*(author|source|footer))($|[-_ ])`)

// citation is the part of a quotation that says whose it is, by its element
// or its class; nil if there is none.
func citation(quote *html.Node) *html.Node {
	var found *html.Node
	walk(quote, func(n *html.Node) bool {
		switch {
		case n.Type != html.ElementNode || n.DataAtom == atom.Blockquote:
			return false
		case attr(n, citeAttr) != "", n.DataAtom == atom.Footer, n.DataAtom == atom.Figcaption && n.Parent == quote,
			n.DataAtom == atom.Cite, citeClass().MatchString(attr(n, "class")):
			found = n // the last one
			return false
		}
		return true
	})
	if found == nil || !briefly(found, 2*mostCite) || wordsOf(found) == "" || !lastIn(found, quote) || found.DataAtom == atom.Cite && !ownLine(found, quote) {
		return nil
	}
	return found
}

// briefly says whether a node has words of no more than most bytes; it looks
// no further than that.
func briefly(n *html.Node, most int) bool {
	var left func(*html.Node) bool
	left = func(n *html.Node) bool {
		if n.Type == html.TextNode {
			most -= len(strings.TrimSpace(n.Data))
		}
		for c := n.FirstChild; c != nil && most >= 0; c = c.NextSibling {
			left(c)
		}
		return most >= 0
	}
	return left(n)
}

// lastIn says whether nothing is said in a node after one of its descendants.
func lastIn(n, outer *html.Node) bool {
	for ; n != nil && n != outer; n = n.Parent {
		for c := n.NextSibling; c != nil; c = c.NextSibling {
			if strings.TrimSpace(textOf(c)) != "" {
				return false
			}
		}
	}
	return true
}

// ownLine says whether what stands before a <cite> has come to its end: the
// title of a work is often one in the middle of a sentence.
func ownLine(cite, quote *html.Node) bool {
	for n := cite; n != quote; n = n.Parent {
		for c := n.PrevSibling; c != nil; c = c.PrevSibling {
			if c.Type == html.ElementNode && (block(c) || c.DataAtom == atom.Br) {
				return true
			}
			if text := strings.TrimSpace(textOf(c)); text != "" {
				r, _ := utf8.DecodeLastRuneInString(text)
				return strings.ContainsRune(".!?…\"”’»–—-―", r)
			}
		}
		if block(n) && n != cite {
			return true
		}
	}
	return true
}

// lastCite takes from a quotation its last line or paragraph where that begins
// with a dash and says whose words they are. Where other lines begin with one
// too they are a talk.
func lastCite(children []Element) (cite []Inline, rest []Element) {
	if len(children) == 0 || children[len(children)-1].Kind != Paragraph {
		return nil, children
	}
	for _, e := range children[:len(children)-1] {
		if dashOf(Plain(e.Text)) != "" {
			return nil, children
		}
	}
	last := children[len(children)-1]
	from := 0
	for i, in := range last.Text {
		if in.Kind != Break {
			continue
		}
		if dashOf(Plain(last.Text[from:i])) != "" {
			return nil, children
		}
		from = i + 1
	}
	if from == 0 && len(children) > 1 && signedBelow(children[len(children)-2], last) {
		return last.Text, children[: len(children)-1 : len(children)-1]
	}
	if from == 0 && len(children) == 1 || !saysWhose(Plain(last.Text[from:])) {
		return nil, children
	}
	cite = trimLead(last.Text[from:], dashes)
	rest = append(rest, children[:len(children)-1]...)
	if last.Text = trimmed(last.Text[:from]); len(last.Text) > 0 {
		rest = append(rest, last)
	}
	return cite, rest
}

// signedBelow says whether the last paragraph of a quotation, without a dash, is the
// name of who said the words in quotation marks above it, and what he is.
func signedBelow(above, e Element) bool {
	const most = 14 // words
	said, line := Plain(above.Text), Plain(e.Text)
	if above.Kind != Paragraph || e.Kind != Paragraph || !strings.ContainsAny(said, "\"“”„«»") || len(strings.Fields(line)) > most {
		return false
	}
	if r, _ := utf8.DecodeLastRuneInString(said); !strings.ContainsRune("\"”“»", r) {
		return false
	}
	name, _, _ := strings.Cut(line, ",")
	return strings.Contains(name, " ") && nameLike(name)
}

// dashOf is the dash that a line begins with, if words follow.
func dashOf(line string) string {
	for _, d := range []string{"---", "--", "—", "–", "―", "−", "-"} {
		if rest, ok := strings.CutPrefix(line, d); ok && strings.TrimLeft(rest, dashes) != "" {
			return d
		}
	}
	return ""
}

// saysWhose says whether a line is a dash and a name, a title or the like.
func saysWhose(line string) bool {
	dash := dashOf(line)
	text := strings.TrimLeft(line, dashes)
	if dash == "" || utf8.RuneCountInString(text) > mostCite || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "…") {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(text); unicode.IsLower(r) && dash != "—" {
		return false
	}
	if dash == "-" {
		name, _, _ := strings.Cut(text, ",")
		return nameLike(name)
	}
	return true
}

// undashed takes a dash from the end of a quotation, that stood before the
// name which was taken out.
func undashed(es []Element) []Element {
	if len(es) == 0 || es[len(es)-1].Kind != Paragraph {
		return es
	}
	last := &es[len(es)-1]
	for len(last.Text) > 0 {
		end := &last.Text[len(last.Text)-1]
		if end.Kind == Text {
			end.Text = strings.TrimRight(end.Text, dashes)
		}
		if end.Kind != Break && (end.Kind != Text || end.Text != "") {
			return es
		}
		last.Text = last.Text[:len(last.Text)-1]
	}
	return es[:len(es)-1]
}

// trimLead takes characters from the front of running text.
func trimLead(ins []Inline, cutset string) []Inline {
	for len(ins) > 0 {
		switch in := ins[0]; in.Kind {
		case Break:
		case Text:
			in.Text = strings.TrimLeft(in.Text, cutset)
			if in.Text != "" {
				return append([]Inline{in}, ins[1:]...)
			}
		case Emphasis, Strong, Link, Strike:
			if in.Children = trimLead(in.Children, cutset); len(in.Children) > 0 {
				return append([]Inline{in}, ins[1:]...)
			}
		default:
			return ins
		}
		ins = ins[1:]
	}
	return nil
}

// citeAfter takes out of the page, and gives, what follows a quotation to say
// whose it is: a <cite> of its own, or what a class calls one.
func (p *page) citeAfter(quote *html.Node) []Inline {
	n := quote.NextSibling
	for n != nil && n.Type == html.TextNode && strings.TrimSpace(n.Data) == "" {
		n = n.NextSibling
	}
	if n == nil || n.Type != html.ElementNode || !briefly(n, 2*mostCite) || wordsOf(n) == "" {
		return nil
	}
	only := first(n, is(atom.Cite))
	if n.DataAtom != atom.Cite && !citeClass().MatchString(attr(n, "class")) &&
		(only == nil || strings.TrimLeft(wordsOf(n), dashes) != wordsOf(only)) {
		return nil
	}
	remove(n)
	return trimLead(p.inlines(n), dashes)
}

// attributed gives to quotations the line after them that says whose they are.
func attributed(es []Element) []Element {
	out := es[:0]
	for _, e := range es {
		if last := len(out) - 1; last >= 0 && (out[last].Kind == Quote || out[last].Kind == Verse) && len(out[last].Cite) == 0 && signature(e) {
			out[last].Cite = trimLead(e.Text, dashes)
			continue
		}
		out = append(out, e)
	}
	return out
}

// signature says whether a paragraph is a dash and a name.
func signature(e Element) bool {
	line := Plain(e.Text)
	if e.Kind != Paragraph || !saysWhose(line) {
		return false
	}
	name, _, _ := strings.Cut(strings.TrimLeft(line, dashes), ",")
	return nameLike(name) && !(endsSentence(line) && strings.Contains(line, ". "))
}

// posted says whether a quotation is a post of another site as that site gives
// it out to be embedded.
func posted(n *html.Node) bool {
	return n.DataAtom == atom.Blockquote && hasClass(n, "twitter-tweet", "twitter-video", "mastodon-embed", "instagram-media", "bluesky-embed",
		"tiktok-embed", "reddit-embed-bq", "reddit-card", "text-post-media")
}

var (
	postInvite = compiled(`(?i)^view (this )?(post|profile|photo|thread) on \w+$|^view on \w+$`)
	postSigned = compiled(`(?i)^a (post|photo|video|reel) (shared|posted) by\b`)
)

// post is a post of another site: its words, and who posted it.
func (p *page) post(n *html.Node, e Element) []Element {
	e.Kind, e.Label = Embed, "post"
	e.URL = attr(n, "cite")
	for _, key := range []string{"data-instgrm-permalink", "data-embed-url", "data-text-post-permalink"} {
		if e.URL == "" {
			e.URL = attr(n, key)
		}
	}
	var last *html.Node
	walk(n, func(c *html.Node) bool {
		if c.DataAtom == atom.A && strings.HasPrefix(attr(c, "href"), "http") {
			last = c
		}
		return true
	})
	if last != nil && attr(n, "cite") == "" && lastIn(last, n) {
		e.URL = attr(last, "href")
	}
	e.URL = p.link(e.URL)
	by, children := lastCite(p.flow(n))
	e.Title = Plain(by)
	for _, c := range children {
		switch words := Plain(c.Text); {
		case c.Kind == Paragraph && postInvite().MatchString(words):
		case c.Kind == Paragraph && e.Title == "" && postSigned().MatchString(words):
			e.Title = words
		default:
			e.Children = append(e.Children, c)
		}
	}
	if e.URL == "" && len(e.Children) == 0 {
		return nil
	}
	return []Element{e}
}
