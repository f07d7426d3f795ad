package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// feedOptions are the flags of feed.
type feedOptions struct {
	*globals
	Out string
}

func newFeed(g *globals, s Streams) *cobra.Command {
	o := feedOptions{globals: g}
	c := &cobra.Command{
		Use:   "feed",
		Short: "Write the show's feed from its finished episodes",
		Long: `feed writes feed.xml into the output folder, for podcast apps and directories: every
episode whose manifest and files are there, the newest first, but for those that the
gate holds (narrapress release) or whose post is gone (docs/batches.md). What it lacks to name an episode is a warning, and
the exit code 3. Where nothing has changed, no file is touched. A show without a cover
gets one of words.

The show's file says what the show is (show) and where the output folder is on the
web (publish.base_url). docs/publish-feed.md tells more.`,
		Example: `  narrapress feed
  narrapress feed --json | jq .findings`,
		Args: between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runFeed(c.Context(), o, s)
		},
	}
	c.Flags().StringVar(&o.Out, "out", "", "`DIR` of the episodes' folders")
	return c
}

func runFeed(ctx context.Context, o feedOptions, s Streams) error {
	cfg, err := workingShow(ctx, o.globals, s, o.Out)
	if err != nil {
		return err
	}
	res, err := pipeline.WriteFeed(ctx, cfg)
	if missing := new(feed.MissingError); errors.As(err, &missing) {
		return lacking(missing, cfg, s)
	}
	if err != nil {
		return err
	}
	p := paint(s.colours(s.OutTerminal))
	switch {
	case o.JSON:
		res.Findings = append([]string{}, res.Findings...)
		err = writeJSON(s.Out, struct {
			Version int `json:"version"` // of this document's shape
			*feed.Result
		}{1, res})
	case !o.Quiet:
		what := "is as it was"
		if len(res.Written) > 0 {
			what = "written: " + strings.Join(res.Written, ", ")
		}
		fmt.Fprintf(s.Out, "%s  %s, %s\n%s%s", p.bold(s.short(res.Feed)), count(res.Items, "episode"), what, warnings(res.Findings, p), feedLeft(res))
	case res.LeftOut > 0:
		io.WriteString(s.Err, warnings(res.Findings, paint(s.colours(s.ErrTerminal))))
	}
	if err == nil && res.LeftOut > 0 {
		return partly
	}
	return err
}

func feedLeft(res *feed.Result) string {
	var b strings.Builder
	if res.LeftOut > 0 {
		fmt.Fprintf(&b, "%s left out\n", count(res.LeftOut, "episode"))
	}
	gone := res.Withdrawn
	if held := res.Unlisted - len(gone); held > 0 {
		fmt.Fprintf(&b, "%s held by the gate: narrapress release --list says why\n", count(held, "episode"))
	}
	if len(gone) > 0 {
		named := oneLined(strings.Join(gone[:min(len(gone), mostNamed)], ", "))
		if more := len(gone) - mostNamed; more > 0 {
			named += fmt.Sprintf(" and %d more", more)
		}
		fmt.Fprintf(&b, "%s withdrawn: %s (withdrawn.json in its folder says why)\n", count(len(gone), "episode"), named)
	}
	return b.String()
}

// mostNamed is how many withdrawn episodes are named: a show may have withdrawn
// thousands over the years.
const mostNamed = 5

// lacking says what to write, and where.
func lacking(e *feed.MissingError, cfg *config.Config, s Streams) error {
	file := s.short(cfg.File)
	if cfg.File == "" {
		return &showError{fmt.Errorf("there is no show's file here: a feed needs one (narrapress init); %w", e)}
	}
	lines := []string{fmt.Sprintf("the feed needs what %s does not say:", file)}
	for _, m := range e.Keys {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", file, m.Key, m.Hint))
	}
	return &showError{errors.New(strings.Join(lines, "\n"))}
}

// workingShow is the show of the working folder, or of --config.
func workingShow(ctx context.Context, g *globals, s Streams, out string) (*config.Config, error) {
	return newShows(g, s, out, nil).config(ctx, stdin)
}
