package batch

import (
	"context"
	"errors"
	"time"
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
	if ok, err := b.settled(ctx, r, patience); !ok || err != nil {
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
	if b.o.After != nil {
		if err := b.o.After(ctx, &End{Config: s.cfg, Report: rep}); err != nil {
			rep.Fault("after the run", s.name, err)
		}
	}
	if err := rep.write(s.cfg); err != nil {
		return nil, err
	}
	// The whole report is in its file.
	r.Ended, r.Ender, r.Jobs, r.Problems, r.Findings, r.Totals = true, "", nil, nil, nil, &rep.Totals
	r.Gone, r.Withdrawn, r.Restored = nil, nil, nil
	_, err = b.swap(ctx, r)
	return rep, errors.Join(err, b.queue.Remove(ctx, kindBudget, id))
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
