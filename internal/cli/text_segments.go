package cli

import (
	"bytes"
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
	if err := validType(o.Type); err != nil {
		return err
	}
	sources, err := expand([]string{o.Input})
	if err != nil {
		return err
	}
	if len(sources) > 1 {
		return misuse("the pattern '%s' matches %d files: name one", o.Input, len(sources))
	}
	order := pipeline.Order{Source: sources[0], Type: o.Type}
	sh := newShows(o.globals, s, "", nil).of(ctx, order.Source)
	if sh.err != nil {
		return sh.err
	}
	if order.Source == stdin {
		text, err := readStdin(ctx, s.In)
		if err != nil {
			return err
		}
		order.Reader = bytes.NewReader(text)
	}
	p, err := sh.press.Plan(ctx, order)
	if err != nil {
		return &sourceError{order.Source, err}
	}
	for _, c := range newPlanDocument(order.Source, sh.press.Engine(), p).Chapters {
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
