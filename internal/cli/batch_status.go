package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	batches "github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// batchStatus is what batch status --json writes.
type batchStatus struct {
	Version     int                            `json:"version"` // of this document's shape
	Counts      map[string]map[queue.State]int `json:"jobs"`    // by show and state
	Jobs        []batchJob                     `json:"open"`    // that are under way, wait, or are set aside
	Runs        []batches.RunState             `json:"runs"`    // the latest first
	Paused      []queue.Pause                  `json:"paused"`
	Unpublished []batches.Unpublished          `json:"unpublished"` // shows whose feed or upload failed, is asked for, or is under way
	Workers     []queue.Worker                 `json:"workers"`
	Usage       []queue.Usage                  `json:"usage"`
}

// batchJob is a job for a person to see.
type batchJob struct {
	ID       int64       `json:"id"`
	Show     string      `json:"show"`
	Episode  string      `json:"episode"`
	State    queue.State `json:"state"`
	Attempts int         `json:"attempts"`
	Crashes  int         `json:"crashes,omitempty"`
	Worker   string      `json:"worker,omitempty"`
	Waits    string      `json:"waits,omitempty"` // for what; of one that is under way, what it does
	Due      time.Time   `json:"due,omitzero"`
	Error    string      `json:"error,omitempty"`
	Log      string      `json:"log,omitempty"`
}

// mostShown bounds what status lists of jobs and runs.
const mostShown = 200

func newBatchStatus(g *globals, s Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "status",
		Short: "Show runs and jobs: what is under way, what waits, what was set aside and why",
		Long: `status shows the latest runs, and the jobs that are under way, that wait, or that
were set aside, with their reasons. It looks on without disturbing who is at work.`,
		Example: `  narrapress batch status
  narrapress batch status --json | jq '.open[] | select(.state == "dead")'`,
		Args: between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return runBatchStatus(c.Context(), g, s) },
	}
	return c
}

func runBatchStatus(ctx context.Context, g *globals, s Streams) error {
	cfg, err := newShows(g, s, "", nil).config(ctx, stdin)
	if err != nil {
		return err
	}
	st := batchStatus{Version: 1, Jobs: []batchJob{}, Runs: []batches.RunState{}, Unpublished: []batches.Unpublished{}}
	q, err := openQueue(ctx, cfg, g, s, true)
	switch {
	case errors.Is(err, fs.ErrNotExist): // nothing was begun yet
	case err != nil:
		return err
	default:
		defer q.Close()
		if err := st.read(ctx, q); err != nil {
			return err
		}
	}
	if g.JSON {
		return writeJSON(s.Out, st)
	}
	st.text(s.Out)
	return nil
}

func (st *batchStatus) read(ctx context.Context, q *queue.Queue) error {
	status, err := q.Status(ctx)
	if err != nil {
		return err
	}
	st.Counts, st.Paused, st.Workers, st.Usage = status.Counts, status.Paused, status.Workers, status.Usage
	for _, states := range [][]queue.State{{queue.Running}, {queue.Dead}, {queue.Ready, queue.Held, queue.Behind}} {
		entries, err := q.List(ctx, queue.Filter{States: states, Limit: mostShown})
		if err != nil {
			return err
		}
		for _, e := range entries {
			j := batchJob{
				ID: e.ID, Show: e.Show, Episode: e.Episode, State: e.State, Attempts: e.Attempts, Crashes: e.Crashes, Worker: e.Worker,
				Waits: e.Waits, Error: e.Error, Log: e.Excerpt,
			}
			if e.State == queue.Ready {
				j.Due = e.Due
			}
			st.Jobs = append(st.Jobs, j)
		}
	}
	b := batches.New(q, batches.Options{})
	unpublished, err := b.Unpublished(ctx)
	if err != nil {
		return err
	}
	st.Unpublished = append(st.Unpublished, unpublished...)
	st.Runs, err = b.Runs(ctx)
	st.Runs = st.Runs[:min(len(st.Runs), mostShown)]
	return err
}

func (st *batchStatus) text(w io.Writer) {
	if len(st.Runs) == 0 && len(st.Jobs) == 0 {
		fmt.Fprintln(w, "No run was begun yet: narrapress batch run")
		return
	}
	for _, show := range slices.Sorted(maps.Keys(st.Counts)) {
		var parts []string
		for _, state := range []queue.State{queue.Running, queue.Ready, queue.Held, queue.Behind, queue.Dead, queue.Done} {
			if n := st.Counts[show][state]; n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", n, state))
			}
		}
		fmt.Fprintf(w, "%s: %s\n", show, strings.Join(parts, ", "))
	}
	for _, p := range st.Paused {
		fmt.Fprintf(w, "paused since %s: %s %s\n", p.Since.Format(time.DateTime), p.Show, oneLined(p.Reason))
	}
	for _, u := range st.Unpublished {
		what := "to be published"
		if u.By != "" {
			what = "being published"
		}
		fmt.Fprintf(w, "%s since %s: %s %s\n", what, u.Since.Format(time.DateTime), u.Show, oneLined(u.Error))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, r := range st.Runs {
		if i == 5 {
			break
		}
		state := "under way"
		switch {
		case r.Ended && r.Totals != nil:
			state = (&batches.Report{Totals: *r.Totals}).Headline()
		case r.Waits:
			state = "waits for the run before it"
		}
		fmt.Fprintf(t, "run %s\t%s\n", r.ID, state)
	}
	for _, j := range st.Jobs {
		text := j.Waits
		if j.State == queue.Dead {
			text = j.Error
		}
		fmt.Fprintf(t, "job %d\t%s\t%s\t%s\n", j.ID, j.State, oneLined(j.Episode), oneLined(text))
	}
	t.Flush()
}

// newBatchControl are the commands that change what becomes of jobs.
func newBatchControl(g *globals, s Streams) []*cobra.Command {
	with := func(do func(ctx context.Context, b *batches.Batch, q *queue.Queue, show string, args []string) error) func(*cobra.Command, []string) error {
		return func(c *cobra.Command, args []string) error {
			cfg, err := newShows(g, s, "", nil).config(c.Context(), stdin)
			if err != nil {
				return err
			}
			q, err := openQueue(c.Context(), cfg, g, s, false)
			if err != nil {
				return err
			}
			defer q.Close()
			return do(c.Context(), batches.New(q, batches.Options{Log: g.logger(s)}), q, batches.ShowName(cfg), args)
		}
	}
	var all bool
	retry := &cobra.Command{
		Use: "retry JOB…", Short: "Try jobs again that were set aside", Example: "  narrapress batch retry 12\n  narrapress batch retry --all",
		Long: "retry sends jobs that were set aside or cancelled, or that wait, on their way again. The next\nrun, or a server, makes them; they are a run of their own then, with a report.",
		RunE: with(func(ctx context.Context, b *batches.Batch, q *queue.Queue, show string, args []string) error {
			if all == (len(args) > 0) {
				return misuse("name jobs, as 'narrapress batch status' does, or --all")
			}
			if all {
				n, err := b.RetryAll(ctx, show)
				if err == nil && !g.Quiet {
					fmt.Fprintln(s.Err, count(n, "job"))
				}
				return err
			}
			var ids []int64
			if err := eachTarget(args, func(t batchTarget) error {
				ids = append(ids, t.job)
				e, err := q.Get(ctx, t.job)
				if err == nil && e.State != queue.Dead && e.State != queue.Cancelled && e.State != queue.Ready {
					err = queue.ErrState
				}
				return err
			}); err != nil {
				return err
			}
			return b.Retry(ctx, ids...)
		}),
	}
	retry.Flags().BoolVar(&all, "all", false, "all that were set aside")
	cancel := &cobra.Command{
		Use: "cancel JOB|RUN…", Short: "End jobs, or what is left of a run", Example: "  narrapress batch cancel 12\n  narrapress batch cancel 20261126T020000Z-nightly",
		Args: between(1, -1, "a JOB or a RUN"),
		RunE: with(func(ctx context.Context, b *batches.Batch, q *queue.Queue, _ string, args []string) error {
			return eachTarget(args, func(t batchTarget) error {
				if t.run != "" {
					return b.Stop(ctx, t.run)
				}
				return q.Cancel(ctx, t.job)
			})
		}),
	}
	var reason string
	pause := &cobra.Command{
		Use: "pause", Short: "Begin no more episodes of the show", Example: `  narrapress batch pause --reason "a new voice is being tried"`, Args: between(0, 0, ""),
		RunE: with(func(ctx context.Context, _ *batches.Batch, q *queue.Queue, show string, _ []string) error {
			return q.Pause(ctx, show, reason)
		}),
	}
	pause.Flags().StringVar(&reason, "reason", "", "why, for whoever asks")
	resume := &cobra.Command{
		Use: "resume", Short: "End a pause", Example: "  narrapress batch resume", Args: between(0, 0, ""),
		RunE: with(func(ctx context.Context, _ *batches.Batch, q *queue.Queue, show string, _ []string) error {
			return q.Resume(ctx, show)
		}),
	}
	return []*cobra.Command{retry, cancel, pause, resume}
}

// eachTarget does something to each job or run that a command line names.
func eachTarget(args []string, do func(batchTarget) error) error {
	for _, t := range targets(args) {
		name := t.run
		if name == "" {
			name = fmt.Sprintf("job %d", t.job)
		}
		switch err := do(t); {
		case errors.Is(err, queue.ErrNotFound):
			return misuse("there is no %s: 'narrapress batch status' lists jobs and runs", name)
		case errors.Is(err, queue.ErrState):
			return fmt.Errorf("%s: its state does not allow that: 'narrapress batch status' shows it", name)
		case err != nil:
			return err
		}
	}
	return nil
}
