package voices

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// capped is a transport that takes so many at once: it refuses the others, or
// has them wait.
type capped struct {
	mu      sync.Mutex
	rand    *rand.Rand
	limit   int
	waits   bool
	inside  int
	refused int
	line    *gate
}

func (p *capped) speak(ctx context.Context, _ *call) (*spoken, error) {
	if p.waits {
		if err := p.line.enter(ctx); err != nil {
			return nil, err
		}
		defer p.line.leave(func(limit, _ int) int { return limit })
	}
	p.mu.Lock()
	if !p.waits && p.inside >= p.limit {
		p.refused++
		p.mu.Unlock()
		time.Sleep(20 * time.Millisecond)
		return nil, &Error{Advice: Wait}
	}
	p.inside++
	latency := time.Duration(math.Exp(0.5*p.rand.NormFloat64()) * float64(time.Second))
	p.mu.Unlock()
	time.Sleep(latency)
	p.mu.Lock()
	p.inside--
	p.mu.Unlock()
	return &spoken{}, nil
}

func newCapped(limit int, waits bool) *capped {
	return &capped{rand: rand.New(rand.NewPCG(3, 4)), limit: limit, waits: waits, line: newGate(limit)}
}

// load keeps a sender busy for d, by more callers than it lets in, and looks
// at its limit every second.
func load(t *testing.T, s *sender, d time.Duration) (limits []int) {
	t.Helper()
	end := time.Now().Add(d)
	var wg sync.WaitGroup
	for range 2 * adaptiveMost {
		wg.Go(func() {
			for time.Now().Before(end) {
				if _, err := s.speak(t.Context(), &call{}); err != nil {
					time.Sleep(time.Second)
				}
			}
		})
	}
	for time.Now().Before(end) {
		time.Sleep(time.Second)
		limits = append(limits, s.gate.size())
	}
	wg.Wait()
	return limits
}

func mean(ns []int) float64 {
	sum := 0
	for _, n := range ns {
		sum += n
	}
	return float64(sum) / float64(len(ns))
}

var unknown = Limits{Concurrency: 2, Adaptive: true}

// TestFindsTheLimit has a server that refuses, whose limit is lowered and
// raised again.
func TestFindsTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newCapped(12, false)
		s := limited(unknown, p.speak)
		for _, phase := range []struct {
			limit   int
			settles time.Duration // by when it is near
		}{{12, 10 * time.Second}, {3, 10 * time.Second}, {10, 2 * time.Minute}, {40, 5 * time.Minute}} {
			p.mu.Lock()
			p.limit, p.refused = phase.limit, 0
			p.mu.Unlock()
			load(t, s, phase.settles)
			settled := load(t, s, 3*time.Minute)
			if m := mean(settled); m < 0.8*float64(phase.limit) || m > float64(phase.limit)+1 {
				t.Errorf("limit %d: %.1f in flight, %v", phase.limit, m, settled)
			}
			t.Logf("limit %d: %.2f in flight, %d refused", phase.limit, mean(settled), p.refused)
		}
	})
}

// TestFindsTheLimitByLatency has a server that refuses nobody and serves four
// at a time: more than a few times as many are not sent.
func TestFindsTheLimitByLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := limited(unknown, newCapped(4, true).speak)
		load(t, s, time.Minute)
		if m := mean(load(t, s, 10*time.Minute)); m < 4 || m > 16 {
			t.Errorf("%.1f in flight at a server of four", m)
		}
	})
}

// TestLatencyAloneIsNoReason has a server without a limit, whose latencies
// differ as they do: it is used to the full.
func TestLatencyAloneIsNoReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := limited(unknown, newCapped(1000, false).speak)
		load(t, s, 20*time.Second)
		if m := mean(load(t, s, 10*time.Minute)); m < 0.95*adaptiveMost {
			t.Errorf("%.1f in flight, want %d", m, adaptiveMost)
		}
	})
}

func TestTuner(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	haste, late := &Error{Advice: Wait}, &Error{Advice: Again, Err: &TimeoutError{After: time.Minute}}
	at := func(began int, err error) outcome {
		return outcome{began: now.Add(time.Duration(began) * time.Second), ended: now.Add(time.Minute), characters: 60, err: err}
	}
	known := struct{ answer, character float64 }{50, 1}
	for name, test := range map[string]struct {
		tuner         tuner
		limit, inside int
		o             outcome
		want          int
	}{
		"an answer while rising":          {tuner{best: known, most: 64, rising: true, rounds: 1}, 4, 4, at(1, nil), 5},
		"no more than the most":           {tuner{best: known, most: 64, rising: true, rounds: 1}, 64, 64, at(1, nil), 64},
		"the first answers":               {tuner{most: 64, rising: true, rounds: 1}, 4, 4, at(1, nil), 4},
		"an answer with little to do":     {tuner{best: known, most: 64, rising: true, rounds: 1}, 4, 2, at(1, nil), 4},
		"the first of a round":            {tuner{best: known, most: 64, rounds: 1}, 4, 4, at(1, nil), 4},
		"the last of a round":             {tuner{best: known, most: 64, rounds: 1, good: 3}, 4, 4, at(1, nil), 5},
		"the last of the first of two":    {tuner{best: known, most: 64, rounds: 2, good: 3}, 4, 4, at(1, nil), 4},
		"refused beside nine":             {tuner{best: known, most: 64, rising: true, rounds: 1}, 16, 10, at(1, haste), 9},
		"refused alone":                   {tuner{best: known, most: 64, rising: true, rounds: 1}, 2, 1, at(1, haste), 1},
		"too late":                        {tuner{best: known, most: 64, rounds: 1}, 8, 8, at(1, late), 4},
		"too late, and so was one before": {tuner{best: known, most: 64, rounds: 1, cut: now.Add(2 * time.Second)}, 8, 8, at(1, late), 8},
		"failed of itself":                {tuner{best: known, most: 64, rounds: 1}, 8, 8, at(1, &Error{Advice: Again}), 8},
	} {
		if got := test.tuner.judge(test.limit, test.inside, test.o); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

// TestGateIsInOrder has who came first go first, who leaves leave, and nobody
// forgotten when the limit changes.
func TestGateIsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1)
		keep := func(limit, _ int) int { return limit }
		if err := g.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		var order []int
		var wg sync.WaitGroup
		for i := range 6 {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i == 2 {
				time.AfterFunc(time.Second, cancel)
			}
			wg.Go(func() {
				if err := g.enter(ctx); err != nil {
					if i != 2 || !errors.Is(err, context.Canceled) {
						t.Errorf("%d: %v", i, err)
					}
					return
				}
				order = append(order, i) // one at a time is inside
				time.Sleep(time.Second)
				g.leave(keep)
			})
			synctest.Wait()
		}
		time.Sleep(2 * time.Second)
		g.leave(keep)
		wg.Wait()
		for i, want := range []int{0, 1, 3, 4, 5} {
			if len(order) != 5 || order[i] != want {
				t.Fatalf("order %v", order)
			}
		}
		if g.inside != 0 || g.waiting.Len() != 0 {
			t.Errorf("%d are inside, %d wait", g.inside, g.waiting.Len())
		}
	})
}
