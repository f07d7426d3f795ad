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

func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script:
		return !isTeX(n)
	case atom.Style, atom.Noscript, atom.Template, atom.Dialog, atom.Nav, atom.Button, atom.Select, atom.Textarea, atom.Input,
		atom.Canvas, atom.Svg, atom.Rp, atom.Datalist, atom.Noframes:
		return true
	case atom.Html, atom.Body, atom.Head, atom.Meta, atom.Link, atom.Title:
		return false
	case atom.A:
		// A heading's link to itself.
		if hasClass(n, "anchor", "headerlink", "header-anchor", "anchor-link", "heading-anchor", "anchorjs-link", "permalink") && anchorText().MatchString(textOf(n)) {
			return first(n, is(atom.Img)) == nil && n.FirstChild != nil
		}
	}
	if hasAttr(n, "hidden") && !strings.EqualFold(attr(n, "hidden"), "until-found") || hiddenStyle().MatchString(attr(n, "style")) {
		return true
	}
	if attr(n, "aria-hidden") == "true" && !strings.Contains(attr(n, "class"), "fallback-image") && !math(n) {
		return true
	}
	switch attr(n, "role") {
	case "navigation", "dialog", "alertdialog", "menu", "search":
		return true
	}
	return hasClass(n, "mw-editsection", "sr-only", "screen-reader-text", "visually-hidden", "visuallyhidden", "a11y-hidden", "noprint",
		"cs1-hidden-error", "cs1-visible-error", "cs1-maint") // what a wiki tells those who edit it
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
