package document

import (
	"fmt"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// mark is the running text that one of the marks of dialects stands for.
func (m *marked) mark(n *markNode, lineStart bool) []Inline {
	switch n.sort {
	case highlight:
		return m.run(n, lineStart)
	case wikiLink:
		return m.wiki(n, lineStart)
	case wikiPicture:
		page, alias, _ := strings.Cut(n.text, "|")
		if strings.Trim(alias, "0123456789x ") == "" {
			alias = "" // a width
		}
		return []Inline{{Kind: Picture, URL: strings.TrimSpace(page), Text: strings.TrimSpace(alias)}}
	case inlineNote:
		return m.inlineNote(n)
	case shortcode:
		c := parseShortcode(n.text)
		if e, ok := c.element(m.at(n)); ok && e.Kind == Image {
			return []Inline{{Kind: Picture, URL: e.URL, Text: e.Alt, Title: e.Title}}
		}
		m.leave(n.from, n.to, "a shortcode")
	}
	return nil
}

// leave says that a stretch of goldmark's source is left out.
func (m *marked) leave(from, to int, what string) {
	const most = 60 // characters shown
	text := []rune(string(m.src[from:to]))
	if len(text) > most {
		text = append(text[:most], '…')
	}
	m.find(m.base+from, "%s (%q) is left out", what, string(text))
	m.drop(m.base+from, m.base+to)
}

// wiki is the text that a link between pages shows.
func (m *marked) wiki(n *markNode, lineStart bool) []Inline {
	if contents().MatchString(n.text) {
		m.leave(n.from, n.to, "a table of contents")
		return nil
	}
	text, at := n.text, n.at
	if i := strings.LastIndexByte(text, '|'); i >= 0 && strings.TrimSpace(text[i+1:]) != "" {
		text, at = text[i+1:], at+i+1
	} else if i := strings.LastIndexByte(text, '#'); i == 0 {
		text, at = text[1:], at+1
	} else if i > 0 {
		text = text[:i]
	}
	return m.mended(text, m.base+at, lineStart, unescape)
}

// inlineNote is the mark of a footnote that stands in the text.
func (m *marked) inlineNote(n *markNode) []Inline {
	label := ""
	for label == "" || m.notes.named[label] {
		m.notes.count++
		label = fmt.Sprintf("note-%d", m.notes.count)
	}
	children := m.within(n.at, n.to-1, held(n.within(), n.at))
	if len(children) == 0 {
		return nil
	}
	m.notes.found = append(m.notes.found, Element{Kind: Note, Pos: m.pos(m.base + n.at), Label: label, Children: children})
	return []Inline{{Kind: NoteRef, Text: label}}
}

// within is the block that a mark stands in.
func (n *markNode) within() ast.Node {
	p := n.Parent()
	for p != nil && p.Type() == ast.TypeInline {
		p = p.Parent()
	}
	return p
}

// contents is the name of a table of contents that a program puts there.
var contents = compiled(`(?i)^\s*_?toc_?\s*$`)

func isImage(name string) bool {
	switch strings.ToLower(path.Ext(strings.TrimSpace(name))) {
	case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp":
		return true
	}
	return false
}

// codeCall is a shortcode's name and what it is given.
type codeCall struct {
	name  string
	named map[string]string
	args  []string
}

var codeArgument = compiled("([\\w.-]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`|(\\S+))|\"([^\"]*)\"|'([^']*)'|(\\S+)")

func parseShortcode(text string) codeCall {
	c := codeCall{named: map[string]string{}}
	for i, a := range codeArgument().FindAllStringSubmatch(strings.TrimSuffix(strings.TrimSpace(text), "/"), -1) {
		switch value := a[2] + a[3] + a[4] + a[5]; {
		case a[1] != "":
			c.named[strings.ToLower(a[1])] = value
		case i == 0:
			c.name = strings.ToLower(a[8])
		default:
			c.args = append(c.args, a[6]+a[7]+a[8])
		}
	}
	return c
}

// given is the first value that the shortcode has under one of the names, or
// else its first argument without a name.
func (c codeCall) given(names ...string) string {
	for _, name := range names {
		if v := c.named[name]; v != "" {
			return v
		}
	}
	if len(c.args) > 0 {
		return c.args[0]
	}
	return ""
}

// element is what common shortcodes of Hugo, Jekyll and dev.to show.
func (c codeCall) element(at Pos) (Element, bool) {
	embed := func(sort, prefix, id string) (Element, bool) {
		url := id
		if !strings.Contains(id, "://") && prefix != "" && id != "" {
			url = prefix + id
		}
		return Element{Kind: Embed, Pos: at, Label: sort, URL: url, Title: c.named["title"]}, true
	}
	id := c.given("id", "url", "src")
	switch c.name {
	case "figure", "img", "image":
		e := Element{Kind: Image, Pos: at, URL: c.given("src", "link", "url"), Alt: c.named["alt"], Title: c.named["caption"]}
		if e.Title == "" {
			e.Title = c.named["title"]
		}
		return e, true
	case "youtube", "youtubeplayer":
		return embed("video", "https://www.youtube.com/watch?v=", id)
	case "vimeo":
		return embed("video", "https://vimeo.com/", id)
	case "tweet", "twitter", "x", "x_simple", "twitter_simple":
		return embed("post", "https://twitter.com/i/status/", id)
	case "instagram":
		return embed("post", "https://www.instagram.com/p/", id)
	case "video":
		return embed("video", "", id)
	case "audio", "spotify", "soundcloud":
		return embed("audio", "", id)
	case "embed":
		if host := hostOf(id); host == "youtube.com" || host == "youtu.be" || host == "vimeo.com" {
			return embed("video", "", id)
		}
		return embed("post", "", id)
	}
	return Element{}, false
}

// shortcodes reads a paragraph of nothing but shortcodes.
func (m *marked) shortcodes(parent ast.Node) ([]Element, bool) {
	var out []Element
	found := false
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *markNode:
			if n.sort != shortcode {
				return nil, false
			}
			found = true
		case *ast.Text:
			if strings.TrimSpace(string(n.Segment.Value(m.src))) != "" {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	if !found {
		return nil, false
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		n, ok := n.(*markNode)
		if !ok {
			continue
		}
		if e, known := parseShortcode(n.text).element(m.at(n)); known {
			out = append(out, e)
		} else {
			m.leave(n.from, n.to, "a shortcode")
		}
	}
	return out, true
}

var (
	spoilerMark = compiled(`(?m)^[ \t>]*>![^\[\n]?`)
	linkCode    = compiled(`\]\(\s*\{[{%][^\n()]*[}%]\}[^\n()]*\)`)
)

// masked is the source as goldmark reads it, every byte in its place: the marks
// of spoilers (>! as LessWrong has them) are those of quotes, and shortcodes
// that are addresses have no spaces in them. It gives the lines of spoilers.
func (r *reader) masked(src []byte) map[int]bool {
	var spoilers map[int]bool
	for _, at := range spoilerMark().FindAllIndex(src, -1) {
		i := at[0]
		for src[i] != '!' {
			i++
		}
		if i+1 < len(src) && src[i+1] == '[' {
			continue
		}
		if spoilers == nil {
			spoilers = map[int]bool{}
		}
		spoilers[r.line(len(r.src)-len(src)+i)] = true
		src[i] = ' '
	}
	for _, at := range linkCode().FindAllIndex(src, -1) {
		for i := at[0] + 2; i < at[1]-1; i++ {
			switch src[i] {
			case ' ', '\t', '"', '\'', '<', '>':
				src[i] = '_'
			}
		}
	}
	return spoilers
}
