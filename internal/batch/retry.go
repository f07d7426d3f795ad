package batch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// Retry sends jobs on their way again that were set aside or cancelled, or that
// wait: all of them or none. Those whose run has ended get one of their own, so that
// what comes after a run comes after them, too; they spend what is left of the budget
// of the one before.
func (b *Batch) Retry(ctx context.Context, ids ...int64) error {
	_, err := b.retry(ctx, ids, false)
	return err
}

// RetryAll sends a show's jobs that were set aside on their way again: how many.
func (b *Batch) RetryAll(ctx context.Context, show string) (int, error) {
	var ids []int64
	if err := b.each(ctx, dead(show), func(e queue.Entry) bool { ids = append(ids, e.ID); return true }); err != nil {
		return 0, err
	}
	n := 0
	for some := range slices.Chunk(ids, atOnce) {
		done, err := b.retry(ctx, some, true)
		n += done
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// retry says how many it sent on their way. Lenient leaves out those that are by now.
func (b *Batch) retry(ctx context.Context, ids []int64, lenient bool) (int, error) {
	var jobs []queue.Entry
	holders, err := b.holders(ctx, nil, "")
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		e, err := b.queue.Get(ctx, id)
		if err != nil {
			return 0, err
		}
		jobs = append(jobs, e)
	}
	// Episodes are locked in one order, as where they are inserted.
	slices.SortFunc(jobs, func(a, b queue.Entry) int {
		return cmp.Or(cmp.Compare(a.Show, b.Show), cmp.Compare(a.Episode, b.Episode))
	})
	n := 0
	err = b.queue.Transact(ctx, func(tx *sql.Tx) error {
		n = 0
		runs := map[string]*run{} // that begin, by show
		for _, e := range jobs {
			body := e.Payload
			p, ok := episodeOf(e)
			again := ok && holders[e.ID] == "" // its run has ended
			if again && runs[e.Show] == nil {
				now := b.o.Now()
				runs[e.Show] = &run{ID: Wish{}.id(now), Show: e.Show, Asked: now.UTC(), Listed: true}
			}
			if again {
				if p.MaxCost > 0 {
					p.Purse = p.purse()
				}
				p.Run = runs[e.Show].ID
				var err error
				if body, err = json.Marshal(p); err != nil {
					return err
				}
			}
			err := b.queue.RetryTx(ctx, tx, e.ID, body)
			if lenient && (errors.Is(err, queue.ErrState) || errors.Is(err, queue.ErrNotFound)) {
				continue
			}
			if err != nil {
				return err
			}
			n++
			if again {
				runs[e.Show].Jobs = append(runs[e.Show].Jobs, e.ID)
			}
		}
		for _, r := range runs {
			if len(r.Jobs) == 0 {
				continue
			}
			if err := b.put(ctx, tx, kindRun, r.ID, r); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// episodeOf is what a job that makes an episode is to do.
func episodeOf(e queue.Entry) (payload, bool) {
	var p payload
	return p, json.Unmarshal(e.Payload, &p) == nil && p.Item != nil
}
