//go:build unix

package batch_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// host is a web server that shows are published to, and a clock.
type host struct {
	now   time.Time
	away  bool
	fault error // of a try; nil is that of a host that is away
	tries int
	then  func() // a try is under way
}

func (h *host) publish(ctx context.Context, _ *config.Config, _ string) (p batch.Published) {
	h.tries++
	if h.then != nil {
		h.then()
	}
	if h.away {
		p.Failed = cmp.Or(h.fault, errors.New("it does not answer"))
	}
	p.Failed = cmp.Or(ctx.Err(), p.Failed)
	if p.Failed != nil {
		p.Fault("not uploaded", "the host", p.Failed)
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
		by := ""
		if u.By != "" {
			by = ", by a process"
		}
		out += fmt.Sprintf("%s %s+%d, %s%s: %s\n", u.Show, u.Since.Format(time.TimeOnly), u.Tries, u.Next.Format(time.TimeOnly), by, u.Error)
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
	const why = ": it does not answer\n"
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
	look(-48*time.Hour, 11, "a-show 09:00:00+11, 17:00:45"+why) // a clock that went back
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

// What is asked for while a show is published may have come too late for it, and so
// have new settings.
func TestPublishAskedForMeanwhile(t *testing.T) {
	t.Parallel()
	ask := func(t *testing.T, b *batch.Batch) error { return b.Publish(t.Context(), "a-show") }
	set := func(t *testing.T, b *batch.Batch) error {
		other := *b.Shows()[0]
		return b.Take(t.Context(), &other)
	}
	again := func(t *testing.T, b *batch.Batch) error { return b.PublishDue(t.Context()) }
	run := func(t *testing.T, b *batch.Batch) error {
		cfg := b.Shows()[0]
		_, err := b.Run(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")}, batch.WorkOptions{Jobs: 1})
		return err
	}
	for name, c := range map[string]struct {
		meanwhile, do func(*testing.T, *batch.Batch) error
	}{"asked": {ask, again}, "set": {set, again}, "asked, at a run's end": {ask, run}, "set, at a run's end": {set, run}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, b := unpublishedShow(t)
			h.away, h.now = false, h.now.Add(time.Minute)
			h.then = func() {
				h.then = nil
				if err := c.meanwhile(t, b); err != nil {
					t.Error(err)
				}
			}
			if err := c.do(t, b); err != nil {
				t.Fatal(err)
			}
			if got, want := unpublished(t, b), "a-show 09:01:00+0, 09:01:00: \n"; got != want {
				t.Errorf("noted is %q, want %q", got, want)
			}
			if err := b.PublishDue(t.Context()); err != nil || unpublished(t, b) != "" || h.tries != 3 {
				t.Errorf("after %d tries noted is %q: %v", h.tries, unpublished(t, b), err)
			}
		})
	}
}

// A try that a stop cuts off is no failure, and is made again. Meanwhile it says by
// whom it is made.
func TestPublishIsCutOff(t *testing.T) {
	t.Parallel()
	h, b := unpublishedShow(t)
	h.away, h.now = false, h.now.Add(time.Minute)
	ctx, stop := context.WithCancel(t.Context())
	h.then = func() {
		h.then = nil
		if got, want := unpublished(t, b), "a-show 09:00:00+1, 09:00:15, by a process: it does not answer\n"; got != want {
			t.Errorf("noted meanwhile is %q, want %q", got, want)
		}
		stop()
	}
	_ = b.PublishDue(ctx)
	if got, want := unpublished(t, b), "a-show 09:00:00+1, 09:01:00: it does not answer\n"; got != want {
		t.Errorf("noted is %q, want %q", got, want)
	}
	if err := b.PublishDue(t.Context()); err != nil || unpublished(t, b) != "" {
		t.Errorf("noted is %q, %v", unpublished(t, b), err)
	}
}

// A request that its own time ended is a failure: the next try is not made at once.
func TestPublishGivenUpByItself(t *testing.T) {
	t.Parallel()
	h, b := unpublishedShow(t)
	h.fault, h.now = fmt.Errorf("list the target: %w", context.Canceled), h.now.Add(time.Minute)
	if err := b.PublishDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := unpublished(t, b), "a-show 09:00:00+2, 09:01:30: list the target: context canceled\n"; got != want {
		t.Errorf("noted is %q, want %q", got, want)
	}
}

// What nobody serves any more is forgotten in the end.
func TestPublishNever(t *testing.T) {
	t.Parallel()
	h, b := unpublishedShow(t)
	if err := b.Publish(t.Context(), "another-show"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{6 * 24 * time.Hour, 2}, {25 * time.Hour, 1}} {
		h.now = h.now.Add(c.after)
		if err := b.PublishDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if all, err := b.Unpublished(t.Context()); err != nil || len(all) != c.want {
			t.Errorf("%+v, %v", all, err)
		}
	}
}

// Of two processes one publishes a show, and what it leaves behind when it dies is
// another's.
func TestPublishByOne(t *testing.T) {
	t.Parallel()
	address := postgres(t)
	p := newPress(t, 0, "")
	p.write(t, "posts/draft.md", "---\ndraft: true\n---\nNot yet.\n")
	cfg := p.config(t)
	host := &host{now: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)}
	open := func() (*queue.Queue, *batch.Batch) {
		q, err := queue.Open(t.Context(), address, queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := batch.New(q, batch.Options{Publish: host.publish, Now: func() time.Time { return host.now }})
		if err := b.Take(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		return q, b
	}
	one, first := open()
	two, second := open()
	defer two.Close()
	if err := first.Publish(t.Context(), "a-show"); err != nil {
		t.Fatal(err)
	}
	host.then = func() {
		host.then = nil
		if err := second.PublishDue(t.Context()); err != nil || host.tries != 1 {
			t.Errorf("both publish: %v", err)
		}
		if _, err := second.Begin(t.Context(), batch.Wish{Show: "a-show"}); err != nil {
			t.Error(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		worked := make(chan error, 1)
		go func() { worked <- second.Work(ctx, batch.WorkOptions{Jobs: 1}) }()
		await(t, "the listing", func() bool {
			runs, err := second.Runs(ctx)
			return err == nil && runs[0].Listed
		})
		stop()
		if err := <-worked; err != nil {
			t.Error(err)
		}
		if err := second.EndAll(t.Context()); err != nil || host.tries != 1 {
			t.Errorf("a run publishes beside it: %v", err)
		}
		if err := one.Close(); err != nil { // it dies
			t.Error(err)
		}
	}
	_ = first.PublishDue(t.Context()) // it has no queue any more
	if got, want := unpublished(t, second), "a-show 09:00:00+0, 09:00:00, by a process: \n"; got != want {
		t.Errorf("noted is %q, want %q", got, want)
	}
	if err := second.EndAll(t.Context()); err != nil || host.tries != 2 || unpublished(t, second) != "" {
		t.Errorf("after %d tries noted is %q: %v", host.tries, unpublished(t, second), err)
	}
	runs, err := second.Runs(t.Context())
	if err != nil || len(runs) != 1 || !runs[0].Ended {
		t.Errorf("%+v, %v", runs, err)
	}
}
