package document

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Marks that dialects of Markdown add to running text:
//
//   - [[Page]], [[Page|text]] and ![[picture.png]] of wikis and Obsidian
//   - ==marked== words
//   - ^[footnotes in the text] of Pandoc
//   - {{< shortcodes >}} of Hugo and {% tags %} of Liquid (Jekyll)
//   - {: .attributes} of kramdown, and Pandoc's {.attributes} after a link,
//     an image or code

// marks adds them to goldmark.
type marks struct{}

// Extend makes the parsers known, ahead of links (200).
func (marks) Extend(m goldmark.Markdown) {
	const first = 95
	m.Parser().AddOptions(parser.WithInlineParsers(
		util.Prioritized(&wikiParser{}, first),
		util.Prioritized(&braceParser{}, first),
		util.Prioritized(&noteParser{}, first),
		util.Prioritized(&highlightParser{}, 500), // as goldmark's emphasis
	))
}

var kindMark = ast.NewNodeKind("Mark")

// markSort says what a mark is.
type markSort int

const (
	wikiLink markSort = iota
	wikiPicture
	shortcode
	attributes
	inlineNote
	highlight
)

// markNode is one of these marks in running text.
type markNode struct {
	ast.BaseInline
	sort markSort
	text string // inside the marks
	from int    // where the mark, and the text in it, begin and end in goldmark's source
	to   int
	at   int
}

// Kind is the node's kind.
func (*markNode) Kind() ast.NodeKind { return kindMark }

// Dump writes the node for debugging.
func (n *markNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Text": n.text}, nil)
}

// take makes a node of the first bytes of a line.
func take(block text.Reader, sort markSort, opening, closing, inside int) *markNode {
	line, segment := block.PeekLine()
	n := &markNode{
		sort: sort, text: string(line[opening : opening+inside]),
		from: segment.Start, to: segment.Start + opening + inside + closing, at: segment.Start + opening,
	}
	n.SetPos(n.from)
	block.Advance(opening + inside + closing)
	return n
}

// wikiParser reads links between pages of a wiki.
type wikiParser struct{}

// Trigger are the characters that such a link may begin with.
func (*wikiParser) Trigger() []byte { return []byte{'[', '!'} }

// Parse reads the link that begins here. A link of CommonMark's that looks like
// one, [[1]](address), is none.
func (*wikiParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	sort, opening := wikiLink, 2
	if line[0] == '!' {
		sort, opening = wikiPicture, 3
	}
	if len(line) < opening+3 || string(line[opening-2:opening]) != "[[" {
		return nil
	}
	inside := bytes.IndexAny(line[opening:], "[]\n")
	if inside <= 0 || !bytes.HasPrefix(line[opening+inside:], []byte("]]")) || strings.TrimSpace(string(line[opening:opening+inside])) == "" {
		return nil
	}
	if page, _, _ := strings.Cut(string(line[opening:opening+inside]), "|"); sort == wikiPicture && !isImage(page) {
		return nil // a mark, and a link
	}
	if after := line[opening+inside+2:]; len(after) > 0 && (after[0] == '(' || after[0] == '[' || after[0] == ':') {
		return nil
	}
	if _, ok := pc.Reference(util.ToLinkReference(line[opening : opening+inside])); ok {
		return nil
	}
	return take(block, sort, opening, 2, inside)
}

// mostBraces bounds a shortcode, in bytes.
const mostBraces = 1024

// braceParser reads shortcodes and lists of attributes.
type braceParser struct{}

// Trigger is the character that they begin with.
func (*braceParser) Trigger() []byte { return []byte{'{'} }

var spanAttributes = compiled(`^\{\s*(?:[#.][\w-]+|[\w-]+=(?:"[^"{}\n]*"|[^\s"{}]+))(?:\s+(?:[#.][\w-]+|[\w-]+=(?:"[^"{}\n]*"|[^\s"{}]+)))*\s*\}`)

// Parse reads what begins here, on one line.
func (*braceParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	line = line[:min(len(line), mostBraces)]
	for _, d := range [][2]string{{"{{<", ">}}"}, {"{{%", "%}}"}, {"{%", "%}"}} {
		if !bytes.HasPrefix(line, []byte(d[0])) {
			continue
		}
		inside := bytes.Index(line[len(d[0]):], []byte(d[1]))
		if inside < 0 || bytes.Contains(line[len(d[0]):len(d[0])+inside], []byte(d[0])) {
			return nil
		}
		return take(block, shortcode, len(d[0]), len(d[1]), inside)
	}
	if bytes.HasPrefix(line, []byte("{:")) {
		if inside := bytes.IndexAny(line[2:], "{}\n"); inside >= 0 && line[2+inside] == '}' {
			return take(block, attributes, 2, 1, inside)
		}
		return nil
	}
	switch parent.LastChild().(type) {
	case *ast.Link, *ast.Image, *ast.CodeSpan:
	default:
		return nil
	}
	if r := block.PrecendingCharacter(); r != ')' && r != ']' && r != '`' {
		return nil
	}
	if n := len(spanAttributes().Find(line)); n > 0 {
		return take(block, attributes, 1, 1, n-2)
	}
	return nil
}

// noteParser reads footnotes that stand in the text.
type noteParser struct {
	looked horizon
}

// horizon is up to where in a source nothing was found, so that time is linear.
// A parser reads several sources, one after the other.
type horizon struct {
	src []byte
	to  int
}

// in is the horizon in a source.
func (h *horizon) in(src []byte) *int {
	if len(src) > 0 && (len(h.src) == 0 || &src[0] != &h.src[0]) {
		*h = horizon{src: src}
	}
	return &h.to
}

// Trigger is the character that they begin with.
func (*noteParser) Trigger() []byte { return []byte{'^'} }

// Parse reads the footnote that begins here: to the bracket that closes it, in
// the same paragraph.
func (p *noteParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	looked := p.looked.in(block.Source())
	// "^[^1]" is the mark of a footnote that stands elsewhere.
	if len(line) < 3 || line[1] != '[' || line[2] == ']' || line[2] == '^' || segment.Start < *looked || pc.IsInLinkLabel() {
		return nil
	}
	row, pos := block.Position()
	n := &markNode{sort: inlineNote, from: segment.Start, at: segment.Start + 2}
	n.SetPos(n.from)
	block.Advance(2)
	depth := 1
	for {
		line, segment = block.PeekLine()
		if line == nil {
			*looked = max(*looked, segment.Start)
			block.SetPosition(row, pos)
			return nil
		}
		for i := 0; i < len(line); i++ {
			switch line[i] {
			case '\\':
				i++
			case '[':
				depth++
			case ']':
				depth--
			}
			if depth == 0 {
				n.to = segment.Start + i + 1
				block.Advance(i + 1)
				return n
			}
		}
		*looked = segment.Stop
		block.AdvanceLine()
	}
}

// highlightParser reads ==marked== words. As with "_", the marks stand outside
// of words: a==b is a comparison.
type highlightParser struct{}

type highlights struct{}

// IsDelimiter says which character marks.
func (highlights) IsDelimiter(b byte) bool { return b == '=' }

// CanOpenCloser says which marks belong together.
func (highlights) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char && opener.OriginalLength == closer.OriginalLength
}

// OnMatch is the node of what is marked.
func (highlights) OnMatch(int) ast.Node { return &markNode{sort: highlight} }

// Trigger is the character that marks.
func (*highlightParser) Trigger() []byte { return []byte{'='} }

// Parse reads one of the marks.
func (*highlightParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	d := parser.ScanDelimiter(line, before, 2, highlights{})
	if d == nil || d.OriginalLength != 2 || before == '=' {
		return nil
	}
	after := block.Value(text.NewSegment(segment.Start+2, min(segment.Stop, segment.Start+6)))
	next, _ := utf8.DecodeRune(after)
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	d.CanOpen = d.CanOpen && !word(before)
	d.CanClose = d.CanClose && !word(next)
	if !d.CanOpen && !d.CanClose {
		return nil
	}
	d.Segment = segment.WithStop(segment.Start + d.OriginalLength)
	block.Advance(d.OriginalLength)
	pc.PushDelimiter(d)
	return d
}
