package voices

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestCharactersPerMinute has texts of 100 characters at 600 a minute: the
// first goes at once, the others every ten seconds.
func TestCharactersPerMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var starts []time.Duration
		begin := time.Now()
		s := limited(Limits{Concurrency: 8, CharsPerMinute: 600, Most: 100, Unit: "chars"}, func(context.Context, *call) (*spoken, error) {
			mu.Lock()
			defer mu.Unlock()
			starts = append(starts, time.Since(begin).Round(time.Millisecond))
			return &spoken{}, nil
		})
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { _, _ = s.speak(t.Context(), &call{req: Request{Text: strings.Repeat("a", 100)}}) })
		}
		wg.Wait()
		for i, at := range starts {
			if want := time.Duration(i) * 10 * time.Second; at != want {
				t.Errorf("start %d at %v, want %v", i, at, want)
			}
		}
		// A text longer than a whole minute's is waited for, not refused.
		begin = time.Now()
		if _, err := s.speak(t.Context(), &call{req: Request{Text: strings.Repeat("a", 1800)}}); err != nil || time.Since(begin) < 2*time.Minute {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
	})
}

// TestPaceHoldsNoSlot has the only place of an endpoint taken, then empty,
// while requests wait for the pace: they do not go all at once thereafter, and
// who leaves does not take the pace with him.
func TestPaceHoldsNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var starts []time.Duration
		begin := time.Now()
		s := limited(Limits{Concurrency: 4, PerMinute: 60}, func(context.Context, *call) (*spoken, error) {
			mu.Lock()
			starts = append(starts, time.Since(begin))
			n := len(starts)
			mu.Unlock()
			if n <= 4 {
				time.Sleep(30 * time.Second) // all places are taken for half a minute
			}
			return &spoken{}, nil
		})
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() { _, _ = s.speak(t.Context(), &call{}) })
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.speak(ctx, &call{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who could not wait: %v", err)
		}
		if n := s.gate.inside; n > 2 {
			t.Errorf("%d places are taken after a second, want those of two requests", n)
		}
		wg.Wait()
		for i := 6; i < len(starts); i++ { // one had waited the pace out, and one comes by it
			if gap := starts[i] - starts[i-1]; gap < 900*time.Millisecond {
				t.Errorf("start %d came %v after the one before: at %v", i, gap, starts)
			}
		}
	})
}
