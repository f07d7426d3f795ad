//go:build unix

package batch_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/queue/pgtest"
)

// scheduler is a batch with a clock of the test's.
type scheduler struct {
	*batch.Batch
	clock atomic.Int64 // seconds since 1970
}

func newScheduler(t *testing.T, p *press, q *queue.Queue) *scheduler {
	t.Helper()
	s := &scheduler{}
	s.Batch = batch.New(q, batch.Options{Now: func() time.Time { return time.Unix(s.clock.Load(), 0) }})
	if err := s.Take(t.Context(), p.config(t)); err != nil {
		t.Fatal(err)
	}
	return s
}

func openQueue(t *testing.T, p *press) *queue.Queue {
	t.Helper()
	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close() })
	return q
}

// TestYear looks at a year of three schedules with two schedulers whose clocks do
// not agree: every day of each zone has its run, once, though the clock is changed
// at the hour in four of its nights.
func TestYear(t *testing.T) {
	t.Parallel()
	zones := map[string]string{"berlin": "Europe/Berlin", "york": "America/New_York", "howe": "Australia/Lord_Howe"}
	schedules := "schedules:\n"
	for name, zone := range zones {
		schedules += fmt.Sprintf("  %s: {cron: \"15 2 * * *\", zone: %s, jitter: 5m, catch_up: all}\n", name, zone)
	}
	p := newPress(t, 0, schedules)
	q := openQueue(t, p)
	two := []*scheduler{newScheduler(t, p, q), newScheduler(t, p, q)}
	from := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	days := map[string]map[string]int{}
	for name := range zones {
		days[name] = map[string]int{}
	}
	step := 0
	for now := from; now.Before(from.AddDate(1, 0, 0)); now = now.Add(time.Duration([]int{5, 40, 3, 21}[step%4]) * time.Hour) {
		step++
		var both sync.WaitGroup
		for i, s := range two {
			s.clock.Store(now.Add(time.Duration(i) * time.Second).Unix())
			both.Go(func() {
				if err := s.Begun(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		slots, err := two[0].TakeSlots(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for name, times := range slots {
			zone, err := time.LoadLocation(zones[name])
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range times {
				days[name][at.In(zone).Format(time.DateOnly)]++
			}
		}
	}
	for name, runs := range days {
		if n := len(runs); n < 364 || n > 366 {
			t.Errorf("%s: %d days had a run", name, n)
		}
		for day := from.AddDate(0, 0, 2); day.Before(from.AddDate(0, 0, 363)); day = day.AddDate(0, 0, 1) {
			if n := runs[day.Format(time.DateOnly)]; n != 1 {
				t.Errorf("%s: %d runs on %s", name, n, day.Format(time.DateOnly))
			}
		}
	}
}

// TestOverlap has the next slot come while the run of the last is going.
func TestOverlap(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string][]string{
		"skip":    {`{"made":2}`},
		"queue":   {`{"made":2}`, `{"unchanged":2}`},
		"replace": {`{"cancelled":2}`, `{"made":2}`},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			p := newPress(t, 0, fmt.Sprintf("schedules: {hourly: {cron: '@hourly', overlap: %s}}", rule))
			p.post(t, 1, "A short one.")
			p.post(t, 2, "Another short one.")
			q := openQueue(t, p)
			s := newScheduler(t, p, q)
			at := func(hour, minute int) {
				s.clock.Store(time.Date(2026, 3, 4, hour, minute, 0, 0, time.UTC).Unix())
			}
			at(9, 30)
			begun(t, s) // sees the schedule for the first time
			at(10, 0)
			begun(t, s)
			work(t, s, q, func() bool { // until the first run has listed, and made nothing
				runs, err := s.Runs(t.Context())
				return err == nil && len(runs) > 0 && runs[0].Listed
			}, batch.WorkOptions{Jobs: 1, Grace: time.Nanosecond})
			at(11, 0)
			begun(t, s)
			work(t, s, q, func() bool {
				if err := s.EndAll(t.Context()); err != nil {
					t.Error(err)
				}
				runs, err := s.Runs(t.Context())
				for _, r := range runs {
					if !r.Ended {
						return false
					}
				}
				return err == nil
			}, batch.WorkOptions{Jobs: 2})
			runs, err := s.Runs(t.Context())
			if err != nil || len(runs) != len(want) {
				t.Fatalf("%d runs, %v", len(runs), err)
			}
			for i, r := range runs {
				got := states(&batch.Report{Totals: *r.Totals})
				if i == len(runs)-1 && rule == "replace" { // the first: what was made before it was replaced stays so
					continue
				}
				if got != want[len(want)-1-i] {
					t.Errorf("run %s: %s, want %s", r.ID, got, want[len(want)-1-i])
				}
			}
		})
	}
}

func begun(t *testing.T, s *scheduler) {
	t.Helper()
	if err := s.Begun(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// work works until something has come about.
func work(t *testing.T, s *scheduler, q *queue.Queue, done func() bool, o batch.WorkOptions) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	worked := make(chan error, 1)
	go func() { worked <- s.Work(ctx, o) }()
	for end := time.Now().Add(60 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			status, err := q.Status(t.Context())
			t.Fatalf("it does not come about: %+v, %v", status, err)
		}
	}
	stop()
	if err := <-worked; err != nil {
		t.Fatal(err)
	}
}

// TestKilledAcrossSlots kills the process that serves an hourly schedule, and lets
// three slots pass before there is another.
func TestKilledAcrossSlots(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		killedAcrossSlots(t, func(p *press, _ string) string { return filepath.Join(p.dir, "queue.db") })
	})
	t.Run("postgres", func(t *testing.T) {
		server := pgtest.For(t)
		killedAcrossSlots(t, func(_ *press, rule string) string {
			address, err := server.Create(rule, "template1")
			if err != nil {
				t.Fatal(err)
			}
			return address
		})
	})
}

func killedAcrossSlots(t *testing.T, database func(p *press, rule string) string) {
	t.Parallel()
	for rule, want := range map[string]int{"none": 1, "once": 2, "all": 4} {
		p := newPress(t, 0, fmt.Sprintf("schedules: {hourly: {cron: '@hourly', catch_up: %s}}", rule))
		address := database(p, "rule_"+rule)
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			p.write(t, "posts/draft.md", "---\ndraft: true\n---\nNot yet.\n")
			c := task{Show: p.config(t).File, Database: address, Jobs: 1}
			first := spawnBeforeSlot(t, &c)
			for end := time.Now().Add(10 * time.Second); len(runsOf(t, address)) == 0; time.Sleep(100 * time.Millisecond) {
				if time.Now().After(end) { // on a busy machine it began behind the slot, and has seen the schedule by now
					first.kill()
					first = spawnBeforeSlot(t, &c)
					end = time.Now().Add(10 * time.Second)
				}
			}
			first.kill()
			c.Ahead += 3*time.Hour + 20*time.Minute
			second := spawn(t, c)
			await(t, "the runs that were missed", func() bool {
				runs := runsOf(t, address)
				for _, r := range runs {
					if !r.Ended {
						return false
					}
				}
				return len(runs) >= want
			})
			time.Sleep(3 * time.Second) // another look at the schedules
			second.kill()
			seen := map[string]bool{}
			for _, r := range runsOf(t, address) {
				seen[r.ID] = true
			}
			if len(seen) != want {
				t.Errorf("%d runs, want %d: %v", len(seen), want, seen)
			}
		})
	}
}

// spawnBeforeSlot spawns a child by whose clock the next hour is in three seconds.
func spawnBeforeSlot(t *testing.T, c *task) *process {
	t.Helper()
	now := time.Now().Add(c.Ahead)
	c.Ahead += time.Hour - 3*time.Second - now.Sub(now.Truncate(time.Hour))
	return spawn(t, *c)
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); !done(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: they did not come", what)
		}
	}
}

func runsOf(t *testing.T, address string) (runs []batch.RunState) {
	t.Helper()
	look(t, address, func(ctx context.Context, q *queue.Queue) (err error) {
		runs, err = batch.New(q, batch.Options{}).Runs(ctx)
		return err
	})
	return runs
}
