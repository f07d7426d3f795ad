package script

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// listing is a script without its chapters, with the findings after it.
func listing(t *testing.T, text string, b Brief) string {
	t.Helper()
	s, findings := plan(t, text, b)
	var out strings.Builder
	for _, g := range s.Segments() {
		fmt.Fprintf(&out, "%s %s: %s\n", g.At(), g.Role, g.Text)
	}
	for _, f := range findings {
		out.WriteString(f.String() + "\n")
	}
	return out.String()
}

func TestWords(t *testing.T) {
	t.Parallel()
	mode := func(m normalize.Mode) func(*Brief) { return func(b *Brief) { b.Options.Normalize = m } }
	for _, c := range []struct {
		name, text string
		change     func(*Brief)
		want       string
	}{
		{"places behind an edit", "On 5/4/2026 it cost $2.5m. Then it rained.", nil, "1:1 body: On May fourth twenty twenty-six it cost two point five million dollars.\n1:28 body: Then it rained.\n"},
		{"a sentence that begins with an edit", "It rained. 20 people came.", nil, "1:1 body: It rained.\n1:12 body: Twenty people came.\n"},
		{"an abbreviation at the end", "They have cats, dogs, etc. The rest is gone.", nil, "1:1 body: They have cats, dogs, et cetera.\n1:28 body: The rest is gone.\n"},
		{"an edit over two lines", "On May\n5 we met. All is\nwell.", nil, "1:1 body: On May fifth we met.\n2:11 body: All is well.\n"},
		{"the end of a line", "It cost 5.\n\"Why?\" he said in no. 6.\nThen it rained.", nil, "1:1 body: It cost five.\n2:1 body: \"Why?\" he said in number six.\n3:1 body: Then it rained.\n"},
		{"light", "Dr. Lee paid $5 → 6 at https://www.example.com/a.", mode(normalize.Light), "1:1 body: Dr. Lee paid $5 to 6 at link to example dot com.\n"},
		{"off", "Dr. Lee paid $5 at https://www.example.com/a.", mode(normalize.Off), "1:1 body: Dr. Lee paid $5 at link to example.com.\n"},
		{"by role", "Of 5.\n\n> Of 6.", func(b *Brief) {
			b.Normalize = func(role string) normalize.Mode {
				return map[string]normalize.Mode{RoleQuote: normalize.Off}[role]
			}
		}, "1:1 body: Of five.\n3:3 quote: Of 6.\n"},
		{"a heading", "## Part IV\n\nIt rained.", nil, "1:4 heading: Part four.\n3:1 body: It rained.\n"},
		{"code keeps its marks", "Use `<b>` or `a[12]` or `main.go`.", func(b *Brief) { b.Options.Elements.InlineCode = "verbatim" }, "1:1 body: Use <b> or a[12] or main dot go.\n"},
		{"damage", "It\u00e2\u20ac\u2122s he\u00adre and the\u200bre.", nil, "1:1 body: It’s here and there.\na.md:1:3: \"â€™\" is damage from an earlier conversion: read as \"’\"\na.md:1:10: U+00AD cannot be seen: left out; 1 more in this passage\n"},
		{"nothing would be left", "A.\n\n\\<b>", nil, "1:1 body: A.\n3:1 body: <b>\n"},
		{"a credit", "A.", func(b *Brief) { b.Credits = "© 2026 by Dr. Lee." }, "1:1 body: A.\n credits: Copyright twenty twenty-six by Doctor Lee.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := brief()
			b.Options.Opening, b.Options.Segment.Least, b.Language = "", 0, "en-US"
			if c.change != nil {
				c.change(&b)
			}
			if diff := cmp.Diff(c.want, listing(t, c.text, b)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMath(t *testing.T) {
	t.Parallel()
	long := "$$" + strings.Repeat("a + ", 20) + "b$$"
	choose := func(what string) func(*Brief) { return func(b *Brief) { b.Options.Elements.Math = what } }
	for _, c := range []struct {
		name, text string
		change     func(*Brief)
		want       string
	}{
		{"in a sentence", "Let $x^2 + 1$ be 5. $y$ is odd.", nil, "1:1 body: Let x squared plus 1 be five.\n1:22 body: Y is odd.\n"},
		{"digits in it stay", "It is $1905$ in 1905.", nil, "1:1 body: It is 1905 in nineteen oh five.\n"},
		{"with a suffix", "The $n$th of 3.", nil, "1:1 body: The nth of three.\n"},
		{"money", "It costs $5 or $10.", nil, "1:1 body: It costs five dollars or ten dollars.\n"},
		{"set apart", "We have\n$$x = \\frac{1}{2}$$\nhere.", nil, "1:1 body: We have\n2:3 body: X equals one half.\n3:1 body: here.\n"},
		{"set apart and long", "A.\n\n" + long, nil, "1:1 body: A.\n3:3 body: A formula, shown in the text.\na.md:3:3: a formula of 41 words is not spoken, which is more than 25: \"a + a + a + a + a + a + a + a + a + a + …\"\n"},
		{"announced", "A $x$.\n\n$$y$$", choose("announce"), "1:1 body: A x.\n3:3 body: A formula, shown in the text.\na.md:3:3: a formula is not spoken: \"y\"\n"},
		{"skipped", "A $x$.\n\n$$y$$", choose("skip"), "1:1 body: A x.\na.md:3:3: a formula is left out: \"y\"\n"},
		{"a fault", "Let $x + \\frac{1$ be.\n\n$$\na\n{b\n$$", nil, "1:1 body: Let x plus the fraction with numerator 1, and denominator be.\n4:1 body: A b.\na.md:1:15: formula: { is not closed\na.md:5:1: formula: { is not closed\n"},
		{"in a table", "| $x$ | 5 |\n|---|---|\n|   $5$ | 6 |", nil, "1:4 body: Table.\n1:4 body: Two columns: X, five.\n3:6 body: X: 5, five: six.\n"},
		{"in a list", "- [x] $5$ of 5", nil, "1:8 body: Done: 5 of five.\n"},
		{"in an image", "![The $5$ of 5](a.png)", nil, "1:1 body: Image: The 5 of five.\n"},
		{"in German", "Sei $x$ hier.\n\n$$y$$", func(b *Brief) { b.Language = "de" }, "1:1 body: Sei $x$ hier.\n3:3 body: Eine Formel, zu sehen im Text.\na.md:3:3: formulas are read in English only: \"y\" is not spoken\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := brief()
			b.Options.Opening, b.Options.Segment.Least = "", 0
			if c.change != nil {
				c.change(&b)
			}
			if diff := cmp.Diff(c.want, listing(t, c.text, b)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMathInATitle(t *testing.T) {
	t.Parallel()
	s, _ := plan(t, "# Why $\\sqrt{2}$ is odd\n\nA.\n\n## On $x^2$\n\nB.", brief())
	var got []string
	for _, c := range s.Chapters {
		got = append(got, c.Title, c.Segments[0].Text)
	}
	want := []string{"Why $\\sqrt{2}$ is odd", "Why the square root of 2 is odd.", "On x squared", "On x squared."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzWords checks of any Markdown that its segments have words and stand in
// the order of the source, whatever was put into words or left out.
func FuzzWords(f *testing.F) {
	for _, s := range []string{
		"On 5/4/2026 $x^2$ cost $5. `a[12]` <b> Dr.\n5 etc. | a\u00ad", "|a $x$|`[1]`|\n|-|-|\n| 5 | $\\frac{1$ |", "1. $$x$$\n2. \\(n\\) â€™", "![$x$ 5](a)\n\n> $$\n> a\n> $$\n> [1]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := document.Read(context.Background(), "a.md", strings.NewReader(text), document.Options{Title: "A"})
		if err != nil {
			return
		}
		s, _, err := Plan(d, brief())
		if err != nil {
			return
		}
		checkAlignment(t, d, s)
		var last [2]int
		for _, g := range s.Segments() {
			if !strings.ContainsFunc(g.Text, speakable) {
				t.Errorf("segment without a word: %q", g.Text)
			}
			var at [2]int
			if len(g.Anchors) == 0 || g.Announcement || g.Role == RoleNote {
				continue // announcements stand where they belong, notes at the end
			}
			if _, err := fmt.Sscanf(g.At(), "%d:%d", &at[0], &at[1]); err != nil {
				t.Errorf("place %q: %v", g.At(), err)
			}
			if at[0] < last[0] {
				t.Errorf("%q at %s stands behind line %d", g.Text, g.At(), last[0])
			}
			last = at
		}
	})
}
