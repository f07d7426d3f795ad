package voices

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBackOff(t *testing.T) {
	t.Parallel()
	r := Retry{Attempts: 9, Base: time.Second, Cap: 10 * time.Second}
	var got []time.Duration
	for n := 1; ; n++ {
		d, again := r.next(n, &Error{Advice: Again}, 0)
		if !again {
			break
		}
		got = append(got, d/time.Second)
	}
	if diff := cmp.Diff([]time.Duration{1, 2, 4, 8, 10, 10, 10, 10}, got); diff != "" {
		t.Error(diff)
	}
	for name, test := range map[string]struct {
		e      Error
		jitter float64
		want   time.Duration
		again  bool
	}{
		"less a quarter":      {Error{Advice: Again}, 1, 750 * time.Millisecond, true},
		"asked, and a tenth":  {Error{Advice: Wait, RetryAfter: 20 * time.Second}, 1, 22 * time.Second, true},
		"never before asked":  {Error{Advice: Wait, RetryAfter: 20 * time.Second}, 0, 20 * time.Second, true},
		"beyond our patience": {Error{Advice: Wait, RetryAfter: 51 * time.Second}, 0, 0, false},
		"hopeless":            {Error{Advice: GiveUp}, 0, 0, false},
		"worth one":           {Error{Advice: Again, most: 1}, 0, 0, false},
	} {
		if got, again := r.next(1, &test.e, test.jitter); got != test.want || again != test.again {
			t.Errorf("%s: %v, %v", name, got, again)
		}
	}
}

// TestWaitsHoldNoSlot has a request back off while another one, of an
// endpoint with one slot, goes through.
func TestWaitsHoldNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		first := true
		transport := func(context.Context, *call) (*spoken, error) {
			time.Sleep(time.Second)
			if first {
				first = false
				return nil, &Error{Advice: Wait, RetryAfter: 30 * time.Second}
			}
			return &spoken{}, nil
		}
		spec := Endpoint{Limits: Limits{Concurrency: 1}, Retry: Retry{Attempts: 3, Base: time.Second, Cap: time.Minute}}
		say := retried(spec, OpenOptions{Jitter: func() float64 { return 0 }}, limited(spec.Limits, transport).speak)
		var wg sync.WaitGroup
		var took [2]time.Duration
		for i := range took {
			wg.Go(func() {
				if _, err := say(t.Context(), &call{}); err != nil {
					t.Error(err)
				}
				took[i] = time.Since(start)
			})
			synctest.Wait()
		}
		wg.Wait()
		if diff := cmp.Diff([2]time.Duration{32 * time.Second, 2 * time.Second}, took); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPerMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		say := limited(Limits{Concurrency: 8, PerMinute: 30}, func(context.Context, *call) (*spoken, error) { return &spoken{}, nil }).speak
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() { _, _ = say(t.Context(), &call{}) })
		}
		wg.Wait()
		if d := time.Since(start); d != 30*time.Second {
			t.Errorf("16 requests at 30 a minute took %v", d)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := say(ctx, &call{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}

func TestSleepEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		calls := 0
		say := retried(Endpoint{Retry: Retry{Attempts: 9, Base: time.Hour, Cap: time.Hour}}, OpenOptions{},
			func(context.Context, *call) (*spoken, error) { calls++; return nil, &Error{Advice: Again} })
		if _, err := say(ctx, &call{}); !errors.Is(err, context.DeadlineExceeded) || calls != 1 {
			t.Errorf("%d calls: %v", calls, err)
		}
	})
}

// TestWaitsAreBounded has an endpoint that always asks for another minute:
// together, the waits are no longer than they may be.
func TestWaitsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		say := retried(Endpoint{Retry: Retry{Attempts: 100, Base: time.Second, Cap: time.Minute, Total: 10 * time.Minute}}, OpenOptions{Jitter: func() float64 { return 0 }},
			func(context.Context, *call) (*spoken, error) {
				return nil, &Error{Advice: Wait, RetryAfter: time.Minute, Billed: 1}
			})
		_, err := say(t.Context(), &call{})
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Attempts != 11 || e.Billed != 11 || time.Since(start) != 10*time.Minute {
			t.Errorf("%+v after %v", err, time.Since(start))
		}
	})
}
