package voices

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// fragile is a transport that fails for a while, and takes a second for it.
type fragile struct {
	mu    sync.Mutex
	until time.Time
	err   error
	calls []time.Duration // since the bubble began
	start time.Time
}

func (f *fragile) speak(context.Context, *call) (*spoken, error) {
	f.mu.Lock()
	f.calls = append(f.calls, time.Since(f.start))
	down := time.Now().Before(f.until)
	f.mu.Unlock()
	time.Sleep(time.Second)
	if down {
		if e, ok := errors.AsType[*Error](f.err); ok {
			own := *e // whoever asks writes into it
			return nil, &own
		}
		return nil, f.err
	}
	return &spoken{}, nil
}

func failing(span time.Duration, err error) *fragile {
	return &fragile{start: time.Now(), until: time.Now().Add(span), err: err}
}

var outage = Endpoint{
	Name: "studio", Retry: Retry{Attempts: 5, Base: time.Second, Cap: time.Minute, Total: 10 * time.Minute},
	Breaker: Breaker{Failures: 4, Rest: 15 * time.Second},
}

// atOnce has n requests made at once, and gathers their errors.
func atOnce(t *testing.T, n int, say speaker) []error {
	t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { _, errs[i] = say(t.Context(), &call{}) })
	}
	wg.Wait()
	return errs
}

func steady() float64 { return 0 }

// TestOutageIsWaitedOut has an endpoint down for a minute: a few requests
// find out, one at a time tries it then, and all are spoken in the end.
func TestOutageIsWaitedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := failing(time.Minute, &Error{Endpoint: "studio", Advice: Again, Reason: "502 Bad Gateway"})
		var told atomic.Int32
		o := OpenOptions{Jitter: steady, Retry: func(string, time.Duration, error) { told.Add(1) }}
		for i, err := range atOnce(t, 8, retried(outage, o, guarded(outage, o, f.speak))) {
			if err != nil {
				t.Errorf("request %d: %v", i, err)
			}
		}
		// Eight at once find it down; then one every 16 s until it is up.
		if down := len(f.calls) - 8; down > 8+4 {
			t.Errorf("%d requests were made of an endpoint that was down: at %v", down, f.calls)
		}
		if told.Load() == 0 {
			t.Error("nobody was told of the waits")
		}
	})
}

// TestOutageEnds has an endpoint that does not come back.
func TestOutageEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := failing(time.Hour, &Error{Endpoint: "studio", Advice: Again, Reason: "502 Bad Gateway"})
		spec := outage
		start, unasked := time.Now(), 0
		for _, err := range atOnce(t, 8, retried(spec, OpenOptions{Jitter: steady}, guarded(spec, OpenOptions{}, f.speak))) {
			e, ok := errors.AsType[*Error](err)
			if !ok || !Down(err) || !strings.Contains(err.Error(), "502 Bad Gateway") {
				t.Fatalf("%v", err)
			}
			if strings.Contains(e.Reason, "it is down, and did not come back") {
				unasked++
			}
			if e.Attempts == 0 || e.Attempts > len(f.calls) {
				t.Errorf("%d attempts", e.Attempts)
			}
		}
		if took := time.Since(start); took > 5*16*time.Second {
			t.Errorf("they waited %v", took)
		}
		if unasked == 0 || len(f.calls) > 8+5 {
			t.Errorf("%d gave up for the outage; %d requests were made", unasked, len(f.calls))
		}
	})
}

// TestRefusalsAreAnswers has faults in a row that do not say that it is down.
func TestRefusalsAreAnswers(t *testing.T) {
	for name, e := range map[string]*Error{
		"haste":       {Advice: Wait, RetryAfter: time.Millisecond},
		"bad request": {Advice: GiveUp, Status: 400},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := failing(time.Hour, e)
				start := time.Now()
				say := guarded(outage, OpenOptions{}, f.speak)
				for range 20 {
					_, _ = say(t.Context(), &call{})
				}
				if took := time.Since(start); took != 20*time.Second {
					t.Errorf("20 requests took %v", took)
				}
			})
		})
	}
}

// TestTrierLeaves has the request that tries the endpoint given up: the next
// one tries it then.
func TestTrierLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := failing(10*time.Second, &Error{Advice: Again})
		say := guarded(outage, OpenOptions{}, func(ctx context.Context, c *call) (*spoken, error) {
			if answer, err := f.speak(ctx, c); err != nil || ctx.Err() == nil {
				return answer, err
			}
			return nil, ctx.Err()
		})
		for range 4 {
			_, _ = say(t.Context(), &call{})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 15500*time.Millisecond) // in the middle of its try
		defer cancel()
		if _, err := say(ctx, &call{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who left: %v", err)
		}
		if _, err := say(t.Context(), &call{}); err != nil {
			t.Errorf("the next: %v", err)
		}
		if n := len(f.calls); n != 6 {
			t.Errorf("%d requests, want 4 that failed, one that left and one more", n)
		}
	})
}

// TestWaiterLeaves has who waits for an endpoint that is down leave at once.
func TestWaiterLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := failing(time.Hour, &Error{Advice: Again})
		say := guarded(outage, OpenOptions{}, f.speak)
		for range 4 {
			_, _ = say(t.Context(), &call{})
		}
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if _, err := say(ctx, &call{}); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
