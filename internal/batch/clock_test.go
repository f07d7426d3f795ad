package batch_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
)

// A run during which the clock goes back has not ended before it began, and is
// reported with all that came of it.
func TestClockGoesBack(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	p.write(t, "posts/draft.md", "---\ndraft: true\n---\nNot yet.\n")
	q := openQueue(t, p)
	var clock atomic.Int64
	began := time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	clock.Store(began.Unix())
	// Each look at the clock is a minute before the last one.
	b := batch.New(q, batch.Options{Now: func() time.Time { return time.Unix(clock.Add(-60)+60, 0) }})
	cfg := p.config(t)
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	rep, err := b.Run(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}, batch.WorkOptions{Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Started.After(began) || rep.Ended.Before(rep.Started) || rep.Totals.Posts != 1 {
		t.Errorf("began %v, ended %v, %d posts", rep.Started, rep.Ended, rep.Totals.Posts)
	}
}
