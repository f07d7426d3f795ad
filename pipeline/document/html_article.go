package document

import (
	"fmt"
	"regexp"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// article is the part of a page that its author wrote: a forum post's own
// element where the page is one's, else what Readability's scores find, else
// all of the body.
func (p *page) article(root *html.Node) *html.Node {
	body := first(root, is(atom.Body))
	if body == nil {
		return nil
	}
	if post := p.forumPost(body); post != nil {
		return post
	}
	parser := readability.NewParser()
	parser.KeepClasses = true
	parser.DisableJSONLD = true // metadata is read by meta
	article, err := parser.ParseDocument(root, p.base)
	if err != nil || article.Node == nil || short(article.Node, body) {
		return body
	}
	walk(article.Node, func(n *html.Node) bool {
		n.DataAtom = atom.Lookup([]byte(n.Data)) // it makes and renames elements by their names alone
		return true
	})
	return article.Node
}

// short says whether what was found is too little of a small page: notes and
// letters that people save have no clutter to be told from.
func short(found, body *html.Node) bool {
	const small = 500 // characters: what Readability wants of an article
	n, all := len(wordsOf(found)), len(wordsOf(body))
	return n < small && n*2 < all && all < 10*small && linkedText(body)*3 < all
}

// linkedText is how many letters of a node are links.
func linkedText(n *html.Node) int {
	sum := 0
	walk(n, func(c *html.Node) bool {
		if c.DataAtom == atom.A {
			sum += len(wordsOf(c))
			return false
		}
		return true
	})
	return sum
}

// forumPost is the post of a page made by ForumMagnum (LessWrong, the EA
// Forum): comments, votes and recommendations stand outside of it.
func (p *page) forumPost(body *html.Node) *html.Node {
	post := first(body, func(n *html.Node) bool {
		return attr(n, "id") == "postContent" || hasClass(n, "ContentStyles-postBody", "PostsPage-postContent")
	})
	if post == nil {
		return nil
	}
	linked := first(body, func(n *html.Node) bool {
		return strings.Contains(attr(n, "class"), "LinkPostMessage") && n.DataAtom != atom.A
	})
	if linked != nil {
		p.find(linked, "%q is left out", wordsOf(linked))
		if inside(linked, post) {
			remove(linked)
		}
	}
	return post
}

var (
	// tail are lines that stand after articles and are none of their text.
	tail = regexp.MustCompile(`(?i)^(read (more|next|also|on)\b.{0,100}|related( (articles?|posts?|stories|content|reading))?:?|share( this.{0,40}| on .{0,30})?:?|more (from|on|in|stories)\b.{0,60}|(you (might|may) also (like|enjoy)|want more stories).{0,40}|recommended( (for you|reading|stories))?:?|advertisement|continue reading.{0,60}|(sign up|subscribe) (for|to)\b.{0,120}|follow (us|me|him|her|them) on\b.{0,80}|(\d+ )?comments?( \(\d+\))?|leave a (comment|reply)|filed under.{0,100}|(tags?|topics?|posted in):? .{0,200}|(click|tap) here to\b.{0,100}|print this.{0,40}|back to top.{0,3})$`)
	// call are lines inside an article that lead away from it, where they are links.
	call = regexp.MustCompile(`(?i)^(read|see|watch) (more|also|next)\b|^related( (articles?|posts?|stories))?:|^(also|more) (on|from|in) |^don['’]t miss\b|^more:|^recommended:`)
	// stamp are lines of a page's machinery wherever they stand.
	stamp = regexp.MustCompile(`(?i)^(image \d+ of \d+|\(?(image|photo|picture) (credit|source)s?: [^.]{1,80}\)?|advertisement|(first )?(published|posted|(last )?updated):? [^.]{0,60}\b(19|20)\d\d\b[^.]{0,60})$`)
)

// trim takes out of an article what is not its text: links to other articles,
// invitations to share, dates and credits in lines of their own.
func (p *page) trim(es []Element) []Element {
	kept, before := es[:0:0], len(p.doc.Findings)
	for _, e := range es {
		words := allWords(e)
		if e.Kind == Paragraph && (stamp.MatchString(words) || call.MatchString(words) && linkShare(e) > 0.5) {
			p.leave(e, words)
			continue
		}
		kept = append(kept, e)
	}
	for len(kept) > 0 {
		e := kept[len(kept)-1]
		words := allWords(e)
		switch {
		case e.Kind == Rule:
		case e.Kind == Heading, e.Kind == Paragraph && tail.MatchString(words), e.Kind == List && len(words) < mostLinks && linkShare(e) > 0.9:
			p.leave(e, words)
		default:
			return kept
		}
		kept = kept[:len(kept)-1]
	}
	p.doc.Findings = p.doc.Findings[:before]
	return es // nothing else is there: it may be what the page is about
}

// mostLinks is the length of the longest list of links that is taken for one
// to other articles; longer ones are what a page is about.
const mostLinks = 600

func (p *page) leave(e Element, words string) {
	const most = 60 // characters shown
	if r := []rune(words); len(r) > most {
		words = string(r[:most]) + "…"
	}
	p.doc.Findings = append(p.doc.Findings, Finding{e.Pos, fmt.Sprintf("%q is of the page, not of its article: left out", words)})
}

// linkShare is the share of an element's letters that are links.
func linkShare(e Element) float64 {
	all, linked := 0, 0
	var inlines func([]Inline, bool)
	inlines = func(ins []Inline, in bool) {
		for _, x := range ins {
			if x.Kind == Text || x.Kind == CodeSpan {
				n := len(strings.TrimSpace(x.Text))
				all += n
				if in {
					linked += n
				}
			}
			inlines(x.Children, in || x.Kind == Link)
		}
	}
	var walk func(Element)
	walk = func(e Element) {
		inlines(e.Text, false)
		for _, c := range e.Children {
			walk(c)
		}
	}
	walk(e)
	if all == 0 {
		return 0
	}
	return float64(linked) / float64(all)
}
