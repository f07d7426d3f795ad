package script

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// author writes Markdown at random, in words that are all different.
type author struct {
	*rand.Rand
	n     int
	notes []string
}

func (a *author) word() string {
	a.n++
	w := ""
	for n := a.n; n > 0 || len(w) < 4; n /= 60 {
		w += string("bcdfglmnprst"[n%12]) + string("aeiou"[n/12%5])
	}
	return w
}

func (a *author) words(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = a.word()
	}
	return strings.Join(out, " ")
}

// text is running text with all kinds of it.
func (a *author) text(depth int) string {
	var parts []string
	for range 1 + a.IntN(5) {
		part := a.words(1 + a.IntN(6))
		switch a.IntN(14) {
		case 0:
			part = "*" + part + "*"
		case 1:
			part = "**" + part + "**"
		case 2:
			part = "[" + part + "](https://example.com/" + a.word() + ")"
		case 3:
			part = "“" + part + "”"
		case 4:
			part += ","
		case 5:
			part += ". " + strings.ToUpper(part[:1]) + a.words(2)
		case 6:
			part = "`" + a.word() + "`"
		case 7:
			if depth == 0 {
				label := fmt.Sprintf("n%d", len(a.notes))
				a.notes = append(a.notes, "[^"+label+"]: They are "+a.words(2+a.IntN(60))+".")
				part += "[^" + label + "]"
			}
		case 8:
			part += "\n" + a.words(2)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

func (a *author) block(depth int) string {
	indent := func(text, first, rest string) string {
		return first + strings.ReplaceAll(text, "\n", "\n"+rest)
	}
	kind := a.IntN(10)
	if depth > 2 {
		kind = 9
	}
	switch kind {
	case 0:
		return strings.Repeat("#", 2+a.IntN(4)) + " " + a.words(1+a.IntN(4))
	case 1, 2:
		return indent(a.blocks(1+a.IntN(3), depth+1), "> ", "> ")
	case 3, 4:
		var items []string
		for range 1 + a.IntN(7) {
			items = append(items, indent(a.text(1)+"\n", "- ", "  "))
		}
		if a.IntN(3) == 0 {
			items = append(items, "  - "+a.words(2), "  - "+a.words(3))
		}
		return strings.Join(items, "\n")
	case 5:
		columns := 1 + a.IntN(5)
		var rows []string
		for r := range 2 + a.IntN(4) {
			cells := make([]string, columns)
			for c := range cells {
				cells[c] = a.words(1 + a.IntN(2))
			}
			rows = append(rows, "| "+strings.Join(cells, " | ")+" |")
			if r == 0 {
				rows = append(rows, "|"+strings.Repeat("---|", columns))
			}
		}
		return strings.Join(rows, "\n")
	case 6:
		return "![" + a.words(3) + "](a.png)"
	case 7:
		return "1. " + a.words(3) + "\n2. " + a.words(2)
	default:
		return a.text(depth) + "."
	}
}

func (a *author) blocks(n, depth int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = a.block(depth)
	}
	return strings.Join(out, "\n\n<!-- -->\n\n")
}

var authorWord = regexp.MustCompile(`[A-Za-z]{4,}`)

// Of what an author writes every word is spoken, in order but for footnotes,
// from the place where it stands; and every word that is spoken is the
// author's, or an edit says whose it is.
func TestNothingIsLostAndNothingInvented(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		a := &author{Rand: rand.New(rand.NewPCG(seed, 1))}
		source := a.blocks(1+a.IntN(9), 0) + "\n\n" + strings.Join(a.notes, "\n\n") + "\n"
		doc := read(t, "a.md", source)
		b := brief()
		b.Options.Opening = ""
		b.Options.Elements.Table = "rows"
		if a.IntN(2) == 0 {
			b.Options.Segment.Most = 60 + a.IntN(200)
		}
		s, _, err := Plan(doc, b)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, source)
		}
		checkAlignment(t, doc, s)
		lines := strings.Split(source, "\n")
		var spoken, notes []string
		for _, g := range s.Segments() {
			written := g.Original()
			words := authorWord.FindAllString(written, -1)
			if g.Role == RoleNote {
				notes = append(notes, words...)
			} else {
				spoken = append(spoken, words...)
			}
			said := authorWord.FindAllString(unedited(g), -1)
			for _, w := range said {
				if !strings.Contains(written, w) {
					t.Errorf("seed %d: nobody wrote %q of %q", seed, w, g.Text)
				}
			}
			for _, an := range g.Anchors {
				if g.Announcement && len(g.Edits) == 0 || an.Off >= len(written) {
					continue
				}
				r, _ := utf8.DecodeRuneInString(written[an.Off:])
				at := string([]rune(lines[an.Line-1])[an.Col-1:])
				if !strings.HasPrefix(strings.TrimLeft(at, " [!"), string(r)) && r != ' ' {
					t.Errorf("seed %d: %q is not at %d:%d, where %q is", seed, written[an.Off:], an.Line, an.Col, at)
				}
			}
		}
		body, after, _ := strings.Cut(source, "[^n0]: ")
		body = regexp.MustCompile(`\]\([^)]*\)|\[\^n\d+\]`).ReplaceAllString(body, " ")
		after = regexp.MustCompile(`\[\^n\d+\]:`).ReplaceAllString(after, " ")
		if want := authorWord.FindAllString(body, -1); strings.Join(want, " ") != strings.Join(spoken, " ") {
			t.Errorf("seed %d: words of the text\nwant %v\n got %v\n%s", seed, want, spoken, source)
		}
		if want := authorWord.FindAllString(after, -1); strings.Join(sorted(want), " ") != strings.Join(sorted(notes), " ") {
			t.Errorf("seed %d: words of the notes\nwant %v\n got %v\n%s", seed, want, notes, source)
		}
		if t.Failed() {
			return
		}
	}
}

// unedited is what is said as it is written.
func unedited(g *Segment) string {
	if len(g.Edits) == 0 {
		if g.Announcement {
			return ""
		}
		return g.Text
	}
	out, at := "", 0
	for _, e := range g.Edits {
		out += g.Written[at:e.From] + " "
		at = e.To
	}
	return out + g.Written[at:]
}

func sorted(words []string) []string {
	out := append([]string{}, words...)
	for i := range out {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}
