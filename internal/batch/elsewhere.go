package batch

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// A post that is being made when another run lists it is not made a second time:
// both runs wait for its one job. It is counted, and paid for, by the run that had
// it first, until that has ended; who reads the reports of all can add them up.

// takeOn makes jobs a run's own, but for those that another run has. The episodes
// are locked since their jobs were looked up: of two runs that find the same job
// left behind, one gets it.
func (b *Batch) takeOn(ctx context.Context, tx *sql.Tx, r *run, inserted []queue.Inserted) error {
	known := make(map[int64]bool, len(r.Jobs))
	for _, id := range r.Jobs {
		known[id] = true
	}
	var has map[int64]string
	r.Jobs, r.Elsewhere = slices.Clone(r.Jobs), maps.Clone(r.Elsewhere)
	for _, in := range inserted {
		if known[in.ID] {
			continue
		}
		if in.Outcome == queue.Duplicate && has == nil {
			var err error
			if has, err = b.holders(ctx, tx, r.ID); err != nil {
				return err
			}
		}
		if other := has[in.ID]; other != "" {
			r.wait(in.ID, other)
			continue
		}
		delete(r.Elsewhere, in.ID)
		r.Jobs = append(r.Jobs, in.ID)
	}
	return nil
}

// wait has a run wait for a job of another one.
func (r *run) wait(job int64, other string) {
	if r.Elsewhere == nil {
		r.Elsewhere = map[int64]string{}
	}
	r.Elsewhere[job] = other
}

// holders are the runs that have not ended, by their jobs, but for one.
func (b *Batch) holders(ctx context.Context, tx *sql.Tx, but string) (map[int64]string, error) {
	read := b.queue.Records
	if tx != nil {
		read = func(ctx context.Context, kind string) ([]queue.Record, error) {
			return b.queue.RecordsTx(ctx, tx, kind)
		}
	}
	recs, err := read(ctx, kindRun)
	out := map[int64]string{}
	for _, r := range runsOf(recs) {
		if r.Ended || r.ID == but {
			continue
		}
		for _, id := range r.Jobs {
			out[id] = r.ID
		}
	}
	return out, err
}

// jobs are all that a run waits for, in order.
func (r *run) jobs() []int64 {
	return slices.Sorted(func(yield func(int64) bool) {
		for _, id := range r.Jobs {
			if !yield(id) {
				return
			}
		}
		for id := range r.Elsewhere {
			if !yield(id) {
				return
			}
		}
	})
}

// elsewhere is what a run says of a post that another one counts.
func (o *Outcome) elsewhere(run string) *Outcome {
	return &Outcome{
		Job: o.Job, Run: run, Episode: o.Episode, Revision: o.Revision, Title: o.Title, Location: o.Location, Source: o.Source,
		State: StateElsewhere, Dirs: o.Dirs, Reason: fmt.Sprintf("%s in run %s, which counts it", o.State, run),
	}
}
