package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline"
)

// segmentsOptions are the flags and arguments of text segments.
type segmentsOptions struct {
	*globals
	Input string
	Type  string
}

func newTextSegments(g *globals, s Streams) *cobra.Command {
	o := segmentsOptions{globals: g}
	c := &cobra.Command{
		Use:   "segments INPUT",
		Short: "Show the segments of an episode, a JSON object a line",
		Long: `segments writes what plan says of each segment as one JSON object a line: its
place in the source, chapter, role, voice, text, the pause after it in seconds,
the key of its take and whether that is stored.`,
		Example: `  narrapress text segments post.md | jq -r '[.at, .role, .text] | @tsv'
  narrapress text segments - < post.md`,
		Args: between(1, 1, "an INPUT"),
		RunE: func(c *cobra.Command, args []string) error {
			o.Input = args[0]
			return runTextSegments(c.Context(), o, s)
		},
	}
	c.Flags().StringVar(&o.Type, "type", "", typeUsage)
	return c
}

// segmentLine is a segment as text segments writes it.
type segmentLine struct {
	Chapter string `json:"chapter"`
	planSegment
}

func runTextSegments(ctx context.Context, o segmentsOptions, s Streams) error {
	source, press, p, err := planOf(ctx, o.globals, pipeline.Order{Source: o.Input, Type: o.Type}, s)
	if err != nil {
		return err
	}
	for _, c := range newPlanDocument(source, press.Engine(), p).Chapters {
		for _, segment := range c.Segments {
			line, err := jsonLine(segmentLine{c.Title, segment})
			if err != nil {
				return err
			}
			io.WriteString(s.Out, line+"\n") // Out remembers its first error
		}
	}
	return nil
}
