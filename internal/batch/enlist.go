package batch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
)

// Problem is a source or a post that was set aside before it became a job.
type Problem struct {
	Source    string        `json:"source"`
	Item      string        `json:"item,omitempty"`
	Reason    source.Reason `json:"reason"`
	Message   string        `json:"message"`
	Temporary bool          `json:"temporary"`
}

// enlist looks through the sources of a run and orders what is to be made.
func (b *Batch) enlist(ctx context.Context, s *show, j *queue.Job, p payload) error {
	j.Note("looks through sources")
	sources := make([]config.Source, len(p.List.Sources))
	for i, src := range p.List.Sources {
		sources[i] = config.Source(src.bare)
		sources[i].Dir = cmp.Or(src.Dir, s.cfg.Dir)
	}
	found, err := s.lister.List(ctx, sources)
	if err != nil {
		return err
	}
	if err := s.memory.Save(); err != nil {
		j.Log.WarnContext(ctx, "what was known of the sources is not kept; it costs time next time", "error", err)
	}
	made, findings, err := source.Episodes(s.cfg.Output.Dir)
	if err != nil {
		return err
	}
	known, err := b.Outcomes(ctx, s.name)
	if err != nil {
		return err
	}
	aside, err := b.asides(ctx, s.name)
	if err != nil {
		return err
	}
	r, err := b.run(ctx, p.Run)
	if err != nil {
		return err
	}
	l := &listed{run: r, orders: []queue.Order{}}
	r.again()
	r.Findings = slices.Concat(found.Findings, findings)
	for _, problem := range found.Problems {
		r.Problems = append(r.Problems, Problem{
			Source: problem.Source, Item: problem.Item, Reason: problem.Reason, Message: problem.Err.Error(), Temporary: problem.Temporary(),
		})
	}
	for _, c := range s.lister.Compare(sources, found, made) {
		if err := b.weigh(s, p, c, known[c.Item.ID], aside[c.Item.ID], l); err != nil {
			return queue.Permanent(err)
		}
	}
	return b.enter(ctx, j, l)
}

// listed is what a listing comes to.
type listed struct {
	run    *run
	orders []queue.Order
}

// again forgets what a listing found that did not come to its end. What it has
// ordered stays the run's.
func (r *run) again() {
	r.Unchanged, r.Drafts, r.Over, r.Withdrawn, r.Problems = 0, 0, 0, nil, nil
}

// weigh decides what is to be made of a post.
func (b *Batch) weigh(s *show, p payload, c source.Compared, last *Outcome, aside *aside, l *listed) error {
	it, r := c.Item, l.run
	switch {
	case c.State == source.IsWithdrawn:
		r.Withdrawn = append(r.Withdrawn, it.ID)
		return nil
	case it.Draft:
		r.Drafts++
		return nil
	case aside != nil && aside.Revision == it.Hash && !p.List.Rebuild:
		r.Problems = append(r.Problems, Problem{
			Source: it.Source, Item: it.Location, Reason: aside.reason(),
			Message: fmt.Sprintf("an earlier run set it aside, and it has not changed since: %s (narrapress batch retry %d)", aside.Message, aside.Job),
		})
		return nil
	case c.State == source.IsUnchanged && !p.List.Rebuild && !changed(it, last):
		r.Unchanged++
		return nil
	case p.List.Limit > 0 && len(l.orders) == p.List.Limit:
		r.Over++
		return nil
	}
	order, err := b.order(s, p, it)
	l.orders = append(l.orders, order)
	return err
}

// atOnce is how many orders are entered in one transaction. Each episode is
// locked until its end, and a PostgreSQL as it is installed has room for some
// 6,000 locks; with SQLite nobody else writes meanwhile.
const atOnce = 250

// enter orders what was listed, and ends the job with the last of it. The run
// knows at each time what was ordered.
func (b *Batch) enter(ctx context.Context, j *queue.Job, l *listed) error {
	for {
		n := min(atOnce, len(l.orders))
		write := func(tx *sql.Tx) error {
			jobs := slices.Clone(l.run.Jobs)
			inserted, err := b.queue.InsertTx(ctx, tx, l.orders[:n]...)
			if err != nil {
				return err
			}
			known := make(map[int64]bool, len(jobs))
			for _, id := range jobs {
				known[id] = true
			}
			for _, in := range inserted {
				if !known[in.ID] {
					jobs = append(jobs, in.ID)
				}
			}
			r := *l.run
			r.Jobs = jobs
			if err := b.put(ctx, tx, kindRun, r.ID, r); err != nil {
				return err
			}
			l.run = &r
			return nil
		}
		if n == len(l.orders) {
			l.run.Listed = true
			return j.Finish(ctx, write)
		}
		if err := j.Guard(ctx, write); err != nil {
			return err
		}
		l.orders = l.orders[n:]
	}
}

// changed says whether a post that is not known by its bytes is another one than
// its episode was made of.
func changed(it source.Item, last *Outcome) bool {
	return !it.Exact && last != nil && last.Revision != it.Hash
}

func (b *Batch) order(s *show, p payload, it source.Item) (queue.Order, error) {
	revision := it.Hash
	if p.List.Rebuild {
		revision += " " + p.Run // the same post again
	}
	body, err := json.Marshal(payload{Run: p.Run, Item: &it, MaxCost: p.MaxCost})
	return queue.Order{Show: s.name, Episode: it.ID, Revision: revision, Payload: body}, err
}

// each calls f for the jobs of a filter, until it says no.
func (b *Batch) each(ctx context.Context, f queue.Filter, use func(queue.Entry) bool) error {
	for f.Limit = 20; ; f.Limit = 1000 { // most who look for one find it soon
		entries, err := b.queue.List(ctx, f)
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			if !use(e) {
				return nil
			}
		}
		f.After = entries[len(entries)-1].ID
	}
}
