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
		es := p.block(c)
		if last := len(es) - 1; last >= 0 && es[last].Kind == Quote && len(es[last].Cite) == 0 {
			es[last].Cite = p.citeAfter(c)
		} else if last >= 0 && es[0].Kind == Image && es[0].Title == "" {
			p.captionAfter(c, es)
		}
		out = append(out, es...)
	}
	flush()
	return merged(attributed(out))
}

func (p *page) block(n *html.Node) []Element {
	if es, ok := p.inserted(n); ok {
		return es
	}
	e := Element{Pos: p.pos(n)}
	switch label := calloutLabel(n); {
	case label != "":
		return p.callout(n, e, label)
	case poem(n):
		return p.verse(n, e)
	case spoils(n):
		return p.spoiler(n, e)
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		told := len(p.doc.Findings)
		e.Kind, e.Level, e.Text = Heading, int(n.Data[1]-'0'), p.inlines(n)
		if Plain(e.Text) == "" {
			p.doc.Findings = p.doc.Findings[:told] // of what a heading has no place for
			return p.flow(n)                       // a picture, a player
		}
	case atom.Blockquote:
		return p.quote(n, e)
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir, atom.Dl:
		return p.list(n, e)
	case atom.Pre:
		return p.codeBlock(n, e)
	case atom.Hr:
		e.Kind = Rule
	case atom.Table:
		return p.table(n, e)
	case atom.Figure:
		return p.figure(n)
	case atom.Details:
		return p.details(n, e)
	case atom.A:
		return p.linked(n)
	case atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Embed:
		return p.embedded(n)
	default:
		return p.flow(n)
	}
	return []Element{e}
}

// codeBlock is a block of code, and below it the marks of footnotes that are in it.
func (p *page) codeBlock(n *html.Node, e Element) []Element {
	text, refs := p.unmarked(n)
	e.Kind, e.Language, e.Raw = Code, codeLanguage(n), strings.TrimPrefix(text, "\n")
	marks := paragraph(refs, e.Pos)
	if strings.TrimSpace(e.Raw) == "" {
		return marks
	}
	return append([]Element{e}, marks...)
}

// linked is blocks inside a link: their text is the link's.
func (p *page) linked(n *html.Node) []Element {
	es := p.flow(n)
	w := inliner{page: p}
	for i := range es {
		if (es[i].Kind == Paragraph || es[i].Kind == Heading) && countLinks(es[i].Text) == 0 {
			es[i].Text = w.linkTo(n, es[i].Text)
		}
	}
	return es
}

// paragraphs is a run of inline nodes as paragraphs: two line breaks divide
// them; pictures alone are images.
func (p *page) paragraphs(run []*html.Node) []Element {
	if len(run) == 0 {
		return nil
	}
	if es, ok := p.pictured(run); ok && len(es) > 0 {
		return es
	}
	if hidden := alone(run); hidden != nil && spoils(hidden) {
		return p.spoiler(hidden, Element{Pos: p.pos(hidden)})
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
		part := trimmed(ins[from:i])
		if cs := commands(part, p.name); len(cs) > 0 {
			out = append(out, cs...)
		} else {
			out = append(out, paragraph(part, pos)...)
		}
		for i < len(ins) && ins[i].Kind == Break {
			i++
		}
		from = i
	}
	return out
}

// alone is the one element of a run that has nothing else, or nil.
func alone(run []*html.Node) *html.Node {
	var only *html.Node
	for _, n := range run {
		switch {
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) == "":
		case only != nil || n.Type != html.ElementNode:
			return nil
		default:
			only = n
		}
	}
	return only
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
	case others && stanzaLike(ins):
		return []Element{{Kind: Verse, Pos: pos, Children: []Element{{Kind: Paragraph, Pos: pos, Text: ins}}}}
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
	var before []Element // directives
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		last := len(e.Children) - 1
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case last < 0 && attr(c, verbAttr) != "":
			before = append(before, p.paragraphs([]*html.Node{c})...)
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
		return before
	}
	return append(before, e)
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

// allWords is every word of an element but those of furniture in it.
func allWords(e Element) string {
	var b strings.Builder
	var gather func(*Element)
	gather = func(e *Element) {
		for _, part := range []string{Plain(e.Text), e.Title, Plain(e.Cite)} {
			b.WriteString(part + " ")
		}
		if e.Kind != Directive {
			b.WriteString(e.Raw)
		}
		for i := range e.Children {
			if !e.Children[i].Furniture {
				b.WriteByte(' ')
				gather(&e.Children[i])
			}
		}
	}
	gather(&e)
	return strings.Join(strings.Fields(b.String()), " ")
}
