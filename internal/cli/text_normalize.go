package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// normalizeOptions are the flags of text normalize.
type normalizeOptions struct {
	*globals
	Language string
	Mode     string
	Explain  bool
}

func newTextNormalize(g *globals, s Streams) *cobra.Command {
	o := normalizeOptions{globals: g}
	c := &cobra.Command{
		Use:   "normalize",
		Short: "Put what is written in signs into words",
		Long: `normalize reads a line of text from standard input and writes it as it is spoken:
numbers, dates, sums, abbreviations, addresses and signs in words. Lines have up
to 1 MiB. With --explain each line is followed by what was changed, indented: the
rule, what was written, what is said. With --json a line is an object with the
text and its edits, whose places are bytes.`,
		Example: `  echo 'Dr. Lee paid $2.5m on 3/4/2026.' | narrapress text normalize
  echo 'See https://example.com/a.' | narrapress text normalize --mode light --explain
  narrapress text normalize --lang en-GB < lines.txt`,
		Args: between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runTextNormalize(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Language, "lang", "en-US", "language of the text, a BCP 47 `TAG`")
	f.StringVar(&o.Mode, "mode", string(normalize.Full), "how much is put into words: full, light or off")
	f.BoolVar(&o.Explain, "explain", false, "show which rule did what")
	return c
}

func runTextNormalize(ctx context.Context, o normalizeOptions, s Streams) error {
	if err := oneOf("mode", o.Mode, string(normalize.Full), string(normalize.Light), string(normalize.Off)); err != nil {
		return err
	}
	if o.Explain && o.JSON {
		return misuse("--json explains already: leave out --explain")
	}
	n := normalize.New(o.Language, normalize.Mode(o.Mode))
	return eachLine(ctx, s, mostLine, func(line string) (string, error) {
		said := n.Text(line)
		if o.JSON {
			return jsonLine(said)
		}
		out := oneLine(said.Text)
		if o.Explain {
			out += explained(line, said.Edits)
		}
		return out, nil
	})
}

// explained is an indented line for each edit.
func explained(line string, edits []normalize.Edit) string {
	var b strings.Builder
	for _, e := range edits {
		fmt.Fprintf(&b, "\n  %-14s %q → %q", e.Rule, line[e.From:e.To], e.Spoken)
	}
	return b.String()
}
