package formula_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/script/formula"
)

func Example() {
	e, err := formula.Parse(`x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}`)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(e.Speak(formula.Options{}))
	// Output: x equals the fraction with numerator negative b plus or minus the square root of b squared minus 4 a c, and denominator 2 a
}

// The two styles part where the standard names a sign instead of its meaning.
func ExampleExpr_Speak() {
	e, _ := formula.Parse(`\mathbb{E}[X \mid Y]`)
	fmt.Println(e.Speak(formula.Options{Style: formula.Narrator}))
	fmt.Println(e.Speak(formula.Options{Style: formula.ClearSpeak}))
	// Output:
	// the expectation of X given Y
	// double struck E of open bracket, X divides Y, close bracket
}

// A fault is reported and the rest is read all the same.
func ExampleParse_fault() {
	e, err := formula.Parse(`\frac{a}{b + \sqrt{c}`)
	fmt.Println(err)
	fmt.Println(e.Speak(formula.Options{}))
	// Output:
	// formula: at byte 8: { is not closed
	// the fraction with numerator a, and denominator b plus the square root of c
}

// Words tells formulas that can be followed by ear from those that cannot.
func ExampleWords() {
	short, _ := formula.Parse(`E = mc^2`)
	fmt.Println(formula.Words(short))
	// Output: 5
}
