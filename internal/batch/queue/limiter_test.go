//go:build unix

package queue

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// provider is an endpoint that counts what it is asked.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	events []event
	shows  map[string]int
}

type event struct {
	when  time.Time
	delta int
}

func newProvider(t *testing.T, takes time.Duration) *provider {
	p := &provider{shows: map[string]int{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.count(1)
		p.mu.Lock()
		p.shows[r.FormValue("show")]++
		p.mu.Unlock()
		select {
		case <-time.After(takes):
		case <-r.Context().Done(): // its client died
		}
		p.count(-1)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) count(delta int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, event{time.Now(), delta})
}

// flight is the most that was in flight between two times, and the mean.
func (p *provider) flight(from, to time.Time) (most int, mean float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	inside, last := 0, from
	for _, e := range p.events {
		if e.when.After(to) {
			break
		}
		if e.when.After(from) {
			mean += float64(inside) * e.when.Sub(last).Seconds()
			last = e.when
		}
		inside += e.delta
		if e.when.After(from) {
			most = max(most, inside)
		}
	}
	mean += float64(inside) * to.Sub(last).Seconds()
	return most, mean / to.Sub(from).Seconds()
}

// starts are when requests came, between two times.
func (p *provider) starts(from, to time.Time) []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []time.Time
	for _, e := range p.events {
		if e.delta > 0 && e.when.After(from) && e.when.Before(to) {
			out = append(out, e.when)
		}
	}
	return out
}

// busy are four workers whose jobs ask without end, three for one show and one
// for another.
func busy(t *testing.T, p *provider, limits Limits) []*process {
	t.Helper()
	address := postgres(t)
	c := task{
		Address: address, Jobs: 1, Starts: startsFile(t), Server: p.URL, Limits: limits,
		Options: childOptions{Beat: 200 * time.Millisecond, Stale: time.Second, MaxCrashes: 10},
	}
	prepare(t, address, 0, deed{})
	q := open(t, address, quick())
	for i := range 4 {
		insert(t, q, Order{Show: []string{"a", "a", "a", "b"}[i], Episode: fmt.Sprint(i), Revision: "1", Payload: []byte(`{"Asks": 1000000, "Alike": 6}`)})
	}
	var all []*process
	for range 4 {
		all = append(all, spawn(t, c))
	}
	end := time.Now().Add(30 * time.Second)
	for len(told(t, c.Starts)) < 4 {
		if time.Now().After(end) {
			t.Fatal("the workers do not begin")
		}
		time.Sleep(20 * time.Millisecond)
	}
	return all
}

// leastUsed of a limit is what its users are promised.
const leastUsed = 0.95

// bestOf measures again and again, until enough is reached or time is up: what
// else the machine does can only make it less.
func bestOf(enough float64, window, within time.Duration, measure func(from, to time.Time) float64) float64 {
	best := 0.0
	for end := time.Now().Add(within); best < enough && time.Now().Before(end); {
		from := time.Now()
		time.Sleep(window)
		best = max(best, measure(from, time.Now()))
	}
	return best
}

// The tests of use are not parallel: they would measure the others.

func TestConcurrencyOverFourWorkers(t *testing.T) {
	const limit = 10
	p := newProvider(t, 250*time.Millisecond)
	workers := busy(t, p, Limits{Concurrency: limit})
	mean := func(from, to time.Time) float64 { _, mean := p.flight(from, to); return mean }
	best := bestOf(leastUsed*limit, 2*time.Second, 20*time.Second, mean)
	t.Logf("four workers: %.2f of %d in flight", best, limit)
	if best < leastUsed*limit {
		t.Errorf("%.2f of %d were in flight", best, limit)
	}
	p.mu.Lock()
	clear(p.shows)
	p.mu.Unlock()
	time.Sleep(2 * time.Second)
	p.mu.Lock()
	a, b := p.shows["a"], p.shows["b"]
	p.mu.Unlock()
	if ratio := float64(b) / float64(a+b); ratio < 0.4 || ratio > 0.6 {
		t.Errorf("of two shows one had %d requests, the other %d", a, b)
	}
	workers[0].signal(syscall.SIGKILL)
	best = bestOf(leastUsed*limit, 2*time.Second, 20*time.Second, mean)
	t.Logf("one was killed: %.2f of %d in flight", best, limit)
	if best < leastUsed*limit {
		t.Errorf("after one was killed %.2f of %d were in flight", best, limit)
	}
	if most, _ := p.flight(time.Time{}, time.Now()); most > limit {
		t.Errorf("%d were in flight at once; the limit is %d", most, limit)
	}
}

func TestPaceOverFourWorkers(t *testing.T) {
	const perMinute = 1200
	p := newProvider(t, 100*time.Millisecond)
	busy(t, p, Limits{PerMinute: perMinute})
	began := time.Now()
	used := bestOf(leastUsed, 3*time.Second, 20*time.Second, func(from, to time.Time) float64 {
		return float64(len(p.starts(from, to))) / (to.Sub(from).Minutes() * perMinute)
	})
	t.Logf("%.3f of the pace used", used)
	if used < leastUsed {
		t.Errorf("%.3f of the pace was used", used)
	}
	// What 60 s and slack hold is at most a minute's; so are all shorter windows in
	// proportion, but for the slack.
	starts := p.starts(began, time.Now())
	for _, window := range []time.Duration{time.Second, 3 * time.Second} {
		most := int((window+slack).Seconds()*perMinute/(time.Minute+slack).Seconds()) + 1
		for i := range starts {
			j, _ := slices.BinarySearchFunc(starts, starts[i].Add(window), func(a, b time.Time) int { return a.Compare(b) })
			if j-i > most {
				t.Fatalf("%d requests began in %v", j-i, window)
			}
		}
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		now := time.Date(2026, 4, 30, 23, 0, 0, 0, time.UTC)
		var mu sync.Mutex
		o := quick()
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
		q := open(t, address, o)
		set := func(to time.Time) {
			mu.Lock()
			now = to.Add(-q.heart.offset()) // the database's clock is followed
			mu.Unlock()
		}
		l := q.NewLimiter(map[string]Limits{"chars": {CharactersPerDay: 10_000}, "money": {MoneyPerMonth: 2}})
		defer l.Close()
		ask := func(endpoint string, characters int, money float64) error {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			release, err := l.Acquire(ctx, endpoint, "show", characters, money)
			if err == nil {
				release()
				release()
			}
			return err
		}
		day := q.now().UTC()
		for _, endpoint := range []string{"chars", "money"} {
			used := 0
			var err error
			for ; used < 200 && err == nil; used++ {
				err = ask(endpoint, 100, 0.02)
			}
			spent, ok := errors.AsType[*SpentError](err)
			if !ok || used-1 < 95 || used-1 > 100 {
				t.Fatalf("%s: %d requests of 100, then %v", endpoint, used-1, err)
			}
			if !spent.Until.After(day) || spent.Until.Hour() != 0 || endpoint == "money" && spent.Until.Day() != 1 {
				t.Errorf("%s: there is more at %v", endpoint, spent.Until)
			}
			if q.db.postgres { // it is its clock that counts
				continue
			}
			set(spent.Until.Add(time.Second))
			if err := ask(endpoint, 100, 0.02); err != nil {
				t.Errorf("%s in the next one: %v", endpoint, err)
			}
			if err := ask(endpoint, 100_000, 100); !errors.As(err, new(*SpentError)) {
				t.Errorf("%s: more than there ever is: %v", endpoint, err)
			}
		}
		if err := ask("unlimited", 1_000_000, 100); err != nil {
			t.Error(err)
		}
	})
}

func TestAcquireIsCancelled(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		l := q.NewLimiter(map[string]Limits{"e": {Concurrency: 1}})
		release, err := l.Acquire(t.Context(), "e", "s", 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if _, err := l.Acquire(ctx, "e", "s", 1, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a second one: %v", err)
		}
		s, err := q.Status(t.Context())
		if err != nil || len(s.Usage) != 1 || s.Usage[0].Slots != 1 {
			t.Errorf("%+v %v", s.Usage, err)
		}
		release()
		if release, err = l.Acquire(t.Context(), "e", "s", 1, 0); err != nil {
			t.Fatal(err)
		}
		release()
		l.Close()
		if n := count(t, q, `SELECT count(*) FROM narrapress_share`); n != 0 {
			t.Errorf("%d shares are left", n)
		}
	})
}
