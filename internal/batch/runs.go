package batch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// How often runs are looked at.
const (
	glance  = 300 * time.Millisecond // while a person waits for one
	look    = 2 * time.Second        // in a server
	Patient = 2 * time.Minute        // what waits for longer is not waited for by a person
)

// WorkOptions say how a process makes episodes.
type WorkOptions = queue.WorkOptions

// Work makes episodes until ctx ends; then those under way end within the grace,
// or are handed back.
func (b *Batch) Work(ctx context.Context, o WorkOptions) error {
	return b.queue.Work(ctx, o, b.Handle)
}

// Run carries out a run, and returns when it has ended: when all that is left of
// it waits for longer than Patient. Whatever else waits in the queue is carried
// out beside it. Where ctx ends before, what is under way is handed back to the
// queue, and the next run goes on with it.
func (b *Batch) Run(ctx context.Context, w Wish, o WorkOptions) (*Report, error) {
	id, err := b.Begin(ctx, w)
	if err != nil {
		return nil, err
	}
	working, stop := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() { worked <- b.Work(working, o) }()
	defer stop()
	for {
		select {
		case err := <-worked:
			return nil, errors.Join(ctx.Err(), err)
		case <-time.After(glance):
		}
		rep, err := b.end(ctx, id, Patient)
		if err != nil && ctx.Err() == nil {
			stop()
			return nil, errors.Join(err, <-worked)
		}
		if rep != nil {
			stop()
			return rep, errors.Join(b.endAll(context.WithoutCancel(ctx), Patient), <-worked)
		}
	}
}

// RunState is a run as it stands.
type RunState struct {
	ID, Show, Schedule string
	Asked              time.Time
	Listed, Ended      bool
	Waits              bool    // for the run before it
	Jobs               int     // that were ordered
	Totals             *Totals // of one that has ended
}

// Runs are the runs that are known, the latest first.
func (b *Batch) Runs(ctx context.Context) ([]RunState, error) {
	all, err := b.runs(ctx)
	out := make([]RunState, 0, len(all))
	for _, r := range all {
		out = append(out, RunState{
			ID: r.ID, Show: r.Show, Schedule: r.Schedule, Asked: r.Asked, Listed: r.Listed, Ended: r.Ended, Waits: r.Waits != nil, Jobs: len(r.Jobs), Totals: r.Totals,
		})
	}
	slices.SortStableFunc(out, func(a, b RunState) int { return b.Asked.Compare(a.Asked) })
	return out, err
}

func (b *Batch) runs(ctx context.Context) ([]*run, error) {
	recs, err := b.queue.Records(ctx, kindRun)
	var out []*run
	for _, rec := range recs {
		r := &run{}
		if json.Unmarshal(rec.Value, r) == nil {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *run) int { return cmp.Or(a.Asked.Compare(b.Asked), cmp.Compare(a.ID, b.ID)) })
	return out, err
}

// kept is how many runs that have ended are remembered, of all shows: their
// reports stay in their folders.
const kept = 500

// endAll ends the runs that are settled, and begins those that waited for them.
func (b *Batch) endAll(ctx context.Context, patience time.Duration) error {
	all, err := b.runs(ctx)
	if err != nil {
		return err
	}
	var errs []error
	going := map[string]bool{} // show and schedule
	for _, r := range all {
		if r.Ended {
			continue
		}
		key := r.Show + "\x00" + r.Schedule
		if r.Waits != nil {
			if !going[key] {
				errs = append(errs, b.queue.Transact(ctx, func(tx *sql.Tx) error { return b.list(ctx, tx, r, *r.Waits) }))
			}
			going[key] = true
			continue
		}
		rep, err := b.end(ctx, r.ID, patience)
		errs = append(errs, err)
		going[key] = going[key] || rep == nil
	}
	for i, over := 0, len(all)-kept; i < over; i++ {
		if all[i].Ended {
			errs = append(errs, b.queue.Remove(ctx, kindRun, all[i].ID))
		}
	}
	return errors.Join(errs...)
}

// RetryAll sends a show's jobs that were set aside on their way again: how many.
func (b *Batch) RetryAll(ctx context.Context, show string) (int, error) {
	aside, err := b.aside(ctx, show)
	n := 0
	for _, e := range aside {
		switch err := b.queue.Retry(ctx, e.ID); {
		case errors.Is(err, queue.ErrState), errors.Is(err, queue.ErrNotFound): // it is on its way by now
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, err
}
