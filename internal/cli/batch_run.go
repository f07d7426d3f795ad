package cli

import (
	"context"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	batches "github.com/narrapress/narrapress/internal/batch"
)

// batchRunOptions are the flags of batch run and batch rebuild.
type batchRunOptions struct {
	*globals
	Schedule string
	Out      string
	Jobs     int
	Limit    int
	MaxCost  float64
	DryRun   bool
	Rebuild  bool
}

func newBatchRun(g *globals, s Streams) *cobra.Command {
	o := batchRunOptions{globals: g}
	c := &cobra.Command{
		Use:   "run [SOURCE…]",
		Short: "Make episodes of all that is new or has changed, now, to the end",
		Long: `run looks through the sources of the show in the working folder (or of
--config), makes an episode of every post that is new or has changed, several at a
time, and reports. A SOURCE is the name of one of the show's, or a file, a pattern,
a folder or an address of a feed, a sitemap or a page.

A post that fails leaves the others alone; what cannot succeed is set aside with
its reason, and tried again when it changes or with 'narrapress batch retry'. A
run that is killed or interrupted is over; the next one makes what it left, from
what is stored, within its own bounds. The report stands in .runs in the output
folder, as JSON and as a text. Then the feed is written, where the show has
publish.base_url, and uploaded, where it has publish.to; and who is named under
notify hears of it.

The exit code is 3 where posts failed, wait or were held.`,
		Example: `  narrapress batch run
  narrapress batch run --schedule nightly
  narrapress batch run 'posts/**/*.md' --limit 10 --max-cost 5
  narrapress batch run https://example.com/feed.xml --json | jq .totals`,
		RunE: func(c *cobra.Command, args []string) error { return runBatch(c.Context(), o, s, args) },
	}
	o.flags(c)
	return c
}

func newBatchRebuild(g *globals, s Streams) *cobra.Command {
	o := batchRunOptions{globals: g, Rebuild: true}
	c := &cobra.Command{
		Use:   "rebuild [SOURCE…]",
		Short: "Make every episode again as the show's file is now, from stored takes",
		Long: `rebuild makes the episodes of all posts of the sources again after a change of
the show's file: a new theme, another loudness, an entry of the lexicon. What is
spoken as before comes from the store and costs nothing; episodes that would come
out the same are left alone.

What it will cost is said first. Where that is more than nothing, --max-cost must
allow it.`,
		Example: `  narrapress batch rebuild --dry-run
  narrapress batch rebuild --max-cost 2.50`,
		RunE: func(c *cobra.Command, args []string) error { return runBatch(c.Context(), o, s, args) },
	}
	o.flags(c)
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "only say what it would cost")
	return c
}

func (o *batchRunOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Schedule, "schedule", "", "sources and bounds of the schedule `NAME`")
	f.StringVar(&o.Out, "out", "", "`DIR` that the episodes' folders are made in")
	f.IntVar(&o.Jobs, "jobs", 0, "make `N` episodes at a time; else server.jobs, else two a core")
	f.IntVar(&o.Limit, "limit", 0, "make `N` episodes at most")
	f.Float64Var(&o.MaxCost, "max-cost", 0, "spend `N` at most, in the endpoints' currency")
}

func (o *batchRunOptions) validate() error {
	switch {
	case o.Jobs < 0:
		return misuse("--jobs is a number of episodes, not %d", o.Jobs)
	case o.Limit < 0:
		return misuse("--limit is a number of episodes, not %d", o.Limit)
	case o.MaxCost < 0, math.IsNaN(o.MaxCost), math.IsInf(o.MaxCost, 0):
		return misuse("--max-cost is an amount such as 2.50, not %g", o.MaxCost)
	}
	return nil
}

func runBatch(ctx context.Context, o batchRunOptions, s Streams, args []string) error {
	if err := o.validate(); err != nil {
		return err
	}
	shows := newShows(o.globals, s, o.Out, nil)
	cfg, err := shows.config(ctx, stdin)
	if err != nil {
		return err
	}
	sources, err := wanted(cfg, o.Schedule, args, s.Dir)
	if err != nil {
		return err
	}
	wish := batches.Wish{
		Show: batches.ShowName(cfg), Schedule: o.Schedule, Sources: sources, Limit: o.Limit, MaxCost: o.MaxCost, Rebuild: o.Rebuild,
	}
	if sc, ok := cfg.Schedules[o.Schedule]; ok {
		if o.Limit == 0 {
			wish.Limit = sc.Limit
		}
		if o.MaxCost == 0 {
			wish.MaxCost = sc.MaxCost
		}
	}
	if err := occupied(cfg); err != nil {
		return err
	}
	q, err := openQueue(ctx, cfg, o.globals, s, false)
	if err != nil {
		return err
	}
	defer q.Close()
	table := newTable(s, o.globals)
	then := &after{log: o.logger(s)}
	b := batches.New(q, batches.Options{
		Version: programVersion(), Log: o.logger(s), Observe: table.observe, Publish: then.publish, After: then.run, Shared: true,
	})
	defer b.Close()
	if err := b.Take(ctx, cfg); err != nil {
		return &showError{err}
	}
	if o.Rebuild {
		if stop, err := rebuildCost(ctx, b, o, s, cfg, sources); stop || err != nil {
			return err
		}
	}
	table.begin()
	// Without grace: after Ctrl-C a person waits, and every request more may cost money.
	rep, err := b.Run(ctx, wish, batches.WorkOptions{Jobs: jobsOf(o.Jobs, cfg)})
	table.end()
	if ctx.Err() != nil {
		if o.JSON && rep != nil {
			if err := writeJSON(s.Out, rep); err != nil {
				return err
			}
		}
		if !o.Quiet {
			fmt.Fprintln(s.Err, "What was recorded is kept; 'narrapress batch run' goes on from there.")
		}
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	if o.JSON {
		if err := writeJSON(s.Out, rep); err != nil {
			return err
		}
	} else if !o.Quiet || !rep.Totals.Complete() {
		rep.Text(s.Out)
	}
	if !rep.Totals.Complete() {
		return partly
	}
	return nil
}

// rebuildCost says what a rebuild will ask of endpoints, and stops where that is
// more than is allowed.
func rebuildCost(ctx context.Context, b *batches.Batch, o batchRunOptions, s Streams, cfg *config.Config, sources []config.Source) (stop bool, err error) {
	c, err := b.Cost(ctx, batches.ShowName(cfg), sources)
	if err != nil {
		return true, err
	}
	switch {
	case o.JSON && o.DryRun:
		return true, writeJSON(s.Out, c)
	case !o.Quiet:
		fmt.Fprintf(s.Err, "%s: %s to make again, %s to ask for, %s\n", cfg.Show.Title,
			count(c.Episodes, "episode"), count(c.Requests, "segment"), cost(c.Cost, c.Currency, c.Priced))
		for _, f := range c.Failed {
			fmt.Fprintln(s.Err, f)
		}
	}
	switch {
	case o.DryRun:
		return true, nil
	case c.Requests == 0 || c.Priced && c.Cost == 0 || o.MaxCost > 0:
		return false, nil
	}
	return true, misuse("this asks endpoints for speech: say how much it may cost with --max-cost")
}
