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
	aside, err := b.aside(ctx, s.name)
	if err != nil {
		return err
	}
	r, err := b.run(ctx, p.Run)
	if err != nil {
		return err
	}
	r.Listed = true
	r.Findings = slices.Concat(found.Findings, findings)
	for _, problem := range found.Problems {
		r.Problems = append(r.Problems, Problem{
			Source: problem.Source, Item: problem.Item, Reason: problem.Reason, Message: problem.Err.Error(), Temporary: problem.Temporary(),
		})
	}
	var orders []queue.Order
	for _, c := range s.lister.Compare(sources, found, made) {
		it := c.Item
		switch {
		case c.State == source.IsWithdrawn:
			r.Withdrawn = append(r.Withdrawn, it.ID)
			continue
		case it.Draft:
			r.Drafts++
			continue
		case c.State == source.IsUnchanged && !p.List.Rebuild && !changed(it, known[it.ID]):
			r.Unchanged++
			continue
		}
		if e, ok := aside[it.ID]; ok && e.Revision == it.Hash && !p.List.Rebuild {
			r.Problems = append(r.Problems, Problem{
				Source: it.Source, Item: it.Location, Reason: "set aside",
				Message: fmt.Sprintf("an earlier run set it aside, and it has not changed since: %s (narrapress batch retry %d)", e.Error, e.ID),
			})
			continue
		}
		if p.List.Limit > 0 && len(orders) == p.List.Limit {
			r.Over++
			continue
		}
		order, err := b.order(s, p, it)
		if err != nil {
			return queue.Permanent(err)
		}
		orders = append(orders, order)
	}
	return j.Finish(ctx, func(tx *sql.Tx) error {
		inserted, err := b.queue.InsertTx(ctx, tx, orders...)
		if err != nil {
			return err
		}
		for _, in := range inserted {
			r.Jobs = append(r.Jobs, in.ID)
		}
		return b.put(ctx, tx, kindRun, r.ID, r)
	})
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

// aside are the jobs of a show that are set aside, by episode.
func (b *Batch) aside(ctx context.Context, show string) (map[string]queue.Entry, error) {
	out := map[string]queue.Entry{}
	return out, b.each(ctx, queue.Filter{Show: show, States: []queue.State{queue.Dead}}, func(e queue.Entry) bool {
		out[e.Episode] = e
		return true
	})
}

// each calls f for the jobs of a filter, until it says no.
func (b *Batch) each(ctx context.Context, f queue.Filter, use func(queue.Entry) bool) error {
	f.Limit = 1000
	for {
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
