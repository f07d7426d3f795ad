package batch

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// What waits for an endpoint, for the next day or for money is no reason to keep
// from the feed what the same run has made, nor to leave out the next time of its
// schedule. So a server ends a run when nothing of it has been under way for a
// while, and leaves its jobs that wait to a run of their own, with a feed and a
// report of its own.

// waits are since when the jobs of a run have been seen waiting.
type waits map[int64]time.Time

// rest are the jobs that a run may leave behind; nil where there are none, or where
// others are under way. It is told of the run every few seconds.
func (b *Batch) rest(ctx context.Context, r *run) ([]int64, error) {
	if !b.o.Stay || r.Attended != "" || !r.Listed {
		return nil, nil
	}
	b.mu.Lock()
	before := b.waits[r.ID]
	b.mu.Unlock()
	wanted := make(map[int64]bool, len(r.Jobs))
	for _, id := range r.Jobs {
		wanted[id] = true
	}
	now := b.o.Now()
	seen, busy := waits{}, false
	err := b.each(ctx, queue.Filter{Show: r.Show, Brief: true, States: []queue.State{queue.Running, queue.Ready, queue.Held, queue.Behind}}, func(e queue.Entry) bool {
		switch since, known := before[e.ID]; {
		case !wanted[e.ID]:
		case e.State == queue.Held, e.State == queue.Ready && e.Waits != "":
			if !known {
				since = now
			}
			seen[e.ID] = since
		case known && e.State == queue.Running && now.Sub(e.Started) < down:
			seen[e.ID] = since // it looks whether what it waits for is there
		default:
			busy = true
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.waits[r.ID] = seen
	b.mu.Unlock()
	if busy || len(seen) == 0 || r.Lister == 0 && len(seen) == len(r.Jobs) { // that one would only be begun anew
		return nil, nil
	}
	rest := make([]int64, 0, len(seen))
	for id, since := range seen {
		if now.Sub(since) < Patient {
			return nil, nil
		}
		rest = append(rest, id)
	}
	slices.Sort(rest)
	return rest, nil
}

// close writes down that a run has ended, where it still is as it was read, and with
// it the run of the jobs that it leaves behind. It says whether it did.
func (b *Batch) close(ctx context.Context, r *run, rest []int64) (done bool, err error) {
	defer func() {
		if done && err == nil {
			b.mu.Lock()
			delete(b.waits, r.ID)
			b.mu.Unlock()
		}
	}()
	if len(rest) == 0 {
		return b.swap(ctx, r)
	}
	next, err := b.heir(ctx, r, rest)
	if err != nil {
		return false, err
	}
	value, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	inherited, err := json.Marshal(next)
	if err != nil {
		return false, err
	}
	err = b.queue.Transact(ctx, func(tx *sql.Tx) error {
		if done, err = b.queue.SwapTx(ctx, tx, r.was, queue.Record{Kind: kindRun, Key: r.ID, Value: value}); err != nil || !done {
			return err
		}
		taken, err := b.queue.SwapTx(ctx, tx, next.was, queue.Record{Kind: kindRun, Key: next.ID, Value: inherited})
		if err == nil && !taken {
			err = fmt.Errorf("run %s is another one now, and cannot take over jobs", next.ID)
		}
		return err
	})
	return done && err == nil, err
}

// heir is the run that what a run leaves behind is from now on: one that an earlier
// run of the show has left behind, where nobody is about to end it, or a new one.
func (b *Batch) heir(ctx context.Context, r *run, rest []int64) (*run, error) {
	all, err := b.runs(ctx)
	if err != nil {
		return nil, err
	}
	for _, h := range all {
		if h.ID == r.ID || h.Show != r.Show || h.Ended || h.Lister != 0 || h.Ender != "" || h.Waits != nil {
			continue
		}
		h.Jobs = append(h.Jobs, rest...)
		slices.Sort(h.Jobs)
		h.Jobs = slices.Compact(h.Jobs)
		return h, nil
	}
	now := b.o.Now()
	return &run{ID: Wish{}.id(now), Show: r.Show, Asked: now.UTC(), Listed: true, Jobs: rest}, nil
}
