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

// Mathematics in Markdown is what pandoc's manual ("Extension:
// tex_math_dollars", "tex_math_single_backslash") says it is: between dollars
// with no space inside them and no digit after the second, between \( and \),
// and, set apart, between double dollars or \[ and \]. Three rules are stricter,
// for authors who have never heard of TeX: a dollar right after a letter or a
// digit opens nothing (US$5), what stands between dollars is no part of a
// sentence, and escaped brackets hold mathematics only if what stands in them
// looks like it.

// maths adds mathematics to goldmark.
type maths struct{}

// mathsFirst is the place of mathematics among parsers: of blocks, thematic
// breaks are 200; of inlines, code is 100.
const mathsFirst = 90

// Extend makes the parsers known, ahead of escapes, emphasis and paragraphs.
func (maths) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(&displayed{}, mathsFirst)),
		parser.WithInlineParsers(util.Prioritized(&inlined{}, mathsFirst)),
	)
}

var (
	kindMath    = ast.NewNodeKind("Math")
	kindFormula = ast.NewNodeKind("Formula")
)

// mathNode is mathematics in running text.
type mathNode struct {
	ast.BaseInline
	tex     string
	at      int // where tex begins in goldmark's source
	display bool
}

// Kind is the node's kind.
func (*mathNode) Kind() ast.NodeKind { return kindMath }

// Dump writes the node for debugging.
func (n *mathNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"TeX": n.tex}, nil)
}

// formulaNode is mathematics on lines of its own; they are the node's lines.
type formulaNode struct {
	ast.BaseBlock
	end    int // where the mark that closes it stands in goldmark's source
	closed bool
}

// Kind is the node's kind.
func (*formulaNode) Kind() ast.NodeKind { return kindFormula }

// IsRaw says that the lines are no running text.
func (*formulaNode) IsRaw() bool { return true }

// Dump writes the node for debugging.
func (n *formulaNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// inlined reads mathematics in running text.
type inlined struct {
	looked [2]horizon // of the closing $$ and \)
}

// Trigger are the characters that mathematics may begin with.
func (*inlined) Trigger() []byte { return []byte{'$', '\\'} }

// Parse reads the mathematics that begins here.
func (p *inlined) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	opening, closing := delimiters(line)
	before := block.PrecendingCharacter()
	if opening == "" || opening == `\[` || before == '$' || strings.HasPrefix(string(line[:min(3, len(line))]), "$$$") || opening == "$" && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
		return nil
	}
	looked := p.looked[0].in(block.Source())
	if opening == `\(` {
		looked = p.looked[1].in(block.Source())
	}
	if opening != "$" && segment.Start < *looked {
		return nil
	}
	row, pos := block.Position()
	block.Advance(len(opening))
	n := &mathNode{at: segment.Start + len(opening), display: opening == "$$"}
	var tex strings.Builder
	for {
		line, segment = block.PeekLine()
		if line == nil {
			block.SetPosition(row, pos)
			return nil
		}
		if i := closer(line, closing); i >= 0 {
			tex.Write(line[:i])
			if n.tex = tex.String(); !holds(opening, n.tex, line[i+len(closing):]) {
				break
			}
			block.Advance(i + len(closing))
			n.trim()
			n.SetPos(n.at)
			return n
		}
		*looked = segment.Stop
		tex.Write(line)
		block.AdvanceLine()
	}
	block.SetPosition(row, pos)
	return nil
}

// trim takes off the white space around the mathematics, and the backticks of
// GitHub's $`…`$.
func (n *mathNode) trim() {
	cut := func(chars string) {
		rest := strings.TrimLeft(n.tex, chars)
		n.at += len(n.tex) - len(rest)
		n.tex = strings.TrimRight(rest, chars)
	}
	cut(" \t\n")
	if len(n.tex) > 2 && n.tex[0] == '`' && n.tex[len(n.tex)-1] == '`' {
		cut("`")
	}
}

// delimiters are the marks around mathematics that may begin a text.
func delimiters(text []byte) (opening, closing string) {
	for _, d := range [][2]string{{"$$", "$$"}, {"$", "$"}, {`\(`, `\)`}, {`\[`, `\]`}} {
		if strings.HasPrefix(string(text[:min(2, len(text))]), d[0]) {
			return d[0], d[1]
		}
	}
	return "", ""
}

// closer is where the closing mark stands in a text, or -1. A backslash takes
// the meaning from the character after it, and a mark in a code span is none.
func closer[T []byte | string](text T, mark string) int {
	for i := 0; i+len(mark) <= len(text); i++ {
		switch {
		case string(text[i:i+len(mark)]) == mark:
			return i
		case text[i] == '\\':
			i++
		case text[i] == '`':
			i = codeEnd(text, i) - 1
		}
	}
	return -1
}

// holds says whether what stands between marks is mathematics.
func holds(opening, tex string, after []byte) bool {
	inside := strings.TrimSpace(tex)
	switch opening {
	case "$":
		return inside != "" && inside == tex && (len(after) == 0 || after[0] < '0' || after[0] > '9') && !priced(inside)
	case "$$":
		return inside != "" && !priced(inside)
	default:
		return mathematical(inside)
	}
}

// mathematical says whether the text between escaped brackets can be
// mathematics: it has a sign or a command of TeX, or no word in it.
func mathematical(tex string) bool {
	letters, run, longest := false, 0, 0
	for i, r := range tex {
		switch {
		case strings.ContainsRune("^_=<>+{}|", r):
			return true
		case r == '\\' && i+1 < len(tex) && ('a' <= tex[i+1]|0x20 && tex[i+1]|0x20 <= 'z'):
			return true
		case unicode.IsLetter(r):
			letters = true
			run++
			longest = max(longest, run)
		default:
			run = 0
		}
	}
	return letters && longest == 1
}

// displayed reads mathematics on lines of its own.
type displayed struct {
	looked horizon // of the closing mark
}

// Trigger are the characters that mathematics may begin with.
func (*displayed) Trigger() []byte { return []byte{'$', '\\'} }

// CanInterruptParagraph says that no blank line is needed before it.
func (*displayed) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine says that four spaces make it code.
func (*displayed) CanAcceptIndentedLine() bool { return false }

// Open looks for a closing mark before the next blank line, with nothing
// behind it but punctuation.
func (d *displayed) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	offset := pc.BlockOffset()
	if offset < 0 || offset >= len(line) {
		return nil, parser.NoChildren
	}
	opening, closing := delimiters(line[offset:])
	start := segment.Start - segment.Padding + offset
	looked := d.looked.in(reader.Source())
	if len(opening) != 2 || opening == `\(` || start < *looked || strings.HasPrefix(string(line[offset:min(len(line), offset+3)]), "$$$") {
		return nil, parser.NoChildren
	}
	start += len(opening)
	source := reader.Source()
	end, found := start, false
	for end < len(source) && !found {
		next := len(source)
		if i := bytes.IndexByte(source[end:], '\n'); i >= 0 {
			next = end + i
		}
		if i := closer(source[end:next], closing); i >= 0 {
			tail := strings.Trim(string(source[end+i+len(closing):next]), " \t\r.,;:!?")
			end, found = end+i, true
			if inside := string(source[start:end]); tail != "" || !holds(opening, inside, nil) {
				*looked = end
				return nil, parser.NoChildren
			}
			break
		}
		blank := end > start && strings.Trim(string(source[end:next]), " \t\r>") == ""
		end = next + 1
		if blank {
			break
		}
	}
	if !found {
		*looked = end
		return nil, parser.NoChildren
	}
	n := &formulaNode{end: end, closed: end < segment.Stop}
	n.Lines().Append(text.NewSegment(start, min(end, segment.Stop)))
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// Continue takes lines until the closing mark.
func (*displayed) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n, ok := node.(*formulaNode)
	line, segment := reader.PeekLine()
	if !ok || line == nil || n.closed || segment.Start > n.end {
		return parser.Close
	}
	n.Lines().Append(text.NewSegment(segment.Start, min(n.end, segment.Stop)))
	reader.AdvanceToEOL()
	if segment.Stop > n.end || segment.Start == segment.Stop {
		return parser.Close
	}
	return parser.Continue | parser.NoChildren
}

// Close has nothing to do.
func (*displayed) Close(ast.Node, text.Reader, parser.Context) {}

// formula is an element of mathematics. Its place is where the TeX begins.
func (m *marked) formula(n ast.Node, e Element) []Element {
	raw := m.raw(n)
	e.Kind, e.Raw = Formula, strings.TrimSpace(raw)
	if e.Raw == "" {
		return nil
	}
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		if line := l.Value(m.src); strings.TrimSpace(string(line)) != "" {
			lead := len(line) - len(strings.TrimLeft(string(line), " \t"))
			e.Pos = m.pos(m.base + l.Start + max(0, lead-l.Padding))
			break
		}
	}
	return []Element{e}
}

// apart divides a paragraph at the mathematics that is set apart in it.
func apart(e Element) []Element {
	var out []Element
	from := 0
	for i := range len(e.Text) + 1 {
		if i < len(e.Text) && !e.Text[i].Display {
			continue
		}
		part := Element{Kind: e.Kind, Pos: e.Pos, Text: e.Text[from:i]}
		for len(part.Text) > 0 && part.Text[0].Kind == Break {
			part.Text = part.Text[1:]
		}
		for n := len(part.Text); n > 0 && part.Text[n-1].Kind == Break; n-- {
			part.Text = part.Text[:n-1]
		}
		if line, col := begin(part.Text); line > 0 {
			part.Pos.Line, part.Pos.Col = line, col
		}
		pictures, _ := split(part.Text, nil)
		if len(pictures) > 0 || strings.ContainsFunc(Plain(part.Text), speakable) {
			out = append(out, part)
		}
		if i < len(e.Text) {
			in := e.Text[i]
			out = append(out, Element{Kind: Formula, Pos: Pos{e.Pos.File, in.Line, in.Col}, Raw: in.Text})
		}
		from = i + 1
	}
	return out
}

// begin is the first known place in running text.
func begin(ins []Inline) (line, col int) {
	for _, in := range ins {
		if line, col = in.Line, in.Col; line == 0 {
			line, col = begin(in.Children)
		}
		if line > 0 {
			return line, col
		}
	}
	return 0, 0
}

// Running is a text from outside of a document's body, such as its title, as
// running text: mathematics between dollars is found in it.
func Running(s string) []Inline {
	var out []Inline
	from := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
			continue
		}
		if s[i] != '$' {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		n := closer(s[i+1:], "$")
		if n < 0 {
			break
		}
		end := i + 1 + n
		if tex := s[i+1 : end]; !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != '$' && holds("$", tex, []byte(s[end+1:min(len(s), end+2)])) {
			if from < i {
				out = append(out, Inline{Kind: Text, Text: s[from:i]})
			}
			out = append(out, Inline{Kind: Math, Text: tex})
			from, i = end+1, end
		}
	}
	if from < len(s) {
		out = append(out, Inline{Kind: Text, Text: s[from:]})
	}
	return out
}
