package batch

import (
	"context"
	"errors"
	"fmt"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/pipeline"
)

// Cost is what making the posts of sources again comes to.
type Cost struct {
	Episodes int      `json:"episodes"`
	Requests int      `json:"requests"` // segments that are not stored
	Cost     float64  `json:"cost"`
	Currency string   `json:"currency,omitempty"`
	Priced   bool     `json:"priced"`           // whether every endpoint has a price
	Failed   []string `json:"failed,omitempty"` // posts that cannot be planned, and why
}

// Cost plans an episode of every post of the sources, and asks no endpoint for
// anything.
func (b *Batch) Cost(ctx context.Context, name string, sources []config.Source) (*Cost, error) {
	s := b.show(name)
	if s == nil {
		return nil, fmt.Errorf("show %s: %w", name, queue.ErrNotFound)
	}
	found, err := s.lister.List(ctx, sources)
	if err != nil {
		return nil, err
	}
	c := &Cost{Priced: true}
	for _, it := range found.Items {
		if it.Draft {
			continue
		}
		if err := b.plan(ctx, s, it, c); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			c.Failed = append(c.Failed, err.Error())
		}
	}
	return c, nil
}

func (b *Batch) plan(ctx context.Context, s *show, it source.Item, c *Cost) error {
	order, err := s.lister.Order(ctx, it)
	if err != nil {
		return err
	}
	orders, err := s.press.Divide(ctx, order)
	if err != nil {
		return err
	}
	for _, o := range orders {
		plan, err := s.press.Plan(ctx, o)
		if errors.Is(err, pipeline.ErrDraft) || err == nil && plan.Draft {
			continue
		}
		if err != nil {
			return err
		}
		c.Episodes++
		c.Requests += plan.Totals.New
		c.Cost += plan.Totals.Cost
		c.Currency, c.Priced = plan.Totals.Currency, c.Priced && plan.Totals.Priced
	}
	return nil
}
