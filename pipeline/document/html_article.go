package document

import (
	"slices"
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
		p.bare = true
		return post
	}
	parser := readability.NewParser()
	parser.KeepClasses = true
	parser.DisableJSONLD = true // metadata is read by meta
	article, err := parser.ParseDocument(root, p.base)
	if err != nil || article.Node == nil || short(article.Node, body) {
		return body
	}
	p.found = true
	walk(article.Node, func(n *html.Node) bool {
		n.DataAtom = atom.Lookup([]byte(n.Data)) // it makes and renames elements by their names alone
		return true
	})
	return article.Node
}

// plainTerms takes the classes from the terms of definitions: by them Readability
// leaves out what it takes for the head of a page, and a list loses its terms.
func plainTerms(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		if n.DataAtom == atom.Dt {
			n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "class" || a.Key == "id" })
		}
		return true
	})
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
		return hasClass(n, "ContentStyles-postBody", "PostsPage-postContent") ||
			attr(n, "id") == "postContent" && first(n, func(n *html.Node) bool { return hasClass(n, "ContentStyles-postBody", "ContentStyles-base") }) != nil
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
			if !c.Furniture {
				walk(c)
			}
		}
	}
	walk(e)
	if all == 0 {
		return 0
	}
	return float64(linked) / float64(all)
}
