package formula

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestMathML(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ tex, want string }{
		"empty":      {``, ``},
		"a root":     {`d = \sqrt{\frac{2 R h}{1 - k}}`, `<mi>d</mi><mo>=</mo><msqrt><mfrac><mrow><mn>2</mn><mi>R</mi><mi>h</mi></mrow><mrow><mn>1</mn><mo>−</mo><mi>k</mi></mrow></mfrac></msqrt>`},
		"scripts":    {`x_i^2 + y'`, `<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup><mo>+</mo><msup><mi>y</mi><mo>′</mo></msup>`},
		"a sum":      {`\sum_{n=1}^{N} a_n`, `<munderover><mo>∑</mo><mrow><mi>n</mi><mo>=</mo><mn>1</mn></mrow><mi>N</mi></munderover><msub><mi>a</mi><mi>n</mi></msub>`},
		"functions":  {`\sin x + f(x)`, `<mi>sin</mi><mo>@</mo><mspace width="0.17em"></mspace><mi>x</mi><mo>+</mo><mi>f</mi><mo>@</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>`},
		"alphabets":  {`\mathbb{R} \mathbf{v} \mathcal{L}`, `<mi>ℝ</mi><mi>𝐯</mi><mi>ℒ</mi>`},
		"an accent":  {`\hat{y}`, `<mover accent="true"><mi>y</mi><mo>^</mo></mover>`},
		"a matrix":   {`\begin{bmatrix} a & b \\ c & d \end{bmatrix}`, `<mrow><mo>[</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable><mo>]</mo></mrow>`},
		"a binomial": {`\binom{n}{k}`, `<mrow><mo>(</mo><mfrac linethickness="0"><mi>n</mi><mi>k</mi></mfrac><mo>)</mo></mrow>`},
		"marks":      {`a < b \text{ & c}`, `<mi>a</mi><mo>&lt;</mo><mi>b</mi><mtext>&amp; c</mtext>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := Parse(c.tex)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimSuffix(strings.TrimPrefix(e.MathML(false), "<math>"), "</math>")
			if strings.NewReplacer("\u00a0", " ", "\u2061", "@").Replace(got) != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// FuzzMathML writes any formula as elements of MathML, each of which is closed.
func FuzzMathML(f *testing.F) {
	for _, tex := range []string{`\frac{a}{b}`, `\left( x \right.`, `\begin{cases} a & b \\ c \end{cases}`, `<script>alert(1)</script>`, `x^{y^{z^{w}}}`, `\overbrace{a+b}^{n}`} {
		f.Add(tex)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		e, _ := Parse(tex)
		z := html.NewTokenizer(strings.NewReader(e.MathML(true)))
		var open []string
		for {
			switch z.Next() {
			case html.ErrorToken:
				if len(open) > 0 {
					t.Fatalf("%v stay open", open)
				}
				return
			case html.StartTagToken:
				name := z.Token().Data
				if !strings.HasPrefix(name, "m") {
					t.Fatalf("<%s> is not of MathML", name)
				}
				open = append(open, name)
			case html.EndTagToken:
				if name := z.Token().Data; len(open) == 0 || open[len(open)-1] != name {
					t.Fatalf("</%s> closes none of %v", name, open)
				}
				open = open[:len(open)-1]
			case html.CommentToken, html.SelfClosingTagToken, html.DoctypeToken:
				t.Fatalf("%q", z.Raw())
			}
		}
	})
}
