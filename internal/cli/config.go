package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
)

// configOptions are the flags of config.
type configOptions struct {
	*globals
	Schema bool
	Out    string
}

func newConfig(g *globals, s Streams) *cobra.Command {
	o := configOptions{globals: g}
	c := &cobra.Command{
		Use:   "config",
		Short: "Show the effective configuration, and where each value came from",
		Long: `config shows every setting of the show in the working folder (or of --config) as
produce would use it, with the place it came from: a flag, an environment
variable, a line of the show's file, or the default. A flag wins over the
environment, the environment over the file, the file over the default. Secrets
are masked.

A scalar setting is set in the environment by its path: output.dir is
NARRAPRESS_OUTPUT_DIR.`,
		Example: `  narrapress config
  narrapress config --schema > narrapress.schema.json`,
		Args: between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runConfig(c.Context(), o, s)
		},
	}
	c.Flags().BoolVar(&o.Schema, "schema", false, "write the JSON Schema of a show's file instead")
	c.Flags().StringVar(&o.Out, "out", "", "`DIR` that the episodes' folders are made in")
	return c
}

// runConfig shows the configuration of the working folder's show.
func runConfig(ctx context.Context, o configOptions, s Streams) error {
	if o.Schema {
		if _, err := s.Out.Write(config.Schema()); err != nil {
			return fmt.Errorf("writing the schema: %w", err)
		}
		return nil
	}
	shows := newShows(o.globals, s, o.Out, nil)
	cfg, err := shows.config(ctx, stdin)
	if err != nil {
		return err
	}
	text, err := cfg.Effective()
	if err != nil {
		return err
	}
	if !o.JSON {
		_, err := s.Out.Write(text)
		return err
	}
	b, err := yaml.YAMLToJSON(text)
	if err != nil {
		return fmt.Errorf("writing the configuration as JSON: %w", err)
	}
	return writeJSON(s.Out, struct {
		Version int             `json:"version"` // of this document's shape
		File    string          `json:"file,omitempty"`
		Config  json.RawMessage `json:"config"`
	}{1, cfg.File, b})
}
