package document

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html/atom"
)

// tagged says whether tags stand among a node's running text.
func tagged(parent ast.Node) bool {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindRawHTML {
			return true
		}
	}
	return false
}

// rawParagraph reads a paragraph with tags in it.
func (m *marked) rawParagraph(n ast.Node) []Element {
	f := m.rawInline(n)
	at := m.at(n)
	p, root := f.page(at)
	if p == nil {
		return pictured(Element{Kind: Paragraph, Pos: at, Text: f.plain(at)})
	}
	es := p.fragment(root, true)
	for i := range es {
		if es[i].Kind == Image && es[i].Title != "" {
			es[i].Tooltip = true
		}
	}
	return es
}

// rawRun reads running text with tags in it.
func (m *marked) rawRun(n ast.Node) []Inline {
	f := m.rawInline(n)
	at := m.at(n)
	p, root := f.page(at)
	if p == nil {
		return f.plain(at)
	}
	return p.running(root)
}

// plain is the running text without its tags.
func (f *markup) plain(at Pos) []Inline {
	f.doc.Findings = append(f.doc.Findings, Finding{at, tooMuch})
	var out []Inline
	for _, in := range f.inserts {
		out = append(out, in.inlines...)
	}
	return out
}

// rawInline writes a node's running text as a fragment of HTML.
func (m *marked) rawInline(parent ast.Node) *markup {
	f := &markup{marked: m, inline: true}
	closes := map[string]ast.Node{} // the last tag that closes an element
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if name, closing := m.tagName(n); closing {
			closes[name] = n
		}
	}
	broken := true // the text so far ends with a break that a tag makes
	lineStart := true
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if raw, ok := n.(*ast.RawHTML); ok {
			s := m.segments(raw)
			name, closing := m.tagName(n)
			broken = name == "br"
			if closing && n == closes[name] {
				delete(closes, name) // it closes nothing that comes behind it
			}
			if a := atom.Lookup([]byte(name)); !rawText(a) {
				f.html(s)
				if broken {
					lineStart = true
				}
				continue
			} else if !closing && a == atom.Iframe {
				f.html(s) // with its end
			} else if a == atom.Title || a == atom.Xmp || a == atom.Noscript {
				continue
			}
			if last := closes[name]; !closing && last != nil {
				m.find(m.base+s.at(0), "raw HTML (<%s>) is left out", name)
				for n != last {
					n = n.NextSibling()
					if other, end := m.tagName(n); end && other == name {
						break
					}
				}
				if n == last {
					delete(closes, name)
				}
			}
			continue
		}
		at := max(0, start(n))
		var ins []Inline
		ins, n = m.one(n, lineStart)
		for _, in := range ins {
			if in.Kind == Break {
				next, _ := m.tagName(n.NextSibling())
				if lineStart = true; broken || next == "br" {
					continue // the end of a line at a break is none of its own
				}
			} else {
				lineStart = false
			}
			broken = false
			f.putInline(in, at)
		}
	}
	return f
}

// tagName is the name of a tag, and whether it closes; "" for other nodes.
func (m *marked) tagName(n ast.Node) (name string, closing bool) {
	raw, ok := n.(*ast.RawHTML)
	if !ok {
		return "", false
	}
	text := strings.TrimPrefix(m.segments(raw).text, "<")
	text, closing = strings.CutPrefix(text, "/")
	if i := strings.IndexAny(text, " \t\n/>"); i >= 0 {
		text = text[:i]
	}
	return strings.ToLower(text), closing
}

// segments is the text of a tag.
func (m *marked) segments(n *ast.RawHTML) *stretch {
	s := &stretch{}
	for i := range n.Segments.Len() {
		l := n.Segments.At(i)
		s.add(string(l.Value(m.src)), l.Start-l.Padding)
	}
	return s
}
