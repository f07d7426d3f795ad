package batch_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// What comes after a run fails: the run is not complete, and says why.
func TestAfterFails(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	p.post(t, 1, "A sentence.")
	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	b := batch.New(q, batch.Options{After: func(context.Context, *batch.End) error { return errors.New("the bucket is full") }, Shared: true})
	defer b.Close()
	cfg := p.config(t)
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	rep, err := b.Run(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}, batch.WorkOptions{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Totals.Complete() || len(rep.Problems) != 1 || rep.Problems[0].Message != "the bucket is full" || rep.Totals.States[batch.StateMade] != 1 {
		t.Errorf("%+v", rep)
	}
}

// Several schedulers look at every run: one of them ends it.
func TestAfterOnce(t *testing.T) {
	t.Parallel()
	address := postgres(t)
	p := newPress(t, 0, "")
	p.post(t, 1, "A sentence.")
	cfg := p.config(t)
	const schedulers = 3
	var told atomic.Int32
	ended := make(chan string, 10)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	for i := range schedulers {
		q, err := queue.Open(ctx, address, queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := batch.New(q, batch.Options{After: func(_ context.Context, e *batch.End) error {
			told.Add(1)
			time.Sleep(3 * time.Second) // longer than between two looks
			ended <- e.Report.Run
			return nil
		}, Shared: true})
		if err := b.Take(ctx, cfg); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if _, err := b.Begin(ctx, batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}); err != nil {
				t.Fatal(err)
			}
		}
		all.Go(func() {
			defer q.Close()
			defer b.Close()
			var both sync.WaitGroup
			both.Go(func() { _ = b.Schedule(ctx) })
			both.Go(func() { _ = b.Work(ctx, batch.WorkOptions{Jobs: 1, Grace: time.Second}) })
			both.Wait()
		})
	}
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the run does not end")
	}
	time.Sleep(2500 * time.Millisecond) // every scheduler looks once more
	if n := told.Load(); n != 1 {
		t.Errorf("the end of the run was told %d times", n)
	}
}

// What is written into a watched folder is made, at the beginning and later.
func TestWatch(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	p.post(t, 1, "A sentence.")
	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	made := make(chan string, 10)
	b := batch.New(q, batch.Options{Stay: true, Observe: func(e batch.Event) {
		if e.Outcome != nil && e.Outcome.State == batch.StateMade {
			made <- e.Title
		}
	}})
	cfg := p.config(t)
	cfg.Sources = []config.Source{{From: "posts", Dir: p.dir, Watch: true}}
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	all.Go(func() { _ = b.Watch(ctx) })
	all.Go(func() { _ = b.Work(ctx, batch.WorkOptions{Jobs: 1, Grace: time.Second}) })
	if err := b.Take(ctx, cfg); err != nil { // after the watch began
		t.Fatal(err)
	}
	next := func(want string) {
		t.Helper()
		select {
		case got := <-made:
			if got != want {
				t.Errorf("%q was made, not %q", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%q is not made", want)
		}
	}
	next("Post 1")
	p.post(t, 2, "Another sentence.")
	next("Post 2")
}

// The limits of endpoints are those of all shows together, and change with them.
func TestLimits(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	b := batch.New(q, batch.Options{Shared: true})
	defer b.Close()
	take := func(id string, change func(*config.Config)) {
		t.Helper()
		cfg := p.config(t)
		cfg.Show.ID, cfg.File = id, id
		change(cfg)
		if err := b.Take(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
	}
	limit := func(concurrency, perMinute, chars int) func(*config.Config) {
		return func(cfg *config.Config) {
			e := cfg.Endpoints["studio"]
			e.Limits.Concurrency, e.Limits.PerMinute, e.Limits.CharsPerDay = concurrency, perMinute, chars
			cfg.Endpoints["studio"] = e
		}
	}
	want := func(l queue.Limits) {
		t.Helper()
		if got := b.Limits()["studio"]; got != l {
			t.Errorf("limits are %+v, want %+v", got, l)
		}
	}
	take("one", limit(4, 0, 900))
	want(queue.Limits{Concurrency: 4, CharactersPerDay: 900})
	take("two", limit(7, 30, 0))
	want(queue.Limits{Concurrency: 4, PerMinute: 30, CharactersPerDay: 900})
	take("one", limit(9, 60, 0))
	want(queue.Limits{Concurrency: 7, PerMinute: 30})
}

// A day's characters are used up: with a stay the post waits for the next day.
func TestSpent(t *testing.T) {
	t.Parallel()
	for _, stay := range []bool{true, false} {
		p := newPress(t, 0, "")
		p.post(t, 1, "A sentence that has more characters than there are.")
		cfg := p.config(t)
		e := cfg.Endpoints["studio"]
		e.Limits.CharsPerDay = 20
		cfg.Endpoints["studio"] = e
		q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := batch.New(q, batch.Options{Shared: true, Stay: stay})
		if err := b.Take(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		rep, err := b.Run(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}, batch.WorkOptions{Jobs: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := batch.StateFailed
		if stay {
			want = batch.StateWaiting
		}
		if len(rep.Items) != 1 || rep.Items[0].State != want {
			t.Errorf("stay %t: %+v", stay, rep.Items)
		}
		b.Close()
		q.Close()
	}
}
