package script

import (
	"fmt"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/growth"
)

// many is a text of n parts, each made of its number.
func many(n int, between string, part func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = part(i)
	}
	return strings.Join(parts, between)
}

// largeSources ask a careless renderer to look at everything again for every
// note, turn, formula, or piece.
var largeSources = map[string]func(n int) string{
	"notes of one paragraph": func(n int) string {
		return many(n, " ", func(i int) string { return fmt.Sprintf("A word[^%d] of it. And so on.", i) }) + "\n\n" +
			many(n, "\n\n", func(i int) string { return fmt.Sprintf("[^%d]: This is the note.", i) })
	},
	"marks of one note": func(n int) string { return strings.Repeat("A word[^1] of it. ", n) + "\n\n[^1]: This is the note.\n" },
	"waits":             func(n int) string { return strings.Repeat("A word <!-- narrapress: pause 1s --> of it. ", n) },
	"speakers": func(n int) string {
		return many(n, "\n\n", func(i int) string { return fmt.Sprintf("N%d: I say this again.", i/2) })
	},
	"turns": func(n int) string {
		return many(n, "\n\n", func(i int) string { return []string{"Ann", "Bo"}[i%2] + ": I say this again." })
	},
	"formulas":         func(n int) string { return strings.Repeat("Let $x^2$ be. ", n) },
	"one line":         func(n int) string { return strings.Repeat("The ship went home over the sea. ", n) },
	"one word":         func(n int) string { return strings.Repeat("abcdefghij", n) },
	"Chinese":          func(n int) string { return strings.Repeat("你好世界，我们在这里。", n) },
	"fractions":        func(n int) string { return strings.Repeat("1/1/1/", n) },
	"quotes in quotes": func(n int) string { return strings.Repeat("He said “a ‘b “c” d’ e” now. ", n) },
	"rows":             func(n int) string { return "| a | b |\n|---|---|\n" + strings.Repeat("| one | two |\n", n) },
	"code":             func(n int) string { return strings.Repeat("Use `foo_bar(x)` here. ", n) },
	"emoji":            func(n int) string { return strings.Repeat("So 😀 ", n) },
}

// The time of planning grows with the document, not with its square.
func TestPlanIsLinear(t *testing.T) {
	t.Parallel()
	for name, source := range largeSources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			growth.Linear(t, 400, func(n int) func() {
				doc := read(t, "a.md", source(n))
				b := brief()
				b.Options.Elements.Table = "rows"
				b.Options.Segment.Most = 200
				return func() {
					if _, _, err := Plan(doc, b); err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
}

func BenchmarkPlan(b *testing.B) {
	for name, source := range largeSources {
		b.Run(name, func(b *testing.B) {
			doc, brief := read(b, "a.md", source(10_000)), brief()
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Plan(doc, brief); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Every note is said where the sentence it belongs to ends, whatever number of
// notes that has, and whatever stands between.
func TestNotesOfOneSentence(t *testing.T) {
	t.Parallel()
	const notes = "\n\n[^1]: This is one note.\n\n[^2]: That is another.\n\n[^3]: It is the third.\n"
	for _, c := range []struct{ name, source, want string }{
		{"two", "It is here[^1] and there[^2] too. A second sentence stands here[^3]. A last.", "It is here and there too.|one|another|A second sentence stands here.|third|A last."},
		{"side by side", "It is here.[^1][^2][^3] A last.", "It is here.|one|another|third|A last."},
		{"a wait after it", "It is here[^1] and <!-- narrapress: pause 2s --> there[^2]. A last[^3].", "It is here and|there.|one|another|A last.|third"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, _, err := Plan(read(t, "a.md", c.source+notes), brief())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, g := range s.Segments() {
				switch {
				case g.Role == RoleTitle:
				case g.Role == RoleNote:
					for _, word := range []string{"one", "another", "third"} {
						if strings.Contains(g.Text, word) {
							got = append(got, word)
						}
					}
				default:
					got = append(got, g.Text)
				}
			}
			if s := strings.Join(got, "|"); s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
		})
	}
}
