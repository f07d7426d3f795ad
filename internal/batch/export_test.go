package batch

import (
	"context"
	"sync"
	"time"
)

// Begun begins the runs that are due now, as Schedule does every few seconds.
func (b *Batch) Begun(ctx context.Context) error { return b.begun(ctx) }

// EndAll ends the runs that are settled, as Schedule does.
func (b *Batch) EndAll(ctx context.Context) error { return b.endAll(ctx, 0) }

// TakeSlots gives the slots of the runs that were begun, and forgets the runs.
func (b *Batch) TakeSlots(ctx context.Context) (map[string][]time.Time, error) {
	all, err := b.runs(ctx)
	slots := map[string][]time.Time{}
	for _, r := range all {
		slots[r.Schedule] = append(slots[r.Schedule], r.Slot)
		if err := b.queue.Remove(ctx, kindRun, r.ID); err != nil {
			return nil, err
		}
	}
	return slots, err
}

// EndWith is EndAll in a context that may end.
func (b *Batch) EndWith(ctx context.Context) error { return b.endAll(ctx, 0) }

// PublishDue publishes what is to be, as Schedule does, and waits for it.
func (b *Batch) PublishDue(ctx context.Context) error {
	var going sync.WaitGroup
	defer going.Wait()
	return b.publishDue(ctx, &going)
}

// Look reads a run, and gives what says whether it has ended by what was read.
func (b *Batch) Look(ctx context.Context, id string) (settled func() (bool, error), err error) {
	r, err := b.run(ctx, id)
	return func() (bool, error) { return b.settled(ctx, r, Patient) }, err
}
