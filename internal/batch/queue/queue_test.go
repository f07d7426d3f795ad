//go:build unix

package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestInsert(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		outcome := func(o Order) Outcome { return insert(t, q, o)[0].Outcome }
		later := func(revision string) Order {
			o := episode("show", "a", revision)
			o.Due = time.Now().Add(time.Hour)
			return o
		}
		for _, step := range []struct {
			name  string
			order Order
			want  Outcome
		}{
			{"the first", later("1"), Added},
			{"the same again", later("1"), Duplicate},
			{"an edit before it began", later("2"), ReplacedOlder},
			{"another episode", episode("show", "b", "2"), Added},
			{"another show's", episode("other", "a", "2"), Added},
		} {
			if got := outcome(step.order); got != step.want {
				t.Errorf("%s: %s, not %s", step.name, got, step.want)
			}
		}
		go1 := make(chan struct{})
		began := make(chan string, 10)
		work(t, q, WorkOptions{Jobs: 4}, func(ctx context.Context, j *Job) error {
			if j.Episode == "c" {
				began <- j.Revision
				<-go1
			}
			return nil
		})
		first := insert(t, q, episode("show", "c", "1"))[0]
		if r := <-began; r != "1" {
			t.Fatalf("revision %s began", r)
		}
		for _, step := range []struct {
			name, revision string
			want           Outcome
		}{
			{"what runs", "1", Duplicate},
			{"an edit meanwhile", "2", BehindOlder},
			{"the same edit", "2", Duplicate},
			{"the edit taken back", "1", Duplicate},
			{"another edit", "3", BehindOlder},
			{"one more", "4", BehindOlder},
		} {
			if got := outcome(episode("show", "c", step.revision)); got != step.want {
				t.Errorf("%s: %s, not %s", step.name, got, step.want)
			}
		}
		close(go1)
		if r := <-began; r != "4" {
			t.Errorf("revision %s began after it", r)
		}
		untilState(t, q, first.ID, Done)
		entries, err := q.List(t.Context(), Filter{Show: "show", States: []State{Replaced}})
		if err != nil {
			t.Fatal(err)
		}
		var revisions []string
		for _, e := range entries {
			revisions = append(revisions, e.Episode+e.Revision)
		}
		if diff := cmp.Diff([]string{"a1", "c2", "c3"}, revisions); diff != "" {
			t.Errorf("replaced (-want +got):\n%s", diff)
		}
	})
}

func TestInsertRefuses(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		for _, o := range []Order{{Episode: "a", Revision: "1"}, {Show: "s", Revision: "1"}, {Show: "s", Episode: "a"}, {Show: "s", Episode: "a", Revision: "1", Payload: json.RawMessage("{")}} {
			if _, err := q.Insert(t.Context(), episode("s", "good", "1"), o); err == nil {
				t.Errorf("%+v was taken", o)
			}
		}
		if entries, err := q.List(t.Context(), Filter{}); err != nil || len(entries) > 0 {
			t.Errorf("part of a refused order was taken: %v %v", entries, err)
		}
	})
}

// TestOneAtATime has many insert many revisions of one episode.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		var inside, most, ran atomic.Int32
		work(t, q, WorkOptions{Jobs: 8}, func(ctx context.Context, j *Job) error {
			if n := inside.Add(1); n > most.Load() {
				most.Store(n)
			}
			ran.Add(1)
			time.Sleep(20 * time.Millisecond)
			inside.Add(-1)
			return nil
		})
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range 6 {
					if _, err := q.Insert(t.Context(), episode("s", "e", fmt.Sprint(w, "-", i))); err != nil {
						t.Error(err)
					}
					time.Sleep(150 * time.Millisecond)
				}
			})
		}
		wg.Wait()
		end := time.Now().Add(10 * time.Second)
		for {
			left, err := q.List(t.Context(), Filter{States: []State{Ready, Running, Behind}})
			if err != nil {
				t.Fatal(err)
			}
			if len(left) == 0 {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("left: %+v", left)
			}
			time.Sleep(20 * time.Millisecond)
		}
		if most.Load() != 1 || ran.Load() < 1 {
			t.Errorf("%d at once, %d in all", most.Load(), ran.Load())
		}
	})
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		o := quick()
		o.MaxAttempts = 3
		q := open(t, address, o)
		work(t, q, WorkOptions{Jobs: 4}, func(ctx context.Context, j *Job) error {
			j.Log.Info("trying", "attempt", j.Attempt)
			switch j.Episode {
			case "fails":
				return errors.New("no luck\x00")
			case "once":
				if j.Attempt == 1 {
					return errors.New("no luck at first")
				}
			case "gone":
				return Permanent(errors.New("the page is not there"))
			case "panics":
				panic("oh no")
			case "waits":
				return Wait(time.Now().Add(time.Hour), "the breaker of tts")
			}
			return nil
		})
		want := map[string]struct {
			state    State
			attempts int
			reason   string
		}{
			"fine":   {Done, 1, ""},
			"once":   {Done, 2, ""},
			"fails":  {Dead, 3, "no luck\uFFFD"},
			"gone":   {Dead, 1, "the page is not there"},
			"panics": {Dead, 3, "panic: oh no"},
			"waits":  {Ready, 0, ""},
		}
		ids := map[string]int64{}
		for name := range want {
			ids[name] = insert(t, q, episode("s", name, "1"))[0].ID
		}
		for name, w := range want {
			e := until(t, q, ids[name], string(w.state), func(e Entry) bool {
				return e.State == w.state && (w.state != Ready || e.Waits != "")
			})
			if e.Attempts != w.attempts || e.Error != w.reason {
				t.Errorf("%s: %d attempts, %q", name, e.Attempts, e.Error)
			}
			if w.state == Dead {
				contains(t, e.Excerpt, fmt.Sprintf("msg=trying job=%d", e.ID))
			}
			if name == "panics" {
				contains(t, e.Excerpt, "queue_test.go")
			}
			if name == "waits" && (e.Waits != "the breaker of tts" || time.Until(e.Due) < 50*time.Minute) {
				t.Errorf("waits: %+v", e)
			}
		}
		if err := q.Retry(t.Context(), ids["fine"]); !errors.Is(err, ErrState) {
			t.Errorf("retry of one that is done: %v", err)
		}
		if err := q.Retry(t.Context(), 4711); !errors.Is(err, ErrNotFound) {
			t.Errorf("retry of none: %v", err)
		}
		before, err := q.Get(t.Context(), ids["gone"])
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Retry(t.Context(), ids["gone"]); err != nil {
			t.Error(err)
		}
		until(t, q, ids["gone"], "dead again", func(e Entry) bool {
			return e.State == Dead && e.Started.After(before.Started) && e.Attempts == 1
		})
	})
}

func TestFinishIsOneTransaction(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		effects(t, q)
		work(t, q, WorkOptions{Jobs: 1}, func(ctx context.Context, j *Job) error {
			return j.Finish(ctx, func(tx *sql.Tx) error {
				if _, err := tx.ExecContext(ctx, `INSERT INTO effects VALUES ('e', '`+fmt.Sprint(j.Attempt)+`')`); err != nil {
					return err
				}
				if j.Attempt == 1 {
					return errors.New("the disk is full")
				}
				_, err := q.InsertTx(ctx, tx, episode("s", "next", "1"))
				return err
			})
		})
		id := insert(t, q, episode("s", "e", "1"))[0].ID
		untilState(t, q, id, Done)
		if n := count(t, q, `SELECT count(*) FROM effects WHERE episode = 'e'`); n != 1 {
			t.Errorf("%d effects", n)
		}
		if n := count(t, q, `SELECT count(*) FROM narrapress_job WHERE episode = 'next'`); n != 1 {
			t.Errorf("%d jobs after it", n)
		}
	})
}

func TestPause(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		before := insert(t, q, episode("a", "1", "1"), episode("b", "1", "1"))
		if err := q.Pause(t.Context(), "a", "the voice is ill"); err != nil {
			t.Fatal(err)
		}
		after := insert(t, q, episode("a", "2", "1"))
		work(t, q, WorkOptions{Jobs: 2}, func(ctx context.Context, j *Job) error { return nil })
		untilState(t, q, before[1].ID, Done)
		for _, id := range []int64{before[0].ID, after[0].ID} {
			if e := untilState(t, q, id, Held); e.Waits != "the voice is ill" {
				t.Errorf("waits for %q", e.Waits)
			}
		}
		if err := q.Pause(t.Context(), "", ""); err != nil {
			t.Fatal(err)
		}
		third := insert(t, q, episode("c", "1", "1"))
		if err := q.Resume(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		untilState(t, q, before[0].ID, Held)
		s, err := q.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Paused) != 1 || s.Counts["a"][Held] != 2 || s.Counts["c"][Held] != 1 || len(s.Workers) != 1 {
			t.Errorf("status: %+v", s)
		}
		if err := q.Resume(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		for _, i := range append(append(before, after...), third...) {
			untilState(t, q, i.ID, Done)
		}
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		causes := make(chan error, 1)
		finished := make(chan error, 1)
		work(t, q, WorkOptions{Jobs: 2}, func(ctx context.Context, j *Job) error {
			if j.Revision != "1" {
				return nil
			}
			j.Note("recording")
			<-ctx.Done()
			causes <- context.Cause(ctx)
			finished <- j.Finish(ctx, nil)
			return context.Cause(ctx)
		})
		running := insert(t, q, episode("s", "e", "1"))[0].ID
		until(t, q, running, "recording", func(e Entry) bool { return e.Waits == "recording" && e.Worker != "" })
		next := insert(t, q, episode("s", "e", "2"))[0]
		waiting := insert(t, q, Order{Show: "s", Episode: "later", Revision: "1", Due: time.Now().Add(time.Hour)})[0].ID
		for _, id := range []int64{running, waiting} {
			if err := q.Cancel(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			untilState(t, q, id, Cancelled)
		}
		if cause, err := <-causes, <-finished; !errors.Is(cause, ErrCancelled) || !errors.Is(err, ErrCancelled) {
			t.Errorf("cause %v, finish %v", cause, err)
		}
		untilState(t, q, next.ID, Done)
		if err := q.Cancel(t.Context(), running); !errors.Is(err, ErrState) {
			t.Errorf("cancelled twice: %v", err)
		}
	})
}

func TestStopHandsBack(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		began := make(chan bool, 2)
		handle := func(ctx context.Context, j *Job) error {
			began <- true
			if j.Episode == "short" {
				time.Sleep(200 * time.Millisecond)
				return nil
			}
			<-ctx.Done()
			return context.Cause(ctx)
		}
		stop := work(t, q, WorkOptions{Jobs: 2, Grace: time.Second}, handle)
		ids := insert(t, q, episode("s", "short", "1"), episode("s", "long", "1"))
		<-began
		<-began
		stop()
		untilState(t, q, ids[0].ID, Done)
		if e := untilState(t, q, ids[1].ID, Ready); e.Attempts != 0 || e.Crashes != 0 {
			t.Errorf("it was counted: %+v", e)
		}
	})
}

func TestSlots(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		start := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
		if last, err := q.LastSlot(t.Context(), "daily", start); err != nil || !last.Equal(start) {
			t.Fatalf("%v %v", last, err)
		}
		due := make([]Slot, 30)
		for i := range due {
			due[i] = Slot{At: start.AddDate(0, 0, i+1), Skipped: i%10 == 9}
		}
		var wg sync.WaitGroup
		var claimed atomic.Int32
		for range 4 {
			wg.Go(func() {
				for i := range due {
					got, err := q.Slots(t.Context(), "daily", due[:i+1], func(tx *sql.Tx, slot Slot) error {
						_, err := q.InsertTx(t.Context(), tx, episode("s", slot.At.Format(time.DateOnly), "1"))
						return err
					})
					if err != nil {
						t.Error(err)
					}
					claimed.Add(int32(len(got)))
				}
			})
		}
		wg.Wait()
		if n := count(t, q, `SELECT count(*) FROM narrapress_job`); n != 27 || claimed.Load() != 30 {
			t.Errorf("%d jobs of %d slots", n, claimed.Load())
		}
		more := []Slot{{At: start.AddDate(0, 0, 40)}, {At: start.AddDate(0, 0, 41)}}
		got, err := q.Slots(t.Context(), "daily", more, func(tx *sql.Tx, slot Slot) error {
			if slot == more[1] {
				return errors.New("no feed")
			}
			return nil
		})
		if err == nil || len(got) != 1 {
			t.Errorf("%v %v", got, err)
		}
		if last, err := q.LastSlot(t.Context(), "daily", more[0].At); err != nil || !last.Equal(more[0].At) {
			t.Errorf("last is %v %v", last, err)
		}
	})
}

func effects(t testing.TB, q *Queue) {
	t.Helper()
	if _, err := q.db.ExecContext(t.Context(), `CREATE TABLE effects (episode TEXT NOT NULL, revision TEXT NOT NULL)`); err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, q *Queue, statement string) int {
	t.Helper()
	var n int
	if err := q.db.QueryRowContext(t.Context(), statement).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTurns: a show with one job does not wait for all of another's hundred, and
// what was begun before comes first.
func TestTurns(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		var orders []Order
		for i := range 100 {
			orders = append(orders, episode("long", fmt.Sprintf("%03d", i), "1"))
		}
		insert(t, q, orders...)
		insert(t, q, episode("short", "only", "1"))
		var mu sync.Mutex
		var order []string
		work(t, q, WorkOptions{Jobs: 1}, func(ctx context.Context, j *Job) error {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, j.Episode)
			if j.Episode == "003" && j.Attempt == 1 {
				return errors.New("once more")
			}
			return nil
		})
		end := time.Now().Add(20 * time.Second)
		for {
			mu.Lock()
			n := len(order)
			mu.Unlock()
			if n >= 12 {
				break
			}
			if time.Now().After(end) {
				t.Fatal(order)
			}
			time.Sleep(20 * time.Millisecond)
		}
		mu.Lock()
		defer mu.Unlock()
		want := []string{"000", "001", "002", "003", "003", "004", "005", "006", "007", "only", "008", "009"}
		if diff := cmp.Diff(want, order[:12]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestOrderedAfterACancel orders the same revision again while its job, whose end
// was asked for, still runs: that one makes nothing, so there is another.
func TestOrderedAfterACancel(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		first := insert(t, q, episode("s", "e", "1"))[0]
		var begun atomic.Int32
		work(t, q, WorkOptions{Jobs: 1, Grace: time.Millisecond}, func(ctx context.Context, j *Job) error {
			if begun.Add(1) == 1 {
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return nil
		})
		untilState(t, q, first.ID, Running)
		if err := q.Cancel(t.Context(), first.ID); err != nil {
			t.Fatal(err)
		}
		second := insert(t, q, episode("s", "e", "1"))[0]
		if second.Outcome != BehindOlder || second.ID == first.ID {
			t.Errorf("ordered again: %+v after %+v", second, first)
		}
		untilState(t, q, first.ID, Cancelled)
		untilState(t, q, second.ID, Done)
	})
}
