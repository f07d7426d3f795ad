package document

import (
	"bytes"
	"sort"

	"github.com/yuin/goldmark"
	emoji "github.com/yuin/goldmark-emoji"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Some stretches of a source are running text inside of something else: the
// title of a box, a footnote that stands in the text. They are parsed by
// themselves.

// running is the parser of them. It knows no block but the paragraph: "1984. A
// novel" is no item of a list there, and "[2]: c" no address of a link.
func running() parser.Parser {
	p := parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(append(parser.DefaultInlineParsers(), util.Prioritized(&inlined{}, mathsFirst))...),
	)
	return goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, emoji.Emoji, marks{})).Parser()
}

// mostAgain is how deep such stretches may stand in each other.
const mostAgain = 3

// within reads a stretch of goldmark's source as a paragraph. Bytes for which blank
// is true are read as spaces, so that places stay.
func (m *marked) within(from, to int, blank func(off int) bool) []Element {
	src := append([]byte(nil), m.src[from:to]...)
	for i := range src {
		if blank != nil && src[i] != '\n' && blank(from+i) {
			src[i] = ' '
		}
	}
	lead := len(src) - len(bytes.TrimLeft(src, " \t\r\n")) // an indented line begins no paragraph
	src, from = src[lead:], from+lead
	if m.depth >= mostAgain {
		p := m.pos(m.base + from)
		return []Element{{Kind: Paragraph, Pos: p, Text: m.mended(string(src), m.base+from, true, unescape)}}
	}
	root := m.again.Parse(text.NewReader(src), parser.WithContext(m.defined))
	inner := &marked{reader: m.reader, src: src, base: m.base + from, labels: map[int]string{}, again: m.again, defined: m.defined, depth: m.depth + 1, notes: m.notes}
	out := inner.blocks(root)
	return out
}

// runningIn reads a stretch of one line as running text.
func (m *marked) runningIn(from, to int) []Inline {
	return flattened(m.within(from, to, nil))
}

// held gives the offsets of goldmark's source that a block's lines hold, in the
// form that within wants: true for those that stand between them.
func held(n ast.Node, from int) func(off int) bool {
	i := sort.Search(n.Lines().Len(), func(i int) bool { return n.Lines().At(i).Stop > from })
	return func(off int) bool {
		for i < n.Lines().Len() && n.Lines().At(i).Stop <= off {
			i++
		}
		return i >= n.Lines().Len() || off < n.Lines().At(i).Start
	}
}
