package document

import (
	"strings"
	"testing"
)

func TestParseDirective(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		comment, verb, argument string
		ok, fails               bool
	}{
		"another comment":    {comment: " a note to myself "},
		"a chapter":          {comment: ` narrapress: chapter "The second voyage" `, verb: "chapter", argument: "The second voyage", ok: true},
		"a role":             {comment: " narrapress: cast speaker:Ana second ", verb: "cast", argument: "speaker:Ana second", ok: true},
		"curly marks":        {comment: `narrapress: say “twelve oh one”`, verb: "say", argument: "twelve oh one", ok: true},
		"without a value":    {comment: "narrapress: skip", verb: "skip", ok: true},
		"over several lines": {comment: "\n narrapress:\n pause\n 2s\n", verb: "pause", argument: "2s", ok: true},
		"lacks its value":    {comment: "narrapress: pause", ok: true, fails: true},
		"an unknown verb":    {comment: "narrapress: shout", ok: true, fails: true},
		"without its colon":  {comment: " narrapress skip ", ok: true, fails: true},
		"in capitals":        {comment: "Narrapress: skip", ok: true, fails: true},
		"about the program":  {comment: "made with narrapress"},
		"no verb":            {comment: "narrapress:", ok: true, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verb, argument, ok, err := ParseDirective(c.comment)
			if verb != c.verb || argument != c.argument || ok != c.ok || (err != nil) != c.fails {
				t.Errorf("ParseDirective(%q) = %q, %q, %v, %v", c.comment, verb, argument, ok, err)
			}
		})
	}
}

func TestWhatNobodyCanSpeakIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\\documentclass{article}\n\\begin{document}Words.\\end{document}\n": "a.tex: is LaTeX: turn it into Markdown first (pandoc -t markdown)",
		"{\\rtf1\\ansi Words.}": "a.tex: is RTF: this version reads EPUB, Markdown, HTML and plain text",
	} {
		if _, err := Read(t.Context(), "a.tex", strings.NewReader(text), Options{}); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
