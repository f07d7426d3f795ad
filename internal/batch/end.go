package batch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// end ends a run that is settled: its report is made and told, once. It is nil
// where the run goes on, has not begun, or another process is about to end it.
func (b *Batch) end(ctx context.Context, id string, patience time.Duration) (*Report, error) {
	if !b.alone(id) {
		return nil, nil
	}
	defer b.left(id)
	r, err := b.run(ctx, id)
	if err != nil {
		return nil, err
	}
	s := b.show(r.Show)
	switch {
	case s == nil, r.Waits != nil:
		return nil, nil // who serves it will end it
	case r.Ended:
		return readReport(s.cfg, id)
	}
	var rest []int64
	ok, err := b.settled(ctx, r, patience)
	if err == nil && !ok {
		rest, err = b.rest(ctx, r)
	}
	if !ok && len(rest) == 0 || err != nil {
		return nil, err
	}
	if r, err = b.run(ctx, id); err != nil || r.Ended { // with all that was ordered until its listing ended
		return nil, err
	}
	if ours, err := b.claim(ctx, r); !ours || err != nil {
		return nil, err
	}
	rep, err := b.report(ctx, r)
	if err != nil {
		return nil, err
	}
	if done, err := b.follow(ctx, s, r, rep); !done || err != nil {
		return nil, err
	}
	if err := rep.write(s.cfg); err != nil {
		return nil, err
	}
	// The whole report is in its file.
	r.Ended, r.Ender, r.After, r.Jobs, r.Problems, r.Findings, r.Totals = true, "", nil, nil, nil, nil, &rep.Totals
	r.Gone, r.Withdrawn, r.Restored, r.Elsewhere = nil, nil, nil, nil
	last, cancel := parting(ctx)
	defer cancel()
	if ended, err := b.close(last, r, rest); !ended || err != nil {
		return rep, err // the next look ends it
	}
	b.mu.Lock()
	delete(b.after, id)
	b.mu.Unlock()
	b.o.Log.InfoContext(ctx, "a run has ended", "show", r.Show, "run", id, "made", rep.Totals.States[StateMade], "failed", rep.Totals.States[StateFailed], "cost", rep.Totals.Cost)
	var errs []error
	for run, jobs := range rep.tabs {
		errs = append(errs, b.clear(last, run, jobs))
	}
	if r.MaxCost <= 0 { // else it is for jobs that are tried again or wait, and goes with the run
		errs = append(errs, b.queue.Remove(last, kindBudget, id))
	}
	return rep, errors.Join(errs...)
}

// aftermath is what came of what comes after a run. It is written down before the
// report is: should that fail, nobody is told again.
type aftermath struct {
	Problems []Problem `json:"problems,omitempty"`
	Findings []string  `json:"findings,omitempty"`

	taken     *Unpublished // its show, while it is published; nil where that is not asked for
	published Published
}

// follow does what comes after a run, where it was not done yet, and adds to the
// report what came of it. It says whether this process still is the one that ends
// the run, and no other is publishing the show. Where ctx was cancelled in the middle
// nothing was done: whoever looks next does it, whole. Past a deadline what is not
// done by then went wrong.
func (b *Batch) follow(ctx context.Context, s *show, r *run, rep *Report) (bool, error) {
	if b.o.After == nil && b.o.Publish == nil {
		return true, nil
	}
	b.mu.Lock()
	a := cmp.Or(r.After, b.after[r.ID])
	b.mu.Unlock()
	if a != nil {
		rep.add(a.Problems, a.Findings)
	} else {
		a = &aftermath{}
		if ours, err := b.afterwards(ctx, s, rep, a); !ours || err != nil {
			return false, err
		}
		b.mu.Lock()
		b.after[r.ID] = a
		b.mu.Unlock()
	}
	if r.After != nil {
		return true, nil
	}
	r.After = a
	last, cancel := parting(ctx)
	defer cancel()
	if a.taken == nil {
		return b.swap(last, r)
	}
	value, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	ours := false
	err = b.putDown(last, a.taken, s.cfg, a.published, func(tx *sql.Tx) (err error) {
		ours, err = b.queue.SwapTx(last, tx, r.was, queue.Record{Kind: kindRun, Key: r.ID, Value: value})
		return err
	})
	if ours && err == nil {
		r.was = value
	}
	return ours && err == nil, err
}

// afterwards does what comes after a run. It says whether it did: where another
// process is publishing the show it is done by and by.
func (b *Batch) afterwards(ctx context.Context, s *show, rep *Report, a *aftermath) (bool, error) {
	problems, findings := len(rep.Problems), len(rep.Findings)
	e := &End{Config: s.cfg, Report: rep}
	if b.o.Publish != nil {
		u, err := b.unpublished(ctx, s.name)
		if err != nil {
			return false, err
		}
		if ours, err := b.takeUp(ctx, &u); !ours || err != nil {
			return false, err
		}
		s.tried.Store(true)
		a.taken, a.published = &u, b.o.Publish(ctx, s.cfg, rep.Run)
		rep.add(a.published.Problems, a.published.Findings)
		e.Unpublished = len(a.published.Problems) > 0
	}
	if b.o.After != nil {
		if err := b.o.After(ctx, e); err != nil {
			rep.Fault("after the run", s.name, err)
		}
	}
	a.Problems, a.Findings = rep.Problems[problems:], rep.Findings[findings:]
	if len(a.Problems)+len(a.Findings) == 0 || !errors.Is(ctx.Err(), context.Canceled) {
		return true, nil
	}
	if a.taken == nil {
		return false, ctx.Err()
	}
	a.published.Failed = errCutOff
	last, cancel := parting(ctx)
	defer cancel()
	return false, errors.Join(ctx.Err(), b.putDown(last, a.taken, s.cfg, a.published, nil))
}

// parting is a context in which the database is told what was done, though the one
// that it was done in may have ended.
func parting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), farewell)
}

// claim makes this process the one that ends a run, and says whether it is: what
// comes after a run is told to others, who are not to hear it from each worker.
// What a process that died of it had begun is another's.
func (b *Batch) claim(ctx context.Context, r *run) (bool, error) {
	me := b.queue.Worker()
	if r.Ender == me {
		return true, nil
	}
	if r.Ender != "" {
		if alive, err := b.queue.Alive(ctx, r.Ender); alive || err != nil {
			return false, err
		}
	}
	r.Ender = me
	return b.swap(ctx, r)
}

// alone says whether nobody else in this process is about to end a run.
func (b *Batch) alone(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ending[id] {
		return false
	}
	b.ending[id] = true
	return true
}

func (b *Batch) left(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.ending, id)
}
