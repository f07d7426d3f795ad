package document

import (
	"strings"

	emoji "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// inlines converts the running text of a block.
func (m *marked) inlines(parent ast.Node) []Inline {
	out := m.run(parent, true)
	for len(out) > 0 && out[0].Kind == Break {
		out = out[1:]
	}
	for len(out) > 0 && out[len(out)-1].Kind == Break {
		out = out[:len(out)-1]
	}
	return out
}

// run converts a node's children. lineStart says whether they begin a line.
func (m *marked) run(parent ast.Node, lineStart bool) []Inline {
	if tagged(parent) {
		return m.rawRun(parent)
	}
	var out []Inline
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		var ins []Inline
		ins, n = m.one(n, lineStart)
		if out = append(out, ins...); len(ins) > 0 {
			lineStart = ins[len(ins)-1].Kind == Break
		}
	}
	return out
}

// one converts a node, and the texts after it that are one stretch with it; it
// gives the last of them.
func (m *marked) one(n ast.Node, lineStart bool) ([]Inline, ast.Node) {
	if mark, ok := n.(*markNode); ok {
		return m.mark(mark, lineStart), n
	}
	t, ok := n.(*ast.Text)
	if !ok {
		if in, ok := m.inline(n, lineStart); ok {
			return []Inline{in}, n
		}
		return nil, n
	}
	from, end := t.Segment.Start, joined(t)
	out := m.mended(string(m.src[from:end.Segment.Stop]), m.base+from, lineStart, unescape)
	if end.SoftLineBreak() || end.HardLineBreak() {
		out = append(out, Inline{Kind: Break, Hard: end.HardLineBreak()})
	}
	return out, end
}

// joined is the last of the texts that are one stretch of the source with t:
// goldmark cuts at every character that might have been a mark.
func joined(t *ast.Text) *ast.Text {
	for !t.SoftLineBreak() && !t.HardLineBreak() {
		next, ok := t.NextSibling().(*ast.Text)
		if !ok || next.Segment.Start != t.Segment.Stop {
			break
		}
		t = next
	}
	return t
}

func (m *marked) inline(n ast.Node, lineStart bool) (Inline, bool) {
	switch n := n.(type) {
	case *ast.String:
		return Inline{Kind: Text, Text: string(n.Value)}, true
	case *emoji.Emoji:
		in := Inline{Kind: Text, Text: string(n.Value.Unicode)}
		if !n.Value.IsUnicode() { // GitHub's own, such as :octocat:
			in.Text = ":" + string(n.ShortName) + ":"
		}
		return in, true
	case *ast.CodeSpan:
		in := Inline{Kind: CodeSpan, Text: m.code(n)}
		if t, ok := n.FirstChild().(*ast.Text); ok {
			p := m.pos(m.base + t.Segment.Start)
			in.Line, in.Col = p.Line, p.Col
		}
		return in, true
	case *ast.Emphasis:
		kind := Emphasis
		if n.Level >= 2 {
			kind = Strong
		}
		return Inline{Kind: kind, Children: m.run(n, lineStart)}, true
	case *east.Strikethrough:
		return Inline{Kind: Strike, Children: m.run(n, lineStart)}, true
	case *ast.Link:
		return Inline{Kind: Link, URL: unescape(string(n.Destination)), Children: m.run(n, lineStart)}, true
	case *ast.AutoLink:
		p := m.at(n)
		label := Inline{Kind: Text, Text: string(n.Label(m.src)), Line: p.Line, Col: p.Col}
		return Inline{Kind: Link, URL: string(n.URL(m.src)), Children: []Inline{label}}, true
	case *ast.Image:
		alt := alternatives(m.run(n, false))
		return Inline{Kind: Picture, URL: unescape(string(n.Destination)), Text: Plain(alt), Title: unescape(string(n.Title))}, true
	case *mathNode:
		p := m.pos(m.base + n.at)
		return Inline{Kind: Math, Text: n.tex, Display: n.display, Line: p.Line, Col: p.Col}, true
	case *east.FootnoteLink:
		return Inline{Kind: NoteRef, Text: m.labels[n.Index]}, true
	default: // task boxes, links back from footnotes
		return Inline{}, false
	}
}

// alternatives puts for pictures what is said in their place: an image within
// an image's text is its own text there (CommonMark 0.31.2, section 6.4).
func alternatives(ins []Inline) []Inline {
	for i, in := range ins {
		if in.Kind == Picture {
			ins[i] = Inline{Kind: Text, Text: in.Text}
		}
		alternatives(in.Children)
	}
	return ins
}

func (m *marked) code(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.WriteString(strings.ReplaceAll(m.verbatim(t.Segment), "\n", " "))
		}
	}
	return b.String()
}

// title takes the episode's title from the first heading of level 1: where it
// is the only one of its level, or stands first. A heading that differs from a
// title given elsewhere stays a heading.
func (r *reader) title() {
	at, level1, before := -1, 0, false
	for i, e := range r.doc.Elements {
		switch {
		case e.Kind == Heading && e.Level == 1 && Plain(e.Text) != "":
			if at < 0 {
				at = i
			}
			level1++
		case at < 0 && e.Kind != Image && e.Kind != Rule:
			before = true
		}
	}
	if at < 0 || before && level1 > 1 {
		return
	}
	title := Plain(r.doc.Elements[at].Text)
	switch {
	case r.doc.Meta.Title == "":
		r.doc.Meta.Title = title
	case !strings.EqualFold(r.doc.Meta.Title, title):
		return
	}
	r.doc.Meta.TitlePos = r.doc.Elements[at].Pos
	r.doc.Elements = append(r.doc.Elements[:at:at], r.doc.Elements[at+1:]...)
}
