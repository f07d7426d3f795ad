package formula

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/growth"
)

func TestParseFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		tex    string
		spoken string
		fault  string
		offset int
	}{
		{"unknown command is no fault", `\frobnicate x`, "frobnicate x", "", 0},
		{"open group", `a + {b`, "a plus b", "{ is not closed", 4},
		{"closing brace alone", `a } b`, "a b", `"}" closes nothing`, 2},
		{"left alone", `\left( x + 1`, "open paren x plus 1", `\left has no \right`, 0},
		{"right alone", `x \right) + 1`, "x close paren positive 1", `"right" closes nothing`, 2},
		{"environment left open", `\begin{cases} x \\ y`, "2 cases. Case 1: x. Case 2: y", `\begin{cases} is not closed`, 0},
		{"environment closed by another", `\begin{cases} x \end{array}`, "1 case. Case 1: x", `\begin{cases} is closed by \end{array}`, 0},
		{"offset counts the dollars", `$$ a } $$`, "a", `"}" closes nothing`, 5},
		{"missing arguments", `\frac{a}`, "the fraction with numerator a, and denominator", "", 0},
		{"nothing", ``, "", "", 0},
		{"only spaces", `\quad\,~`, "", "", 0},
		{"backslash at the end", `x\`, "x", "", 0},
		{"script on nothing", `^2`, "squared", "", 0},
		{"double script", `x^2^3`, "x raised to the 2 3 power", "", 0},
		{"invalid bytes", "x\xff+1", "x plus 1", "", 0},
		{"comment", "x % the unknown\n+ 1", "x plus 1", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, err := Parse(tt.tex)
			if diff := cmp.Diff(tt.spoken, e.Speak(Options{})); diff != "" {
				t.Errorf("spoken (-want +got):\n%s", diff)
			}
			var fault *SyntaxError
			switch errors.As(err, &fault) {
			case false:
				if tt.fault != "" {
					t.Errorf("no fault, want %q", tt.fault)
				}
			case true:
				if fault.Reason != tt.fault || fault.Offset != tt.offset {
					t.Errorf("fault %q at %d, want %q at %d", fault.Reason, fault.Offset, tt.fault, tt.offset)
				}
			}
		})
	}
}

// Hostile shapes: every one must cost time in proportion to its length and
// keep the stack shallow. Each takes well under a second; what is quadratic
// takes minutes.
func TestParseHostile(t *testing.T) {
	t.Parallel()
	shapes := map[string]string{
		"groups":            "{",
		"closed groups":     "{x}",
		"parentheses":       "(",
		"closing":           ")",
		"bars":              "|",
		"spaced bars":       "| ",
		"roots":             `\sqrt`,
		"optional":          `\sqrt[`,
		"fractions":         `\frac`,
		"half fractions":    `\frac{`,
		"functions":         `\sin `,
		"letters f":         "f",
		"calls":             "f(",
		"sums":              `\sum_i `,
		"integrals":         `\int x + `,
		"integrals alone":   `\int `,
		"powers":            "x^",
		"open powers":       "x^{",
		"primes":            "x'",
		"indices":           "x_{",
		"signs":             "+-",
		"relations":         "a=",
		"factorials":        "n!",
		"left":              `\left(`,
		"left bars":         `\left|`,
		"environments":      `\begin{matrix}`,
		"cells":             "a&",
		"rows":              `a\\`,
		"text":              `\text{a$`,
		"accents":           `\hat`,
		"negations":         `\not`,
		"numbers":           "1,000",
		"commas":            "1,",
		"ellipses":          `\ldots `,
		"over":              `a \over `,
		"fonts":             `\mathbf`,
		"upright":           `\mathrm{ab}`,
		"stray ends":        `\end{x}`,
		"stray rights":      `\right)`,
		"braces of sets":    `\{x|`,
		"powers of powers":  "{x^2}^",
		"substacks":         `\substack{`,
		"environment names": `\begin{`,
		"percent":           `a\%`,
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			growth.Linear(t, 1<<12, func(size int) func() {
				text := strings.Repeat(shape, size/len(shape))
				return func() {
					e, _ := Parse(text)
					for _, style := range []Style{Narrator, ClearSpeak} {
						e.Speak(Options{Style: style})
					}
				}
			})
		})
	}
}

func TestParseDepth(t *testing.T) {
	t.Parallel()
	deep := func(n int) string {
		return strings.Repeat(`\sqrt{1+`, n) + "x" + strings.Repeat("}", n)
	}
	if _, err := Parse(deep(40)); err != nil {
		t.Errorf("40 roots: %v", err)
	}
	e, err := Parse(deep(150))
	if err == nil {
		t.Error("150 roots gave no fault")
	}
	if got := strings.Count(e.Speak(Options{}), "1"); got != 150 {
		t.Errorf("%d of 150 numbers spoken", got)
	}
}

// TestPassedOver writes formulas with what sets no more than their look: they are
// spoken, and shown, as without it.
func TestPassedOver(t *testing.T) {
	t.Parallel()
	for with, without := range map[string]string{
		`\sqrt\displaystyle x`:        `\sqrt x`,
		`\frac\,{a}\;{b}`:             `\frac{a}{b}`,
		`\hat\mathstrut x`:            `\hat x`,
		`\sqrt\hspace{2em}{x}`:        `\sqrt{x}`,
		`x^\displaystyle 2`:           `x^2`,
		`\frac\big{a}\textstyle{b}+c`: `\frac{a}{b}+c`,
	} {
		a, err := Parse(with)
		if err != nil {
			t.Errorf("%s: %v", with, err)
		}
		b, err := Parse(without)
		if err != nil {
			t.Fatal(err)
		}
		if a.Speak(Options{}) != b.Speak(Options{}) || a.MathML(true) != b.MathML(true) {
			t.Errorf("%s: %q, want %q\n%s\n%s", with, a.Speak(Options{}), b.Speak(Options{}), a.MathML(true), b.MathML(true))
		}
	}
}

// TestBraceWithAScriptOnTheOtherSide has a label where none stands beyond the brace:
// beyond it there is nothing, and nothing is said of it.
func TestBraceWithAScriptOnTheOtherSide(t *testing.T) {
	t.Parallel()
	for tex, beyond := range map[string]string{`\overbrace{a+b}_n`: "<mover><mover", `\underbrace{a+b}^n`: "<munder><munder"} {
		e, err := Parse(tex)
		if err != nil {
			t.Fatal(err)
		}
		if ml := e.MathML(true); strings.Contains(ml, beyond) {
			t.Errorf("%s is shown as %s", tex, ml)
		}
	}
	for tex, want := range map[string]string{`\overbrace{a+b}^n`: "<mover><mover", `\underbrace{a+b}_n`: "<munder><munder"} {
		e, err := Parse(tex)
		if err != nil {
			t.Fatal(err)
		}
		if ml := e.MathML(true); !strings.Contains(ml, want) {
			t.Errorf("%s is shown as %s", tex, ml)
		}
	}
}

func TestParseTooLong(t *testing.T) {
	t.Parallel()
	e, err := Parse(strings.Repeat("α", maxInput/2+10))
	var fault *SyntaxError
	if !errors.As(err, &fault) || fault.Offset != maxInput {
		t.Fatalf("error %v, want a fault at %d", err, maxInput)
	}
	if got := Words(e); got != maxInput/2 {
		t.Errorf("%d words, want %d", got, maxInput/2)
	}
}

func FuzzParse(f *testing.F) {
	for _, tex := range []string{
		`x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}`, `\begin{cases} x & \text{if $y$} \\ 0 \end{cases}`,
		`\left( \sum_{i=1}^n x_i \right)^2`, `\{ x \mid |x| < 1 \}`, `||x||_2 + |y|z|`, `\int_0^1 f(x)\,dx`,
		`\frac12{}_3F'^{*}`, `\hat{\vec x}\not\in\mathbb R^{n}`, `a\over b\choose c`, `\sqrt[3]{\left[}\right.`,
		`\begin{pmatrix}1&2\\&\end{bmatrix}`, `$$x\\y&z$$`, `\mathrm{a-}\operatorname*{arg\,max}_x`, "\\text{\xff",
	} {
		f.Add(tex)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		e, _ := Parse(tex)
		for _, style := range []Style{Narrator, ClearSpeak} {
			got := e.Speak(Options{Style: style})
			if !utf8.ValidString(got) {
				t.Errorf("%q: invalid UTF-8 %q", tex, got)
			}
			if strings.TrimSpace(got) != got || strings.Contains(got, "  ") {
				t.Errorf("%q: stray spaces in %q", tex, got)
			}
			if got != e.Speak(Options{Style: style}) {
				t.Errorf("%q: two readings differ", tex)
			}
		}
	})
}
