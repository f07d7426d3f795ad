package document

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// The places of goldmark's own footnotes among its parsers and transformers
// (extension/footnote.go). All footnotes are gathered before its transformer
// removes those that nothing refers to.
const (
	footnoteBlocks  = 999
	footnoteMarks   = 101
	beforeFootnotes = 998
	footnoteEnds    = 999
)

// longestLabel is the longest label of a footnote, in bytes, as goldmark has it; it is
// CommonMark's of a link (spec.commonmark.org/0.31.2, "Link label").
const longestLabel = 999

// footnotes has goldmark read footnotes, and gathers them. For each mark goldmark
// looks through all of them: it is not asked about marks that no footnote has, and
// no longer when it has looked at too many.
type footnotes struct {
	all    []*east.Footnote
	named  map[string]bool // what their marks say
	read   int             // how many there are
	looked int             // footnotes that were looked at for their marks, at most
	strays []strayMark     // marks that no footnote has
}

// strayMark is a mark that no footnote has: where it stands in goldmark's source,
// and what it says.
type strayMark struct {
	at    int
	label string
}

// Extend adds the parsers.
func (f *footnotes) Extend(md goldmark.Markdown) {
	md.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(&footnoteBlock{extension.NewFootnoteBlockParser(), f}, footnoteBlocks)),
		parser.WithInlineParsers(util.Prioritized(&footnoteMark{extension.NewFootnoteParser(), f}, footnoteMarks)),
		parser.WithASTTransformers(util.Prioritized(f, beforeFootnotes), util.Prioritized(extension.NewFootnoteASTTransformer(), footnoteEnds)),
	)
}

// Transform gathers the footnotes.
func (f *footnotes) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	// Lists of footnotes stand where the first footnote stood, at any depth.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n, ok := n.(*east.Footnote); ok && entering {
			f.all = append(f.all, n)
		}
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

// footnoteBlock reads a footnote, and knows its name from then on.
type footnoteBlock struct {
	parser.BlockParser
	of *footnotes
}

// Open reads the beginning of a footnote.
func (b *footnoteBlock) Open(parent ast.Node, in text.Reader, pc parser.Context) (ast.Node, parser.State) {
	n, state := b.BlockParser.Open(parent, in, pc)
	if n, ok := n.(*east.Footnote); ok {
		b.of.named[string(n.Ref)] = true
		b.of.read++
	}
	return n, state
}

// footnoteMark reads the mark of a footnote in the text.
type footnoteMark struct {
	parser.InlineParser
	of *footnotes
}

// Parse reads a mark, where there is a footnote of its name.
func (m *footnoteMark) Parse(parent ast.Node, in text.Reader, pc parser.Context) ast.Node {
	line, at := in.PeekLine()
	mark := bytes.TrimPrefix(line, []byte("!"))
	label, ok := bytes.CutPrefix(mark, []byte("[^"))
	if !ok {
		return nil
	}
	label = label[:min(len(label), longestLabel)]
	end := bytes.IndexByte(label, ']')
	if end < 0 {
		return nil
	}
	if bytes.IndexByte(label[:end], '\\') < 0 && !m.of.named[string(label[:end])] {
		m.of.without(at.Start+len(line)-len(mark), label[:end], label[end+1:])
		return nil
	}
	if m.of.looked += m.of.read; m.of.looked > mostNoted {
		return nil
	}
	return m.InlineParser.Parse(parent, in, pc)
}

// without remembers a mark that no footnote has; "[^a](address)" is a link.
func (f *footnotes) without(at int, label, rest []byte) {
	if len(label) == 0 || len(rest) > 0 && (rest[0] == '(' || rest[0] == '[') {
		return
	}
	if n := len(f.strays); n == 0 || f.strays[n-1].at < at { // "![^a]" is looked at twice
		f.strays = append(f.strays, strayMark{at, string(label)})
	}
}
