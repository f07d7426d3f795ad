//go:build unix

package batch_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/ledger"
)

// slow puts an endpoint that keeps each answer back before the one of a press.
func (p *press) slow(t *testing.T, wait time.Duration) {
	t.Helper()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(wait):
			p.sky.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(front.Close)
	p.alter(t, p.config(t).Endpoints["studio"].URL, front.URL+"/v1")
	p.alter(t, "concurrency: 4", "concurrency: 1")
}

// paragraphs are n of them, no two alike.
func paragraphs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "The ferry number %d came in late.\n\n", i)
	}
	return b.String()
}

// Posts are written while an episode is made. Each of the runs waits for it; one
// counts it, and what it cost.
func TestOneEpisodeOfThreeRuns(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	p.slow(t, 100*time.Millisecond)
	p.post(t, 1, paragraphs(30))
	q := openQueue(t, p)
	var ended []*batch.Report
	s := &scheduler{Batch: batch.New(q, batch.Options{Stay: true, After: func(_ context.Context, e *batch.End) error {
		ended = append(ended, e.Report)
		return nil
	}})}
	cfg := p.config(t)
	if err := s.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	var runs []string
	begin := func() {
		t.Helper()
		id, err := s.Begin(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")})
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, id)
	}
	running := func() bool {
		jobs, err := q.List(t.Context(), queue.Filter{States: []queue.State{queue.Running}})
		return err == nil && len(jobs) == 1 && jobs[0].Episode == "posts/01.md"
	}
	begin()
	work(t, s, q, func() bool {
		switch {
		case len(runs) == 1 && running(), len(runs) == 2 && known(t, s, 2):
			p.post(t, len(runs)+1, "A short one, number "+fmt.Sprint(len(runs))+".")
			begin()
		}
		if err := s.EndAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(ended) == 3
	}, batch.WorkOptions{Jobs: 3})

	cost, made := 0.0, 0
	for _, rep := range ended {
		cost += rep.Totals.Cost
		made += rep.Totals.States[batch.StateMade]
		if rep.Run == runs[0] {
			continue
		}
		if got := states(rep); got != `{"elsewhere":1,"made":1}` && got != `{"elsewhere":2,"made":1}` && got != `{"elsewhere":1,"made":1,"unchanged":1}` {
			t.Errorf("run %s: %s", rep.Run, got)
		}
		contain(t, text(rep), "Post 1  made in run "+runs[0]+", which counts it")
		if !rep.Totals.Complete() {
			t.Errorf("run %s is not complete", rep.Run)
		}
	}
	if paid := p.paid(t); made != 3 || math.Abs(cost-paid) > 1e-9 {
		t.Errorf("%d made for %g in all, and %g were paid", made, cost, paid)
	}
}

// paid is what the ledger has.
func (p *press) paid(t *testing.T) float64 {
	t.Helper()
	rows, _, err := ledger.Report(filepath.Join(p.dir, "takes"))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, r := range rows {
		sum += r.Cost
	}
	return sum
}

// known says whether so many runs are listed.
func known(t *testing.T, s *scheduler, n int) bool {
	t.Helper()
	runs, err := s.Runs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		if r.Listed || r.Ended {
			n--
		}
	}
	return n <= 0
}

// A run whose listing ends while it is looked at has not ended: its jobs are known
// with the end of the listing.
func TestListedWhileLookedAt(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	p.slow(t, 200*time.Millisecond)
	p.post(t, 1, paragraphs(20))
	q := openQueue(t, p)
	s := &scheduler{Batch: batch.New(q, batch.Options{})}
	cfg := p.config(t)
	if err := s.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	id, err := s.Begin(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")})
	if err != nil {
		t.Fatal(err)
	}
	settled, err := s.Look(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	work(t, s, q, func() bool { return known(t, s, 1) }, batch.WorkOptions{Jobs: 1})
	if over, err := settled(); over || err != nil {
		t.Errorf("it has ended: %t, %v", over, err)
	}
}
