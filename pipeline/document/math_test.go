package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// layout is the elements of a document, a line each, with their places.
func layout(es []Element) string {
	var b strings.Builder
	for _, e := range es {
		fmt.Fprintf(&b, "%s %d:%d", e.Kind, e.Pos.Line, e.Pos.Col)
		if e.Raw != "" {
			fmt.Fprintf(&b, " %q", e.Raw)
		}
		if len(e.Text) > 0 {
			b.WriteString(" " + inline(e.Text))
		}
		b.WriteByte('\n')
		b.WriteString(layout(e.Children))
	}
	return b.String()
}

func TestMath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"inline", "Let $x_1*y*$ be.", "paragraph 1:1 Let {math x_1*y*} be.\n"},
		{"money", "It costs $5 and $10, or US$5 and CA$ 6.", "paragraph 1:1 It costs $5 and $10, or US$5 and CA$ 6.\n"},
		{"money in a range", "From $5-$10 a day.", "paragraph 1:1 From $5-$10 a day.\n"},
		{"money and code", "I paid $5 and got $10 back, then set `$HOME` in the shell.", "paragraph 1:1 I paid $5 and got $10 back, then set {code $HOME} in the shell.\n"},
		{"money between code", "Set `$A` to $4 and $B to `$C`.", "paragraph 1:1 Set {code $A} to $4 and $B to {code $C}.\n"},
		{"code that holds the second dollar", "From $5 up, `a$` and `b$`.", "paragraph 1:1 From $5 up, {code a$} and {code b$}.\n"},
		{"money with the sign behind", "from $5 to 10$ each", "paragraph 1:1 from $5 to 10$ each\n"},
		{"money and a bracket", "A deal of $3 million (was 2$) is off.", "paragraph 1:1 A deal of $3 million (was 2$) is off.\n"},
		{"dollars for money", "Earn $$ fast, they said, and lose $$ faster.", "paragraph 1:1 Earn $$ fast, they said, and lose $$ faster.\n"},
		{"dollars for money on a line", "$$ is what they want, and more $$.", "paragraph 1:1 $$ is what they want, and more $$.\n"},
		{"words of three in a row", "Pay $9 monthly minimum fee plus 3$.", "paragraph 1:1 Pay $9 monthly minimum fee plus 3$.\n"},
		{"mathematics with words", `a $n$ $2^n$ $x + y$ $\text{some plain words}$ $p(\text{doom})$ $n log n$ $5 mod 3$ $x in S$ $x = 1 and y is 2$ b`, `paragraph 1:1 a {math n} {math 2^n} {math x + y} {math \text{some plain words}} {math p(\text{doom})} {math n log n} {math 5 mod 3} {math x in S} {math x = 1 and y is 2} b` + "\n"},
		{"space inside", "a $ x$ b $x $ c", "paragraph 1:1 a $ x$ b $x $ c\n"},
		{"escaped dollar", `a \$x$ b`, "paragraph 1:1 a $x$ b\n"},
		{"escaped dollar inside", `a $\$5 + x$ b`, "paragraph 1:1 a {math \\$5 + x} b\n"},
		{"over two lines", "a $x +\ny$ b", "paragraph 1:1 a {math x +\ny} b\n"},
		{"in code", "a `$x$` b", "paragraph 1:1 a {code $x$} b\n"},
		{"in emphasis and a link", "*a $x$* [$y$](u)", "paragraph 1:1 {emphasis a {math x}} {link {math y}u}\n"},
		{"before a suffix", "the $n$th", "paragraph 1:1 the {math n}th\n"},
		{"GitHub's backticks", "a $`x_1`$ b", "paragraph 1:1 a {math x_1} b\n"},
		{"brackets", `a \(x_1\) and \(n\) b`, "paragraph 1:1 a {math x_1} and {math n} b\n"},
		{"escaped brackets of prose", `a \(see below\) \[1\] b \(2019\)`, "paragraph 1:1 a (see below) [1] b (2019)\n"},
		{"escaped bracket alone", "\\[1\\]\n\n\\[see\\]", "paragraph 1:1 [1]\nparagraph 3:1 [see]\n"},
		{"display", "$$x = 1$$", "formula 1:3 \"x = 1\"\n"},
		{"display on lines", "$$\n  x\n= 1\n- 2\n$$", "formula 2:3 \"x\\n= 1\\n- 2\"\n"},
		{"display in brackets", "\\[\nx = 1\n\\].", "formula 2:1 \"x = 1\"\n"},
		{"display of a fence", "```math\nx = 1\n```", "formula 2:1 \"x = 1\"\n"},
		{"display between lines", "We have\n$$x = 1$$,\nwhere x is.", "paragraph 1:1 We have\nformula 2:3 \"x = 1\"\nparagraph 3:1 where x is.\n"},
		{"display in a line", "We have $$x = 1$$ and so.", "paragraph 1:1 We have \nformula 1:11 \"x = 1\"\nparagraph 1:18  and so.\n"},
		{"display in a quote", "> a\n>\n> $$\n> x\n> $$\n>\n> b", "quote 1:1\nparagraph 1:3 a\nformula 4:3 \"x\"\nparagraph 7:3 b\n"},
		{"display in an item", "- a\n\n  $$\n  x\n  $$", "list 1:1\nitem 1:1\nparagraph 1:3 a\nformula 4:3 \"x\"\n"},
		{"display that is not closed", "$$\nx\n\ny", "paragraph 1:1 $$ / x\nparagraph 4:1 y\n"},
		{"display with text behind it", "$$\nx\n$$ b", "formula 2:1 \"x\"\nparagraph 3:3  b\n"},
		{"many dollars", "$$$x$$$", "paragraph 1:1 $$$x$$$\n"},
		{"nothing inside", "$$ $$ a", "paragraph 1:1 $$ $$ a\n"},
		{"in a table", "| a $x$ |\n|---|\n| $y$ |", "table 1:1\nrow 1:1\ncell 1:3 a {math x}\nrow 3:1\ncell 3:3 {math y}\n"},
		{"in a heading", "## On $x^2$", "heading 1:1 On {math x^2}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, layout(read(t, "a.md", c.text, Options{}).Elements)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMathPlaces(t *testing.T) {
	t.Parallel()
	d := read(t, "a.md", "é $x$ and\n$y$ $$ z $$", Options{})
	var got []string
	for _, e := range d.Elements {
		for _, in := range e.Text {
			if in.Kind == Math {
				got = append(got, fmt.Sprintf("%s %d:%d", in.Text, in.Line, in.Col))
			}
		}
		if e.Kind == Formula {
			got = append(got, fmt.Sprintf("%s %d:%d", e.Raw, e.Pos.Line, e.Pos.Col))
		}
	}
	if diff := cmp.Diff([]string{"x 1:4", "y 2:2", "z 2:8"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRunning(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Why $\\sqrt{2}$ is odd": "Why {math \\sqrt{2}} is odd",
		"From $5 to $10":         "From $5 to $10",
		"$x$":                    "{math x}",
		"A$1 and B$2$":           "A$1 and B$2$",
		"":                       "",
	} {
		if got := inline(Running(text)); got != want {
			t.Errorf("Running(%q) is %q, want %q", text, got, want)
		}
	}
}
