package document

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block says whether an element is laid out as a block, whatever its style.
func block(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Center, atom.Dd, atom.Details, atom.Dir, atom.Div, atom.Dl, atom.Dt,
		atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup,
		atom.Hr, atom.Html, atom.Legend, atom.Li, atom.Main, atom.Menu, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tbody,
		atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul, atom.Caption, atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Embed:
		return true
	}
	return false
}

// survey notes which nodes are or hold blocks.
func (p *page) survey(n *html.Node) bool {
	holds := n.Type == html.ElementNode && block(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if p.survey(c) {
			holds = true
		}
	}
	if holds {
		p.blocks[n] = true
	}
	return holds
}

// flow turns a node's children into elements: runs of text into paragraphs.
func (p *page) flow(n *html.Node) []Element {
	var out []Element
	var run []*html.Node
	flush := func() {
		out = append(out, p.paragraphs(run)...)
		run = nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !p.blocks[c] {
			run = append(run, c)
			continue
		}
		flush()
		out = append(out, p.block(c)...)
	}
	flush()
	return out
}

func (p *page) block(n *html.Node) []Element {
	if es, ok := p.inserted(n); ok {
		return es
	}
	e := Element{Pos: p.pos(n)}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		e.Kind, e.Level, e.Text = Heading, int(n.Data[1]-'0'), p.inlines(n)
		if Plain(e.Text) == "" {
			return p.flow(n) // a picture
		}
	case atom.Blockquote:
		e.Kind, e.Children = Quote, p.flow(n)
		if len(e.Children) == 0 {
			return nil
		}
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir, atom.Dl:
		return p.list(n, e)
	case atom.Pre:
		e.Kind, e.Language, e.Raw = Code, codeLanguage(n), strings.TrimPrefix(textOf(n), "\n")
		if strings.TrimSpace(e.Raw) == "" {
			return nil
		}
	case atom.Hr:
		e.Kind = Rule
	case atom.Table:
		return p.table(n, e)
	case atom.Figure:
		return p.figure(n)
	case atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Embed:
		p.embedded(n)
		return nil
	default:
		if hasClass(n, "spoilers", "spoiler", "spoiler-text") {
			p.find(n, "a spoiler, which the page hides until it is touched, is spoken")
		}
		return p.flow(n)
	}
	return []Element{e}
}

// paragraphs is a run of inline nodes as paragraphs: two line breaks divide
// them; pictures alone are images.
func (p *page) paragraphs(run []*html.Node) []Element {
	if len(run) == 0 {
		return nil
	}
	w := &inliner{page: p, space: true}
	ins := w.nodes(run)
	pos := Pos{File: p.name}
	for _, n := range run {
		if n.Type == html.ElementNode || strings.TrimSpace(n.Data) != "" {
			pos = p.pos(n)
			break
		}
	}
	var out []Element
	from := 0
	for i := 0; i <= len(ins); i++ {
		if i < len(ins) && !(ins[i].Kind == Break && i+1 < len(ins) && ins[i+1].Kind == Break) {
			continue
		}
		out = append(out, paragraph(trimmed(ins[from:i]), pos)...)
		for i < len(ins) && ins[i].Kind == Break {
			i++
		}
		from = i
	}
	return out
}

func paragraph(ins []Inline, pos Pos) []Element {
	if slices.ContainsFunc(ins, func(in Inline) bool { return in.Display }) {
		var out []Element
		for _, part := range apart(Element{Kind: Paragraph, Pos: pos, Text: ins}) {
			if part.Kind == Paragraph {
				out = append(out, paragraph(trimmed(part.Text), part.Pos)...)
			} else {
				out = append(out, part)
			}
		}
		return out
	}
	pictures, others := split(ins, nil)
	switch {
	case others:
		return []Element{{Kind: Paragraph, Pos: pos, Text: ins}}
	case len(pictures) == 0:
		return nil
	}
	out := make([]Element, len(pictures))
	for i, pic := range pictures {
		out[i] = Element{Kind: Image, Pos: pos, URL: pic.URL, Alt: pic.Text, Title: pic.Title}
	}
	return out
}

func (p *page) list(n *html.Node, e Element) []Element {
	e.Kind = List
	if n.DataAtom == atom.Ol {
		e.Start = 1
		if v, err := strconv.Atoi(strings.TrimSpace(attr(n, "start"))); err == nil && v > 0 {
			e.Start = v
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		last := len(e.Children) - 1
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case c.DataAtom == atom.Li || c.DataAtom == atom.Dt || c.DataAtom == atom.Div && n.DataAtom == atom.Dl || last < 0:
			item := Element{Kind: Item, Pos: p.pos(c), Task: attr(c, taskAttr)}
			if c.DataAtom == atom.Li || c.DataAtom == atom.Dt || c.DataAtom == atom.Div {
				item.Children = p.flow(c)
			} else {
				item.Children = p.loose(c)
			}
			if len(item.Children) > 0 {
				e.Children = append(e.Children, item)
			}
		default: // a definition, or a list that stands between items
			e.Children[last].Children = append(e.Children[last].Children, p.loose(c)...)
		}
	}
	if len(e.Children) == 0 {
		return nil
	}
	return []Element{e}
}

// loose is a node that stands where the list's grammar has no place for it.
func (p *page) loose(n *html.Node) []Element {
	if p.blocks[n] {
		return p.block(n)
	}
	return p.paragraphs([]*html.Node{n})
}

// codeLanguage is what classes as "language-go" (HTML, 4.5.15) say.
func codeLanguage(pre *html.Node) string {
	for _, n := range []*html.Node{pre, first(pre, is(atom.Code)), pre.Parent} {
		if n == nil {
			continue
		}
		for c := range strings.FieldsSeq(attr(n, "class")) {
			for _, prefix := range []string{"language-", "lang-", "highlight-source-"} {
				if name, ok := strings.CutPrefix(c, prefix); ok && name != "" {
					return name
				}
			}
		}
		if l := attr(n, "data-lang"); l != "" {
			return l
		}
	}
	return ""
}

// figure is an image with its caption, or something else and then its caption.
func (p *page) figure(n *html.Node) []Element {
	caption := first(n, is(atom.Figcaption))
	var after []Element
	if caption != nil {
		if caption.Parent != nil {
			remove(caption)
		}
		after = p.flow(caption)
	}
	out := p.flow(n)
	images := 0
	for _, e := range out {
		if e.Kind == Image {
			images++
		}
	}
	if images > 0 && images == len(out) && len(after) > 0 {
		var words []string
		for _, e := range after {
			words = append(words, allWords(e))
		}
		out[0].Title = strings.Join(words, " ")
		return out
	}
	return append(out, after...)
}

// allWords is every word of an element.
func allWords(e Element) string {
	words := []string{Plain(e.Text), e.Raw, e.Title}
	for _, c := range e.Children {
		words = append(words, allWords(c))
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

func (p *page) embedded(n *html.Node) {
	what := map[atom.Atom]string{atom.Video: "a video", atom.Audio: "a recording"}[n.DataAtom]
	if what == "" {
		what = "an embedded page"
	}
	src := attr(n, "src")
	if src == "" {
		src = attr(n, "data-src")
	}
	if host := hostOf(p.link(src)); host != "" {
		what += " of " + host
	}
	p.find(n, "%s is left out", what)
}
