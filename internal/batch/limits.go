package batch

import (
	"context"
	"errors"
	"maps"
	"sync"

	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/voices"
)

// limits are what the shows say of their endpoints, by their names. Endpoints of
// one name in several shows are one account at one provider: the lowest limit of
// each kind holds. A program that speaks is each machine's own.
func (b *Batch) limits() map[string]queue.Limits {
	out := map[string]queue.Limits{}
	for _, s := range b.shows {
		endpoints, err := voices.Resolve(s.cfg.Endpoints)
		if err != nil {
			continue // its press could not be made of them
		}
		for name, e := range endpoints {
			if e.Transport == "command" {
				continue
			}
			l := queue.Limits{
				Concurrency: e.Limits.Concurrency, PerMinute: e.Limits.PerMinute,
				CharactersPerDay: int64(e.Limits.CharsPerDay), MoneyPerMonth: e.Limits.CostPerMonth,
			}
			if e.Limits.Adaptive {
				l.Concurrency = 0 // it is where the search begins, and no limit
			}
			was := out[name]
			out[name] = queue.Limits{
				Concurrency: lower(was.Concurrency, l.Concurrency), PerMinute: lower(was.PerMinute, l.PerMinute),
				CharactersPerDay: lower(was.CharactersPerDay, l.CharactersPerDay), MoneyPerMonth: lower(was.MoneyPerMonth, l.MoneyPerMonth),
			}
		}
	}
	maps.DeleteFunc(out, func(_ string, l queue.Limits) bool { return l == queue.Limits{} })
	return out
}

// lower is the lower of two limits, of which 0 is none.
func lower[N int | int64 | float64](a, b N) N {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Limits are the limits that are shared, by endpoint.
func (b *Batch) Limits() map[string]queue.Limits {
	if b.gate == nil {
		return nil
	}
	b.gate.mu.Lock()
	defer b.gate.mu.Unlock()
	return maps.Clone(b.gate.limits)
}

// turnstile is a voices.Gate whose limits change with the shows' files.
type turnstile struct {
	queue *queue.Queue

	mu      sync.Mutex
	limits  map[string]queue.Limits
	limiter *queue.Limiter
	life    context.Context // of the limiter
	end     context.CancelCauseFunc
}

func newTurnstile(q *queue.Queue) *turnstile {
	g := &turnstile{queue: q}
	g.renew(nil)
	return g
}

func (g *turnstile) renew(limits map[string]queue.Limits) {
	g.limits, g.limiter = limits, g.queue.NewLimiter(limits)
	g.life, g.end = context.WithCancelCause(context.Background())
}

var errRenewed = errors.New("the limits are others now")

// set puts other limits in place. Who waits, waits by those; requests in flight
// are counted by the old ones to their ends.
func (g *turnstile) set(limits map[string]queue.Limits) {
	g.mu.Lock()
	if maps.Equal(g.limits, limits) {
		g.mu.Unlock()
		return
	}
	old, end := g.limiter, g.end
	g.renew(limits)
	g.mu.Unlock()
	end(errRenewed)
	old.Close()
}

func (g *turnstile) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limiter.Close()
}

// Acquire is that of the limiter.
func (g *turnstile) Acquire(ctx context.Context, endpoint, show string, characters int, money float64) (release func(), err error) {
	for {
		g.mu.Lock()
		limiter, life := g.limiter, g.life
		g.mu.Unlock()
		waiting, stop := context.WithCancelCause(ctx)
		off := context.AfterFunc(life, func() { stop(errRenewed) })
		release, err = limiter.Acquire(waiting, endpoint, show, characters, money)
		off()
		stop(nil)
		if err != nil && ctx.Err() == nil && errors.Is(context.Cause(life), errRenewed) {
			continue
		}
		return release, err
	}
}
