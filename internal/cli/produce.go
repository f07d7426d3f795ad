package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline"
)

// produceOptions are the flags and arguments of produce.
type produceOptions struct {
	*globals
	Inputs  []string
	Out     string
	Title   string
	Type    string
	DryRun  bool
	Fresh   bool
	Sample  time.Duration
	Chapter int // 0 is all
	Offline bool
	MaxCost float64
	limit   *float64 // MaxCost, where it was given
}

func newProduce(g *globals, s Streams) *cobra.Command {
	o := produceOptions{globals: g}
	c := &cobra.Command{
		Use:   "produce INPUT…",
		Short: "Make episodes of texts",
		Long: `produce makes an episode of each input: a file (Markdown, HTML, plain text, an
EPUB), the address of a page (https://…), a pattern such as 'posts/**/*.md', a plan that
` + "`narrapress plan -o`" + ` wrote, or - for standard input. A file has the show whose file
stands beside it or above it; pages and standard input, the working folder's.

Segments that were spoken before come from the store and cost nothing. An
episode whose text, configuration and tracks are as they were is left alone.
Several inputs are made one after the other; one that fails leaves the others
alone. With output.split: chapter in the show's file a book, or a long text, is
made into an episode a chapter in the same way.

With --offline no endpoint is asked for anything. An input can then be the folder
of an episode, or one that holds such folders: they are made again as they were
spoken, from stored takes, with the tracks, levels, format and tags that the
show's file has now, several at a time. A take that is missing is an error.`,
		Example: `  narrapress produce post.md
  narrapress produce 'posts/**/*.md' --out episodes
  narrapress produce post.md --dry-run
  narrapress produce post.md --sample 60s
  narrapress produce https://example.com/a-post
  narrapress produce plan.yaml
  narrapress produce book.epub --chapter 3
  narrapress produce out/my-post --offline
  narrapress produce out --offline --dry-run
  pandoc talk.docx -t markdown | narrapress produce - --title "The Talk"`,
		Args: between(1, -1, "an INPUT"),
		RunE: func(c *cobra.Command, args []string) error {
			o.Inputs = args
			if c.Flags().Changed("max-cost") {
				o.limit = &o.MaxCost
			}
			return runProduce(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Out, "out", "", "`DIR` that the episodes' folders are made in")
	f.StringVar(&o.Title, "title", "", "title of the episode; wins over the text's own")
	f.StringVar(&o.Type, "type", "", typeUsage)
	f.BoolVar(&o.DryRun, "dry-run", false, "say what would be made and what it would cost, and ask nothing of any endpoint")
	f.DurationVar(&o.Sample, "sample", 0, "make only about the first so much, as a sample beside the episode")
	f.IntVar(&o.Chapter, "chapter", 0, chapterUsage)
	f.BoolVar(&o.Fresh, "fresh", false, "measure levels anew instead of keeping the last build's")
	f.BoolVar(&o.Offline, "offline", false, "use stored takes only; an INPUT can be an episode's folder, to be made again")
	f.Float64Var(&o.MaxCost, "max-cost", 0, "hold an episode that would cost more than `N`, in the endpoints' currency")
	return c
}

func (o *produceOptions) validate() error {
	switch {
	case o.Title != "" && len(o.Inputs) > 1:
		return misuse("--title is for one input, but there are %d", len(o.Inputs))
	case o.Chapter < 0:
		return misuse("--chapter counts from 1, not %d", o.Chapter)
	case o.Chapter > 0 && len(o.Inputs) > 1:
		return misuse("--chapter is for one input, but there are %d", len(o.Inputs))
	case o.Sample < 0:
		return misuse("--sample is a length such as 60s, not %s", o.Sample)
	case o.MaxCost < 0, math.IsNaN(o.MaxCost), math.IsInf(o.MaxCost, 0):
		return misuse("--max-cost is an amount such as 2.50, not %g", o.MaxCost)
	}
	return validType(o.Type)
}

// runProduce makes an episode of each input, one after the other, each apart
// from the others.
func runProduce(ctx context.Context, o produceOptions, s Streams) error {
	episodes, err := o.folders()
	if err != nil {
		return err
	}
	sources, err := expand(o.Inputs)
	if err != nil {
		return err
	}
	o.Inputs = sources
	if err := o.validate(); err != nil {
		return err
	}
	b := newBatch(o, s)
	b.report.Totals.Sources += len(episodes)
	for i, source := range sources {
		if ctx.Err() != nil {
			b.report.Totals.Left += len(sources) - i
			b.report.Interrupted = true
			break
		}
		b.source(ctx, source)
	}
	if len(episodes) > 0 {
		b.restitch(ctx, episodes)
	}
	return b.end()
}

// batch is a run of produce under way.
type batch struct {
	opts    produceOptions
	streams Streams
	shows   *shows
	display display
	began   time.Time
	report  runReport
	sources map[string]string // output folder and episode ID → the source that has it
	faults  map[string]bool   // configuration faults already shown
	begun   int               // episodes
}

func newBatch(o produceOptions, s Streams) *batch {
	b := &batch{
		opts: o, streams: s, began: time.Now(),
		report:  runReport{Version: 1, Results: []outcome{}},
		sources: map[string]string{}, faults: map[string]bool{},
	}
	b.report.Totals.Sources = len(o.Inputs)
	b.display = newDisplay(s, o.globals)
	b.shows = newShows(o.globals, s, o.Out, func(e pipeline.Event) { b.display.observe(e) })
	return b
}

// many says that the run makes more than one episode.
func (b *batch) many() bool { return b.report.Totals.Sources > 1 }

// source makes the episode of a source, or those of its chapters.
func (b *batch) source(ctx context.Context, source string) {
	began := time.Now()
	sh := b.shows.of(ctx, source)
	orders, err := b.orders(ctx, sh, source)
	if err != nil {
		b.begun++
		b.done(ctx, outcome{Source: source}, began, err)
		return
	}
	b.report.Totals.Sources += len(orders) - 1
	for i, order := range orders {
		if ctx.Err() != nil {
			b.report.Totals.Left += len(orders) - i
			b.report.Interrupted = true
			return
		}
		began := time.Now()
		out := outcome{Source: order().Name()}
		b.begun++
		err := b.make(ctx, sh, order, &out)
		b.done(ctx, out, began, err)
	}
}

// done says what became of an episode, or why there is none.
func (b *batch) done(ctx context.Context, out outcome, began time.Time, err error) {
	b.judge(ctx, &out, began, err)
	b.report.add(out)
	b.tell(out)
}

// judge completes an outcome.
func (b *batch) judge(ctx context.Context, out *outcome, began time.Time, err error) {
	out.Seconds = time.Since(began).Seconds()
	if errors.Is(err, pipeline.ErrDraft) {
		out.Status, err = statusDraft, nil
	}
	if held, ok := errors.AsType[*pipeline.HeldError](err); ok {
		shown := *held
		shown.Dir = b.streams.short(held.Dir)
		err = &shown
	}
	if err != nil {
		out.err = err
		out.Error = explain(ctx, out.Source, err)
		out.Status = statusFailed
		if isHeld(err) {
			out.Status = statusHeld
		}
	}
}

func (b *batch) make(ctx context.Context, sh *show, order func() pipeline.Order, out *outcome) error {
	out.Engine, out.Priced = sh.press.Engine(), sh.priced
	b.display.begin(out.Source, b.begun, b.report.Totals.Sources)
	defer b.display.end()
	if b.opts.DryRun || b.many() {
		plan, err := sh.press.Plan(ctx, order())
		if err != nil {
			return err
		}
		place := sh.cfg.Output.Dir + "\x00" + plan.Script.ID // each show has its own
		if first, ok := b.sources[place]; ok {
			return fmt.Errorf("it is the same episode (%s) as %s in this run: give one of them another id in its front matter",
				plan.Script.ID, first)
		}
		b.sources[place] = out.Source
		if plan.Draft && b.opts.Sample == 0 {
			return pipeline.ErrDraft
		}
		if b.opts.DryRun {
			out.planned(plan)
			return nil
		}
	}
	if err := occupied(sh.cfg); err != nil {
		return err
	}
	result, err := sh.press.Produce(ctx, order())
	out.produced(result)
	return err
}

// orders make the orders of a source's episodes, of each as often as it is
// asked for: standard input can be read only once, but is planned and then
// produced.
func (b *batch) orders(ctx context.Context, sh *show, source string) ([]func() pipeline.Order, error) {
	if sh.err != nil {
		return nil, sh.err
	}
	order, err := b.order(ctx, source)
	if err != nil {
		return nil, err
	}
	divided, err := sh.press.Divide(ctx, order())
	if err != nil {
		return nil, err
	}
	if b.opts.Chapter > 0 {
		one, err := chapterOf(divided, b.opts.Chapter, source)
		if err != nil {
			return nil, err
		}
		divided = []pipeline.Order{one}
	}
	if len(divided) == 1 && b.opts.Chapter == 0 {
		return []func() pipeline.Order{order}, nil
	}
	orders := make([]func() pipeline.Order, len(divided))
	for i, o := range divided {
		orders[i] = func() pipeline.Order { return o } // it was read
	}
	return orders, nil
}

func (b *batch) order(ctx context.Context, source string) (func() pipeline.Order, error) {
	o := pipeline.Order{
		Source: source, Title: b.opts.Title, Type: b.opts.Type, Fresh: b.opts.Fresh,
		Sample: b.opts.Sample, MaxCost: b.opts.limit, Offline: b.opts.Offline,
	}
	if source != stdin {
		return func() pipeline.Order { return o }, nil
	}
	text, err := readStdin(ctx, b.streams.In)
	if err != nil {
		return nil, err
	}
	return func() pipeline.Order {
		o.Reader = bytes.NewReader(text)
		return o
	}, nil
}

func (o *outcome) planned(p *pipeline.Plan) {
	o.Status = statusPlanned
	o.Plan = &planTotals{Totals: p.Totals, Length: p.Length.Seconds()}
	for _, f := range p.Findings {
		o.Findings = append(o.Findings, f.String())
	}
}

// produced takes over what a result says; on an error, too, it says what was
// made and spent.
func (o *outcome) produced(r *pipeline.Result) {
	if r == nil {
		return
	}
	o.Status = statusMade
	if r.Unchanged {
		o.Status = statusUnchanged
	}
	o.Dir, o.Files, o.Findings, o.Kept, o.Changes = r.Dir, r.Files, r.Findings, r.Kept, r.Changes
	o.Made, o.Reused, o.Characters, o.Cost, o.Currency = r.Made, r.Reused, r.Sent, r.Cost, r.Currency
	o.Endpoints, o.Gate = r.Bills, r.Gate
	if r.Episode.ID != "" {
		o.Episode = &r.Episode
	}
}
