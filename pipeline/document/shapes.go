package document

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// Shapes of Markdown that mean more than their marks say: alerts, who is
// quoted, verse, captions.

// shaped is a container's elements, those that belong together joined.
func (m *marked) shaped(es []Element) []Element {
	var out []Element
	for i := 0; i < len(es); i++ {
		e := es[i]
		last := len(out) - 1
		switch e.Kind {
		case Verse:
			if last >= 0 && out[last].Kind == Verse && len(out[last].Cite) == 0 {
				out[last].Children = append(out[last].Children, e.Children...)
				out[last].Cite = e.Cite
				continue
			}
		case Table:
			if last >= 0 && len(e.Text) == 0 {
				if text, ok := caption(out[last]); ok {
					e.Text, out = text, out[:last]
				}
			}
			if i+1 < len(es) && len(e.Text) == 0 {
				if text, ok := caption(es[i+1]); ok {
					e.Text = text
					i++
				}
			}
		case Paragraph:
			if last >= 0 && out[last].Kind == Image && (last == 0 || out[last-1].Kind != Image) && out[last].Title == "" && italic(e.Text) {
				out[last].Title = Plain(e.Text)
				continue
			}
		}
		out = append(out, e)
	}
	return out
}

// tableCaption finds what Pandoc's manual ("Extension: table_captions") calls a
// table's caption.
var tableCaption = compiled(`^(Table)?: *`)

func caption(e Element) ([]Inline, bool) {
	if e.Kind != Paragraph || len(e.Text) == 0 || e.Text[0].Kind != Text {
		return nil, false
	}
	mark := tableCaption().FindString(e.Text[0].Text)
	if mark == "" || mark == ":" {
		return nil, false
	}
	text := cutInline(e.Text, len(mark))
	return text, Plain(text) != ""
}

// cutInline is running text without the first bytes of its first stretch.
func cutInline(ins []Inline, n int) []Inline {
	out := append([]Inline(nil), ins...)
	first := &out[0]
	if first.Line > 0 {
		first.Col += len([]rune(first.Text[:n]))
	}
	if first.Text = first.Text[n:]; first.Text == "" {
		return out[1:]
	}
	return out
}

// longestCaption is how many words a line in italics below an image may have to
// be its caption.
const longestCaption = 40

// italic says whether running text is one short stretch of emphasis.
func italic(ins []Inline) bool {
	return len(ins) == 1 && ins[0].Kind == Emphasis && len(strings.Fields(Plain(ins))) <= longestCaption
}

// underneath is the image of a paragraph that is one, and below it a line in
// italics.
func underneath(e Element) ([]Element, bool) {
	if len(e.Text) != 3 || e.Text[1].Kind != Break || !italic(e.Text[2:]) {
		return nil, false
	}
	pictures, others := split(e.Text[:1], nil)
	if others || len(pictures) != 1 || pictures[0].Title != "" {
		return nil, false
	}
	p := pictures[0]
	return []Element{{Kind: Image, Pos: e.Pos, URL: p.URL, Alt: p.Text, Title: Plain(e.Text[2:])}}, true
}

// alertMark begins an alert of GitHub's or a call-out of Obsidian's.
var alertMark = compiled(`^\[!([A-Za-z][\w-]*)\]([+-]?)[ \t]*`)

// quote is a block quote, or what its first line says that it is.
func (m *marked) quote(n ast.Node, e Element) []Element {
	e.Kind, e.Children = Quote, m.blocks(n)
	if m.spoilers[e.Pos.Line-1] {
		e.Kind, e.Label = Details, "spoiler"
		return []Element{e}
	}
	if len(e.Children) > 0 && e.Children[0].Kind == Paragraph && len(e.Children[0].Text) > 0 && e.Children[0].Text[0].Kind == Text {
		text := e.Children[0].Text
		if found := alertMark().FindStringSubmatch(text[0].Text); found != nil {
			title := cutInline(text, len(found[0]))
			body := title[len(title):]
			for i, in := range title {
				if in.Kind == Break {
					title, body = title[:i], title[i+1:]
					break
				}
			}
			e.Kind, e.Label, e.Text = Callout, strings.ToLower(found[1]), title
			if e.Children[0].Text = body; len(body) == 0 {
				e.Children = e.Children[1:]
			} else if line, col := begin(body); line > 0 {
				e.Children[0].Pos.Line, e.Children[0].Pos.Col = line, col
			}
			if found[2] == "-" {
				e.Kind = Details
			}
			return []Element{e}
		}
	}
	if boldNote(&e) {
		return []Element{e}
	}
	cited(&e, n, m.src)
	return []Element{e}
}

// noteWord are the words of GitHub's alerts as they were first written, in bold
// at the start of a quote: "> **Note**" on a line of its own, "> **Note:** …".
var noteWord = compiled(`^(?i)(note|tip|info|important|warning|caution)(:?)$`)

// boldNote makes a quote the call-out that its bold first word says it is.
func boldNote(e *Element) bool {
	if len(e.Children) == 0 || e.Children[0].Kind != Paragraph || len(e.Children[0].Text) == 0 || e.Children[0].Text[0].Kind != Strong {
		return false
	}
	text := e.Children[0].Text
	word := noteWord().FindStringSubmatch(Plain(text[:1]))
	if word == nil {
		return false
	}
	body := text[1:]
	switch {
	case len(body) == 0 && len(e.Children) > 1:
	case len(body) > 1 && body[0].Kind == Break:
		body = body[1:]
	case len(body) == 0 || body[0].Kind != Text:
		return false
	default:
		colon := len(body[0].Text) - len(strings.TrimLeft(body[0].Text, " :"))
		if word[2] == "" && !strings.HasPrefix(body[0].Text, ":") {
			return false
		}
		if body = cutInline(body, colon); len(body) == 0 {
			return false
		}
	}
	e.Kind, e.Label = Callout, strings.ToLower(word[1])
	if e.Children[0].Text = body; len(body) == 0 {
		e.Children = e.Children[1:]
	} else if line, col := begin(body); line > 0 {
		e.Children[0].Pos.Line, e.Children[0].Pos.Col = line, col
	}
	return true
}

// mostCiteWords is how many words may stand in the line that says who is quoted.
const mostCiteWords = 20

var (
	citeDash = compiled(`^(?:[—–―]|--)[ \t]*`)
	citeTag  = compiled(`(?i)^[ \t>]*(?:[—–―]|--)?[ \t]*<cite[ >].*</cite>[.,]?\s*$`)
)

// cited moves the last line of a quotation, where it says who is quoted.
func cited(e *Element, n ast.Node, src []byte) {
	last := len(e.Children) - 1
	if last < 0 {
		return
	}
	text := &e.Children[last].Text
	only := last == 0
	if verse := &e.Children[last]; verse.Kind == Verse {
		if len(verse.Cite) > 0 {
			e.Cite, verse.Cite = verse.Cite, nil
		}
		return
	}
	if e.Children[last].Kind != Paragraph {
		return
	}
	if !only && signedBelow(e.Children[last-1], e.Children[last]) {
		e.Cite, e.Children = *text, e.Children[:last]
		return
	}
	cite, rest, ok := citeLine(*text, tagCited(n, src))
	if !ok || only && len(rest) == 0 {
		return
	}
	e.Cite = cite
	if *text = rest; len(rest) == 0 {
		e.Children = e.Children[:last]
	}
}

// tagCited says whether the last line of a quote is between <cite> tags.
func tagCited(n ast.Node, src []byte) bool {
	if n == nil || n.LastChild() == nil || n.LastChild().Type() == ast.TypeInline || n.LastChild().Lines() == nil {
		return false
	}
	lines := n.LastChild().Lines()
	if lines.Len() == 0 {
		return false
	}
	line := lines.At(lines.Len() - 1)
	return citeTag().Match(line.Value(src))
}

// citeLine divides running text into its last line, if that says who is quoted,
// and what stands before it. Lines that all begin with a dash are a dialogue.
func citeLine(ins []Inline, tagged bool) (cite, rest []Inline, ok bool) {
	at := len(ins)
	for at > 0 && ins[at-1].Kind != Break {
		at--
	}
	cite = ins[at:]
	if len(cite) == 0 || len(strings.Fields(Plain(cite))) > mostCiteWords {
		return nil, nil, false
	}
	mark := ""
	if cite[0].Kind == Text {
		mark = citeDash().FindString(cite[0].Text)
	}
	if mark == "" && !tagged {
		return nil, nil, false
	}
	if at > 0 {
		rest = ins[:at-1]
	}
	begins := at - 1
	for begins > 0 && ins[begins-1].Kind != Break {
		begins--
	}
	if begins >= 0 && at > 0 && ins[begins].Kind == Text && citeDash().MatchString(ins[begins].Text) {
		return nil, nil, false
	}
	if mark != "" {
		cite = cutInline(cite, len(mark))
	}
	said := Plain(cite)
	if strings.HasSuffix(said, "!") || strings.HasSuffix(said, "?") || !strings.ContainsFunc(said, unicode.IsLetter) {
		return nil, nil, false
	}
	return cite, rest, true
}

// fewestVerses is how many lines verse has at least.
const fewestVerses = 3

// versed is a paragraph as verse: all its lines but the last are ended by hard
// breaks, or all begin with Pandoc's mark ("Extension: line_blocks").
func versed(e Element) (Element, bool) {
	lines := [][]Inline{nil}
	hard, marked := true, true
	for _, in := range e.Text {
		if in.Kind == Break {
			hard = hard && in.Hard
			lines = append(lines, nil)
			continue
		}
		if in.Kind == Picture || in.Display {
			return e, false
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], in)
	}
	for _, l := range lines {
		marked = marked && len(l) > 0 && l[0].Kind == Text && (l[0].Text == "|" || strings.HasPrefix(l[0].Text, "| ")) && !strings.Contains(Plain(l)[1:], "|")
	}
	announces := strings.HasSuffix(Plain(lines[0]), ":") // an address, a list
	if len(lines) < fewestVerses || !marked && (!hard || announces) {
		return e, false
	}
	out := Element{Kind: Verse, Pos: e.Pos}
	var cite []Inline
	if !marked {
		if c, _, ok := citeLine(e.Text, false); ok && len(lines) > fewestVerses {
			cite, lines = c, lines[:len(lines)-1]
		}
	}
	out.Cite = cite
	var stanza []Inline
	end := func() {
		if len(stanza) > 0 {
			s := Element{Kind: Paragraph, Pos: e.Pos, Text: stanza}
			if line, col := begin(stanza); line > 0 {
				s.Pos.Line, s.Pos.Col = line, col
			}
			out.Children = append(out.Children, s)
		}
		stanza = nil
	}
	for _, l := range lines {
		if marked {
			space := len(l[0].Text) - len(strings.TrimLeft(l[0].Text[1:], " "))
			if l = cutInline(l, space); len(l) == 0 {
				end()
				continue
			}
		}
		if len(stanza) > 0 {
			stanza = append(stanza, Inline{Kind: Break, Hard: true})
		}
		stanza = append(stanza, l...)
	}
	end()
	return out, len(out.Children) > 0
}

// poem is a fence of verse.
func (m *marked) poem(n ast.Node, e Element) []Element {
	e.Kind = Verse
	var stanza *Element
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		text := string(l.Value(m.src))
		words := strings.TrimSpace(text)
		if words == "" {
			stanza = nil
			continue
		}
		at := l.Start + max(0, strings.Index(text, words)-l.Padding)
		ins := m.mended(words, m.base+at, true, same)
		if stanza == nil {
			e.Children = append(e.Children, Element{Kind: Paragraph, Pos: m.pos(m.base + at), Text: ins})
			stanza = &e.Children[len(e.Children)-1]
			continue
		}
		stanza.Text = append(append(stanza.Text, Inline{Kind: Break, Hard: true}), ins...)
	}
	if len(e.Children) == 0 {
		return nil
	}
	return []Element{e}
}
