package script

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// editor makes texts and edits of them at random.
type editor struct{ *rand.Rand }

var signs = []rune("ab .ßé你😀\u0301,")

func (e editor) text(most int) string {
	var b strings.Builder
	for range e.IntN(most) {
		b.WriteRune(signs[e.IntN(len(signs))])
	}
	return b.String()
}

// edits are in order and do not overlap; some are empty, some meet.
func (e editor) edits(text string) []Edit {
	var out []Edit
	for at := 0; at < len(text); {
		to := at + e.IntN(4)
		for to < len(text) && !utf8.RuneStart(text[to]) {
			to++
		}
		to = min(to, len(text))
		if s := e.text(4); e.IntN(3) == 0 && text[at:to] != s {
			out = append(out, Edit{From: at, To: to, Spoken: s, Rule: fmt.Sprintf("r%d", e.IntN(3))})
		}
		at = to
		if e.IntN(2) == 0 {
			_, n := utf8.DecodeRuneInString(text[at:])
			at += n
		}
	}
	return out
}

// edited is a line with edits of edits.
func (e editor) edited() *line {
	l := &line{}
	for i := range 1 + e.IntN(4) {
		l.mark(i+1, 1)
		l.put(e.text(12))
	}
	for range e.IntN(4) {
		l.rewrite(e.edits(l.String()))
	}
	return l
}

// Whatever is edited, cut and divided: the edits of what was written make what
// is said, and no byte is lost.
func TestEditsMakeTheText(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20_000) {
		e := editor{rand.New(rand.NewPCG(seed, 7))}
		l := e.edited()
		aligned := func(what string, l *line) {
			if !valid(string(l.written), l.edits) || normalize.Apply(string(l.written), l.edits) != l.String() {
				t.Fatalf("seed %d: %s: %q with %v is not %q", seed, what, l.written, l.edits, l.said)
			}
		}
		aligned("rewrite", l)
		var offs []int
		for i := range l.String() {
			if e.IntN(5) == 0 {
				offs = append(offs, i)
				if e.IntN(4) == 0 {
					offs = append(offs, i)
				}
			}
		}
		cut := newPiecer(l)
		written, said, from := "", "", 0
		for i, part := range l.divide(offs) {
			aligned("divide", part)
			written, said = written+string(part.written), said+part.String()
			to := len(l.said)
			if i < len(offs) {
				to = offs[i]
			}
			if g := cut.next(from, to); len(g.Edits) > 0 && (!valid(g.Written, g.Edits) || normalize.Apply(g.Written, g.Edits) != g.Text) || g.Text != string(l.said[from:to]) {
				t.Fatalf("seed %d: piece %q with %v is not %q", seed, g.Written, g.Edits, g.Text)
			}
			from = to
		}
		if written != string(l.written) || said != l.String() {
			t.Fatalf("seed %d: divided at %v, %q is %q and %q is %q", seed, offs, l.written, written, l.said, said)
		}
		g := Segment{Text: e.text(20), Written: string(l.written), Edits: l.edits}
		if g.realign(); g.Written != "" && (!valid(g.Written, g.Edits) || normalize.Apply(g.Written, g.Edits) != g.Text) {
			t.Fatalf("seed %d: realigned, %q with %v is not %q", seed, g.Written, g.Edits, g.Text)
		}
	}
}

// FuzzAlignment reads segments whose alignment is hostile: what is read is
// true of the text or is gone, and is written again as it was read.
func FuzzAlignment(f *testing.F) {
	f.Add("Five é", "5 é", 0, 1, "Five", "Five", 0)
	f.Add("x", "", -1, 1<<40, "y", "", -1)
	f.Add("a é b", "a é b", 3, 2, "", "é", 1<<40)
	f.Add("\u202ea", "é", 1, 1, "\u202ea", "a", 1)
	f.Fuzz(func(t *testing.T, text, written string, from, to int, spoken, word string, anchor int) {
		source := fmt.Sprintf("version: 1\ntitle: T\nchapters:\n- title: C\n  segments:\n  - role: body\n    text: %q\n    written: %q\n    edits:\n    - [%d, %d, r, %q]\n    phonemes:\n    - [%q, a]\n    at: \"1:1 %d@1:1\"\n",
			text, written, from, to, spoken, word, anchor)
		s, err := Decode("a.yaml", strings.NewReader(source))
		if err != nil {
			return
		}
		check := func(s *Script) (texts []string) {
			for _, g := range s.Segments() {
				if len(g.Edits) > 0 && (!valid(g.Written, g.Edits) || normalize.Apply(g.Written, g.Edits) != g.Text) {
					t.Errorf("%q with %v is not %q", g.Written, g.Edits, g.Text)
				}
				for _, p := range g.Phonemes {
					if p.From < 0 || p.To > len(g.Text) || p.From > p.To {
						t.Errorf("phonemes of %q stand at %d to %d", g.Text, p.From, p.To)
					}
				}
				texts = append(texts, g.Text)
			}
			return texts
		}
		texts := check(s)
		for _, format := range []string{YAML, JSON} {
			var b bytes.Buffer
			if err := Encode(&b, s, format); err != nil {
				t.Fatal(err)
			}
			again, err := Decode("a."+format, &b)
			if err != nil {
				t.Fatalf("%s of %q: %v", format, texts, err)
			}
			if got := check(again); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", texts) {
				t.Errorf("%s: %q is read as %q", format, texts, got)
			}
		}
	})
}

// What is said for a unit or a short form is in a segment's words, and not the
// unit; what is only spelled otherwise, or not in words at all, stays.
func TestWordsAreThoseSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a unit", "They ran at 18 kn to Hrdlicka.", "They ran at eighteen knots to Hrdlicka."},
		{"a short form", "The mfg. dept. is shut.", "The manufacturing department is shut."},
		{"a date", "On May 5 it fell.", "On May 5 it fell."},
		{"an acronym", "The CEO read main.go.", "The CEO read main.go."},
		{"mathematics", "So $x_1$ is in mmol.", "So     is in mmol."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc, err := document.Read(t.Context(), "a.md", strings.NewReader(c.text), document.Options{Title: "T"})
			if err != nil {
				t.Fatal(err)
			}
			b := brief()
			b.Options.Opening, b.Language = "", "en"
			s, _, err := Plan(doc, b)
			if err != nil {
				t.Fatal(err)
			}
			for _, seg := range s.Segments() {
				if got := seg.Words(); got != c.want {
					t.Errorf("words %q, want %q", got, c.want)
				}
			}
		})
	}
}
