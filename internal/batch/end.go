package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// end ends a run that is settled: its report is made and told, once. It is nil
// where the run goes on, or another process is about to end it.
func (b *Batch) end(ctx context.Context, id string, patience time.Duration) (*Report, error) {
	if !b.alone(id) {
		return nil, nil
	}
	defer b.left(id)
	r, value, err := b.read(ctx, id)
	if err != nil {
		return nil, err
	}
	s := b.show(r.Show)
	if s == nil {
		return nil, nil // who serves it will end it
	}
	if r.Ended {
		return readReport(s.cfg, id)
	}
	if ok, err := b.settled(ctx, r, patience); !ok || err != nil {
		return nil, err
	}
	if value, err = b.claim(ctx, r, value); value == nil || err != nil {
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
	r.Ended, r.Ender, r.Jobs, r.Problems, r.Findings, r.Withdrawn, r.Totals = true, "", nil, nil, nil, nil, &rep.Totals
	ended, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	_, err = b.queue.Swap(ctx, value, queue.Record{Kind: kindRun, Key: id, Value: ended})
	return rep, errors.Join(err, b.queue.Remove(ctx, kindBudget, id))
}

// read is a run, and its record as it stands.
func (b *Batch) read(ctx context.Context, id string) (*run, json.RawMessage, error) {
	rec, err := b.queue.Record(ctx, kindRun, id)
	if err != nil {
		return nil, nil, err
	}
	r := &run{}
	if err := json.Unmarshal(rec.Value, r); err != nil {
		return nil, nil, fmt.Errorf("run %s: %w", id, err)
	}
	return r, rec.Value, nil
}

// claim makes this process the one that ends a run: what comes after a run is
// told to others, who are not to hear it from each worker. What a process that
// died of it had begun is another's. The value is the record as it is then; nil
// where the run is another process's to end.
func (b *Batch) claim(ctx context.Context, r *run, value json.RawMessage) (json.RawMessage, error) {
	me := b.queue.Worker()
	if r.Ender == me {
		return value, nil
	}
	if r.Ender != "" {
		if alive, err := b.queue.Alive(ctx, r.Ender); alive || err != nil {
			return nil, err
		}
	}
	r.Ender = me
	mine, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	if ok, err := b.queue.Swap(ctx, value, queue.Record{Kind: kindRun, Key: r.ID, Value: mine}); !ok || err != nil {
		return nil, err
	}
	return mine, nil
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
