package document

import (
	"sort"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Some stretches of a source are Markdown inside of something else: the title
// of a box, a footnote that stands in the text, a quote behind marks of its
// own. They are parsed by themselves.

// mostAgain is how deep such stretches may stand in each other.
const mostAgain = 3

// within reads a stretch of goldmark's source as blocks. Bytes for which blank
// is true are read as spaces, so that places stay.
func (m *marked) within(from, to int, blank func(off int) bool) []Element {
	src := append([]byte(nil), m.src[from:to]...)
	for i := range src {
		if blank != nil && src[i] != '\n' && blank(from+i) {
			src[i] = ' '
		}
	}
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
