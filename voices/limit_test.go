package voices

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/narrapress/narrapress/internal/store"
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
		s.gate.mu.Lock()
		n := s.gate.inside
		s.gate.mu.Unlock()
		if n > 2 {
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

// slow is a store that keeps nothing before it may.
type slow struct {
	Store
	may chan struct{}
}

func (s *slow) Put(key string, meta []byte, data io.Reader) (bool, error) {
	<-s.may
	return s.Store.Put(key, meta, data)
}

// TestAnswerHoldsItsPlace has a store that takes its time: no more is answered and not
// yet kept than may be in flight. An answer of no use makes room for the next to the
// same text.
func TestAnswerHoldsItsPlace(t *testing.T) {
	kept := store.Folder(t.TempDir(), store.Options{})
	synctest.Test(t, func(t *testing.T) {
		var useful atomic.Int32
		shelf := &slow{kept, make(chan struct{})}
		s := limited(Limits{Concurrency: 2}, func(context.Context, *call) (*spoken, error) {
			return &spoken{audio: []byte("sound"), mediaType: "audio/wav"}, nil
		})
		ask := retried(Endpoint{}, OpenOptions{}, s.speak)
		twice := func(ctx context.Context, c *call) (*spoken, error) { // as a check does that refuses the first
			if _, err := ask(ctx, c); err != nil {
				return nil, err
			}
			answer, err := ask(ctx, c)
			useful.Add(1)
			return answer, err
		}
		k := &keeper{
			store: shelf, next: twice, flights: map[string]*flight{},
			identity: func(context.Context) (string, error) { return "studio", nil },
		}
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				if _, err := k.speak(t.Context(), &call{key: fmt.Sprintf("%064x", i)}); err != nil {
					t.Error(err)
				}
			})
		}
		for i := range 4 {
			synctest.Wait()
			if n := useful.Load(); int(n) != min(2+i, 5) {
				t.Errorf("%d are answered when %d are kept", n, i)
			}
			shelf.may <- struct{}{}
		}
		close(shelf.may)
		wg.Wait()
	})
}

// TestAnswerOfNoUseHoldsNoPlace has two answers that are of no use take all places of
// an endpoint that is left alone by then: the request that tries whether it is back
// finds a place.
func TestAnswerOfNoUseHoldsNoPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		spec := Endpoint{Retry: Retry{Attempts: 5, Base: time.Millisecond, Cap: time.Millisecond}, Breaker: Breaker{Failures: 1, Rest: 10 * time.Second}}
		down := true
		s := limited(Limits{Concurrency: 2}, func(_ context.Context, c *call) (*spoken, error) {
			if c.key != "fails" {
				time.Sleep(2 * time.Second)
				return &spoken{}, nil
			}
			time.Sleep(time.Second)
			if down {
				down = false
				return nil, &Error{Advice: Again, Reason: "down"}
			}
			return &spoken{}, nil
		})
		o := OpenOptions{}
		ask := retried(spec, o, guarded(spec, o, s.speak))
		var wg sync.WaitGroup
		for _, key := range []string{"fails", "first", "second"} {
			wg.Go(func() {
				c := &call{key: key, held: &stand{}}
				defer c.held.leave()
				for range 2 { // as a check does that refuses the first answer
					if _, err := ask(t.Context(), c); err != nil {
						t.Errorf("%s: %v", key, err)
					}
				}
			})
			synctest.Wait()
		}
		wg.Wait()
	})
}
