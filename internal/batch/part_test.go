//go:build unix

package batch_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// An endpoint is down. A server's run ends without what waits for it, so that what is
// made of it is in the feed; that gets a run of its own, which ends when there is
// something to tell of it.
func TestRunPartsWithWhatWaits(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	var away atomic.Bool
	away.Store(true)
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away.Load() {
			http.Error(w, "down for maintenance", http.StatusServiceUnavailable)
			return
		}
		p.sky.ServeHTTP(w, r)
	}))
	t.Cleanup(ill.Close)
	cfg := p.config(t)
	p.write(t, "narrapress.yaml", fmt.Sprintf(`
show: {id: a-show, title: "A show", author: "A. Author", language: en-US}
endpoints:
  studio: {preset: openai, url: %q}
  ill: {preset: openai, url: %q, retry: {base: 1ms, cap: 5ms}, breaker: {rest: 5ms}}
voices: {narrator: {endpoint: studio, voice: alloy}, second: {endpoint: ill, voice: echo}}
roles: {body: narrator}
sources: ['posts/*.md']
output: {store: takes, cache: cache}
`, cfg.Endpoints["studio"].URL, ill.URL+"/v1"))
	p.post(t, 1, "This one is read by whoever is well.")
	for n := range 2 {
		p.write(t, fmt.Sprintf("posts/ill-%d.md", n), fmt.Sprintf("---\ntitle: Ill %d\nnarrapress: {roles: {body: second}}\n---\nNumber %d waits for whoever is ill.\n", n, n))
	}

	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	var ended []*batch.Report
	s := &scheduler{}
	s.clock.Store(time.Now().Unix())
	s.Batch = batch.New(q, batch.Options{Stay: true, Now: func() time.Time { return time.Unix(s.clock.Load(), 0) }, After: func(_ context.Context, e *batch.End) error {
		ended = append(ended, e.Report)
		return nil
	}})
	if cfg = p.config(t); s.Take(t.Context(), cfg) != nil {
		t.Fatal("the show is not taken")
	}
	if _, err := s.Begin(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}); err != nil {
		t.Fatal(err)
	}
	count := func(state queue.State, waits bool) int {
		jobs, err := q.List(t.Context(), queue.Filter{States: []queue.State{state}})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, e := range jobs {
			if !waits || e.Waits != "" {
				n++
			}
		}
		return n
	}
	look := func(later time.Duration, want int) {
		t.Helper()
		s.clock.Add(int64(later.Seconds()))
		if err := s.EndAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(ended) != want {
			t.Fatalf("%d runs have ended, want %d", len(ended), want)
		}
	}
	work(t, s, q, func() bool { return count(queue.Done, false) == 2 && count(queue.Ready, true) == 2 }, batch.WorkOptions{Jobs: 1}) // the listing, too
	look(0, 0)
	look(time.Minute, 0) // they wait, and not for long yet
	look(2*time.Minute, 1)
	if got := states(ended[0]); got != `{"made":1,"waiting":2}` {
		t.Errorf("the run ends with %s", got)
	}
	runs := runsOf(t, filepath.Join(p.dir, "queue.db"))
	if len(runs) != 2 || runs[0].Ended || runs[0].Jobs != 2 {
		t.Fatalf("what waits is in %+v", runs)
	}
	look(5*time.Minute, 1) // nothing to tell of
	look(5*time.Minute, 1)

	away.Store(false)
	waiting, err := q.List(t.Context(), queue.Filter{States: []queue.State{queue.Ready}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range waiting { // for a minute of this machine's clock; or until somebody says that they need not
		if err := s.Retry(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
	}
	work(t, s, q, func() bool { return count(queue.Done, false) == 4 }, batch.WorkOptions{Jobs: 1})
	look(0, 2)
	if got := states(ended[1]); got != `{"made":2}` || ended[1].Items[0].Run != ended[1].Run {
		t.Errorf("the other run ends with %s, as made in run %s", got, ended[1].Items[0].Run)
	}
}
