package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline/script"
)

func newTextSentences(s Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "sentences",
		Short: "Divide texts into sentences",
		Long: `sentences reads a JSON string a line from standard input and writes for each a
line with the JSON array of its sentences. A line feed in a text is the end of a
source line. Lines have up to 1 MiB.`,
		Example: `  echo '"Dr. Hale rose at 5 a.m. on Monday. \"Why?\" she asked."' | narrapress text sentences`,
		Args:    between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runTextSentences(c.Context(), s)
		},
	}
}

func runTextSentences(ctx context.Context, s Streams) error {
	return eachLine(ctx, s, mostLine, func(line string) (string, error) {
		text, err := jsonText(line)
		if err != nil {
			return "", err
		}
		sentences := script.Sentences(text)
		if sentences == nil {
			sentences = []string{}
		}
		return jsonLine(sentences)
	})
}
