package document

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	hiddenStyle = compiled(`(?i)(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)`)
	anchorText  = compiled(`^[#¶§🔗⚓∞\s]*$`)
)

// scrub takes out what no reader of the page sees, and what is no text:
// scripts, forms, navigation, marks beside headings.
func scrub(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		if n.DataAtom == atom.Input {
			box(n)
		}
		if n.DataAtom == atom.Noscript {
			lazy(n)
		}
		if n.Type == html.CommentNode || n.Type == html.ElementNode && unseen(n) {
			remove(n)
			return false
		}
		return true
	})
}

// unseen says whether an element is no text, or none that a reader of the page
// sees.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Head, atom.Meta, atom.Link, atom.Title:
		return false
	case atom.Script:
		return !isTeX(n)
	case atom.Style, atom.Input, atom.Rp:
		return true
	case atom.A:
		// A heading's link to itself.
		if hasClass(n, "anchor", "headerlink", "header-anchor", "anchor-link", "heading-anchor", "anchorjs-link", "permalink") && anchorText().MatchString(textOf(n)) {
			return first(n, is(atom.Img)) == nil && n.FirstChild != nil
		}
	}
	return apparatus(n) || concealed(n)
}

// apparatus says whether an element is to be used or looked at, not to be read.
func apparatus(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Noscript, atom.Template, atom.Dialog, atom.Nav, atom.Button, atom.Select, atom.Textarea,
		atom.Canvas, atom.Svg, atom.Datalist, atom.Noframes:
		return true
	}
	switch attr(n, "role") {
	case "navigation", "dialog", "alertdialog", "menu", "search":
		return true
	}
	return false
}

// concealed says whether an element is not shown.
func concealed(n *html.Node) bool {
	if hasAttr(n, "hidden") && !strings.EqualFold(attr(n, "hidden"), "until-found") || hiddenStyle().MatchString(attr(n, "style")) {
		return true
	}
	if attr(n, "aria-hidden") == "true" && !strings.Contains(attr(n, "class"), "fallback-image") && !math(n) {
		return true
	}
	return hasClass(n, "mw-editsection", "sr-only", "screen-reader-text", "visually-hidden", "visuallyhidden", "a11y-hidden", "noprint",
		"cs1-hidden-error", "cs1-visible-error", "cs1-maint") // what a wiki tells those who edit it
}

// scrubTold scrubs a file of a book, and tells of words that are left out so:
// all in it is its author's.
func (p *page) scrubTold(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		if n.Type != html.ElementNode || !unseen(n) {
			return true
		}
		if words := readable(n); words != "" && apparatus(n) && !concealed(n) {
			p.find(n, "%s, which stands in <%s>, is left out", quotedWords(words), n.Data)
		}
		return false
	})
	scrub(root)
}

// readable is the words in a node, without scripts and styles; the parser takes
// tags in <noscript> for text.
func readable(n *html.Node) string {
	if n.DataAtom == atom.Noscript {
		return clean(plainText(textOf(n)))
	}
	var b strings.Builder
	walk(n, func(c *html.Node) bool {
		if c.Type == html.TextNode {
			b.WriteString(c.Data + " ")
		}
		return c.DataAtom != atom.Script && c.DataAtom != atom.Style
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

const taskAttr = "narrapress-task"

// box notes a task list's box at its item.
func box(n *html.Node) {
	if !strings.EqualFold(attr(n, "type"), "checkbox") {
		return
	}
	for li := n.Parent; li != nil; li = li.Parent {
		if li.DataAtom != atom.Li {
			continue
		}
		state := "open"
		if hasAttr(n, "checked") {
			state = "done"
		}
		li.Attr = append(li.Attr, html.Attribute{Key: taskAttr, Val: state})
		return
	}
}
