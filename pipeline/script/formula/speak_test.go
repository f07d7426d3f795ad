package formula

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wording is one formula in both styles; heard is "" where the narrator says
// what ClearSpeak says.
type wording struct {
	tex   string
	plain string
	heard string
}

func checkWordings(t *testing.T, tests map[string][]wording) {
	t.Helper()
	for name, rows := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, row := range rows {
				e, err := Parse(row.tex)
				if err != nil {
					t.Errorf("%s: %v", row.tex, err)
				}
				if diff := cmp.Diff(row.plain, e.Speak(Options{Style: ClearSpeak})); diff != "" {
					t.Errorf("%s in ClearSpeak (-want +got):\n%s", row.tex, diff)
				}
				heard := row.heard
				if heard == "" {
					heard = row.plain
				}
				if diff := cmp.Diff(heard, e.Speak(Options{})); diff != "" {
					t.Errorf("%s narrated (-want +got):\n%s", row.tex, diff)
				}
			}
		})
	}
}

func TestSpeakConstructs(t *testing.T) {
	t.Parallel()
	checkWordings(t, map[string][]wording{
		"numbers": {
			{"3.14 r", "3.14 r", ""},
			{"1,000,000 + 1{,}000", "1,000,000 plus 1,000", ""},
			{`2\frac{3}{4}`, "2 and three fourths", ""},
			{"0.5", "0.5", ""},
		},
		"fractions": {
			{`\frac12`, "one half", ""},
			{`\frac{5}{8} y`, "five eighths y", ""},
			{`\frac{13}{200}`, "13 over 200", ""},
			{`\frac{u}{v}`, "u over v", ""},
			{`\frac{u+1}{v}`, "the fraction with numerator u plus 1, and denominator v", ""},
			{`\frac{1}{1+\frac{1}{k}} + 1`, "the fraction with numerator 1, and denominator 1 plus 1 over k, plus 1", "the fraction with numerator 1, and denominator 1 plus 1 over k, end fraction, plus 1"},
			{`{a+b \over c}`, "the fraction with numerator a plus b, and denominator c", ""},
		},
		"marks over signs": {
			{`a \hat{=} b`, "a equals sign with hat over it b", "a equals hat b"},
			{`a \dot{+} b`, "a plus sign with dot above over it b", "a plus dot b"},
		},
		"powers": {
			{"y^2", "y squared", ""},
			{"y^3", "y cubed", ""},
			{"y^7", "y to the seventh power", ""},
			{"y^{14}", "y to the 14th power", ""},
			{"y^{22}", "y to the 22nd power", ""},
			{"y^0", "y to the 0 power", ""},
			{"y^{-4}", "y to the negative 4 power", ""},
			{"y^k", "y to the k-th power", ""},
			{"y^{k+1}", "y raised to the k plus 1 power", ""},
			{"2^{3k}", "2 raised to the 3 k power", ""},
			{"e^{-y^2}", "e raised to the exponent, negative y squared, end exponent", ""},
			{"2^{k^2}", "2 raised to the k squared power", ""},
			{"(k+1)^2", "open paren, k plus 1, close paren, squared", ""},
		},
		"subscripts": {
			{"u_3", "u sub 3", ""},
			{"u_{jk}", "u sub j k", ""},
			{"u_k^2", "u sub k squared", ""},
			{"u_{k+1}", "u sub k plus 1", ""},
		},
		"primes": {
			{"u'", "u prime", ""},
			{"f'(t)", "f prime of t", ""},
			{"u'' + u = 0", "u prime prime plus u equals 0", "u double prime plus u equals 0"},
		},
		"roots": {
			{`\sqrt 5`, "the square root of 5", ""},
			{`\sqrt[3]{t}`, "the cube root of t", ""},
			{`\sqrt[4]{t+1}`, "the fourth root of t plus 1", ""},
			{`\sqrt[n]{t}`, "the n-th root of t", ""},
			{`-\sqrt{t}`, "the negative square root of t", ""},
			{`\sqrt{t+1} - 1`, "the square root of t plus 1, minus 1", "the square root of t plus 1, end root, minus 1"},
		},
		"signs": {
			{"-t", "negative t", ""},
			{"s + -t", "s plus negative t", ""},
			{`\pm t`, "plus or minus t", ""},
			{"- - t", "minus minus t", ""},
		},
		"products": {
			{"3(t+1)", "3 times open paren, t plus 1, close paren", ""},
			{"(s+1)(t+1)", "open paren, s plus 1, close paren, times open paren, t plus 1, close paren", ""},
			{"r s t", "r s t", ""},
			{`3\times 4 \cdot 5`, "3 times 4 times 5", ""},
		},
		"fences": {
			{"(t)", "t", ""},
			{"(t+1)", "open paren, t plus 1, close paren", ""},
			{"[s, t]", "open bracket, s comma t, close bracket", "open bracket, s, t, close bracket"},
			{"|t - 1|", "the absolute value of t minus 1", ""},
			{`\left| s \right| \left| t \right|`, "the absolute value of s, times, the absolute value of t", ""},
			{`\{ s, t \}`, "the set s comma t", "the set s, t"},
			{`\{\}`, "the empty set", ""},
			{`\{ t : t < 1 \}`, "the set of all t such that t is less than 1", ""},
			{`\{ n \in A \mid n > 2 \}`, "the set of all n in A such that n is greater than 2", ""},
		},
		"functions": {
			{"f(t)", "f of t", ""},
			{"g(f(t))", "g of f of t", ""},
			{"f(t+1)", "f of open paren, t plus 1, close paren", ""},
			{"u(t)", "u of t", ""},
			{"u(t+1)", "u times open paren, t plus 1, close paren", ""},
			{`\sin t`, "sine t", ""},
			{`\sin(t)`, "sine t", ""},
			{`\cos(2t)`, "cosine 2 t", ""},
			{`\tan(s+t)`, "the tangent of open paren, s plus t, close paren", ""},
			{`\sin^2 t + \cos^2 t`, "sine squared t plus cosine squared t", ""},
			{`\tan^{-1} t`, "the inverse tangent of t", ""},
			{`\cos\frac{t}{2}`, "the cosine of t over 2", ""},
			{`\arcsin t`, "arc sine t", ""},
			{`\sinh t`, "hyperbolic sine of t", ""},
			{`\log t`, "log t", ""},
			{`\log_3 t`, "the log base 3 of t", ""},
			{`\log(t+1)`, "the log of open paren, t plus 1, close paren", ""},
			{`\det M`, "determinant M", "the determinant of M"},
		},
		"big operators": {
			{`\sum_{k=1}^m u_k`, "the sum from k equals 1 to m of u sub k", ""},
			{`\sum_k k`, "the sum over k of k", ""},
			{`\prod_{k=1}^m (k+1)`, "the product from k equals 1 to m of open paren, k plus 1, close paren", ""},
			{`\bigcup_k A_k`, "the n ary union over k of A sub k", "the union over k of A sub k"},
			{`\sum k`, "the sum of k", ""},
		},
		"integrals": {
			{`\int_0^1 t^2\,dt`, "the integral from 0 to 1 of t squared d t", "the integral from 0 to 1 of t squared, d t"},
			{`\int f(t) dt = 1`, "the integral of f of t, d t, equals 1", ""},
			{`\oint_C u`, "the contour integral over C of u", ""},
		},
		"relations": {
			{`s \neq t \le u < v`, "s is not equal to t is less than or equal to u is less than v", "s is not equal to t is at most u is less than v"},
			{`A \subset B`, "A subset of B", "A is a subset of B"},
			{`s \parallel t`, "s parallel to t", "s is parallel to t"},
			{"s = t = u", "s equals t equals u", ""},
		},
		"matrices": {
			{`\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}`, "the 2 by 2 matrix. Row 1: 1, 2. Row 2: 3, 4", ""},
			{`\begin{pmatrix} s+t & 2 \\ 3 & 4 \end{pmatrix}`, "the 2 by 2 matrix. Row 1: Column 1, s plus t Column 2, 2. Row 2: Column 1, 3 Column 2, 4", ""},
			{`\begin{bmatrix} 1 \\ 2 \end{bmatrix}`, "the 2 by 1 column matrix, 1, 2", ""},
			{`\begin{bmatrix} 1 & 2 & 3 \end{bmatrix}`, "the 1 by 3 row matrix, 1, 2, 3", ""},
			{`\begin{vmatrix} s & t \\ u & v \end{vmatrix}`, "the determinant of the 2 by 2 matrix. Row 1: s, t. Row 2: u, v", ""},
			{`\left( \begin{array}{cc} s & t \\ u & v \end{array} \right)`, "the 2 by 2 matrix. Row 1: s, t. Row 2: u, v", ""},
		},
		"cases and lines": {
			{`\begin{cases} 1 & \text{if } t > 0 \\ 0 & \text{else} \end{cases}`, "2 cases. Case 1: 1 if t is greater than 0. Case 2: 0 else", "2 cases. Case 1: 1, if t is greater than 0. Case 2: 0, else"},
			{`\begin{aligned} s &= t \\ t &= u \end{aligned}`, "2 lines. Line 1: s equals t. Line 2: t equals u", ""},
			{`s = 1 \\ t = 2`, "2 lines. Line 1: s equals 1. Line 2: t equals 2", ""},
			{`\left\{ \begin{array}{l} s \\ t \end{array} \right.`, "2 cases. Case 1: s. Case 2: t", ""},
		},
		"sets of numbers": {
			{`\mathbb{R}`, "the real numbers", ""},
			{`\mathbb{Z}^+`, "the positive integers", ""},
			{`\N`, "the natural numbers", ""},
		},
		"text": {
			{`s = t \text{ for all } t`, "s equals t for all t", ""},
			{`\text{if $t>0$}`, "if t is greater than 0", ""},
			{`u_{\text{max}}`, "u sub max", ""},
		},
		"greek": {
			{`\alpha + \beta = \pi`, "alpha plus beta equals pi", ""},
		},
		"dots": {
			{`1, 2, \ldots, n`, "1 comma 2 comma dot dot dot comma n", "1, 2, dot dot dot, n"},
			{`1 + 2 + \cdots + n`, "1 plus 2 plus dot dot dot plus n", ""},
		},
		"struck and boxed": {
			{`\boxed{t} + \cancel{s}`, "t plus crossed out s", ""},
		},
		"evaluated": {
			{`u\big|_{t=0}`, "u, evaluated at t equals 0", ""},
			{"F(t)|_a^b", "F of t, evaluated at b minus the same expression evaluated at a", ""},
		},
		"factorial and degrees": {
			{"n!", "n factorial", ""},
			{`45^\circ`, "45 degrees", ""},
		},
		"written as it is": {
			{"α ≤ β → ∞", "alpha is less than or equal to beta right arrow infinity", "alpha is at most beta approaches infinity"},
			{"−t ⋅ s", "negative t times s", ""},
		},
	})
}

func TestSpeakDepartures(t *testing.T) {
	t.Parallel()
	checkWordings(t, map[string][]wording{
		"conditions": {
			{`P(A \mid B)`, "P of open paren, A divides B, close paren", "P of A given B"},
			{`p(y | x, \theta)`, "p of open paren, y divides x comma theta, close paren", "p of y given x, theta"},
			{`E[X \mid Y]`, "E of open bracket, X divides Y, close bracket", "the expectation of X given Y"},
		},
		"probability": {
			{`\mathbb{E}[X]`, "double struck E of X", "the expectation of X"},
			{`\mathbb{E}_{z\sim q}[f(z)]`, "double struck E sub z tilde q of f of z", "the expectation over z distributed as q of f of z"},
			{`\Pr(X \ge 3)`, "the probability of open paren, X is greater than or equal to 3, close paren", "the probability that X is at least 3"},
			{`\mathrm{Var}(X)`, "Var of X", "the variance of X"},
			{`\operatorname{Cov}(X, Y)`, "Cov of open paren, X comma Y, close paren", "the covariance of X and Y"},
			{`X \sim \mathcal{N}(0, 1)`, "X tilde script N of open paren, 0 comma 1, close paren", "X is distributed as script N of 0, 1"},
		},
		"limits": {
			{`\lim_{t \to 0} f(t)`, "lim over t right arrow 0 of f of t", "the limit as t approaches 0 of f of t"},
			{`\lim_{t \to 0^+} f(t)`, "lim over t right arrow 0 raised to the plus power, of f of t", "the limit as t approaches 0 from above of f of t"},
			{`t \to \infty`, "t right arrow infinity", "t approaches infinity"},
			{`\max_{k \in S} u_k`, "max over k is a member of S of u sub k", "the maximum over k in S of u sub k"},
			{`\arg\max_\theta L(\theta)`, "the arg of max over theta of L of theta", "the arg max over theta of L of theta"},
			{`\min(s, t)`, "min of open paren, s comma t, close paren", "the minimum of s and t"},
		},
		"maps": {
			{`f: A \to B`, "f colon A right arrow B", "f from A to B"},
			{`t \mapsto t^2`, "t right arrow from bar t squared", "t maps to t squared"},
			{`p \implies q`, "p long right double arrow q", "p implies q"},
			{`p \Leftrightarrow q`, "p left right double arrow q", "p if and only if q"},
		},
		"accents": {
			{`\bar t`, "t overline", "t bar"},
			{`\hat\theta`, "theta hat", ""},
			{`\tilde t`, "t tilde", ""},
			{`\vec v`, "v right arrow", "vector v"},
			{`\dot t`, "t dot above", "t dot"},
			{`\overline{st}`, "s t horizontal bar", "s t bar"},
		},
		"alphabets": {
			{`\mathbf{A}\mathbf{t} = \mathbf{s}`, "bold A bold t equals bold s", "A t equals s"},
			{`\mathcal{L}`, "script L", ""},
			{`\Gamma`, "normal Gamma", "Gamma"},
		},
		"membership": {
			{`t \in A`, "t is a member of A", "t is in A"},
			{`\sum_{t \in A} t`, "the sum over t is a member of A of t", "the sum over t in A of t"},
			{`t \in \mathbb{R}^{m \times n}`, "t is a member of r m times n", "t is in R m by n"},
		},
		"intervals": {
			{`t \in [0, 1]`, "t is a member of open bracket, 0 comma 1, close bracket", "t is in the interval from 0 to 1"},
			{"(s, t]", "open paren, s comma t, close bracket", "the half-open interval from s to t"},
			{`t \in (0, 1)`, "t is a member of open paren, 0 comma 1, close paren", "t is in the open interval from 0 to 1"},
		},
		"derivatives": {
			{`\frac{dy}{dt}`, "d y over d t", "the derivative of y with respect to t"},
			{`\frac{\partial f}{\partial t}`, "the fraction with numerator partial differential f, and denominator partial differential t", "the partial derivative of f with respect to t"},
			{`\frac{d}{dt} f(t)`, "d over d t, f of t", "the derivative with respect to t of f of t"},
			{`\frac{d^2 y}{dt^2}`, "d squared y over d t squared", "the second derivative of y with respect to t"},
			{"f^{(n)}(t)", "the n-th power of f of t", "the n-th derivative of f of t"},
			{"f''(t)", "f prime prime of t", "f double prime of t"},
			{`\nabla f`, "nabla f", "the gradient of f"},
			{`\nabla_\theta L`, "nabla sub theta L", "the gradient with respect to theta of L"},
			{`\nabla \cdot F`, "nabla times F", "the divergence of F"},
			{`\nabla \times F`, "nabla times F", "the curl of F"},
			{`\nabla^2 f`, "nabla squared f", "the Laplacian of f"},
			{`\theta - \eta \nabla L`, "theta minus eta nabla L", "theta minus eta times the gradient of L"},
		},
		"scripts that are no powers": {
			{`A^\top`, "A raised to the down tack power", "A transpose"},
			{"A^T B", "A to the T power, B", "A transpose B"},
			{"A^{-1}", "A to the negative 1 power", "A inverse"},
			{"t^*", "t raised to the asterisk power", "t star"},
			{"t^{(i)}", "t raised to the i power", "t super i"},
		},
		"fences with a name": {
			{`\lfloor t \rfloor`, "t", "the floor of t"},
			{`\lceil t \rceil`, "t", "the ceiling of t"},
			{`\|t\|`, "the metric of t", "the norm of t"},
			{`\|t\|_2`, "the metric of t, sub 2", "the 2 norm of t"},
			{`\langle s, t \rangle`, "left angle bracket, s comma t, right angle bracket", "the inner product of s and t"},
			{`\binom{n}{k}`, "the 2 by 1 column matrix, n, k", "n choose k"},
		},
		"commas": {
			{"f(s, t)", "f of open paren, s comma t, close paren", "f of s, t"},
			{`\{1, 2, 3\}`, "the set 1 comma 2 comma 3", "the set 1, 2, 3"},
			{"u_{j,k}", "u sub j comma k", ""},
		},
		"ends": {
			{`\sqrt{s+t} + u`, "the square root of s plus t, plus u", "the square root of s plus t, end root, plus u"},
			{`\frac{s}{t+1} + u`, "the fraction with numerator s, and denominator t plus 1, plus u", "the fraction with numerator s, and denominator t plus 1, end fraction, plus u"},
			{`\frac{1}{n} \sum_k u_k`, "1 over n, the sum over k of u sub k", "1 over n, times the sum over k of u sub k"},
			{"P(A)P(B)", "P of A, P of B", "P of A, times P of B"},
			{`-\sum_k u_k`, "negative the sum over k of u sub k", "minus the sum over k of u sub k"},
		},
		"congruence and units": {
			{`s \equiv t \pmod 7`, "s is identical to t of mod 7", "s is congruent to t mod 7"},
			{`5\%`, "5 percent sign", "5 percent"},
			{`\$5`, "dollar sign 5", "5 dollars"},
			{"s / t", "s divided by t", "s over t"},
			{"s := t", "s colon equals t", "s is defined as t"},
		},
		"logarithms": {
			{`\ln t`, "l n t", "the natural log of t"},
			{`\exp(-t)`, "exp negative t", "the exponential of negative t"},
		},
		"products, not functions": {
			{"H_2 O", "H sub 2 of O", "H sub 2 O"},
		},
		"labels": {
			{`s \stackrel{\text{def}}{=} t`, "s is defined to be t", "s is defined as t"},
			{`\underbrace{s+t}_{u}`, "s plus t over bottom brace over u", "s plus t labelled u"},
		},
	})
}
