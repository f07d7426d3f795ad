package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline/script/formula"
)

// mathOptions are the flags of text math.
type mathOptions struct {
	Style string
}

func newTextMath(s Streams) *cobra.Command {
	o := mathOptions{}
	c := &cobra.Command{
		Use:   "math",
		Short: "Put formulas into words",
		Long: `math reads a JSON string of LaTeX mathematics a line from standard input, with or
without its dollar signs, and writes for each a line of words. A formula has up to
64 KiB. Faults of the LaTeX are said on standard error with the line; what can be
read is read all the same.

The style narrator is what episodes have; clearspeak follows the published rules
of that name.`,
		Example: `  echo '"P(A \\mid B)"' | narrapress text math
  echo '"\\frac{1}{2}"' | narrapress text math --style clearspeak`,
		Args: between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runTextMath(c.Context(), o, s)
		},
	}
	c.Flags().StringVar(&o.Style, "style", string(formula.Narrator), "how formulas are worded: narrator or clearspeak")
	return c
}

func runTextMath(ctx context.Context, o mathOptions, s Streams) error {
	if err := oneOf("style", o.Style, string(formula.Narrator), string(formula.ClearSpeak)); err != nil {
		return err
	}
	n := 0
	return eachLine(ctx, s, mostFormulaLine, func(line string) (string, error) {
		n++
		tex, err := jsonText(line)
		if err != nil {
			return "", err
		}
		if len(tex) > mostFormula {
			return "", tooLong(mostFormula)
		}
		expr, err := formula.Parse(tex)
		if err != nil {
			for fault := range strings.SplitSeq(err.Error(), "\n") {
				io.WriteString(s.Err, fmt.Sprintf("narrapress: line %d: %s\n", n, fault))
			}
		}
		return oneLine(expr.Speak(formula.Options{Style: formula.Style(o.Style)})), nil
	})
}
