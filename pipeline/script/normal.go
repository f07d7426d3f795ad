package script

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// phrase is text to be put into words, with the stretches of it that are not
// touched (mathematics, which is words already) and those of code.
type phrase struct {
	text string
	kept []normalize.Span
	code []normalize.Span
}

// joined puts phrases together with a text between them.
func joined(separator string, parts ...phrase) phrase {
	var out phrase
	var text strings.Builder
	for i, p := range parts {
		if i > 0 {
			text.WriteString(separator)
		}
		n := text.Len()
		for _, k := range p.kept {
			out.kept = append(out.kept, normalize.Span{From: n + k.From, To: n + k.To})
		}
		for _, k := range p.code {
			out.code = append(out.code, normalize.Span{From: n + k.From, To: n + k.To})
		}
		text.WriteString(p.text)
	}
	out.text = text.String()
	return out
}

// mode says how much of a role's text is put into words.
func (b *Brief) mode(role string) normalize.Mode {
	var own normalize.Mode
	if b.Normalize != nil {
		own = b.Normalize(role)
	}
	return cmp.Or(own, b.Options.Normalize, normalize.Full)
}

// wording puts passages into words.
type wording struct {
	brief    *Brief
	language string
	by       map[normalize.Mode]*normalize.Normalizer
}

func newWording(b *Brief, language string) *wording {
	if language == "" {
		language = "en"
	}
	return &wording{brief: b, language: language, by: map[normalize.Mode]*normalize.Normalizer{}}
}

// of gives a phrase in words. The words of one that would have none left stay
// as they are.
func (w *wording) of(p phrase, role string) normalize.Spoken {
	mode := w.brief.mode(role)
	n := w.by[mode]
	if n == nil {
		n = normalize.New(w.language, mode)
		w.by[mode] = n
	}
	kept := slices.Clip(p.kept)
	said := n.Text(p.text, kept...)
	inCode := normalize.Touching(p.code)
	// What looks like markup in code is code: <b> is what is spoken of.
	for _, e := range said.Edits {
		dropped := e.Spoken == "" && !strings.Contains(e.Rule, normalize.Invisible)
		if inCode(e) && (dropped || strings.Contains(e.Rule, normalize.Markup)) {
			kept = append(kept, normalize.Span{From: e.From, To: e.To})
		}
	}
	if len(kept) > len(p.kept) {
		said = n.Text(p.text, kept...)
	}
	if !strings.ContainsFunc(said.Text, speakable) {
		return normalize.Spoken{Text: p.text}
	}
	return said
}

// origin gives the author's offset for offsets in words, which grow from call
// to call.
func origin(edits []normalize.Edit) func(off int) int {
	i, shift := 0, 0 // shift is the author's offset less that in words
	return func(off int) int {
		for ; i < len(edits); i++ {
			from := edits[i].From - shift
			to := from + len(edits[i].Spoken)
			if off < to {
				if off > from {
					return edits[i].From
				}
				break
			}
			shift = edits[i].To - to
		}
		return off + shift
	}
}

// mended gives a finding for what was repaired in a passage and one for what
// was dropped from it: damage and characters that nobody sees.
func mended(text string, edits []normalize.Edit, places func() func(off int) document.Pos) []document.Finding {
	var out []document.Finding
	for _, k := range []struct{ rule, one, more string }{
		{normalize.Damaged, "%s is damage from an earlier conversion: read as %q", "%s is damage from an earlier conversion: read as %q; %d more in this passage"},
		{normalize.Invisible, "%s cannot be seen: left out", "%s cannot be seen: left out; %d more in this passage"},
	} {
		var first *normalize.Edit
		n := 0
		for i, e := range edits {
			if slices.Contains(strings.Split(e.Rule, "+"), k.rule) {
				if n++; first == nil {
					first = &edits[i]
				}
			}
		}
		if first == nil {
			continue
		}
		var args []any
		if k.rule == normalize.Damaged {
			args = []any{fmt.Sprintf("%q", text[first.From:first.To]), first.Spoken}
		} else {
			args = []any{unseen(text[first.From:first.To])}
		}
		format := k.one
		if n > 1 {
			format, args = k.more, append(args, n-1)
		}
		out = append(out, document.Finding{Pos: places()(first.From), Text: fmt.Sprintf(format, args...)})
	}
	return out
}

// unseen names the first character of a text that does not print.
func unseen(text string) string {
	i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) })
	r, _ := utf8.DecodeRuneInString(text[max(0, i):])
	return fmt.Sprintf("U+%04X", r)
}
