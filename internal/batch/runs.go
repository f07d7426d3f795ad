package batch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// How often runs are looked at.
const (
	glance  = 300 * time.Millisecond // while a person waits for one
	look    = 2 * time.Second        // in a server
	Patient = 2 * time.Minute        // what waits for longer is not waited for by a person

	farewell = 10 * time.Second // for the database to be told that a run is over
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
// out beside it. Where ctx ends before, what is left of the run is cancelled: the
// report says so, and is returned with ctx's error. Nobody goes on with it but the
// next run, within the bounds of that.
//
// A run whose process died is cancelled by the next one of its show.
func (b *Batch) Run(ctx context.Context, w Wish, o WorkOptions) (*Report, error) {
	if err := b.abandoned(ctx, w.Show); err != nil {
		return nil, err
	}
	w.attended = b.queue.Worker()
	id, err := b.Begin(ctx, w)
	if err != nil {
		return nil, err
	}
	working, stop := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() { worked <- b.Work(working, o) }()
	defer stop()
	var failing time.Time // since when the database does not answer, or cannot be written to
	for {
		select {
		case err := <-worked:
			if ctx.Err() == nil {
				return nil, err
			}
			rep, stopped := b.interrupted(id)
			return rep, errors.Join(ctx.Err(), err, stopped)
		case <-time.After(glance):
		}
		rep, err := b.end(ctx, id, Patient)
		if rep == nil {
			err = cmp.Or(b.queue.Unwritable(), err)
		}
		switch {
		case rep != nil:
			stop()
			return rep, errors.Join(err, b.endAll(context.WithoutCancel(ctx), Patient), <-worked)
		case err == nil, ctx.Err() != nil:
			failing = time.Time{}
		case errors.Is(err, queue.ErrFull), !failing.IsZero() && time.Since(failing) > Patient:
			stop()
			return nil, errors.Join(err, <-worked)
		case failing.IsZero():
			failing = time.Now()
		}
	}
}

// interrupted ends a run whose context has ended. A person waits: what comes after
// the run has its time, too, and what is not done by then is in the report.
func (b *Batch) interrupted(id string) (*Report, error) {
	stop, cancel := parting(context.Background())
	defer cancel()
	if err := b.Stop(stop, id); err != nil {
		return nil, err
	}
	end, cancel := parting(context.Background())
	defer cancel()
	return b.end(end, id, Patient)
}

// abandoned cancels the runs of a show whose processes, which a person began,
// are no longer there. What they were to make the next listing finds.
func (b *Batch) abandoned(ctx context.Context, show string) error {
	all, err := b.runs(ctx)
	if err != nil {
		return err
	}
	alive, err := b.queue.Workers(ctx)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Ended || r.Show != show || r.Attended == "" || slices.Contains(alive, r.Attended) {
			continue
		}
		b.o.Log.InfoContext(ctx, "a run whose process died is cancelled", "show", r.Show, "run", r.ID)
		if err := b.Stop(ctx, r.ID); err != nil {
			return err
		}
	}
	return nil
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
	return runsOf(recs), err
}

func runsOf(recs []queue.Record) []*run {
	var out []*run
	for _, rec := range recs {
		r := &run{was: rec.Value}
		if json.Unmarshal(rec.Value, r) == nil {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *run) int { return cmp.Or(a.Asked.Compare(b.Asked), cmp.Compare(a.ID, b.ID)) })
	return out
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
	for _, runs := range byShow(all) {
		b.endOf(ctx, runs, patience, func(_ *run, err error) { errs = append(errs, err) })
	}
	return errors.Join(append(errs, b.forget(ctx, all))...)
}

// endSoon is endAll that waits for nothing: what comes after the runs of a show,
// such as an upload, takes its time, and keeps no other from going on.
func (b *Batch) endSoon(ctx context.Context, ending *sync.WaitGroup) error {
	all, err := b.runs(ctx)
	if err != nil {
		return err
	}
	for name, runs := range byShow(all) {
		key := "show " + name
		if !b.alone(key) {
			continue
		}
		ending.Go(func() {
			defer b.left(key)
			b.endOf(ctx, runs, 0, func(r *run, err error) {
				if ctx.Err() == nil {
					b.o.Log.ErrorContext(ctx, "a run could not be ended; it is tried again", "show", r.Show, "run", r.ID, "error", err)
				}
			})
		})
	}
	return b.forget(ctx, all)
}

// byShow are the runs that have not ended.
func byShow(all []*run) map[string][]*run {
	out := map[string][]*run{}
	for _, r := range all {
		if !r.Ended {
			out[r.Show] = append(out[r.Show], r)
		}
	}
	return out
}

// endOf ends those runs of a show that are settled, one after the other: they
// write one feed. It tells of each that it could not end, and goes on.
func (b *Batch) endOf(ctx context.Context, runs []*run, patience time.Duration, failed func(*run, error)) {
	going := map[string]bool{} // by schedule
	for _, r := range runs {
		if r.Waits != nil {
			if !going[r.Schedule] {
				if err := b.wake(ctx, r); err != nil {
					failed(r, err)
				}
			}
			going[r.Schedule] = true
			continue
		}
		rep, err := b.end(ctx, r.ID, patience)
		if err != nil {
			failed(r, err)
		}
		going[r.Schedule] = going[r.Schedule] || rep == nil
	}
}

// forget removes the oldest runs that have ended.
func (b *Batch) forget(ctx context.Context, all []*run) error {
	var errs []error
	for i, over := 0, len(all)-kept; i < over; i++ {
		if all[i].Ended {
			errs = append(errs, b.queue.Remove(ctx, kindBudget, all[i].ID), b.queue.Remove(ctx, kindRun, all[i].ID))
		}
	}
	return errors.Join(errs...)
}
