package script

import (
	"strings"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
)

// longestCodeLine is how many characters a single line of code may have to be
// read as code in running text is: a command, a name, a setting.
const longestCodeLine = 80

// code renders a block of code.
func (r *renderer) code(e *document.Element, role string) {
	raw := strings.Trim(e.Raw, "\n")
	if strings.TrimSpace(raw) == "" {
		return
	}
	lines := strings.Count(raw, "\n") + 1
	first := len(r.passages)
	short := lines == 1 && utf8.RuneCountInString(raw) <= longestCodeLine
	switch mode := r.Options.Elements.Code; {
	case mode == "skip":
		r.find(e.Pos, "code (%s) is left out", number(lines, "line"))
		return
	case mode == "announce" && !(short && strings.ContainsFunc(codeWords(raw), speakable)):
		name := languageName(e.Language)
		text := r.words.say(sayCode, "lines", r.words.count(lines, sayLine, sayLines))
		if name != "" {
			text = r.words.say(sayCodeIn, "language", name, "lines", r.words.count(lines, sayLine, sayLines))
		}
		r.announce(RoleBody, text, e.Pos, nil, nil)
	default:
		if lines > 1 {
			r.announce(role, r.words[sayCodeStart], e.Pos, nil, edges{EdgeAnnouncement})
		}
		row := e.Pos.Line
		for line := range strings.Lines(raw) {
			s := r.speech(e.Pos, role)
			s.inlineCode(document.Inline{Kind: document.CodeSpan, Text: strings.TrimRight(line, "\n"), Line: row, Col: 1})
			s.end()
			r.say(passage{role: role, line: s.line, pos: e.Pos, begins: edges{EdgeLine}, ends: edges{EdgeLine}})
		}
		if lines > 1 {
			r.announce(role, r.words[sayCodeEnd], e.Pos, nil, nil)
		}
	}
	r.enclose(first, EdgeCode)
}
