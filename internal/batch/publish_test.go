//go:build unix

package batch_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
)

// host is a web server that shows are published to, and a clock.
type host struct {
	now   time.Time
	away  bool
	tries int
	then  func() // a try is under way
}

func (h *host) publish(context.Context, *config.Config, string) (p batch.Published) {
	h.tries++
	if h.then != nil {
		h.then()
	}
	if h.away {
		p.Fault("not uploaded", "the host", errors.New("it does not answer"), true)
	}
	return p
}

// unpublishedShow is a show whose run has ended while its host was away.
func unpublishedShow(t *testing.T) (*host, *batch.Batch) {
	t.Helper()
	h := &host{now: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), away: true}
	p := newPress(t, 0, "")
	p.write(t, "posts/draft.md", "---\ndraft: true\n---\nNot yet.\n")
	b := batch.New(openQueue(t, p), batch.Options{Publish: h.publish, Now: func() time.Time { return h.now }})
	cfg := p.config(t)
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	rep, err := b.Run(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}, batch.WorkOptions{Jobs: 1})
	if err != nil || len(rep.Problems) != 1 || rep.Problems[0].Reason != "not uploaded" || h.tries != 1 {
		t.Fatalf("after %d tries: %+v, %v", h.tries, rep, err)
	}
	return h, b
}

func unpublished(t *testing.T, b *batch.Batch) string {
	t.Helper()
	all, err := b.Unpublished(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, u := range all {
		out += fmt.Sprintf("%s %s+%d, %s: %s\n", u.Show, u.Since.Format(time.TimeOnly), u.Tries, u.Next.Format(time.TimeOnly), u.Error)
	}
	return out
}

// What could not be published is tried again, less and less often, until it is.
func TestPublishAgain(t *testing.T) {
	t.Parallel()
	h, b := unpublishedShow(t)
	look := func(after time.Duration, tries int, want string) {
		t.Helper()
		h.now = h.now.Add(after)
		if err := b.PublishDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := unpublished(t, b); got != want || h.tries != tries {
			t.Errorf("after %v: %d tries, want %d; noted %q, want %q", after, h.tries, tries, got, want)
		}
	}
	const why = ": not uploaded: it does not answer\n"
	look(0, 1, "a-show 09:00:00+1, 09:00:15"+why)
	look(14*time.Second, 1, "a-show 09:00:00+1, 09:00:15"+why)
	look(1*time.Second, 2, "a-show 09:00:00+2, 09:00:45"+why)
	look(29*time.Second, 2, "a-show 09:00:00+2, 09:00:45"+why)
	look(1*time.Second, 3, "a-show 09:00:00+3, 09:01:45"+why)
	for range 6 { // 2, 4, 8, 16, 32 minutes, and an hour
		h.now = h.now.Add(time.Hour)
		if err := b.PublishDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	look(59*time.Minute, 9, "a-show 09:00:00+9, 16:00:45"+why)
	look(time.Minute, 10, "a-show 09:00:00+10, 17:00:45"+why)
	look(-24*time.Hour, 11, "a-show 09:00:00+11, 17:00:45"+why) // a clock that went back
	h.away = false
	look(59*time.Minute, 11, "a-show 09:00:00+11, 17:00:45"+why)
	look(time.Minute, 12, "")
	look(time.Hour, 12, "")
}

// Who begins, or has new settings, tries at once; and a run that is published
// settles what was still to be.
func TestPublishAfterAChange(t *testing.T) {
	t.Parallel()
	h, b := unpublishedShow(t)
	cfg := b.Shows()[0]
	for tries := 2; tries < 4; tries++ {
		if err := b.Take(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := b.PublishDue(t.Context()); err != nil || h.tries != tries {
				t.Errorf("%d tries, want %d: %v", h.tries, tries, err)
			}
		}
	}
	h.away = false
	if _, err := b.Run(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}, batch.WorkOptions{Jobs: 1}); err != nil {
		t.Fatal(err)
	}
	if got := unpublished(t, b); got != "" || h.tries != 4 {
		t.Errorf("%d tries, and still noted: %q", h.tries, got)
	}
}

// What is asked for while a try is under way may have come too late for it.
func TestPublishAskedForMeanwhile(t *testing.T) {
	t.Parallel()
	h, b := unpublishedShow(t)
	h.away, h.now = false, h.now.Add(time.Minute)
	h.then = func() {
		h.then = nil
		if err := b.Publish(t.Context(), "a-show"); err != nil {
			t.Error(err)
		}
	}
	for _, want := range []string{"a-show 09:00:00+2, 09:01:00: the process that published ended before it was done\n", ""} {
		if err := b.PublishDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := unpublished(t, b); got != want {
			t.Errorf("noted is %q, want %q", got, want)
		}
	}
	if h.tries != 3 {
		t.Errorf("%d tries, want 3", h.tries)
	}
}

// The same, while the show is published after a run.
func TestPublishAskedForAtTheEnd(t *testing.T) {
	t.Parallel()
	h, b := unpublishedShow(t)
	h.away, h.now = false, h.now.Add(time.Minute)
	h.then = func() {
		h.then = nil
		if err := b.Publish(t.Context(), "a-show"); err != nil {
			t.Error(err)
		}
	}
	cfg := b.Shows()[0]
	if _, err := b.Run(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}, batch.WorkOptions{Jobs: 1}); err != nil {
		t.Fatal(err)
	}
	if got, want := unpublished(t, b), "a-show 09:00:00+1, 09:01:00: not uploaded: it does not answer\n"; got != want {
		t.Errorf("noted is %q, want %q", got, want)
	}
}

// A try that a stop cuts off, or of which nothing is heard again, is made again.
func TestPublishIsCutOff(t *testing.T) {
	t.Parallel()
	h, b := unpublishedShow(t)
	h.away, h.now = false, h.now.Add(time.Minute)
	ctx, stop := context.WithCancel(t.Context())
	h.then = func() {
		h.then = nil
		if got, want := unpublished(t, b), "a-show 09:00:00+2, 09:01:30: the process that published ended before it was done\n"; got != want {
			t.Errorf("noted meanwhile is %q, want %q", got, want)
		}
		stop()
	}
	_ = b.PublishDue(ctx)
	if got, want := unpublished(t, b), "a-show 09:00:00+2, 09:01:30: context canceled\n"; got != want {
		t.Errorf("noted is %q, want %q", got, want)
	}
	h.now = h.now.Add(30 * time.Second)
	if err := b.PublishDue(t.Context()); err != nil || unpublished(t, b) != "" {
		t.Errorf("noted is %q, %v", unpublished(t, b), err)
	}
}
