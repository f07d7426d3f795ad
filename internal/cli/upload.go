package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish/upload"
)

// uploadOptions are the flags of upload.
type uploadOptions struct {
	*globals
	Out    string
	DryRun bool
	Prune  bool
}

func newUpload(g *globals, s Streams) *cobra.Command {
	o := uploadOptions{globals: g}
	c := &cobra.Command{
		Use:   "upload",
		Short: "Copy the feed and its episodes to a folder or a bucket",
		Long: `upload copies what the feed names to publish.to: a folder (file:///srv/www/podcast)
or a bucket (s3://name/folder?region=eu-central-1), and only what is not there as it
is. Sounds and what belongs to them go first, pages next, and the feed last, once all
that it names is there.

Keys are read from the environment and where else the AWS tools look for them. Nothing
is removed without --prune, and with it only what upload sent there itself and no
manifest names any more, or that of a withdrawn episode. docs/publish-feed.md tells more.`,
		Example: `  narrapress feed && narrapress upload
  narrapress upload --dry-run`,
		Args: between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runUpload(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Out, "out", "", "`DIR` of the episodes' folders")
	f.BoolVar(&o.DryRun, "dry-run", false, "only list what would be sent")
	f.BoolVar(&o.Prune, "prune", false, "at the end, remove files there that no manifest names any more, and those of withdrawn episodes")
	return c
}

func runUpload(ctx context.Context, o uploadOptions, s Streams) error {
	cfg, err := workingShow(ctx, o.globals, s, o.Out)
	if err != nil {
		return err
	}
	for _, key := range []struct{ name, value string }{{"publish.to", cfg.Publish.To}, {"publish.base_url", cfg.Publish.BaseURL}} {
		if key.value == "" {
			return &showError{fmt.Errorf("the show does not say %s: docs/publish-feed.md tells what to write there", key.name)}
		}
	}
	if err := pipeline.Settle(cfg.Output.Dir); err != nil {
		return err
	}
	told := upload.Options{
		Out: cfg.Output.Dir, BaseURL: cfg.Publish.BaseURL, To: cfg.Publish.To, DryRun: o.DryRun, Prune: o.Prune,
	}
	if !o.JSON && !o.Quiet {
		verb := "sent"
		if o.DryRun {
			verb = "would send"
		}
		told.Observe = func(f upload.Sent) { fmt.Fprintf(s.Out, "%s  %s  %s\n", verb, f.Name, size(f.Bytes)) }
	}
	res, err := upload.Run(ctx, told)
	if stale := new(upload.StaleError); errors.As(err, &stale) {
		stale.Feed = s.short(stale.Feed)
		return stale
	}
	if o.JSON && (err == nil || len(res.Sent) > 0) {
		if jerr := writeJSON(s.Out, struct {
			Version int  `json:"version"` // of this document's shape
			DryRun  bool `json:"dry_run"`
			*upload.Result
		}{1, o.DryRun, res}); err == nil {
			err = jerr
		}
	}
	if err != nil {
		return err
	}
	if !o.JSON && !o.Quiet {
		io.WriteString(s.Out, uploadTotal(res, o.DryRun))
	}
	return nil
}

func uploadTotal(res *upload.Result, dry bool) string {
	verb, removed := "sent", "removed"
	if dry {
		verb, removed = "to send", "to be removed"
	}
	out := fmt.Sprintf("%s %s (%s), %d there as they are\n", count(len(res.Sent), "file"), verb, size(res.Bytes), res.Same)
	for _, of := range []struct {
		files int
		what  string
	}{
		{len(res.Stale) - res.Withdrawn, "that no manifest names any more"},
		{res.Withdrawn, "of withdrawn episodes"},
	} {
		switch {
		case of.files > 0 && res.Removed:
			out += fmt.Sprintf("%s %s %s\n", count(of.files, "file"), of.what, removed)
		case of.files > 0:
			out += fmt.Sprintf("%s there %s: --prune removes them\n", count(of.files, "file"), of.what)
		}
	}
	return out
}
