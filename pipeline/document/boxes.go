package document

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Boxes that dialects of Markdown add: the fenced divisions of Pandoc,
// Docusaurus and VuePress (::: note … :::), and the indented ones of MkDocs
// (!!! note, ??? note).

// boxes adds them to goldmark.
type boxes struct{}

// Extend makes the parsers known, ahead of headings and paragraphs.
func (boxes) Extend(m goldmark.Markdown) {
	const first = 91
	m.Parser().AddOptions(parser.WithBlockParsers(util.Prioritized(fencedBox{}, first), util.Prioritized(indentedBox{}, first)))
}

var kindBox = ast.NewNodeKind("Box")

// boxNode is such a box; its children are what stands in it.
type boxNode struct {
	ast.BaseBlock
	name, title string
	titleAt     int // where the title begins in goldmark's source
	folded      bool
}

// Kind is the node's kind.
func (*boxNode) Kind() ast.NodeKind { return kindBox }

// Dump writes the node for debugging.
func (n *boxNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.name, "Title": n.title}, nil)
}

// mostBoxes is how deep fenced boxes nest.
const mostBoxes = 20

var (
	boxOpens  = compiled(`^:{3,}[ \t]*(?:\{([^{}\n]*)\}|([A-Za-z][\w-]*))[ \t]*(?:\{[^{}\n]*\})?(.*?)(?:\{[^{}\n]*\})?[ \t]*:*[ \t]*\n?$`)
	boxCloses = compiled(`^ {0,3}:{3,}[ \t]*\n?$`)
	boxClass  = compiled(`(?:^|\s)\.([A-Za-z][\w-]*)`)
	boxMarked = compiled(`^(!!!|\?\?\?\+?)[ \t]+([A-Za-z][\w-]*)((?:[ \t]+[\w-]+)*)[ \t]*(?:"(.*)")?[ \t]*\n?$`)
)

// fencedBox reads what stands between lines of colons.
type fencedBox struct{}

// Trigger is the character that the fence is made of.
func (fencedBox) Trigger() []byte { return []byte{':'} }

// CanInterruptParagraph says that no blank line is needed before it.
func (fencedBox) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine says that four spaces make it code.
func (fencedBox) CanAcceptIndentedLine() bool { return false }

// Open reads the first fence: colons, a name or attributes, perhaps a title.
func (fencedBox) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	offset := pc.BlockOffset()
	if offset < 0 || !bytes.HasPrefix(line[offset:], []byte(":::")) {
		return nil, parser.NoChildren
	}
	found := boxOpens().FindSubmatchIndex(line[offset:])
	if found == nil || len(boxesOpen(pc)) >= mostBoxes || len(bytes.TrimSpace(reader.Source()[segment.Stop:])) == 0 {
		return nil, parser.NoChildren // the last line of a text opens nothing: it is words
	}
	part := func(i int) string {
		if found[i] < 0 {
			return ""
		}
		return string(line[offset+found[i] : offset+found[i+1]])
	}
	n := &boxNode{name: part(4), title: part(6), titleAt: segment.Start - segment.Padding + offset + found[6]}
	if class := boxClass().FindStringSubmatch(part(2)); class != nil {
		n.name = class[1]
	}
	n.trim()
	n.SetPos(segment.Start - segment.Padding + offset)
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

// trim takes space and the brackets of Docusaurus from around the title.
func (n *boxNode) trim() {
	cut := func(rest string) {
		n.titleAt += len(n.title) - len(rest)
		n.title = strings.TrimRight(rest, " \t")
	}
	cut(strings.TrimLeft(n.title, " \t"))
	if len(n.title) > 2 && n.title[0] == '[' && n.title[len(n.title)-1] == ']' {
		n.title = n.title[:len(n.title)-1]
		cut(n.title[1:])
	}
}

// boxesOpen are the fenced boxes that a line stands in.
func boxesOpen(pc parser.Context) []ast.Node {
	var out []ast.Node
	for _, b := range pc.OpenedBlocks() {
		if _, ok := b.Parser.(fencedBox); ok {
			out = append(out, b.Node)
		}
	}
	return out
}

// Continue ends a box at a line of colons; it closes the innermost.
func (fencedBox) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if !bytes.Contains(line[:min(len(line), 6)], []byte(":::")) || !boxCloses().Match(line) {
		return parser.Continue | parser.HasChildren
	}
	opened := pc.OpenedBlocks()
	if last := opened[len(opened)-1].Node.Kind(); last == ast.KindFencedCodeBlock || last == ast.KindHTMLBlock {
		return parser.Continue | parser.HasChildren
	}
	if open := boxesOpen(pc); open[len(open)-1] != node {
		return parser.Continue | parser.HasChildren
	}
	reader.AdvanceToEOL()
	return parser.Close
}

// Close has nothing to do.
func (fencedBox) Close(ast.Node, text.Reader, parser.Context) {}

// indentedBox reads what is indented below a line of exclamation or question
// marks.
type indentedBox struct{}

// Trigger are the characters that the line begins with.
func (indentedBox) Trigger() []byte { return []byte{'!', '?'} }

// CanInterruptParagraph says that no blank line is needed before it.
func (indentedBox) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine says that four spaces make it code.
func (indentedBox) CanAcceptIndentedLine() bool { return false }

// Open reads the first line; the next that is not blank has to be indented.
func (indentedBox) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	offset := pc.BlockOffset()
	if offset < 0 {
		return nil, parser.NoChildren
	}
	found := boxMarked().FindSubmatchIndex(line[offset:])
	if found == nil || !indentedNext(reader.Source()[segment.Stop:]) {
		return nil, parser.NoChildren
	}
	part := func(i int) string {
		if found[i] < 0 {
			return ""
		}
		return string(line[offset+found[i] : offset+found[i+1]])
	}
	n := &boxNode{name: part(4), title: part(8), folded: part(2) != "!!!", titleAt: segment.Start - segment.Padding + offset + max(0, found[8])}
	n.SetPos(segment.Start - segment.Padding + offset)
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

// indentedNext says whether the first line that is not blank is indented, in
// whatever stands around it.
func indentedNext(src []byte) bool {
	const most = 4 // lines looked at
	for range most {
		line, rest, more := bytes.Cut(src, []byte("\n"))
		line = bytes.TrimLeft(line, ">")
		if text := bytes.TrimLeft(line, " \t"); len(text) > 0 {
			return columns(string(line[:len(line)-len(text)])) >= 4
		}
		if !more {
			return false
		}
		src = rest
	}
	return false
}

// Continue takes blank lines and those that are indented.
func (indentedBox) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	at, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if at < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(at, padding)
	return parser.Continue | parser.HasChildren
}

// Close has nothing to do.
func (indentedBox) Close(ast.Node, text.Reader, parser.Context) {}

// box is the element of a box: a call-out, if its name is one of those that
// people know; a section that is folded; or only what stands in it.
func (m *marked) box(n *boxNode, e Element) []Element {
	name := strings.ToLower(n.name)
	children := m.blocks(n)
	var title []Inline
	if n.title != "" {
		title = m.runningIn(n.titleAt, n.titleAt+len(n.title))
	}
	switch {
	case n.folded || name == "details" || name == "spoiler":
		e.Kind, e.Text, e.Children = Details, title, children
		if name != "details" {
			e.Label = name
		}
	case name == "quote" || name == "blockquote" || name == "epigraph":
		e.Kind, e.Children = Quote, children
		if len(title) > 0 {
			e.Cite = title
		}
	case called(name) || len(title) > 0:
		e.Kind, e.Label, e.Text, e.Children = Callout, name, title, children
	default:
		return children
	}
	return []Element{e}
}

// called says whether a word names a call-out, in one of the dialects that have
// them: GitHub, Obsidian, MkDocs, Docusaurus, Quarto.
func called(name string) bool {
	switch name {
	case "note", "tip", "important", "warning", "caution", "info", "danger", "hint", "attention", "error", "success", "question", "example",
		"abstract", "summary", "tldr", "todo", "check", "done", "help", "faq", "failure", "fail", "missing", "bug", "seealso", "admonition",
		"callout", "callout-note", "callout-tip", "callout-important", "callout-warning", "callout-caution", "alert", "notice", "aside":
		return true
	}
	return false
}
