package script

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// mode says how much of the text of a part of the cast is put into words.
func (b *Brief) mode(part string) normalize.Mode {
	var own normalize.Mode
	if b.Normalize != nil {
		own = b.Normalize(part)
	}
	return cmp.Or(own, b.Options.Normalize, normalize.Full)
}

// wording puts passages into words, several at a time.
type wording struct {
	brief    *Brief
	language string

	mu sync.Mutex
	by map[normalize.Mode]*normalize.Normalizer
}

func newWording(b *Brief, language string) *wording {
	if language == "" {
		language = "en"
	}
	return &wording{brief: b, language: language, by: map[normalize.Mode]*normalize.Normalizer{}}
}

// of puts a line into words, of a part of the cast, and gives the edits that
// did: the lexicon's, whose words are not touched again, and the normaliser's.
// The words of a line that would have none left stay as they are.
func (w *wording) of(l *line, part string) ([]Edit, []lexicon.Unsaid) {
	named, unsaid := w.looked(l, part)
	edits := make([]Edit, 0, len(named))
	kept := slices.Clip(l.kept)
	for _, e := range named {
		edits = append(edits, Edit{From: e.From, To: e.To, Spoken: e.Spoken, Rule: e.Rule})
		kept = append(kept, normalize.Span{From: e.From, To: e.To})
	}
	edits = append(edits, w.normalized(l, part, kept)...)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.From, b.From) })
	to := forward(edits)
	for _, e := range named {
		if e.Phoneme != "" {
			from := to(e.From)
			l.spoken = append(l.spoken, Phoneme{From: from, To: from + len(e.Spoken), IPA: e.Phoneme})
		}
	}
	return edits, unsaid
}

// looked are the edits of the lexicon. What is words already is not looked up.
func (w *wording) looked(l *line, part string) ([]lexicon.Edit, []lexicon.Unsaid) {
	if w.brief.Lexicon == nil {
		return nil, nil
	}
	lex, f := w.brief.Lexicon(part)
	if lex == nil {
		return nil, nil
	}
	f.Language = w.language
	edits, unsaid := lex.Apply(l.String(), f)
	taken := normalize.Touching(l.kept)
	return slices.DeleteFunc(edits, func(e lexicon.Edit) bool { return taken(Edit{From: e.From, To: e.To}) }), unsaid
}

// normalized are the edits of the normaliser.
func (w *wording) normalized(l *line, part string, kept []normalize.Span) []Edit {
	n := w.normalizer(w.brief.mode(part))
	text, given := l.String(), len(kept)
	said := n.Text(text, kept...)
	inCode := normalize.Touching(l.code)
	// What looks like markup in code is code: <b> is what is spoken of.
	for _, e := range said.Edits {
		dropped := e.Spoken == "" && !strings.Contains(e.Rule, normalize.Invisible)
		if inCode(e) && (dropped || strings.Contains(e.Rule, normalize.Markup)) {
			kept = append(kept, normalize.Span{From: e.From, To: e.To})
		}
	}
	if len(kept) > given {
		said = n.Text(text, kept...)
	}
	if !strings.ContainsFunc(said.Text, speakable) {
		return nil
	}
	return said.Edits
}

func (w *wording) normalizer(mode normalize.Mode) *normalize.Normalizer {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.by[mode]
	if n == nil {
		n = normalize.New(w.language, mode)
		w.by[mode] = n
	}
	return n
}

// tidy are the edits that leave one plain space between words and none at the
// ends.
func tidy(text string) []Edit {
	var out []Edit
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) {
			i += n
			continue
		}
		from := i
		for i < len(text) && unicode.IsSpace(r) {
			i += n
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		want := " "
		if from == 0 || i == len(text) {
			want = ""
		}
		if text[from:i] != want {
			out = append(out, Edit{From: from, To: i, Spoken: want, Rule: RuleSpace})
		}
	}
	return out
}

// mended gives a finding for what was repaired in a passage and one for what
// was dropped from it: damage and characters that nobody sees.
func mended(text string, edits []Edit, place func(off int) document.Pos) []document.Finding {
	var out []document.Finding
	for _, k := range []struct{ rule, one, more string }{
		{normalize.Damaged, "%s is damage from an earlier conversion: read as %q", "%s is damage from an earlier conversion: read as %q; %d more in this passage"},
		{normalize.Invisible, "%s cannot be seen: left out", "%s cannot be seen: left out; %d more in this passage"},
	} {
		var first *Edit
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
		out = append(out, document.Finding{Pos: place(first.From), Text: fmt.Sprintf(format, args...)})
	}
	return out
}

// unseen names the first character of a text that does not print.
func unseen(text string) string {
	i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) })
	r, _ := utf8.DecodeRuneInString(text[max(0, i):])
	return fmt.Sprintf("U+%04X", r)
}
