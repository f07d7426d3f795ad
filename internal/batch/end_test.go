//go:build unix

package batch_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
)

// begunRun is a batch of a show with one post, whose run has been worked off and
// not ended.
func begunRun(t *testing.T, after func(context.Context, *batch.End) error) (p *press, b *batch.Batch) {
	t.Helper()
	p = newPress(t, 0, "")
	p.write(t, "posts/draft.md", "---\ndraft: true\n---\nNot yet.\n")
	q := openQueue(t, p)
	b = batch.New(q, batch.Options{After: after})
	cfg := p.config(t)
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Begin(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	worked := make(chan error, 1)
	go func() { worked <- b.Work(ctx, batch.WorkOptions{Jobs: 1}) }()
	await(t, "the listing", func() bool {
		runs, err := b.Runs(t.Context())
		return err == nil && runs[0].Listed
	})
	stop()
	if err := <-worked; err != nil {
		t.Fatal(err)
	}
	return p, b
}

// The report cannot be written: what comes after the run is not done again for it,
// and what went wrong with that is in the report when there is room.
func TestAfterOnceThoughTheReportFails(t *testing.T) {
	t.Parallel()
	told := 0
	p, b := begunRun(t, func(_ context.Context, e *batch.End) error {
		told++
		e.Report.Findings = append(e.Report.Findings, "a notice was not delivered")
		return errors.New("the bucket is full")
	})
	p.write(t, "out/.runs", "a file where the folder should be")
	for range 3 {
		if err := b.EndAll(t.Context()); err == nil {
			t.Error("the report was written")
		}
	}
	if err := os.Remove(filepath.Join(p.dir, "out", ".runs")); err != nil {
		t.Fatal(err)
	}
	if err := b.EndAll(t.Context()); err != nil {
		t.Error(err)
	}
	runs, err := b.Runs(t.Context())
	if err != nil || !runs[0].Ended || runs[0].Totals.Problems != 1 || told != 1 {
		t.Errorf("told %d times: %+v, %v", told, runs, err)
	}
	body, err := os.ReadFile(filepath.Join(p.dir, "out", ".runs", runs[0].ID+".json"))
	if err != nil {
		t.Fatal(err)
	}
	contain(t, string(body), "the bucket is full", "a notice was not delivered")
}

// What comes after a run is cut off by a stop: the next process does it, whole.
func TestAfterIsCutOff(t *testing.T) {
	t.Parallel()
	told := 0
	ctx, stop := context.WithCancel(t.Context())
	_, b := begunRun(t, func(ctx context.Context, e *batch.End) error {
		if told++; told == 1 {
			stop()
		}
		return ctx.Err()
	})
	_ = b.EndWith(ctx)
	if err := b.EndAll(t.Context()); err != nil {
		t.Error(err)
	}
	runs, err := b.Runs(t.Context())
	if err != nil || !runs[0].Ended || runs[0].Totals.Problems != 0 || told != 2 {
		t.Errorf("told %d times: %+v, %v", told, runs, err)
	}
}

// Ctrl-C, and what comes after the run takes longer than a person waits: it is told
// once, and the run has ended.
func TestInterruptedAfter(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	p.post(t, 1, "A sentence.")
	q := openQueue(t, p)
	ctx, stop := context.WithCancel(t.Context())
	told := 0
	b := batch.New(q, batch.Options{
		After: func(ctx context.Context, _ *batch.End) error {
			told++
			<-ctx.Done() // an upload that takes an hour
			return ctx.Err()
		},
		Observe: func(e batch.Event) {
			if e.Began {
				stop()
			}
		},
	})
	cfg := p.config(t)
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	rep, err := b.Run(ctx, batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}, batch.WorkOptions{Jobs: 1})
	if !errors.Is(err, context.Canceled) || rep == nil || rep.Totals.Problems != 1 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if err := b.EndAll(t.Context()); err != nil {
		t.Error(err)
	}
	runs, err := b.Runs(t.Context())
	if err != nil || len(runs) != 1 || !runs[0].Ended || told != 1 {
		t.Errorf("told %d times: %+v, %v", told, runs, err)
	}
}

// What comes after a run takes long: the runs of other schedules begin meanwhile.
func TestSlowAfter(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "schedules: {hourly: {cron: '@hourly'}}")
	p.write(t, "posts/draft.md", "---\ndraft: true\n---\nNot yet.\n")
	q := openQueue(t, p)
	var clock atomic.Int64
	at := func(hour, minute int) { clock.Store(time.Date(2026, 3, 4, hour, minute, 0, 0, time.UTC).Unix()) }
	at(9, 30)
	busy, done := make(chan bool, 10), make(chan bool)
	b := batch.New(q, batch.Options{Now: func() time.Time { return time.Unix(clock.Load(), 0) }, After: func(context.Context, *batch.End) error {
		busy <- true
		<-done
		return nil
	}})
	cfg := p.config(t)
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Begin(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	defer close(done)
	all.Go(func() { _ = b.Schedule(ctx) })
	all.Go(func() { _ = b.Work(ctx, batch.WorkOptions{Jobs: 1}) })
	<-busy
	at(10, 0)
	await(t, "the schedule's run", func() bool {
		runs, err := b.Runs(ctx)
		return err == nil && len(runs) == 2
	})
}

func contain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("it does not say %q:\n%s", part, text)
		}
	}
}
