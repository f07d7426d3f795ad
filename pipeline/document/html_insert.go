package document

import (
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// insertAttr marks an element of a fragment of HTML that stands for something
// which another reader has read: Markdown between or inside raw tags. Its value
// is an index of page.inserts.
const insertAttr = "narrapress-insert"

// insert is what such an element stands for: blocks, or running text.
type insert struct {
	elements []Element
	inlines  []Inline
	nested   bool // the running text is more than the string that stands in the element
	used     bool // it stands among the elements
	taken    bool // its words do, or are left out with what it stood in
}

// fragment turns a piece of HTML into elements. It is a tree of its own, whose
// start tags have their places; what inserts were not reached (the parser has
// put them where nothing is shown) follow it.
func (p *page) fragment(root *html.Node, inline bool) []Element {
	p.readied(root)
	p.survey(root)
	es := p.flow(root)
	for i := range p.inserts {
		in := &p.inserts[i]
		switch {
		case in.used || in.taken:
		case inline:
			es = append(es, paragraph(in.inlines, p.pos(root))...)
		default:
			es = append(es, in.elements...)
		}
	}
	return es
}

// running turns a piece of HTML into running text.
func (p *page) running(root *html.Node) []Inline {
	p.readied(root)
	w := &inliner{page: p, space: true}
	ins := w.children(root)
	for i := range p.inserts {
		if in := &p.inserts[i]; !in.used && !in.taken {
			ins = append(ins, in.inlines...)
		}
	}
	return ins
}

// readied takes out of a fragment what no reader sees, and says so.
func (p *page) readied(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		switch {
		case n.DataAtom == atom.Code, n.DataAtom == atom.Kbd, n.DataAtom == atom.Samp, n.DataAtom == atom.Tt,
			n.DataAtom == atom.Sup, n.DataAtom == atom.Sub, n.DataAtom == atom.Pre:
			p.spend(n, false) // their strings are taken as they stand
		case n.DataAtom == atom.Form, n.Type == html.ElementNode && n.DataAtom != atom.Input && unseen(n):
			p.spend(n, true)
			if what := hidden(n); what != "" {
				p.find(n, "%s is left out", what)
			}
			remove(n)
			return false
		}
		return true
	})
	scrub(root)
	formulas(root)
}

// hidden says what is left out with a node, or "" if nobody misses it.
func hidden(n *html.Node) string {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Form, atom.Svg, atom.Canvas, atom.Button, atom.Select, atom.Textarea, atom.Nav, atom.Noscript, atom.Template:
		return "raw HTML (<" + n.Data + ">)"
	case atom.A:
		return ""
	}
	if wordsOf(n) == "" && first(n, func(n *html.Node) bool { return hasAttr(n, insertAttr) }) == nil {
		return ""
	}
	return "hidden raw HTML (<" + n.Data + ">)"
}

// spend marks the inserts below a node as taken: all, or those that are only
// strings.
func (p *page) spend(n *html.Node, all bool) {
	walk(n, func(c *html.Node) bool {
		if in := p.insert(c); in != nil && (all || !in.nested && in.elements == nil) {
			in.taken = true
		}
		return true
	})
}

// insert is what a node stands for, or nil.
func (p *page) insert(n *html.Node) *insert {
	if len(p.inserts) == 0 || n.Type != html.ElementNode {
		return nil
	}
	i, err := strconv.Atoi(attr(n, insertAttr))
	if err != nil || i < 0 || i >= len(p.inserts) {
		return nil
	}
	return &p.inserts[i]
}

// inserted is the blocks that a node stands for.
func (p *page) inserted(n *html.Node) ([]Element, bool) {
	in := p.insert(n)
	if in == nil || in.elements == nil {
		return nil, false
	}
	if in.used { // an attribute that was smuggled in
		return nil, true
	}
	in.used = true
	return in.elements, true
}

// inserted is the running text that a node stands for: that of blocks, where
// only text is asked for, one after the other. Code that holds more than a
// string is read as what it holds.
func (w *inliner) inserted(n *html.Node) ([]Inline, bool) {
	in := w.insert(n)
	switch {
	case in == nil:
		switch n.DataAtom {
		case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		default:
			return nil, false
		}
		nested := first(n, func(c *html.Node) bool { i := w.insert(c); return i != nil && (i.nested || i.elements != nil) })
		if nested == nil {
			return nil, false
		}
		return w.children(n), true
	case in.used:
		return nil, true
	case in.elements == nil:
		in.used = true
		if k := len(in.inlines); k > 0 {
			w.space = in.inlines[k-1].Kind == Break
		}
		return in.inlines, true
	}
	in.used = true
	out := flattened(in.elements)
	if len(out) == 0 {
		return nil, true
	}
	if !w.space {
		out = append([]Inline{{Kind: Break}}, out...)
	}
	w.space = true
	return append(out, Inline{Kind: Break}), true
}

// flattened is the words of elements as running text, breaks between them.
func flattened(es []Element) []Inline {
	var out []Inline
	for _, e := range es {
		part := e.Text
		switch {
		case e.Kind == Image && e.Decorative:
			continue
		case e.Kind == Image:
			part = []Inline{{Kind: Picture, Text: e.Alt, URL: e.URL, Title: e.Title}}
		case e.Kind == Formula:
			part = []Inline{{Kind: Math, Text: e.Raw, Line: e.Pos.Line, Col: e.Pos.Col}}
		case e.Kind == Directive:
			part = []Inline{{Kind: Command, Text: e.Label, Title: e.Raw}}
		case e.Raw != "":
			part = []Inline{{Kind: CodeSpan, Text: e.Raw, Line: e.Pos.Line, Col: e.Pos.Col}}
		}
		for _, more := range [][]Inline{part, flattened(e.Children), e.Cite} {
			if len(more) == 0 {
				continue
			}
			if len(out) > 0 {
				out = append(out, Inline{Kind: Break})
			}
			out = append(out, more...)
		}
	}
	return out
}
