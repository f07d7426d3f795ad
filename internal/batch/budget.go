package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/pipeline"
)

// kindBudget are records of what runs have spent and reserved.
const kindBudget = "budget"

// budget is what a run has spent, and what is reserved for the jobs under way.
type budget struct {
	Spent  float64            `json:"spent"`
	Held   map[string]float64 `json:"held,omitempty"`   // by job
	Failed map[string]float64 `json:"failed,omitempty"` // of Spent: attempts that came to nothing, by job
}

// total is all that may be gone.
func (u *budget) total() float64 {
	sum := u.Spent
	for _, held := range u.Held {
		sum += held
	}
	return sum
}

// reserve takes what an order will cost out of its run's budget, before it asks
// for anything: it may not cost more than that.
//
// Where the attempt before died with its process, its reservation is there still.
// What is not to be asked for again of it was spent.
func (b *Batch) reserve(ctx context.Context, s *show, j *queue.Job, p payload, o *pipeline.Order) error {
	plan, err := s.press.Plan(ctx, *o)
	if err != nil {
		return err
	}
	const setting = "max_cost of the run"
	t := plan.Totals
	if !t.Priced {
		return &pipeline.CostError{Limit: p.MaxCost, Currency: t.Currency, Unpriced: t.Unpriced, Setting: setting}
	}
	err = b.draw(ctx, p.purse(), func(u *budget) error {
		key := jobKey(j)
		u.Spent += max(0, u.Held[key]-t.Cost)
		delete(u.Held, key)
		if spent := u.total(); spent+t.Cost > p.MaxCost {
			return &pipeline.CostError{Cost: t.Cost, Limit: p.MaxCost, Spent: spent, Currency: t.Currency, Setting: setting}
		}
		u.Held[key] = t.Cost
		return nil
	})
	if err == nil {
		o.MaxCost = &t.Cost
	}
	return err
}

// settle books what an order has cost, and puts back what was reserved beside.
// Without a bound of the run only failed attempts are booked: what the others
// cost is in the records of their episodes.
func (b *Batch) settle(ctx context.Context, j *queue.Job, p payload, cost float64, failed bool) {
	failed = failed && cost > 0
	if p.MaxCost <= 0 && !failed {
		return
	}
	err := b.draw(context.WithoutCancel(ctx), p.purse(), func(u *budget) error {
		delete(u.Held, jobKey(j))
		u.Spent += cost
		if failed {
			u.Failed[jobKey(j)] += cost
		}
		return nil
	})
	if err != nil {
		b.o.Log.WarnContext(ctx, "what an episode cost is not booked", "run", p.Run, "job", j.ID, "cost", cost, "error", err)
	}
}

// lose books, to an attempt that came to nothing, what those of its episodes cost
// that were made before: no record of them is written.
func (b *Batch) lose(ctx context.Context, j *queue.Job, p payload, cost float64) {
	if cost <= 0 {
		return
	}
	err := b.draw(context.WithoutCancel(ctx), p.purse(), func(u *budget) error {
		u.Failed[jobKey(j)] += cost
		if p.MaxCost <= 0 {
			u.Spent += cost // else it is there by now
		}
		return nil
	})
	if err != nil {
		b.o.Log.WarnContext(ctx, "what the chapters of a book cost is not booked", "run", p.Run, "job", j.ID, "cost", cost, "error", err)
	}
}

func jobKey(j *queue.Job) string { return strconv.FormatInt(j.ID, 10) }

// budget is what a run has spent, and the record that says so; nil where there
// is none.
func (b *Batch) budget(ctx context.Context, run string) (*budget, json.RawMessage, error) {
	u := &budget{Held: map[string]float64{}, Failed: map[string]float64{}}
	rec, err := b.queue.Record(ctx, kindBudget, run)
	if errors.Is(err, queue.ErrNotFound) {
		return u, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return u, bytes.Clone(rec.Value), json.Unmarshal(rec.Value, u)
}

// draw changes what a run has spent.
func (b *Batch) draw(ctx context.Context, run string, change func(*budget) error) error {
	for {
		u, was, err := b.budget(ctx, run)
		if err != nil {
			return err
		}
		if err := change(u); err != nil {
			return err
		}
		value, err := json.Marshal(u)
		if err != nil {
			return err
		}
		if done, err := b.queue.Swap(ctx, was, queue.Record{Kind: kindBudget, Key: run, Value: value}); done || err != nil {
			return err
		}
	}
}
