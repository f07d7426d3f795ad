package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/pipeline"
)

// kindBudget are records of what a run has spent and reserved.
const kindBudget = "budget"

// reserve takes what an order will cost out of its run's budget, before it asks
// for anything. It may not cost more than that; settle puts back what it did not
// cost.
func (b *Batch) reserve(ctx context.Context, s *show, p payload, o *pipeline.Order) (settle func(cost float64), err error) {
	plan, err := s.press.Plan(ctx, *o)
	if err != nil {
		return nil, err
	}
	wants := plan.Totals.Cost
	if !plan.Totals.Priced {
		return nil, &pipeline.CostError{Limit: p.MaxCost, Currency: plan.Totals.Currency, Unpriced: plan.Totals.Unpriced, Setting: "max_cost of the run"}
	}
	err = b.draw(ctx, p.Run, func(spent float64) (float64, error) {
		if spent+wants > p.MaxCost {
			return 0, &pipeline.CostError{Cost: wants, Limit: p.MaxCost, Spent: spent, Currency: plan.Totals.Currency, Setting: "max_cost of the run"}
		}
		return spent + wants, nil
	})
	if err != nil {
		return nil, err
	}
	o.MaxCost = &wants
	return func(cost float64) {
		// A process that dies before leaves too much reserved, never too little.
		err := b.draw(context.WithoutCancel(ctx), p.Run, func(spent float64) (float64, error) { return spent - wants + cost, nil })
		if err != nil {
			b.o.Log.WarnContext(ctx, "the run's budget keeps what was reserved", "run", p.Run, "error", err)
		}
	}, nil
}

// spent books what a failed attempt cost: the rest of what was reserved for it
// is put back by its settle.
func (b *Batch) spent(ctx context.Context, s *show, p payload, r *pipeline.Result) {
	if p.MaxCost <= 0 || r == nil || r.Cost == 0 {
		return
	}
	err := b.draw(context.WithoutCancel(ctx), p.Run, func(spent float64) (float64, error) { return spent + r.Cost, nil })
	if err != nil {
		b.o.Log.WarnContext(ctx, "the run's budget does not know of a failed attempt", "show", s.name, "run", p.Run, "error", err)
	}
}

// draw changes what a run has spent.
func (b *Batch) draw(ctx context.Context, run string, change func(spent float64) (float64, error)) error {
	for {
		var (
			was   json.RawMessage
			spent float64
		)
		rec, err := b.queue.Record(ctx, kindBudget, run)
		switch {
		case err == nil:
			was = bytes.Clone(rec.Value)
			err = json.Unmarshal(was, &spent)
		case errors.Is(err, queue.ErrNotFound):
			err = nil
		}
		if err != nil {
			return err
		}
		if spent, err = change(spent); err != nil {
			return err
		}
		value, err := json.Marshal(spent)
		if err != nil {
			return err
		}
		if done, err := b.queue.Swap(ctx, was, queue.Record{Kind: kindBudget, Key: run, Value: value}); done || err != nil {
			return err
		}
	}
}
