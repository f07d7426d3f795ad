package document

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// texAttr marks the TeX of a formula; its value says how it is set.
const texAttr = "narrapress-tex"

// formulas replaces each formula by its TeX, where the page has it:
// annotations of MathML, MathJax's scripts and labels, LaTeX images.
func formulas(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		tex, is := formula(n)
		switch {
		case !is:
			return true
		case tex != "" && n.Parent != nil:
			set := "inline"
			if setApart(n) {
				set = "display"
			}
			code := &html.Node{Type: html.ElementNode, Data: "code", DataAtom: atom.Code, Attr: []html.Attribute{{Key: texAttr, Val: set}, {Key: placeAttr, Val: attr(n, placeAttr)}}}
			code.AppendChild(&html.Node{Type: html.TextNode, Data: tex})
			n.Parent.InsertBefore(code, n)
		}
		remove(n)
		return false
	})
}

// math says whether an element is part of a rendered formula.
func math(n *html.Node) bool {
	return n.DataAtom == atom.Math || hasClass(n, "MathJax", "MathJax_Display", "MathJax_SVG", "MathJax_CHTML", "mjx-math", "mjx-mrow")
}

func isTeX(n *html.Node) bool {
	return strings.HasPrefix(strings.ToLower(attr(n, "type")), "math/tex")
}

// formula says whether a node is a formula or a copy of one, and gives its TeX.
func formula(n *html.Node) (tex string, ok bool) {
	if n.Type != html.ElementNode {
		return "", false
	}
	switch {
	case n.DataAtom == atom.Script && isTeX(n):
		return strings.TrimSpace(textOf(n)), true
	case n.DataAtom == atom.Math:
		return mathTeX(n), true
	case n.Data == "mjx-container" || hasClass(n, "MathJax", "MathJax_Display", "MathJax_SVG", "MathJax_CHTML"):
		if m := first(n, is(atom.Math)); m != nil {
			return mathTeX(m), true // what is spoken of it by screen readers
		}
		return strings.TrimSpace(attr(n, "aria-label")), true // or the source stands beside it
	case hasClass(n, "MathJax_Preview", "katex-html", "mwe-math-fallback-image-inline", "mwe-math-fallback-image-display"):
		return "", true // the source stands beside it
	case hasClass(n, "mjx-math"):
		return strings.TrimSpace(attr(n, "aria-label")), true
	case n.DataAtom == atom.Img && hasClass(n, "latex", "tex", "mwe-math-fallback-image-inline"):
		return strings.TrimSpace(attr(n, "alt")), attr(n, "alt") != ""
	}
	return "", false
}

// setApart says whether a formula stands on a line of its own.
func setApart(n *html.Node) bool {
	if strings.Contains(attr(n, "type"), "mode=display") || attr(n, "display") == "block" || attr(n, "display") == "true" {
		return true
	}
	for i := 0; i < 4 && n != nil; i, n = i+1, n.Parent {
		if hasClass(n, "katex-display", "MathJax_Display", "MJXc-display", "mjx-display") {
			return true
		}
	}
	return false
}

// mathTeX is the TeX that a MathML element was made from.
func mathTeX(m *html.Node) string {
	a := first(m, func(n *html.Node) bool {
		return n.Data == "annotation" && strings.Contains(strings.ToLower(attr(n, "encoding")), "tex")
	})
	switch {
	case a != nil:
		return strings.TrimSpace(textOf(a))
	case attr(m, "alttext") != "":
		return strings.TrimSpace(attr(m, "alttext"))
	}
	return strings.Join(strings.Fields(toTeX(m)), " ")
}
