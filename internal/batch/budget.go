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

// budget is what a run has spent, what is reserved for the jobs under way, and what
// they came to so far.
type budget struct {
	Spent float64            `json:"spent"`
	Held  map[string]float64 `json:"held,omitempty"` // by job
	Tabs  map[string]tabs    `json:"tabs,omitempty"` // by job
}

// tabs are what the chapters of a job came to, by their numbers; most jobs have one.
type tabs map[int]tab

// tab is what the outcome of a job's last attempt does not say.
type tab struct {
	Before tally  `json:"before"`          // of attempts that came to nothing, and of a chapter that is not the last
	Begun  *tally `json:"begun,omitempty"` // what the attempt under way was to ask for at its beginning
}

// before is what all of them came to.
func (t tabs) before() (sum tally) {
	for _, c := range t {
		sum = sum.plus(c.Before)
	}
	return sum
}

// tally is what was asked for.
type tally struct {
	Made   int     `json:"made"`
	Reused int     `json:"reused"` // less than none where a later attempt reuses what this one has made
	Sent   int     `json:"characters"`
	Cost   float64 `json:"cost"`
}

func (t tally) plus(o tally) tally {
	return tally{t.Made + o.Made, t.Reused + o.Reused, t.Sent + o.Sent, t.Cost + o.Cost}
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

// intend books what an order will ask for. Where the attempt before died with its
// process, it said so, too, and nothing since: what is not to be asked for again of
// it was answered.
func (b *Batch) intend(ctx context.Context, j *queue.Job, p payload, nth int, t pipeline.Totals) error {
	if t.New == 0 {
		u, _, err := b.budget(ctx, p.purse())
		if u == nil || u.Tabs[jobKey(j)][nth].Begun == nil {
			return err
		}
	}
	return b.draw(ctx, p.purse(), func(u *budget) error {
		now := tally{Made: t.New, Sent: t.Characters, Cost: t.Cost}
		u.tab(jobKey(j), nth, func(c *tab) {
			if died := c.Begun; died != nil {
				made := max(0, died.Made-now.Made)
				c.Before = c.Before.plus(tally{made, -made, max(0, died.Sent-now.Sent), max(0, died.Cost-now.Cost)})
			}
			c.Begun = &now
		})
		return nil
	})
}

// tab changes what a chapter of a job came to.
func (u *budget) tab(job string, nth int, change func(*tab)) {
	c := u.Tabs[job][nth]
	if change(&c); u.Tabs[job] == nil && c != (tab{}) {
		u.Tabs[job] = tabs{}
	}
	if c == (tab{}) {
		delete(u.Tabs[job], nth)
		return
	}
	u.Tabs[job][nth] = c
}

// settle ends an order: what it has cost is booked, and put back what was reserved
// beside. What an outcome will say of it is not booked to its job.
func (b *Batch) settle(ctx context.Context, j *queue.Job, p payload, c chapter, begun bool, res *pipeline.Result, failed bool) {
	t := tally{res.Made, res.Reused, res.Sent, res.Cost}
	switch {
	case failed:
		t.Reused = -t.Made
	case c.last:
		t = tally{}
	}
	if p.MaxCost <= 0 && !begun && t == (tally{}) {
		return
	}
	err := b.draw(context.WithoutCancel(ctx), p.purse(), func(u *budget) error {
		delete(u.Held, jobKey(j))
		u.Spent += res.Cost
		u.tab(jobKey(j), c.nth, func(tab *tab) {
			if tab.Begun = nil; !res.Unchanged || tab.Before == (tally{}) { // else an attempt before has made it
				tab.Before = tab.Before.plus(t)
			}
		})
		return nil
	})
	if err != nil {
		b.o.Log.WarnContext(ctx, "what an episode cost is not booked", "run", p.Run, "job", j.ID, "cost", res.Cost, "error", err)
	}
}

// clear forgets what jobs came to: it is in the report of a run that has ended, and
// not to be in that of another which goes on with them.
func (b *Batch) clear(ctx context.Context, run string, jobs []string) error {
	return b.draw(ctx, run, func(u *budget) error {
		for _, job := range jobs {
			delete(u.Tabs, job)
		}
		return nil
	})
}

func jobKey(j *queue.Job) string { return strconv.FormatInt(j.ID, 10) }

// budget is what a run has spent, and the record that says so; nil where there
// is none.
func (b *Batch) budget(ctx context.Context, run string) (*budget, json.RawMessage, error) {
	u := &budget{Held: map[string]float64{}, Tabs: map[string]tabs{}}
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
