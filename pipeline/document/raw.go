package document

import (
	"fmt"
	stdhtml "html"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Raw HTML in Markdown is read by the reader of pages. A block of it, or
// blocks with Markdown between them where one opens what another closes, become
// one fragment of HTML, in which elements stand for the Markdown; so does a
// paragraph with tags in it.

// mostWeight bounds what the parser of HTML makes of a fragment: each tag
// counts one and as many as there are elements like <b> open, which the parser
// opens anew in every block.
const mostWeight = 1 << 20

// markup is a fragment that is being written.
type markup struct {
	*marked
	b       strings.Builder
	inserts []insert
	inline  bool
	open    int // elements like <b> that are open
	within  int // elements of MathML and SVG that are
	weight  int
}

// put adds blocks that were read of Markdown.
func (f *markup) put(es []Element) {
	if len(es) > 0 {
		fmt.Fprintf(&f.b, "<div %s=%d></div>", insertAttr, len(f.inserts))
		f.inserts = append(f.inserts, insert{elements: es})
	}
}

// putInline adds running text that was read of Markdown.
func (f *markup) putInline(in Inline, off int) {
	text := in.Text
	switch in.Kind {
	case Text, CodeSpan:
	case Break:
		text = "\n"
	default:
		text = ""
	}
	p := f.pos(f.base + off)
	if in.Line > 0 {
		p.Line, p.Col = in.Line, in.Col
	}
	fmt.Fprintf(&f.b, "<span %s=%d %s=%d:%d>%s</span>", insertAttr, len(f.inserts), placeAttr, p.Line, p.Col, stdhtml.EscapeString(text))
	f.inserts = append(f.inserts, insert{inlines: []Inline{in}, nested: in.Kind != Text && in.Kind != CodeSpan && in.Kind != Break})
}

// stretch is raw text, and where its bytes stand in goldmark's source.
type stretch struct {
	text  string
	from  []int // where each line begins in text
	start []int // and in the source
}

func (s *stretch) add(text string, at int) {
	s.from, s.start = append(s.from, len(s.text)), append(s.start, at)
	s.text += text
}

// at is the offset in goldmark's source of an offset in the text.
func (s *stretch) at(off int) int {
	i, exact := slices.BinarySearch(s.from, off)
	if !exact {
		i--
	}
	if i < 0 {
		return 0
	}
	return s.start[i] + off - s.from[i]
}

// html adds raw HTML: its tags with their places and without attributes that
// are this reader's own, directives, and as text what looked like a tag to its end.
func (f *markup) html(s *stretch) {
	if bare().MatchString(s.text) { // most tags in running text
		name := strings.ToLower(strings.Trim(s.text, "</>"))
		t := html.Token{Type: html.StartTagToken, Data: name, DataAtom: atom.Lookup([]byte(name))}
		if s.text[1] != '/' {
			if f.tag(t, f.pos(f.base+s.at(0))); !rawText(t.DataAtom) {
				return
			}
			f.b.WriteString("</" + name + ">")
			return
		}
		f.endTag(name, t.DataAtom)
		return
	}
	z := html.NewTokenizer(strings.NewReader(s.text))
	off, within := 0, "" // the element whose text is raw
	for {
		z.AllowCDATA(f.within > 0) // as the parser does
		kind := z.Next()
		raw := string(z.Raw())
		if kind == html.ErrorToken {
			break
		}
		p := f.pos(f.base + s.at(off))
		off += len(raw)
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			f.tag(t, p)
			if kind == html.StartTagToken && rawText(t.DataAtom) {
				within = t.Data
			}
		case html.EndTagToken:
			t := z.Token()
			if t.Data == within {
				within = ""
			}
			f.endTag(t.Data, t.DataAtom)
		case html.DoctypeToken:
			f.unended(raw, p)
		case html.CommentToken:
			f.unended(raw, p)
			f.comment(z.Token().Data, p)
		case html.TextToken:
			f.weight += mostElements(kind, []byte(raw)) * (1 + f.open)
			f.b.WriteString(raw)
		}
	}
	if within != "" {
		f.b.WriteString("</" + within + ">")
	}
	if rest := s.text[min(off, len(s.text)):]; strings.TrimSpace(rest) != "" {
		f.find(f.base+s.at(off), "a tag that does not end is read as text: put \\ before a < that is none")
		f.b.WriteString(stdhtml.EscapeString(strings.TrimPrefix(rest, "<")))
	}
}

// bare finds a tag that has nothing but its name.
var bare = compiled(`^</?[A-Za-z][A-Za-z0-9]*>$`)

func (f *markup) endTag(name string, a atom.Atom) {
	switch {
	case formatting(a) && f.open > 0:
		f.open--
	case (a == atom.Math || a == atom.Svg) && f.within > 0:
		f.within--
	}
	f.b.WriteString("</" + name + ">")
}

func (f *markup) tag(t html.Token, p Pos) {
	if t.DataAtom == atom.Plaintext {
		return // it would never end
	}
	f.weight += 1 + f.open
	switch {
	case formatting(t.DataAtom):
		f.open++
	case (t.DataAtom == atom.Math || t.DataAtom == atom.Svg) && t.Type == html.StartTagToken:
		f.within++
	}
	fmt.Fprintf(&f.b, "<%s %s=%d:%d", t.Data, placeAttr, p.Line, p.Col)
	for _, a := range t.Attr {
		if !strings.HasPrefix(a.Key, "narrapress-") && !strings.ContainsAny(a.Key, "\"'<>=/ \t\n\f\x00") {
			fmt.Fprintf(&f.b, " %s=\"%s\"", a.Key, stdhtml.EscapeString(a.Val))
		}
	}
	if t.Type == html.SelfClosingTagToken {
		f.b.WriteString(" /")
	}
	f.b.WriteString(">")
}

// unended tells of a comment, declaration or instruction that does not end.
func (f *markup) unended(raw string, p Pos) {
	what := ""
	switch {
	case !strings.HasPrefix(raw, "<!--"):
		if !strings.HasSuffix(raw, ">") {
			what = fmt.Sprintf("what begins with %q and does not end hides the rest: end it with >, or put \\ before it", raw[:min(len(raw), 2)])
		}
	case !strings.HasSuffix(raw, "->") && !strings.HasSuffix(raw, "--!>"):
		what = "a comment that does not end hides the rest: end it with -->"
	}
	if what != "" {
		f.doc.Findings = append(f.doc.Findings, Finding{p, what})
	}
}

// comment takes directives from comments. Others are nobody's.
func (f *markup) comment(text string, p Pos) {
	note := func(format string, args ...any) {
		f.doc.Findings = append(f.doc.Findings, Finding{p, fmt.Sprintf(format, args...)})
	}
	verb, argument, ok, err := ParseDirective(text)
	switch {
	case !ok:
	case err != nil:
		note("%v", err)
	case f.inline:
		f.weight++
		fmt.Fprintf(&f.b, "<span %s=%d></span>", insertAttr, len(f.inserts))
		f.inserts = append(f.inserts, insert{inlines: []Inline{{Kind: Command, Text: verb, Title: argument}}, nested: true})
	default:
		f.put([]Element{{Kind: Directive, Pos: p, Label: verb, Raw: argument}})
	}
}

// rawText says whether there are no tags in an element (HTML, 13.2.5: raw text,
// escapable raw text and script data).
func rawText(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Textarea, atom.Title, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp, atom.Noscript:
		return true
	}
	return false
}

// formatting says whether the parser opens an element again in later blocks
// (HTML, 13.2.4.3: the list of active formatting elements).
func formatting(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

// page parses the fragment. It is nil if there is too much in it.
func (f *markup) page(at Pos) (*page, *html.Node) {
	if f.weight > mostWeight {
		return nil, nil
	}
	body := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(f.b.String()), body)
	if err != nil { // more than 512 elements inside each other
		return nil, nil
	}
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div, Attr: []html.Attribute{{Key: placeAttr, Val: fmt.Sprintf("%d:%d", at.Line, at.Col)}}}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return &page{doc: f.doc, name: f.name, blocks: map[*html.Node]bool{}, notes: map[string]*note{}, inserts: f.inserts}, root
}

const tooMuch = "raw HTML with too many elements inside each other is left out: write it as Markdown if it is to be spoken"

// rawBlocks reads blocks of raw HTML with what stands between them.
func (m *marked) rawBlocks(nodes []ast.Node) []Element {
	f := &markup{marked: m}
	for _, n := range nodes {
		if block, ok := n.(*ast.HTMLBlock); ok {
			f.html(m.stretch(block))
		} else {
			f.put(m.block(n))
		}
	}
	at := m.at(nodes[0])
	p, root := f.page(at)
	if p == nil {
		m.doc.Findings = append(m.doc.Findings, Finding{at, tooMuch})
		var out []Element
		for _, in := range f.inserts {
			out = append(out, in.elements...)
		}
		return out
	}
	return p.fragment(root, false)
}

// stretch is the text of a block of raw HTML.
func (m *marked) stretch(n *ast.HTMLBlock) *stretch {
	s := &stretch{}
	var b strings.Builder
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		s.from, s.start = append(s.from, b.Len()), append(s.start, l.Start-l.Padding)
		b.Write(l.Value(m.src))
	}
	if n.HasClosure() {
		s.from, s.start = append(s.from, b.Len()), append(s.start, n.ClosureLine.Start)
		b.Write(n.ClosureLine.Value(m.src))
	}
	s.text = b.String()
	return s
}

// spanning are the elements that may open in one block of raw HTML and close in
// another.
var spanning = []atom.Atom{
	atom.Details, atom.Summary, atom.Div, atom.Figure, atom.Figcaption, atom.Blockquote, atom.Table, atom.Ul, atom.Ol, atom.Dl, atom.Section, atom.Article,
	atom.Aside, atom.Center, atom.Main, atom.Header, atom.Footer, atom.Nav, atom.Form, atom.Fieldset, atom.Menu, atom.Noscript, atom.Template,
	atom.Video, atom.Audio, atom.Object,
}

// reach gives, of a block's children that are raw HTML, the index of the last
// one that closes what they open, or their own.
func (m *marked) reach(parent ast.Node) map[int]int {
	var to map[int]int
	open := map[atom.Atom][]int{}
	i := -1
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		i++
		block, ok := c.(*ast.HTMLBlock)
		if !ok {
			continue
		}
		if to == nil {
			to = map[int]int{}
		}
		to[i] = i
		z := html.NewTokenizer(strings.NewReader(m.stretch(block).text))
		for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
			if kind != html.StartTagToken && kind != html.EndTagToken {
				continue
			}
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if !slices.Contains(spanning, a) {
				continue
			}
			if kind == html.StartTagToken {
				open[a] = append(open[a], i)
			} else if k := len(open[a]); k > 0 {
				to[open[a][k-1]] = i
				open[a] = open[a][:k-1]
			}
		}
	}
	return to
}

// blocks converts the blocks of a container.
func (m *marked) blocks(parent ast.Node) []Element {
	var out []Element
	to := m.reach(parent)
	i := 0
	for n := parent.FirstChild(); n != nil; n, i = n.NextSibling(), i+1 {
		if n.Kind() != ast.KindHTMLBlock {
			out = append(out, m.block(n)...)
			continue
		}
		nodes, end := []ast.Node{n}, to[i]
		for i < end && n.NextSibling() != nil {
			n, i = n.NextSibling(), i+1
			nodes, end = append(nodes, n), max(end, to[i])
		}
		out = append(out, m.rawBlocks(nodes)...)
	}
	return m.shaped(out)
}
