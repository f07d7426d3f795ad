//go:build unix

package queue

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// clocked opens a queue on a file whose clock is the test's to set.
func clocked(t *testing.T, from time.Time) (q *Queue, ahead *atomic.Int64) {
	t.Helper()
	ahead = &atomic.Int64{}
	began := time.Now()
	o := quick()
	o.Now = func() time.Time { return from.Add(time.Since(began) + time.Duration(ahead.Load())) }
	return open(t, filepath.Join(t.TempDir(), "queue.db"), o), ahead
}

// The clock goes back by an hour, over midnight: requests begin all the same, and
// what was used of the day is not forgotten.
func TestLimitsWhenTheClockGoesBack(t *testing.T) {
	t.Parallel()
	q, ahead := clocked(t, time.Date(2026, 5, 1, 0, 20, 0, 0, time.UTC))
	l := q.NewLimiter(map[string]Limits{"paced": {PerMinute: 600}, "daily": {CharactersPerDay: 1000}, "slots": {Concurrency: 1}})
	defer l.Close()
	ask := func(endpoint string, characters int) error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		release, err := l.Acquire(ctx, endpoint, "show", characters, 0)
		if err == nil {
			release()
		}
		return err
	}
	all := func(when string) {
		t.Helper()
		for endpoint, characters := range map[string]int{"paced": 1, "daily": 400, "slots": 1} {
			if err := ask(endpoint, characters); err != nil {
				t.Errorf("%s, %s: %v", endpoint, when, err)
			}
		}
	}
	all("before")
	ahead.Store(-int64(time.Hour))
	all("after")
	if err := ask("daily", 400); err == nil {
		t.Error("more characters than the day has")
	}
	ahead.Store(-int64(20 * 24 * time.Hour)) // it was wrong by weeks: that day is another
	all("long before")
}

// A schedule whose last slot is of a clock that was wrong does not stand still
// until then; clocks that differ by minutes take no slot twice.
func TestSlotsWhenTheClockGoesBack(t *testing.T) {
	t.Parallel()
	q, _ := clocked(t, time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC))
	now := q.now()
	for _, tt := range []struct {
		ahead time.Duration
		begun bool // anew
	}{{5 * time.Minute, false}, {365 * 24 * time.Hour, true}} {
		name := tt.ahead.String()
		slot := now.Add(tt.ahead).Truncate(time.Millisecond)
		if _, err := q.Slots(t.Context(), name, []Slot{{At: slot, Skipped: true}}, nil); err != nil {
			t.Fatal(err)
		}
		want := slot
		if tt.begun {
			want = now.Truncate(time.Millisecond)
		}
		last, err := q.LastSlot(t.Context(), name, now)
		if err != nil || !last.Equal(want) {
			t.Errorf("%s ahead: the last slot is %v, want %v, %v", name, last, want, err)
		}
	}
}

// Limits change while requests are in flight: those are counted on, and shares of
// the old limits are not left behind.
func TestLimitsChange(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		l := q.NewLimiter(map[string]Limits{"e": {Concurrency: 4}})
		defer l.Close()
		acquire := func(wait time.Duration) (func(), error) {
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			defer cancel()
			return l.Acquire(ctx, "e", "show", 1, 0)
		}
		var releases []func()
		for range 4 {
			release, err := acquire(10 * time.Second)
			if err != nil {
				t.Fatal(err)
			}
			releases = append(releases, release)
		}
		l.Set(map[string]Limits{"e": {Concurrency: 2}})
		if _, err := acquire(time.Second); err == nil {
			t.Error("a fifth request, of two")
		}
		if n := count(t, q, `SELECT coalesce(sum(slots), 0) FROM narrapress_share`); n != 4 {
			t.Errorf("%d slots are written down, and 4 requests in flight", n)
		}
		for _, release := range releases[:3] {
			release()
		}
		release, err := acquire(10 * time.Second)
		if err != nil {
			t.Fatalf("a second request, of two: %v", err)
		}
		if _, err := acquire(time.Second); err == nil {
			t.Error("a third request, of two")
		}
		l.Set(nil) // no limit any more
		for range 5 {
			if _, err := acquire(5 * time.Second); err != nil {
				t.Fatal(err)
			}
		}
		release()
		releases[3]()
		for end := time.Now().Add(10 * time.Second); count(t, q, `SELECT count(*) FROM narrapress_share`) != 0; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("a share of a limit that is no more is left")
			}
		}
	})
}

// No grace is none.
func TestNoGrace(t *testing.T) {
	t.Parallel()
	q := open(t, filepath.Join(t.TempDir(), "queue.db"), quick())
	insert(t, q, episode("show", "a", "1"))
	begun := make(chan bool)
	stop := work(t, q, WorkOptions{Jobs: 1}, func(ctx context.Context, _ *Job) error {
		close(begun)
		<-ctx.Done()
		return context.Cause(ctx)
	})
	<-begun
	began := time.Now()
	stop()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it stopped after %v", took)
	}
}

// What no waiting mends is told from a database that is away.
func TestWrongAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"postgress://u:p@host/db", "mysql://host/db", "postgres://u:p@h:port/db", "https://host/db"} {
		var wrong *AddressError
		if _, err := Open(t.Context(), address, Options{}); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", address, err)
		}
	}
	address := postgres(t)
	_, err := Open(t.Context(), strings.Replace(address, "/test", "/nowhere", 1), Options{})
	if !Refused(err) {
		t.Errorf("a database that there is not: %v", err)
	}
	if _, err := Open(t.Context(), "postgres://u@127.0.0.1:1/db?connect_timeout=1", Options{}); err == nil || Refused(err) || errors.As(err, new(*AddressError)) {
		t.Errorf("a server that is away: %v", err)
	}
}
