package document

import (
	"strings"

	"golang.org/x/net/html"
)

// toTeX writes presentation MathML (MathML Core, 3) as TeX: the structure that
// decides how it is spoken, not its looks.
func toTeX(n *html.Node) string {
	if n.Type == html.TextNode {
		return texSigns.Replace(strings.TrimSpace(n.Data))
	}
	var kids []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			kids = append(kids, c)
		}
	}
	arg := func(i int) string {
		if i >= len(kids) {
			return "{}"
		}
		return "{" + toTeX(kids[i]) + "}"
	}
	switch n.Data {
	case "mi", "mn", "mo", "ms":
		return identifier(strings.Join(strings.Fields(textOf(n)), " "))
	case "mtext":
		return `\text{` + strings.Join(strings.Fields(textOf(n)), " ") + "}"
	case "mfrac":
		return `\frac` + arg(0) + arg(1)
	case "msqrt":
		return `\sqrt{` + row(kids) + "}"
	case "mroot":
		return `\sqrt[` + strings.Trim(arg(1), "{}") + "]" + arg(0)
	case "msup":
		return arg(0) + "^" + arg(1)
	case "msub":
		return arg(0) + "_" + arg(1)
	case "msubsup", "munderover":
		return base(arg(0)) + "_" + arg(1) + "^" + arg(2)
	case "munder":
		return base(arg(0)) + "_" + arg(1)
	case "mover":
		return over(arg(0), arg(1))
	case "mtable":
		rows := make([]string, len(kids))
		for i, r := range kids {
			var cells []string
			for c := r.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.ElementNode {
					cells = append(cells, toTeX(c))
				}
			}
			rows[i] = strings.Join(cells, " & ")
		}
		return `\begin{matrix} ` + strings.Join(rows, ` \\ `) + ` \end{matrix}`
	case "annotation", "annotation-xml", "mphantom", "mspace":
		return ""
	case "mfenced":
		parts := make([]string, len(kids))
		for i, k := range kids {
			parts[i] = toTeX(k)
		}
		return "(" + strings.Join(parts, ",") + ")"
	}
	return row(kids)
}

func row(kids []*html.Node) string {
	parts := make([]string, len(kids))
	for i, k := range kids {
		parts[i] = toTeX(k)
	}
	return strings.Join(parts, " ")
}

// base is what limits are set on: signs as they are, terms in braces.
func base(arg string) string {
	if inner := strings.Trim(arg, "{}"); strings.HasPrefix(inner, `\`) && !strings.Contains(inner, " ") {
		return inner
	}
	return arg
}

func over(of, mark string) string {
	accents := map[string]string{"{¯}": "bar", "{‾}": "bar", "{^}": "hat", "{→}": "vec", "{~}": "tilde", "{˙}": "dot", `{\to}`: "vec", "{ˆ}": "hat", "{˜}": "tilde"}
	if a, ok := accents[mark]; ok {
		return `\` + a + of
	}
	return `\overset` + mark + of
}

var texSigns = strings.NewReplacer(`\`, `\backslash `, "{", `\{`, "}", `\}`, "%", `\%`, "#", `\#`, "&", `\&`, "$", `\$`, "−", "-", "\u2061", "", "\u2062", " ", "\u2063", "", "\u2064", "",
	"∑", `\sum`, "∏", `\prod`, "∫", `\int`, "∞", `\infty`, "≤", `\le`, "≥", `\ge`, "≠", `\ne`, "→", `\to`, "±", `\pm`, "×", `\times`, "⋅", `\cdot`, "∈", `\in`, "∂", `\partial`, "∇", `\nabla`, "∮", `\oint`, "…", `\dots`, "⋯", `\cdots`)

// identifier is an identifier: a word that TeX knows as a function, a word, a sign.
func identifier(s string) string {
	switch s {
	case "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "ker", "gcd", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh":
		return `\` + s
	}
	if r := []rune(s); len(r) > 1 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ") == "" {
		return `\mathrm{` + s + "}"
	}
	return texSigns.Replace(s)
}
