//go:build unix

package batch_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// A job that is tried again after its run has ended is a run of its own, after which
// comes what comes after runs; and it spends what its run has left.
func TestRetryAfterTheRun(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	for n := range 3 {
		p.post(t, n, fmt.Sprintf("This is the text of post number %d. It is short.", n))
	}
	cost := p.run(t, batch.Wish{Limit: 1}).Totals.Cost
	if cost <= 0 {
		t.Fatal("it cost nothing")
	}
	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	var ended []*batch.Report
	b := batch.New(q, batch.Options{After: func(_ context.Context, e *batch.End) error {
		ended = append(ended, e.Report)
		return nil
	}})
	cfg := p.config(t)
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	first, err := b.Run(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf(""), MaxCost: 1.5 * cost}, batch.WorkOptions{Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	var failed int64
	for _, it := range first.Items {
		if it.State == batch.StateFailed {
			failed = it.Job
		}
	}
	if got := states(first); got != `{"failed":1,"made":1,"unchanged":1}` {
		t.Fatalf("%s\n%s", got, text(first))
	}
	for range 2 { // the second finds the budget as the first left it
		ended = nil
		if err := b.Retry(t.Context(), failed); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		worked := make(chan error, 1)
		go func() { worked <- b.Work(ctx, batch.WorkOptions{Jobs: 1}) }()
		for end := time.Now().Add(time.Minute); len(ended) == 0; time.Sleep(50 * time.Millisecond) {
			if err := b.EndAll(ctx); err != nil {
				t.Fatal(err)
			}
			if time.Now().After(end) {
				t.Fatal("no run ends")
			}
		}
		stop()
		if err := <-worked; err != nil {
			t.Fatal(err)
		}
		rep := ended[0]
		if len(ended) != 1 || rep.Run == first.Run || len(rep.Items) != 1 || rep.Items[0].Job != failed {
			t.Fatalf("%d runs ended: %+v", len(ended), rep)
		}
		if got := states(rep); got != `{"failed":1}` || !strings.Contains(text(rep), "max_cost of the run") {
			t.Errorf("with a spent budget: %s\n%s", got, text(rep))
		}
	}
	if err := b.Retry(t.Context(), 9999); !errors.Is(err, queue.ErrNotFound) {
		t.Errorf("a job that there is not: %v", err)
	}
	n, err := b.RetryAll(t.Context(), batch.ShowName(cfg))
	if n != 1 || err != nil {
		t.Errorf("all: %d, %v", n, err)
	}
	if n, err = b.RetryAll(t.Context(), batch.ShowName(cfg)); n != 0 || err != nil {
		t.Errorf("all again: %d, %v", n, err)
	}
}
