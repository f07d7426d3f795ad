package batch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/calendar"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// Schedule begins the runs of the shows' schedules when they are due, ends them, and
// publishes again what could not be published, until ctx ends. Many processes may do
// so on one database: each slot is begun once.
func (b *Batch) Schedule(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	var ending sync.WaitGroup
	defer ending.Wait()
	for {
		if err := errors.Join(b.begun(ctx), b.endSoon(ctx, &ending), b.publishDue(ctx, &ending)); err != nil && ctx.Err() == nil {
			// The database may be away for a while; no slot is lost by it.
			b.o.Log.ErrorContext(ctx, "schedules could not be followed; they are looked at again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// begun begins the runs that are due now.
func (b *Batch) begun(ctx context.Context) error {
	var errs []error
	for _, cfg := range b.Shows() {
		for _, name := range slices.Sorted(maps.Keys(cfg.Schedules)) {
			if err := b.due(ctx, cfg, name); err != nil {
				errs = append(errs, fmt.Errorf("schedule %s: %w", name, err))
			}
		}
	}
	return errors.Join(errs...)
}

// due begins the runs of one schedule that are due.
func (b *Batch) due(ctx context.Context, cfg *config.Config, name string) error {
	s, err := calendar.New(name, cfg.Schedules[name])
	if err != nil {
		return err
	}
	key := ShowName(cfg) + "/" + name
	for {
		now := b.o.Now()
		last, err := b.queue.LastSlot(ctx, key, now)
		if err != nil {
			return err
		}
		due := s.Due(last, now)
		if due.Through.Time.IsZero() {
			return nil
		}
		if due.Missed > 0 {
			b.o.Log.WarnContext(ctx, "slots were missed and are given up", "show", ShowName(cfg), "schedule", name, "slots", due.Missed, "catch_up", cfg.Schedules[name].CatchUp)
		}
		for _, slot := range due.Run {
			if err := b.slot(ctx, cfg, s, key, slot, now.Sub(slot.Start) > calendar.Grace); err != nil {
				return err
			}
		}
		// What is given up is over, too.
		if _, err := b.queue.Slots(ctx, key, []queue.Slot{{At: due.Through.Time, Skipped: true}}, nil); err != nil {
			return err
		}
		if !due.More {
			return nil
		}
	}
}

// slot begins the run of a slot, as the schedule's overlap rule has it. One that
// was missed and is caught up with is never left out: it waits for the run that
// was going when everything went down, or for the other missed ones.
func (b *Batch) slot(ctx context.Context, cfg *config.Config, s *calendar.Schedule, key string, slot calendar.Slot, missed bool) error {
	show := ShowName(cfg)
	going, waiting, err := b.going(ctx, show, s.Name(), slot.Time)
	if err != nil {
		return err
	}
	decision := s.Overlap(len(going) > 0, waiting)
	all := cfg.Schedules[s.Name()].CatchUp == config.CatchUpAll
	if missed && (decision == calendar.Skip || all && decision == calendar.Replace) {
		decision = calendar.Wait
	}
	if decision == calendar.Replace {
		for _, r := range going {
			if err := b.Stop(ctx, r.ID); err != nil {
				return err
			}
		}
	}
	sc := cfg.Schedules[s.Name()]
	var id string
	_, err = b.queue.Slots(ctx, key, []queue.Slot{{At: slot.Time, Skipped: decision == calendar.Skip}}, func(tx *sql.Tx, _ queue.Slot) error {
		var err error
		id, err = b.begin(ctx, tx, Wish{
			Show: show, Schedule: s.Name(), Slot: slot.Time, Sources: cfg.SourcesOf(s.Name()), Limit: sc.Limit, MaxCost: sc.MaxCost,
			behind: decision == calendar.Wait,
		})
		return err
	})
	switch {
	case err != nil:
	case decision == calendar.Skip:
		b.o.Log.WarnContext(ctx, "a slot is left out: the run before it is still going", "show", show, "schedule", s.Name(), "slot", slot.Time)
	case id != "": // another scheduler may have been faster
		b.o.Log.InfoContext(ctx, "a run of a schedule begins", "show", show, "run", id, "schedule", s.Name(), "slot", slot.Time)
	}
	return err
}

// going are the runs of a schedule that are under way, of slots before a time:
// another scheduler may have begun that of the time itself by now.
func (b *Batch) going(ctx context.Context, show, schedule string, before time.Time) (going []*run, waiting bool, err error) {
	all, err := b.runs(ctx)
	for _, r := range all {
		if r.Ended || r.Show != show || r.Schedule != schedule || !r.Slot.Before(before) {
			continue
		}
		if r.Waits != nil {
			waiting = true
			continue
		}
		going = append(going, r)
	}
	return going, waiting, err
}

// Stop cancels what is left of a run. First who lists it: then nothing is added
// any more, and all its jobs are known.
func (b *Batch) Stop(ctx context.Context, id string) error {
	r, err := b.run(ctx, id)
	if err != nil {
		return err
	}
	if r.Waits != nil {
		done, err := b.drop(ctx, r)
		if done || err != nil {
			return err
		}
		if r, err = b.run(ctx, id); err != nil { // it has begun meanwhile
			return err
		}
	}
	if err := b.cancel(ctx, r.Lister); err != nil {
		return fmt.Errorf("stop run %s: %w", id, err)
	}
	if r, err = b.run(ctx, id); err != nil {
		return err
	}
	for _, job := range r.Jobs {
		if err := b.cancel(ctx, job); err != nil {
			return fmt.Errorf("stop run %s: %w", id, err)
		}
	}
	return nil
}

// cancel cancels a job, if it has not ended.
func (b *Batch) cancel(ctx context.Context, job int64) error {
	e, err := b.queue.Get(ctx, job)
	if err == nil && e.State != queue.Dead { // that one says why
		err = b.queue.Cancel(ctx, job)
	}
	if errors.Is(err, queue.ErrState) || errors.Is(err, queue.ErrNotFound) {
		return nil
	}
	return err
}

// drop ends a run that waits and has not begun.
func (b *Batch) drop(ctx context.Context, r *run) (bool, error) {
	over := *r
	over.Waits, over.Ended, over.Totals = nil, true, &Totals{States: map[State]int{}}
	return b.swap(ctx, &over)
}
