package document

import (
	"bytes"
	"context"
	"html"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	emoji "github.com/yuin/goldmark-emoji"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown reads CommonMark with GitHub's extensions, footnotes and mathematics.
func (r *reader) markdown(ctx context.Context, body int) error {
	if err := r.guard(body); err != nil {
		return err
	}
	notes := &footnotes{named: map[string]bool{}}
	md := goldmark.New(append(dialect(), goldmark.WithExtensions(notes))...)
	src := []byte(r.src[body:])
	spoilers := r.masked(src)
	defined := parser.NewContext()
	root := md.Parser().Parse(text.NewReader(src), parser.WithContext(defined))
	if err := ctx.Err(); err != nil {
		return err
	}
	if notes.looked > mostNoted {
		return &Error{r.pos(body), "has too many footnotes with too many marks: divide it"}
	}
	m := &marked{
		reader: r, src: src, base: body, labels: map[int]string{}, spoilers: spoilers,
		again: running(), defined: defined, notes: &inlineNotes{named: map[string]bool{}},
	}
	for _, n := range notes.all {
		m.labels[n.Index] = string(n.Ref)
		m.notes.named[string(n.Ref)] = true
	}
	r.doc.Elements = m.blocks(root)
	r.doc.Elements = append(r.doc.Elements, m.notes.found...)
	for _, n := range notes.all {
		if n.Index < 0 {
			r.find(body+start(n), "footnote [^%s] has no mark in the text: left out", n.Ref)
			if l := last(n); l > 0 {
				r.drop(body+start(n), body+l)
			}
		}
	}
	for _, mark := range notes.strays {
		r.find(body+mark.at, "mark [^%s] has no footnote", mark.label)
	}
	m.unreferenced(defined)
	r.title()
	return nil
}

// dialect is what Markdown is read with: CommonMark, GitHub's extensions, and
// those of other programs.
func dialect() []goldmark.Option {
	return []goldmark.Option{
		goldmark.WithExtensions(extension.GFM, extension.DefinitionList, emoji.Emoji, maths{}, marks{}, boxes{}),
		goldmark.WithParserOptions(parser.WithHeadingAttribute()), // {#id}: a name for links, not words of the heading
	}
}

var (
	bracketed  = compiled(`\[([^\[\]\n]{1,999})\]`)
	definition = compiled(`(?m)^[ \t>]*\[([^\[\]\n]{1,999})\]:[^\n]*`)
)

// unreferenced finds definitions of links that nothing refers to and that lead
// nowhere: "[Note]: important" is one, and was meant as a sentence.
func (m *marked) unreferenced(defined parser.Context) {
	refs := map[string]bool{}
	for _, ref := range defined.References() {
		if !bytes.ContainsAny(ref.Destination(), "/#.:@") { // what is an address is no sentence
			refs[util.ToLinkReference(ref.Label())] = true
		}
	}
	if len(refs) == 0 {
		return
	}
	named := map[string]int{}
	for _, at := range bracketed().FindAllSubmatchIndex(m.src, -1) {
		named[util.ToLinkReference(m.src[at[2]:at[3]])]++
	}
	for _, at := range definition().FindAllSubmatchIndex(m.src, -1) {
		if label := util.ToLinkReference(m.src[at[2]:at[3]]); refs[label] && named[label] == 1 {
			m.find(m.base+at[2]-1, "%q defines a link that nothing refers to, and is left out", m.src[at[2]-1:at[1]])
		}
	}
}

// marked converts goldmark's tree.
type marked struct {
	*reader
	src    []byte
	base   int // offset of src in the source
	labels map[int]string

	spoilers map[int]bool   // the lines that are marked as one, from 0
	again    parser.Parser  // reads running text inside of something else
	defined  parser.Context // the links that the source defines
	depth    int            // of such stretches
	notes    *inlineNotes
}

// inlineNotes are the footnotes that stand in the text.
type inlineNotes struct {
	found []Element
	count int
	named map[string]bool // labels that are taken
}

func (m *marked) at(n ast.Node) Pos { return m.pos(m.base + start(n)) }

// start is where a node begins, in goldmark's source.
func start(n ast.Node) int {
	for ; n != nil; n = n.FirstChild() {
		if p := n.Pos(); p >= 0 {
			return p
		}
	}
	return 0
}

// last is where a block's text ends.
func last(n ast.Node) int {
	end := 0
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		if ls := n.Lines(); ls != nil && ls.Len() > 0 {
			end = max(end, ls.At(ls.Len()-1).Stop)
		}
		return ast.WalkContinue, nil
	})
	return end
}

func (m *marked) block(n ast.Node) []Element {
	e := Element{Pos: m.at(n)}
	switch n := n.(type) {
	case *ast.Heading:
		e.Kind, e.Level, e.Text = Heading, n.Level, m.inlines(n)
	case *ast.Paragraph, *ast.TextBlock:
		return m.paragraph(n, e)
	case *ast.Blockquote:
		return m.quote(n, e)
	case *boxNode:
		return m.box(n, e)
	case *east.DefinitionList:
		return m.definitions(n, e)
	case *ast.List:
		e.Kind, e.Children = List, m.blocks(n)
		if n.IsOrdered() {
			e.Start = max(n.Start, 1) // 0 means bullets
		}
	case *ast.ListItem:
		e.Kind, e.Task, e.Children = Item, task(n), m.blocks(n)
	case *formulaNode:
		return m.formula(n, e)
	case *ast.FencedCodeBlock:
		if string(n.Language(m.src)) == "math" { // as GitHub has it
			return m.formula(n, e)
		}
		switch string(n.Language(m.src)) {
		case "poem", "verse", "poetry":
			return m.poem(n, e)
		}
		e.Kind, e.Language, e.Raw = Code, string(n.Language(m.src)), m.raw(n)
	case *ast.CodeBlock:
		e.Kind, e.Raw = Code, m.raw(n)
	case *ast.ThematicBreak:
		e.Kind = Rule
	case *east.Table:
		e.Kind = Table
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			cells := m.row(row)
			if cells.Header && blank(cells) {
				continue // Markdown wants a row of heads, also where there are none
			}
			e.Children = append(e.Children, cells)
		}
	case *east.FootnoteList:
		return m.blocks(n)
	case *east.Footnote:
		if n.Index < 0 {
			return nil
		}
		e.Kind, e.Label, e.Children = Note, string(n.Ref), m.blocks(n)
	default: // link reference definitions
		return nil
	}
	return []Element{e}
}

// paragraph is a paragraph, or what it is divided into by mathematics that is
// set apart in it.
func (m *marked) paragraph(n ast.Node, e Element) []Element {
	if out, ok := m.shortcodes(n); ok {
		return out
	}
	if tagged(n) {
		return m.rawParagraph(n)
	}
	e.Kind, e.Text = Paragraph, m.inlines(n)
	if words := Plain(e.Text); strings.HasPrefix(words, "[") && strings.HasSuffix(words, "]") && contents().MatchString(words[1:len(words)-1]) {
		m.leave(start(n), last(n), "a table of contents")
		return nil
	}
	if v, ok := versed(e); ok {
		return []Element{v}
	}
	if out, ok := underneath(e); ok {
		return out
	}
	if !slices.ContainsFunc(e.Text, func(in Inline) bool { return in.Display }) {
		return pictured(e)
	}
	var out []Element
	for _, part := range apart(e) {
		if part.Kind == Paragraph {
			out = append(out, pictured(part)...)
		} else {
			out = append(out, part)
		}
	}
	return out
}

// blank says whether nothing stands in a row.
func blank(row Element) bool {
	for _, c := range row.Children {
		pictures, others := split(c.Text, nil)
		if others || len(pictures) > 0 {
			return false
		}
	}
	return true
}

// definitions is a list: each term with its definitions, as pages have it.
func (m *marked) definitions(list ast.Node, e Element) []Element {
	e.Kind = List
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		last := len(e.Children) - 1
		if n.Kind() == east.KindDefinitionTerm {
			item := Element{Kind: Item, Pos: m.at(n)}
			if n.Lines().Len() > 0 {
				item.Pos = m.pos(m.base + n.Lines().At(0).Start)
			}
			item.Children = pictured(Element{Kind: Paragraph, Pos: item.Pos, Text: m.inlines(n)})
			e.Children = append(e.Children, item)
		} else if last >= 0 {
			e.Children[last].Children = append(e.Children[last].Children, m.blocks(n)...)
		}
	}
	if len(e.Children) == 0 {
		return nil
	}
	return []Element{e}
}

// pictured is a paragraph, or the images it consists of.
func pictured(e Element) []Element {
	pictures, others := split(e.Text, nil)
	if others || len(pictures) == 0 {
		if Plain(e.Text) == "" && len(pictures) == 0 {
			return nil
		}
		return []Element{e}
	}
	out := make([]Element, len(pictures))
	for i, p := range pictures {
		out[i] = Element{Kind: Image, Pos: e.Pos, URL: p.URL, Alt: p.Text, Title: p.Title, Tooltip: p.Title != ""}
	}
	return out
}

// split gathers the pictures of running text, links around them or not, and
// says whether it has anything else.
func split(ins []Inline, pictures []Inline) (_ []Inline, others bool) {
	for _, in := range ins {
		switch in.Kind {
		case Picture:
			pictures = append(pictures, in)
		case Break:
		case Link, Emphasis, Strong, Strike:
			var more bool
			pictures, more = split(in.Children, pictures)
			others = others || more
		default:
			others = others || strings.TrimSpace(in.Text) != ""
		}
	}
	return pictures, others
}

func task(n *ast.ListItem) string {
	if n.FirstChild() == nil {
		return ""
	}
	if box, ok := n.FirstChild().FirstChild().(*east.TaskCheckBox); ok {
		if box.IsChecked {
			return "done"
		}
		return "open"
	}
	return ""
}

func (m *marked) raw(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		b.WriteString(m.verbatim(l))
	}
	return b.String()
}

// verbatim is a stretch of goldmark's source as its author wrote it: what was
// masked there is no mark in code.
func (m *marked) verbatim(s text.Segment) string {
	out := string(s.Value(m.src))
	if m.depth > 0 {
		return out // which has other bytes read as spaces, too
	}
	return out[:s.Padding] + m.reader.src[m.base+s.Start:m.base+s.Stop] + out[s.Padding+s.Stop-s.Start:]
}

// row is a row of a table. Cells beyond the table's heads, which GitHub does
// not show, are kept: they are words of the author.
func (m *marked) row(n ast.Node) Element {
	_, header := n.(*east.TableHeader)
	e := Element{Kind: Row, Pos: m.at(n), Header: header}
	end := -1
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		cell := Element{Kind: Cell, Pos: e.Pos, Text: m.inlines(c)}
		if c.Lines().Len() > 0 {
			seg := c.Lines().At(0)
			cell.Pos, end = m.pos(m.base+seg.Start), seg.Stop
		}
		e.Children = append(e.Children, cell)
	}
	if end < 0 {
		return e
	}
	line := m.src[end:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	cells := strings.Split(string(line), "|")
	off := end + len(cells[0]) + 1
	for _, c := range cells[1:] {
		if strings.ContainsFunc(c, speakable) {
			m.find(m.base+off, "a cell beyond the table's heads: kept")
			lead := len(c) - len(strings.TrimLeft(c, " \t"))
			e.Children = append(e.Children, Element{
				Kind: Cell, Pos: m.pos(m.base + off + lead),
				Text: m.mended(strings.TrimSpace(c), m.base+off+lead, true, unescape),
			})
		}
		off += len(c) + 1
	}
	return e
}

func speakable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

var entity = compiled(`^&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)

// unescape is source text as the reader sees it: backslash escapes and
// entities (CommonMark 0.31.2, 2.4 and 2.5) resolved in one pass.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			i++
			b.WriteByte(s[i])
		case s[i] == '&':
			if e := entity().FindString(s[i:min(len(s), i+40)]); e != "" {
				b.WriteString(resolve(e))
				i += len(e) - 1
				break
			}
			b.WriteByte('&')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// resolve is what an entity stands for, or itself if its name is not known.
func resolve(e string) string {
	if e[1] == '#' {
		return html.UnescapeString(e)
	}
	if known, ok := util.LookUpHTML5EntityByName(e[1 : len(e)-1]); ok {
		return string(known.Characters)
	}
	return e
}
